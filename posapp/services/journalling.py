"""The journal of refunds: what was approved, kept beside the database, and brought back into it.

A database that is put back from a copy does not know what was decided after the copy was made. The
journal does: so nobody's money is forgotten, and no refund is approved a second time unseen.
"""

from __future__ import annotations

import logging

from posapp.domain.ledger import Fact, LedgerEntry
from posapp.domain.refunds import ENDED, Refund, RefundOrigin, RefundState
from posapp.services.chores import Done
from posapp.services.ports.journal import Intent, IntentJournal, Mark, intent_of
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)

IN_TROUBLE_MS = 30_000
MARK_EVERY_MS = 60_000
"""A shop that sells and refunds nothing writes a line a minute."""

ROWS = 500
MANY = 100_000
RECOVERED = "recovered"
"""What the outbox says about an intent that came back: a person decides."""

_OPEN = tuple(state for state in RefundState if state not in ENDED)
_ABOUT_REFUNDS = frozenset(
    {
        Fact.REFUND_APPROVED,
        Fact.REFUND_CONFIRMED,
        Fact.REFUND_REFUSED,
        Fact.REFUND_WITHDRAWN,
    }
)


class Journalling:
    """Follows the ledger, and copies each intent and each end of one into the journal.

    Args:
        start: the end of the ledger when ``recover`` had looked at everything before it; where the
            journal itself left off if it is not said.
    """

    name = "journal"

    def __init__(
        self,
        store: Store,
        journal: IntentJournal,
        clock: Clock,
        start: Mark | None = None,
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
        """Milliseconds until the ledger is looked at again."""
        return max(0, self._due_at_ms - self._clock.monotonic())

    def run(self) -> Done:
        """Copy what is new.

        Raises:
            EnvironmentProblem: the database or the journal; tried again in half a minute.
        """
        self._wait(IN_TROUBLE_MS)
        while self._follow() == ROWS:
            pass
        self._wait(self._timings.journal)
        return Done()

    def _follow(self) -> int:
        """One page of the ledger; how many rows it had."""
        seen = self._seen or self._journal.mark() or Mark(0, "")
        with self._store.reading() as uow:
            rows = uow.ledger.rows(seen.seq, ROWS)
            refunds = _refunds_of(uow, rows)
        if not rows:
            return 0
        mark = Mark(rows[-1].seq, rows[-1].hash)
        intents, ends = _news(self._journal, refunds)
        late = self._clock.monotonic() >= self._mark_at_ms
        if intents or ends or late:
            self._journal.add(intents, ends, mark)
            self._mark_at_ms = self._clock.monotonic() + MARK_EVERY_MS
        self._seen = mark
        return len(rows)

    def _wait(self, milliseconds: int) -> None:
        self._due_at_ms = self._clock.monotonic() + milliseconds


def _refunds_of(uow: UnitOfWork, rows: tuple[LedgerEntry, ...]) -> list[Refund]:
    about = [row.entry for row in rows if row.entry.fact in _ABOUT_REFUNDS]
    payments = dict.fromkeys(entry.imp_uid for entry in about)
    return [refund for imp_uid in payments for refund in uow.refunds.of_payment(imp_uid)]


def _news(
    journal: IntentJournal, refunds: list[Refund]
) -> tuple[list[Intent], dict[str, RefundState]]:
    waiting = {intent.tag for intent in journal.without_end()}
    intents = [
        intent_of(refund)
        for refund in refunds
        if refund.is_open
        and refund.origin is not RefundOrigin.ELSEWHERE
        and not journal.knows(refund.tag)
    ]
    ends = {one.tag: one.state for one in refunds if not one.is_open and one.tag in waiting}
    return intents, ends
