"""Actions of a child: the flows of a shop, on a clock that the child moves itself.

An action that fails with a disk error is tried once more, as a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import alembic.command
import alembic.config  # noqa: F401 - imported before the fork, not at each one after it
import requests  # noqa: F401

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.sale.checkout import CartOrder
from posapp.store.files.backup import FolderCopies, backup_folder
from posapp.store.open_store import open_store
from tests.crashes import cash_flows, mutants, receipt_flows
from tests.crashes.children import Order, Talk
from tests.crashes.shops import (
    DIVIDED_ITEM,
    FILE,
    OLD_COPY,
    PAID,
    REFUNDED_ITEM,
    REQUESTED,
    UNPAID,
    Program,
    ring_up,
)
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, SELLER, Till
from tests.fakes.world import FakeClock

TRIES = 2
MOST_STEPS = 12


def _open(order: Order) -> Program:
    if order.twin in mutants.BEGIN:
        mutants.BEGIN[order.twin]()
    return Program(
        order.folder / FILE,
        order.address,
        FakeClock(order.now),
        "child",
        mutants.REFUNDING[order.twin],
    )


def pay(order: Order, talk: Talk) -> None:
    """Show a QR, let the buyer pay, and record the payment."""
    till = _open(order)
    for _ in range(TRIES):
        progress = talk.attempt(lambda: till.payment_service.start(Actor.buyer(BUYER), UNPAID))
        if progress is not None:
            break
    else:
        return _close(till, talk)
    talk.reported("shown", progress.attempt.merchant_uid)
    talk.ask("pay", progress.attempt.merchant_uid)
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=3)
        talk.attempt(till.work)
        seen = talk.attempt(lambda: till.payment_service.get_progress(progress.attempt.id))
        if seen is not None and seen.phase is PaymentPhase.DONE:
            talk.reported("paid", UNPAID)
            break
    return _close(till, talk)


def refund(order: Order, talk: Talk) -> None:
    """Refund an item of a paid order (결제취소), until PortOne has carried it out."""
    till = _open(order)
    for _ in range(TRIES):
        kept = talk.attempt(
            lambda: till.cancellation_service.refund(
                Actor.buyer(BUYER), REFUNDED_ITEM, "단순 변심", 5000
            )
        )
        if kept is not None:
            talk.reported("kept", REFUNDED_ITEM)
            break
    _work_until_refunded(till, talk, {REFUNDED_ITEM})
    return _close(till, talk)


def refund_part(order: Order, talk: Talk) -> None:
    """Refund one of an item's three pieces, until PortOne has carried it out."""
    till = _open(order)
    part = set()
    for _ in range(TRIES):
        kept = talk.attempt(
            lambda: till.cancellation_service.refund(
                Actor.buyer(BUYER), DIVIDED_ITEM, "단순 변심", 4000, Pieces(1, 3)
            )
        )
        if kept is not None:
            talk.reported("kept", kept.item_id)
            part = {kept.item_id}
            break
    _work_until_refunded(till, talk, part)
    return _close(till, talk)


def approve(order: Order, talk: Talk) -> None:
    """Approve three requests (승인) with the network away; sending is tried nevertheless."""
    till = _open(order)
    desk = mutants.DESK[order.twin](till.store, till.clock, till.ids, lambda: None, EVERYTHING)
    for request_id in REQUESTED:
        for _ in range(TRIES):
            decided = talk.attempt(
                lambda number=request_id: desk.decide(
                    Actor.seller(SELLER), number, Decision.APPROVE
                )
            )
            if decided is not None:
                talk.reported("decided", request_id)
                break
    for _ in range(4):
        till.clock.advance(seconds=10)
        talk.attempt(till.work)
    return _close(till, talk)


def drain(order: Order, talk: Talk) -> None:
    """Send what was approved while the network was away."""
    till = _open(order)
    _work_until_refunded(till, talk, set(PAID))
    return _close(till, talk)


def sell(order: Order, talk: Talk) -> None:
    """Ring up a sale of two lines with a discount, and make its order."""
    till = _open(order)
    checkout = mutants.CHECKOUT[order.twin](
        till.store, till.clock, CartOrder(EVERYTHING, till.config)
    )
    for _ in range(TRIES):
        number = talk.attempt(lambda: ring_up(till, checkout))
        if number is not None:
            talk.reported("ordered", number)
            break
    return _close(till, talk)


def cash(order: Order, talk: Talk) -> None:
    """Sell in cash, take a first part in cash, or give cash back, as the flow is called."""
    till = _open(order)
    cash_flows.work_through(talk, till, order.action)
    return _close(till, talk)


def addendum(order: Order, talk: Talk) -> None:
    """Compare with PortOne what was closed without that."""
    till = _open(order)
    cash_flows.compare(talk, till)
    return _close(till, talk)


def receipt(order: Order, talk: Talk) -> None:
    """Issue the cash receipt of a sale, or cancel it since a part of the sale goes back."""
    till = _open(order)
    receipt_flows.work_through(talk, till, order.action)
    return _close(till, talk)


def expire(order: Order, talk: Talk) -> None:
    """End the order that nobody paid."""
    till = _open(order)
    for _ in range(MOST_STEPS):
        talk.attempt(till.work)
        waiting = talk.attempt(lambda: _reserved(till))
        if waiting == ():
            talk.reported("expired", 0)
            break
        till.clock.advance(seconds=31)
    return _close(till, talk)


def _reserved(till: Till) -> tuple[int, ...]:
    with till.store.snapshot() as uow:
        return uow.orders.reserved_outside(till.clock.now(), till.clock.now())


def migrate(order: Order, talk: Talk) -> None:
    """Open a file with the first schema, or a missing one, by today's program."""
    for _ in range(TRIES):
        store = talk.attempt(lambda: open_store(order.folder / FILE))
        if store is not None:
            talk.reported("migrated", FILE)
            store.close()
            break


def back_up(order: Order, talk: Talk) -> None:
    """Copy an open shop: over an older copy, then beside it."""
    till = _open(order)
    path = order.folder / FILE
    copy = mutants.BACKUP[order.twin]
    if talk.attempt(lambda: copy(path, backup_folder(path) / OLD_COPY)) is not None:
        talk.reported("copied", OLD_COPY)
    made = talk.attempt(lambda: FolderCopies(path).make(order.now))
    if made is not None:
        talk.reported("copied", made.name)
    return _close(till, talk)


def _work_until_refunded(till: Till, talk: Talk, items: set[int]) -> None:
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=3)
        talk.attempt(till.work)
        gone = talk.attempt(lambda wanted=items: _refunded(till, wanted))
        for item in sorted(gone or ()):
            talk.reported("refunded", item)
        items = items - (gone or set())
        if not items:
            return


def _refunded(till: Till, items: set[int]) -> set[int]:
    """Return the items that are refunded, as a screen would show them."""
    with till.store.snapshot() as uow:
        return {
            number
            for number in items
            if (item := uow.orders.item(number)) is not None
            and item.status is ItemStatus.CANCEL
            and any(one.state is RefundState.CONFIRMED for one in uow.refunds.of_item(number))
        }


def _close(till: Till, talk: Talk) -> None:
    talk.attempt(till.close)


ACTIONS: Mapping[str, Callable[[Order, Talk], None]] = {
    "pay": pay,
    "refund": refund,
    "refund-part": refund_part,
    "approve": approve,
    "drain": drain,
    "sell": sell,
    "expire": expire,
    "cash": cash,
    "cash-part": cash,
    "cash-refund": cash,
    "cash-close": cash,
    "cash-count": cash,
    "addendum": addendum,
    "cash-instead": cash,
    "receipt": receipt,
    "receipt-rest": receipt,
    "migrate": migrate,
    "backup": back_up,
}
