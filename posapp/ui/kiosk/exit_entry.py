"""The manager's PIN that ends the program of a kiosk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.kiosk_times import EXIT_MS
from posapp.services.ports.system import Clock
from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.services.kiosk.kiosk_exit import ExitManager, KioskExit

_WRONG = frozenset({ErrorCode.PIN_WRONG, ErrorCode.PIN_WRONG_LEFT})
"""Refusals of a wrong PIN; others are pauses, and errors of the disk."""


class ExitEntry(QObject):
    """Asks for the PIN, until it is right, closed, or not typed for too long.

    Attributes:
        managers: who can end the program; empty: there is no staff.
        at: which of them is asked.
        digits: what was typed.
        message: id of what is wrong, or empty.
        is_busy: managers are being read, or a PIN checked.
    """

    changed = Signal()
    closed = Signal()
    may_end = Signal()
    """The PIN was right."""

    def __init__(
        self, runner: TaskRunner, clock: Clock, service: KioskExit, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._runner, self._clock, self._service = runner, clock, service
        self._used_ms = clock.monotonic()
        self.managers: tuple[ExitManager, ...] = ()
        self.at = 0
        self.digits = ""
        self.message = ""
        self.is_busy = True

    def open(self) -> None:
        """Read who the managers are."""
        self._runner.run(self._service.managers, self._take, owner=self)

    @property
    def manager(self) -> ExitManager | None:
        """Return who is asked; ``None``: there is no staff, or it is being read."""
        return self.managers[self.at] if self.managers else None

    @property
    def length(self) -> int:
        """Return how many digits the PIN has."""
        return self.manager.pin_digits if self.manager is not None else 0

    @property
    def is_complete(self) -> bool:
        """Return whether all digits are typed."""
        return len(self.digits) == self.length

    def touch(self) -> None:
        """Note that somebody is there."""
        self._used_ms = self._clock.monotonic()

    def close_if_left(self) -> None:
        """Close it if nobody has typed for too long."""
        if not self.is_busy and self._clock.monotonic() - self._used_ms >= EXIT_MS:
            self.closed.emit()

    def type_digit(self, digit: str) -> None:
        """Add a digit; the last one checks the PIN."""
        if self.is_busy or len(self.digits) >= self.length:
            return
        self.digits += digit
        self.message = ""
        self.changed.emit()
        if self.is_complete:
            self.leave()

    def delete(self) -> None:
        """Take the last digit back."""
        self.digits = self.digits[:-1]
        self.changed.emit()

    def ask_other(self) -> None:
        """Ask the next manager."""
        if self.managers:
            self.at = (self.at + 1) % len(self.managers)
        self.digits = self.message = ""
        self.changed.emit()

    def leave(self) -> None:
        """Check the PIN; without staff there is none."""
        if self.is_busy or not self.is_complete:
            return
        manager = self.manager
        work = partial(
            self._service.leave, manager.id if manager is not None else None, self.digits
        )
        self.digits, self.is_busy = "", True
        self.changed.emit()
        self._runner.run(work, self._checked, owner=self)

    def _take(self, outcome: TaskResult[tuple[ExitManager, ...]]) -> None:
        if outcome.value is None:
            self.closed.emit()
            return
        self.managers, self.is_busy = outcome.value, False
        self.changed.emit()

    def _checked(self, outcome: TaskResult[None]) -> None:
        if outcome.ok:
            self.may_end.emit()
            return
        self.is_busy = False
        self.touch()
        error = outcome.error
        is_wrong = isinstance(error, UserError) and error.code in _WRONG
        self.message = "kiosk.exit_wrong" if is_wrong else "kiosk.exit_later"
        self.changed.emit()
