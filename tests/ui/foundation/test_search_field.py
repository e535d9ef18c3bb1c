"""The search line: typed text is searched for after a pause, text set by the program is not."""

from __future__ import annotations

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
