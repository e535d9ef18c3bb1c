"""Guards of the printer's queue: a paper is out once, and never as two originals."""

from __future__ import annotations

from tests.mutants.mutant import Mutant

QUEUE = "posapp/services/printing/print_queue.py"
RULES = "posapp/domain/print_jobs.py"
SCHEMA = "posapp/store/migrations/versions/0019_print_jobs.sql"
TESTS = "tests/integration/test_print_queue.py"
FAULTS = "tests/faults/test_print_jobs.py"

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "killed_send_is_forgotten",
        QUEUE,
        "replace(job, begun_at=None, may_be_out=True)",
        "replace(job, begun_at=None)",
        (f"{FAULTS}::test_fault_112_a_paper_that_was_being_sent_is_a_copy_after_a_kill",),
    ),
    Mutant(
        "send_is_not_noted_before_it",
        QUEUE,
        "uow.print_jobs.save(job.begun(self._clock.now()))",
        "uow.print_jobs.save(job)",
        (f"{FAULTS}::test_fault_112_a_paper_that_was_being_sent_is_a_copy_after_a_kill",),
    ),
    Mutant(
        "half_a_paper_goes_on_waiting",
        RULES,
        "(_S.WAITING, _T.HALTED): _S.FAILED,",
        "(_S.WAITING, _T.HALTED): _S.WAITING,",
        (f"{FAULTS}::test_fault_111_half_a_paper_is_not_sent_again_by_itself",),
    ),
    Mutant(
        "old_papers_come_out_by_themselves",
        RULES,
        " and abs(since) <= ASKS_AFTER",
        "",
        (f"{FAULTS}::test_fault_110_a_paper_of_an_hour_ago_is_asked_about",),
    ),
    Mutant(
        "two_presses_are_two_originals",
        QUEUE,
        "            if waiting is None:\n",
        "            if waiting is None or waiting:\n",
        (f"{TESTS}::test_a_paper_that_waits_stays_one_paper",),
    ),
    Mutant(
        "printed_elsewhere_is_an_original",
        QUEUE,
        "            if job.may_be_out or printed is not None:\n",
        "            if job.may_be_out:\n",
        (f"{TESTS}::test_what_was_printed_by_another_way_meanwhile_is_a_copy",),
    ),
    Mutant(
        "paper_that_is_being_sent_is_dropped",
        QUEUE,
        "job.state not in OPEN_JOBS or job.begun_at is not None:",
        "job.state not in OPEN_JOBS:",
        (f"{TESTS}::test_one_paper_is_printed_or_dropped_and_the_others_stay",),
    ),
    Mutant(
        "db_print_job_begins_anew",
        SCHEMA,
        "WHEN OLD.state IN ('DROPPED', 'SENT')\n",
        "WHEN OLD.state = 'DROPPED'\n",
        (f"{TESTS}::test_the_database_keeps_papers_and_ends",),
    ),
)
