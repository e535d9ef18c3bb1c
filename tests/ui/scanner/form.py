"""A window with everything that a scan could touch."""

from __future__ import annotations

from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTableWidget,
    QVBoxLayout,
    QWidget,
)

from posapp.ui.widgets.buttons import Button

PLACES = ("line", "other", "text", "button", "by_key", "table")


class Form(QWidget):
    """Everything that a scan could touch."""

    def __init__(self) -> None:
        super().__init__()
        self.pressed: list[str] = []
        self.line, self.other, self.text = QLineEdit("0"), QLineEdit(), QPlainTextEdit("적힌 것")
        self.button, self.by_key = QPushButton("결제"), Button("danger", "F8")
        self.by_key.set_text("환불")
        self.table = QTableWidget(3, 1)
        self.button.setAutoDefault(True)
        self.button.clicked.connect(lambda: self.pressed.append("button"))
        self.by_key.clicked.connect(lambda: self.pressed.append("F8"))
        self.line.returnPressed.connect(lambda: self.pressed.append("line"))
        for key in ("F2", "Esc", "Ctrl+Z"):
            shortcut = QShortcut(key, self)
            shortcut.activated.connect(lambda key=key: self.pressed.append(key))
        column = QVBoxLayout(self)
        for one in (self.line, self.other, self.text, self.button, self.by_key, self.table):
            column.addWidget(one)

    @property
    def written(self) -> tuple:
        line = self.line
        return (
            *(line.text(), line.cursorPosition(), line.selectedText(), self.other.text()),
            *(self.text.toPlainText(), self.text.textCursor().position()),
        )


def found(scans) -> list[str]:
    """The scanned codes, once all delayed keys are delivered."""
    scans.flush()
    QApplication.processEvents()
    return scans.found
