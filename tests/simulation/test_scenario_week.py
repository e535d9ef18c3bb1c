"""After any end of a program under which the database was swapped, the week checks the file that
the next program has open."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from posapp.services.refunds.refund_worker import RefundWorker
from posapp.store.files.backup import backup
from tests.simulation.misfortunes import Misfortunes
from tests.simulation.pace import NEW
from tests.simulation.scenario_week import ScenarioWeek
from tests.simulation.simulate import live

CALM = replace(NEW, only=("fair_weather",))
"""Nothing strikes but what the test does."""

HEAD = "SELECT seq, hash FROM ledger_head"


@pytest.mark.parametrize(
    "end",
    [Misfortunes.power_goes, Misfortunes._another_till, Misfortunes._wrong_keys],
    ids=["power", "another till's file", "wrong keys"],
)
def test_swapped_file_is_checked_from_the_next_start(end):
    """The program ended before the restart: the week continued to check the file that was set
    aside, or took the swapped one for the same file, with rows missing."""
    with ScenarioWeek(3, pace=CALM) as week:
        copy = week.path.with_name("copy.db")
        backup(week.path, copy)
        week.day()
        (before,) = week.query(HEAD)
        week.swap_files(copy)
        end(week.misfortunes)
        week.day()
        week.finish()
        with closing(sqlite3.connect(week.path)) as there:
            (now,) = there.execute(HEAD).fetchall()
        assert week.query(HEAD) == [now] != [before]


def test_a_swap_ends_with_the_program_under_which_it_was_made():
    """A pending restart has no effect when the power failed first."""
    with ScenarioWeek(4, pace=CALM) as week:
        week.misfortunes._copy()
        week.misfortunes._swap()
        week.misfortunes.power_goes()
        week.day()
        assert week.faults["swap"] == week.faults["power"] == 1
        starts = [line for line in week.trace.last if "is switched on" in line]
        assert len(starts) == 3, "at first, after the power, and in the next morning"


def test_send_of_a_lost_file_may_be_made_after_this_one_compared(monkeypatch):
    """The file compares again when no send can arrive late any more. Until then it may not know of
    the lost one, unless another refund of that payment is made."""
    monkeypatch.setattr(RefundWorker, "_record_lost_intents", lambda *_: False)
    violation = live(27182024, 2).violation
    assert violation is None, violation


def test_possibly_sent_refund_assigns_cancels_of_its_payment_in_its_round():
    """An older file has it approved, and marks it as possibly sent: until its own round, comparing
    leaves the line alone that a newer file's remainder of the same payment made."""
    violation = live(70281217, 2).violation
    assert violation is None, violation


def test_refund_queued_behind_a_review_is_not_pending_work_of_the_till():
    """Another refund of its payment was restored from the journal and needs a review."""
    violation = live(98347002, 2).violation
    assert violation is None, violation


def test_the_power_may_go_in_the_middle_of_an_import():
    """It ended the week itself, as if that were a part of the program. Of some seeds the import is
    the first to write after its day."""
    for seed in range(1, 20):
        with ScenarioWeek(seed, pace=CALM) as week:
            week.day()
            before = week.faults["import"]
            week.disk.power_in = 1
            week.misfortunes._imports()
            if week.program.runs or week.faults["import"] != before:
                continue  # something else was the first to write
            assert week.faults["power"] == 1
            week.day()
            week.finish()
            return
    pytest.fail("no import was the first to write")


def test_a_day_has_steps_of_a_delivery_that_are_undone():
    with ScenarioWeek(1, pace=CALM) as week:
        week.day()
        facts = dict(week.query("SELECT fact, count(*) FROM ledger GROUP BY fact"))
        assert 0 < facts["DELIVERY_STEP_UNDONE"] < facts["ITEM_HANDED_OVER"]
        away = week.query("SELECT id FROM order_items WHERE status = 'COMPLETE_PAYMENT'")
        assert not week.truth.delivered.intersection(item for (item,) in away)
