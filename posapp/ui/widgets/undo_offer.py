"""Offer to take the newest action back, with the seconds that are left."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.undo import UndoEntry, UndoStack

_GAP = 8


class UndoOffer(QWidget):
    """What was done, and 되돌리기 with its key; hidden while there is nothing to take back."""

    def __init__(self, texts: Translator, stack: UndoStack, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = stack
        self._shown: UndoEntry | None = None
        self.text_label = Label("body")
        self.button = Button("quiet", "Ctrl+Z", text=texts.bind("window.undo", seconds=0))
        self.button.setObjectName("undo")
        self.button.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it comes and goes
        self.button.clicked.connect(stack.take_back)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(self.text_label)
        row.addWidget(self.button)
        stack.changed.connect(self._show)
        texts.changed.connect(self._show)
        self._show()

    @property
    def message(self) -> str:
        """Return what was done, or empty."""
        return self.text_label.text() if self._shown is not None else ""

    @Slot()
    def _show(self) -> None:
        newest, before = self._stack.newest, self._shown
        self._shown = newest
        self.setVisible(newest is not None)
        if newest is None:
            return
        self.button.set_values(seconds=self._stack.seconds)
        self.text_label.setText(newest.make())
        if before is None or before.make is not newest.make:
            announce(self.text_label, f"{self.text_label.text()}. {self.button.text()}")
