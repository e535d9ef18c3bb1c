"""Papers that wait for the receipt printer, or waited for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from posapp.domain.state_machine import StateMachine

ASKS_AFTER = timedelta(minutes=10)
"""A paper that waited longer is not printed by itself: whom it was for is gone."""


class PrintJobState(StrEnum):
    """State of a paper. ``FAILED``: a part of it may have come out, so a person decides."""

    WAITING = "WAITING"
    SENT = "SENT"
    FAILED = "FAILED"
    DROPPED = "DROPPED"


class PrintJobTrigger(StrEnum):
    """Event that changes a paper's state."""

    PRINTED = "printed"
    HALTED = "halted"
    REQUESTED_AGAIN = "requested_again"
    GIVEN_UP = "given_up"


_S, _T = PrintJobState, PrintJobTrigger

PRINT_JOB_TRANSITIONS: StateMachine[PrintJobState, PrintJobTrigger] = StateMachine(
    "print job",
    {
        (_S.WAITING, _T.PRINTED): _S.SENT,
        (_S.WAITING, _T.HALTED): _S.FAILED,
        (_S.WAITING, _T.GIVEN_UP): _S.DROPPED,
        (_S.FAILED, _T.REQUESTED_AGAIN): _S.WAITING,
        (_S.FAILED, _T.GIVEN_UP): _S.DROPPED,
    },
)

OPEN_JOBS = frozenset({PrintJobState.WAITING, PrintJobState.FAILED})
"""States of a paper that is not over."""


@dataclass(frozen=True, slots=True)
class PrintJob:
    """A paper for the receipt printer, committed before it is sent.

    Attributes:
        paper: its identity when it is printed again (``services.bookkeeping.print_log``).
        roll: what is printed, as text (``domain.roll_text``); empty once the paper is over.
        tries: how often it was sent.
        begun_at: when a send began whose result is not known (UTC). After a start of the program it
            says that the paper may have come out.
        may_be_out: the paper, or a part of it, may have come out: the next one is a copy.
        error: why the last send failed (an ``EnvironmentCode``'s value), or empty.
        requested_at: when a person asked for it last (UTC).
    """

    id: int
    paper: str
    roll: str
    created_at: datetime
    state: PrintJobState = PrintJobState.WAITING
    tries: int = 0
    begun_at: datetime | None = None
    may_be_out: bool = False
    error: str = ""
    requested_at: datetime | None = None
    till: int = 0

    def apply(self, trigger: PrintJobTrigger) -> PrintJob:
        """Return the paper after ``trigger``; the only way to another state.

        Raises:
            IllegalTransition: the state has no such transition.
        """
        state = PRINT_JOB_TRANSITIONS.next_state(self.state, trigger)
        roll = self.roll if state in OPEN_JOBS else ""
        return replace(self, state=state, roll=roll, begun_at=None)

    def begun(self, now: datetime) -> PrintJob:
        """Return the paper as it is sent: stored before anything goes to the printer."""
        return replace(self, begun_at=now, tries=self.tries + 1)

    def postponed(self, error: str) -> PrintJob:
        """Return the paper after a send by which certainly nothing came out."""
        return replace(self, begun_at=None, error=error)

    def is_due(self, now: datetime) -> bool:
        """Return whether it is printed without a question: it waits, and for no longer than a
        person waits for it, by either way of the clock."""
        since = now - (self.requested_at or self.created_at)
        return self.state is PrintJobState.WAITING and abs(since) <= ASKS_AFTER
