"""The list of open money: what is on its way back, what is not known, what needs a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund, RefundState, RefundTrigger
from posapp.services.ports.machine import Clock
from posapp.services.ports.outbox import Mismatch
from posapp.services.ports.store import Store

LISTED = (
    RefundState.NEEDS_PERSON,
    RefundState.UNKNOWN,
    RefundState.SENDING,
    RefundState.APPROVED,
)


@dataclass(frozen=True, slots=True)
class OpenRefund:
    """A refund that is not over, with all evidence: what was asked, when, what PortOne said."""

    refund: Refund
    payment: Payment | None
    item: OrderItem | None


class OpenMoney:
    """Reads what is open, and lets a person have it tried again."""

    def __init__(self, store: Store, clock: Clock, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._wake = wake

    def refunds(self, limit: int = 200) -> tuple[OpenRefund, ...]:
        """Refunds that are not over, oldest first. The return of a rejected payment never ends in
        a refusal, so that it is here until the money is back."""
        with self._store.reading() as uow:
            found = uow.refunds.in_states(LISTED, limit)
            return tuple(
                OpenRefund(
                    one,
                    uow.payments.get(one.imp_uid),
                    uow.orders.item(one.item_id) if one.item_id is not None else None,
                )
                for one in found
            )

    def mismatches(self, limit: int = 200) -> tuple[Mismatch, ...]:
        """Money that a rule could not decide on, oldest first."""
        with self._store.reading() as uow:
            return uow.mismatches.open(limit)

    def try_again(self, refund_id: int) -> None:
        """Let a refund be read and tried again now. It is read before anything is sent.

        Raises:
            UserError: ``REFUND_UNKNOWN``.
        """
        with self._store.writing() as uow:
            refund = uow.refunds.get(refund_id)
            if refund is None:
                raise UserError(ErrorCode.REFUND_UNKNOWN)
            if refund.state is RefundState.NEEDS_PERSON:
                uow.refunds.save(refund.after(RefundTrigger.REQUEUED))
            uow.outbox.requeue(refund_id, self._clock.now())
            uow.commit()
        self._wake()
