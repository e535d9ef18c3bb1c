"""Who may end the program of a kiosk: a manager, by PIN."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from posapp.domain.actors import NOBODY
from posapp.domain.permissions import StaffRole
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.staff.pin_check import UNKNOWN, PinCheck

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExitManager:
    """A manager whose PIN ends the program. The name is not for the screen as it is: any buyer can
    open the question."""

    id: int
    name: str
    pin_digits: int


class KioskExit:
    """Checks the PIN that ends the program."""

    def __init__(self, store: Store, pins: PinCheck, clock: Clock) -> None:
        self._store, self._pins, self._clock = store, pins, clock

    def managers(self) -> tuple[ExitManager, ...]:
        """Return the active managers, by number; none before the shop has staff, and then whoever
        asks may end the program."""
        with self._store.snapshot() as uow:
            people = uow.staff.all()
        return tuple(
            ExitManager(one.id, one.name, one.pin_digits)
            for one in people
            if one.active and one.role is StaffRole.MANAGER
        )

    def leave(self, manager_id: int | None, pin: str) -> None:
        """Return if the program may end, which is recorded with the manager.

        Args:
            manager_id: one of ``managers``; ``None``: there is none.

        Raises:
            UserError, EnvironmentProblem: like ``PinCheck.check``.
        """
        if manager_id is None and not self.managers():
            log.info("the kiosk ends; there is no staff")
            self._record_free_end()
            return
        known = {one.id for one in self.managers()}
        person = self._pins.check(
            manager_id if manager_id in known else UNKNOWN, pin, StaffEventKind.KIOSK_EXIT
        )
        log.info("the kiosk is ended by staff %s", person.id)

    def _record_free_end(self) -> None:
        event = NewStaffEvent(
            StaffEventKind.KIOSK_EXIT, self._clock.now(), None, NOBODY, "no staff"
        )
        with self._store.transaction() as uow:
            uow.staff.append(event)
            uow.commit()
