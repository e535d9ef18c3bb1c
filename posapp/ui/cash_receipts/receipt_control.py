"""The cash receipt of an order's page: opens the panel, and carries out what is pressed there."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from posapp.services.cash_receipts.receipt_service import OrderReceipt
from posapp.ui.cash_receipts.receipt_panel import ReceiptPanel
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.domain.receipt_identity import ReceiptPurpose
    from posapp.services.cash_receipts.receipt_service import CashReceiptService
    from posapp.services.session import Session


class ReceiptControl(QObject):
    """Shows the receipt of one order at the right of a page, which stays usable.

    Args:
        page: the page; the panel lies over its right side.
        changed: called once the receipt of the order changed.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        service: CashReceiptService,
        session: Session,
        page: QWidget,
        changed: Callable[[], object],
    ) -> None:
        super().__init__(page)
        self._texts, self._theme, self._runner = texts, theme, runner
        self._service, self._session, self._page = service, session, page
        self._changed = changed
        self._order_id = 0
        self._panel: ReceiptPanel | None = None
        self._slot = PanelSlot(page)

    @property
    def panel(self) -> ReceiptPanel:
        """Return the panel; it is made at its first use."""
        if self._panel is None:
            self._panel = panel = ReceiptPanel(self._texts, self._theme, self._page)
            panel.hide()
            panel.closed.connect(self.close)
            panel.requested.connect(self._ask)
            panel.approval_entered.connect(self._enter)
            panel.cancel_entered.connect(self._cancelled)
        return self._panel

    @property
    def is_open(self) -> bool:
        """Return whether the panel is shown."""
        return self._slot.panel is not None

    def open(self, order_id: int) -> None:
        """Show the receipt of an order, with the focus on what is typed."""
        self._order_id = order_id
        panel = self.panel
        panel.forget()
        panel.show_receipt(None)
        self._slot.open(panel)
        panel.close_button.setFocus()
        self._read(focus=True)

    def toggle(self, order_id: int) -> None:
        """Open the panel, or close it."""
        if self.is_open:
            self.close()
        else:
            self.open(order_id)

    @Slot()
    def close(self) -> bool:
        """Hide the panel and forget what is typed; ``False`` if it is not shown."""
        if self.is_open:
            self.panel.forget()
        return self._slot.close()

    def refresh(self) -> None:
        """Read the receipt again: the records changed."""
        if self.is_open:
            self._read()

    def _read(self, *, focus: bool = False) -> None:
        self._runner.run(
            partial(self._service.of_order, self._order_id),
            partial(self._show, self._order_id, focus),
            owner=self._page,
            key="receipt",
        )

    def _show(self, order_id: int, focus: bool, outcome: TaskResult[OrderReceipt]) -> None:
        if order_id != self._order_id or not self.is_open:
            return
        if outcome.value is None:
            self.panel.show_error(outcome.error or RuntimeError())
            return
        self.panel.show_receipt(outcome.value)
        if focus:
            self.panel.focus_form()

    @Slot(object, str)
    def _ask(self, purpose: ReceiptPurpose, number: str) -> None:
        self._run(
            partial(self._service.request, self._session.actor, self._order_id, purpose, number)
        )

    @Slot(str)
    def _enter(self, number: str) -> None:
        receipt = self.panel.receipt
        if receipt is not None:
            act = self._service.enter_approval
            self._run(partial(act, self._session.actor, receipt.id, number))

    @Slot()
    def _cancelled(self) -> None:
        receipt = self.panel.receipt
        if receipt is not None:
            self._run(partial(self._service.enter_cancel, self._session.actor, receipt.id))

    def _run(self, act: Callable[[], object]) -> None:
        self.panel.set_busy(True)
        self._runner.run(act, self._done, owner=self._page, key="receipt_act")

    def _done(self, outcome: TaskResult[object]) -> None:
        self.panel.set_busy(False)
        if outcome.error is not None:
            self.panel.show_error(outcome.error)
            return
        self.panel.forget()
        self._read(focus=True)
        self._changed()
