"""Calls staff to the kiosk, and records each call and its end among the events of staff."""

from __future__ import annotations

import logging

from posapp.domain.actors import NOBODY
from posapp.domain.errors import EnvironmentProblem
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.services.ports.staff_call import StaffCall
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

log = logging.getLogger(__name__)


class StaffCalls:
    """Calls staff by the shop's way of doing so. What a record of it fails by is logged: a call is
    made all the same.

    Args:
        way: ``None``: only the screen and the sound of the kiosk call.
        kiosk: the kiosk's number, by which staff find it.
    """

    def __init__(self, way: StaffCall | None, store: Store, clock: Clock, kiosk: int) -> None:
        self._way = way
        self._store = store
        self._clock = clock
        self._kiosk = kiosk
        self._times = 0

    def call(self) -> bool:
        """Call staff; return whether something besides the kiosk itself calls. Takes seconds where
        a device does not answer: never on the screen's thread.

        The first call until somebody ends it is recorded; repetitions are counted.
        """
        self._times += 1
        if self._times == 1:
            self._record(StaffEventKind.KIOSK_CALLED, f"kiosk {self._kiosk}")
        handed_over = self._way is not None and self._way.call(self._kiosk, self._clock.now())
        log.info("kiosk %s calls staff, handed over: %s", self._kiosk, handed_over)
        return handed_over

    def end(self) -> None:
        """Record that somebody at the kiosk ended the call. Never on the screen's thread."""
        times, self._times = self._times, 0
        log.info("the call of kiosk %s is over", self._kiosk)
        self._record(StaffEventKind.KIOSK_ANSWERED, f"kiosk {self._kiosk}, calls: {times}")

    def _record(self, kind: StaffEventKind, detail: str) -> None:
        try:
            with self._store.transaction() as uow:
                uow.staff.append(NewStaffEvent(kind, self._clock.now(), None, NOBODY, detail))
                uow.commit()
        except EnvironmentProblem as problem:
            log.error("%s of kiosk %s is not recorded: %s", kind, self._kiosk, problem)
