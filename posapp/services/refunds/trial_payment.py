"""The trial payment of a new shop: 100 won are paid by QR, verified, and given back.

It is an order like any other, by the same services, so that nothing of it is lost by a kill. A
shop that has other orders is not asked any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Order, OrderItem
from posapp.domain.permissions import Permission
from posapp.domain.refunds import RefundState
from posapp.domain.users import User
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.refunds.cancel_item import CancellationService
from posapp.services.till_config import SMALLEST

TRIAL_NUMBER = 990_000_001
"""Number of the order, its item, its product and its buyer: no file of a shop has it."""

AMOUNT = SMALLEST


class TrialState(StrEnum):
    """How far the trial payment of a shop is."""

    OVER = "over"
    OFFERED = "offered"
    WAITING = "waiting"
    PAID = "paid"
    RETURNING = "returning"


@dataclass(frozen=True, slots=True)
class TrialOrder:
    """The order to be paid."""

    order_id: int
    buyer_id: int


class TrialPaymentService:
    """Offers, begins and gives back the trial payment of a test or real shop.

    Args:
        is_offered: the shop is not one to practise in.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        cancellations: CancellationService,
        *,
        is_offered: bool,
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._cancellations = cancellations
        self._is_offered = is_offered

    def read(self, actor: Actor) -> TrialState:
        """Return how far it is; over for who may not make one.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        with self._store.snapshot() as uow:
            if not self._access.allows(uow, actor, Permission.CHANGE_SETTINGS):
                return TrialState.OVER
            return self._state(uow)

    def begin(self, actor: Actor, name: str) -> TrialOrder:
        """Make the order, unless it is there already.

        Args:
            name: of the buyer and of what is bought.

        Raises:
            UserError: ``NOT_PERMITTED``; ``ORDER_DONE``: it is over.
            EnvironmentProblem: the disk does not allow it.
        """
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CHANGE_SETTINGS)
            state = self._state(uow)
            if state is TrialState.OVER:
                raise UserError(ErrorCode.ORDER_DONE)
            if state is TrialState.OFFERED:
                if not uow.catalogue.existing_users([TRIAL_NUMBER]):
                    uow.catalogue.add_users([User(TRIAL_NUMBER, name)])
                uow.catalogue.add_orders([self._order(name)])
                uow.commit()
        return TrialOrder(TRIAL_NUMBER, TRIAL_NUMBER)

    def give_back(self, actor: Actor, reason: str) -> bool:
        """Refund the trial payment if it is paid and not given back yet; returns whether it was.

        Raises:
            UserError, EnvironmentProblem: like ``CancellationService.refund``.
        """
        with self._store.snapshot() as uow:
            if self._state(uow) is not TrialState.PAID:
                return False
        buyer = actor.acting_for(Actor.buyer(TRIAL_NUMBER))
        self._cancellations.refund(buyer, TRIAL_NUMBER, reason, AMOUNT)
        return True

    def _state(self, uow: UnitOfWork) -> TrialState:
        order = uow.orders.get(TRIAL_NUMBER) if self._is_offered else None
        if order is None:
            is_new = self._is_offered and not uow.orders.newest(1)
            return TrialState.OFFERED if is_new else TrialState.OVER
        item = order.items[0]
        if item.is_paid:
            refunds = uow.refunds.of_item(item.id)
            is_begun = any(one.state is not RefundState.REFUSED for one in refunds)
            return TrialState.RETURNING if is_begun else TrialState.PAID
        return TrialState.WAITING if order.total else TrialState.OVER

    def _order(self, name: str) -> Order:
        number = TRIAL_NUMBER
        item = OrderItem(number, number, number, number, number, name, AMOUNT, 1)
        return Order(number, number, self._clock.now(), (item,))
