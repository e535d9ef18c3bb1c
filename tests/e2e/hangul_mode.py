"""An input method in Hangul mode, in the place of the one that a test machine lacks.

It sits where the one of a desktop does: it gets the keys of the window system before any shortcut
and any filter of the program, asks whether the focused widget takes composed text, and sends it
that in place of the letters, as two events (``ibus``). What is composed follows from the rules of
the two-set keyboard alone (``tests/ui/scanner/two_set.py``).
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.scanner.two_set import TwoSet

_HELD = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


class HangulMode(QObject):
    """To be installed at the application after the program's own filters: the last one is first.

    Attributes:
        composed: how many letters it took.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._method = TwoSet()
        self.composed = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the letters that the focused widget lets it compose."""
        if not isinstance(event, QKeyEvent) or event.type() is QEvent.Type.KeyRelease:
            return False
        target = QApplication.focusWidget()
        is_offer = event.type() is QEvent.Type.ShortcutOverride
        if not is_offer and not watched.isWindowType():
            return False  # on its way from the window to the widget, or held by the program
        if target is None or not target.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            return False
        if event.modifiers() & _HELD or not self._method.takes(event.text()):
            self._finish(target)
            return False
        if is_offer:
            event.accept()  # no shortcut: the press is next
            return True
        self.composed += 1
        done = self._method.press(event.text())
        if done:
            _send(target, done, "")
        _send(target, "", self._method.composing)
        return True

    def _finish(self, target: QWidget) -> None:
        """Give up the syllable: it is hidden first, and then committed."""
        done = self._method.flush()
        if done:
            _send(target, "", "")
            _send(target, done, "")


def _send(target: QWidget, committed: str, composing: str) -> None:
    event = QInputMethodEvent(composing, [])
    event.setCommitString(committed)
    QApplication.sendEvent(target, event)
