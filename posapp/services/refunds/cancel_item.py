"""주문취소 and 결제취소: cancels an unpaid item, or creates the refund of a paid one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cancellation import (
    CancelAction,
    cancel_action_for,
    guard_cancel,
    reason_or_default,
)
from posapp.domain.cash import TenderSplit, split_refund
from posapp.domain.claims import guard_no_claim
from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.merchant_numbers import build_part_tag, part_of
from posapp.domain.money import ZERO, Won, require_positive
from posapp.domain.orders import Order, OrderItem, Pieces
from posapp.domain.payments import Payment
from posapp.domain.permissions import Permission
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.users import User
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.cash_records import (
    create_cash_refund,
    guard_no_held_cash,
    hand_out,
    is_paid_in_cash,
    split_of,
)
from posapp.services.bookkeeping.item_cancellation import cancel_item, end_request
from posapp.services.bookkeeping.item_parts import (
    divide_item,
    refund_tag_of,
    won_of_other_pieces,
)
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class CancelSummary:
    """What the cancel screen shows.

    Attributes:
        refunded: won of the payment's confirmed refunds.
        refund: the latest refund of the item, open or ended.
        cash: won of the item that go back in cash.
    """

    actor: Actor
    user: User
    item: OrderItem
    order: Order
    action: CancelAction
    payment: Payment | None
    refunded: Won
    refund: Refund | None
    cash: Won = ZERO


@dataclass(frozen=True, slots=True)
class RefundWithItem:
    """A refund with its item, as the records have them now.

    Attributes:
        item: ``None`` for a refund of a whole payment or of the remainder of one.
        items: every item that it refunds.
    """

    refund: Refund
    item: OrderItem | None
    items: tuple[OrderItem, ...] = ()


class CancellationService:
    """Cancels or refunds one item of an order, for its buyer or its seller."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdGenerator,
        poller: AttemptPoller,
        wake: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._poller = poller
        self._wake = wake
        self._access = access

    def get_item(self, actor: Actor, item_id: int) -> CancelSummary:
        """Return how an item can be cancelled, for the buyer or the seller.

        Raises:
            UserError: the first guard of docs/specification.md 2.2 that fails.
        """
        with self._store.snapshot() as uow:
            user, item, order = _guarded(uow, actor, item_id)
            payment = uow.payments.accepted_of_order(order.id)
            refunds = uow.refunds.of_payment(payment.imp_uid) if payment else ()
            gone = (one.amount for one in refunds if one.state is RefundState.CONFIRMED)
            of_item = [one for one in refunds if item.id in one.item_ids]
            return CancelSummary(
                actor,
                user,
                item,
                order,
                cancel_action_for(item),
                payment,
                sum(gone, ZERO),
                of_item[-1] if of_item else None,
                _in_cash(uow, item, order, payment, refunds),
            )

    def cancel(self, actor: Actor, item_id: int, reason: str) -> OrderItem:
        """주문취소: cancel an unpaid item, or one that costs nothing, paid or not. Its pieces are
        restocked, and no money moves.

        A live QR of the order is closed first and PortOne is asked once more. Without a network the
        item is cancelled all the same: money that was captured nevertheless does not fit the order
        any more and is refunded automatically (docs/specification.md 2.4).

        Raises:
            UserError: ``NOT_PERMITTED``; a guard failed; ``PAID_MEANWHILE``: the buyer paid in
                that moment, nothing was cancelled; ``FILE_BEHIND``: an older copy of the database
                was restored, and the order may have been paid since; ``CASH_HELD``: cash was
                received for the order, and has to be given back first.
        """
        summary = self.get_item(actor, item_id)
        if summary.action is not CancelAction.CANCEL:
            raise UserError(ErrorCode.PAID_MEANWHILE)
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.CANCEL_ORDER)
            guard_reconciled(uow)
        self._close_qr(summary.order.id)
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CANCEL_ORDER)
            _, item, _ = _guarded(uow, actor, item_id)
            if cancel_action_for(item) is not CancelAction.CANCEL:
                raise UserError(ErrorCode.PAID_MEANWHILE)
            guard_reconciled(uow)
            guard_no_held_cash(uow, item.order_id)
            kept = reason_or_default(actor, reason)
            cancelled = cancel_item(uow, item, actor, kept, now)
            uow.commit()
        self._wake()
        return cancelled

    def refund(
        self, actor: Actor, item_id: int, reason: str, amount: int, pieces: Pieces | None = None
    ) -> Refund:
        """결제취소: create the refund of an item, or of some of its pieces, and return at once.

        The pieces become an item of their own first, in the same transaction: it has the refund,
        and the item has what is left. It stays so if the refund is refused.

        Item, stock and money change only when PortOne has confirmed it; until then the refund is
        환불 대기 or 확인 중. A second call is refused, so that there is one refund only. An item
        that cost nothing is cancelled at once, and nothing is sent.

        The tender decides: what cash alone paid goes back in cash at once, out of the drawer of the
        open shift; of a mixed sale first what was paid by QR, then the rest in cash
        (``CashService.hand_out``).

        Args:
            amount: won, as the caller showed it to the user.
            pieces: those to refund; ``None``, or all of them: the item as a whole.

        Raises:
            UserError: ``NOT_PERMITTED``; a guard failed; the item is not paid; the amount is not
                the total of the item, or of the pieces; the item has another number of pieces than
                those were chosen of (``PIECES_CHANGED``), cannot be divided so (``PART_COUNT``,
                ``PART_OF_PART``), or a refund or a waiting request is about all of it
                (``PART_REFUSED``); the item has a refund already (``REFUND_IN_FLIGHT``); less
                than that is left of the payment (``REFUND_BEYOND``); it is above a limit of the
                actor (``AccessControl.require_refund``); an older copy of the database was
                restored (``FILE_BEHIND``); a mismatch of the payment is not explained yet
                (``MONEY_IN_DOUBT``); or, for cash: ``NO_SHIFT``, ``DRAWER_SHORT``.
            InvalidAmount: the amount is no amount of won, or is 0 for an item that cost something.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.REFUND)
            _, item, order = _guarded(uow, actor, item_id)
            if not item.is_paid:
                raise UserError(ErrorCode.NOT_PAID_YET)
            what = f"item:{item.id}"
            if pieces is not None and pieces.of != item.count:
                raise UserError(ErrorCode.PIECES_CHANGED)
            if pieces is None or pieces.count == item.count:
                tag = refund_tag_of(self._ids, item)
            else:
                what = f"{what}:{pieces.count}"
                tag = build_part_tag(self._ids.refund_tag(None), item.id, pieces.count)
                item = _divide(uow, actor, item, tag, now)
            if item.total == 0:
                return self._cancel_free(uow, actor, item, reason, amount)
            if require_positive(amount) != item.total:
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            guard_reconciled(uow)
            guard_money_certain(uow, order.id)
            payment = uow.payments.accepted_of_order(order.id)
            in_cash = is_paid_in_cash(uow, order.id)
            if payment is None and not in_cash:
                raise UserError(ErrorCode.PAYMENT_UNKNOWN)
            kept = reason_or_default(actor, reason)
            before = won_of_other_pieces(uow, item)
            approver = self._access.require_refund(
                uow, actor, what, item.total, kept, before=before
            )
            split = split_of(uow, item, order) if in_cash else TenderSplit(item.total, ZERO)
            if payment is None or not split.qr:
                return self._in_cash(uow, actor, item, kept, approver, now)
            try:
                refund = create_refund(
                    uow,
                    imp_uid=payment.imp_uid,
                    order_id=order.id,
                    item_id=item.id,
                    amount=split.qr,
                    reason=kept,
                    tag=tag,
                    actor=approver or actor,
                    requested_by=actor,
                    approval_needed=approver is not None,
                    now=now,
                )
            except InvalidAmount as error:
                # The total itself was checked above: too little of the payment is left for it.
                raise UserError(ErrorCode.REFUND_BEYOND) from error
            if split.cash:
                create_cash_refund(
                    *(uow, item, split.cash, kept, now),
                    requested_by=actor,
                    approver=approver,
                    refund_id=refund.id,
                )
            uow.commit()
        self._wake()
        return refund

    @staticmethod
    def _in_cash(
        uow: UnitOfWork,
        actor: Actor,
        item: OrderItem,
        reason: str,
        approver: Actor | None,
        now: datetime,
    ) -> Refund:
        """Give an item's money back in cash, at once: item, stock, drawer and ledger change
        together. The returned refund is not in the records; ``cash_refunds`` has it."""
        waiting = create_cash_refund(
            uow, item, item.total, reason, now, requested_by=actor, approver=approver
        )
        cancel_item(uow, item, actor, reason, now)
        end_request(uow, item.id, now)
        hand_out(uow, waiting, actor, now)
        uow.commit()
        return _done_at_once(item, item.total, reason, actor, approver or actor, now)

    def _cancel_free(
        self,
        uow: UnitOfWork,
        actor: Actor,
        item: OrderItem,
        reason: str,
        amount: int,
    ) -> Refund:
        """Cancel a paid item that cost nothing. The returned refund is not in the records."""
        if Won(amount) != 0:
            raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
        guard_reconciled(uow)
        now = self._clock.now()
        kept = reason_or_default(actor, reason)
        cancel_item(uow, item, actor, kept, now)
        uow.commit()
        return _done_at_once(item, ZERO, kept, actor, actor, now)

    def get_refund(self, refund_id: int) -> RefundWithItem:
        """Return a refund in its current state.

        Raises:
            UserError: ``REFUND_UNKNOWN``.
        """
        with self._store.snapshot() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            found = (uow.orders.item(number) for number in refund.item_ids)
            items = tuple(item for item in found if item is not None)
            own = next((item for item in items if item.id == refund.item_id), None)
            return RefundWithItem(refund, own, items)

    def _close_qr(self, order_id: int) -> None:
        with self._store.snapshot() as uow:
            live = uow.attempts.live_of_order(order_id)
        if live is not None:
            self._poller.poll(live.id, give_up=True)


def _in_cash(
    uow: UnitOfWork,
    item: OrderItem,
    order: Order,
    payment: Payment | None,
    refunds: tuple[Refund, ...],
) -> Won:
    if not is_paid_in_cash(uow, order.id):
        return ZERO
    tenders, given = uow.cash.of_order(order.id), uow.cash.refunds_of_order(order.id)
    captured = payment.amount if payment is not None else ZERO
    return split_refund(item, order, tenders, given, captured, refunds).cash


def _done_at_once(
    item: OrderItem, amount: Won, reason: str, actor: Actor, approver: Actor, now: datetime
) -> Refund:
    """Return a refund for which nothing is sent, as the caller shows it."""
    return Refund(
        id=0,
        imp_uid="",
        order_id=item.order_id,
        item_id=item.id,
        origin=RefundOrigin.ITEM,
        amount=amount,
        reason=reason,
        tag="",
        requested_by=actor,
        approved_by=approver,
        created_at=now,
        state=RefundState.CONFIRMED,
        confirmed_at=now,
    )


def _divide(uow: UnitOfWork, actor: Actor, item: OrderItem, tag: str, now: datetime) -> OrderItem:
    part = part_of(tag)
    if part is None:
        raise UserError(ErrorCode.PART_COUNT)
    return divide_item(uow, item, part, actor, now)


def _guarded(uow: UnitOfWork, actor: Actor, item_id: int) -> tuple[User, OrderItem, Order]:
    user = find_user(uow, actor)
    item = guard_cancel(actor, user, uow.orders.item(item_id))
    order = uow.orders.get(item.order_id)
    if user is None or order is None:
        raise UserError(ErrorCode.ORDER_UNKNOWN)
    guard_no_claim(uow.claims.for_order(order.id))
    return user, item, order
