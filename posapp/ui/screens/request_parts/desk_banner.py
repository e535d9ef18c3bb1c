"""The banner of the desk: its button does what fits what it says."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.banner import Banner


class DeskBanner(Banner):
    """Every word comes with what its button is for; without one the button only takes it away."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(texts, theme, parent)
        self._deed: Callable[[], object] = self.clear
        self.acted.connect(lambda: self._deed())

    def fail(self, make: Callable[[], str]) -> None:
        """Something that was asked for did not come about; in words of its own."""
        self._deed = self.clear
        self._show("error", self._plain(make, "words.close"))

    def trouble(self, error: Exception, button: str, deed: Callable[[], object]) -> None:
        """Nothing can be shown: why, and the way on."""
        self._deed = deed
        self.show_error(error, button=button)

    def mention(self, make: Callable[[], str]) -> None:
        """Something worth knowing."""
        self._deed = self.clear
        self.show_notice(make, button="words.close")
