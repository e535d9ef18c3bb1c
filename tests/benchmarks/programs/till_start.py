"""``posapp`` unchanged, with measurements of its first paint and memory.

Arguments: the start in seconds, the command (``run`` or ``demo``), the shop's folder, and the event
to wait for: ``ready`` (the services are attached) or ``key`` (a key pressed at the first paint has
reached the field).
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from posapp import cli
from posapp.app import desktop_app
from posapp.ui.navigation import counter_window

BORN = float(sys.argv[1])
COMMAND, HOME, AWAITED = sys.argv[2:]
reported: dict[str, Any] = {}


class Window(counter_window.MainWindow):
    """The window; it records its first paint before the till's own work that follows on it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.first_painted.connect(self.note_paint)

    def note_paint(self) -> None:
        reported["painted"] = time.monotonic() - BORN
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no import
            reported["peak_kib"] = next(
                int(line.split()[1]) for line in status if line.startswith("VmHWM")
            )
        if AWAITED == "key":
            self.press_a_key()

    def press_a_key(self) -> None:
        """Post the digit 7 to the focused widget, as the window system would."""
        from PySide6.QtCore import QEvent, Qt
        from PySide6.QtGui import QKeyEvent
        from PySide6.QtWidgets import QApplication

        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_7, Qt.KeyboardModifier.NoModifier, "7")
        field: Any = self.focusWidget()
        field.textChanged.connect(self.note_key)
        self.own_time = time.monotonic() - BORN - reported["painted"]
        QApplication.postEvent(field, event)

    def note_key(self, text: str) -> None:
        reported["key"] = time.monotonic() - BORN - self.own_time
        reported["text"] = text


class Watched(desktop_app.CounterWindow):
    """The counter window; it records when the services are attached."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.ready.connect(self.note_ready)

    def show_problem(self, error: Exception) -> None:
        raise SystemExit(f"no till: {error!r}")

    def note_ready(self) -> None:
        reported["ready"] = time.monotonic() - BORN
        focused = self.window.focusWidget()
        reported["focus"] = focused.objectName() if focused is not None else ""
        self.window.close_without_asking()


counter_window.MainWindow = Window  # type: ignore[misc]
desktop_app.CounterWindow = Watched  # type: ignore[misc]
code = cli.main([COMMAND, "--home", HOME])
print(json.dumps(reported), flush=True)
sys.exit(code)
