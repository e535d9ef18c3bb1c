"""Page of the cash receipts that wait for a person (발급할 현금영수증), first due first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash_receipts import ReceiptTaskKind
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.ui.cash_receipts.receipt_task_actions import ReceiptTaskActions
from posapp.ui.cash_receipts.receipt_task_text import details_of, row_of
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.list_screen import ListScreen
from posapp.ui.shell.screen import ScreenContext
from posapp.ui.widgets.buttons import Button

if TYPE_CHECKING:
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.session import Session


class ReceiptTasksScreen(ListScreen):
    """The receipts that a person issues, cancels elsewhere, or has issued again."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: CashReceiptService,
        session: Session,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(
            *(texts, theme, runner, service.tasks, parent),
            catalogue="cash_receipt",
            name="cash_receipt.tasks",
            key_of=lambda task: task.receipt.id,
            describe=lambda task: row_of(texts, task),
            details_of=lambda task: details_of(texts, task),
            order_of=lambda task: task.receipt.order_id,
        )
        actions = ReceiptTaskActions(texts, runner, service, session, self)
        self._actions, bind = actions, texts.bind
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
        self.follow(actions)
        self.act(self.reissue, actions.ask_to_reissue)
        self.act(self.enter_number, actions.ask_approval)
        self.act(self.cancelled, actions.ask_cancelled)
        texts.changed.connect(self._write_count)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.cash_receipt_service, services.session),
        )

    def show_read(self, found: tuple[ReceiptTask, ...]) -> None:
        """Show the receipts."""
        self.view.show_entries(found)
        self._write_count()

    @Slot()
    def _write_count(self) -> None:
        tasks: tuple[ReceiptTask, ...] = self.view.model.entries
        late = sum(one.is_overdue for one in tasks)
        name = "count_late" if late else "count"
        text = self._texts(f"cash_receipt.{name}", count=len(tasks), late=late)
        self.set_head(subtitle=text if tasks else "")

    def offer(self) -> None:
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
