"""Panel of an order's cash receipt: what became of it, and a form to ask for one."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.cash_receipts import CashReceipt, ReceiptState, ReceiptTaskKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import ZERO
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.services.cash_receipts.receipt_service import OrderReceipt
from posapp.ui.core.cash_receipt_text import holder_text, problem_text, state_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl
from posapp.ui.widgets.side_panel import SidePanel

_NUMBER_ERRORS = frozenset({ErrorCode.RECEIPT_NUMBER, ErrorCode.RECEIPT_RESIDENT})


class ReceiptPanel(SidePanel):
    """Shows what the service says of an order's receipt. What is typed is gone once it closes."""

    requested = Signal(object, str)
    """Ask for a receipt. Carries the purpose and what was typed."""

    approval_entered = Signal(str)
    """It was issued elsewhere. Carries the approval number that was typed."""

    cancel_entered = Signal()
    """It was cancelled elsewhere."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget) -> None:
        super().__init__(texts, texts.bind("cash_receipt.title"), parent=parent)
        self._texts = texts
        self._shown: OrderReceipt | None = None
        bind = texts.bind
        self.banner = Banner(texts, theme)
        self.badge = StatusBadge(theme)
        self.amount = MoneyLabel(texts, large=True)
        self.holder, self.note = Label("muted", wraps=True), Label("body", wraps=True)
        self.purpose = SegmentedControl(theme, tuple(ReceiptPurpose))
        self.purpose.say(
            bind("cash_receipt.purpose"),
            [bind(f"cash_receipt.purpose_{one.value}") for one in ReceiptPurpose],
        )
        self.number = Field("receiptNumber")
        self.ask = Button("primary", "Enter", text=bind("cash_receipt.ask"))
        self.ask.setObjectName("askReceipt")
        self.approval = Field("receiptApproval")
        self.approval.say(bind("cash_receipt.approval"), bind("cash_receipt.approval_hint"))
        self.store = Button("primary", text=bind("cash_receipt.store"))
        self.store.setObjectName("storeApproval")
        self.by_hand = Button("secondary", text=bind("cash_receipt.cancelled_elsewhere"))
        self.by_hand.setObjectName("cancelledElsewhere")
        for part in (
            *(self.banner, self.amount, self.badge, self.holder, self.note, self.purpose),
            *(self.number, self.ask, self.approval, self.store, self.by_hand),
        ):
            self.content.addWidget(part)
        self.content.addStretch(1)
        self.purpose.chosen.connect(self._write)
        self.number.line.returnPressed.connect(self._ask)
        self.ask.clicked.connect(self._ask)
        self.approval.line.returnPressed.connect(self._enter)
        self.store.clicked.connect(self._enter)
        self.by_hand.clicked.connect(self.cancel_entered)
        texts.changed.connect(self._write)
        self.show_receipt(None)

    @property
    def chosen_purpose(self) -> ReceiptPurpose:
        """Return for whom the receipt is asked."""
        return ReceiptPurpose(str(self.purpose.key))

    @property
    def receipt(self) -> CashReceipt | None:
        """Return the receipt on show, or ``None``."""
        return self._shown.receipt if self._shown is not None else None

    def forget(self) -> None:
        """Forget what is typed."""
        for field in (self.number, self.approval):
            field.line.clear()
            field.set_wrong("")
        self.banner.clear()

    def show_receipt(self, shown: OrderReceipt | None) -> None:
        """Show an order's receipt; ``None`` while it is read."""
        first, self._shown = self._shown is None, shown
        if first and shown is not None and shown.is_mandatory and shown.receipt is None:
            self.purpose.choose(ReceiptPurpose.UNNAMED)
        elif first:
            self.purpose.choose(ReceiptPurpose.PERSONAL)
        self._write()

    def focus_form(self) -> None:
        """Focus what is typed first; the way out if nothing is."""
        fields = (self.number.line, self.approval.line, self.ask, self.close_button)
        next(one for one in fields if one.isVisibleTo(self)).setFocus()

    def set_busy(self, busy: bool) -> None:
        """Take no press while the answer is on its way."""
        for button in (self.ask, self.store, self.by_hand):
            button.set_busy(busy)

    def show_error(self, error: Exception) -> None:
        """Say why nothing was done, at the field if it is about what was typed."""
        code = error.code if isinstance(error, UserError) else None
        if code in _NUMBER_ERRORS:
            self.number.set_wrong(self._texts.error(error))
            self.number.line.setFocus()
        elif code is ErrorCode.RECEIPT_APPROVAL:
            self.approval.set_wrong(self._texts.error(error))
            self.approval.line.setFocus()
        else:
            self.banner.show_error(error, button="words.close")

    @Slot()
    def _ask(self) -> None:
        self.number.set_wrong("")
        if self.ask.isVisibleTo(self):
            named = self.chosen_purpose is not ReceiptPurpose.UNNAMED
            self.requested.emit(self.chosen_purpose, self.number.line.text() if named else "")

    @Slot()
    def _enter(self) -> None:
        self.approval.set_wrong("")
        self.approval_entered.emit(self.approval.line.text())

    @Slot()
    def _write(self) -> None:
        shown, texts = self._shown, self._texts
        receipt = shown.receipt if shown is not None else None
        task = shown.task if shown is not None else None
        may_ask = shown is not None and shown.may_request
        self.amount.set_amount(shown.cash if shown is not None else None)
        self.badge.setVisible(receipt is not None)
        self.holder.setVisible(receipt is not None)
        if receipt is not None:
            is_overdue = shown is not None and shown.is_overdue
            status = state_text(texts, receipt, is_overdue=is_overdue)
            self.badge.show_state(status.tone, status.label)
            self.holder.setText(self._holder(receipt))
        named = may_ask and self.chosen_purpose is not ReceiptPurpose.UNNAMED
        self.purpose.setVisible(may_ask)
        self.number.setVisible(named)
        self.ask.setVisible(may_ask)
        is_business = self.chosen_purpose is ReceiptPurpose.BUSINESS
        name = "business" if is_business else "phone"
        self.number.set_text(texts(f"cash_receipt.{name}"), texts(f"cash_receipt.{name}_hint"))
        self.approval.setVisible(task is ReceiptTaskKind.ISSUE)
        self.store.setVisible(task is ReceiptTaskKind.ISSUE)
        self.by_hand.setVisible(task is ReceiptTaskKind.CANCEL)
        self.note.setText(self._note())
        self.note.setVisible(bool(self.note.text()))

    def _holder(self, receipt: CashReceipt) -> str:
        texts = self._texts
        parts = [holder_text(texts, receipt), texts.won(receipt.amount)]
        if receipt.issued_at is not None:
            parts.append(texts.when(receipt.issued_at))
        return " · ".join(parts)

    def _note(self) -> str:
        """Return what has to be known of the order's receipt, in one line."""
        shown, texts = self._shown, self._texts
        if shown is None:
            return ""
        receipt = shown.receipt
        if receipt is not None and (problem := problem_text(texts, receipt)):
            return problem
        if shown.cash == ZERO and receipt is None:
            return texts("cash_receipt.no_cash")
        if shown.task is ReceiptTaskKind.CANCEL:
            return texts("cash_receipt.task_cancel")
        if not shown.has_channel:
            return texts("cash_receipt.no_channel")
        if receipt is not None and receipt.state is ReceiptState.REQUESTED:
            is_rest = receipt.replaces_id is not None
            is_unnamed = receipt.purpose is ReceiptPurpose.UNNAMED
            return texts("cash_receipt.rest" if is_rest and is_unnamed else "cash_receipt.online")
        if receipt is None and shown.is_mandatory:
            return texts("cash_receipt.mandatory")
        return ""
