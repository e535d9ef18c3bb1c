"""Unreadable lines of PortOne's list: which of them may be ours.

Payments of another system share the account; its unreadable lines are not ours. Nothing is guessed
about a line that may be ours: it is noted, and the same time is compared again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from posapp.domain.merchant_numbers import may_be_merchant_uid_of
from posapp.domain.money import ZERO
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.ports.gateway import UnreadableLine
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)


class UnreadableLines:
    """Separates our unreadable lines from those of others, and notes ours."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_ours(self, lines: Sequence[UnreadableLine]) -> tuple[UnreadableLine, ...]:
        """Return the lines that may be ours: their imp_uid is recorded here, or their number is of
        this till, as far as it is readable. The others are counted and logged. Local."""
        if not lines:
            return ()
        with self._store.snapshot() as uow:
            ours = tuple(one for one in lines if _may_be_ours(uow, one))
        if len(ours) < len(lines):
            log.info("%s lines of others could not be read", len(lines) - len(ours))
        return ours

    def name(self, number: str, now: datetime) -> bool:
        """Note for a person that a payment, by its imp_uid or merchant_uid, cannot be read.
        ``False`` if it is noted already, or a person has explained exactly that."""
        with self._store.transaction() as uow:
            payment = uow.payments.get(number)
            noted = note_mismatch(
                uow,
                MismatchKind.UNKNOWN_STATUS,
                merchant_uid=payment.merchant_uid if payment else number,
                imp_uid=payment.imp_uid if payment else "",
                amount=payment.amount if payment else ZERO,
                evidence="PortOne's report cannot be read",
                found_at=now,
            )
            uow.commit()
        return noted


def _may_be_ours(uow: UnitOfWork, line: UnreadableLine) -> bool:
    if line.imp_uid and uow.payments.get(line.imp_uid) is not None:
        return True
    if not line.merchant_uid:
        return False
    if uow.attempts.by_merchant_uid(line.merchant_uid) is not None:
        return True
    return may_be_merchant_uid_of(line.merchant_uid, uow.checkpoints.till_code())
