"""Layouts: how the files of other systems name their columns and states. Data, not code:
``resources/importing/layouts.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from posapp.domain.orders import ItemStatus
from posapp.services.importing.titles import NAMES, plain_title


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one kind of file; titles are plain (``titles.plain_title``).

    Attributes:
        id: the text ``importing.layout_<id>`` is its name.
        needs: titles by which a file is recognised: all of them are there.
        columns: titles by our column name, the best one first.
        values: stand-ins of columns that the file does not have, as in ``ColumnChoice``.
        statuses: our status by the file's.
    """

    id: str
    needs: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    values: Mapping[str, str]
    statuses: Mapping[str, ItemStatus]

    @property
    def titles(self) -> set[str]:
        """All titles that are read."""
        return {title for titles in self.columns.values() for title in titles}

    def positions(self, titles: Sequence[str]) -> dict[str, int]:
        """Return the position of each of our columns in a header line."""
        return {
            key: titles.index(name)
            for key, names in self.columns.items()
            if (name := next((each for each in names if each in titles), None)) is not None
        }


@dataclass(frozen=True, slots=True)
class Layouts:
    """The layouts that are known; the first one that fits counts."""

    known: tuple[Layout, ...] = ()

    def of(self, titles: Sequence[str]) -> Layout | None:
        """Return the layout of a header line of plain titles, or ``None``."""
        there = set(titles)
        return next((one for one in self.known if one.needs <= there), None)


NO_LAYOUTS = Layouts()


def parse_layouts(text: str) -> Layouts:
    """Read the layouts of a TOML text.

    Raises:
        ValueError, KeyError, TypeError: it is none.
    """

    def read(table: Mapping[str, object]) -> Layout:
        columns = table["columns"]
        values, statuses = table.get("values", {}), table.get("statuses", {})
        needs = table["needs"]
        if not (isinstance(columns, dict) and isinstance(values, dict)):
            raise TypeError("columns and values are tables")
        if not (isinstance(statuses, dict) and isinstance(needs, list)):
            raise TypeError("statuses is a table, needs a list")
        if unknown := (columns.keys() | values.keys()) - NAMES.keys():
            raise ValueError(f"no columns of ours: {sorted(unknown)}")
        return Layout(
            id=str(table["id"]),
            needs=frozenset(plain_title(title) for title in needs),
            columns={key: tuple(map(plain_title, names)) for key, names in columns.items()},
            values={key: str(value) for key, value in values.items()},
            statuses={plain_title(label): ItemStatus(value) for label, value in statuses.items()},
        )

    return Layouts(tuple(read(each) for each in tomllib.loads(text).get("layout", ())))
