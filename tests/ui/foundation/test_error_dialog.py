"""The one dialog about an unexpected error: whole in every theme, and closed by one key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import THEMES
from posapp.ui.shell.error_dialog import ErrorDialog
from posapp.ui.shell.error_message import ErrorMessage
from posapp.ui.shell.main_window import SMALLEST
from tests.ui.geometry import problems

FOLDER = "/srv/hana/.local/share/posapp/shops/" + "hana" * 20 + "/logs"


@pytest.fixture
def window(qtbot, theme):
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(*SMALLEST)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def errors(window, texts):
    return ErrorDialog(texts, window, FOLDER)


def shown(window) -> list[ErrorMessage]:
    return [one for one in window.findChildren(ErrorMessage) if one.isVisible()]


def test_further_errors_open_no_further_dialog_until_it_is_closed(qtbot, window, errors):
    for _ in range(3):
        errors.report(RuntimeError("x"))
    (dialog,) = shown(window)
    assert dialog.place.text().startswith("RuntimeError · /srv/hana")
    assert "기록은 안전하게 저장되어 있습니다" in dialog.text_label.text()
    dialog.close_button.click()
    assert shown(window) == []
    errors.report(ValueError("y"))
    (dialog,) = shown(window)
    assert dialog.place.text().startswith("ValueError")


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_one_key_closes_it(qtbot, window, errors, key):
    errors.report(RuntimeError("x"))
    (dialog,) = shown(window)
    qtbot.keyClick(dialog.focusWidget(), key)
    assert shown(window) == []


@pytest.mark.parametrize("name", THEMES)
def test_its_texts_are_whole_in_both_languages(window, errors, texts, theme, name):
    theme.set_name(name)
    errors.report(RuntimeError("x"))
    (dialog,) = shown(window)
    for language in LANGUAGES:
        texts.set_language(language)
        QApplication.processEvents()
        assert problems(dialog) == []
        assert dialog.windowTitle() == dialog.heading.text() == texts("window.mishap")
        middle = dialog.geometry().center() - window.geometry().center()
        assert max(abs(middle.x()), abs(middle.y())) <= 4
