"""Calls staff to the kiosk, and keeps a row in the log of each call."""

from __future__ import annotations

import logging

from posapp.services.ports.staff_call import StaffCall
from posapp.services.ports.system import Clock

log = logging.getLogger(__name__)


class StaffCalls:
    """Calls staff by the shop's way of doing so.

    Args:
        way: ``None``: only the screen and the sound of the kiosk call.
        kiosk: the kiosk's number, by which staff find it.
    """

    def __init__(self, way: StaffCall | None, clock: Clock, kiosk: int) -> None:
        self._way = way
        self._clock = clock
        self._kiosk = kiosk

    def call(self) -> bool:
        """Call staff; return whether something besides the kiosk itself calls. Takes seconds where
        a device does not answer: never on the screen's thread."""
        handed_over = self._way is not None and self._way.call(self._kiosk, self._clock.now())
        log.info("kiosk %s calls staff, handed over: %s", self._kiosk, handed_over)
        return handed_over

    def end(self) -> None:
        """Note that the call is over."""
        log.info("the call of kiosk %s is over", self._kiosk)
