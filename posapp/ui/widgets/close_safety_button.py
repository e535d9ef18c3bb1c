"""Button in the status line: whether it is safe to close."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.services.sync.close_safety import CloseSafety
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import set_role

_SIGNS = {CloseSafety.GREEN: "success", CloseSafety.AMBER: "busy", CloseSafety.RED: "error"}
_COLOURS = {CloseSafety.GREEN: "success", CloseSafety.AMBER: "warning", CloseSafety.RED: "danger"}


class CloseSafetyButton(Button):
    """An icon, a text and a colour; a press opens the sync page.

    A ticked ring is green, a clock amber, a crossed octagon red; while nothing is known it is a
    clock without a colour.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("quiet", "F11", parent)
        self.setObjectName("syncLamp")
        self.setProperty("lies", "low")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Ignored)
        self._theme = theme
        self.safety: CloseSafety | None = None
        theme.changed.connect(self._draw)
        self._draw()

    def show_safety(self, safety: CloseSafety | None, text: str, description: str) -> None:
        """Show the safety level; a change between known levels is announced."""
        before, self.safety = self.safety, safety
        self.set_text(text, description=description)
        set_role(self, "light", safety.value if safety is not None else "")
        self._draw()
        if safety is not before and safety is not None and before is not None:
            announce(self, text, urgent=safety is CloseSafety.RED)

    def _draw(self) -> None:
        safety = self.safety
        name = _SIGNS[safety] if safety is not None else "busy"
        self.set_sign(
            name, self._theme.colour(_COLOURS[safety] if safety is not None else "text-muted")
        )
