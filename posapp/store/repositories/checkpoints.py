"""Metadata of a database: its till's code, checkpoints, and whether it is an older copy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Table,
    Text,
    bindparam,
    func,
    insert,
    select,
    text,
    update,
)

from posapp.store.columns import IntegerColumn, TimestampColumn
from posapp.store.tables import attempts, metadata

checkpoints = Table(
    "milestones",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("at", TimestampColumn, nullable=False),
    sqlite_strict=True,
)
till = Table(
    "till",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("code", Text, nullable=False),
    Column(
        "mode",
        Text,
        CheckConstraint("mode IN ('', 'demo', 'live', 'test')", name="ck_till_mode"),
        nullable=False,
        server_default=text("''"),
    ),
    CheckConstraint("id = 1", name="ck_till_one"),
    CheckConstraint("length(code) = 6", name="ck_till_code"),
    sqlite_strict=True,
)
lineage = Table(
    "lineage",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("generation", Text, nullable=False),
    Column("behind_since", TimestampColumn),
    Column("last_attempt", IntegerColumn, nullable=False),
    CheckConstraint("id = 1", name="ck_lineage_one"),
    sqlite_strict=True,
)
_CODE = select(till.c.code)
_GET = select(checkpoints.c.at).where(checkpoints.c.name == bindparam("of"))
_ADD = insert(checkpoints)
_MOVE = update(checkpoints).where(checkpoints.c.name == bindparam("of")).values(at=bindparam("at"))

_BEHIND_SINCE = select(lineage.c.behind_since)
_LAST_OLD = select(lineage.c.last_attempt)
_BEHIND = update(lineage).values(
    behind_since=bindparam("at"),
    last_attempt=select(func.coalesce(func.max(attempts.c.id), 0)).scalar_subquery(),
)
_COMPARED = update(lineage).values(behind_since=None)


class SqlCheckpoints:
    """Port ``Checkpoints``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def till_code(self) -> str:
        """Return the code that a migration gave this database, six hexadecimal digits."""
        code: str = self._connection.execute(_CODE).scalar_one()
        return code

    def get(self, name: str) -> datetime | None:
        """Return a checkpoint's time, or ``None``."""
        found: datetime | None = self._connection.execute(_GET, {"of": name}).scalar_one_or_none()
        return found

    def set(self, name: str, at: datetime) -> None:
        """Set a checkpoint, replacing an older one of that name."""
        if self._connection.execute(_MOVE, {"of": name, "at": at}).rowcount == 0:
            self._connection.execute(_ADD, {"name": name, "at": at})

    def behind_since(self) -> datetime | None:
        """Return since when the file counts as an older copy, or ``None``."""
        since: datetime | None = self._connection.execute(_BEHIND_SINCE).scalar_one()
        return since

    def set_behind(self, at: datetime) -> None:
        """Record that the file is an older copy, with its last attempt."""
        self._connection.execute(_BEHIND, {"at": at})

    def set_compared(self) -> None:
        """Record that the file is no longer behind."""
        self._connection.execute(_COMPARED)

    def last_old_attempt(self) -> int:
        """Return the largest attempt id of an older copy, or 0."""
        return int(self._connection.execute(_LAST_OLD).scalar_one())
