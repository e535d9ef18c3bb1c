"""Where the money of a refund is, in the words of the shop (docs/specification.md 2.5 and 6)."""

from __future__ import annotations

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.refunds import Refund, RefundState
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.outcome_panel import Told
from posapp.ui.screens.order_parts.foreign import shown

_SAID = 300

_MOVED_ON = {
    ErrorCode.PAID_MEANWHILE: "cancel.paid_meanwhile",
    ErrorCode.NOT_PAID_YET: "cancel.unpaid_meanwhile",
}


def told_of_refund(texts: Texts, refund: Refund, *, online: bool) -> Told:
    """What the person in front of the screen is told about a refund.

    Args:
        online: PortOne can be reached. Not sent yet and off line is said as what it is; cut off
            in the middle of sending is not known, and said as that.
    """
    state = refund.state
    if state is RefundState.CONFIRMED:
        return Told("success", texts("cancel.refund_done"), texts("cancel.refund_done_why"))
    if state is RefundState.REFUSED:
        return _refused(texts, refund)
    if state is RefundState.NEEDS_PERSON:
        return Told(
            "warning",
            texts("cancel.needs_person"),
            texts("cancel.needs_person_why"),
            portone_said(texts, refund),
            deed="open_money",
        )
    if state is RefundState.APPROVED and not online:
        return Told("warning", texts("cancel.offline"), texts("cancel.offline_why"))
    if state is RefundState.UNKNOWN or not online:
        return Told("notice", texts("cancel.checking"), texts("cancel.checking_why"), moving=True)
    return Told("busy", texts("cancel.pending"), texts("cancel.pending_why"), moving=True)


def portone_said(texts: Texts, refund: Refund) -> str:
    """PortOne's last answer as evidence on one line, or empty."""
    said = shown(refund.raw_text, _SAID)
    if refund.raw_code is None:
        return texts("cancel.portone_said", text=said) if said else ""
    return texts("cancel.portone_said_code", text=said or "–", code=refund.raw_code)


def refused_before(texts: Texts, refund: Refund) -> str:
    """An earlier refund of the item came to nothing."""
    return texts("cancel.refused_before", text=_why_refused(texts, refund))


def told_of_error(texts: Texts, error: Exception, *, order_only: bool) -> Told:
    """A deed that was refused or did not come about; nothing was changed.

    Args:
        order_only: it was an 주문취소, in which no money moves.
    """
    prefix = "errors.order_cancel_failed" if order_only else "errors.payment_cancel_failed"
    return Told(
        "error",
        texts(prefix, message=shown(texts.error(error), _SAID)),
        texts("cancel.failed_why"),
        texts("words.error_code", code=texts.error_code(error)),
        deed="again",
    )


def moved_on_to(error: Exception) -> str:
    """The item moved on while the screen was open, and the other button fits now: the id of the
    message that says so, or empty."""
    return _MOVED_ON.get(error.code, "") if isinstance(error, UserError) else ""


def told_of_guard(texts: Texts, error: Exception) -> Told:
    """The screen could not even open: the message, its code, and the way back."""
    user_error = isinstance(error, UserError)
    return Told(
        "error",
        texts.error(error),
        texts("cancel.guard_why") if user_error else "",
        texts("words.error_code", code=texts.error_code(error)),
        deed="home" if user_error else "again",
    )


def _refused(texts: Texts, refund: Refund) -> Told:
    said = _why_refused(texts, refund)
    code = "" if refund.raw_code is None else texts("cancel.portone_code", code=refund.raw_code)
    return Told(
        "error",
        texts("errors.payment_cancel_failed", message=said),
        texts("cancel.refused_why"),
        code,
        deed="again",
    )


def _why_refused(texts: Texts, refund: Refund) -> str:
    return shown(refund.raw_text, _SAID) or texts("cancel.refused_silent")
