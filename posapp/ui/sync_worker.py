"""The one worker that keeps the books in step with PortOne while people use the screens.

It runs ``Synchroniser.step`` over and over in a thread of its own and tells the GUI thread, by id
and nothing else, what changed.

Why a daemon thread of Python's and no ``QThread``: a step may hang in a network call for as long
as its deadline (a minute), and closing the till must not wait for it. Destroying a running
``QThread`` aborts the process; terminating one leaves locks behind. A daemon thread is simply left
where it is: what it has committed is committed, the rest is found again at the next start, exactly
as after a power cut. What makes that safe is the gate in ``_Loop``: once it is shut, the thread
never touches Qt again.
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
    from posapp.services.chores import Change
    from posapp.services.synchronising import Step

log = logging.getLogger(__name__)

LONGEST_WAIT = 60_000
"""Milliseconds between two steps at most, whatever a step says."""

SHORTEST_WAIT = 1
"""Milliseconds: a step that is always due still lets the others have the interpreter."""

FIRST_PAUSE = 1_000
"""Milliseconds after an unexpected exception; doubled by each further one in a row."""

A_TURN = 200
"""Signals handed out in one turn of the event loop, so that a flood of changes does not hold up
the screen."""

PATIENCE = 500
"""Milliseconds that ``stop`` waits for a step that is about to end."""


class SyncWorker(QObject):
    """Runs steps in the background; its signals are emitted on the thread that made it.

    A change that is reported again before the screens were told is told once: the signals say
    "look again", and whoever looks reads the newest.
    """

    attempt_changed = Signal(object)
    """Id of an attempt (``int``; as object, because ``Signal(int)`` wraps at 2³¹)."""
    refund_changed = Signal(object)
    """Id of a refund."""
    connectivity_changed = Signal(bool)
    """PortOne can be reached, or cannot."""
    standing_changed = Signal()
    """How things stand beside the screens is not what it was: the network's cause, the comparing,
    the copies (``services.sync_board``)."""
    unexpected = Signal(object)
    """The exception of a step that failed in a way nobody planned for: a bug, logged already."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._loop: _Loop | None = None

    @property
    def is_running(self) -> bool:
        """It was started, and not stopped yet."""
        return self._loop is not None

    def start(self, step: Callable[[], Step]) -> None:
        """Run ``step`` now and whenever it is due again.

        Raises:
            RuntimeError: it runs already; two loops would do everything twice.
        """
        if self._loop is not None:
            raise RuntimeError("the sync worker runs already")
        bell = _Bell()
        bell.rung.connect(self._deliver, QtCore.Qt.ConnectionType.QueuedConnection)
        loop = _Loop(step, bell)
        # The owner may be destroyed by C++ without a word to stop().
        self.destroyed.connect(loop.shut)
        self._loop = loop
        loop.start()

    def wake(self) -> None:
        """Let the next step happen at once: something was decided. From any thread; does nothing
        while stopped. Whoever shows what waits is told too: the step may have to wait itself, for
        the network say, and would have nothing to tell."""
        loop = self._loop
        if loop is not None:
            loop.wake()

    def note_change(self) -> None:
        """The records changed, whoever changed them: ``standing_changed`` follows. From any thread;
        unlike ``wake`` it lets no step happen, which would change them again."""
        loop = self._loop
        if loop is not None:
            loop.note_change()

    def stop(self, patience_ms: int = PATIENCE) -> bool:
        """Start no further step, emit nothing more, and wait a moment for the running one.

        Returns:
            ``False`` if a step still hangs after ``patience_ms`` milliseconds. It is then left to
            itself: it can neither reach the screens any more nor keep the program from ending.
        """
        loop = self._loop
        if loop is None:
            return True
        self._loop = None
        self.destroyed.disconnect(loop.shut)
        loop.shut()
        ended = loop.join(patience_ms)
        if not ended:
            log.warning("a background step still runs; it is left behind")
        return ended

    @Slot()
    def _deliver(self) -> None:
        loop = self._loop
        if loop is None:
            return
        changes, more = loop.take(A_TURN)
        for subject, subject_id, problem in changes:
            self._emit(subject, subject_id, problem)
            if self._loop is not loop:  # a listener stopped us
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
        elif subject == "standing":
            self.standing_changed.emit()
        elif subject == _UNEXPECTED:
            self.unexpected.emit(problem)
        else:
            log.error("a step reported a change of %r, which nobody knows", subject)


_UNEXPECTED = "unexpected"


class _Bell(QObject):
    """Rings across the threads.

    It has no parent and belongs to the loop until that is shut, so nobody destroys it while the
    thread may ring, and it is the one who shuts, not the thread, who lets go of it.
    """

    rung = Signal()


class _Loop:
    """The thread and what it shares with the GUI thread. No ``QObject``: it outlives the worker."""

    def __init__(self, step: Callable[[], Step], bell: _Bell) -> None:
        self._bell: _Bell | None = bell
        self._step = step
        self._gate = threading.Condition()
        self._shut = False
        self._woken = False
        self._rung = False
        self._pending: dict[tuple[str, int], Exception | None] = {}
        self._thread = threading.Thread(target=self._run, name="posapp-sync", daemon=True)

    def start(self) -> None:
        # Python runs these last in, first out: the gate is shut before PySide, imported earlier,
        # takes Qt down at exit.
        atexit.register(self.shut)
        self._thread.start()

    def wake(self) -> None:
        with self._gate:
            self._woken = True
            self._gate.notify_all()
        self.note_change()

    def note_change(self) -> None:
        self._report({("standing", 0): None})

    def shut(self) -> None:
        """After this returned, the thread starts no step and touches nothing of Qt's."""
        with self._gate:
            self._shut = True
            self._bell = None
            self._pending.clear()
            self._gate.notify_all()
        atexit.unregister(self.shut)

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
                # Without its trace, which would keep every frame of the step alive.
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
    """Each change once; of several words on connectivity the last."""
    keyed: dict[tuple[str, int], Exception | None] = {}
    for change in changes:
        if change.subject == "connectivity":
            keyed.pop(("connectivity", 0 if change.id else 1), None)
        keyed[(change.subject, change.id)] = None
    return keyed
