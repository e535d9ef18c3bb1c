"""Job that copies approved refunds from the ledger into the journal beside the database.

A database restored from a backup lacks the decisions made after that backup. The journal has them:
so no refund is lost, and none is approved a second time unnoticed.
"""

from __future__ import annotations

import logging

from posapp.domain.ledger import LedgerEntry, LedgerEvent
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.bookkeeping.refund_records import journal_intent
from posapp.services.ports.journal import Intent, LedgerPosition, RefundJournal
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.periodic_job import JobResult
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)

IN_TROUBLE_MS = 30_000
MARK_EVERY_MS = 60_000
"""Without refunds, a selling shop writes one line per minute."""

ROWS = 500
_ABOUT_REFUNDS = frozenset(
    {
        LedgerEvent.REFUND_APPROVED,
        LedgerEvent.REFUND_CONFIRMED,
        LedgerEvent.REFUND_REFUSED,
        LedgerEvent.REFUND_WITHDRAWN,
    }
)


class JournalJob:
    """Follows the ledger and copies each intent and each intent's end into the journal.

    Args:
        start: the ledger position up to which ``recover_journal`` has checked everything; without
            it the journal's own mark.
    """

    name = "journal"

    def __init__(
        self,
        store: Store,
        journal: RefundJournal,
        clock: Clock,
        start: LedgerPosition | None = None,
        timings: SyncTimings = TIMINGS,
    ) -> None:
        self._timings = timings
        self._store = store
        self._journal = journal
        self._clock = clock
        self._due_at_ms = clock.monotonic()
        self._seen = start
        self._mark_at_ms = clock.monotonic() + MARK_EVERY_MS

    def due_in_ms(self) -> int:
        """Return the milliseconds until the next read of the ledger."""
        return max(0, self._due_at_ms - self._clock.monotonic())

    def run(self) -> JobResult:
        """Copy new entries.

        Raises:
            EnvironmentProblem: the database or the journal failed; retried in half a minute.
        """
        self._wait(IN_TROUBLE_MS)
        while self._follow() == ROWS:
            pass
        self._wait(self._timings.journal)
        return JobResult()

    def _follow(self) -> int:
        """Copy one page of the ledger; return its number of rows."""
        seen = self._seen or self._journal.mark() or LedgerPosition(0, "")
        with self._store.snapshot() as uow:
            rows = uow.ledger.rows(seen.seq, ROWS)
            refunds = _refunds_of(uow, rows)
            open_intents = _intents_of(uow, refunds)
        if not rows:
            return 0
        mark = LedgerPosition(rows[-1].seq, rows[-1].hash)
        intents, ends = _news(self._journal, refunds, open_intents)
        late = self._clock.monotonic() >= self._mark_at_ms
        if intents or ends or late:
            self._journal.add(intents, ends, mark)
            self._mark_at_ms = self._clock.monotonic() + MARK_EVERY_MS
        self._seen = mark
        return len(rows)

    def _wait(self, milliseconds: int) -> None:
        self._due_at_ms = self._clock.monotonic() + milliseconds


def _refunds_of(uow: UnitOfWork, rows: tuple[LedgerEntry, ...]) -> list[Refund]:
    about = [row.entry for row in rows if row.entry.event in _ABOUT_REFUNDS]
    payments = dict.fromkeys(entry.imp_uid for entry in about)
    return [refund for imp_uid in payments for refund in uow.refunds.of_payment(imp_uid)]


def _intents_of(uow: UnitOfWork, refunds: list[Refund]) -> list[Intent]:
    return [
        journal_intent(uow, refund)
        for refund in refunds
        if refund.is_open and refund.origin is not RefundOrigin.EXTERNAL
    ]


def _news(
    journal: RefundJournal, refunds: list[Refund], open_intents: list[Intent]
) -> tuple[list[Intent], dict[str, RefundState]]:
    waiting = {intent.tag for intent in journal.open_intents()}
    intents = [intent for intent in open_intents if not journal.contains(intent.tag)]
    ends = {one.tag: one.state for one in refunds if not one.is_open and one.tag in waiting}
    return intents, ends
