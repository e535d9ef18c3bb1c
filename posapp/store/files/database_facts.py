"""What a report may say of a database, and the texts in it that no report may contain."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.actors import Actor, ActorKind
from posapp.store.engine import connect_read_only
from posapp.store.schema import schema_version

CODES = frozenset(
    "accepted_line barcode cancellation_id code covers ended_by fact generation hash id imp_uid "
    "key_id kind merchant_uid mode money origin payment_key previous problem provider receipt_no "
    "reference seal standing state status tag tender version_num".split()
)
"""Columns of text that hold numbers and codes of the program. Every other one may be about a
person, so that a new column is left out of reports until somebody adds it here."""

NAMES_OF_PROGRAM = frozenset({"id_sequences", "milestones"})
"""Tables whose texts are names of the program."""

_TEXT_TYPES = ("TEXT", "CHAR", "CLOB", "")
_MAYBE = frozenset({"last_error"})
"""Columns with a code of the program, or a text of somebody else."""

_CODE = re.compile("[a-z0-9_]+")
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class DatabaseFacts:
    """Numbers about a database, and none of its rows.

    Attributes:
        schema: version of the schema.
        size: bytes of the file.
        rows: number of rows by table.
    """

    schema: str
    size: int
    rows: dict[str, int]


def facts_of(path: Path) -> DatabaseFacts:
    """Count the rows of every table.

    Raises:
        EnvironmentProblem: it is not a database of this program.
        sqlite3.Error: the file cannot be read.
        OSError: there is no such file.
    """
    size = path.stat().st_size
    version = schema_version(path)
    with closing(connect_read_only(path)) as connection:
        rows = {name: _count(connection, name) for name in _tables(connection)}
    return DatabaseFacts(version, size, rows)


def personal_texts(path: Path) -> Iterator[str]:
    """Yield every text that may be about a person: names, phone numbers, reasons, answers.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    with closing(connect_read_only(path)) as connection:
        for table in sorted({*_tables(connection)} - NAMES_OF_PROGRAM):
            for column, kind in _columns(connection, table):
                if column in CODES or not any(kind.startswith(one) for one in _TEXT_TYPES):
                    continue
                for value in _values(connection, table, column):
                    if not (column in _MAYBE and _CODE.fullmatch(value)):
                        yield from _personal(value)


def _personal(value: str) -> Iterator[str]:
    if value.startswith(("{", "[")):
        yield from _texts_in(value)
        return
    actor = Actor.parse(value.strip())
    if actor.kind in (ActorKind.PERSON, ActorKind.OTHER) and len(actor.id) >= _SHORTEST:
        yield actor.id


def _texts_in(value: str) -> Iterator[str]:
    """Yield the texts inside a value that is JSON, or the value itself."""
    try:
        left = [json.loads(value)]
    except ValueError:
        yield value
        return
    while left:
        one = left.pop()
        if isinstance(one, (dict, list)):
            left += one.values() if isinstance(one, dict) else one
        elif isinstance(one, str) and not _CODE.fullmatch(one.lower()):
            yield one


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of records: none of SQLite's own, and none of an index of words."""
    rows = connection.execute(
        "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_schema WHERE type = 'table'"
        " AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).fetchall()
    indices = tuple(str(name) for name, is_index in rows if is_index)
    return [str(name) for name, _ in rows if not str(name).startswith(indices or ("\0",))]


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    rows = connection.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    return [(str(row[1]), re.sub(r"^VAR", "", str(row[2]).upper())) for row in rows]


def _count(connection: sqlite3.Connection, table: str) -> int:
    query = f"SELECT count(*) FROM {_quoted(table)}"  # noqa: S608 - a name of the file, quoted
    return int(connection.execute(query).fetchone()[0])


def _values(connection: sqlite3.Connection, table: str, column: str) -> Iterator[str]:
    query = f"SELECT DISTINCT {_quoted(column)} FROM {_quoted(table)}"  # noqa: S608 - as above
    for (value,) in connection.execute(query):
        if isinstance(value, str):
            yield value


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'
