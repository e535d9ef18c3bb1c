"""The lamp in the line at the bottom: whether it is safe to leave."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.services.sync_light import Light
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import set_role

_SIGNS = {Light.GREEN: "success", Light.AMBER: "busy", Light.RED: "error"}
_INKS = {Light.GREEN: "success", Light.AMBER: "warning", Light.RED: "danger"}


class SyncLamp(Button):
    """A shape, words and a colour; pressing it opens the sync page.

    A ticked ring is green, a clock amber, a crossed octagon red; before anything is known it is a
    clock in no colour.
    """

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("quiet", "F11", parent)
        self.setObjectName("syncLamp")
        self.setProperty("lies", "low")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Ignored)
        self._theme = theme
        self.light: Light | None = None
        theme.changed.connect(self._draw)
        self._draw()

    def show_light(self, light: Light | None, words: str, description: str) -> None:
        """Show the light; a change from one known light to another is announced."""
        before, self.light = self.light, light
        self.set_words(words, description=description)
        set_role(self, "light", light.value if light is not None else "")
        self._draw()
        if light is not before and light is not None and before is not None:
            announce(self, words, urgent=light is Light.RED)

    def _draw(self) -> None:
        light = self.light
        name = _SIGNS[light] if light is not None else "busy"
        self.set_sign(name, self._theme.colour(_INKS[light] if light is not None else "text-muted"))
