"""Today's figures of the shop: what was paid and what was refunded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.records import MoneyTotal
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.staff.staff_policy import shop_day_begins


@dataclass(frozen=True, slots=True)
class TodayFigures:
    """The figures of the present day of the shop.

    Attributes:
        paid: accepted payments and kept cash of today.
        refunded: refunds of accepted payments that PortOne confirmed today, and cash that was
            handed out today for refunds, whenever the payment was.
    """

    paid: MoneyTotal
    refunded: MoneyTotal

    @property
    def net(self) -> Won:
        """What was paid without what was refunded, in won; below 0 after a day of refunds."""
        return self.paid.amount - self.refunded.amount


class TodayFiguresService:
    """Sums the money of the day. Takes the same time for any number of earlier days."""

    def __init__(self, store: Store, clock: Clock, access: AccessControl) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def read(self, actor: Actor) -> TodayFigures | None:
        """Return the figures of this moment, from one read transaction; ``None``: whoever asks may
        not see them.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        since = shop_day_begins(self._clock.now())
        until = since + timedelta(days=1)
        with self._store.snapshot() as uow:
            if not self._access.allows(uow, actor, Permission.SEE_FIGURES):
                return None
            return TodayFigures(
                paid=uow.payments.total_paid(since, until) + uow.cash.total_kept(since, until),
                refunded=uow.refunds.total_confirmed(since, until)
                + uow.cash.total_refunded(since, until),
            )
