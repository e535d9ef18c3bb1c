"""Dialog for a refused start before there is a window, for users without a terminal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox

from posapp.ui.core.fonts import application_font, load_fonts

FONT_PIXELS = 16


def show_start_refusal(title: str, sentence: str, advice: str, close: str) -> None:
    """Show why the program does not start, and what to do, until the user closes it.

    Nothing else of the program is running, so the dialog may block.
    """
    app = QApplication.instance() or QApplication(["posapp"])
    load_fonts()
    QApplication.setFont(application_font(FONT_PIXELS))
    dialog = QMessageBox()
    dialog.setIcon(QMessageBox.Icon.Information)
    dialog.setWindowTitle(title)
    dialog.setTextFormat(Qt.TextFormat.PlainText)
    dialog.setText(sentence)
    dialog.setInformativeText(advice)
    dialog.addButton(close, QMessageBox.ButtonRole.AcceptRole)
    dialog.exec()
    del app
