"""Fakes of what cannot be real in a test: time, numbers and the keyring."""

from __future__ import annotations

import itertools
import threading
from datetime import UTC, datetime, timedelta

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.merchant_numbers import build_merchant_uid, build_refund_tag

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


class FakeClock:
    """A clock that only ``advance`` moves; wall time and monotonic time move together."""

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
        """Return unix seconds, for the sandbox."""
        return self.now().timestamp()

    def advance(self, **amount: float) -> None:
        """Move both times: ``advance(seconds=2)``."""
        with self._lock:
            self._now += timedelta(**amount)
            self._elapsed += timedelta(**amount)


class FakeIds:
    """Predictable numbers: pos-1, pos-2 …, [RF-1], [RF-2] …"""

    def __init__(self) -> None:
        self._payments = itertools.count(1)
        self._refunds = itertools.count(1)

    def merchant_uid(self, order_id: int) -> str:
        return f"pos-{next(self._payments)}"

    def refund_tag(self, item_id: int | None) -> str:
        return f"[RF-0-{next(self._refunds)}]"

    def recovery_letters(self) -> str:
        return "ABCDEFGHIJKLMNOPQRSTUVWX"


class NumberedIds(FakeIds):
    """Numbers in the form of the real ones, which carry order or item; unique within a process."""

    _count = itertools.count(1)

    def __init__(self, till: str) -> None:
        super().__init__()
        self._till = till

    def merchant_uid(self, order_id: int) -> str:
        return build_merchant_uid(self._till, order_id, f"{next(self._count):020d}")

    def refund_tag(self, item_id: int | None) -> str:
        return build_refund_tag(item_id, f"{next(self._count):06d}")


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
