"""A demo shop as the program makes it, closed."""

from __future__ import annotations

from pathlib import Path

from posapp.app.demo import open_demo
from posapp.app.shop_config import load_shop
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds


def make_demo(home: Path) -> Path:
    """Open the demo shop in a folder once; return its database."""
    open_demo(load_shop(str(home), {}), SystemClock(), RandomIds, lambda: None).close()
    return home / "posapp.db"
