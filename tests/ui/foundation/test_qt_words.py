"""Qt's own words: context menus and standard dialogs speak the language of the window."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPlainTextEdit,
    QTreeView,
    QWidget,
)

from posapp.ui.core.i18n import QtGaps, Translator
from posapp.ui.core.theme import Theme
from posapp.ui.navigation.counter_window import CounterWindow
from tests.fakes.world import START, FakeClock

_HANGUL = re.compile("[가-힣]")
_LATIN = re.compile("[A-Za-z]{2}")


@pytest.fixture
def counter(qtbot, qapp):
    texts, theme = Translator("ko"), Theme("light")
    made = CounterWindow(texts, theme, FakeClock(START), shop="한빛상점", live=False)
    with qtbot.waitSignal(made.window.first_painted):
        made.window.show()
    yield made
    made.stop()
    made.window.close_without_asking()
    made.window.deleteLater()
    texts.set_language("en")


def _menu_words(menu: QMenu) -> list[str]:
    """Words of a menu's actions, without their keys."""
    words = [action.text().partition("\t")[0] for action in menu.actions()]
    return [word for word in words if word]


def _shown_words(dialog: QDialog) -> list[str]:
    """Words that a dialog's widgets show or say, without mnemonics and what is no word of Qt's."""
    words: list[str] = []
    for widget in dialog.findChildren(QWidget):
        if isinstance(widget, (QLabel, QAbstractButton)):
            words.append(widget.text())
        if isinstance(widget, QGroupBox):
            words.append(widget.title())
        if isinstance(widget, QComboBox):
            words += [widget.itemText(row) for row in range(widget.count())]
        words.append(widget.toolTip())
    words += [action.text() for action in dialog.findChildren(QAction)]
    plain = [re.sub(r"\(&.\)|&", "", word).partition("\t")[0] for word in words]
    return [word for word in plain if _LATIN.search(word) or _HANGUL.search(word)]


def _file_dialog(window: QWidget, mode: QFileDialog.AcceptMode) -> QFileDialog:
    dialog = QFileDialog(window)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(mode)
    return dialog


def _heads(dialog: QFileDialog) -> list[str]:
    """Heads of the columns of files."""
    model = dialog.findChild(QTreeView).model()
    columns = range(model.columnCount())
    return [model.headerData(column, Qt.Orientation.Horizontal) for column in columns]


def _of_dialogs(window: QWidget) -> list[str]:
    """Words of every standard dialog that the program opens, and of two context menus."""
    modes = QFileDialog.AcceptMode
    words = [*_shown_words(QPrintDialog(QPrinter(), window))]
    for mode in (modes.AcceptSave, modes.AcceptOpen):
        dialog = _file_dialog(window, mode)
        words += [w for w in _shown_words(dialog) if "/" not in w and w != "Computer"]
        words += _heads(dialog)
    for field in (QLineEdit("라떼", window), QPlainTextEdit("라떼", window)):
        words += _menu_words(field.createStandardContextMenu())
    buttons = QMessageBox.StandardButton
    box = QDialogButtonBox(parent=window)
    for button in (buttons.Ok, buttons.Cancel, buttons.Close, buttons.Save, buttons.Yes):
        box.addButton(QDialogButtonBox.StandardButton(button.value))
    words += [button.text() for button in box.buttons()]
    return words


def test_a_context_menu_of_the_window_is_korean(counter):
    field = counter.window.findChild(QLineEdit)
    words = _menu_words(field.createStandardContextMenu())
    assert "복사(&C)" in words and "붙여넣기(&P)" in words
    assert all(_HANGUL.search(word) for word in words), words


def test_standard_dialogs_have_no_english_word_left(counter):
    words = _of_dialogs(counter.window)
    assert len(words) > 60, "the search found next to nothing"
    assert [word for word in words if not _HANGUL.search(word)] == []


def test_the_switch_of_language_changes_qts_words_both_ways(counter, qtbot):
    counter.window.activateWindow()
    texts = counter.home._texts
    qtbot.waitUntil(counter.window.isActiveWindow)
    qtbot.keyClick(counter.window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: texts.language == "en")
    words = _of_dialogs(counter.window)
    assert [word for word in words if _HANGUL.search(word)] == []
    assert "Copy" in [word.replace("&", "") for word in words]
    qtbot.keyClick(counter.window, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: texts.language == "ko")
    assert all(_HANGUL.search(word) for word in _of_dialogs(counter.window))


def test_a_dialog_that_is_open_changes_with_the_language(counter, qtbot):
    dialog = _file_dialog(counter.window, QFileDialog.AcceptMode.AcceptSave)
    counter.window.show_language()
    qtbot.waitUntil(lambda: "Look in:" in _shown_words(dialog))


def test_gaps_answer_only_for_words_that_qts_translation_lacks(qapp):
    gaps = QtGaps("ko")
    assert gaps.translate("QFileDialog", "&Look in:") == "찾는 위치(&L):"
    assert gaps.translate("QFileDialog", "&Save") is None
    assert gaps.translate("any", "") is None
