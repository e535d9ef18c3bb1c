"""Buttons of the kiosk: as large as a finger, and never by a hint or a menu."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy

from posapp.ui.kiosk.kiosk_measures import LEAST_TARGET
from posapp.ui.kiosk.kiosk_view import ActionView
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import set_role

_ON = "✓ "


class KioskButton(Button):
    """Says by its action what a press does.

    Args:
        press: is called with the action.
    """

    def __init__(self, role: str, action: str, press: Callable[[str], object]) -> None:
        super().__init__(role)
        self.action = action
        self._whole = ""
        self._target = LEAST_TARGET
        self.clicked.connect(lambda _=False: press(self.action))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.hide()

    def show_action(self, view: ActionView | None) -> None:
        """Show what it says and whether it can be pressed; ``None``: it is not there."""
        self.setVisible(view is not None)
        if view is None:
            self._whole = ""
            self.set_text("")
            return
        self.action = view.action
        self.setObjectName(f"kiosk-{view.action}")
        whole = (_ON if view.is_on else "") + view.text
        if self.accessibleName() != view.text or self._whole != whole:
            self._whole = whole
            self.set_text(whole, name=view.text)
        if view.is_on is not None:
            set_role(self, "current", bool(view.is_on))
        self.setEnabled(view.enabled)

    def fit(self, width: int, target: int) -> QSize:
        """Write the text in two lines where one is wider; return the least size of the button.

        Args:
            width: most pixels.
            target: least pixels of width and height.
        """
        self._target = target
        text = self._whole.replace("&", "&&")
        around = super().sizeHint().width() - self._width_of(self.text())
        if self._width_of(text) + around > width and " " in self._whole:
            blanks = [at for at, letter in enumerate(text) if letter == " "]
            at = min(blanks, key=lambda one: abs(one - len(text) / 2))
            text = f"{text[:at]}\n{text[at + 1 :]}"
        if text != self.text():
            self.setText(text)
        return self.sizeHint()

    def sizeHint(self) -> QSize:
        """Return at least the size of a target."""
        return super().sizeHint().expandedTo(QSize(self._target, self._target))

    def _width_of(self, text: str) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, text.split("\n")))
