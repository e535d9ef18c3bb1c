"""Payments of other tills of this program in the shop's account: counted, and named once a till.

Several tills may share an account; each has its own code in its numbers. One that this file was
never told of may be a file that was restored over another till's, or a till that nobody knows of:
a person looks once. What was explained of a till is explained for good.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from posapp.domain.money import ZERO, Won
from posapp.domain.numbers import PREFIX, till_in
from posapp.domain.payments import ReportedPayment
from posapp.services.mismatch_notes import note_mismatch
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store


class OtherTills:
    """Collects while PortOne's list is read, page by page, and names what it found."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, dict[str, Won]] = defaultdict(dict)

    def see(self, listed: Sequence[ReportedPayment]) -> None:
        """Take note of the payments of a page that are another till's. Local."""
        with self._store.reading() as uow:
            own = uow.milestones.till_code()
            for one in listed:
                code = till_in(one.merchant_uid)
                if code in ("", own) or not one.money_moved:
                    continue
                if uow.attempts.of_number(one.merchant_uid) is None:
                    self._found[code][one.imp_uid] = one.balance

    def name(self, now: datetime) -> bool:
        """Name each till that was found, with how many payments and how much there is of it at
        least; ``True`` if something is new. What was collected is forgotten."""
        found, self._found = self._found, defaultdict(dict)
        if not found:
            return False
        with self._store.writing() as uow:
            known = [
                one
                for one in uow.mismatches.of_payment("")
                if one.kind is MismatchKind.ANOTHER_TILL
            ]
            new = False
            for code, payments in found.items():
                number, amount = f"{PREFIX}{code}", sum(payments.values(), ZERO)
                before = [one for one in known if one.merchant_uid == number]
                if any(one.settled_at is not None or one.amount >= amount for one in before):
                    continue
                new |= note_mismatch(
                    uow,
                    MismatchKind.ANOTHER_TILL,
                    merchant_uid=number,
                    imp_uid="",
                    amount=amount,
                    evidence=f"till {code}: {len(payments)} payments, {amount}",
                    found_at=now,
                )
            uow.commit()
        return new
