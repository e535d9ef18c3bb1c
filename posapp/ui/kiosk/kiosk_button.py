"""Buttons of the kiosk: as large as a finger, and never by a hint or a menu."""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from PySide6.QtCore import QSize
from PySide6.QtGui import QScreen
from PySide6.QtWidgets import QSizePolicy

from posapp.ui.kiosk.kiosk_view import ActionView
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import set_role

LEAST = 64
"""Smallest height and width of a target in pixels."""

LEAST_MM = 15
"""The same in millimetres, where the size of the screen is known."""

_KNOWN_MM = range(80, 4_000)
"""Widths of screens that are believed; a screen may report nothing, or nonsense."""

_ON = "✓ "


def target_of(screen: QScreen | None) -> int:
    """Return the pixels of the smallest target on this screen."""
    if screen is None or int(screen.physicalSize().width()) not in _KNOWN_MM:
        return LEAST
    per_mm = screen.geometry().width() / screen.physicalSize().width()
    return max(LEAST, ceil(LEAST_MM * per_mm)) if per_mm <= 12 else LEAST


class KioskButton(Button):
    """Says by its action what a press does.

    Args:
        press: is called with the action.
        fills: it takes all the room that there is.
    """

    def __init__(
        self, role: str, action: str, press: Callable[[str], object], *, fills: bool = False
    ) -> None:
        super().__init__(role)
        self.action = action
        self.target = LEAST
        self.clicked.connect(lambda _=False: press(self.action))
        policy = QSizePolicy.Policy
        vertical = policy.Expanding if fills else policy.Fixed
        self.setSizePolicy(policy.Expanding if fills else policy.Minimum, vertical)

    def show_action(self, view: ActionView | None) -> None:
        """Show what it says and whether it can be pressed; ``None``: it is not there."""
        self.setVisible(view is not None)
        if view is None:
            self.set_text("")
            return
        self.action = view.action
        self.setObjectName(f"kiosk-{view.action}")
        mark = _ON if view.is_on else ""
        if self.accessibleName() != view.text or self.text() != mark + view.text:
            self.set_text(mark + view.text, name=view.text)
        if view.is_on is not None:
            set_role(self, "current", bool(view.is_on))
        self.setEnabled(view.enabled)

    def sizeHint(self) -> QSize:
        """Return at least the size of a target."""
        hint = super().sizeHint()
        return hint.expandedTo(QSize(self.target, self.target))
