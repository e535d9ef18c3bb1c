"""The shop as a Hypothesis state machine: every rule is one action, then everything is checked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from posapp.domain.actors import ActorKind
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.store import unit_of_work
from tests.fakes.books_gateway import Fault
from tests.memory_folder import memory_folder
from tests.simulation.engines import make_quick_engine
from tests.simulation.invariants import Inspector
from tests.simulation.seeded_books import seeded_books
from tests.simulation.shop import Shop, make_template, open_shop

PICK = st.integers(0, 255)
SIDE = st.sampled_from((ActorKind.BUYER, ActorKind.SELLER))
SECONDS = st.sampled_from((1, 2, 5, 30, 61, 290, 600, 899, 961, 1300, 7200))
SOON = st.sampled_from((2, 3, 5, 20, 60))
OFF = st.sampled_from((0, 0, 10, 33))
TENDERED = st.sampled_from(("exact", "note", "part"))
WON = st.sampled_from((None, 1000, 2000, 3000, 500, 4000))
FAULTS = st.lists(st.sampled_from((None, *Fault)), min_size=1, max_size=5)
CRUEL = st.lists(
    st.sampled_from((Fault.LATE, Fault.LOST_AFTER, Fault.LOST_BEFORE, Fault.REFUSED)),
    min_size=1,
    max_size=3,
)
"""Possible faults of the sends of one refund, in order."""
SCANS = st.sampled_from(("open", "pay", "pay_other", "pay_again", "pay_late", "fail", "close"))
CALLS = st.sampled_from(
    (
        *("cancel", "cancel", "read", "find", "find_all", "prepare", "create_link", "close_link"),
        *("receipt", "issue_receipt", "cancel_receipt"),
    )
)
RECEIPT_CALLS = st.sampled_from(("receipt", "issue_receipt", "cancel_receipt"))
PURPOSES = st.sampled_from(ReceiptPurpose)
OVER = st.sampled_from((0, 0, 0, -1_000, 2_000))
THEN = st.booleans()


class Count:
    """Number of steps of all machines of this process."""

    steps = 0


class ShopMachine(RuleBasedStateMachine):
    """Buyers, cashiers, console, network and power, in any order."""

    template: Path
    """A stocked shop's file, set by the test; see ``Ready``."""

    def __init__(self) -> None:
        super().__init__()
        self._broken = False
        # Hypothesis plays the same steps again, and they must then find the same shop.
        self._numbers = seeded_books("machine")
        self._numbers.__enter__()
        self._path = self.template.with_name("shop.db")
        self.shop = self.open(self._path)
        self.inspector = Inspector(self.shop)

    def open(self, path: Path) -> Shop:
        return open_shop(self.template, path)

    def step(self, action: Callable[[], object], then: bool = False) -> None:
        """Carry out an action and check everything. If there was nothing to do, or with ``then``,
        the till does its due work too."""
        Count.steps += 1
        self._broken = True
        if action() is False or then:
            self.shop.sleep(2)
            self.shop.work()
        self.check()
        self._broken = False

    def check(self) -> None:
        self.inspector.check()

    def finish(self) -> None:
        """The end of the day."""
        assert self.shop.calm_down(), "the till finds no rest"
        self.check()
        self.shop.reconcile()
        self.inspector.check_over()
        self.shop.close_the_counter()
        self.inspector.check_counter_over()
        self.shop.close_shift(-1_000)
        self.inspector.check()

    def teardown(self) -> None:
        try:
            if not self._broken:
                self.finish()
        finally:
            self._numbers.__exit__(None, None, None)
            self.shop.close()
            for each in self._path.parent.glob(f"{self._path.name}*"):
                each.unlink()

    @initialize(sales=st.lists(PICK, min_size=1, max_size=5))
    def sell_some(self, sales):
        for pick in sales:
            self.step(lambda pick=pick: self.shop.sell(pick))

    @rule(pick=PICK)
    def sell(self, pick):
        self.step(lambda: self.shop.sell(pick))

    @rule(pick=PICK, count=st.integers(1, 3), percent=OFF, then=THEN)
    def ring_up(self, pick, count, percent, then):
        self.step(lambda: self.shop.ring_up(pick, count, percent), then)

    @rule(pick=PICK, count=st.integers(1, 3), tendered=TENDERED, then=THEN)
    def sell_in_cash(self, pick, count, tendered, then):
        self.step(lambda: self.shop.sell_in_cash(pick, count, tendered), then)

    @rule(pick=PICK, way=st.sampled_from(("rest", "back")), then=THEN)
    def settle_cash(self, pick, way, then):
        self.step(lambda: self.shop.settle_cash(pick, way), then)

    @rule(then=THEN)
    def hand_out(self, then):
        self.step(self.shop.hand_out, then)

    @rule(pick=PICK, purpose=PURPOSES, then=THEN)
    def ask_receipt(self, pick, purpose, then):
        self.step(lambda: self.shop.ask_receipt(pick, purpose), then)

    @rule(pick=PICK, purpose=PURPOSES, call=RECEIPT_CALLS, faults=FAULTS)
    def receipt_in_trouble(self, pick, purpose, call, faults):
        """Sell in cash, ask for the receipt while a call about it fails, and give some back."""

        def action() -> None:
            self.shop.sell_in_cash(pick, 2, "exact")
            self.shop.ask_receipt(-1, purpose)
            self.shop.trouble_with(call, faults)
            self.shop.work(2)
            if pick % 2:
                self.shop.refund(pick, ActorKind.SELLER)
            for _ in range(pick % 4):
                self.shop.sleep(13)
                self.shop.work()

        self.step(action)

    @rule(call=st.sampled_from(("issue", "cancel", None)))
    def refuse_receipts(self, call):
        self.step(lambda: self.shop.refuse_receipts(call))

    @rule()
    def do_receipt_tasks(self):
        self.step(self.shop.do_receipt_tasks)

    @rule(won=st.sampled_from((10_000, 3_000, -2_000, -90_000)))
    def move_cash(self, won):
        self.step(lambda: self.shop.move_cash(won))

    @rule()
    def look_at_shift(self):
        self.step(self.shop.look_at_shift)

    @rule(over=OVER, names=THEN, then=THEN)
    def close_shift(self, over, names, then):
        """Close the shift; what is open keeps it open unless it is named."""
        self.step(lambda: self.shop.close_shift(over, names=names), then)

    @rule(pick=PICK, then=THEN)
    def start(self, pick, then):
        self.step(lambda: self.shop.start(pick), then)

    @rule(pick=PICK, then=THEN)
    def stop(self, pick, then):
        self.step(lambda: self.shop.stop(pick), then)

    @rule(pick=PICK, action=SCANS, then=THEN)
    def scan(self, pick, action, then):
        self.step(lambda: self.shop.scan(pick, action), then)

    @rule(pick=PICK, action=SCANS, then=THEN)
    def start_and_scan(self, pick, action, then):
        self.step(lambda: self.shop.start(pick) and self.shop.scan(-1, action), then)

    @rule(pick=PICK, side=SIDE, then=THEN)
    def cancel_unpaid(self, pick, side, then):
        self.step(lambda: self.shop.cancel_unpaid(pick, side), then)

    @rule(pick=PICK, side=SIDE, then=THEN)
    def refund(self, pick, side, then):
        self.step(lambda: self.shop.refund(pick, side), then)

    @rule(pick=PICK, side=SIDE, most=st.integers(2, 6), then=THEN)
    def refund_several(self, pick, side, most, then):
        self.step(lambda: self.shop.refund(pick, side, most), then)

    @rule(pick=PICK)
    def hand_over(self, pick):
        self.step(lambda: self.shop.hand_over(pick))

    @rule(pick=PICK, then=THEN)
    def try_again(self, pick, then):
        self.step(lambda: self.shop.try_again(pick), then)

    @rule(pick=PICK, won=WON, then=THEN)
    def console(self, pick, won, then):
        self.step(lambda: self.shop.console(pick, won), then)

    @rule(faults=FAULTS, then=THEN)
    def trouble(self, faults, then):
        self.step(lambda: self.shop.trouble(faults), then)

    @rule(call=CALLS, faults=FAULTS, then=THEN)
    def trouble_with(self, call, faults, then):
        self.step(lambda: self.shop.trouble_with(call, faults), then)

    @rule(faults=CRUEL, pick=PICK, side=SIDE, rounds=st.integers(0, 3))
    def refund_in_trouble(self, faults, pick, side, rounds):
        def action() -> None:
            self.shop.refund(pick, side)
            self.shop.trouble_with("cancel", faults)
            for _ in range(rounds):
                self.shop.work()
                self.shop.sleep(13)

        self.step(action)

    @rule(pick=PICK, closed=THEN, pause=st.sampled_from((1, 420, 830)))
    def slow_buyer(self, pick, closed, pause):
        """Let a buyer enter KakaoPay and pay long after the QR has ended."""

        def action() -> None:
            if self.shop.start(pick) and self.shop.scan(-1, "open"):
                if closed:
                    self.shop.stop(-1)
                for seconds in (301, 61, pause):
                    self.shop.sleep(seconds)
                    self.shop.work(2)
                self.shop.scan(-1, "pay_late")

        self.step(action)

    @precondition(lambda self: self.shop.late.waiting())
    @rule(then=THEN)
    def release(self, then):
        self.step(self.shop.release, then)

    @rule(seconds=SECONDS)
    def sleep(self, seconds):
        self.step(lambda: self.shop.sleep(seconds))

    @rule(steps=st.integers(1, 3))
    def work(self, steps):
        self.step(lambda: self.shop.work(steps))

    @rule(seconds=SOON)
    def wait(self, seconds):
        self.step(lambda: self.shop.sleep(seconds), True)

    @rule(moment=st.integers(0, 14), then=THEN)
    def kill(self, moment, then):
        """Fail the power now or soon, in the middle of the next actions."""
        self.step(lambda: self.shop.kill_at(moment) if moment else self.shop.restart(), then)


class Ready:
    """A folder with a template for the machines of one test, and quick engines for them."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(dir=memory_folder())
        self.template = Path(self._folder.name) / "template.db"
        self._engines = mock.patch.object(unit_of_work, "make_engine", make_quick_engine)

    def __enter__(self) -> Path:
        make_template(self.template)
        self._engines.__enter__()
        return self.template

    def __exit__(self, *error) -> None:
        self._engines.__exit__(*error)
        self._folder.cleanup()
