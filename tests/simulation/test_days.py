"""Days of a shop with every kind of fault; nothing is lost, doubled or unbalanced.

A fixed share runs by default, and a day from a fresh seed, which is printed; ``--every-place`` adds
the weeks and twins that take half a minute each. More days: ``make simulate DAYS=1000``.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from multiprocessing import get_context

import pytest

from tests.simulation.mutants import (
    BlindRefunding,
    ForgetfulRefunding,
    believing_every_refusal,
    comparing_nothing_read,
    deciding_before_comparing,
    leaving_cash_in_the_drawer,
    leaving_receipts_behind,
    reporting_from_the_first_day,
    sending_again_at_once,
)
from tests.simulation.pace import NEW, OLD
from tests.simulation.simulate import A_WEEK, PACES, cores, live, live_all

FIXED, FIXED_DAYS = 5_000, A_WEEK
FRESH_DAYS = 1

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def quiet():
    """Disable the log: errors that a shop must notice are frequent here."""
    logging.getLogger("posapp").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("posapp").setLevel(logging.NOTSET)


def skip_unless_every(request: pytest.FixtureRequest) -> None:
    if not request.config.getoption("--every-place"):
        pytest.skip("--every-place runs it")


@pytest.mark.parametrize("share", ["fixed", "fresh"])
def test_books_and_ledger_agree_after_each_day(share, report_line):
    """Orders, windows, buyers, sellers, console, network, disk, power, clock, old copies."""
    seed, days = FIXED, FIXED_DAYS
    if share == "fresh":
        seed, days = secrets.randbelow(10**9), FRESH_DAYS
    lived, faults, violations = 0, Counter(), []
    for week in live_all(days, seed, cores(), "new"):
        lived, faults = lived + week.days, faults + week.faults
        if week.violation is not None:
            violations.append(week.violation)
    outcomes = f"days: {lived} faults: {sum(faults.values())} violations: {len(violations)}"
    report_line(f"simulation, seed {seed}: {outcomes}")
    assert not violations, "\n".join(map(str, violations))
    assert lived == days
    if share == "fixed":  # a day by chance may have no power failure
        assert len(faults) > 10
        assert faults["power"] and faults["weather"]


NAMED = ((555001, 4), (777007, 2), (200030, 3), (200033, 3))
"""Seeds from outside, and the day by which each of them violated what must hold (docs/faults.md,
rows 82, 96: an older copy sent money of sold goods back, or had a request decided again whose
refund had gone; a payment on its way back whole was partly cancelled in the console)."""


@pytest.mark.parametrize(("seed", "days"), NAMED)
def test_a_week_that_was_violated_once_is_lived_through(request, seed, days):
    if (seed, days) not in NAMED[1:3]:
        skip_unless_every(request)
    lived = live(seed, days, pace=OLD)
    assert lived.violation is None, lived.violation


def test_a_seed_replays_to_the_same_trace():
    """In this process and in another one, where sets and dictionaries iterate in another order."""
    here = live(FIXED, 1)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as external:
        assert external.submit(live, FIXED, 1).result() == here
    assert live(FIXED + 1, 1).trace != here.trace


@pytest.mark.parametrize(
    ("twin", "says"),
    [
        ({"refund_protocol": BlindRefunding}, "no rest|went back|needs a person|≠"),
        ({"checked": False}, "went back twice"),
        ({"refund_protocol": ForgetfulRefunding}, "went back, and nobody approved it"),
    ],
    ids=["without reading first", "without a checksum", "without the intent first"],
)
def test_twin_without_a_guard_is_found_out_within_days(request, twin, says):
    """The same days find it when a guard is off, so they would find one that does not hold. The
    checksum matters only to a till that sends again while a send may still be carried out."""
    if "refund_protocol" not in twin or twin["refund_protocol"] is BlindRefunding:
        skip_unless_every(request)
    for seed in range(1, 9):
        with nullcontext() if twin.get("checked", True) else sending_again_at_once():
            violation = live(seed, pace=OLD, **twin).violation
        if violation is not None:
            last = violation.what.strip().splitlines()[-1]
            assert any(text in last for text in says.split("|")), violation
            return
    pytest.fail("lived through weeks without a guard, and nothing was found")


@pytest.mark.parametrize(
    ("twin", "only", "says"),
    [
        (believing_every_refusal, ("refusals", "power"), "the refund is REFUSED|went back twice"),
        (sending_again_at_once, ("refusals",), "went back twice"),
        (comparing_nothing_read, ("garbled", "other_forms"), "is sent: read"),
        (
            deciding_before_comparing,
            ("restore", "copy", "bad_weather", "fair_weather"),
            "in a file that is behind",
        ),
        (leaving_cash_in_the_drawer, ("fair_weather",), "the entries of closed shift"),
        (reporting_from_the_first_day, ("fair_weather",), "begins at 0"),
        (leaving_receipts_behind, ("fair_weather", "bad_weather"), ", not ("),
    ],
    ids=[
        "without a white list",
        "without waiting to send",
        "without comparing the reading",
        "without waiting",
        "without emptying the drawer",
        "without the report before",
        "without the receipt of the cash",
    ],
)
def test_twin_without_a_new_guard_is_found_out_within_days(request, twin, only, says, monkeypatch):
    """Only what the guard is there for strikes, so that a few days are enough."""
    if twin in (comparing_nothing_read, leaving_receipts_behind):
        skip_unless_every(request)
    pace = replace(NEW, only=only)
    monkeypatch.setitem(PACES, "twin", pace)
    for seed in range(1, 6):
        with twin():
            violation = live(seed, pace=pace).violation
        if violation is not None:
            last = violation.what.strip().splitlines()[-1]
            assert any(text in last for text in says.split("|")), violation
            return
    pytest.fail("lived through weeks without a guard, and nothing was found")
