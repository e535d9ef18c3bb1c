"""Processes the outbox: claims an entry, carries out one round, settles or postpones it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from zlib import crc32

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.services.bookkeeping.refund_records import journal_intent
from posapp.services.maintenance.recover_journal import RECOVERED, record_lost_intents
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.outbox import OutboxEntry
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.refunds.refund_strategy import RefundStrategy, StepOutcome, StepResult
from posapp.services.runtime.connectivity import NO_NETWORK
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=20)
"""Longer than a round can take: three calls, each with new tokens and a second try, are about
twelve exchanges of 75 seconds. Claims of a killed program are released at its next start."""

FIRST_PAUSE = timedelta(seconds=3)
LONGEST_PAUSE = timedelta(seconds=60)
JITTER_MS = 2_000


@dataclass(frozen=True, slots=True)
class ProcessedRefund:
    """Result of one processed outbox entry.

    Attributes:
        state: the refund's state afterwards.
        why: what it waits for, or why it needs a person.
        error: PortOne's error, if there was one.
        contacted_gateway: PortOne was asked.
    """

    refund_id: int
    state: RefundState | None
    why: str
    error: GatewayError | None
    contacted_gateway: bool


class RefundWorker:
    """Processes outbox entries, from several threads if needed; each entry is claimed by one.

    Args:
        journal: receives every intent before it is sent, so that an older copy of the database
            learns of a send that PortOne carries out only after that copy was compared.
    """

    def __init__(
        self,
        store: Store,
        refund_strategy: RefundStrategy,
        clock: Clock,
        journal: RefundJournal | None = None,
    ) -> None:
        self._store = store
        self._refund_strategy = refund_strategy
        self._clock = clock
        self._journal = journal

    def claim(self) -> OutboxEntry | None:
        """Claim the next due entry, or return ``None``."""
        now = self._clock.now()
        with self._store.transaction() as uow:
            entry = uow.outbox.claim(now, now + LEASE)
            if entry is not None:
                uow.commit()
            return entry

    def process(self, entry: OutboxEntry) -> ProcessedRefund:
        """Carry out one round of a claimed entry and record its result in the outbox.

        Raises:
            EnvironmentProblem: disk or keyring; the entry is postponed if the disk permits that,
                else its lease expires.
        """
        try:
            self._keep_intent(entry.refund_id)
            if self._record_lost_intents(entry.refund_id):
                result = StepResult(StepOutcome.LATER, RECOVERED, contacted_gateway=False)
            else:
                result = self._refund_strategy.run_once(entry.refund_id, entry.attempts)
        except EnvironmentProblem as problem:
            self._give_back(entry, problem.code.value)
            raise
        except Exception as bug:
            # An unexpected error, which the caller reports. The entry must not be shown as being
            # sent until its lease expires.
            self._give_back(entry, type(bug).__name__)
            raise
        with self._store.transaction() as uow:
            if result.outcome is StepOutcome.OVER:
                held = uow.outbox.settle(entry)
            elif result.outcome is StepOutcome.PERSON:
                held = uow.outbox.abandon(entry, result.why)
            else:
                due_at = self._clock.now() + _pause(entry, result)
                held = uow.outbox.postpone(entry, due_at, result.why)
            refund = uow.refunds.get(entry.refund_id)
            uow.commit()
        if not held:
            log.warning("outbox entry %s was claimed again meanwhile", entry.id)
        if result.outcome is StepOutcome.PERSON:
            log.error("refund %s needs a person: %s", entry.refund_id, result.why)
        state = refund.state if refund is not None else None
        return ProcessedRefund(
            entry.refund_id, state, result.why, result.error, result.contacted_gateway
        )

    def _keep_intent(self, refund_id: int) -> None:
        """Write the intent to the journal. The journal job runs once a second; a send may be
        faster."""
        if self._journal is None:
            return
        with self._store.snapshot() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None or not refund.is_open or refund.origin is RefundOrigin.EXTERNAL:
                return
            intent = journal_intent(uow, refund)
        try:
            if not self._journal.contains(intent.tag):
                self._journal.add([intent])
        except EnvironmentProblem as problem:
            # The refund does not wait for its second record.
            log.warning("refund %s is not in the journal: %s", refund_id, problem.code)

    def _record_lost_intents(self, refund_id: int) -> bool:
        """Record the intents of the same payment that only the journal has; return whether there
        were any. A person decides about them before anything more of that payment is sent."""
        if self._journal is None:
            return False
        try:
            intents = self._journal.open_intents()
        except EnvironmentProblem as problem:
            log.warning("refund %s is sent without the journal: %s", refund_id, problem.code)
            return False
        with self._store.snapshot() as uow:
            refund = uow.refunds.get(refund_id)
        if refund is None or not any(
            one.imp_uid == refund.imp_uid and one.tag != refund.tag for one in intents
        ):
            return False
        with self._store.transaction() as uow:
            refund = uow.refunds.get(refund_id)
            entered = record_lost_intents(uow, refund, intents, self._clock.now()) if refund else ()
            uow.commit()
        if entered:
            log.error("the journal knew %s, and the database did not", [x.tag for x in entered])
        return bool(entered)

    def network_back(self) -> None:
        """Make the entries due now that wait only for a network."""
        with self._store.transaction() as uow:
            uow.outbox.expedite_offline(self._clock.now(), NO_NETWORK)
            uow.commit()

    def _give_back(self, entry: OutboxEntry, why: str) -> None:
        with self._store.transaction() as uow:
            uow.outbox.postpone(entry, self._clock.now() + LONGEST_PAUSE, why)
            uow.commit()


def to_event(sent: ProcessedRefund, now: datetime) -> SyncEvent:
    """Return the result of one round as an event for the sync status."""
    what = _WHAT.get(sent.state, SyncEventKind.POSTPONED) if sent.state else SyncEventKind.POSTPONED
    return SyncEvent(now, what, refund_id=sent.refund_id, detail=sent.why)


_WHAT = {
    RefundState.CONFIRMED: SyncEventKind.REFUNDED,
    RefundState.REFUSED: SyncEventKind.REFUSED,
    RefundState.NEEDS_REVIEW: SyncEventKind.NEEDS_REVIEW,
}


def _pause(entry: OutboxEntry, result: StepResult) -> timedelta:
    doublings = min(max(entry.attempts - 1, 0), 10)
    pause = min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
    retry_after = result.error.retry_after if result.error is not None else None
    if retry_after is not None:
        # An extra delay by payment: entries with the same retry_after retry at different times.
        apart = timedelta(milliseconds=crc32(entry.payment_key.encode()) % JITTER_MS)
        pause = max(pause, timedelta(seconds=retry_after)) + apart
    return max(pause, result.pause or timedelta(0))
