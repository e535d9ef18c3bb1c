"""Choice of the owner of a cancellation, which only staff can decide."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label


class OwnershipChoice(QWidget):
    """An explanation and the two answers."""

    pressed = Signal(bool)
    """``True``: the cancellation is this refund; ``False``: it is not."""

    def __init__(self, texts: Translator, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self.why = Label("muted", wraps=True)
        self.ours = Button("secondary", "F7")
        self.ours.setObjectName("oursButton")
        self.ours.clicked.connect(lambda: self.pressed.emit(True))
        self.not_ours = Button("secondary")
        self.not_ours.setObjectName("notOursButton")
        self.not_ours.clicked.connect(lambda: self.pressed.emit(False))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.ours, 1)
        row.addWidget(self.not_ours, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.why)
        column.addLayout(row)

    def write(self, *, busy: bool) -> None:
        """Set all texts; ``busy``: an answer is being processed."""
        texts = self._texts
        self.why.setText(texts("open_money.whose_why"))
        self.ours.set_text(
            texts("open_money.ours_button"), description=texts("open_money.ours_consequence")
        )
        self.not_ours.set_text(
            texts("open_money.not_ours_button"),
            description=texts("open_money.not_ours_consequence"),
        )
        for button in (self.ours, self.not_ours):
            button.setEnabled(not busy)
