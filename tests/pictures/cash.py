"""States of pages with cash: the panel, its outcome, and cash that waits for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posapp.domain.actors import Actor
from posapp.ui.navigation.counter_window import CounterWindow

if TYPE_CHECKING:
    from posapp.services.container import Container

FLOAT = 100_000
_PAID_IN_CASH = "SELECT DISTINCT order_id FROM cash_tenders"


def container_of(counter: CounterWindow) -> Container:
    """Return the services of the demo shop."""
    container: Container = counter.demo.container  # type: ignore[attr-defined]
    return container


def open_shift(counter: CounterWindow) -> None:
    """Open a shift with some cash in its drawer, unless one is open."""
    container = container_of(counter)
    actor = container.session.actor
    if container.shift_service.read() is None:
        container.shift_service.open_shift(actor, FLOAT, is_sure=True)
        container.shift_service.pay_in(actor, 50_000, "잔돈 보충")
        container.shift_service.pay_out(actor, 12_000, "택배비")


def undo_cash(counter: CounterWindow) -> None:
    """Give back all cash, and put the goods back: the next state finds as many of them."""
    container = container_of(counter)
    waiting = container.cash_service.open_cash().held
    with container.store.snapshot() as uow:
        ids = uow.connection.exec_driver_sql(_PAID_IN_CASH).scalars().all()
        items = [item for one in ids for item in uow.orders.get(one).active_items]
    if waiting or items:
        open_shift(counter)  # it may be closed by now
    for held in waiting:
        container.cash_service.give_back(container.session.actor, held.order.id, held.amount)
    for item in items:
        seller = Actor.seller(item.seller_id)
        if item.is_paid:
            container.cancellation_service.refund(seller, item.id, "", item.total)
        else:
            container.cancellation_service.cancel(seller, item.id, "")


def refunded_in_cash(counter: CounterWindow, code: str) -> tuple[int, int] | None:
    """Sell one product in cash and give it back; return the order and the cash refund, or ``None``
    if the shop has no such product."""
    open_shift(counter)
    container = container_of(counter)
    actor = container.session.actor
    container.cart_service.clear(actor)
    cart = container.cart_service.scan(actor, code, 1).cart
    if cart is None or not cart.amounts.payable:
        return None
    payable = int(cart.amounts.payable)
    order = container.cash_service.sell(actor, payable, payable).order
    seller = Actor.seller(order.items[0].seller_id)
    container.cancellation_service.refund(seller, order.items[0].id, "단순 변심", payable)
    with container.store.snapshot() as uow:
        (back,) = uow.cash.refunds_of_order(order.id)
    return order.id, back.id


def hold_cash(counter: CounterWindow, code: str, received: int) -> tuple[Actor, int] | None:
    """Sell one product for a part in cash, and return the buyer and the order that waits; ``None``
    if the shop has no such product."""
    open_shift(counter)
    container = container_of(counter)
    actor = container.session.actor
    container.cart_service.clear(actor)
    cart = container.cart_service.scan(actor, code, 1).cart
    if cart is None or cart.amounts.payable <= received:
        return None
    taken = container.cash_service.sell(actor, int(cart.amounts.payable), received, rest_by_qr=True)
    return Actor.buyer(taken.order.buyer_id), taken.order.id
