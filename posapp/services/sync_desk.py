"""What is not sent yet, why, and what a person can do about it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.refunds import Refund, RefundState, RefundTrigger
from posapp.services.open_money import requeue
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import OutboxState, Unsent, UnsentTotals
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.sync_board import Board, Happening, Standing
from posapp.services.sync_light import Facts, Light, Reason, light_of

log = logging.getLogger(__name__)

TAKEN_OVER = "taken_over"
"""Why an entry is abandoned that a person took out of the automatic's hands."""

TOLD = 40
"""Happenings that a report tells of."""

MOST_MISMATCHES = 1_000
"""Open mismatches that are counted; a shop with more of them has a list to work through."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened, and the refund that it is about, if there is one."""

    what: Happening
    refund: Refund | None = None


@dataclass(frozen=True, slots=True)
class SyncReport:
    """How things stand, at one moment.

    Attributes:
        at: when it was read (UTC).
        waiting: what is not sent, those first that need a person; at most as many as were asked
            for, ``totals`` counts all.
        mismatches: how many are open; ``mismatch_amount`` is their sum in won.
        recent: what happened, newest first.
        live: QRs that may still be paid.
        is_behind: the file is an older copy that was not compared with PortOne's books yet;
            nothing in it is paid, cancelled, decided or handed over before that.
    """

    at: datetime
    standing: Standing
    light: Light
    reason: Reason
    waiting: tuple[Unsent, ...] = ()
    totals: UnsentTotals = field(default_factory=UnsentTotals)
    mismatches: int = 0
    mismatch_amount: int = 0
    recent: tuple[Happened, ...] = ()
    live: int = 0
    is_behind: bool = False

    @property
    def is_safe_to_leave(self) -> bool:
        """Nothing goes on that somebody would have to see: every way out asks this and no other
        question. What waits for a person stays on the list whether the program runs or not."""
        return not self.totals.count and not self.live


class SyncDesk:
    """Reads how things stand, and lets a person hurry, requeue or take over what is not sent."""

    def __init__(
        self,
        store: Store,
        board: Board,
        clock: Clock,
        wake: Callable[[], None],
        reconcile_now: Callable[[], None],
    ) -> None:
        self._store = store
        self._board = board
        self._clock = clock
        self._wake = wake
        self._reconcile_now = reconcile_now

    def report(self, limit: int = 200) -> SyncReport:
        """Read how things stand now. Local; quick however much waits.

        Raises:
            EnvironmentProblem: the records cannot be read.
        """
        standing, recent = self._board.standing, self._board.recent()[:TOLD]
        with self._store.reading() as uow:
            totals = uow.outbox.unsent_totals()
            waiting = uow.outbox.unsent(limit)
            mismatches = uow.mismatches.open(MOST_MISMATCHES)
            happened = tuple(_happened(uow, recent))
            live = len(uow.attempts.live())
            is_behind = uow.milestones.behind_since() is not None
        light, reason = light_of(Facts(totals, len(mismatches), standing, live))
        return SyncReport(
            at=self._clock.now(),
            standing=standing,
            light=light,
            reason=reason,
            waiting=waiting,
            totals=totals,
            mismatches=len(mismatches),
            mismatch_amount=sum(int(one.amount) for one in mismatches),
            recent=happened,
            live=live,
            is_behind=is_behind,
        )

    def try_now(self, refund_id: int) -> None:
        """Let a waiting refund be tried now. It is read before anything is sent. One that is being
        sent, or is over by now, needs nothing.

        Raises:
            UserError: ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: a person has it, and it is for
                a person to ``requeue`` it.
        """
        with self._store.writing() as uow:
            if uow.refunds.get(refund_id) is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            entry = uow.outbox.unsent_one(refund_id)
            if entry is not None and entry.needs_person:
                raise UserError(ErrorCode.REFUND_NOT_WAITING)
            if entry is not None:
                uow.outbox.requeue(refund_id, self._clock.now())
            uow.commit()
        self._wake()

    def try_all(self) -> int:
        """Let everything that waits be tried now, in its order; what a person has stays there.
        Returns how many there are."""
        with self._store.writing() as uow:
            count = uow.outbox.hasten(self._clock.now())
            uow.commit()
        self._wake()
        return count

    def requeue(self, refund_id: int) -> None:
        """Give a refund back to the automatic. It is read before anything is sent.

        Raises:
            UserError: ``REFUND_UNKNOWN``.
        """
        with self._store.writing() as uow:
            requeue(uow, refund_id, self._clock.now())
            uow.commit()
        log.info("refund %s requeued by a person", refund_id)
        self._wake()

    def take_over(self, refund_id: int) -> None:
        """Take a refund out of the automatic's hands: nothing is sent for it, nor for later
        refunds of its payment, until it is requeued or decided on (``OpenMoney``).

        Raises:
            UserError: ``REFUND_UNKNOWN``; ``REFUND_NOT_WAITING``: it is being sent this moment, is
                over, or in a person's hands already; ``REFUND_IN_FLIGHT``: an earlier refund of
                its payment is not over, and only one of a payment may be open at a time.
        """
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            entry = uow.outbox.unsent_one(refund_id)
            if entry is None or entry.state is not OutboxState.WAITING or entry.needs_person:
                raise UserError(ErrorCode.REFUND_NOT_WAITING)
            if entry.waits_behind is not None:
                raise UserError(ErrorCode.REFUND_IN_FLIGHT)
            if refund.state is RefundState.SENDING:  # cut off there: nobody holds the entry
                unclear = refund.after(RefundTrigger.ANSWER_UNCLEAR)
                refund = replace(unclear, unclear_at=self._clock.now())
            uow.refunds.save(refund.after(RefundTrigger.GIVEN_TO_PERSON))
            uow.outbox.hand_over(refund_id, TAKEN_OVER)
            uow.commit()
        log.warning("refund %s taken over by a person", refund_id)
        self._wake()

    def reconcile_now(self) -> None:
        """Compare with PortOne's books as soon as it can be done."""
        self._reconcile_now()
        self._wake()


def _happened(uow: UnitOfWork, recent: Iterable[Happening]) -> Iterable[Happened]:
    known: dict[int, Refund | None] = {0: None}
    for one in recent:
        if one.refund_id not in known:
            known[one.refund_id] = uow.refunds.get(one.refund_id)
        yield Happened(one, known[one.refund_id])
