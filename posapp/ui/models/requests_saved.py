"""Filters that a seller keeps under a name, as JSON."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.models.requests_asked import Asked, from_kept, kept_form

LONGEST_NAME = 40
MOST_SAVED = 30
_LARGEST_FILE = 200_000


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A name, what is asked for, and the rows a page."""

    name: str
    asked: Asked
    size: int


class FilterShelf(Protocol):
    """Where the text of the saved filters is kept, one for each shop."""

    def load(self) -> str:
        """Return what was saved last; empty when nothing was yet.

        Raises:
            EnvironmentProblem: it cannot be read.
        """
        ...

    def save(self, text: str) -> None:
        """Keep a text in place of the last.

        Raises:
            EnvironmentProblem: it cannot be written; the last one is still there.
        """
        ...


class FilterFile:
    """A shelf that is one file. It is replaced as a whole, so that a power cut leaves the old one
    or the new one."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self) -> str:
        """See ``FilterShelf``."""
        try:
            with self._path.open(encoding="utf-8", errors="replace") as file:
                return file.read(_LARGEST_FILE)
        except FileNotFoundError:
            return ""
        except OSError as error:
            raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, self._path.name) from error

    def save(self, text: str) -> None:
        """See ``FilterShelf``."""
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
    """Read the saved filters out of their text; what makes no sense is left out."""
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
        size = one.get("size")
        if not isinstance(size, int) or isinstance(size, bool):
            size = 0
        if name:
            found[name] = SavedFilter(name, from_kept(one.get("filter")), size)
    return tuple(found.values())


def saved_text(saved: tuple[SavedFilter, ...]) -> str:
    """Return the text that ``read_saved`` reads."""
    kept = [
        {"name": one.name, "size": one.size, "filter": kept_form(one.asked)}
        for one in saved[:MOST_SAVED]
    ]
    return json.dumps(kept, ensure_ascii=False, indent=1)


def with_saved(saved: tuple[SavedFilter, ...], one: SavedFilter) -> tuple[SavedFilter, ...]:
    """Return them with one more; one of the same name gives way."""
    return (*(other for other in saved if other.name != one.name), one)
