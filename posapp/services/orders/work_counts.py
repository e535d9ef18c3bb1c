"""Counts of the work that waits in a shop, for its home page and its tabs."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.cash_receipts import task_of
from posapp.domain.orders import TO_SHIP
from posapp.domain.refunds import OPEN
from posapp.services.bookkeeping.cash_records import count_open_cash
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

MOST_COUNTED = 999
"""Largest count; whatever is more is counted as capped."""


@dataclass(frozen=True, slots=True)
class WorkCount:
    """How much of one kind of work waits.

    Attributes:
        number: at most ``MOST_COUNTED``.
        is_capped: there is more than ``number``.
    """

    number: int = 0
    is_capped: bool = False

    @classmethod
    def of(cls, counted: int) -> WorkCount:
        """Return a count that stopped one beyond ``MOST_COUNTED``."""
        return cls(min(counted, MOST_COUNTED), is_capped=counted > MOST_COUNTED)


@dataclass(frozen=True, slots=True)
class WorkCounts:
    """The work that waits, of one moment.

    Attributes:
        to_pay: orders of the list of open orders (결제 대기).
        requests_waiting: requests that nobody has decided (신청 대기).
        to_ship: paid items that are neither shipped nor handed over (배송 준비).
        unresolved: refunds that have not ended, mismatches that nobody has explained, and cash that
            is to be kept or given back (미처리 금액).
        unresolved_for_person: those of ``unresolved`` that wait for a person.
        receipts: cash receipts that wait for a person (발급할 현금영수증).
    """

    to_pay: WorkCount
    requests_waiting: WorkCount
    to_ship: WorkCount
    unresolved: WorkCount
    unresolved_for_person: WorkCount
    receipts: WorkCount = WorkCount()


class WorkCountService:
    """Counts the work that waits. Needs no network, and takes the same time for any number of
    orders."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def read(self, actor: Actor) -> WorkCounts:
        """Return the counts of this moment, from one read transaction.

        Args:
            actor: requests and items to ship are a seller's own; for anybody else, those of all
                sellers. Orders to be paid and unresolved money are the shop's.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        seller = actor.user_id if actor.acts_as is ActorKind.SELLER else None
        most, now = MOST_COUNTED, self._clock.now()
        with self._store.snapshot() as uow:
            for_person = uow.mismatches.count_open(most) + count_open_cash(uow)
            return WorkCounts(
                to_pay=WorkCount.of(uow.orders.count_open(most)),
                requests_waiting=WorkCount.of(uow.requests.count_waiting(seller, most)),
                to_ship=WorkCount.of(uow.orders.count_items(TO_SHIP, seller, most)),
                unresolved=WorkCount.of(uow.refunds.count_in_states(OPEN, most) + for_person),
                unresolved_for_person=WorkCount.of(
                    uow.outbox.pending_totals().for_person + for_person
                ),
                receipts=WorkCount.of(
                    sum(task_of(one, now) is not None for one in uow.cash_receipts.open())
                ),
            )
