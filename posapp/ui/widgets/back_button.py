"""Button that leads back, and names where it leads."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button


class BackButton(Button):
    """Shows Esc, which belongs to the window: the key works on screens without this button, too."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__("quiet", "Esc", parent)
        self._theme = theme
        theme.changed.connect(self._draw)
        self.show_target("")
        self._draw()

    def show_target(self, title: str, *, name: str = "") -> None:
        """Show the title of the screen it leads to; ``name`` is the text for screen readers."""
        self.set_text(title, name=name)
        self.setProperty("shortcut", "")

    def _draw(self) -> None:
        self.set_sign("back", self._theme.colour("text-muted"))
