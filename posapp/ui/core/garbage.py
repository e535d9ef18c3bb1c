"""Collection of Python's garbage on the GUI thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

INTERVAL_MS = 100
"""Milliseconds between two looks at what has gathered: what a thread makes in that time is looked
through within a frame."""


class GuiCollector(QObject):
    """Collects what refers to itself, as Python's own collector does, but on the GUI thread.

    Python collects on whichever thread made the last object. If that is another thread than the
    GUI's and the garbage holds a connection of a Qt signal, the program stands still for ever:
    PySide (6.11) holds a lock of Qt's while it waits for the interpreter's, and the GUI thread
    holds the interpreter's while it waits for that lock of Qt's.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.timeout.connect(self.collect_due)

    def start(self) -> None:
        """Keep Python from collecting by itself, and collect here instead."""
        gc.disable()
        self._timer.start()

    def stop(self) -> None:
        """Let Python collect by itself again."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def collect_due(self) -> None:
        """Collect the oldest generation that is due by Python's own thresholds, if any is."""
        pairs = zip(gc.get_count(), gc.get_threshold(), strict=True)
        due = [age for age, (count, threshold) in enumerate(pairs) if 0 < threshold < count]
        if due:
            gc.collect(due[-1])
