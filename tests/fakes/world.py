"""The few things that cannot be real in a test: time, numbers and the keyring."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.numbers import merchant_uid_of, tag_of

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FakeClock:
    """Time that moves only when it is told to; both kinds of time move together."""

    def __init__(self, start: datetime = START) -> None:
        self._now = start
        self._elapsed = timedelta(0)
        self._lock = threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def monotonic(self) -> int:
        with self._lock:
            return self._elapsed // timedelta(milliseconds=1)

    def unix(self) -> float:
        """For the sandbox."""
        return self.now().timestamp()

    def advance(self, **amount: float) -> None:
        """Let time pass: ``advance(seconds=2)``."""
        with self._lock:
            self._now += timedelta(**amount)
            self._elapsed += timedelta(**amount)


class FakeIds:
    """Numbers that a test can foresee: pos-1, pos-2 …, [RF-1], [RF-2] …"""

    def __init__(self) -> None:
        self._payments = itertools.count(1)
        self._refunds = itertools.count(1)

    def merchant_uid(self, order_id: int) -> str:
        return f"pos-{next(self._payments)}"

    def refund_tag(self, item_id: int | None) -> str:
        return f"[RF-0-{next(self._refunds)}]"


class NumberedIds(FakeIds):
    """Numbers in the form of the real ones, which say what they are about; no two of a process
    are the same."""

    _count = itertools.count(1)

    def __init__(self, till: str) -> None:
        super().__init__()
        self._till = till

    def merchant_uid(self, order_id: int) -> str:
        return merchant_uid_of(self._till, order_id, f"{next(self._count):020d}")

    def refund_tag(self, item_id: int | None) -> str:
        return tag_of(item_id, f"{next(self._count):06d}")


class FakeSecrets:
    """A keyring in memory."""

    def __init__(self, **values: str) -> None:
        self.values = values

    def get(self, name: str) -> str:
        if name not in self.values:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, name)
        return self.values[name]

    def put(self, name: str, value: str) -> None:
        self.values[name] = value
