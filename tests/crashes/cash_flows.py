"""Flows of cash: a sale that cash pays, one that cash and a QR pay, cash that goes back, the count
and the end of its shift, and the addendum of one that was closed uncompared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.domain.actors import Actor
from tests.fakes.till import SELLER, Till

if TYPE_CHECKING:
    from tests.crashes.children import Talk
    from tests.crashes.shops import Shop

TRIES = 2
BREAD = 20
"""Product of which two are sold for 10,000 won."""
DUE, PART, FLOAT = 10_000, 4_000, 50_000
NOTE, COUNTED = 10_000, 6
QR_ORDER = 1
"""Order that a QR pays before the shift is closed."""
MOST_STEPS = 12
WHO, CLERK = Actor.person(), Actor.seller(SELLER)


def open_the_shift(till: Till) -> None:
    """Open the shift, unless it is open."""
    if till.shift_service.read() is None:
        till.shift_service.open_shift(WHO, FLOAT)


def fill_cart(till: Till) -> None:
    """Let the open cart have two pieces, and nothing else."""
    there = till.cart_service.read()
    if there is None or not there.lines:
        till.cart_service.add(WHO, BREAD, count=2)


def sold_order(till: Till) -> int | None:
    """Return the order of the counter, if there is one."""
    with till.store.snapshot() as uow:
        cart = uow.carts.get(1)
    return cart.order_id if cart is not None else None


def take_all(till: Till) -> int:
    """Sell in cash, going on from what is there, as a person does; return the order."""
    open_the_shift(till)
    number = sold_order(till)
    if number is not None:
        return number
    fill_cart(till)
    return till.cash_service.sell(WHO, DUE, 50_000).order.id


def take_part(till: Till) -> int:
    """Take a first part of a sale in cash; return the order."""
    open_the_shift(till)
    number = sold_order(till)
    if number is not None:
        return number
    fill_cart(till)
    return till.cash_service.sell(WHO, DUE, PART, rest_by_qr=True).order.id


def give_back(till: Till) -> int:
    """Refund the item of the sale in cash; return it."""
    number = take_all(till)
    (item,) = till.order(number).items
    if item.is_paid:
        till.cancellation_service.refund(CLERK, item.id, "변심", int(item.total))
    return item.id


def refuse(till: Till) -> None:
    """Sell by QR, and have the refund refused for good: the shop whose cash replaces it."""
    open_the_shift(till)
    fill_cart(till)
    order = till.checkout_service.order(WHO, DUE)
    till.paid_order(order.id)
    conduct = till.sandbox.faults.conduct
    conduct.refuse_cancel = "거래일로부터 1년이 지났습니다."
    till.cancellation_service.refund(CLERK, order.items[0].id, "변심", DUE)
    till.pass_time(60, every=10)
    till.sandbox.faults.clear()
    with till.store.snapshot() as uow:
        (refused,) = uow.refunds.for_order(order.id)
    assert refused.refused_as == "limit"


def replace_by_cash(till: Till) -> int:
    """Give the refused refund back in cash, going on from what is there; return the item."""
    number = sold_order(till)
    assert number is not None
    with till.store.snapshot() as uow:
        (refused,) = uow.refunds.for_order(number)
    (item,) = till.order(number).items
    if item.is_paid:
        till.cash_instead_service.move(CLERK, refused.id, DUE)
    for due in till.cash_service.open_cash().to_hand_out:
        till.cash_service.hand_out(WHO, due.id)
    return item.id


def close_shift(till: Till) -> int:
    """Close the shift of the sale in cash, unless it is closed; return the number of its report."""
    reports = till.closing_service.reports(WHO)
    if reports:
        return reports[-1].z_no
    return till.closing_service.close_shift(WHO, {10_000: (FLOAT + DUE) // 10_000}).z_no


def count_drawer(till: Till) -> int:
    """Count the drawer note by note, as it is kept; return how many were counted last."""
    shift = till.shift_service.read()
    assert shift is not None
    for pieces in (1, 4, COUNTED):
        till.closing_service.keep_count(WHO, shift.shift.id, {NOTE: pieces})
    return COUNTED


def close_uncompared(till: Till) -> None:
    """Close the shift of a sale in cash and one by QR, which PortOne was not asked about."""
    take_all(till)
    till.paid_order(QR_ORDER)
    names = {one.key: "인터넷 장애" for one in till.closing_service.open_matters()}
    assert names, "it was compared"
    till.closing_service.close_shift(WHO, {10_000: (FLOAT + DUE) // 10_000}, "", names)


def compare(talk: Talk, till: Till) -> None:
    """Compare with PortOne until the addendum is there."""
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=6)
        till.reconcile_job.request()
        talk.attempt(till.work)
        added = talk.attempt(lambda: till.closing_service.addenda(WHO))
        if added:
            talk.reported("addendum", added[-1].number)
            return


def work_through(talk: Talk, till: Till, way: str) -> None:
    """Carry out one of the ways until it succeeds, and report what the cashier saw."""
    acts = {
        "cash": take_all,
        "cash-part": take_part,
        "cash-refund": give_back,
        "cash-close": close_shift,
        "cash-count": count_drawer,
        "cash-instead": replace_by_cash,
    }
    act = acts[way]
    for _ in range(TRIES):
        number = talk.attempt(lambda: act(till))
        if number is not None:
            talk.reported(way, number)
            return


def check_drawer(shop: Shop, expected: int, *, tenders: int = 1) -> None:
    """Check that drawer, ledger and tables agree.

    Args:
        tenders: how many times cash was received.
    """
    ((by_ledger,),) = shop.query(
        "SELECT sum(amount) FROM ledger WHERE reference = 'shift:1' AND fact IN"
        " ('SHIFT_OPENED', 'CASH_RECEIVED', 'CASH_REFUNDED', 'CASH_RETURNED')"
    )
    assert by_ledger == expected, f"the drawer has {by_ledger}, not {expected}"
    assert shop.query("SELECT count(*) FROM shifts") == [(1,)]
    assert shop.query("SELECT count(*) FROM cash_tenders") == [(tenders,)]
