"""Keypad: digits on the screen for a line, and one action."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.widgets.buttons import Button

KEY_WIDTH = 96
"""Smallest width of a key in pixels."""

_GAP = 8

ZEROS = "000"
"""What the key of thousands types."""


class Keypad(QWidget):
    """Types into a line, which keeps the focus: no key of the pad takes it.

    Args:
        clear: the text of the key that empties the line.
        act: the text of the action; ``None``: there is none.
        triple: a key types three zeros, in the place of the action.
    """

    pressed = Signal()
    """The action was pressed."""

    def __init__(
        self,
        line: QLineEdit,
        clear: BoundText,
        act: BoundText | None = None,
        *,
        triple: bool = False,
    ) -> None:
        super().__init__()
        self._line = line
        self.digits = tuple(Button("secondary") for _ in range(10))
        for digit, key in enumerate(self.digits):
            key.set_text(str(digit))
            key.clicked.connect(lambda _=False, text=str(digit): self._type(text))
        self.clear = Button("secondary", text=clear)
        self.clear.clicked.connect(self._clear)
        self.act = Button("primary" if act is not None else "secondary", text=act)
        if triple:
            self.act.set_text(ZEROS)
            self.act.clicked.connect(lambda: self._type(ZEROS))
        elif act is not None:
            self.act.clicked.connect(self.pressed)
        else:
            self.act.hide()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(_GAP)
        keys = (*self.digits[1:], self.clear, self.digits[0], self.act)
        for at, key in enumerate(keys):
            key.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            key.setMinimumWidth(KEY_WIDTH)
            key.setProperty("lies", "tall")
            grid.addWidget(key, at // 3, at % 3)

    def _type(self, digit: str) -> None:
        if not self._line.isReadOnly():
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
            self._line.insert(digit)

    def _clear(self) -> None:
        if not self._line.isReadOnly():
            self._line.clear()
            self._line.setFocus(Qt.FocusReason.OtherFocusReason)
