"""Seals of the ledger: an HMAC over each row's place and hash, with a key that is not in the file.

The chain alone finds a change only where nobody hashed the rest again. A hash covers every row
before it, so a sealed row vouches for all of them: who rewrites a row has to seal every later one
anew, and lacks the key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum

SEAL_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key for seals; its id tells keys apart and nothing about the key itself."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Eight hexadecimal digits."""
        return hashlib.sha256(b"posapp seal key\0" + self.secret).hexdigest()[:8]

    def seal(self, seq: int, digest: str) -> str:
        """Return the seal of a row, by its number and hash."""
        text = f"posapp ledger seal 1 {seq} {digest}"
        return hmac.new(self.secret, text.encode("ascii", "replace"), hashlib.sha256).hexdigest()


DEMO_KEY = SealKey(b"posapp demo: this key keeps nothing secret")
"""The demo's ledger is sealed as any other; its key is no secret."""


class SealState(StrEnum):
    """What the seals of a ledger say; the words are ``commands.seal_<value>``."""

    WHOLE = "whole"
    EMPTY = "empty"
    OLDER = "older"
    NO_KEY = "no_key"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SealCheck:
    """What became of checking the seals.

    Attributes:
        state: ``WHOLE``: the last row is sealed with the key, and every seal of it fits. ``OLDER``:
            a schema without seals. ``NO_KEY``: nobody has the key, so nothing is known. ``BROKEN``:
            a seal does not fit. ``OPEN``: the last rows have no seal of the key.
        row: the first row that is wrong; 0 for none.
        seals: how many were checked.
    """

    state: SealState
    row: int = 0
    seals: int = 0

    @property
    def is_fault(self) -> bool:
        """The seals tell of somebody at work, or cannot vouch for the last rows."""
        return self.state in (SealState.BROKEN, SealState.OPEN)
