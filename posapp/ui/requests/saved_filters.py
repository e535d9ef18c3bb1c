"""A seller's saved filters, as JSON."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.requests.request_filter_state import RequestFilterState, from_kept, to_json

LONGEST_NAME = 40
MOST_SAVED = 30
_LARGEST_FILE = 200_000


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A name, the filters, and the page size in rows; ``None``: as many as fit the height."""

    name: str
    filters: RequestFilterState
    size: int | None


class SavedFilterStore(Protocol):
    """Stores the text of the saved filters, one for each shop."""

    def load(self) -> str:
        """Return the text saved last; empty if there is none yet.

        Raises:
            EnvironmentProblem: it cannot be read.
        """
        ...

    def save(self, text: str) -> None:
        """Replace the saved text.

        Raises:
            EnvironmentProblem: it cannot be written; the previous text is still there.
        """
        ...


class JsonFilterStore:
    """Stores the text in one file.

    The file is replaced as a whole, so that a power cut leaves the old or the new one.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> str:
        """See ``SavedFilterStore``."""
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                return file.read(_LARGEST_FILE)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, self._path.name) from error

    def save(self, text: str) -> None:
        """See ``SavedFilterStore``."""
        fresh = self._path.with_name(f"{self._path.name}.new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self._path)
        except OSError as error:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise EnvironmentProblem(EnvironmentCode.READ_ONLY, self._path.name) from error


def read_saved(text: str) -> tuple[SavedFilter, ...]:
    """Parse the saved filters; invalid ones are skipped."""
    try:
        kept = json.loads(text) if text.strip() else []
    except (ValueError, RecursionError):
        return ()
    if not isinstance(kept, list):
        return ()
    found: dict[str, SavedFilter] = {}
    for one in kept[:MOST_SAVED]:
        if not isinstance(one, dict) or not isinstance(one.get("name"), str):
            continue
        name = one["name"].strip()[:LONGEST_NAME]
        size = one.get("size", 0)
        if size is not None and (not isinstance(size, int) or isinstance(size, bool)):
            size = 0
        if name:
            found[name] = SavedFilter(name, from_kept(one.get("filter")), size)
    return tuple(found.values())


def saved_text(saved: tuple[SavedFilter, ...]) -> str:
    """Return the text for ``read_saved``."""
    kept = [
        {"name": one.name, "size": one.size, "filter": to_json(one.filters)}
        for one in saved[:MOST_SAVED]
    ]
    return json.dumps(kept, ensure_ascii=False, indent=1)


def with_saved(saved: tuple[SavedFilter, ...], one: SavedFilter) -> tuple[SavedFilter, ...]:
    """Return the filters with one more, which replaces one of the same name."""
    return (*(other for other in saved if other.name != one.name), one)
