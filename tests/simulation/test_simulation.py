"""Books and ledger agree after any actions in any order.

A fixed share runs by default. For more steps, drawn anew each time: ``SIMULATION_STEPS=200000 make
test ARGS=tests/simulation``.
"""

from __future__ import annotations

import logging
import os

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.simulation.host import Count, Ready, ShopMachine
from tests.simulation.invariants import DoubleRefund
from tests.simulation.mutants import BlindRefunding, UncheckedGateway
from tests.simulation.shop import open_shop

STEPS = 4_000
"""Steps of the fixed share, at least."""

A_DAY = 150
"""Steps of one machine at most; Hypothesis ends some earlier."""

TWIN_STEPS = 2_000
"""The twin without guards has to be found out in a tenth of that."""


@pytest.fixture(autouse=True)
def quiet():
    """A refund that needs a person is an error in the log of a shop; here it is a day's work."""
    logging.getLogger("posapp").setLevel(logging.CRITICAL)
    yield
    logging.getLogger("posapp").setLevel(logging.NOTSET)


def run(machine: type[ShopMachine], days: int, *, fixed: bool, **more) -> int:
    """Run so many machines; return how many steps they made."""
    before = Count.steps
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=days,
            stateful_step_count=A_DAY,
            derandomize=fixed,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **more,
        ),
    )
    return Count.steps - before


@pytest.mark.slow
def test_books_and_ledger_agree_after_any_actions(report_line):
    """Thousands of steps of orders of 1-6 items, refunds, faults, kills and restarts."""
    wanted = int(os.environ.get("SIMULATION_STEPS", STEPS))
    with Ready() as template:

        class AnyShop(ShopMachine):
            pass

        AnyShop.template = template
        began, is_first = Count.steps, True
        while (left := wanted - (Count.steps - began)) > 0:
            days = left * 21 // 20 if is_first else left
            run(AnyShop, max(1, days // A_DAY), fixed=is_first and wanted == STEPS)
            is_first = False
    report_line(f"simulation, steps: {Count.steps - began}")


def test_the_same_steps_make_the_same_shop_again():
    """Down to PortOne's numbers, which decide which of two payments is compared first: Hypothesis
    stops at a machine that cannot be repeated."""
    with Ready() as template:

        class OneShop(ShopMachine):
            pass

        OneShop.template = template
        first, again = ledger_after_a_day(OneShop), ledger_after_a_day(OneShop)
    assert first == again
    assert len({imp_uid for imp_uid, *_ in first}) > 2


def ledger_after_a_day(machine: type[ShopMachine]) -> list[tuple]:
    day = machine()
    try:
        for pick in range(4):
            day.sell(pick)
        for pick in range(2):
            day.console(pick, 1000, then=False)
        day.sleep(7200)
        day.work(3)
        return day.shop.query("SELECT imp_uid, fact, amount, item_id FROM ledger ORDER BY seq")
    finally:
        day.teardown()


@pytest.mark.slow
def test_twin_without_reading_and_checksum_pays_back_twice():
    """The same machine finds a double refund when the guards are off, so it would find one."""

    with Ready() as template:

        class BlindShop(ShopMachine):
            def open(self, path):
                return open_shop(
                    template, path, refund_protocol=BlindRefunding, gateway=UncheckedGateway
                )

            def check(self):
                self.inspector.check_no_double_refund()

            def finish(self):
                self.shop.calm_down()
                self.check()

        BlindShop.template = template
        with pytest.raises(DoubleRefund, match=r"\[RF-0-\d+\] went back 2 times"):
            run(BlindShop, TWIN_STEPS // A_DAY, fixed=True, phases=[Phase.generate])
