"""What is said of a cash receipt, in the current language."""

from __future__ import annotations

from posapp.domain.cash_receipts import CashReceipt, ReceiptProblem, ReceiptState
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import StatusText

_S = ReceiptState
_STATES = {
    _S.REQUESTED: ("busy", "waiting"),
    _S.SENDING: ("busy", "checking"),
    _S.UNKNOWN: ("busy", "checking"),
    _S.ISSUED: ("success", "issued"),
    _S.REFUSED: ("error", "failed"),
    _S.CANCEL_REQUESTED: ("busy", "cancelling"),
    _S.CANCELLING: ("busy", "cancelling"),
    _S.CANCEL_UNKNOWN: ("busy", "cancelling"),
    _S.CANCEL_REFUSED: ("error", "cancel_failed"),
    _S.CANCELLED: ("notice", "cancelled"),
}
_LONGEST = 120


def state_text(texts: Translator, receipt: CashReceipt, *, is_overdue: bool = False) -> StatusText:
    """Return tone and words of a receipt's state; one that should be issued by now is an error."""
    tone, name = _STATES[receipt.state]
    if is_overdue:
        tone = "error"
    return StatusText(tone, texts(f"cash_receipt.{name}", number=receipt.approval_no))


def purpose_text(texts: Translator, purpose: ReceiptPurpose) -> str:
    """Return for whom a receipt is."""
    return texts(f"cash_receipt.purpose_{purpose.value}")


def holder_text(texts: Translator, receipt: CashReceipt) -> str:
    """Return for whom a receipt is, with what is left of the number."""
    parts = (purpose_text(texts, receipt.purpose), receipt.masked)
    return " ".join(part for part in parts if part)


def problem_text(texts: Translator, receipt: CashReceipt) -> str:
    """Return what keeps a receipt from going on; empty: nothing."""
    if receipt.problem is ReceiptProblem.NONE:
        return ""
    said = display_text(receipt.gateway_message, _LONGEST)
    shown = texts(f"cash_receipt.problem_{receipt.problem.value}")
    return f"{shown} ({said})" if said and receipt.problem is ReceiptProblem.REFUSED else shown


def line_text(texts: Translator, receipt: CashReceipt) -> str:
    """Return what a paper says of a valid receipt: ``소득공제 010-****-1234 승인 123456789``."""
    holder = holder_text(texts, receipt)
    return texts("cash_receipt.line", holder=holder, number=receipt.approval_no)
