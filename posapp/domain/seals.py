"""Seals of the ledger: an HMAC over each row's position and hash, with a key that is not in the
file.

The chain alone does not reveal a change after which the later hashes were recomputed. A hash covers
every row before it, so a sealed row authenticates all of them. Rewriting a row requires new seals
for all later rows, and thus the key.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum

SEAL_KEY_BYTES = 32
LEDGER = "ledger"
"""Name of the ledger's chain in its seals."""


@dataclass(frozen=True, slots=True)
class SealKey:
    """A key for seals; its id identifies the key and reveals nothing about it."""

    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        """Eight hexadecimal digits."""
        return hashlib.sha256(b"posapp seal key\0" + self.secret).hexdigest()[:8]

    def seal(self, seq: int, digest: str, chain: str = LEDGER) -> str:
        """Return the seal of a row of a chain, from its number and hash."""
        text = f"posapp {chain} seal 1 {seq} {digest}"
        return hmac.new(self.secret, text.encode("ascii", "replace"), hashlib.sha256).hexdigest()


DEMO_KEY = SealKey(b"posapp demo: this key keeps nothing secret")
"""Key of the demo's ledger; it is no secret."""


class SealState(StrEnum):
    """Result of checking the seals; the texts are ``commands.seal_<value>``."""

    WHOLE = "whole"
    EMPTY = "empty"
    OLDER = "older"
    NO_KEY = "no_key"
    BROKEN = "broken"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class SealCheck:
    """Result of checking the seals of a ledger, with details.

    Attributes:
        state: ``WHOLE``: the last row is sealed with the key, and every seal of the key is valid.
            ``OLDER``: the schema has no seals. ``NO_KEY``: the key is missing, so nothing is known.
            ``BROKEN``: a seal is invalid. ``OPEN``: the last rows have no seal of the key.
        row: the first wrong row; 0 for none.
        seals: how many were checked.
    """

    state: SealState
    row: int = 0
    seals: int = 0

    @property
    def is_fault(self) -> bool:
        """Whether the seals show tampering, or do not cover the last rows."""
        return self.state in (SealState.BROKEN, SealState.OPEN)
