"""``posapp kiosk`` unchanged, with measurements of its first paint and of its services.

Arguments: the start in seconds, and the shop's folder.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

from posapp import cli
from posapp.app import kiosk_app

BORN = float(sys.argv[1])
HOME = sys.argv[2]
reported: dict[str, Any] = {}


class Watched(kiosk_app.KioskApp):
    """The kiosk; it records when it is painted and when a buyer can pay."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.window.first_painted.connect(self.note_paint)

    def note_paint(self) -> None:
        reported["painted"] = time.monotonic() - BORN

    def _on_services_ready(self, outcome: Any) -> None:
        super()._on_services_ready(outcome)
        if outcome.value is None:
            raise SystemExit(f"no kiosk: {outcome.error!r}")
        reported["ready"] = time.monotonic() - BORN
        self.window.end()


kiosk_app.KioskApp = Watched  # type: ignore[misc]
cli.main(["kiosk", "--home", HOME])
print(json.dumps(reported), flush=True)
