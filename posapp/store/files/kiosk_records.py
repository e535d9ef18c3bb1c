"""What a kiosk's database says of the work that its counter has to do, for any schema."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from posapp.store.engine import connect_read_only
from posapp.store.sqlite_errors import translate_driver_errors

_UNSENT = "SELECT count(*) FROM outbox WHERE state <> 'SETTLED'"
_MANAGERS = "SELECT count(*) FROM staff WHERE active = 1 AND role = 'MANAGER'"


@dataclass(frozen=True, slots=True)
class KioskRecords:
    """Counts of a kiosk's database.

    Attributes:
        unsent: refunds that are not sent yet: the counter's program sends them.
        managers: active ones; 0: whoever asks ends the kiosk's program.
    """

    unsent: int
    managers: int


def kiosk_records_in(path: Path) -> KioskRecords:
    """Count, also while the kiosk runs.

    Raises:
        EnvironmentProblem: the file cannot be read, or is damaged.
    """
    with translate_driver_errors(path.name), closing(connect_read_only(path)) as connection:
        return KioskRecords(_count(connection, _UNSENT), _count(connection, _MANAGERS))


def _count(connection: sqlite3.Connection, query: str) -> int:
    try:
        return int(connection.execute(query).fetchone()[0])
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
            raise
        return 0  # an older schema has no such table
