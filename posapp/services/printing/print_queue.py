"""The queue of the receipt printer: a paper is committed before it is sent, and survives the end of
the program, whatever ends it.

Nothing here concerns money: a sale, a refund and their records are over before their papers are.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace

from posapp.domain.actors import Actor
from posapp.domain.codes import is_order_code, order_number
from posapp.domain.print_jobs import OPEN_JOBS, PrintJob, PrintJobState, PrintJobTrigger
from posapp.domain.roll import Roll, RollCode
from posapp.domain.roll_text import as_copy, roll_from_text, roll_to_text
from posapp.services.bookkeeping.print_log import read_printed, record_print
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

log = logging.getLogger(__name__)

MOST_AT_ONCE = 200
"""Papers that are read at once."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Papers that are not printed.

    Attributes:
        count: all of them.
        due: those that are printed as soon as the printer can, without a question.
    """

    count: int = 0
    due: int = 0

    @property
    def asks(self) -> bool:
        """Whether a person has to say what becomes of some of them."""
        return self.count > self.due


@dataclass(frozen=True, slots=True)
class WaitingPaper:
    """A paper that is not printed, as its page lists it.

    Attributes:
        order_id: the order of the paper, whose code ends it; ``None``: it is no order's.
        is_due: it is printed as soon as the printer can; otherwise a person decides.
    """

    job: PrintJob
    order_id: int | None
    is_due: bool


class PrintQueue:
    """Keeps papers until they are printed or dropped. Called from background threads."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def recover(self) -> Backlog:
        """Take over what an earlier run of the program left; call once, before anything is sent. A
        paper whose send had begun may be out: it is a copy from now on.

        Raises:
            EnvironmentProblem: the disk.
        """
        with self._store.transaction() as uow:
            for job in uow.print_jobs.open(MOST_AT_ONCE):
                if job.begun_at is not None:
                    log.warning("print job %s: the program ended while it was sent", job.id)
                    uow.print_jobs.save(replace(job, begun_at=None, may_be_out=True))
            backlog = self._backlog(uow)
            uow.commit()
        return backlog

    def add(self, paper: str, roll: Roll) -> PrintJob:
        """Commit a paper; return it. One that waits already stays one paper: two originals would
        come out later.

        Raises:
            EnvironmentProblem: the disk; the paper can be printed all the same.
        """
        now, text = self._clock.now(), roll_to_text(roll)
        with self._store.transaction() as uow:
            same = [one for one in uow.print_jobs.open(MOST_AT_ONCE) if one.paper == paper]
            waiting = next((one for one in same if one.state is PrintJobState.WAITING), None)
            for one in same:
                if one.state is PrintJobState.FAILED:
                    uow.print_jobs.save(one.apply(PrintJobTrigger.GIVEN_UP))
            if waiting is None:
                job = uow.print_jobs.add(PrintJob(0, paper, text, now))
            else:
                job = replace(waiting, requested_at=now)
                uow.print_jobs.save(job)
            uow.commit()
        return job

    def begin(self, job_id: int) -> Roll | None:
        """Commit that a paper is being sent; return what to print, with the mark of a copy if it
        may be out already. ``None``: it is over, or fails, and nothing may be sent.

        Raises:
            EnvironmentProblem: the disk.
        """
        with self._store.transaction() as uow:
            job = uow.print_jobs.get(job_id)
            if job is None or job.state is not PrintJobState.WAITING:
                return None
            roll = roll_from_text(job.roll)
            printed = read_printed(uow.checkpoints, job.paper)
            if job.may_be_out or printed is not None:
                roll = as_copy(roll, (printed.times if printed else 1) + 1)
            uow.print_jobs.save(job.begun(self._clock.now()))
            uow.commit()
        return roll

    def printed(self, job_id: int) -> None:
        """Record that a paper came out: its next print is a copy.

        Raises:
            EnvironmentProblem: the disk; the paper may be printed again, as a copy.
        """
        self._end(job_id, PrintJobTrigger.PRINTED)

    def halted(self, job_id: int, error: str) -> None:
        """Record that a part of a paper may have come out: a person decides, and the next one is a
        copy. Raises as ``printed``."""
        self._end(job_id, PrintJobTrigger.HALTED, error)

    def postpone(self, job_id: int, error: str) -> None:
        """Record that certainly nothing came out: the paper goes on waiting. Raises as
        ``printed``."""
        with self._store.transaction() as uow:
            job = uow.print_jobs.get(job_id)
            if job is not None and job.state is PrintJobState.WAITING:
                uow.print_jobs.save(job.postponed(error))
                uow.commit()

    def due(self) -> tuple[int, ...]:
        """Return the papers to print now without a question, oldest first."""
        now = self._clock.now()
        with self._store.snapshot() as uow:
            return tuple(one.id for one in uow.print_jobs.open(MOST_AT_ONCE) if one.is_due(now))

    def backlog(self) -> Backlog:
        """Return how many papers are not printed."""
        with self._store.snapshot() as uow:
            return self._backlog(uow)

    def print_all(self, actor: Actor) -> int:
        """Make every paper that is not over due now; those that may be out come as copies. Return
        their number.

        Raises:
            EnvironmentProblem: the disk.
        """
        count = 0
        with self._store.transaction() as uow:
            for job in uow.print_jobs.open(MOST_AT_ONCE):
                uow.print_jobs.save(self._wanted(job))
                count += 1
            uow.commit()
        log.info("%s papers are to be printed after all (%s)", count, actor)
        return count

    def papers(self) -> tuple[WaitingPaper, ...]:
        """Return the papers that are not printed, oldest first, ``MOST_AT_ONCE`` at most.

        Raises:
            EnvironmentProblem: the disk.
        """
        now = self._clock.now()
        with self._store.snapshot() as uow:
            jobs = uow.print_jobs.open(MOST_AT_ONCE)
        return tuple(WaitingPaper(one, _order_of(one), one.is_due(now)) for one in jobs)

    def print_one(self, actor: Actor, job_id: int) -> bool:
        """Let one paper be due, whatever its age, as ``print_all`` does; return ``False`` if it is
        over.

        Raises:
            EnvironmentProblem: the disk.
        """
        with self._store.transaction() as uow:
            job = uow.print_jobs.get(job_id)
            if job is None or job.state not in OPEN_JOBS:
                return False
            uow.print_jobs.save(self._wanted(job))
            uow.commit()
        log.info("print job %s is to be printed after all (%s)", job_id, actor)
        return True

    def drop_one(self, actor: Actor, job_id: int) -> bool:
        """Drop one paper; return ``False`` if it is over, or is just being sent.

        Raises:
            EnvironmentProblem: the disk.
        """
        with self._store.transaction() as uow:
            job = uow.print_jobs.get(job_id)
            if job is None or job.state not in OPEN_JOBS or job.begun_at is not None:
                return False
            uow.print_jobs.save(job.apply(PrintJobTrigger.GIVEN_UP))
            uow.commit()
        log.info("print job %s is not to be printed (%s)", job_id, actor)
        return True

    def drop_all(self, actor: Actor) -> int:
        """Drop every paper that is not over and not just being sent; return their number.

        Raises:
            EnvironmentProblem: the disk.
        """
        count = 0
        with self._store.transaction() as uow:
            for job in uow.print_jobs.open(MOST_AT_ONCE):
                if job.begun_at is None:
                    uow.print_jobs.save(job.apply(PrintJobTrigger.GIVEN_UP))
                    count += 1
            uow.commit()
        log.info("%s papers are not to be printed (%s)", count, actor)
        return count

    def _wanted(self, job: PrintJob) -> PrintJob:
        if job.state is PrintJobState.FAILED:
            job = job.apply(PrintJobTrigger.REQUESTED_AGAIN)
        return replace(job, requested_at=self._clock.now())

    def _end(self, job_id: int, trigger: PrintJobTrigger, error: str = "") -> None:
        with self._store.transaction() as uow:
            job = uow.print_jobs.get(job_id)
            if job is None or job.state is not PrintJobState.WAITING:
                return
            uow.print_jobs.save(replace(job.apply(trigger), error=error, may_be_out=True))
            record_print(uow.checkpoints, job.paper, self._clock.now())
            uow.commit()

    def _backlog(self, uow: UnitOfWork) -> Backlog:
        now = self._clock.now()
        jobs = uow.print_jobs.open(MOST_AT_ONCE)
        due = sum(1 for one in jobs if one.is_due(now))
        return Backlog(uow.print_jobs.count_open(), due)


def _order_of(job: PrintJob) -> int | None:
    """Return the order whose code is on the paper; ``None``: it has no code that can be read."""
    try:
        parts = roll_from_text(job.roll).parts
    except ValueError:
        return None
    codes = (one.text for one in parts if isinstance(one, RollCode) and is_order_code(one.text))
    return next(map(order_number, codes), None)
