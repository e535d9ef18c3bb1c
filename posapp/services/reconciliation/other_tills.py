"""Counts payments of other tills of this program in the shop's account, and notes each such till.

Several tills may share an account; each has its own code in its numbers. Another code may mean that
a database was restored over another till's, or that there is an unknown till: a person checks once.
The explanation of a till is permanent.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from posapp.domain.merchant_numbers import PREFIX, till_code_of
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import ReportedPayment
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import Store


class OtherTills:
    """Collects other tills' payments from the pages of PortOne's list, and notes the tills."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: dict[str, dict[str, Won]] = defaultdict(dict)

    def see(self, listed: Sequence[ReportedPayment]) -> None:
        """Collect the payments of a page that are another till's. Local."""
        with self._store.snapshot() as uow:
            own = uow.checkpoints.till_code()
            for one in listed:
                code = till_code_of(one.merchant_uid)
                if code in ("", own) or not one.was_captured:
                    continue
                if uow.attempts.by_merchant_uid(one.merchant_uid) is None:
                    self._found[code][one.imp_uid] = one.refundable_balance

    def name(self, now: datetime) -> bool:
        """Note a mismatch for each till that was found, with the number and total of its listed
        payments (it may have more), and clear the collection. Returns ``True`` if one is new."""
        found, self._found = self._found, defaultdict(dict)
        if not found:
            return False
        with self._store.transaction() as uow:
            known = [
                one
                for one in uow.mismatches.of_payment("")
                if one.kind is MismatchKind.ANOTHER_TILL
            ]
            new = False
            for code, payments in found.items():
                number, amount = f"{PREFIX}{code}", sum(payments.values(), ZERO)
                before = [one for one in known if one.merchant_uid == number]
                if any(one.resolved_at is not None or one.amount >= amount for one in before):
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
