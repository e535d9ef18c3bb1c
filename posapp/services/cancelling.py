"""주문취소 and 결제취소: stopping an unpaid item, and asking for the money of a paid one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.cancelling import Deed, Side, deed_of, guard_cancel, reason_or_default
from posapp.domain.claims import guard_no_claim
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import ZERO, Won, positive
from posapp.domain.orders import Order, OrderItem
from posapp.domain.payments import Payment
from posapp.domain.people import User
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.differences import guard_compared, guard_money_certain
from posapp.services.items_without_money import cancel_item
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import keep_intent
from posapp.services.verifying import Verifying


@dataclass(frozen=True, slots=True)
class CancelSummary:
    """What the cancel screen shows.

    Attributes:
        refunded: won of the order that certainly went back so far.
        refund: the item's refund that is not over yet, or was the last one.
    """

    side: Side
    user: User
    item: OrderItem
    order: Order
    deed: Deed
    payment: Payment | None
    refunded: Won
    refund: Refund | None


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund with its item, as they are in the records now.

    Attributes:
        item: ``None`` where the refund is of a whole payment or of all that is left of one.
        items: every item whose money it is.
    """

    refund: Refund
    item: OrderItem | None
    items: tuple[OrderItem, ...] = ()


class Cancelling:
    """What buyers and sellers do with one item of an order."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: Ids,
        verifying: Verifying,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._verifying = verifying
        self._wake = wake

    def look_up(self, side: Side, user_id: int, item_id: int) -> CancelSummary:
        """What can be done with an item, by whom it is asked.

        Raises:
            UserError: the first guard of docs/specification.md 2.2 that fails.
        """
        with self._store.reading() as uow:
            user, item, order = _guarded(uow, side, user_id, item_id)
            payment = uow.payments.accepted_of_order(order.id)
            refunds = uow.refunds.of_payment(payment.imp_uid) if payment else ()
            gone = (one.amount for one in refunds if one.state is RefundState.CONFIRMED)
            of_item = [one for one in refunds if item.id in one.item_ids]
            return CancelSummary(
                side,
                user,
                item,
                order,
                deed_of(item),
                payment,
                sum(gone, ZERO),
                of_item[-1] if of_item else None,
            )

    def cancel(self, side: Side, user_id: int, item_id: int, reason: str) -> OrderItem:
        """주문취소: an unpaid item stops, or one that costs nothing, paid or not; its stock is free
        again, and no money moves.

        A live QR of the order is closed first and PortOne asked once more. With the network away
        the item stops all the same: money that came in nevertheless does not fit the order any
        more and goes back by itself (docs/specification.md 2.4).

        Raises:
            UserError: a guard failed; ``PAID_MEANWHILE``: the buyer paid in that moment, nothing
                was cancelled; ``FILE_BEHIND``: an older copy was put back, and the order may have
                been paid since.
        """
        summary = self.look_up(side, user_id, item_id)
        if summary.deed is not Deed.CANCEL:
            raise UserError(ErrorCode.PAID_MEANWHILE)
        with self._store.reading() as uow:
            guard_compared(uow)
        self._close_qr(summary.order.id)
        now = self._clock.now()
        with self._store.writing() as uow:
            _, item, _ = _guarded(uow, side, user_id, item_id)
            if deed_of(item) is not Deed.CANCEL:
                raise UserError(ErrorCode.PAID_MEANWHILE)
            guard_compared(uow)
            kept = reason_or_default(side, reason)
            cancelled = cancel_item(uow, item, f"{side}:{user_id}", kept, now)
            uow.commit()
        self._wake()
        return cancelled

    def refund(self, side: Side, user_id: int, item_id: int, reason: str, amount: int) -> Refund:
        """결제취소: keep the intent to send an item's money back, and return at once.

        Item, stock and money change only when PortOne has confirmed it; until then the refund is
        환불 대기 or 확인 중. Pressed twice there is still one intent: the second time is refused.
        An item that cost nothing is cancelled at once, and nothing is sent.

        Args:
            amount: won, as the caller showed it to the person.

        Raises:
            UserError: a guard failed; the item is not paid; the amount is not the item's total;
                the item has a refund already (``REFUND_IN_FLIGHT``); less than that is left of the
                payment (``REFUND_BEYOND``); an older copy was put back (``FILE_BEHIND``); or a
                difference of the payment waits for its explanation (``MONEY_IN_DOUBT``).
            InvalidAmount: the amount is no amount of won, or 0 of an item that cost something.
        """
        now = self._clock.now()
        with self._store.writing() as uow:
            _, item, order = _guarded(uow, side, user_id, item_id)
            if not item.is_paid:
                raise UserError(ErrorCode.NOT_PAID_YET)
            if item.total == 0:
                return self._cancel_free(uow, side, user_id, item, reason, amount)
            if positive(amount) != item.total:
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            guard_compared(uow)
            guard_money_certain(uow, order.id)
            payment = uow.payments.accepted_of_order(order.id)
            if payment is None:
                raise UserError(ErrorCode.PAYMENT_UNKNOWN)
            try:
                refund = keep_intent(
                    uow,
                    imp_uid=payment.imp_uid,
                    order_id=order.id,
                    item_id=item.id,
                    amount=item.total,
                    reason=reason_or_default(side, reason),
                    tag=self._ids.refund_tag(item.id),
                    actor=f"{side}:{user_id}",
                    now=now,
                )
            except InvalidAmount as error:
                # The total itself was checked above: too little of the payment is left for it.
                raise UserError(ErrorCode.REFUND_BEYOND) from error
            uow.commit()
        self._wake()
        return refund

    def _cancel_free(
        self, uow: UnitOfWork, side: Side, user_id: int, item: OrderItem, reason: str, amount: int
    ) -> Refund:
        """A paid item that cost nothing: over at once. The refund that says so is in no record."""
        if Won(amount) != 0:
            raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
        guard_compared(uow)
        now, actor = self._clock.now(), f"{side}:{user_id}"
        kept = reason_or_default(side, reason)
        cancel_item(uow, item, actor, kept, now)
        uow.commit()
        return Refund(
            id=0,
            imp_uid="",
            order_id=item.order_id,
            item_id=item.id,
            origin=RefundOrigin.ITEM,
            amount=ZERO,
            reason=kept,
            tag="",
            asked_by=actor,
            approved_by=actor,
            created_at=now,
            state=RefundState.CONFIRMED,
            confirmed_at=now,
        )

    def view(self, refund_id: int) -> RefundView:
        """A refund as it stands now.

        Raises:
            UserError: ``REFUND_UNKNOWN``.
        """
        with self._store.reading() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            found = (uow.orders.item(number) for number in refund.item_ids)
            items = tuple(item for item in found if item is not None)
            own = next((item for item in items if item.id == refund.item_id), None)
            return RefundView(refund, own, items)

    def _close_qr(self, order_id: int) -> None:
        with self._store.reading() as uow:
            live = uow.attempts.live_of_order(order_id)
        if live is not None:
            self._verifying.look(live.id, give_up=True)


def _guarded(
    uow: UnitOfWork, side: Side, user_id: int, item_id: int
) -> tuple[User, OrderItem, Order]:
    user = uow.people.get(user_id)
    item = guard_cancel(side, user, uow.orders.item(item_id))
    order = uow.orders.get(item.order_id)
    if user is None or order is None:
        raise UserError(ErrorCode.ORDER_UNKNOWN)
    guard_no_claim(uow.claims.of_order(order.id))
    return user, item, order
