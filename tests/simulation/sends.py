"""Who watches the wire: every send of money follows a reading that says that it is right.

Looks at what the running program asked for and heard, whatever its records say about that.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from posapp.domain.numbers import item_in, tag_at_end

if TYPE_CHECKING:
    from tests.simulation.week import Week


class RashSend(AssertionError):
    """Money was sent back without a reading that says that it is right to."""


@dataclass(frozen=True)
class _Reading:
    program: object
    payment: dict[str, Any]
    lines: tuple[str, ...]
    """The cancels that the answer showed, by their numbers in PortOne's books."""


class Sends:
    """Keeps the last reading of each payment, and looks at each send.

    Args:
        fail: takes what is wrong: an error in the program's own thread would be taken for the
            network's.
    """

    def __init__(self, week: Week, fail: Callable[[BaseException], None]) -> None:
        self._week, self._fail = week, fail
        self._readings: dict[str, _Reading] = {}

    def heard(self, path: str, body: bytes) -> None:
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
            # An answer may be older than what the console did while it was on its way.
            shown = len(answer["response"].get("cancel_history") or ())
            lines = tuple(line.cancellation_id for line in booked.cancellations[:shown])
            self._readings[imp_uid] = _Reading(self._week.program, answer["response"], lines)

    def asked(self, body: bytes) -> None:
        """A cancel is on its way to PortOne."""
        try:
            self._check(json.loads(body))
        except AssertionError as error:
            self._fail(error)

    def _check(self, order: dict[str, Any]) -> None:
        week = self._week
        imp_uid, tag = order["imp_uid"], tag_at_end(order["reason"])
        self._say(bool(tag), order, "no tag")
        week.truth.sent_at.setdefault(tag, week.stage.now)
        reading = self._readings.pop(imp_uid, None)
        self._say(
            reading is not None and reading.program is week.program, order, "not read before it"
        )
        assert reading is not None
        shown = reading.payment
        ((number, amount),) = week.look(
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
        """No line that was there then may already be this money."""
        item = item_in(tag)
        if item is None:
            return
        booked = self._week.books.payment(order["imp_uid"])
        assert booked is not None
        then = [line for line in booked.cancellations if line.cancellation_id in reading.lines]
        for line in self._week.truth.items_of(then).get(item, []):
            if self._week.truth.is_console(line):
                self._say(False, order, "somebody had refunded that item in the console")
            self._say(tag_at_end(line.reason) == tag, order, f"{line.reason} had gone back")

    def _is_return(self, tag: str) -> bool:
        return item_in(tag) is None

    def _say(self, holds: bool, order: dict[str, Any], what: str) -> None:
        if not holds:
            raise RashSend(f"{order['reason']} of {order['imp_uid']} is sent: {what}")


def _won(value: object) -> int | None:
    return int(value) if isinstance(value, int | float) else None
