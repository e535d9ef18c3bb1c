"""Users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, bindparam, select

from posapp.domain.users import User, UserStatus
from posapp.store.tables import users

USER_COLUMNS: tuple[Column[Any], ...] = (
    users.c.id,
    users.c.name,
    users.c.nickname,
    users.c.email,
    users.c.phone,
    users.c.status,
)
"""Columns in the order of the fields of ``User``."""

_GET = select(*USER_COLUMNS).where(users.c.id == bindparam("id"))
_SELLERS = (
    select(*USER_COLUMNS)
    .where(users.c.status == UserStatus.SELLER)
    .order_by(users.c.id)
    .limit(bindparam("limit"))
)


class SqlUsers:
    """Port ``Users``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, user_id: int) -> User | None:
        """Return the user, or ``None``."""
        row = self._connection.execute(_GET, {"id": user_id}).one_or_none()
        return None if row is None else User(*row)

    def sellers(self, limit: int) -> tuple[User, ...]:
        """Return the users who sell, by their ids."""
        rows = self._connection.execute(_SELLERS, {"limit": limit})
        return tuple(User(*row) for row in rows)
