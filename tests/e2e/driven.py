"""The program as it is, and beside it somebody who reads its screen aloud.

``python -m tests.e2e.driven WORDS…`` runs ``posapp WORDS…``: the real command, the real window, on
whatever screen it finds. It differs in two things. Each line on standard input is answered with
what can be read in its windows at that moment: a picture shows that something is there, but not
which sentence. And the keys that come as the first line of standard input lie in a keyring that
stands in for the operating system's, which a machine that runs tests does not have: given so, they
are in no argument, no variable and no file.
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


class KeptKeys(KeyringBackend):
    """A keyring in memory."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        # An entry names the host that its key is for; this one is for the stand-in's.
        return self.keys.get(username.partition("@")[0])

    def set_password(self, service: str, username: str, password: str) -> None:
        self.keys[username] = password


class Reader(QObject):
    """Reads the windows on the GUI thread, asked from another one."""

    asked = Signal()

    def __init__(self, answer: Callable[[str], None]) -> None:
        super().__init__()
        self._answer = answer
        self.asked.connect(self.read)

    @Slot()
    def read(self) -> None:
        seen = {
            "words": [*_words()],
            "active": QApplication.activeWindow() is not None,
            "focus": _focus(),
        }
        self._answer(json.dumps(seen))


def _words() -> Iterator[tuple[str, tuple[int, int, int, int], bool]]:
    """Every text that is to be seen: the words, where on the screen, and whether enabled."""
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit) and widget.text():
            yield widget.text(), _place(widget), widget.isEnabled()


def _focus() -> tuple[str, tuple[int, int, int, int]] | None:
    """What has the keyboard: its name in the program, else the one read aloud; and where it is."""
    widget = QApplication.focusWidget()
    if widget is None:
        return None
    return widget.objectName() or widget.accessibleName(), _place(widget)


def _place(widget: QWidget) -> tuple[int, int, int, int]:
    corner = widget.mapToGlobal(QPoint(0, 0))
    return corner.x(), corner.y(), widget.width(), widget.height()


def _lines() -> Iterator[str]:
    """Lines of standard input, read past Python's buffer: a thread that waits in there would keep
    the program from ending."""
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
    for _ in lines:
        reader.asked.emit()


def _install(keys: dict[str, str]) -> None:
    # The product trusts a keyring by module and name; this one carries a trusted one's.
    kind = type("Keyring", (KeptKeys,), {"__module__": "keyring.backends.SecretService"})
    kept = kind()
    kept.keys = keys
    keyring.set_keyring(kept)


if __name__ == "__main__":
    given = _lines()
    _install(json.loads(next(given)))
    threading.Thread(target=_listen, args=(given,), daemon=True).start()
    sys.exit(main(sys.argv[1:]))
