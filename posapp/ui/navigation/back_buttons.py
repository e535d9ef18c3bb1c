"""Back buttons: each names the screen that it leads to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Slot

from posapp.ui.core.i18n import Translator
from posapp.ui.shell.main_window import HOME, MainWindow
from posapp.ui.widgets.back_button import BackButton


class BackButtons(QObject):
    """Keeps the titles on the back buttons, and has each do what Esc does.

    Args:
        titles: message id of each screen's title.
        own: back buttons of the screens that have their own; the others share the header's.
        ends: tells for a screen whether going back ends the visit, and leads home.
    """

    def __init__(
        self,
        texts: Translator,
        window: MainWindow,
        titles: Mapping[str, str],
        own: Mapping[str, BackButton],
        ends: Mapping[str, Callable[[], bool]],
    ) -> None:
        super().__init__(window)
        self._texts, self._window = texts, window
        self._titles, self._own, self._ends = titles, own, ends
        for button in own.values():
            button.clicked.connect(window.back)
        window.screen_changed.connect(self.refresh)
        texts.changed.connect(self.refresh)
        self.refresh()

    @property
    def target(self) -> str:
        """Return the name of the screen that going back shows now, or empty on the first one."""
        window = self._window
        ends = self._ends.get(window.current)
        return HOME if ends is not None and ends() else window.before

    @Slot()
    def refresh(self) -> None:
        """Name the target on the current screen's button."""
        target = self.target
        if not target:
            return
        title = self._texts(self._titles[target])
        button = self._own.get(self._window.current, self._window.header.back_button)
        button.show_target(title, name=self._texts("words.back_to", title=title))
