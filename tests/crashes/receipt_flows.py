"""Flows of cash receipts: one that is issued, and one that is cancelled since a part of its sale
goes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.domain.cash_receipts import ReceiptState
from posapp.domain.orders import Pieces
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.services.bookkeeping.receipt_records import current_receipt
from tests.crashes.cash_flows import CLERK, DUE, TRIES, WHO, take_all

if TYPE_CHECKING:
    from posapp.domain.cash_receipts import CashReceipt
    from tests.crashes.children import Talk
    from tests.crashes.shops import Shop
    from tests.fakes.till import Till

DIGITS = "01012345678"
REST = DUE // 2
"""Won of the sale that are left once one of its two pieces went back."""
MOST_STEPS = 12


def receipt_of(till: Till, order_id: int) -> CashReceipt | None:
    """Return the receipt of an order that counts."""
    with till.store.snapshot() as uow:
        return current_receipt(uow.cash_receipts.of_order(order_id))


def ask_for_receipt(till: Till) -> int:
    """Ask for the receipt of the sale in cash, unless one was asked for; return the order."""
    number = take_all(till)
    if receipt_of(till, number) is None:
        till.cash_receipt_service.request(WHO, number, ReceiptPurpose.PERSONAL, DIGITS)
    return number


def issue(till: Till) -> None:
    """Ask for the receipt, and let it be issued: the shop that a part goes back in."""
    number = ask_for_receipt(till)
    till.pass_time(60, every=10)
    receipt = receipt_of(till, number)
    assert receipt is not None and receipt.state is ReceiptState.ISSUED


def give_part_back(till: Till) -> int:
    """Refund one of the two pieces in cash; return the order."""
    number = take_all(till)
    if len(till.order(number).items) == 1:
        (item,) = till.order(number).items
        till.cancellation_service.refund(CLERK, item.id, "변심", REST, Pieces(1, 2))
    return number


def work_through(talk: Talk, till: Till, way: str) -> None:
    """Carry out one of the ways, until PortOne has done what it is to do, and report what the
    cashier saw."""
    act, begun, wanted, done = {
        "receipt": (ask_for_receipt, "receipt-asked", "ISSUED", "receipt-issued"),
        "receipt-rest": (give_part_back, "receipt-part", "CANCELLED", "receipt-cancelled"),
    }[way]
    number = None
    for _ in range(TRIES):
        number = talk.attempt(lambda: act(till))
        if number is not None:
            talk.reported(begun, number)
            break
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=6)
        talk.attempt(till.work)
        seen = talk.attempt(lambda: _first_state(till, number))
        if seen == wanted:
            talk.reported(done, number or 0)
            return


def _first_state(till: Till, number: int | None) -> str:
    if number is None:
        return ""
    with till.store.snapshot() as uow:
        receipts = uow.cash_receipts.of_order(number)
    return receipts[0].state.value if receipts else ""


def check_receipts(shop: Shop, *expected: tuple[str, int]) -> None:
    """Check our receipts, as (state, won), and that PortOne holds those that are issued, and no
    other one."""
    rows = shop.query("SELECT state, amount, own_no, approval_no FROM cash_receipts ORDER BY id")
    valid = [one for one in shop.sandbox.receipts.all() if not one.cancelled_at]
    assert len(valid) <= 1, f"{len(valid)} receipts of one sale are valid"
    assert [(row[0], row[1]) for row in rows] == list(expected), "receipts of the sale"
    ours = [(row[2], row[1], row[3]) for row in rows if row[0] == "ISSUED"]
    theirs = [(one.merchant_uid, one.amount, one.apply_num) for one in valid]
    assert ours == theirs, f"we hold {ours}, PortOne {theirs}"
    assert shop.query("SELECT count(*) FROM cash_receipts WHERE sealed IS NOT NULL") == [(0,)]
    for fact, state in (("ISSUED", ("ISSUED", "CANCELLED")), ("CANCELLED", ("CANCELLED",))):
        facts = shop.query("SELECT reason FROM ledger WHERE fact = ?", f"CASH_RECEIPT_{fact}")
        of_state = [(row[2],) for row in rows if row[0] in state]
        assert sorted(facts) == sorted(of_state), f"the ledger has {facts} {fact}"
