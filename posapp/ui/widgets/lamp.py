"""Lamp in the status line: the state of the shop in one respect."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import set_role

_COLOURS = {"success": "success", "busy": "warning", "warning": "warning", "error": "danger"}


class Lamp(Button):
    """A shape, a text and a colour; a press opens the page about it.

    Tones: ``success`` is a ticked ring, ``busy`` a clock, ``warning`` a triangle, ``error`` a
    crossed octagon. Empty, while nothing is known, is a clock without a colour.
    """

    def __init__(self, theme: Theme, key: str, parent: QWidget | None = None) -> None:
        super().__init__("quiet", key, parent)
        self.setProperty("lies", "low")
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Ignored)
        self._theme = theme
        self.tone = ""
        self._said, self._description = "", ""
        self._is_brief = False
        theme.changed.connect(self._draw)
        self._draw()

    def show_state(self, tone: str, text: str, description: str) -> None:
        """Show a state; a change between known states is announced."""
        before, self.tone = self.tone, tone
        self._said, self._description = text, description
        self._write()
        set_role(self, "tone", tone)
        self._draw()
        if tone != before and tone and before:
            announce(self, text, urgent=tone == "error")

    def set_brief(self, brief: bool) -> None:
        """Show the shape and the key alone, where there is no room for the text."""
        if brief != self._is_brief:
            self._is_brief = brief
            self._write()

    def _write(self) -> None:
        said, description = self._said, self._description
        if self._is_brief:
            self.set_text("", name=said, description=f"{said}. {description}")
        else:
            self.set_text(said, description=description)

    def _draw(self) -> None:
        colour = _COLOURS.get(self.tone, "text-muted")
        self.set_sign(self.tone or "busy", self._theme.colour(colour))
