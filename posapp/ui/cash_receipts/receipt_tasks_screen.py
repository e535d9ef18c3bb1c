"""Page of the cash receipts that wait for a person (발급할 현금영수증), first due first."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.cash_receipts import ReceiptTaskKind
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.ui.cash_receipts.receipt_task_actions import ReceiptTaskActions
from posapp.ui.cash_receipts.receipt_task_text import details_of, row_of
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ORDER
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.list_detail import ListDetailActions

if TYPE_CHECKING:
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.session import Session


class ReceiptTasksScreen(Screen):
    """Reads the list when it is shown, and after each change while it is visible."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: CashReceiptService,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._reader = RecordReader(runner, service.tasks, self)
        self._actions = ReceiptTaskActions(texts, runner, service, session, self)
        bind = texts.bind
        self.home = Button("primary", "Enter", text=bind("cancel.go_home"))
        empty = EmptyState(theme, tone="success", action=self.home)
        empty.say(bind("cash_receipt.empty"), bind("cash_receipt.empty_why"))
        self.view = ListDetailActions(
            *(texts, theme),
            name=bind("cash_receipt.tasks"),
            empty=empty,
            key_of=lambda task: task.receipt.id,
            describe=lambda task: row_of(texts, task),
            details_of=lambda task: details_of(texts, task),
        )
        why = bind("cash_receipt.reissue_consequence")
        self.reissue = Button("secondary", "F8", text=bind("cash_receipt.reissue"), description=why)
        why = bind("cash_receipt.enter_consequence")
        self.enter_number = Button(
            "primary", "F7", text=bind("cash_receipt.enter"), description=why
        )
        why = bind("cash_receipt.elsewhere_consequence")
        self.cancelled = Button(
            "primary", "F7", text=bind("cash_receipt.cancelled_elsewhere"), description=why
        )
        self.view.add_actions(self.reissue, self.enter_number, self.cancelled)
        boxes.column(self.view, on=self)
        self.setFocusProxy(self.view)
        self._connect()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.cash_receipt_service, services.session),
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the button that copies."""
        return self.view.head

    @Slot()
    def refresh(self) -> None:
        """Read the list again."""
        if self._reader.last is None:
            self.view.busy.start(self._texts("cash_receipt.loading"))
        self._reader.refresh()

    def status_changed(self) -> None:
        """Read the list after any change of the records."""
        if self.isVisible():
            self._reader.refresh_soon()

    def showEvent(self, event: QShowEvent) -> None:
        """Read the list."""
        super().showEvent(event)
        self.refresh()

    def _connect(self) -> None:
        actions, view = self._actions, self.view
        self._reader.arrived.connect(self._show)
        self._reader.failed.connect(self._show_failure)
        actions.began.connect(self._offer)
        actions.ended.connect(self._action_finished)
        view.chosen.connect(self._offer)
        view.opened.connect(lambda task: self.go_to(ORDER, order_id=task.receipt.order_id))
        view.copied.connect(lambda: self.notified.emit(self._texts("cash_receipt.copied")))
        view.banner.acted.connect(view.banner.clear)
        self.home.clicked.connect(self.home_requested)
        self._act(self.reissue, actions.ask_to_reissue)
        self._act(self.enter_number, actions.ask_approval)
        self._act(self.cancelled, actions.ask_cancelled)
        self._texts.changed.connect(self._write_count)

    def _act(self, button: Button, act: Callable[[ReceiptTask], None]) -> None:
        def pressed() -> None:
            if self.view.current is not None:
                act(self.view.current)

        button.clicked.connect(pressed)

    def _action_finished(self, error: Exception | None, text: str) -> None:
        if error is not None:
            self.view.banner.show_error(error, button="words.close")
        else:
            self.view.banner.clear()
            if text:
                self.notified.emit(text)
        self.refresh()
        self._offer()

    @Slot(object)
    def _show_failure(self, error: Exception) -> None:
        self.view.busy.stop()
        self.view.banner.show_error(error, button="words.close")

    @Slot(object)
    def _show(self, tasks: tuple[ReceiptTask, ...]) -> None:
        self.view.show_entries(tasks)
        self._write_count()

    @Slot()
    def _write_count(self) -> None:
        tasks: tuple[ReceiptTask, ...] = self.view.model.entries
        late = sum(one.is_overdue for one in tasks)
        name = "count_late" if late else "count"
        text = self._texts(f"cash_receipt.{name}", count=len(tasks), late=late)
        self.set_head(subtitle=text if tasks else "")

    @Slot()
    def _offer(self) -> None:
        """Offer what can be done about the current receipt."""
        task: ReceiptTask | None = self.view.current
        is_idle = task is not None and not self._actions.is_busy(task.receipt.id)
        for button, is_offered in (
            (self.reissue, task is not None and task.may_reissue),
            (self.enter_number, task is not None and task.kind is ReceiptTaskKind.ISSUE),
            (self.cancelled, task is not None and task.kind is ReceiptTaskKind.CANCEL),
        ):
            button.setVisible(is_offered)
            button.setEnabled(is_idle)
