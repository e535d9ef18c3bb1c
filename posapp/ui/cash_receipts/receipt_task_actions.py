"""Actions on cash receipts that wait for a person, and the dialogs that ask for what they need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.ui.cash_receipts.receipt_task_text import task_subject
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.confirmed_actions import Action, ConfirmedActions
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter

if TYPE_CHECKING:
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.session import Session


class NumberDialog(ConfirmDialog):
    """Asks for one number about a receipt. What is typed is gone once it closes.

    Args:
        message: id to which ``_question``, ``_consequence`` and ``_yes`` are added.
        field: ids of the number's label and hint; ``None``: no number is needed.
    """

    def __init__(
        self,
        texts: Translator,
        task: ReceiptTask,
        message: str,
        field: tuple[str, str] | None,
        parent: QWidget,
        *,
        key: str,
    ) -> None:
        super().__init__(parent=parent, key=key, danger=False, waits=True)
        self._texts, self._task, self._id = texts, task, message
        self.number = Field("receiptTaskNumber")
        self.number.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self._is_needed = field is not None
        if field is not None:
            self.number.say(texts.bind(field[0]), texts.bind(field[1]))
        self.fields.addWidget(self.number)
        self.number.setVisible(self._is_needed)
        KeyRepeatFilter(self.number.line, blanks=True, parent=self)
        self.number.line.textChanged.connect(lambda _: self.update_enabled())
        self.follow(texts, self._write_all)
        self.update_enabled()
        if self._is_needed:
            self.number.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def is_complete(self) -> bool:
        """Return whether a number is typed, if one is needed."""
        return not self._is_needed or bool(self.number.line.text().strip())

    def press_enter(self) -> None:
        """Move the focus from the number to the action; Enter in a field presses nothing."""
        if self.focusWidget() is not self.number.line:
            super().press_enter()
        elif self.yes.isEnabled():
            self.yes.setFocus(Qt.FocusReason.OtherFocusReason)

    def _write_all(self) -> None:
        texts, won = self._texts, self._texts.won(self._task.receipt.amount)
        question, consequence, yes = (
            texts(f"{self._id}_{part}", amount=won) for part in ("question", "consequence", "yes")
        )
        self.say(question, consequence)
        self.show_amount(won)
        self.show_facts([(texts("cash_receipt.about"), task_subject(texts, self._task))])
        self.set_answers(yes, texts("words.close"))


class ReceiptTaskActions(ConfirmedActions):
    """Stores approval numbers, asks again for what was refused, and records cancellations."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        service: CashReceiptService,
        session: Session,
        page: QWidget,
    ) -> None:
        super().__init__(texts, runner, page)
        self._service, self._session = service, session

    def ask_approval(self, task: ReceiptTask) -> None:
        """Ask for the approval number of a receipt that was issued elsewhere, then store it."""
        service, session, texts = self._service, self._session, self._texts
        labels = ("cash_receipt.approval", "cash_receipt.approval_hint")
        dialog = NumberDialog(texts, task, "cash_receipt.enter", labels, self._page, key="F7")

        def action_of() -> Action:
            number = dialog.number.line.text()

            def action() -> BoundText:
                service.enter_approval(session.actor, task.receipt.id, number)
                return texts.bind("cash_receipt.entered")

            return action

        self.ask(task.receipt.id, dialog, action_of)

    def ask_to_reissue(self, task: ReceiptTask) -> None:
        """Ask for the buyer's number, which is not kept, and issue a refused receipt again under a
        new number of ours."""
        service, session, texts = self._service, self._session, self._texts
        receipt = task.receipt
        kind = "business" if receipt.purpose is ReceiptPurpose.BUSINESS else "phone"
        is_named = receipt.purpose is not ReceiptPurpose.UNNAMED
        field = (f"cash_receipt.{kind}", f"cash_receipt.{kind}_hint") if is_named else None
        dialog = NumberDialog(texts, task, "cash_receipt.reissue", field, self._page, key="F8")

        def action_of() -> Action:
            number = dialog.number.line.text() if is_named else ""

            def action() -> BoundText:
                service.request(session.actor, receipt.order_id, receipt.purpose, number)
                return texts.bind("cash_receipt.reissued")

            return action

        self.ask(receipt.id, dialog, action_of)

    def ask_cancelled(self, task: ReceiptTask) -> None:
        """Confirm that a receipt was cancelled elsewhere, then record it."""
        service, session, texts = self._service, self._session, self._texts

        def action() -> BoundText:
            service.enter_cancel(session.actor, task.receipt.id)
            return texts.bind("cash_receipt.elsewhere_done")

        self.confirm(
            task.receipt.id,
            "cash_receipt.elsewhere",
            action,
            amount=task.receipt.amount,
            facts=lambda: [(texts("cash_receipt.about"), task_subject(texts, task))],
            key="F7",
        )
