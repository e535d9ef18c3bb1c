"""View model of an attempt: label, icon and possible actions for every phase."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, GatewayCause, UserError
from posapp.domain.payments import AttemptState
from posapp.domain.verification import PaymentProblem
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

WITH_CODE = frozenset({PaymentPhase.SCAN, PaymentPhase.PAYING})
"""Phases in which the QR is on screen. A buyer on the payment page may have to scan again."""

ENDS_HERE = frozenset({PaymentProblem.ORDER_PAID, PaymentProblem.ORDER_GONE})
"""Problems after which nothing is left to pay."""

MAX_REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class PaymentViewState:
    """An attempt as it is displayed.

    Attributes:
        mark: name of the icon (``phase_icon.ICONS``).
        tone: success, error, warning, notice or busy.
        label: the state in a word or two (스캔 대기 · 결제 중 · 확인 중 · 완료 · 만료 · 실패).
        heading: the main sentence.
        message: the reason or the meaning.
        detail: what happens to the order and the money.
        code: error code, in small type, for support calls.
        moving: the state changes without user action.
        stoppable: the user can abandon the attempt.
        retry: another QR can be requested.
        receipt: there is a receipt.
    """

    mark: str
    tone: str
    label: str
    heading: str
    message: str = ""
    detail: str = ""
    code: str = ""
    moving: bool = False
    stoppable: bool = False
    retry: bool = False
    receipt: bool = False

    @property
    def spoken(self) -> str:
        """Return the text for a screen reader."""
        return " ".join(part for part in (self.heading, self.message, self.detail) if part)


def view_state_of(
    texts: Translator, progress: PaymentProgress, *, time_is_over: bool = False
) -> PaymentViewState:
    """Build the view state of an attempt.

    Args:
        time_is_over: the countdown has ended and the service has not reported the result yet.
    """
    if time_is_over and progress.phase in WITH_CODE:
        return PaymentViewState(
            "expired",
            "warning",
            texts("pay.state_time_over"),
            texts("pay.time_over"),
            texts("pay.time_over_why"),
            moving=True,
        )
    return _BUILDERS[progress.phase](texts, progress)


def view_state_of_error(texts: Translator, error: Exception) -> PaymentViewState:
    """Build the view state of an error in place of a QR.

    A guard's refusal is final; anything else can be retried, and the order is unchanged.
    """
    refused = isinstance(error, UserError) and error.code not in _PASSING
    code = texts("words.error_code", code=texts.error_code(error))
    said = display_text(texts.error(error), MAX_REASON_LENGTH)
    if refused:
        return PaymentViewState("failed", "error", texts("pay.state_refused"), said, code=code)
    return PaymentViewState(
        "failed",
        "error",
        texts("pay.state_failed"),
        texts("pay.no_qr"),
        said,
        texts("pay.order_waits"),
        code,
        retry=True,
    )


def reason_text(texts: Translator, reason: str) -> str:
    """Return why an attempt failed: our text for a known cause, else PortOne's message."""
    if reason in _CAUSES:
        return texts(f"errors.portone_{reason}")
    if reason and texts.has(f"errors.env_{reason}"):
        return texts(f"errors.env_{reason}", detail="")
    return display_text(reason, MAX_REASON_LENGTH)


def _preparing(texts: Translator, _: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "checking",
        "busy",
        texts("pay.state_preparing"),
        texts("pay.preparing"),
        moving=True,
        stoppable=True,
    )


def _scan(texts: Translator, _: PaymentProgress) -> PaymentViewState:
    label = texts("pay.state_scan")
    return PaymentViewState("scan", "notice", label, texts("pay.scan_how"), stoppable=True)


def _paying(texts: Translator, _: PaymentProgress) -> PaymentViewState:
    label = texts("pay.state_paying")
    return PaymentViewState("paying", "notice", label, texts("pay.paying_how"), stoppable=True)


def _checking(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "checking",
        "busy",
        texts("pay.state_checking"),
        texts("pay.checking"),
        texts("pay.checking_why"),
        texts("pay.goes_on"),
        moving=True,
        stoppable=progress.attempt.state is AttemptState.UNKNOWN,
    )


def _done(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    sandbox = progress.payment is not None and progress.payment.sandbox
    return PaymentViewState(
        "done",
        "success",
        texts("pay.state_done"),
        texts("pay.done"),
        detail=texts("pay.done_test") if sandbox else "",
        receipt=True,
    )


def _expired(texts: Translator, _: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "expired",
        "warning",
        texts("pay.state_expired"),
        texts("pay.expired"),
        texts("pay.order_waits"),
        texts("pay.late"),
        retry=True,
    )


def _stopped(texts: Translator, _: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "stopped",
        "warning",
        texts("pay.state_stopped"),
        texts("pay.stopped"),
        texts("pay.order_waits"),
        texts("pay.late"),
        retry=True,
    )


def _failed(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "failed",
        "error",
        texts("pay.state_failed"),
        texts("pay.failed"),
        reason_text(texts, progress.attempt.reason),
        texts("pay.order_waits"),
        retry=True,
    )


def _returning(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    return PaymentViewState(
        "returning",
        "busy",
        texts("pay.state_checking"),
        texts("pay.returning"),
        _why(texts, progress),
        texts("pay.goes_on"),
        moving=True,
    )


def _returned(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    amount = progress.refund.amount if progress.refund is not None else progress.attempt.amount
    return PaymentViewState(
        "returned",
        "warning",
        texts("pay.state_returned"),
        texts("errors.payment_cancelled"),
        _why(texts, progress),
        texts("pay.returned_all", amount=texts.won(amount)),
        retry=progress.problem not in ENDS_HERE,
    )


def _return_failed(texts: Translator, progress: PaymentProgress) -> PaymentViewState:
    said = (
        reason_text(texts, progress.refund.gateway_message) if progress.refund is not None else ""
    )
    why = _why(texts, progress)
    return PaymentViewState(
        "return_failed",
        "error",
        texts("pay.state_return_failed"),
        texts("errors.payment_cancel_failed", message=said or why or texts("pay.no_answer")),
        why if said else "",
        texts("pay.on_open_money"),
    )


def _why(texts: Translator, progress: PaymentProgress) -> str:
    return texts(f"errors.{progress.problem.value}") if progress.problem is not None else ""


_CAUSES = frozenset(cause.value for cause in GatewayCause)

_PASSING = frozenset(code for code in ErrorCode if code.value.startswith("attempt409"))
"""Temporary refusals: another attempt is not finished yet."""

_BUILDERS: dict[PaymentPhase, Callable[[Translator, PaymentProgress], PaymentViewState]] = {
    PaymentPhase.PREPARING: _preparing,
    PaymentPhase.SCAN: _scan,
    PaymentPhase.PAYING: _paying,
    PaymentPhase.CHECKING: _checking,
    PaymentPhase.DONE: _done,
    PaymentPhase.EXPIRED: _expired,
    PaymentPhase.STOPPED: _stopped,
    PaymentPhase.FAILED: _failed,
    PaymentPhase.RETURNING: _returning,
    PaymentPhase.RETURNED: _returned,
    PaymentPhase.RETURN_FAILED: _return_failed,
}
