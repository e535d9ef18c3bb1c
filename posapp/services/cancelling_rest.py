"""All that is left of a payment at once, where KakaoPay takes no further partial cancel of it.

KakaoPay reckons a share of VAT for each partial cancel, and may refuse the second one because of
its rounding (docs/portone.md, "Cancel"). All that is left it still takes. A seller is offered that
and says yes to it with the amount; then it goes by the same protocol as every refund: its intent
first, under a tag of its own, and items, stock and ledger follow when PortOne has confirmed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.cancelling import Side, guard_cancel, reason_or_default
from posapp.domain.errors import ErrorCode, GatewayCause, InvalidAmount, UserError
from posapp.domain.money import ZERO, Won, positive
from posapp.domain.numbers import tag_of_rest
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.differences import guard_compared, guard_money_certain
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import keep_intent


@dataclass(frozen=True, slots=True)
class RestOffer:
    """What can be cancelled at once instead of the refund that was refused.

    Attributes:
        refused: the refund of one item that KakaoPay does not take.
        items: every item of the order that is paid and not cancelled, that one among them.
        amount: what they are worth together, in won: all that is left of the payment.
    """

    refused: Refund
    payment: Payment
    items: tuple[OrderItem, ...]
    amount: Won


class CancellingRest:
    """Offers to cancel all that is left of a payment, and keeps the intent if a seller agrees."""

    def __init__(self, store: Store, clock: Clock, ids: Ids, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake

    def offer(self, refund_id: int) -> RestOffer | None:
        """What can be cancelled instead of this refund; ``None``: it was not refused for being a
        part, something of the payment is on its way, or what is left is not what the items cost."""
        with self._store.reading() as uow:
            return _offer(uow, refund_id)

    def cancel(self, seller_id: int, refund_id: int, reason: str, amount: int) -> Refund:
        """Keep the intent to send back all that is left, and return at once.

        Args:
            amount: won, as the seller was asked about them.

        Raises:
            UserError: a guard of the seller's cancel failed, for one of the items; nothing is
                offered (any more) for this refund (``REST_NOT_OFFERED``); the amount is another
                (``REFUND_AMOUNT_DIFFERS``); an older copy was put back (``FILE_BEHIND``); or a
                difference of the payment waits for its explanation (``MONEY_IN_DOUBT``).
            InvalidAmount: the amount is no amount of won above 0.
        """
        with self._store.writing() as uow:
            offer = _offer(uow, refund_id)
            if offer is None:
                raise UserError(ErrorCode.REST_NOT_OFFERED)
            seller = uow.people.get(seller_id)
            for item in offer.items:
                guard_cancel(Side.SELLER, seller, item)
            if positive(amount) != offer.amount:
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            guard_compared(uow)
            guard_money_certain(uow, offer.payment.order_id)
            try:
                refund = keep_intent(
                    uow,
                    imp_uid=offer.payment.imp_uid,
                    order_id=offer.payment.order_id,
                    item_id=None,
                    amount=offer.amount,
                    reason=reason_or_default(Side.SELLER, reason),
                    tag=tag_of_rest(self._ids.refund_tag(None)),
                    actor=f"{Side.SELLER}:{seller_id}",
                    now=self._clock.now(),
                    follows=offer.refused.id,
                    covers=tuple(item.id for item in offer.items),
                )
            except InvalidAmount as error:
                raise UserError(ErrorCode.REST_NOT_OFFERED) from error
            uow.commit()
        self._wake()
        return refund


def _offer(uow: UnitOfWork, refund_id: int) -> RestOffer | None:
    refused = uow.refunds.get(refund_id)
    if refused is None or not was_refused_as_part(refused):
        return None
    payment = uow.payments.get(refused.imp_uid)
    order = uow.orders.get(refused.order_id)
    if payment is None or order is None:
        return None
    refunds = uow.refunds.of_payment(payment.imp_uid)
    if any(one.is_open for one in refunds):
        return None
    items = tuple(item for item in order.items if item.is_paid)
    if refused.item_id not in {item.id for item in items}:
        return None
    gone = sum((one.amount for one in refunds if one.state is RefundState.CONFIRMED), ZERO)
    worth = sum((item.total for item in items), ZERO)
    # Another sum is a difference in the money, and a person's to explain first.
    if worth <= 0 or worth != payment.amount - gone:
        return None
    return RestOffer(refused, payment, items, worth)


def was_refused_as_part(refund: Refund) -> bool:
    """KakaoPay took no further partial cancel, and nothing but that stands against the refund."""
    return (
        refund.origin is RefundOrigin.ITEM
        and refund.state is RefundState.REFUSED
        and refund.refused_as == GatewayCause.PARTIAL.value
    )
