"""Lock of the till: who is signed in, when it locks, and what of the window is theirs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QInputEvent
from PySide6.QtWidgets import QApplication, QDialog

from posapp.domain.actors import Actor
from posapp.services.ports.system import Clock
from posapp.services.staff.sign_in import StaffTile
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.staff.lock_screen import LockScreen
from posapp.ui.staff.recovery_flow import RecoveryFlow
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.kept_text import kept_text

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.staff.sign_in import SignIn

KEPT_MS = 600_000
"""How long what was typed waits for whoever typed it, in milliseconds."""

_EVERY_MS = 1_000

_STAFF_TICKS = 5
"""Ticks between two looks at who is on the staff: another process may have changed it."""

_NAME = 5
"""Letters of a name in the top bar."""


class TillLock(QObject):
    """Shows the lock screen while nobody is signed in; nothing of it appears before there is staff.

    Who locks, is away for too long, or may not go on (``SignIn.must_lock``) is signed out. The page
    stays under the lock, and a live QR beside it. The background goes on.
    """

    changed = Signal(object)
    """Somebody signed in. Carries whether it is another person than before."""

    locked = Signal()
    """The till was locked."""

    typed_expired = Signal()
    """What was typed before the lock belongs to nobody any more: another person signed in, or the
    same one after ``KEPT_MS``."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        window: MainWindow,
        sign_in: SignIn,
        session: Session,
        clock: Clock,
        recovery: RecoveryFlow,
    ) -> None:
        super().__init__(window)
        self._recovery = recovery
        recovery.recovered.connect(self._read_people)
        self._texts, self._runner, self._window = texts, runner, window
        self._sign_in, self._session, self._clock = sign_in, session, clock
        self._last: StaffTile | None = None
        self._before: int | None = None
        self._visit = self._ticks = self._locked_ms = 0
        self.is_used = False
        self.screen: LockScreen | None = None
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        window.locking.requested.connect(self.lock)
        texts.changed.connect(self._write_chip)

    @property
    def is_locked(self) -> bool:
        """Return whether nobody is signed in, but somebody has to be."""
        return self._window.locking.is_locked

    def begin(self) -> None:
        """Lock: there is staff, and nobody is signed in yet. It is used from now on."""
        self._use()
        self._lock(None)

    @Slot(object)
    def staff_edited(self, person: StaffTile | None) -> None:
        """Take note that a page changed the staff.

        Args:
            person: the first manager, who is signed in by that: it is used from now on.
        """
        if person is not None:
            self._use()
            self._last, self._before = person, person.id
            self._window.locking.show_for(person.role)
            self._write_chip()
            self.changed.emit(False)
        self._check_staff()

    @Slot()
    def lock(self) -> None:
        """Sign out and lock, for whoever comes next (Ctrl+L)."""
        if self.is_used and not self.is_locked:
            self._lock(None)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note that the till is used; pass every event on."""
        if isinstance(event, QInputEvent):
            self._session.touch(self._clock.monotonic())
        return False

    def _use(self) -> None:
        if self.is_used:
            return
        self.is_used = True
        app = QApplication.instance()
        if app is not None:
            app.installEventFilter(self)
        self._window.locking.use()

    def _tick(self) -> None:
        if self.is_used:
            self._lock_if_idle()
        self._ticks += 1
        if self._ticks % _STAFF_TICKS == 0:
            self._check_staff()

    def _check_staff(self) -> None:
        if not self.is_locked:
            work = self._sign_in.must_lock
            self._runner.run(work, self._lock_if_needed, owner=self, key="staff")

    def _lock_if_needed(self, outcome: TaskResult[bool]) -> None:
        if outcome.value and not self.is_locked:
            self._use()
            self._lock(None)

    def _lock_if_idle(self) -> None:
        now = self._clock.monotonic()
        if not self.is_locked and self._session.is_idle(now):
            self._lock(self._last.id if self._last is not None else None)
        elif self.is_locked and self._session.is_unused(now):
            self._recovery.close()

    def _lock(self, chosen: int | None) -> None:
        close_dialogs()
        ended = self._sign_in.end()
        if ended.staff_id is not None:
            self._before = ended.staff_id
            self._record_end(ended)
        if self.screen is None:
            self.screen = LockScreen(self._texts)
            self.screen.entered.connect(self._enter)
            self.screen.recovery_wanted.connect(self._ask_for_code)
            self._window.locking.fitted.connect(self.screen.set_narrow)
        self._visit += 1
        if not self.is_locked:
            self._locked_ms = self._clock.monotonic()
        self.screen.clear()
        self._window.locking.lock(self.screen)
        self._write_chip()
        self.screen.show_people((), None)
        self._read_people(chosen)
        self.locked.emit()

    def _read_people(self, chosen: int | None) -> None:
        self._runner.run(
            self._sign_in.tiles, partial(self._show_people, chosen), owner=self, key="people"
        )

    def _ask_for_code(self) -> None:
        if self.screen is not None:
            people = [tile.person for tile in self.screen.tiles]
            self._recovery.open(people, self.screen.chosen)

    def _record_end(self, actor: Actor) -> None:
        self._runner.run(partial(self._sign_in.record_end, actor), lambda _: None, owner=self)

    def _show_people(self, chosen: int | None, outcome: TaskResult[tuple[StaffTile, ...]]) -> None:
        if self.screen is None or not self.is_locked:
            return
        if outcome.value is None:
            self.screen.show_error(outcome.error or RuntimeError())
            return
        people = outcome.value
        only = people[0].id if len(people) == 1 else None
        self.screen.show_people(people, chosen or only)

    def _enter(self, staff_id: int, pin: str) -> None:
        if self.screen is not None:
            self.screen.set_busy(True)
        work = partial(self._sign_in.sign_in, staff_id, pin)
        self._runner.run(work, partial(self._entered, self._visit), owner=self)

    def _entered(self, visit: int, outcome: TaskResult[StaffTile]) -> None:
        if self.screen is None or visit != self._visit:
            return
        if outcome.value is None:
            self.screen.show_error(outcome.error or RuntimeError())
            return
        self._last = outcome.value
        self.screen.clear()
        self._write_chip()
        self._window.locking.show_for(outcome.value.role)
        is_other = outcome.value.id != self._before
        if is_other or self._clock.monotonic() - self._locked_ms >= KEPT_MS:
            kept_text().forget()
            self.typed_expired.emit()
        self._window.locking.unlock()
        self.changed.emit(is_other)

    def _write_chip(self) -> None:
        person = self._last if not self.is_locked or self._session.role is not None else None
        text = ""
        if person is not None and self._session.role is not None:
            role = self._texts(f"staff.role_{person.role.value}")
            text = f"{display_text(person.name, _NAME)} · {role}"
        self._window.top_bar.show_person(text)


def close_dialogs() -> None:
    """Close every open dialog by its safe answer, and every open menu. What was typed into a dialog
    is kept for the next one about the same."""
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()
    dialog = QApplication.activeModalWidget()
    while isinstance(dialog, QDialog):
        if isinstance(dialog, ConfirmDialog):
            dialog.keep_text()
        dialog.reject()
        after = QApplication.activeModalWidget()
        dialog = after if after is not dialog else None
