"""Random days of cash receipts against a PortOne that loses answers, refuses and lies."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
)

from posapp.domain.cash_receipts import AT_PORTONE, SEALED_STATES
from posapp.domain.errors import UserError
from posapp.domain.orders import Order
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.sandbox import Sandbox
from tests.fakes.world import FakeClock
from tests.integration.receipt_shop import DIGITS, PATH, PHONE, ReceiptShop

PURPOSES = {
    ReceiptPurpose.PERSONAL: PHONE,
    ReceiptPurpose.BUSINESS: "220-81-62517",
    ReceiptPurpose.UNNAMED: "",
}
FAULTS = st.sampled_from(
    [
        ("drop_after", {}),
        ("drop_before", {}),
        ("garbage", {}),
        ("status", {"status": 500, "act": True}),
        ("status", {"status": 503}),
        ("late_effect", {"after": 600.0}),
        ("late_refusal", {"http": 500, "message": "장애", "after": 300.0}),
        ("lie", {"fields": {"amount": 7}}),
        ("too_many", {}),
    ]
)


class ReceiptMachine(RuleBasedStateMachine):
    """One shop; each order is sold in two items, and given back item by item."""

    orders: Bundle[int] = Bundle("orders")

    @initialize()
    def open_shop(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.clock = FakeClock()
        self.sandbox = Sandbox(clock=self.clock.unix).start()
        self.shop = ReceiptShop(self.folder, self.sandbox, self.clock)
        self.sold: list[Order] = []

    @rule(target=orders, bread=st.sampled_from([1, 7, 46]))
    def sell(self, bread: int) -> int:
        self.sold.append(self.shop.sell(bread, rice_grams=532))
        return len(self.sold) - 1

    @rule(order=orders, purpose=st.sampled_from(sorted(PURPOSES)))
    def ask(self, order: int, purpose: ReceiptPurpose) -> None:
        try:
            self.shop.ask(self.sold[order], PURPOSES[purpose], purpose)
        except UserError:
            return

    @rule(order=orders, at=st.integers(0, 1))
    def give_back(self, order: int, at: int) -> None:
        try:
            self.shop.give_back(self.sold[order], at)
        except UserError:
            return

    @rule(
        fault=FAULTS,
        method=st.sampled_from(["POST", "DELETE", "GET"]),
        uses=st.integers(1, 2),
    )
    def spoil(self, fault: tuple[str, dict], method: str, uses: int) -> None:
        kind, parameters = fault
        self.sandbox.faults.add(kind, method=method, path=PATH, uses=uses, **parameters)

    @rule(gone=st.sampled_from(["shown", "gone"]), unseen=st.integers(0, 2))
    def conduct(self, gone: str, unseen: int) -> None:
        self.sandbox.faults.conduct.change(cancelled_receipts=gone, unseen_receipts=unseen)

    @rule(seconds=st.sampled_from([5, 60, 400, 1_300]))
    def wait(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        self.shop.work(2)

    @rule()
    def restart(self) -> None:
        self.shop.close()
        self.shop = self.shop.again()

    @invariant()
    def one_receipt_an_order(self) -> None:
        if not hasattr(self, "shop"):
            return
        for order in self.sold:
            known = self.shop.receipts(order)
            numbers = {one.own_no for one in known}
            there = [
                one
                for one in self.sandbox.receipts.all()
                if one.merchant_uid in numbers and not one.cancelled_at
            ]
            assert len(there) <= 1, "two valid receipts of one sale"
            assert sum(one.state in AT_PORTONE for one in known) <= 1
            assert all(one.sealed is None for one in known if one.state not in SEALED_STATES)
            assert DIGITS not in repr(known)

    def teardown(self) -> None:
        if not hasattr(self, "shop"):
            return
        try:
            self.sandbox.faults.release()
            self.sandbox.faults.clear()
            self.shop.settle(150)
            self.shop.check_receipts(*self.sold)
            assert self.shop.cash_receipt_service.tasks() == ()
        finally:
            self.shop.close()
            self.sandbox.stop()
            shutil.rmtree(self.folder)


TestReceiptMachine = ReceiptMachine.TestCase
TestReceiptMachine.settings = settings(
    max_examples=8,
    stateful_step_count=14,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
