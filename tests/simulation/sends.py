"""An observer of the wire: every send of money must follow a reading that justifies it.

It checks the running program's requests and answers, independently of its records.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posapp.domain.merchant_numbers import item_id_of, trailing_tag

if TYPE_CHECKING:
    from tests.simulation.scenario_week import ScenarioWeek


class RashSend(AssertionError):
    """A refund was sent without a reading that justifies it."""


@dataclass(frozen=True)
class _Reading:
    program: object
    payment: dict[str, Any]
    lines: tuple[str, ...]
    """The cancels in the answer, by their ids in PortOne's books."""


class Sends:
    """Keeps the last reading of each payment, and checks each send.

    Args:
        fail: called with a violation: an exception in the program's own thread would look like a
            network error.
    """

    def __init__(self, week: ScenarioWeek, fail: Callable[[BaseException], None]) -> None:
        self._week, self._fail = week, fail
        self._readings: dict[str, _Reading] = {}

    def received(self, path: str, body: bytes) -> None:
        """An answer reached the program."""
        imp_uid = path.rpartition("/")[2]
        booked = self._week.books.payment(imp_uid)
        if booked is None or path != f"/payments/{imp_uid}":
            return
        try:
            answer = json.loads(body)
        except ValueError:
            return
        if answer.get("code") == 0 and isinstance(answer.get("response"), dict):
            # An answer may be older than a cancel in the console while it was in transit.
            shown = len(answer["response"].get("cancel_history") or ())
            lines = tuple(line.cancellation_id for line in booked.cancellations[:shown])
            self._readings[imp_uid] = _Reading(self._week.program, answer["response"], lines)

    def requested(self, body: bytes) -> None:
        """Check a cancel that is sent to PortOne."""
        try:
            self._check(json.loads(body))
        except AssertionError as error:
            self._fail(error)

    def _check(self, order: dict[str, Any]) -> None:
        week = self._week
        imp_uid, tag = order["imp_uid"], trailing_tag(order["reason"])
        self._say(bool(tag), order, "no tag")
        week.truth.sent_at.setdefault(tag, week.scheduler.now)
        reading = self._readings.pop(imp_uid, None)
        self._say(
            reading is not None and reading.program is week.program, order, "not read before it"
        )
        assert reading is not None
        shown = reading.payment
        ((number, amount),) = week.query(
            "SELECT merchant_uid, amount FROM payments WHERE imp_uid = ?", imp_uid
        ) or [(None, None)]
        self._say(shown.get("merchant_uid") == number, order, "read under another number")
        self._say(_won(shown.get("amount")) == amount, order, "read with another amount")
        providers = (shown.get("pg_provider"), shown.get("emb_pg_provider"))
        kakaopay = any(str(one).casefold() == "kakaopay" for one in providers)
        self._say(kakaopay or self._is_return(tag), order, "read as a payment of another provider")
        left = (_won(shown.get("amount")) or 0) - (_won(shown.get("cancel_amount")) or 0)
        self._say(order["checksum"] == left, order, f"read with {left} left")
        self._say(0 < order["amount"] <= left, order, f"read with {left} left")
        self._check_item(order, tag, reading)

    def _check_item(self, order: dict[str, Any], tag: str, reading: _Reading) -> None:
        """Check that no line of the reading may already be this money."""
        item = item_id_of(tag)
        if item is None:
            return
        booked = self._week.books.payment(order["imp_uid"])
        assert booked is not None
        then = [line for line in booked.cancellations if line.cancellation_id in reading.lines]
        for line in self._week.truth.items_of(then).get(item, []):
            if self._week.truth.is_console(line):
                self._say(False, order, "somebody had refunded that item in the console")
            self._say(trailing_tag(line.reason) == tag, order, f"{line.reason} had gone back")

    def _is_return(self, tag: str) -> bool:
        return item_id_of(tag) is None

    def _say(self, holds: bool, order: dict[str, Any], what: str) -> None:
        if not holds:
            raise RashSend(f"{order['reason']} of {order['imp_uid']} is sent: {what}")


def _won(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
