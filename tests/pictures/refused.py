"""An order of the counter whose refund KakaoPay refuses."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.orders import Order
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.navigation.counter_window import CounterWindow
from tests.pictures.cash import container_of, open_shift
from tests.pictures.visits import CAKE, until

FOR_GOOD = "거래일로부터 1년이 지났습니다."


def refused_order(counter: CounterWindow, says: str = FOR_GOOD) -> Order:
    """Sell a cake by QR, have its refund refused with these words, and return the order."""
    open_shift(counter)
    container = container_of(counter)
    sandbox = counter.demo.sandbox  # type: ignore[attr-defined]
    actor = container.session.actor
    container.cart_service.clear(actor)
    cart = container.cart_service.scan(actor, CAKE, 1).cart
    assert cart is not None
    order = container.checkout_service.order(actor, int(cart.amounts.payable))
    attempt = container.payment_service.start(Actor.buyer(order.buyer_id), order.id).attempt
    sandbox.books.pay(attempt.merchant_uid)
    histories, item = container.order_history_service, order.items[0]
    counter.worker.wake()
    until(lambda: histories.for_order(order.id).order.is_paid)
    sandbox.faults.conduct.refuse_cancel = says
    seller = Actor.seller(item.seller_id)
    container.cancellation_service.refund(seller, item.id, "단순 변심", int(item.total))

    def last() -> Refund:
        return histories.for_order(order.id).refunds[-1]

    until(lambda: last().state is RefundState.REFUSED)
    sandbox.faults.clear()
    return order
