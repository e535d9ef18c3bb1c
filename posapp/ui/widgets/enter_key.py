"""Enter presses the primary button of a screen, wherever the focus is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QWidget


class EnterKey(QObject):
    """Presses a focused button first, else the primary one.

    A held key presses once: it must not press a button that appears as a result.
    """

    def __init__(self, screen: QWidget, strong: Callable[[], QAbstractButton | None]) -> None:
        super().__init__(screen)
        self._screen = screen
        self._strong = strong
        for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            shortcut = QShortcut(QKeySequence(key), screen)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(self._press)

    def _press(self) -> None:
        focused = self._screen.focusWidget()
        if isinstance(focused, QAbstractButton) and focused.hasFocus():
            focused.click()
            return
        strong = self._strong()
        if strong is not None:
            strong.click()
