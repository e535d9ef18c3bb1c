"""Cancels all that is left of a payment, where KakaoPay takes no further partial cancel of it.

KakaoPay calculates a share of VAT for each partial cancel, and may refuse the second one because of
its rounding (docs/portone.md, "Cancel"). It still takes a cancel of all that is left. A seller is
offered that and confirms its amount. The refund then follows the same protocol as any other: it is
recorded first, with a tag of its own; items, stock and ledger change when PortOne has confirmed it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.actors import Actor
from posapp.domain.cancellation import reason_or_default
from posapp.domain.errors import ErrorCode, GatewayCause, InvalidAmount, UserError
from posapp.domain.guards import guard_seller_cancel
from posapp.domain.merchant_numbers import build_remainder_tag
from posapp.domain.money import ZERO, Won, require_positive
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment
from posapp.domain.permissions import Permission
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork


@dataclass(frozen=True, slots=True)
class RemainderOffer:
    """What can be cancelled at once instead of the refund that was refused.

    Attributes:
        refused: the refund of one item that KakaoPay does not take.
        items: every item of the order that is paid and not cancelled, including the refused one.
        amount: their total in won: all that is left of the payment.
    """

    refused: Refund
    payment: Payment
    items: tuple[OrderItem, ...]
    amount: Won


class RemainderCancellationService:
    """Offers to cancel all that is left of a payment; creates the refund if a seller agrees."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdGenerator,
        wake: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake
        self._access = access

    def offer(self, refund_id: int) -> RemainderOffer | None:
        """Return what can be cancelled instead of this refund. ``None``: it was not refused as a
        partial cancel, a refund of the payment is open, or what is left is not the items' total."""
        with self._store.snapshot() as uow:
            return _offer(uow, refund_id)

    def cancel(self, actor: Actor, refund_id: int, reason: str, amount: int) -> Refund:
        """Create the refund of all that is left, and return at once.

        Args:
            amount: won, as the offer showed it to the seller.

        Raises:
            UserError: ``NOT_PERMITTED``; a guard of the seller's cancel failed, for one of the
                items; nothing is offered (any more) for this refund (``REST_NOT_OFFERED``); the
                amount is another (``REFUND_AMOUNT_DIFFERS``); it is above a limit of the actor
                (``AccessControl.require_refund``); an older copy of the database was
                restored (``FILE_BEHIND``); or a mismatch of the payment is not explained yet
                (``MONEY_IN_DOUBT``).
            InvalidAmount: the amount is no amount of won above 0.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.REFUND)
            offer = _offer(uow, refund_id)
            if offer is None:
                raise UserError(ErrorCode.REST_NOT_OFFERED)
            seller = find_user(uow, actor)
            for item in offer.items:
                guard_seller_cancel(actor, seller, item)
            if require_positive(amount) != offer.amount:
                raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
            guard_reconciled(uow)
            guard_money_certain(uow, offer.payment.order_id)
            kept = reason_or_default(actor, reason)
            approver = self._access.require_refund(
                uow, actor, f"refund:{refund_id}", offer.amount, kept
            )
            try:
                refund = create_refund(
                    uow,
                    imp_uid=offer.payment.imp_uid,
                    order_id=offer.payment.order_id,
                    item_id=None,
                    amount=offer.amount,
                    reason=kept,
                    tag=build_remainder_tag(self._ids.refund_tag(None)),
                    actor=approver or actor,
                    requested_by=actor,
                    approval_needed=approver is not None,
                    now=self._clock.now(),
                    follows=offer.refused.id,
                    covers=tuple(item.id for item in offer.items),
                )
            except InvalidAmount as error:
                raise UserError(ErrorCode.REST_NOT_OFFERED) from error
            uow.commit()
        self._wake()
        return refund


def _offer(uow: UnitOfWork, refund_id: int) -> RemainderOffer | None:
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
    # Another sum is a mismatch, which a person must explain first.
    if worth <= 0 or worth != payment.amount - gone:
        return None
    return RemainderOffer(refused, payment, items, worth)


def was_refused_as_part(refund: Refund) -> bool:
    """Tell whether an item's refund was refused because KakaoPay takes no further partial
    cancel."""
    return (
        refund.origin is RefundOrigin.ITEM
        and refund.state is RefundState.REFUSED
        and refund.refused_as == GatewayCause.PARTIAL.value
    )
