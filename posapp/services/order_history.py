"""Everything about one order, in time order: for its page, a slip, or a support call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEntry
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, Payment
from posapp.domain.people import User
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Request
from posapp.services.differences import guard_compared, guard_money_certain
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.printed import (
    Printed,
    account_paper,
    add_printed,
    read_printed,
    slip_paper,
)


@dataclass(frozen=True, slots=True)
class OrderHistory:
    """One order with all that hangs on it, each list oldest first; ``printed`` by the names of
    ``posapp.services.printed`` what went out on paper; ``doubt`` why nothing of it may be
    cancelled, decided or handed over now."""

    order: Order
    buyer: User | None
    attempts: tuple[Attempt, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    ledger: tuple[LedgerEntry, ...]
    requests: tuple[Request, ...] = ()
    printed: Mapping[str, Printed] = field(default_factory=dict)
    doubt: ErrorCode | None = None

    @property
    def captured(self) -> Won:
        """Won that came in for this order, accepted or not."""
        return sum((one.amount for one in self.payments), ZERO)

    @property
    def returned(self) -> Won:
        """Won that certainly went back."""
        gone = (one.amount for one in self.refunds if one.state is RefundState.CONFIRMED)
        return sum(gone, ZERO)


class OrderHistories:
    """Reads the history of an order, and keeps what of it went out on paper."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of_order(self, order_id: int) -> OrderHistory:
        """The history of one order.

        Raises:
            UserError: ``ORDER_UNKNOWN``.
        """
        with self._store.reading() as uow:
            order = uow.orders.get(order_id)
            if order is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            refunds = uow.refunds.of_order(order_id)
            papers = (account_paper(order_id), *(slip_paper(refund) for refund in refunds))
            known = ((paper, read_printed(uow.milestones, paper)) for paper in papers)
            return OrderHistory(
                order,
                uow.people.get(order.buyer_id),
                uow.attempts.of_order(order_id),
                uow.payments.of_order(order_id),
                refunds,
                uow.ledger.of_order(order_id),
                uow.requests.of_order(order_id),
                {paper: printed for paper, printed in known if printed is not None},
                _doubt(uow, order_id),
            )

    def note_printed(self, paper: str, at: datetime) -> None:
        """Keep that a paper went out, so that the next one of it says that it is a copy.

        Raises:
            EnvironmentProblem: it could not be kept; the paper is out all the same.
        """
        with self._store.writing() as uow:
            add_printed(uow.milestones, paper, at)
            uow.commit()


def _doubt(uow: UnitOfWork, order_id: int) -> ErrorCode | None:
    """What the guards of every deed with this order would say now."""
    try:
        guard_compared(uow)
        guard_money_certain(uow, order_id)
    except UserError as error:
        return error.code
    return None
