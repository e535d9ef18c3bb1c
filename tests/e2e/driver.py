"""The program with a reader of its screen.

``python -m tests.e2e.driver WORDS…`` runs ``posapp WORDS…``: the real command, the real window, on
the present screen. It differs in two things. Each line on standard input is answered with the texts
in its windows at that moment, because a picture does not show which sentence is there; the line
``hangul`` turns an input method on, too (``hangul_mode``). And the
first line of standard input holds the keys for a keyring that replaces the operating system's,
which a test machine lacks: this way they are in no argument, no variable and no file.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator

import keyring
from keyring.backend import KeyringBackend
from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from posapp.cli import main
from tests.e2e.hangul_mode import HangulMode


class KeptKeys(KeyringBackend):
    """A keyring in memory."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        # An entry names the host of its key; those that were given are the sandbox's.
        return self.keys.get(username) or self.keys.get(username.partition("@")[0])

    def set_password(self, service: str, username: str, password: str) -> None:
        self.keys[username] = password


class Reader(QObject):
    """Reads the windows on the GUI thread, on request of another thread."""

    requested = Signal(str)

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__()
        self._answer = answer
        self._method: HangulMode | None = None
        self.requested.connect(self.read)

    @Slot(str)
    def read(self, line: str) -> None:
        app = QApplication.instance()
        if line == "hangul" and app is not None:
            self._method = HangulMode(app)
            app.installEventFilter(self._method)
        seen = {
            "words": [*_text()],
            "active": QApplication.activeWindow() is not None,
            "focus": _focus(),
            "composed": self._method.composed if self._method is not None else 0,
            "windows": [_place(one) for one in QApplication.topLevelWidgets() if one.isVisible()],
        }
        self._answer(json.dumps(seen))


def _text() -> Iterator[tuple[str, tuple[int, int, int, int], bool]]:
    """Yield every visible text, its place on the screen, and whether a press would be taken."""
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.text():
            yield widget.text(), _place(widget), _takes_presses(widget)


def _takes_presses(widget: QWidget) -> bool:
    """Return whether it is enabled; an action that moves money also waits for its guard."""
    guard = getattr(widget, "guard", None)
    return widget.isEnabled() and (guard is None or guard.is_past)


def _focus() -> tuple[str, tuple[int, int, int, int]] | None:
    """Return the focused widget: its object name, else its accessible name, and its place."""
    widget = QApplication.focusWidget()
    if widget is None:
        return None
    return widget.objectName() or widget.accessibleName(), _place(widget)


def _place(widget: QWidget) -> tuple[int, int, int, int]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    return corner.x(), corner.y(), widget.width(), widget.height()


def _lines() -> Iterator[str]:
    """Yield lines of standard input without Python's buffer: a thread that waits in the buffer
    would keep the program from ending."""
    kept = b""
    while part := os.read(0, 65536):
        kept += part
        while b"\n" in kept:
            line, _, kept = kept.partition(b"\n")
            yield line.decode("utf-8")


def _answer(text: str) -> None:
    os.write(1, text.encode("utf-8") + b"\n")


def _listen(lines: Iterator[str]) -> None:
    while (app := QApplication.instance()) is None:
        time.sleep(0.01)
    reader = Reader(_answer)
    reader.moveToThread(app.thread())
    for line in lines:
        try:
            reader.requested.emit(line)
        except RuntimeError:  # Qt has ended meanwhile, and the reader with it
            return


def _install(keys: dict[str, str]) -> None:
    # The product trusts a keyring by module and name; this one has those of a trusted one.
    kind = type("Keyring", (KeptKeys,), {"__module__": "keyring.backends.SecretService"})
    kept = kind()
    kept.keys = keys
    keyring.set_keyring(kept)


if __name__ == "__main__":
    given = _lines()
    _install(json.loads(next(given)))
    threading.Thread(target=_listen, args=(given,), daemon=True).start()
    sys.exit(main(sys.argv[1:]))
