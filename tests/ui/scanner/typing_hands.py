"""A scanner and a person at one keyboard, on a clock of their own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.scanner.two_set import TwoSet

SCANNER_MS, HAND_MS = 3, 120

ENDS = {
    "Return": (Qt.Key.Key_Return,),
    "Enter": (Qt.Key.Key_Enter,),
    "Tab": (Qt.Key.Key_Tab,),
    "CR": ("\r",),
    "LF": ("\n",),
    "CR CR": (Qt.Key.Key_Return, Qt.Key.Key_Return),
    "CR LF": (Qt.Key.Key_Return, "\n"),
    "CR LF as control characters": ("\r", "\n"),
}
"""What scanners send at the end, as keys or as the control characters that some send."""

_CONTROL = {chr(at): Qt.Key(0x40 + at) for at in range(1, 0x20)}
"""Control characters, and the keys that make them with Ctrl: A for 1, ``]`` for the 29 of GS1."""
_ACTING = (
    *(Qt.Key(Qt.Key.Key_F1 + at) for at in range(12)),
    *(Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_Home, Qt.Key.Key_PageDown, Qt.Key.Key_Up),
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab),
)

_ARROWS = frozenset(
    {Qt.Key.Key_Left, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Home, Qt.Key.Key_PageDown}
)


class Keyboard:
    """Presses keys in the focused widget. Between two of them ``ms`` pass on its clock, which is
    the filter's: nothing here waits for real time, except ``pause`` for a timer.

    Attributes:
        method: the input method of widgets that have one; in Latin mode at first.
        is_apart: it sends what it commits and what it composes as two events, as ibus does; else
            as one, as fcitx and Windows do.
    """

    def __init__(self) -> None:
        self.now = 1_000_000
        self.method = TwoSet(hangul=False)
        self.is_apart = True

    def clock(self) -> int:
        return self.now

    def press(self, key, ms: int, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        self.now += ms
        target = self.target()
        if target.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
            if isinstance(key, str) and self.method.takes(key):
                self._compose_apart(self.method.press(key), self.method.composing)
                return
            self._finish()
        if isinstance(key, str) and key in _CONTROL:
            self._send(target, _CONTROL[key], key, Qt.KeyboardModifier.ControlModifier)
        elif isinstance(key, str):
            code = ord(key.upper()) if key.isascii() else 0
            self._send(target, code, key, modifiers)
        else:
            QTest.keyClick(target, key, modifiers)

    def press_raw(self, key: Qt.Key, ms: int) -> None:
        """Press a key without text, which QTest may not know."""
        self.now += ms
        self._send(self.target(), key, "", Qt.KeyboardModifier.NoModifier)

    def press_on_pad(self, key: Qt.Key, text: str = "", ms: int = HAND_MS) -> None:
        """Press a key of the number pad."""
        self.now += ms
        self._send(self.target(), key, text, Qt.KeyboardModifier.KeypadModifier)

    def press_down(self, key: Qt.Key, ms: int) -> None:
        """Press a key without releasing it."""
        self.now += ms
        QTest.keyPress(self.target(), key)

    def release(self, key: Qt.Key, ms: int) -> None:
        self.now += ms
        QTest.keyRelease(self.target(), key)

    def repeat(self, key: Qt.Key, times: int, text: str = "", every_ms: int = 33) -> None:
        """Send the repeated events of a held key."""
        for _ in range(times):
            self.now += every_ms
            target = self.target()
            event = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text, True)
            QApplication.sendEvent(target, event)

    def scan(self, code: str, end="Return", ms: int = SCANNER_MS) -> None:
        for at, character in enumerate(code):
            self.press(character, 500 if at == 0 else ms)
        for key in ENDS[end] if end else ():
            self.press(key, ms)

    def scan_in_hangul(self, steps, end="Return", ms: int = SCANNER_MS) -> None:
        """Type the keys of a scan in Hangul mode.

        ``steps``: a character that arrives as a key, or (committed, composing) of the input
        method.
        """
        self.now += 500
        for step in steps:
            if isinstance(step, str):
                self.press(step, ms)
            else:
                self.now += ms
                self.compose(*step)
        for key in ENDS[end]:
            self.press(key, ms)

    def _finish(self) -> None:
        """The input method gives up its syllable: it hides it first, and then commits it."""
        done = self.method.flush()
        if done:
            if self.is_apart:
                self.compose("", "")
            self.compose(done, "")

    def _compose_apart(self, committed: str, composing: str) -> None:
        if not self.is_apart:
            self.compose(committed, composing)
            return
        if committed:
            self.compose(committed, "")
        self.compose("", composing)

    def compose(self, committed: str, composing: str) -> None:
        event = QInputMethodEvent(composing, [])
        event.setCommitString(committed)
        QApplication.sendEvent(self.target(), event)

    def type(self, text: str, ms: int = HAND_MS) -> None:
        for character in text:
            self.press(character, ms)

    @staticmethod
    def target() -> QWidget:
        modal = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        focused = QApplication.focusWidget()
        if modal is not None and (focused is None or focused.window() is not modal):
            return modal.focusWidget() or modal
        # The window itself receives the keys if nothing in it has the focus.
        target = focused or QApplication.activeWindow()
        assert target is not None, "no window is active"
        return target

    def _send(self, target, code, text, modifiers) -> None:
        # The application asks about shortcuts first by itself, as for a real key.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QApplication.sendEvent(target, QKeyEvent(kind, code, modifiers, text))


def hostile_burst(length: int, chance) -> list:
    """Characters of a code with function and control keys between them; ``chance``: a
    ``random.Random``. It begins with no arrow: a single one is a person's, and takes effect."""
    keys: list = []
    while len(keys) < length:
        kind = chance.random()
        if kind < 0.75:
            keys.append(chr(chance.randint(0x20, 0x7E)))
        elif kind < 0.97:
            keys.append(chance.choice(_ACTING))
        else:
            keys.append(chance.choice((*_CONTROL, "\r", "\n", "\t", Qt.Key.Key_Return)))
        if keys[0] in _ARROWS:
            keys.clear()
    return keys
