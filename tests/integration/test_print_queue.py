"""Papers that wait for the printer: committed first, out once, and never as two originals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import IllegalTransition
from posapp.domain.print_jobs import (
    ASKS_AFTER,
    PRINT_JOB_TRANSITIONS,
    PrintJob,
    PrintJobState,
    PrintJobTrigger,
)
from posapp.domain.roll import Roll, RollCode, RollLine
from posapp.domain.roll_letters import Hangul
from posapp.domain.roll_text import as_copy, roll_from_text, roll_to_text
from posapp.services.bookkeeping.print_log import read_printed
from posapp.services.printing.print_queue import Backlog, PrintQueue
from tests.fakes.actors import WHO
from tests.fakes.till import Till

PAPER = "receipt 1024"
ROLL = Roll(
    (
        RollLine("하나 베이커리", is_bold=True, is_large=True, is_centred=True),
        RollLine("단팥빵 😀 \\", hangul=Hangul.CP949),
        RollCode("PO1024"),
    ),
    42,
    Hangul.RASTER,
)
STAMP = "[재발행 2]"


@pytest.fixture
def till(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Till]:
    made = Till(tmp_path / "posapp.db", sandbox, clock)
    yield made
    made.close()


@pytest.fixture
def queue(till: Till) -> PrintQueue:
    return till.print_queue


def job(till: Till, number: int = 1) -> PrintJob:
    with till.store.snapshot() as uow:
        found = uow.print_jobs.get(number)
    assert found is not None
    return found


def texts(roll: Roll | None) -> list[str]:
    assert roll is not None
    return [part.text for part in roll.parts]


def test_a_roll_is_the_same_after_it_waited() -> None:
    text = roll_to_text(ROLL)
    assert text.isascii()
    assert roll_from_text(text) == ROLL
    for broken in ("", "[]", "{}", '{"parts":[{}],"columns":42,"hangul":"ks5601","drawer":false}'):
        with pytest.raises(ValueError, match=r"."):
            roll_from_text(broken)


def test_a_copy_is_marked_at_both_ends_and_a_marked_one_anew() -> None:
    once = as_copy(ROLL, 2)
    assert [texts(once)[0], texts(once)[-1]] == [STAMP, STAMP]
    assert once.parts[1:-1] == ROLL.parts
    again = as_copy(once, 3)
    assert [texts(again)[0], texts(again)[-1]] == ["[재발행 3]", "[재발행 3]"]
    assert len(again.parts) == len(once.parts)


def test_a_paper_that_came_out_is_over_and_recorded(till: Till, queue: PrintQueue) -> None:
    made = queue.add(PAPER, ROLL)
    assert (made.state, queue.backlog()) == (PrintJobState.WAITING, Backlog(1, 1))
    assert queue.begin(made.id) == ROLL
    assert job(till).begun_at is not None and job(till).tries == 1
    queue.printed(made.id)
    over = job(till)
    assert (over.state, over.roll, queue.backlog()) == (PrintJobState.SENT, "", Backlog())
    with till.store.snapshot() as uow:
        printed = read_printed(uow.checkpoints, PAPER)
    assert printed is not None and printed.times == 1
    assert queue.begin(made.id) is None, "it is not sent again"


def test_a_printer_that_takes_nothing_leaves_it_an_original(till: Till, queue: PrintQueue) -> None:
    made = queue.add(PAPER, ROLL)
    for _ in range(3):
        assert queue.begin(made.id) == ROLL
        queue.postpone(made.id, "printer_paper")
    waiting = job(till)
    assert (waiting.state, waiting.tries, waiting.error) == (
        PrintJobState.WAITING,
        3,
        "printer_paper",
    )
    assert queue.due() == (made.id,)


def test_what_may_be_out_waits_for_a_person_and_is_a_copy_then(
    till: Till, queue: PrintQueue
) -> None:
    made = queue.add(PAPER, ROLL)
    queue.begin(made.id)
    queue.halted(made.id, "printer_halted")
    assert job(till).state is PrintJobState.FAILED
    assert (queue.due(), queue.backlog()) == ((), Backlog(1, 0))
    assert queue.backlog().asks
    assert queue.begin(made.id) is None
    assert queue.print_all(WHO) == 1
    assert texts(queue.begin(made.id))[0] == STAMP


def test_a_paper_is_asked_about_after_ten_minutes(till: Till, queue: PrintQueue) -> None:
    made = queue.add(PAPER, ROLL)
    till.clock.advance(seconds=int(ASKS_AFTER.total_seconds()))
    assert queue.due() == (made.id,)
    till.clock.advance(seconds=1)
    assert (queue.due(), queue.backlog()) == ((), Backlog(1, 0))
    queue.print_all(WHO)
    assert queue.due() == (made.id,)
    assert queue.begin(made.id) == ROLL, "nothing of it came out: it is an original"


def test_what_is_dropped_is_over(till: Till, queue: PrintQueue) -> None:
    first, second = queue.add(PAPER, ROLL), queue.add("slip 5", ROLL)
    queue.begin(second.id)
    assert queue.drop_all(WHO) == 1, "one is just being sent"
    assert job(till, first.id).state is PrintJobState.DROPPED
    queue.printed(second.id)
    assert queue.backlog() == Backlog()
    queue.printed(first.id)
    assert job(till, first.id).state is PrintJobState.DROPPED


def test_one_paper_is_printed_or_dropped_and_the_others_stay(till: Till, queue: PrintQueue) -> None:
    made, other = queue.add(PAPER, ROLL), queue.add("slip 5", Roll((RollLine("x"),), 42))
    till.clock.advance(seconds=3_600)
    assert [(one.order_id, one.is_due) for one in queue.papers()] == [(1024, False), (None, False)]
    assert queue.print_one(WHO, made.id)
    assert queue.due() == (made.id,)
    queue.begin(made.id)
    assert not queue.drop_one(WHO, made.id), "it is just being sent"
    queue.halted(made.id, "printer_halted")
    assert queue.due() == ()
    assert queue.print_one(WHO, made.id) and queue.due() == (made.id,)
    assert queue.drop_one(WHO, made.id)
    assert job(till, made.id).state is PrintJobState.DROPPED
    assert [one.job.id for one in queue.papers()] == [other.id]
    assert not queue.print_one(WHO, made.id) and not queue.drop_one(WHO, made.id)
    assert not queue.print_one(WHO, 99) and not queue.drop_one(WHO, 99)


def test_a_paper_that_waits_stays_one_paper(till: Till, queue: PrintQueue) -> None:
    """Two presses while there is no paper are not two originals."""
    first = queue.add(PAPER, ROLL)
    till.clock.advance(seconds=3_600)
    assert queue.add(PAPER, ROLL).id == first.id
    assert (queue.backlog(), queue.due()) == (Backlog(1, 1), (first.id,))
    assert queue.add("slip 5", ROLL).id != first.id


def test_a_new_print_takes_the_place_of_one_that_failed(till: Till, queue: PrintQueue) -> None:
    first = queue.add(PAPER, ROLL)
    queue.begin(first.id)
    queue.halted(first.id, "printer_halted")
    second = queue.add(PAPER, ROLL)
    assert job(till, first.id).state is PrintJobState.DROPPED
    assert texts(queue.begin(second.id))[0] == STAMP, "part of the first one is out"


def test_what_was_printed_by_another_way_meanwhile_is_a_copy(till: Till, queue: PrintQueue) -> None:
    made = queue.add(PAPER, ROLL)
    till.order_history_service.note_printed(WHO, PAPER, till.clock.now())
    assert texts(queue.begin(made.id))[0] == STAMP


def test_the_database_keeps_papers_and_ends(till: Till, queue: PrintQueue) -> None:
    made = queue.add(PAPER, ROLL)
    with till.store.transaction() as uow, pytest.raises(IntegrityError, match="keeps its paper"):
        uow.connection.exec_driver_sql("UPDATE print_jobs SET paper = 'x'")
    queue.begin(made.id)
    queue.printed(made.id)
    for change, message in (
        ("UPDATE print_jobs SET tries = 9", "never changes"),
        ("DELETE FROM print_jobs", "are kept"),
    ):
        with till.store.transaction() as uow, pytest.raises(IntegrityError, match=message):
            uow.connection.exec_driver_sql(change)


def test_every_pair_of_states_and_events() -> None:
    allowed = set(PRINT_JOB_TRANSITIONS.table)
    waiting = PrintJob(1, PAPER, "{}", None)  # type: ignore[arg-type]
    for state in PrintJobState:
        for trigger in PrintJobTrigger:
            one = replace(waiting, state=state)
            if (state, trigger) in allowed:
                assert one.apply(trigger).state is PRINT_JOB_TRANSITIONS.table[state, trigger]
            else:
                with pytest.raises(IllegalTransition):
                    one.apply(trigger)
