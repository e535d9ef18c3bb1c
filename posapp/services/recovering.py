"""Bringing back what only the journal knows, once after each opening of the database."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from posapp.domain.errors import EnvironmentProblem, InvalidAmount, UserError
from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO, Won
from posapp.domain.numbers import is_of_rest
from posapp.domain.refunds import ENDED, Refund, RefundOrigin, RefundState
from posapp.services.mismatch_notes import note_mismatch
from posapp.services.ports.journal import Intent, IntentJournal, Mark, intent_of
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import refund_fact

log = logging.getLogger(__name__)

MANY = 100_000
RECOVERED = "recovered"
"""What the outbox says about an intent that came back: a person decides."""

_OPEN = tuple(state for state in RefundState if state not in ENDED)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What the journal knew and the database did not.

    Attributes:
        entered: refunds that are in the database again and wait for a person.
        reported: intents of payments that the database does not know, or has no room for: each
            payment is a mismatch with what is known of it.
        went_back: the database is older than the journal, or another: it was put back from a copy.
        unreadable: lines of the journal that could not be read; they are set aside.
        trouble: why the journal could not be read or written; the shop sells all the same.
        mark: the end of the ledger as it was then.
    """

    entered: tuple[Refund, ...] = ()
    reported: tuple[Intent, ...] = ()
    went_back: bool = False
    unreadable: int = 0
    trouble: EnvironmentProblem | None = None
    mark: Mark | None = None


def recover(store: Store, journal: IntentJournal, clock: Clock) -> Recovered:
    """Bring intents back that the database does not know. Once after each opening, before anything
    is decided or sent.

    Nothing is sent for them: each is entered under its own tag as a refund that needs a person,
    with an abandoned outbox entry. If PortOne knows the tag, reconciling confirms it.

    Raises:
        EnvironmentProblem: the database; nothing was lost, it is done again by the next start.
    """
    now = clock.now()
    trouble: EnvironmentProblem | None = None
    left_off: Mark | None = None
    kept: tuple[Intent, ...] = ()
    unreadable = 0
    try:
        left_off, kept, unreadable = journal.mark(), journal.without_end(), journal.unreadable()
    except EnvironmentProblem as problem:
        trouble = problem
    with store.writing() as uow:
        went_back = _went_back(uow, left_off)
        if went_back:
            uow.milestones.set_behind(now)
        is_behind = uow.milestones.behind_since() is not None  # also where the journal is lost
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
        mark = Mark(*uow.ledger.end())
        known = {intent.tag for intent in kept}
        unkept = [
            intent_of(refund)
            for refund in uow.refunds.in_states(_OPEN, MANY)
            if refund.origin is not RefundOrigin.ELSEWHERE and refund.tag not in known
        ]
        if entered or reported or is_behind:
            uow.commit()
    if trouble is None:
        trouble = _bring_up(journal, unkept, ends, mark)
    if trouble is not None:
        log.error("the journal of refunds: %s %s", trouble.code, trouble.detail)
    if entered or reported or went_back:
        log.error(
            "the journal knew what the database did not: %s entered, %s reported, went back: %s",
            [refund.tag for refund in entered],
            [intent.tag for intent in reported],
            went_back,
        )
    return Recovered(tuple(entered), tuple(reported), went_back, unreadable, trouble, mark)


def enter_lost(
    uow: UnitOfWork, refund: Refund, intents: Sequence[Intent], now: datetime
) -> tuple[Refund, ...]:
    """Enter the intents of a refund's payment that the records do not have, before anything more of
    it is sent: the payment was not known when they were reported, and is now.

    A lost intent for which there is no room leaves the refund in doubt: it may be the same money,
    and may have been sent not long ago. The caller commits.

    Args:
        intents: those of the journal that have no end.
    """
    lost = [one for one in intents if one.imp_uid == refund.imp_uid and _with_tag(uow, one) is None]
    entered = []
    for intent in lost:
        kept = _enter(uow, intent, now) if refund.state is RefundState.APPROVED else None
        if kept is not None:
            entered.append(kept)
    if lost and not entered and refund.unclear_at is None:
        uow.refunds.save(replace(refund, sends=max(1, refund.sends), unclear_at=now))
    return tuple(entered)


def _bring_up(
    journal: IntentJournal, unkept: list[Intent], ends: dict[str, RefundState], mark: Mark
) -> EnvironmentProblem | None:
    """Bring the journal to where the database is; return what the disk said against it."""
    try:
        journal.add(unkept, ends, mark)
        journal.tidy_up()
    except EnvironmentProblem as problem:
        return problem
    return None


def _went_back(uow: UnitOfWork, mark: Mark | None) -> bool:
    if mark is None or mark.seq == 0:
        return False
    rows = uow.ledger.rows(mark.seq - 1, 1)
    return not rows or (rows[0].seq, rows[0].hash) != (mark.seq, mark.hash)


def _doubt_sends(uow: UnitOfWork, now: datetime) -> None:
    """Whatever an older file says of a refund that is not over, the newer one may have sent it,
    once more and not long ago: a line of its amount without a tag may be it, and it may land."""
    for refund in uow.refunds.in_states(_OPEN, MANY):
        uow.refunds.save(replace(refund, sends=max(1, refund.sends), unclear_at=now))


def _with_tag(uow: UnitOfWork, intent: Intent) -> Refund | None:
    refunds = uow.refunds.of_payment(intent.imp_uid)
    return next((refund for refund in refunds if refund.tag == intent.tag), None)


def _enter(uow: UnitOfWork, intent: Intent, now: datetime) -> Refund | None:
    """Enter an intent again; ``None`` if the database has no such payment or no room for it."""
    if uow.payments.get(intent.imp_uid) is None:
        return None
    origin = RefundOrigin.REJECTED_PAYMENT if intent.item_id is None else RefundOrigin.ITEM
    covers = ""
    if is_of_rest(intent.tag):
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
        asked_by=intent.asked_by,
        approved_by=intent.approved_by,
        created_at=intent.created_at,
        state=RefundState.NEEDS_PERSON,
        covers=covers,
        # It may have been sent, and not long ago: a line of its amount without a tag may be it,
        # and a refusal is not believed at once.
        sends=1,
        unclear_at=now,
    )
    try:
        kept = uow.refunds.add(refund)
    except (UserError, InvalidAmount):
        return None
    uow.outbox.enqueue(kept, now)
    uow.outbox.hand_over(kept.id, RECOVERED)
    uow.ledger.append(refund_fact(Fact.REFUND_APPROVED, kept, ZERO, now))
    return kept


def _report(uow: UnitOfWork, intents: list[Intent], now: datetime) -> None:
    """One mismatch a payment, with everything that is known of each of its intents."""
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
            f"{intent.asked_by} → {intent.approved_by}",
            intent.created_at.isoformat(),
        )
    )
