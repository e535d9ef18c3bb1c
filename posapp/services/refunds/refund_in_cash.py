"""현금으로 환불: gives an item's money back in cash where KakaoPay refused its refund for good.

Money of a wallet is never turned into cash while it could go back by QR: only a listed refusal that
says that KakaoPay cancels nothing of the payment any more counts, and the payment is read once more
before the cash is recorded.
"""

from __future__ import annotations

from collections.abc import Callable

from posapp.domain.actors import Actor
from posapp.domain.cancellation import guard_cancel
from posapp.domain.cash import CashRefund
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import require_positive
from posapp.domain.permissions import Permission
from posapp.domain.refund_limits import Proof
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.cash_instead import (
    CashOffer,
    cash_offer,
    move_to_cash,
    shows_money_is_there,
)
from posapp.services.bookkeeping.cash_records import require_in_drawer, require_shift
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.gateways import Gateways


class CashInsteadService:
    """Offers cash in the place of a refused refund, and records it if two people agree."""

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        clock: Clock,
        wake: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._wake = wake
        self._access = access

    def move(self, actor: Actor, refund_id: int, amount: int) -> CashRefund:
        """Record that an item goes back in cash in the place of its refund. The payment is read
        first. The cash waits to be handed out (``CashService.hand_out``), and nothing is sent for
        the item any more.

        Args:
            amount: won, as the offer showed them.

        Raises:
            UserError: ``NOT_PERMITTED``; a guard of a cancel failed; ``CASH_NOT_OFFERED``: nothing
                is offered (any more) for this refund; ``REFUND_AMOUNT_DIFFERS``; ``FILE_BEHIND``,
                ``MONEY_IN_DOUBT``: the database or the reading does not show that the money is
                there; ``APPROVAL_REQUIRED``, ``MANAGER_REQUIRED``: a second person has to agree;
                ``NO_SHIFT``, ``DRAWER_SHORT``.
            InvalidAmount: the amount is no amount of won above 0.
            GatewayError: the payment could not be read; nothing was changed.
        """
        # Rolled back: no approval is used before the reading.
        with self._store.transaction() as uow:
            offer, _ = self._agreed(uow, actor, refund_id, amount)
            before = uow.refunds.of_payment(offer.payment.imp_uid)
        ref = offer.payment.ref
        reported = self._gateways.for_(ref).get_payment(ref)
        with self._store.transaction() as uow:
            offer, approver = self._agreed(uow, actor, refund_id, amount)
            is_same = uow.refunds.of_payment(offer.payment.imp_uid) == before
            if not is_same or reported is None or not shows_money_is_there(uow, offer, reported):
                raise UserError(ErrorCode.MONEY_IN_DOUBT)
            waiting = move_to_cash(uow, offer, actor, approver, self._clock.now())
            uow.commit()
        self._wake()
        return waiting

    def _agreed(
        self, uow: UnitOfWork, actor: Actor, refund_id: int, amount: int
    ) -> tuple[CashOffer, Actor | None]:
        """Return the offer, and who approved it; that approval is used."""
        self._access.require(uow, actor, Permission.REFUND)
        guard_reconciled(uow)
        offer = cash_offer(uow, refund_id)
        if offer is None:
            raise UserError(ErrorCode.CASH_NOT_OFFERED)
        guard_cancel(actor, find_user(uow, actor), offer.item)
        guard_money_certain(uow, offer.item.order_id)
        if require_positive(amount) != offer.amount:
            raise UserError(ErrorCode.REFUND_AMOUNT_DIFFERS)
        require_in_drawer(uow, require_shift(uow), offer.amount)
        approver = self._access.require_refund(
            *(uow, actor, f"cash:{refund_id}", offer.amount, offer.refused.reason),
            least=Proof.SECOND_PERSON,
        )
        return offer, approver
