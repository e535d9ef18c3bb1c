"""Users of the shop."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.errors import ErrorCode, UserError

LARGEST_ID = 2**63 - 1
"""SQLite's largest integer key."""


class UserStatus(StrEnum):
    """Role of a user. Every user may buy."""

    COMMON = "COMMON"
    SELLER = "SELLER"
    ADMIN = "ADMIN"


WALK_IN = 990_000_002
"""Number of the built-in buyer of the counter's own sales: no file of a shop has it."""

WALK_IN_NAME = "방문 손님"

HOUSE = 990_000_003
"""Number of the built-in seller, whose products a shop without sellers of a file sells."""

HOUSE_NAME = "매장"


@dataclass(frozen=True, slots=True)
class User:
    """A registered user of the shop."""

    id: int
    name: str
    nickname: str = ""
    email: str = ""
    phone: str = ""
    status: UserStatus = UserStatus.COMMON

    @property
    def is_seller(self) -> bool:
        """Whether the status is SELLER (docs/specification.md 1)."""
        return self.status is UserStatus.SELLER


def find_id(text: str) -> int | None:
    """Return the id of a text as ``parse_id`` reads it, or ``None`` if it is none."""
    try:
        return parse_id(text)
    except UserError:
        return None


def parse_id(text: str) -> int:
    """Parse a typed id: decimal digits, surrounding blanks allowed.

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
