"""Recovery of refunds that only the journal has, once after each opening of the database."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from posapp.domain.actors import TILL
from posapp.domain.errors import EnvironmentProblem, InvalidAmount, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import is_remainder_tag
from posapp.domain.money import ZERO, Won
from posapp.domain.refunds import ENDED, Refund, RefundOrigin, RefundState
from posapp.services.bookkeeping.item_parts import divide_again
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.bookkeeping.refund_records import journal_intent, refund_entry
from posapp.services.bookkeeping.refund_tax import with_tax_free
from posapp.services.ports.journal import Intent, LedgerPosition, RefundJournal
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

MANY = 100_000
RECOVERED = "recovered"
"""Outbox error of a recovered intent: staff decide."""

_OPEN = tuple(state for state in RefundState if state not in ENDED)


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """Entries that the journal had and the database lacked.

    Attributes:
        entered: refunds entered again; staff must decide on them.
        reported: intents of payments that the database does not know, or whose refunds would exceed
            the payment: each payment is a mismatch with the known data.
        database_is_older: the database is older than the journal, or another one: it was restored
            from a backup.
        unreadable: number of unreadable lines in the journal; they are set aside.
        trouble: why the journal could not be read or written; sales continue.
        mark: the ledger's end at that time.
    """

    entered: tuple[Refund, ...] = ()
    reported: tuple[Intent, ...] = ()
    database_is_older: bool = False
    unreadable: int = 0
    trouble: EnvironmentProblem | None = None
    mark: LedgerPosition | None = None


def recover_journal(store: Store, journal: RefundJournal, clock: Clock) -> RecoveryReport:
    """Enter intents that the database lacks. Runs once after each opening, before anything is
    decided or sent.

    Nothing is sent for them: each is entered under its own tag as a refund that needs review, with
    an abandoned outbox entry. If PortOne knows the tag, reconciliation confirms it.

    Raises:
        EnvironmentProblem: the database failed; nothing is lost, the next start repeats it.
    """
    now = clock.now()
    trouble: EnvironmentProblem | None = None
    left_off: LedgerPosition | None = None
    kept: tuple[Intent, ...] = ()
    unreadable = 0
    try:
        left_off, kept, unreadable = journal.mark(), journal.open_intents(), journal.unreadable()
    except EnvironmentProblem as problem:
        trouble = problem
    with store.transaction() as uow:
        database_is_older = _is_older_than_journal(uow, left_off)
        if database_is_older:
            uow.checkpoints.set_behind(now)
        is_behind = uow.checkpoints.behind_since() is not None  # also if the journal is lost
        if is_behind:
            _doubt_sends(uow, now)
        ends: dict[str, RefundState] = {}
        entered: list[Refund] = []
        reported: list[Intent] = []
        for intent in kept:
            found = _with_tag(uow, intent)
            if found is None:
                refund = _enter(uow, intent, now)
                if refund is None:
                    reported.append(intent)
                else:
                    entered.append(refund)
            elif not found.is_open:
                ends[intent.tag] = found.state
        _report(uow, reported, now)
        mark = LedgerPosition(*uow.ledger.end())
        known = {intent.tag for intent in kept}
        unkept = [
            journal_intent(uow, refund)
            for refund in uow.refunds.in_states(_OPEN, MANY)
            if refund.origin is not RefundOrigin.EXTERNAL and refund.tag not in known
        ]
        if entered or reported or is_behind:
            uow.commit()
    if trouble is None:
        trouble = _update_journal(journal, unkept, ends, mark)
    if trouble is not None:
        log.error("the journal of refunds: %s %s", trouble.code, trouble.detail)
    if entered or reported or database_is_older:
        log.error(
            "the journal knew what the database did not: %s entered, %s reported, went back: %s",
            [refund.tag for refund in entered],
            [intent.tag for intent in reported],
            database_is_older,
        )
    return RecoveryReport(
        tuple(entered), tuple(reported), database_is_older, unreadable, trouble, mark
    )


def record_lost_intents(
    uow: UnitOfWork, refund: Refund, intents: Sequence[Intent], now: datetime
) -> tuple[Refund, ...]:
    """Enter the lost intents of a refund's payment before any further send for it. The payment was
    unknown when they were reported and is known now.

    If none can be entered, mark the refund as possibly sent just now: a lost intent may be the same
    money. The caller commits.

    Args:
        intents: the journal's intents without an end.
    """
    lost = [one for one in intents if one.imp_uid == refund.imp_uid and _with_tag(uow, one) is None]
    entered = []
    for intent in lost:
        kept = _enter(uow, intent, now) if refund.state is RefundState.APPROVED else None
        if kept is not None:
            entered.append(kept)
    if lost and not entered and refund.last_unknown_at is None:
        uow.refunds.save(replace(refund, send_count=max(1, refund.send_count), last_unknown_at=now))
    return tuple(entered)


def _update_journal(
    journal: RefundJournal, unkept: list[Intent], ends: dict[str, RefundState], mark: LedgerPosition
) -> EnvironmentProblem | None:
    """Write the database's state to the journal; return the disk's error, or ``None``."""
    try:
        journal.add(unkept, ends, mark)
        journal.compact()
    except EnvironmentProblem as problem:
        return problem
    return None


def _is_older_than_journal(uow: UnitOfWork, mark: LedgerPosition | None) -> bool:
    if mark is None or mark.seq == 0:
        return False
    rows = uow.ledger.rows(mark.seq - 1, 1)
    return not rows or (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)


def _doubt_sends(uow: UnitOfWork, now: datetime) -> None:
    """Mark every open refund of an older file as possibly sent just now: the newer file may have
    sent it again. An untagged cancellation of its amount may be it, and may still be on its way."""
    for refund in uow.refunds.in_states(_OPEN, MANY):
        uow.refunds.save(replace(refund, send_count=max(1, refund.send_count), last_unknown_at=now))


def _with_tag(uow: UnitOfWork, intent: Intent) -> Refund | None:
    refunds = uow.refunds.of_payment(intent.imp_uid)
    return next((refund for refund in refunds if refund.tag == intent.tag), None)


def _enter(uow: UnitOfWork, intent: Intent, now: datetime) -> Refund | None:
    """Enter an intent again; ``None`` if its payment is unknown or the refund is not accepted."""
    payment = uow.payments.get(intent.imp_uid)
    if payment is None or not divide_again(uow, intent.tag, payment, intent.amount, TILL, now):
        return None
    origin = RefundOrigin.REJECTED_PAYMENT if intent.item_id is None else RefundOrigin.ITEM
    covers = ""
    if is_remainder_tag(intent.tag):
        order = uow.orders.get(intent.order_id)
        origin = RefundOrigin.ITEM
        covers = " ".join(str(one.id) for one in order.items if one.is_paid) if order else ""
    refund = Refund(
        id=0,
        imp_uid=intent.imp_uid,
        order_id=intent.order_id,
        item_id=intent.item_id,
        origin=origin,
        amount=intent.amount,
        reason=intent.reason,
        tag=intent.tag,
        requested_by=intent.requested_by,
        approved_by=intent.approved_by,
        created_at=intent.created_at,
        state=RefundState.NEEDS_REVIEW,
        covers=covers,
        till=intent.till,
        # It may have been sent just now: an untagged cancellation of its amount may be it, and one
        # refusal is not proof.
        send_count=1,
        last_unknown_at=now,
    )
    try:
        kept = uow.refunds.add(with_tax_free(uow, refund))
    except (UserError, InvalidAmount):
        return None
    uow.outbox.enqueue(kept, now)
    uow.outbox.escalate(kept.id, RECOVERED)
    uow.ledger.append(refund_entry(LedgerEvent.REFUND_APPROVED, kept, ZERO, now))
    return kept


def _report(uow: UnitOfWork, intents: list[Intent], now: datetime) -> None:
    """Note one mismatch per payment, with the known data of each of its intents."""
    in_order = sorted(intents, key=lambda intent: intent.imp_uid)
    for imp_uid, group in groupby(in_order, key=lambda intent: intent.imp_uid):
        lost = list(group)
        note_mismatch(
            uow,
            MismatchKind.LOST_INTENT,
            merchant_uid="",
            imp_uid=imp_uid,
            amount=sum((intent.amount for intent in lost), Won(0)),
            evidence="\n".join(_described(intent) for intent in lost),
            found_at=now,
        )


def _described(intent: Intent) -> str:
    return " · ".join(
        (
            intent.tag,
            f"order {intent.order_id}",
            "payment" if intent.item_id is None else f"item {intent.item_id}",
            f"{intent.amount}",
            intent.reason,
            f"{intent.requested_by} → {intent.approved_by}",
            intent.created_at.isoformat(),
        )
    )
