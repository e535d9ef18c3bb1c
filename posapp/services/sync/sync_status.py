"""Pending refunds, their reasons, and the actions that staff can take."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import Permission
from posapp.domain.refunds import Refund, RefundState, RefundTrigger
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.cash_records import count_open_cash
from posapp.services.bookkeeping.review_records import taken_over_entry
from posapp.services.ports.outbox import OutboxState, PendingRefund, PendingTotals
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.refunds.unresolved_money import requeue, require_resend
from posapp.services.runtime.status_store import SyncEvent, SyncStatus, SyncStatusStore
from posapp.services.sync.close_safety import (
    CloseSafety,
    SafetyInputs,
    SafetyReason,
    close_safety_of,
)

log = logging.getLogger(__name__)

TAKEN_OVER = "taken_over"
"""Outbox error of an entry that staff took over from automatic processing."""

RECENT_EVENTS = 40
"""Maximum number of events in a report."""

MOST_MISMATCHES = 1_000
"""Maximum number of open mismatches that are counted."""


@dataclass(frozen=True, slots=True)
class SyncEventWithRefund:
    """An event with its refund, if it has one."""

    what: SyncEvent
    refund: Refund | None = None


@dataclass(frozen=True, slots=True)
class SyncSnapshot:
    """Sync state at one moment.

    Attributes:
        at: when it was read (UTC).
        waiting: pending refunds, those that need staff first; at most the requested number,
            ``totals`` counts all.
        cash: number of entries of cash that somebody has to act on.
        mismatches: number of open mismatches; ``mismatch_amount`` is their sum in won.
        recent: events, newest first.
        live: number of QRs that may still be paid.
        is_behind: the file is an older copy that is not reconciled with PortOne yet; until then
            nothing in it is paid, cancelled, decided or handed over.
    """

    at: datetime
    status: SyncStatus
    close_safety: CloseSafety
    reason: SafetyReason
    waiting: tuple[PendingRefund, ...] = ()
    totals: PendingTotals = field(default_factory=PendingTotals)
    cash: int = 0
    mismatches: int = 0
    mismatch_amount: int = 0
    recent: tuple[SyncEventWithRefund, ...] = ()
    live: int = 0
    is_behind: bool = False

    @property
    def unresolved(self) -> int:
        """Number of entries of unresolved money: refunds that have not ended, open mismatches, and
        cash that is to be kept or given back."""
        return self.totals.count + self.mismatches + self.cash

    @property
    def for_person(self) -> int:
        """Number of those that wait for staff."""
        return self.totals.for_person + self.mismatches + self.cash

    @property
    def is_safe_to_leave(self) -> bool:
        """Whether nothing is pending and no QR is live; every way to close the program checks only
        this. Refunds that need staff stay on the list while the program is closed."""
        return not self.totals.count and not self.live


class SyncService:
    """Reads the sync state, and lets staff expedite, requeue or take over pending refunds."""

    def __init__(
        self,
        store: Store,
        status_store: SyncStatusStore,
        clock: Clock,
        wake: Callable[[], None],
        reconcile_now: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._status_store = status_store
        self._clock = clock
        self._wake = wake
        self._reconcile_now = reconcile_now
        self._access = access

    def report(self, limit: int = 200) -> SyncSnapshot:
        """Read the current state. Local; fast for any number of pending refunds.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        status, recent = self._status_store.status, self._status_store.recent()[:RECENT_EVENTS]
        with self._store.snapshot() as uow:
            totals = uow.outbox.pending_totals()
            waiting = uow.outbox.pending(limit)
            mismatches = uow.mismatches.open(MOST_MISMATCHES)
            events = tuple(_with_refunds(uow, recent))
            live = len(uow.attempts.live())
            cash = count_open_cash(uow)
            is_behind = uow.checkpoints.behind_since() is not None
        close_safety, reason = close_safety_of(SafetyInputs(totals, len(mismatches), status, live))
        return SyncSnapshot(
            at=self._clock.now(),
            status=status,
            close_safety=close_safety,
            reason=reason,
            waiting=waiting,
            totals=totals,
            cash=cash,
            mismatches=len(mismatches),
            mismatch_amount=sum(int(one.amount) for one in mismatches),
            recent=events,
            live=live,
            is_behind=is_behind,
        )

    def try_now(self, actor: Actor, refund_id: int) -> None:
        """Make a waiting refund due now. Its payment is read before anything is sent. A refund that
        is being sent or has ended needs no action.

        Raises:
            UserError: ``NOT_PERMITTED``; ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: it needs
                staff, who must ``requeue`` it.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SYNC)
            if uow.refunds.get(refund_id) is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            entry = uow.outbox.get_pending(refund_id)
            if entry is not None and entry.needs_person:
                raise UserError(ErrorCode.REFUND_NOT_WAITING)
            if entry is not None:
                uow.outbox.requeue(refund_id, self._clock.now())
            uow.commit()
        log.info("refund %s made due by %s", refund_id, actor)
        self._wake()

    def try_all(self, actor: Actor) -> int:
        """Make all waiting refunds due now, in their order, except those that need staff.

        Returns:
            their number.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.SYNC)
            count = uow.outbox.expedite_all(self._clock.now())
            uow.commit()
        log.info("%s waiting refunds made due by %s", count, actor)
        self._wake()
        return count

    def requeue(self, actor: Actor, refund_id: int) -> None:
        """Return a refund to automatic processing. Its payment is read before anything is sent. If
        the refund needed a person, the ledger names the actor.

        Raises:
            UserError: ``NOT_PERMITTED``; ``REFUND_UNKNOWN``; it is above a limit of the actor
                (``AccessControl.require_refund``).
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            require_resend(self._access, uow, actor, refund_id)
            requeue(uow, actor, refund_id, self._clock.now())
            uow.commit()
        log.info("refund %s requeued by %s", refund_id, actor)
        self._wake()

    def take_over(self, actor: Actor, refund_id: int) -> None:
        """Take a refund out of automatic processing: nothing is sent for it, nor for later refunds
        of its payment, until it is requeued or decided on (``UnresolvedMoneyService``). The ledger
        names the actor.

        Raises:
            UserError: ``NOT_PERMITTED``; ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: it is being
                sent right now, has ended, or staff have it already; ``REFUND_IN_FLIGHT``: an
                earlier refund of its payment is open, and only one per payment may be open at a
                time.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.RESOLVE_MONEY)
            refund = uow.refunds.get(refund_id)
            if refund is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            entry = uow.outbox.get_pending(refund_id)
            if entry is None or entry.state is not OutboxState.WAITING or entry.needs_person:
                raise UserError(ErrorCode.REFUND_NOT_WAITING)
            if entry.waits_behind is not None:
                raise UserError(ErrorCode.REFUND_IN_FLIGHT)
            now = self._clock.now()
            if refund.state is RefundState.SENDING:  # interrupted send: the entry has no lease
                unclear = refund.apply(RefundTrigger.RESPONSE_UNKNOWN)
                refund = replace(unclear, last_unknown_at=now)
            uow.refunds.save(refund.apply(RefundTrigger.ESCALATED))
            uow.outbox.escalate(refund_id, TAKEN_OVER)
            uow.ledger.append(taken_over_entry(actor, refund, entry.why, now))
            uow.commit()
        log.warning("refund %s taken over by %s", refund_id, actor)
        self._wake()

    def reconcile_now(self, actor: Actor) -> None:
        """Reconcile with PortOne as soon as possible.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.SYNC)
        log.info("reconciliation requested by %s", actor)
        self._reconcile_now()
        self._wake()


def _with_refunds(uow: UnitOfWork, recent: Iterable[SyncEvent]) -> Iterable[SyncEventWithRefund]:
    known: dict[int, Refund | None] = {0: None}
    for one in recent:
        if one.refund_id not in known:
            known[one.refund_id] = uow.refunds.get(one.refund_id)
        yield SyncEventWithRefund(one, known[one.refund_id])
