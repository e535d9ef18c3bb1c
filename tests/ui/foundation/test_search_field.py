"""The search line: typed text is searched for after a pause, text set by the program is not."""

from __future__ import annotations

from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from posapp.ui.widgets.search_field import SearchField


def test_untyped_text_is_never_searched_for(qtbot, theme):
    """Filters that are put on by a choice must not come back changed by an older text."""
    line = SearchField(theme)
    qtbot.addWidget(line)
    received: list[str] = []
    line.searched.connect(received.append)
    line.show_text("라떼")
    assert not line.is_pausing
    line.flush()
    assert received == []


def test_typing_is_searched_for_once_it_pauses(qtbot, theme):
    line = SearchField(theme)
    qtbot.addWidget(line)
    with qtbot.waitSignal(line.searched) as received:
        qtbot.keyClicks(line, "latte")
        assert line.is_pausing
    assert received.args == ["latte"]


def compose(line, composing: str, committed: str = "") -> None:
    event = QInputMethodEvent(composing, [])
    event.setCommitString(committed)
    QApplication.sendEvent(line, event)


def test_a_syllable_that_is_being_composed_is_searched_for(qtbot, theme):
    """콜 found nothing until a further key, or an Enter, ended the syllable."""
    line = SearchField(theme)
    qtbot.addWidget(line)
    line.show_text("코카라")
    line.setCursorPosition(2)
    with qtbot.waitSignal(line.searched) as received:
        compose(line, "콜")
        assert line.is_pausing and line.text() == "코카라"
    assert received.args == ["코카콜라"] and line.typed == "코카콜라"


def test_a_syllable_that_is_finished_is_not_searched_for_again(qtbot, theme):
    line = SearchField(theme)
    qtbot.addWidget(line)
    received: list[str] = []
    line.searched.connect(received.append)
    compose(line, "콜")
    line.flush()
    compose(line, "", "콜")
    assert not line.is_pausing and line.text() == line.typed == "콜"
    compose(line, "ㄹ")
    assert line.is_pausing
    compose(line, "")  # Backspace
    assert not line.is_pausing
    line.flush()
    assert received == ["콜"]


def test_a_text_that_is_put_back_searches_for_nothing(qtbot, theme):
    """A scan writes a key or two and gives the text back: the list keeps its row."""
    line = SearchField(theme)
    qtbot.addWidget(line)
    line.show_text("라떼")
    line.setText("라떼P")
    assert line.is_pausing
    line.setText("라떼")
    assert not line.is_pausing
