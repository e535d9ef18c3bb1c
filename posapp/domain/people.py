"""The people of a shop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError

LARGEST_ID = 2**63 - 1
"""SQLite's largest integer key."""


class UserStatus(StrEnum):
    """What a user may do; anyone may buy."""

    COMMON = "COMMON"
    SELLER = "SELLER"
    ADMIN = "ADMIN"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody registered with the shop."""

    id: int
    name: str
    nickname: str = ""
    email: str = ""
    phone: str = ""
    status: UserStatus = UserStatus.COMMON

    @property
    def is_seller(self) -> bool:
        """A seller is a user whose status is SELLER (docs/specification.md 1)."""
        return self.status is UserStatus.SELLER


def parse_id(text: str) -> int:
    """Read an id as people type it: decimal digits, blanks around them allowed.

    Raises:
        UserError: ``BAD_ID`` for anything but a whole number from 1 to ``LARGEST_ID``. Digits of
            other scripts are refused, as are signs, points and separators.
    """
    digits = text.strip()
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 19:
        raise UserError(ErrorCode.BAD_ID)
    number = int(digits)
    if not 1 <= number <= LARGEST_ID:
        raise UserError(ErrorCode.BAD_ID)
    return number
