"""Header line of a table: which column holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from posapp.services.importing.import_errors import (
    Cause,
    Complaint,
    Complaints,
    FileUnusable,
    make_complaint,
)
from posapp.services.importing.layouts import Layout, Layouts
from posapp.services.importing.titles import (
    AUTOMATIC,
    DERIVABLE,
    NAMES,
    OPTIONAL,
    key_of,
    plain_title,
    shown_title,
)

HEAD_ROWS = 10
"""The header line is looked for in so many rows: some files have a notice above it."""

_FEWEST_KNOWN = 2


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """What a person says about the columns of a file.

    Attributes:
        columns: the title in the file, by our column name.
        values: the value, by our column name, for each line that has none. ``AUTOMATIC`` for a
            number that is made of names.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)

    def __or__(self, other: ColumnChoice) -> ColumnChoice:
        """Return both; where both name a column, the other one's counts."""
        return ColumnChoice({**self.columns, **other.columns}, {**self.values, **other.values})


NO_CHOICE = ColumnChoice()


@dataclass(frozen=True, slots=True)
class Columns:
    """Position of each known column, its title in the file, and what stands in for missing ones.

    Attributes:
        layout: the recognised form of another system's file, if any.
        unread: titles of the columns that are not read.
    """

    positions: dict[str, int]
    titles: dict[str, str]
    width: int
    values: Mapping[str, str] = field(default_factory=dict)
    derived: frozenset[str] = frozenset()
    layout: Layout | None = None
    unread: tuple[str, ...] = ()

    def title(self, key: str) -> str:
        """Return the column's title in the file, or our Korean name."""
        return self.titles.get(key, NAMES[key][0])


def known_columns(titles: Sequence[object], layouts: Layouts, choice: ColumnChoice) -> int:
    """Return how many of the titles are known."""
    plain = [plain_title(title) for title in titles]
    known = {plain_title(title) for title in choice.columns.values()}
    layout = layouts.of(plain)
    if layout is not None:
        known |= layout.titles
    return sum(title in known or key_of(title) is not None for title in plain)


def is_header(count: int) -> bool:
    """Return whether a row with so many known titles can be the header line."""
    return count >= _FEWEST_KNOWN


def columns_of(
    line: int,
    titles: Sequence[object],
    complaints: Complaints,
    layouts: Layouts,
    choice: ColumnChoice = NO_CHOICE,
) -> Columns:
    """Find the columns of a header line: those that a person chose, those of a recognised layout,
    and those with our names.

    An unknown column is not read. It adds a complaint, unless the file has a layout or a person
    chose columns: such files have columns that are not ours. Columns without a title, which Excel
    saves at the end, are skipped.

    Raises:
        FileUnusable: required columns are missing, chosen ones are not there, or a column is there
            twice; all of it at once.
    """
    plain = [plain_title(title) for title in titles]
    problems: list[Complaint] = []
    found = _chosen(line, plain, choice, problems)
    layout = layouts.of(plain)
    if layout is not None:
        for key, position in layout.positions(plain).items():
            if position not in found.values():
                found.setdefault(key, position)
    taken = set(found.values())
    unread = []
    for position, title in enumerate(plain):
        known = key_of(title)
        if position in taken or not title:
            continue
        if known is not None and known not in found:
            found[known] = position
        elif known is None or layout is not None or known in choice.columns:
            unread.append(shown_title(titles[position])[:60])
        else:
            first = shown_title(titles[found[known]])
            name = shown_title(titles[position])
            problems.append(make_complaint(line, Cause.COLUMN_TWICE, name, first))
    if layout is None and not choice.columns:
        for name in unread:
            complaints.add(line, Cause.COLUMN_UNKNOWN, name)
    values, derived = _stand_ins(layout, choice)
    for key in _missing(found, values, derived):
        problems.append(make_complaint(line, Cause.COLUMN_MISSING, key, NAMES[key][0]))
    if problems:
        raise FileUnusable.of(problems)
    shown = {key: shown_title(titles[position]) for key, position in found.items()}
    return Columns(found, shown, len(titles), values, derived, layout, tuple(unread))


def _chosen(
    line: int, plain: Sequence[str], choice: ColumnChoice, problems: list[Complaint]
) -> dict[str, int]:
    found = {}
    for key, title in choice.columns.items():
        wanted = plain_title(title)
        if wanted in plain:
            found[key] = plain.index(wanted)
        else:
            problems.append(make_complaint(line, Cause.COLUMN_NOT_IN_FILE, shown_title(title)))
    return found


def _stand_ins(
    layout: Layout | None, choice: ColumnChoice
) -> tuple[dict[str, str], frozenset[str]]:
    values = {**(layout.values if layout is not None else {}), **choice.values}
    derived = {key for key in DERIVABLE if values.get(key) == AUTOMATIC}
    return {key: value for key, value in values.items() if key not in derived}, frozenset(derived)


def _missing(
    found: Mapping[str, int], values: Mapping[str, str], derived: frozenset[str]
) -> list[str]:
    there = {*found, *values, *derived}
    if "line_total" in there:
        there.add("price")
    return [key for key in NAMES if key not in there and key not in OPTIONAL]
