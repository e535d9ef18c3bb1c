"""A start that is refused before there is a window: said in one, for whoever sees no terminal."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMessageBox


def show_start_refusal(title: str, sentence: str, advice: str) -> None:
    """Show why the program does not start, and what to do, until a person closes it.

    A program of its own: nothing else of it is running, so the dialog may hold up everything.
    """
    app = QApplication.instance() or QApplication(["posapp"])
    dialog = QMessageBox()
    dialog.setIcon(QMessageBox.Icon.Information)
    dialog.setWindowTitle(title)
    dialog.setTextFormat(Qt.TextFormat.PlainText)
    dialog.setText(sentence)
    dialog.setInformativeText(advice)
    dialog.exec()
    del app
