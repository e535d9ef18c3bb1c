"""A shop that takes cash and issues cash receipts, for tests of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import AT_PORTONE, CashReceipt, ReceiptState
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.orders import Order
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.sandbox.server import Sandbox
from posapp.system.identity_vault import KeyringVault
from tests.fakes.actors import WHO
from tests.fakes.till import SELLER
from tests.fakes.world import FakeSecrets, NumberedIds
from tests.integration.sale_shop import BREAD, RICE, SaleShop

PHONE = "010-1234-5678"
DIGITS = "01012345678"
PATH = "/receipts/external/*"
REQUESTED = ReceiptState.REQUESTED
FACTS = (LedgerEvent.CASH_RECEIPT_ISSUED, LedgerEvent.CASH_RECEIPT_CANCELLED)


class ReceiptShop(SaleShop):
    """A till with an open shift; the sync engine has compared, so that it may send."""

    def __init__(self, folder: Path, sandbox: Sandbox, clock, **given) -> None:
        usual = {"make_ids": NumberedIds, "vault": KeyringVault(FakeSecrets())}
        super().__init__(folder, sandbox, clock, **{**usual, **given})
        if self.shift_service.read() is None:
            self.shift_service.open_shift(WHO, 500_000)
        self.work(2)

    def again(self) -> ReceiptShop:
        """Start the program once more, on the file as it is."""
        folder, sandbox, clock, given = self._given
        return ReceiptShop(folder, sandbox, clock, **given)

    def sell(self, bread: int = 7, rice_grams: int = 0) -> Order:
        """Sell bread, and rice (exempt) by weight, all paid in cash."""
        self.change(BREAD, stock=1_000)
        self.cart_service.add(WHO, BREAD, count=bread)
        if rice_grams:
            self.cart_service.add(WHO, RICE, grams=rice_grams)
        payable = int(self.cart_service.read().amounts.payable)
        return self.cash_service.sell(WHO, payable, payable).order

    def ask(
        self,
        order: Order,
        number: str = PHONE,
        purpose: ReceiptPurpose = ReceiptPurpose.PERSONAL,
    ) -> CashReceipt:
        return self.cash_receipt_service.request(WHO, order.id, purpose, number)

    def give_back(self, order: Order, at: int = 0) -> None:
        """Refund one item of an order in cash."""
        item = self.order(order.id).items[at]
        seller = Actor.seller(item.seller_id)
        self.cancellation_service.refund(seller, item.id, "변심", int(item.total))

    def receipts(self, order: Order) -> list[CashReceipt]:
        with self.store.snapshot() as uow:
            return list(uow.cash_receipts.of_order(order.id))

    def states(self, order: Order) -> list[ReceiptState]:
        return [one.state for one in self.receipts(order)]

    def facts(self, order: Order) -> list[NewEntry]:
        with self.store.snapshot() as uow:
            rows = uow.ledger.for_order(order.id)
        return [row.entry for row in rows if row.entry.event in FACTS]

    def settle(self, minutes: int = 45) -> None:
        """Let the background work until nothing is unclear any more."""
        self.pass_time(minutes * 60, every=20 if minutes <= 5 else 150)

    def check_receipts(self, *orders: Order) -> None:
        """PortOne's books hold exactly what the cash of each sale asks for, and we know it."""
        held = {one.merchant_uid: one for one in self.sandbox.receipts.all()}
        for order in orders:
            known = self.receipts(order)
            valid = [one for one in known if one.state is ReceiptState.ISSUED]
            assert sum(one.state in AT_PORTONE for one in known) == len(valid) <= 1
            numbers = {one.own_no for one in known}
            there = [
                one for one in held.values() if one.merchant_uid in numbers and not one.cancelled_at
            ]
            assert [one.merchant_uid for one in there] == [one.own_no for one in valid]
            for mine, theirs in zip(valid, there, strict=True):
                assert (mine.amount, mine.tax_free) == (theirs.amount, theirs.tax_free)
                assert mine.approval_no == theirs.apply_num
            assert all(
                one.sealed is None for one in known if one.state is not ReceiptState.REQUESTED
            )
        facts = [fact for order in orders for fact in self.facts(order)]
        assert all(fact.amount == ZERO and fact.reference for fact in facts)


Sell = Callable[[], Order]
__all__ = ["DIGITS", "FACTS", "PATH", "PHONE", "SELLER", "ReceiptShop", "Sell"]
