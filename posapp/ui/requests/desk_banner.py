"""Banner of the desk; its button depends on the message."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.banner import Banner


class DeskBanner(Banner):
    """Each message sets the button's action; by default the button closes the banner."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self._on_press: Callable[[], object] = self.clear
        self.acted.connect(lambda: self._on_press())

    def fail(self, make: Callable[[], str]) -> None:
        """Show a failure with its own text."""
        self._on_press = self.clear
        self.show_failure(make, button="words.close")

    def trouble(self, error: Exception, button: str, on_press: Callable[[], object]) -> None:
        """Show why nothing can be displayed, and the button that continues."""
        self._on_press = on_press
        self.show_error(error, button=button)

    def mention(self, make: Callable[[], str]) -> None:
        """Show an informative message."""
        self._on_press = self.clear
        self.show_notice(make, button="words.close")
