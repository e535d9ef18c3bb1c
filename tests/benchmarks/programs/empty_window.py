"""An empty QMainWindow of plain PySide6: the reference for the till's start."""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow


class Window(QMainWindow):
    """Reports its first paint at the same point as the till's window."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        QTimer.singleShot(0, painted)


def painted() -> None:
    seconds = time.monotonic() - float(sys.argv[1])
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123 - no import
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    print(json.dumps({"painted": seconds, "peak_kib": peak}), flush=True)
    app.quit()


app = QApplication([])
window = Window()
window.resize(1200, 800)
window.show()
app.exec()
