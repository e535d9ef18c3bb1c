"""Texts for the progress of a refund (docs/specification.md 2.5 and 6)."""

from __future__ import annotations

from collections.abc import Sequence

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.cancellation.result_panel import CancelResultText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

_SAID = 300
_NAME = 40
_NAME_RUN = 14

_MOVED_ON = {
    ErrorCode.PAID_MEANWHILE: "cancel.paid_meanwhile",
    ErrorCode.NOT_PAID_YET: "cancel.unpaid_meanwhile",
}


def refund_result_text(texts: Translator, refund: Refund, *, online: bool) -> CancelResultText:
    """Return the text about a refund's result.

    Args:
        online: PortOne is reachable. Offline, an unsent refund is shown as unsent, and one
            interrupted while it was sent as unknown.
    """
    state = refund.state
    if not refund.id and refund.amount:
        heading = texts("cash.hand_out_now", amount=texts.won(refund.amount))
        return CancelResultText("success", heading, texts("cash.refund_recorded"))
    if state is RefundState.CONFIRMED:
        why = texts("cancel.refund_done_why", amount=texts.won(refund.amount))
        return CancelResultText("success", texts("cancel.refund_done"), why)
    if state is RefundState.REFUSED:
        return _refused(texts, refund)
    if state is RefundState.NEEDS_REVIEW:
        return CancelResultText(
            "warning",
            texts("cancel.needs_person"),
            texts("cancel.needs_person_why"),
            portone_said(texts, refund),
            action="open_money",
        )
    if state is RefundState.APPROVED and not online:
        return CancelResultText("warning", texts("cancel.offline"), texts("cancel.offline_why"))
    if state is RefundState.UNKNOWN or not online:
        return CancelResultText(
            "notice", texts("cancel.checking"), texts("cancel.checking_why"), moving=True
        )
    return CancelResultText(
        "busy", texts("cancel.pending"), texts("cancel.pending_why"), moving=True
    )


def portone_said(texts: Translator, refund: Refund) -> str:
    """Return PortOne's last answer as evidence on one line, or empty."""
    said = display_text(refund.gateway_message, _SAID)
    if refund.gateway_code is None:
        return texts("cancel.portone_said", text=said) if said else ""
    return texts("cancel.portone_said_code", text=said or "–", code=refund.gateway_code)


def refused_before(texts: Translator, refund: Refund) -> str:
    """Return the text about an earlier, refused refund of the item."""
    return texts("cancel.refused_before", text=_why_refused(texts, refund))


def error_result_text(texts: Translator, error: Exception, *, order_only: bool) -> CancelResultText:
    """Return the text for an action that was refused or failed; nothing was changed.

    Args:
        order_only: it was an 주문취소, in which no money moves.
    """
    prefix = "errors.order_cancel_failed" if order_only else "errors.payment_cancel_failed"
    return CancelResultText(
        "error",
        texts(prefix, message=display_text(texts.error(error), _SAID)),
        texts("cancel.failed_why"),
        texts("words.error_code", code=texts.error_code(error)),
        action="again",
    )


def failure_of_items(texts: Translator, failures: Sequence[tuple[OrderItem, Exception]]) -> str:
    """Return why items were not cancelled, with the code; of many each with its name."""
    said = []
    for item, error in failures:
        result = error_result_text(texts, error, order_only=not item.is_paid)
        name = f"{display_text(item.name, _NAME, run=_NAME_RUN)}: " if len(failures) > 1 else ""
        said.append(f"{name}{result.heading} ({texts.error_code(error)})")
    return "\n".join(said)


def moved_on_to(error: Exception) -> str:
    """Return the message id for an item whose payment state changed while the screen was open.

    The other action applies now. Empty for any other error.
    """
    return _MOVED_ON.get(error.code, "") if isinstance(error, UserError) else ""


def guard_result_text(texts: Translator, error: Exception) -> CancelResultText:
    """Return the text for a screen that could not open: message, code, and button."""
    user_error = isinstance(error, UserError)
    return CancelResultText(
        "error",
        texts.error(error),
        texts("cancel.guard_why") if user_error else "",
        texts("words.error_code", code=texts.error_code(error)),
        action="home" if user_error else "again",
    )


def _refused(texts: Translator, refund: Refund) -> CancelResultText:
    said = _why_refused(texts, refund)
    code = (
        ""
        if refund.gateway_code is None
        else texts("cancel.portone_code", code=refund.gateway_code)
    )
    return CancelResultText(
        "error",
        texts("errors.payment_cancel_failed", message=said),
        texts("cancel.refused_why"),
        code,
        action="again",
    )


def _why_refused(texts: Translator, refund: Refund) -> str:
    return display_text(refund.gateway_message, _SAID) or texts("cancel.refused_silent")
