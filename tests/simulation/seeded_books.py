"""The sandbox's random numbers, drawn from a seed: the same run has the same numbers.

What the till does follows from them in places: payments that moved in the same second are compared
in the order of their imp_uid, and a planned fault then strikes another one.
"""

from __future__ import annotations

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import posapp.sandbox.book_keeping
import posapp.sandbox.cancelling
import posapp.sandbox.receipt_book
import posapp.sandbox.seller
import posapp.sandbox.tokens


@contextmanager
def seeded_books(seed: str) -> Iterator[None]:
    """Draw the random numbers of every sandbox from the seed."""
    chance = _Chance(seed)
    with (
        mock.patch.object(posapp.sandbox.book_keeping, "secrets", chance),
        mock.patch.object(posapp.sandbox.cancelling, "secrets", chance),
        mock.patch.object(posapp.sandbox.receipt_book, "secrets", chance),
        mock.patch.object(posapp.sandbox.seller, "secrets", chance),
        mock.patch.object(posapp.sandbox.tokens, "secrets", chance),
    ):
        yield


class _Chance:
    """The few functions of ``secrets`` that the sandbox uses."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(f"{seed}/sandbox")
        self.compare_digest = secrets.compare_digest

    def token_hex(self, count: int) -> str:
        return self._random.randbytes(count).hex()

    def randbelow(self, end: int) -> int:
        return self._random.randrange(end)
