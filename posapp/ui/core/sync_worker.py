"""Background worker that synchronises the records with PortOne.

It runs ``SyncEngine.step`` repeatedly in its own thread and reports changes to the GUI thread by id
only.

Why a Python daemon thread and no ``QThread``: a step may block in a network call until its deadline
(a minute), and closing the till must not wait for it. Destroying a running ``QThread`` aborts the
process; terminating one leaves locks held. A daemon thread is simply abandoned: what it has
committed is committed, the rest is found at the next start, exactly as after a power cut. This is
safe because of the gate in ``_Loop``: once it is shut, the thread never touches Qt again.
"""

from __future__ import annotations

import atexit
import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject, QTimer, Signal, Slot

if TYPE_CHECKING:
    from posapp.services.payments.payment_engine import EngineStep
    from posapp.services.runtime.periodic_job import Change

log = logging.getLogger(__name__)

LONGEST_WAIT = 60_000
"""Upper limit in milliseconds of the pause between two steps."""

SHORTEST_WAIT = 1
"""Lower limit in milliseconds: a step that is always due still yields the interpreter."""

FIRST_PAUSE = 1_000
"""Pause in milliseconds after an unexpected exception; doubles with each further one in a row."""

MAX_SIGNALS_PER_TURN = 200
"""Signals emitted in one turn of the event loop at most, so that many do not block the screen."""

STOP_TIMEOUT_MS = 500
"""Milliseconds that ``stop`` waits for a step that is about to end."""


class SyncWorker(QObject):
    """Runs steps in the background and emits its signals on the thread that created it.

    A change reported again before delivery is delivered once: the signals mean "read again", and
    the receiver reads the newest state.
    """

    attempt_changed = Signal(object)
    """Id of an attempt (``int``; as object, because ``Signal(int)`` wraps at 2³¹)."""
    refund_changed = Signal(object)
    """Id of a refund (``int``; as object, for the same reason)."""
    connectivity_changed = Signal(bool)
    """``True`` if PortOne is reachable."""
    status_changed = Signal()
    """The sync status changed: network, reconciliation, backups (``services.status_store``)."""
    unexpected = Signal(object)
    """The exception of a step that is no planned failure: a bug, already logged."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: _Loop | None = None

    @property
    def is_running(self) -> bool:
        """Return whether the worker was started and not yet stopped."""
        return self._loop is not None

    def start(self, step: Callable[[], EngineStep]) -> None:
        """Run ``step`` now and whenever it is due again.

        Raises:
            RuntimeError: the worker runs already; two loops would do everything twice.
        """
        if self._loop is not None:
            raise RuntimeError("the sync worker runs already")
        bell = _CrossThreadSignal()
        bell.rung.connect(self._deliver, QtCore.Qt.ConnectionType.QueuedConnection)
        loop = _Loop(step, bell)
        # The owner may be destroyed by C++ without a call to stop().
        self.destroyed.connect(loop.stop)
        self._loop = loop
        loop.start()

    def wake(self) -> None:
        """Run the next step at once and emit ``status_changed``. Callable from any thread.

        Does nothing while stopped. The signal is emitted separately because the step itself may
        have to wait, for example for the network, and then reports no change.
        """
        loop = self._loop
        if loop is not None:
            loop.wake()

    def note_change(self) -> None:
        """Report that the records changed: ``status_changed`` follows. Callable from any thread.

        Unlike ``wake`` it runs no step, which would change the records again.
        """
        loop = self._loop
        if loop is not None:
            loop.note_change()

    def stop(self, patience_ms: int = STOP_TIMEOUT_MS) -> bool:
        """Start no further step, emit nothing more, and wait briefly for the running step.

        Returns:
            ``False`` if a step still runs after ``patience_ms`` milliseconds. It is then abandoned:
                it can neither reach the screens nor keep the program from ending.
        """
        loop = self._loop
        if loop is None:
            return True
        self._loop = None
        self.destroyed.disconnect(loop.stop)
        loop.stop()
        ended = loop.join(patience_ms)
        if not ended:
            log.warning("a background step still runs; it is left behind")
        return ended

    @Slot()
    def _deliver(self) -> None:
        loop = self._loop
        if loop is None:
            return
        changes, more = loop.take(MAX_SIGNALS_PER_TURN)
        for subject, subject_id, problem in changes:
            self._emit(subject, subject_id, problem)
            if self._loop is not loop:  # a listener called stop()
                return
        if more:
            QTimer.singleShot(0, self, self._deliver)

    def _emit(self, subject: str, subject_id: int, problem: Exception | None) -> None:
        if subject == "attempt":
            self.attempt_changed.emit(subject_id)
        elif subject == "refund":
            self.refund_changed.emit(subject_id)
        elif subject == "connectivity":
            self.connectivity_changed.emit(subject_id != 0)
        elif subject == "status":
            self.status_changed.emit()
        elif subject == _UNEXPECTED:
            self.unexpected.emit(problem)
        else:
            log.error("a step reported a change of %r, which nobody knows", subject)


_UNEXPECTED = "unexpected"


class _CrossThreadSignal(QObject):
    """Signal from the background thread to the GUI thread.

    It has no parent and belongs to the loop until that is stopped, so it is not destroyed while the
    thread may emit. The stopping thread, not the background thread, drops the reference.
    """

    rung = Signal()


class _Loop:
    """The thread and the state it shares with the GUI thread.

    No ``QObject``: it outlives the worker.
    """

    def __init__(self, step: Callable[[], EngineStep], bell: _CrossThreadSignal) -> None:
        self._bell: _CrossThreadSignal | None = bell
        self._step = step
        self._gate = threading.Condition()
        self._shut = False
        self._woken = False
        self._rung = False
        self._pending: dict[tuple[str, int], Exception | None] = {}
        self._thread = threading.Thread(target=self._run, name="posapp-sync", daemon=True)

    def start(self) -> None:
        # Python runs these last in, first out: the gate is shut before PySide, imported earlier,
        # shuts down Qt at exit.
        atexit.register(self.stop)
        self._thread.start()

    def wake(self) -> None:
        with self._gate:
            self._woken = True
            self._gate.notify_all()
        self.note_change()

    def note_change(self) -> None:
        self._report({("status", 0): None})

    def stop(self) -> None:
        """Shut the gate: afterwards the thread starts no step and touches nothing of Qt's."""
        with self._gate:
            self._shut = True
            self._bell = None
            self._pending.clear()
            self._gate.notify_all()
        atexit.unregister(self.stop)

    def join(self, patience_ms: int) -> bool:
        self._thread.join(patience_ms / 1000)
        return not self._thread.is_alive()

    def take(self, most: int) -> tuple[list[tuple[str, int, Exception | None]], bool]:
        """Return up to ``most`` pending changes, oldest first, and whether there are more."""
        with self._gate:
            keys = [key for key, _ in zip(self._pending, range(most), strict=False)]
            taken = [(*key, self._pending.pop(key)) for key in keys]
            more = bool(self._pending)
            self._rung = more
        return taken, more

    def _run(self) -> None:
        pause = FIRST_PAUSE
        while not self._shut:
            try:
                step = self._step()
            except Exception as problem:
                log.exception("a background step failed")
                # Without its traceback, which would keep every frame of the step alive.
                self._report({(_UNEXPECTED, 0): problem.with_traceback(None)})
                wait, pause = pause, min(pause * 2, LONGEST_WAIT)
            else:
                self._report(_keyed(step.changes))
                wait, pause = step.wait_ms, FIRST_PAUSE
            self._wait(min(max(wait, SHORTEST_WAIT), LONGEST_WAIT))

    def _report(self, changes: dict[tuple[str, int], Exception | None]) -> None:
        if not changes:
            return
        with self._gate:
            if self._shut or self._bell is None:
                return
            if ("connectivity", 0) in changes or ("connectivity", 1) in changes:
                self._pending.pop(("connectivity", 0), None)
                self._pending.pop(("connectivity", 1), None)
            self._pending.update(changes)
            if not self._rung:
                self._rung = True
                self._bell.rung.emit()

    def _wait(self, milliseconds: int) -> None:
        with self._gate:
            self._gate.wait_for(lambda: self._woken or self._shut, milliseconds / 1000)
            self._woken = False


def _keyed(changes: tuple[Change, ...]) -> dict[tuple[str, int], Exception | None]:
    """Return each change once; of several connectivity changes the last."""
    keyed: dict[tuple[str, int], Exception | None] = {}
    for change in changes:
        if change.subject == "connectivity":
            keyed.pop(("connectivity", 0 if change.id else 1), None)
        keyed[(change.subject, change.id)] = None
    return keyed
