"""A demo shop as the program makes it, closed."""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path
from unittest.mock import patch

from posapp.app.demo import open_demo
from posapp.app.shop_config import load_shop
from posapp.services.ports.system import Clock
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.ui.core.resources import resource


def records_of(records: Path | None) -> AbstractContextManager[object]:
    """Return a context in which the demo shop has the records of this file, unless it is ``None``;
    its pictures are always its own."""

    def found(*names: str) -> Path:
        return records if records is not None and names[-1] == "shop.json" else resource(*names)

    return patch("posapp.app.demo.resource", found)


def make_demo(home: Path, records: Path | None = None, clock: Clock | None = None) -> Path:
    """Open the demo shop in a folder once; return its database.

    Args:
        records: file of the shop's records, the newest of which is of now; ``None`` is the demo
            shop's own.
        clock: ``None`` is the machine's.
    """
    shop = load_shop(str(home), {})
    with records_of(records):
        open_demo(shop, clock or SystemClock(), RandomIds, lambda: None).close()
    return home / "posapp.db"
