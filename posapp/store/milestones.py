"""What a database knows about itself: its till's code, and milestones, how far things came."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    Table,
    Text,
    bindparam,
    select,
    text,
)
from sqlalchemy.dialects.sqlite import insert

from posapp.store.columns import MomentColumn
from posapp.store.tables import metadata

milestones = Table(
    "milestones",
    metadata,
    Column("name", Text, primary_key=True, nullable=False),
    Column("at", MomentColumn, nullable=False),
    sqlite_strict=True,
)
till = Table(
    "till",
    metadata,
    Column("id", Integer, primary_key=True),
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
_CODE = select(till.c.code)
_GET = select(milestones.c.at).where(milestones.c.name == bindparam("of"))
_PUT = insert(milestones)
_SET = _PUT.on_conflict_do_update(index_elements=["name"], set_={"at": _PUT.excluded.at})


class SqlMilestones:
    """Port ``Milestones``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def till_code(self) -> str:
        """Return the code that a step of the schema gave this database, six hexadecimal digits."""
        code: str = self._connection.execute(_CODE).scalar_one()
        return code

    def get(self, name: str) -> datetime | None:
        """Return a milestone, or ``None``."""
        found: datetime | None = self._connection.execute(_GET, {"of": name}).scalar_one_or_none()
        return found

    def set(self, name: str, at: datetime) -> None:
        """Put a milestone, in place of an older one of that name."""
        self._connection.execute(_SET, {"name": name, "at": at})
