"""Page of the staff: who is on it, their PINs, and the recovery code."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QModelIndex, Slot
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.errors import ErrorCode, UserError
from posapp.services.staff.staff_directory import StaffEntry
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.screen import Screen
from posapp.ui.staff.staff_form import OWN_PIN_ERRORS, FormKind
from posapp.ui.staff.staff_layout import StaffView
from posapp.ui.staff.staff_question import StaffQuestion
from posapp.ui.widgets.dialog_slot import DialogSlot, failure_text

if TYPE_CHECKING:
    from posapp.services.session import Session
    from posapp.services.staff.sign_in import StaffTile
    from posapp.services.staff_services import StaffServices
    from posapp.ui.shell.screen import ScreenContext

_NAME = 24
"""Letters of a name in a question or a message."""


class StaffScreen(Screen):
    """Shows the staff and changes it. Before there is any, the first manager is added, who is
    signed in by that."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        staff: StaffServices,
        session: Session,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._staff, self._session = staff, session
        self._directory = staff.directory
        self._slot = DialogSlot(self)
        self._is_busy = self._is_locked = False
        self._wanted: int | None = None
        self.view = StaffView(texts, theme, staff.limits, self)
        self._connect()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.staff, services.session),
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons that concern no person."""
        return self.view.head

    @property
    def entry(self) -> StaffEntry | None:
        """Return the current person."""
        entry = self.view.list.currentIndex().data(self.view.model.EntryRole)
        return entry if isinstance(entry, StaffEntry) else None

    def enter(self) -> None:
        """Read the staff afresh."""
        self.clear()
        self.refresh()

    def clear(self) -> None:
        """Close what was open, and forget what is typed."""
        self._slot.close()
        self.view.banner.clear()
        self.view.recovery.forget()
        self.view.show_list()

    def may_leave(self) -> bool:
        """Close a form before the page; ask first whoever did not confirm a recovery code."""
        view = self.view
        if view.recovery.is_shown:
            self._ask_to_forget_code()
            return False
        if view.has_form:
            self._close_form()
            return False
        return True

    def set_locked(self, locked: bool) -> None:
        """Forget PINs and the recovery code: whoever comes next may be another person."""
        self._is_locked = locked
        if locked:
            self.view.form.forget_pins()
            if self.view.recovery.is_shown:
                self.clear()

    def forget_typed(self) -> None:
        """Close a form that is filled in by half."""
        self.clear()

    def staff_changed(self) -> None:
        """Read the staff afresh."""
        self.refresh()

    def refresh(self) -> None:
        """Read the staff."""
        self._runner.run(self._directory.entries, self._show, owner=self, key="entries")

    def _connect(self) -> None:
        view = self.view
        view.add.clicked.connect(self._add)
        view.first.clicked.connect(self._add)
        view.renew.clicked.connect(self._ask_for_code)
        view.list.opened.connect(self._edit)
        view.edit.clicked.connect(self._edit)
        view.new_pin.clicked.connect(partial(self._begin, FormKind.PIN))
        view.back.clicked.connect(partial(self._begin, FormKind.BACK))
        view.unlock.clicked.connect(self._ask_to_unlock)
        view.remove.clicked.connect(self._ask_to_remove)
        view.store.clicked.connect(self._submit)
        view.cancel.clicked.connect(self._close_form)
        view.form.submitted.connect(self._submit)
        view.noted.clicked.connect(self._note_code)
        view.recovery.submitted.connect(self._note_code)
        view.banner.acted.connect(view.banner.clear)
        view.list.selectionModel().currentChanged.connect(self._show_current)
        self._texts.changed.connect(self._show_current)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._show_focused)

    @Slot(QWidget, QWidget)
    def _show_focused(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.view.show_focused(now)

    def _show(self, outcome: TaskResult[tuple[StaffEntry, ...]]) -> None:
        view = self.view
        if outcome.value is None:
            view.banner.show_error(outcome.error or RuntimeError())
            return
        entries = sorted(outcome.value, key=lambda one: (not one.active, one.id))
        key = self._wanted if self._wanted is not None else view.current_key
        self._wanted = None
        view.show_entries(entries, key)
        self._show_current()

    def _show_current(self, *_: QModelIndex) -> None:
        self.view.show_entry(self.entry)

    def _add(self) -> None:
        self._begin(FormKind.NEW if self.view.model.entries else FormKind.FIRST)

    def _edit(self) -> None:
        if self.entry is not None:
            self._begin(FormKind.EDIT if self.entry.active else FormKind.BACK)

    def _begin(self, kind: FormKind, _: bool = False) -> None:
        if self._is_busy or self.view.has_form:
            return
        self.view.banner.clear()
        entry = None if kind in (FormKind.FIRST, FormKind.NEW) else self.entry
        needs = self._directory.needs_pin(self._session.actor)
        self.view.form.begin(kind, entry, needs_own_pin=needs)
        self.view.show_form()

    def _close_form(self) -> None:
        self.view.form.forget_pins()
        self.view.banner.clear()
        self.view.show_list()

    def _submit(self) -> None:
        form = self.view.form
        if self._is_busy or not self.view.has_form or not form.check():
            return
        self.view.banner.clear()
        self._set_busy(True)
        given = form.given
        if form.kind is FormKind.FIRST:
            first = partial(self._set_up, given.name, given.pin)
            self._runner.run(first, self._set_up_ended, owner=self)
            return
        work = self._work_of(form.kind, form.entry)
        self._runner.run(self._confirmed(given.own_pin, work), self._stored, owner=self)

    def _work_of(self, kind: FormKind, entry: StaffEntry | None) -> Callable[[], object]:
        """Return what the form stores; the number of a new person is its result."""
        directory, actor, given = self._directory, self._session.actor, self.view.form.given
        if entry is None:
            return lambda: directory.add(actor, given.name, given.role, given.pin, given.seller_id)
        if kind is FormKind.EDIT:
            return lambda: directory.change(
                actor, entry.id, given.name, given.role, given.seller_id
            )
        if kind is FormKind.BACK:
            return lambda: directory.reactivate(actor, entry.id, given.pin)
        return lambda: directory.reset_pin(actor, entry.id, given.pin)

    def _confirmed(self, own_pin: str, work: Callable[[], object]) -> Callable[[], object]:
        """Return work that gives the own PIN first, where it was asked for."""
        sign_in = self._staff.sign_in

        def confirm_and_work() -> object:
            if own_pin:
                sign_in.confirm(own_pin)
            return work()

        return confirm_and_work

    def _stored(self, outcome: TaskResult[object]) -> None:
        self._set_busy(False)
        if outcome.error is not None:
            self._show_refusal(outcome.error)
            return
        form = self.view.form
        kind, entry = form.kind, form.entry
        name = display_text(form.given.name if entry is None else entry.name, _NAME)
        if kind is FormKind.EDIT:
            name = display_text(form.given.name, _NAME)
        self._wanted = outcome.value if isinstance(outcome.value, int) else None
        self._close_form()
        self.notified.emit(self._texts(f"staff.done_{kind.value}", name=name))
        self._changed()

    def _set_up(self, name: str, pin: str) -> tuple[str, StaffTile]:
        """Add the first manager, and sign them in."""
        set_up = partial(self._directory.set_up, self._session.actor)
        return self._staff.sign_in.sign_in_first(set_up, name, pin)

    def _set_up_ended(self, outcome: TaskResult[tuple[str, StaffTile]]) -> None:
        self._set_busy(False)
        if outcome.value is None:
            self._show_refusal(outcome.error or RuntimeError())
            return
        code, person = outcome.value
        self.view.form.forget_pins()
        self._show_code(code)
        self.staff_edited.emit(person)
        self.refresh()

    def _show_refusal(self, error: Exception) -> None:
        form = self.view.form
        own = isinstance(error, UserError) and error.code in OWN_PIN_ERRORS
        if not own:
            form.own.set_wrong("")
        if not form.show_refusal(error):
            self.view.banner.show_error(error)

    def _show_code(self, code: str) -> None:
        if self._is_locked:  # whoever asked for it has left, and can ask for another one
            return
        self.view.recovery.show_code(code)
        self.view.show_code()

    def _note_code(self) -> None:
        if self.view.recovery.is_shown and self.view.recovery.check():
            self._forget_code()
            self.notified.emit(self._texts("staff.code_noted"))

    def _forget_code(self) -> None:
        self.view.recovery.forget()
        self.view.show_list()

    def _ask_to_forget_code(self) -> None:
        question = StaffQuestion(self._texts, "forget_code", self)
        question.agreed.connect(self._forget_code)
        self._slot.open(question)

    def _ask_for_code(self) -> None:
        actor = self._session.actor
        self._ask("renew", lambda: self._directory.renew_recovery_code(actor))

    def _ask_to_unlock(self) -> None:
        entry, actor = self.entry, self._session.actor
        if entry is not None:
            self._ask("unlock", lambda: self._directory.unlock(actor, entry.id), entry)

    def _ask_to_remove(self) -> None:
        entry, actor = self.entry, self._session.actor
        if entry is not None:
            self._ask("remove", lambda: self._directory.deactivate(actor, entry.id), entry)

    def _ask(self, about: str, work: Callable[[], object], entry: StaffEntry | None = None) -> None:
        """Ask before an act, with the own PIN where it is due."""
        if self._slot.is_open or self._is_busy:
            return
        name = display_text(entry.name, _NAME) if entry is not None else ""
        needs = self._directory.needs_pin(self._session.actor)
        question = StaffQuestion(self._texts, about, self, name=name, needs_own_pin=needs)

        def act() -> None:
            ended = partial(self._act_ended, question, about, name)
            self._runner.run(self._confirmed(question.own_pin, work), ended, owner=self)

        question.agreed.connect(act)
        self._slot.open(question)

    def _act_ended(
        self, question: StaffQuestion, about: str, name: str, outcome: TaskResult[object]
    ) -> None:
        error = outcome.error
        if isinstance(error, UserError) and error.code is ErrorCode.OWN_PIN_REQUIRED:
            question.ask_for_pin()
        if self._slot.end(failure_text(self._texts, error)):
            question.focus_pin()
            return
        if error is not None:
            self.view.banner.show_error(error)
            return
        if isinstance(outcome.value, str):
            self._show_code(outcome.value)
        else:
            self.notified.emit(self._texts(f"staff.done_{about}", name=name))
        self._changed()

    def _changed(self) -> None:
        """The one who is signed in may have changed themselves."""
        self.staff_edited.emit(None)
        self.refresh()

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.view.store.set_busy(busy)
