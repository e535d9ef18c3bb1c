"""What the pay screen has done for it in the background, one deed at a time."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.screens.pay_parts.fetching import fetched, warm_up

if TYPE_CHECKING:
    from posapp.services.paying import Paying


class Deed(StrEnum):
    """What can be under way; while one is, no other begins, however often it is asked for."""

    NONE = "none"
    LOOK_UP = "look_up"
    START = "start"
    STOP = "stop"


class Errands(QObject):
    """Calls ``Paying`` through the runner and hands its answers over on the GUI thread.

    Each order that is shown begins a visit. Answers that belong to an earlier one are dropped: the
    attempt that they speak of is stored and watched all the same.
    """

    began = Signal()
    """A start or a stop is under way from now on."""
    looked_up = Signal(object)
    """A ``PaySummary``."""
    buyer_found = Signal(object)
    """A ``PaySummary`` that was asked for only because of the buyer in it."""
    started = Signal(object)
    """``Fetched``: the attempt that was begun or returned to."""
    stopped = Signal(object)
    """``Fetched``: what became of the attempt that was given up."""
    read = Signal(object)
    """``Fetched``: how far the attempt is now."""
    refused = Signal(object, object)
    """(``Deed``, exception); ``Deed.NONE`` when reading an attempt failed."""

    def __init__(self, runner: TaskRunner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._paying: Paying | None = None
        self._visit = 0
        self._deed = Deed.NONE
        self._asked = (0, 0)

    @property
    def deed(self) -> Deed:
        """What is under way."""
        return self._deed

    @property
    def order_id(self) -> int:
        """The order that what is under way is about."""
        return self._asked[1]

    def attach(self, paying: Paying) -> None:
        """The service stands; a look-up that was asked for before is made now."""
        self._paying = paying
        self._runner.run(warm_up, lambda _: None, owner=self)
        if self._deed is Deed.LOOK_UP:
            self.look_up(*self._asked)

    def begin_visit(self) -> None:
        """Whatever is under way ends without anybody being told."""
        self._visit += 1
        self._deed = Deed.NONE

    def look_up(self, user_id: int, order_id: int) -> None:
        """Read an order as this buyer may pay it."""
        self._deed = Deed.LOOK_UP
        self._asked = (user_id, order_id)
        if self._paying is not None:
            work = partial(self._paying.look_up, user_id, order_id)
            self._run(work, self.looked_up, Deed.LOOK_UP, key="look_up")

    def find_buyer(self, user_id: int, order_id: int) -> None:
        """Read the buyer of an order; a guard may well refuse by now, and that is no matter."""
        if self._paying is None:
            return
        visit = self._visit

        def done(outcome: Outcome[Any]) -> None:
            if visit == self._visit and outcome.value is not None:
                self.buyer_found.emit(outcome.value)

        work = partial(self._paying.look_up, user_id, order_id)
        self._runner.run(work, done, owner=self, key="buyer")

    def start(self, user_id: int, order_id: int) -> None:
        """Make or return to the QR of an order, unless something is under way already."""
        if self._paying is None or self._deed is not Deed.NONE:
            return
        self._deed, self._asked = Deed.START, (user_id, order_id)
        self.began.emit()
        work = partial(fetched, partial(self._paying.start, user_id, order_id))
        self._run(work, self.started, Deed.START)

    def stop(self, attempt_id: int, link: str) -> None:
        """Give an attempt up, unless something is under way already.

        Args:
            link: the link whose code is on screen, which needs no encoding again.
        """
        if self._paying is None or self._deed is not Deed.NONE:
            return
        self._deed = Deed.STOP
        self.began.emit()
        ask = partial(self._paying.stop, attempt_id)
        self._run(partial(fetched, ask, link_on_screen=link), self.stopped, Deed.STOP)

    def read_again(self, attempt_id: int, link: str) -> None:
        """Read how far an attempt is; of several requests the newest is answered."""
        if self._paying is None:
            return
        ask = partial(self._paying.progress, attempt_id)
        work = partial(fetched, ask, link_on_screen=link)
        self._run(work, self.read, Deed.NONE, key="progress")

    def _run(
        self, work: Callable[[], Any], told: SignalInstance, deed: Deed, *, key: str | None = None
    ) -> None:
        done = partial(self._done, self._visit, told, deed)
        self._runner.run(work, done, owner=self, key=key)

    def _done(self, visit: int, told: SignalInstance, deed: Deed, outcome: Outcome[Any]) -> None:
        if visit != self._visit:
            return
        if deed is not Deed.NONE:
            self._deed = Deed.NONE
        if outcome.error is not None:
            self.refused.emit(deed, outcome.error)
        else:
            told.emit(outcome.value)
