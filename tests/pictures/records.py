"""Records of three shops: an empty one, the demo shop, and one with the longest names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from posapp.ui.core.resources import resource

KINDS = ("usual", "empty", "longest")

LONG_NAME = "수제 유자차와 통밀 크루아상 꾸러미 (선물 포장, 보냉백, 손글씨 카드 포함) "
UNBROKEN = LONG_NAME.replace(" ", "")
"""A name without a place to break a line at; every second record has one."""

LONGEST = 200
"""Characters of the longest names; an import takes no more, and nothing else writes names."""


def write_records(kind: str, folder: Path) -> Path:
    """Write the records of a shop as a file that an import takes; return its path.

    Raises:
        ValueError: there is no such kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no such shop: {kind}")
    given: dict[str, Any] = json.loads(resource("demo", "shop.json").read_text("utf-8"))
    if kind == "empty":
        for name, value in given.items():
            if isinstance(value, list) and name != "users":
                given[name] = []
    elif kind == "longest":
        _lengthen(given)
    path = folder / f"{kind}.json"
    path.write_text(json.dumps(given, ensure_ascii=False), encoding="utf-8")
    return path


def _lengthen(records: Any, more: str = LONG_NAME) -> None:
    """Make every name and reason as long as it may be."""
    if isinstance(records, list):
        for at, one in enumerate(records):
            _lengthen(one, LONG_NAME if at % 2 else UNBROKEN)
    elif isinstance(records, dict):
        for key, value in records.items():
            if key in ("name", "reason", "nickname") and isinstance(value, str):
                limit = 40 if key == "nickname" else LONGEST
                records[key] = (value + " " + more * 9)[:limit].strip()
            else:
                _lengthen(value, more)
