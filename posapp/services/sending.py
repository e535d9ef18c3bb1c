"""Draining the outbox: claim, carry out one round, settle or postpone."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.services.connectivity import NO_NETWORK
from posapp.services.ports.journal import IntentJournal, intent_of
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import OutboxEntry
from posapp.services.ports.store import Store
from posapp.services.recovering import RECOVERED, enter_lost
from posapp.services.refunding import Refunding, Round, RoundResult
from posapp.services.sync_board import Happening, What

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=20)
"""Longer than a round can take: three calls, each with new tokens and a second try about twelve
exchanges of 75 seconds. Claims of a program that was killed are released at its next start."""

FIRST_PAUSE = timedelta(seconds=3)
LONGEST_PAUSE = timedelta(seconds=60)
APART_MS = 2_000


@dataclass(frozen=True, slots=True)
class Sent:
    """One entry that was worked on.

    Attributes:
        state: the refund's, after it.
        why: what it waits for, or why it needs a person.
        error: PortOne's trouble with it, if any.
        asked: PortOne was asked.
    """

    refund_id: int
    state: RefundState | None
    why: str
    error: GatewayError | None
    asked: bool


class Sending:
    """Works on outbox entries; several threads may, the claims keep them off each other.

    Args:
        journal: has every intent before it is sent, so that an older copy of the database learns
            of a send that PortOne carries out only after that copy was compared.
    """

    def __init__(
        self,
        store: Store,
        refunding: Refunding,
        clock: Clock,
        journal: IntentJournal | None = None,
    ) -> None:
        self._store = store
        self._refunding = refunding
        self._clock = clock
        self._journal = journal

    def claim(self) -> OutboxEntry | None:
        """Take the next due entry, or ``None``."""
        now = self._clock.now()
        with self._store.writing() as uow:
            entry = uow.outbox.claim(now, now + LEASE)
            if entry is not None:
                uow.commit()
            return entry

    def work_on(self, entry: OutboxEntry) -> Sent:
        """Carry out one round of a claimed entry and say in the outbox how it ended.

        Raises:
            EnvironmentProblem: disk or keyring; the entry is given back for later if the disk
                takes that, else its lease ends.
        """
        try:
            self._keep_intent(entry.refund_id)
            if self._enter_lost(entry.refund_id):
                result = RoundResult(Round.LATER, RECOVERED, asked=False)
            else:
                result = self._refunding.carry_out(entry.refund_id, entry.attempts)
        except EnvironmentProblem as problem:
            self._give_back(entry, problem.code.value)
            raise
        except Exception as bug:
            # Nobody foresaw it: told by the caller. What is shown as being sent must not be that
            # until the lease ends.
            self._give_back(entry, type(bug).__name__)
            raise
        with self._store.writing() as uow:
            if result.round is Round.OVER:
                held = uow.outbox.settle(entry)
            elif result.round is Round.PERSON:
                held = uow.outbox.abandon(entry, result.why)
            else:
                due_at = self._clock.now() + _pause(entry, result)
                held = uow.outbox.postpone(entry, due_at, result.why)
            refund = uow.refunds.get(entry.refund_id)
            uow.commit()
        if not held:
            log.warning("outbox entry %s was claimed again meanwhile", entry.id)
        if result.round is Round.PERSON:
            log.error("refund %s needs a person: %s", entry.refund_id, result.why)
        state = refund.state if refund is not None else None
        return Sent(entry.refund_id, state, result.why, result.error, result.asked)

    def _keep_intent(self, refund_id: int) -> None:
        """The chore that journals comes round once a second: a send may be quicker."""
        if self._journal is None:
            return
        with self._store.reading() as uow:
            refund = uow.refunds.get(refund_id)
        if refund is None or not refund.is_open or refund.origin is RefundOrigin.ELSEWHERE:
            return
        try:
            if not self._journal.knows(refund.tag):
                self._journal.add([intent_of(refund)])
        except EnvironmentProblem as problem:
            # The buyer's money does not wait for the second record of it.
            log.warning("refund %s is not in the journal: %s", refund_id, problem.code)

    def _enter_lost(self, refund_id: int) -> bool:
        """Whether the journal knew an intent of the same payment that the records did not, which a
        person decides about before anything more of that payment is sent."""
        if self._journal is None:
            return False
        try:
            intents = self._journal.without_end()
        except EnvironmentProblem as problem:
            log.warning("refund %s is sent without the journal: %s", refund_id, problem.code)
            return False
        with self._store.reading() as uow:
            refund = uow.refunds.get(refund_id)
        if refund is None or not any(
            one.imp_uid == refund.imp_uid and one.tag != refund.tag for one in intents
        ):
            return False
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            entered = enter_lost(uow, refund, intents, self._clock.now()) if refund else ()
            uow.commit()
        if entered:
            log.error("the journal knew %s, and the database did not", [x.tag for x in entered])
        return bool(entered)

    def network_back(self) -> None:
        """What waits for a network only is due now."""
        with self._store.writing() as uow:
            uow.outbox.network_back(self._clock.now(), NO_NETWORK)
            uow.commit()

    def _give_back(self, entry: OutboxEntry, why: str) -> None:
        with self._store.writing() as uow:
            uow.outbox.postpone(entry, self._clock.now() + LONGEST_PAUSE, why)
            uow.commit()


def told(sent: Sent, now: datetime) -> Happening:
    """What one round is to people."""
    what = _WHAT.get(sent.state, What.POSTPONED) if sent.state else What.POSTPONED
    return Happening(now, what, refund_id=sent.refund_id, detail=sent.why)


_WHAT = {
    RefundState.CONFIRMED: What.REFUNDED,
    RefundState.REFUSED: What.REFUSED,
    RefundState.NEEDS_PERSON: What.NEEDS_PERSON,
}


def _pause(entry: OutboxEntry, result: RoundResult) -> timedelta:
    doublings = min(max(entry.attempts - 1, 0), 10)
    pause = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    asked = result.error.retry_after if result.error is not None else None
    if asked is not None:
        # A little later each, so that not everybody who was told the same comes back at once.
        apart = timedelta(milliseconds=crc32(entry.payment_key.encode()) % APART_MS)
        pause = max(pause, timedelta(seconds=asked)) + apart
    return max(pause, result.pause or timedelta(0))
