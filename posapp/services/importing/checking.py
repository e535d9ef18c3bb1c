"""Payments that files claim: PortOne is asked for each by its number before it counts.

A file is somebody's word. Its payments wait: they are in no ledger, their orders cannot be handed
over, refunded or paid anew. What PortOne shows just so is recorded then; what it does not know, or
knows otherwise, is named with the file's line, and the order stays unpaid.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from posapp.domain.claims import ClaimProblem, ClaimState, PaymentClaim, problem_of_claim
from posapp.domain.errors import GatewayCause, GatewayError
from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.orders import Order
from posapp.domain.payments import Payment, PaymentStanding, ReportedPayment
from posapp.domain.refunds import Refund
from posapp.domain.requests import RequestKind, RequestState
from posapp.domain.verification import UNDECIDED, Problem
from posapp.services.account import refuse_another_account
from posapp.services.chores import STANDING, Done
from posapp.services.importing.captured import ACTOR
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.store import Store, UnitOfWork

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Claims that one run asks for: other chores get their turn between."""

IDLE_MS = 600_000
AGAIN_MS = 5_000
AGAIN_AT_MOST_MS = 60_000
"""Pauses while nothing waits, and after PortOne could not be reached: doubled in a row."""

LATER = timedelta(minutes=1)
LATER_AT_MOST = timedelta(hours=6)
"""Pauses of one claim after an answer that means nothing: doubled in a row."""

OF_ONE = frozenset(
    {GatewayCause.GARBAGE, GatewayCause.SERVER, GatewayCause.REFUSED, GatewayCause.NOT_FOUND}
)
"""Causes that say something about one payment; any other is about the way there, or the keys."""

KINDS: Mapping[Problem | ClaimProblem, MismatchKind] = {
    ClaimProblem.NOT_AT_PORTONE: MismatchKind.NOT_AT_PORTONE,
    ClaimProblem.CANCELS_DIFFER: MismatchKind.CANCELS_DIFFER,
    Problem.AMOUNT_DIFFERS: MismatchKind.AMOUNT_DIFFERS,
    **dict.fromkeys(UNDECIDED, MismatchKind.UNKNOWN_STATUS),
}
"""How a denied claim is named; anything else is another's payment."""


class ClaimChecking:
    """The chore that asks for claimed payments and records what PortOne shows.

    Args:
        live: the till takes real money: payments of test channels are none, and the other way
            round.
    """

    name = "claims"

    def __init__(self, store: Store, gateway: PaymentGateway, clock: Clock, *, live: bool) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._live = live
        self._lock = threading.Lock()
        self._due_ms = clock.monotonic()
        self._failures = 0

    def due_in_ms(self) -> int:
        """Milliseconds until a claim is due."""
        with self._lock:
            return max(0, self._due_ms - self._clock.monotonic())

    def run(self) -> Done:
        """Ask for the claims that are due; see ``Chore``."""
        self._wait(AGAIN_MS)
        with self._store.reading() as uow:
            due = uow.claims.due(self._clock.now(), AT_ONCE)
        error: GatewayError | None = None
        try:
            if due:  # what another account does not know says nothing
                refuse_another_account(self._store, self._gateway, self._clock.now())
            for claim in due:
                self._ask(claim)
        except GatewayError as raised:
            error = raised
        self._schedule(error)
        return Done((STANDING,) if due else (), error, asked=bool(due))

    def _ask(self, claim: PaymentClaim) -> None:
        try:
            reported = self._gateway.read(claim.imp_uid)
        except GatewayError as error:
            if error.cause not in OF_ONE:
                raise
            self._postpone(claim.order_id)
        else:
            self.settle({claim.imp_uid: reported})

    def waiting(self) -> tuple[PaymentClaim, ...]:
        """The claims that PortOne has not answered for."""
        with self._store.reading() as uow:
            return uow.claims.waiting()

    def settle(self, readings: Mapping[str, ReportedPayment | None]) -> None:
        """Record, or name, the claims of these fresh readings, all in one transaction.

        Args:
            readings: by imp_uid; ``None`` where PortOne does not know it.
        """
        now = self._clock.now()
        facts: list[NewEntry] = []
        with self._store.writing() as uow:
            for claim in uow.claims.waiting():
                if claim.imp_uid not in readings:
                    continue
                reported = readings[claim.imp_uid]
                problem = self._problem(uow, claim, reported)
                if problem is not None or reported is None:
                    _deny(uow, claim, reported, problem or ClaimProblem.NOT_AT_PORTONE, now)
                else:
                    facts += _enter(uow, claim, reported)
            for fact in sorted(facts, key=lambda each: each.at):
                uow.ledger.append(fact)
            uow.commit()

    def _problem(
        self, uow: UnitOfWork, claim: PaymentClaim, reported: ReportedPayment | None
    ) -> Problem | ClaimProblem | None:
        if reported is None:
            return ClaimProblem.NOT_AT_PORTONE
        problem = problem_of_claim(claim, reported, live=self._live)
        if problem is not None:
            return problem
        if uow.payments.get(claim.imp_uid) is not None:
            return Problem.USED_BEFORE
        return _problem_of_order(uow, claim, uow.orders.get(claim.order_id))

    def _postpone(self, order_id: int) -> None:
        now = self._clock.now()
        with self._store.writing() as uow:
            claim = uow.claims.of_order(order_id)
            if claim is not None and claim.state is ClaimState.WAITING:
                uow.claims.save(_later(claim, now))
                uow.commit()

    def _schedule(self, error: GatewayError | None) -> None:
        if error is not None:
            self._wait(min(AGAIN_MS << min(self._failures, 10), AGAIN_AT_MOST_MS))
            self._failures += 1
            return
        self._failures = 0
        with self._store.reading() as uow:
            due_at = uow.claims.next_due()
        pause = IDLE_MS
        if due_at is not None:
            pause = (due_at - self._clock.now()) // timedelta(milliseconds=1)
        self._wait(min(max(1, pause), IDLE_MS))

    def _wait(self, milliseconds: int) -> None:
        with self._lock:
            self._due_ms = self._clock.monotonic() + milliseconds


def _problem_of_order(uow: UnitOfWork, claim: PaymentClaim, order: Order | None) -> Problem | None:
    """The order has to be as it was taken out of the file."""
    if order is None:
        return Problem.ORDER_GONE
    if order.is_paid or uow.payments.accepted_of_order(order.id) is not None:
        return Problem.ORDER_PAID
    before = {item.id: item.status for item in claim.items_before()}
    untouched = before == {item.id: item.status for item in order.items}
    return None if untouched else Problem.ORDER_CHANGED


def _later(claim: PaymentClaim, now: datetime) -> PaymentClaim:
    pause = min(LATER * 2 ** min(claim.checks, 10), LATER_AT_MOST)
    return replace(claim, checks=claim.checks + 1, due_at=now + pause)


def _deny(
    uow: UnitOfWork,
    claim: PaymentClaim,
    reported: ReportedPayment | None,
    problem: Problem | ClaimProblem,
    now: datetime,
) -> None:
    """Name what does not fit. An answer that decides nothing is asked for again."""
    if problem in UNDECIDED:
        uow.claims.save(_later(claim, now))
    else:
        denied = replace(claim, state=ClaimState.DENIED, due_at=None, problem=problem.value)
        uow.claims.save(denied)
    log.warning("the payment of %s (order %s): %s", claim.source, claim.order_id, problem)
    there = (
        f"{reported.merchant_uid} {reported.amount} -{reported.cancelled} {reported.status}"
        if reported is not None
        else "-"
    )
    told = f"order {claim.order_id} {claim.merchant_uid} {claim.amount} -{claim.refunded}"
    uow.mismatches.note(
        Mismatch(
            id=0,
            kind=KINDS.get(problem, MismatchKind.FOREIGN_PAYMENT),
            merchant_uid=claim.merchant_uid,
            imp_uid=claim.imp_uid,
            amount=claim.amount,
            evidence=f"{problem}: {claim.source}: {told}; PortOne {there}",
            found_at=now,
        )
    )


def _enter(uow: UnitOfWork, claim: PaymentClaim, reported: ReportedPayment) -> list[NewEntry]:
    """Payment, refunds, items and requests as the file has them; returns the ledger's facts."""
    paid_at = reported.paid_at or claim.paid_at
    uow.claims.save(replace(claim, state=ClaimState.CONFIRMED, due_at=None))
    uow.orders.save_items(claim.items)
    uow.payments.add(
        Payment(
            claim.imp_uid,
            claim.merchant_uid,
            claim.order_id,
            reported.amount,
            paid_at,
            PaymentStanding.ACCEPTED,
            reported.receipt_url,
            reported.sandbox,
        )
    )
    captured = NewEntry(
        Fact.PAYMENT_CAPTURED,
        reported.amount,
        ACTOR,
        paid_at,
        order_id=claim.order_id,
        imp_uid=claim.imp_uid,
        reference=claim.imp_uid,
        reason=claim.source,
    )
    kept: dict[int | None, int] = {}
    balance = reported.amount
    for refund in claim.refunds:
        kept[refund.item_id] = uow.refunds.add(replace(refund, checksum=balance)).id
        balance -= refund.amount
    for request in claim.requests:
        approved = (request.kind, request.state) == (RequestKind.REFUND, RequestState.OK)
        refund_id = kept[request.item_id] if approved else None
        uow.requests.add(replace(request, refund_id=refund_id))
    return [captured, *(_refunded(refund) for refund in claim.refunds)]


def _refunded(refund: Refund) -> NewEntry:
    return NewEntry(
        Fact.REFUND_CONFIRMED,
        -refund.amount,
        ACTOR,
        refund.created_at,
        order_id=refund.order_id,
        item_id=refund.item_id,
        imp_uid=refund.imp_uid,
        reference=refund.cancellation_id,
        reason=refund.reason,
    )
