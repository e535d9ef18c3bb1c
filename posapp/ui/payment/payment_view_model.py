"""View model of the payment page: label, icon, sentences and possible actions of every state."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from posapp.domain.errors import ErrorCode, GatewayCause, UserError
from posapp.domain.money import Won
from posapp.domain.payments import AttemptState
from posapp.domain.verification import PaymentProblem
from posapp.services.payments.payment_progress import PaymentPhase, PaymentProgress
from posapp.ui.core.cash_text import outcome_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

if TYPE_CHECKING:
    from posapp.domain.cash import CashTaken

WITH_CODE = frozenset({PaymentPhase.SCAN, PaymentPhase.PAYING})
"""Phases in which the QR is on screen. A buyer on the payment page may have to scan again."""

ENDS_HERE = frozenset({PaymentProblem.ORDER_PAID, PaymentProblem.ORDER_GONE})
"""Problems after which nothing is left to pay."""

MAX_REASON_LENGTH = 300


@dataclass(frozen=True, slots=True)
class PaymentViewState:
    """What the payment page shows, in the current language.

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
        gives_back: cash that was received can be given back.
        way: message id of the primary button of an outcome, if it is another one than usual.
        before: there is no attempt yet.
        outcome: the QR is over; otherwise it is on screen, or its place is kept.
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
    gives_back: bool = False
    way: str = ""
    before: bool = False
    outcome: bool = False

    @property
    def spoken(self) -> str:
        """Return the text for a screen reader."""
        sentences = " ".join(part for part in (self.heading, self.message, self.detail) if part)
        return f"{self.label}. {sentences}"


def view_state_of(
    texts: Translator, progress: PaymentProgress, *, time_is_over: bool = False
) -> PaymentViewState:
    """Build the view state of an attempt.

    Args:
        time_is_over: the countdown has ended and the service has not reported the result yet.
    """
    if time_is_over and progress.phase in WITH_CODE:
        return _said(texts, _OVER)
    state = _said(texts, _PHASES[progress.phase])
    return replace(state, **_particulars(texts, progress, state))


def view_state_before(texts: Translator, *, loading: bool, starting: bool) -> PaymentViewState:
    """Build the view state before there is an attempt.

    Args:
        loading: the order is being read.
        starting: the attempt is being created.
    """
    return _said(texts, _LOADING if loading else _STARTING if starting else _READY)


def view_state_of_error(texts: Translator, error: Exception) -> PaymentViewState:
    """Build the view state of an error in place of a QR.

    A guard's refusal is final; anything else can be retried, and the order is unchanged.
    """
    code = texts("words.error_code", code=texts.error_code(error))
    said = display_text(texts.error(error), MAX_REASON_LENGTH)
    if isinstance(error, UserError) and error.code not in _PASSING:
        return replace(_said(texts, _REFUSED), heading=said, code=code)
    return replace(_said(texts, _NO_QR), message=said, code=code)


def view_state_in_cash(texts: Translator, taken: CashTaken) -> PaymentViewState:
    """Build the view state of an order that was paid in cash: the change is what counts."""
    tender = taken.tender
    how = texts("cash.done_how", due=texts.won(tender.amount), received=texts.won(tender.received))
    done = replace(_PHASES[PaymentPhase.DONE], heading="", detail="")
    return replace(_said(texts, done), heading=outcome_text(texts, taken), message=how)


def view_state_held(texts: Translator, cash: Won, rest: Won) -> PaymentViewState:
    """Build the view state of an order whose rest waits beside cash that was received."""
    return replace(
        _said(texts, _HELD),
        heading=texts("cash.held_heading", amount=texts.won(cash)),
        message=texts("cash.held_how", rest=texts.won(rest)),
        gives_back=True,
    )


def with_cash(texts: Translator, state: PaymentViewState, cash: Won, qr: Won) -> PaymentViewState:
    """Add to an outcome by QR what was received in cash beside it.

    Args:
        qr: won of the attempt.
    """
    if state.receipt:
        how = texts("cash.done_second", cash=texts.won(cash), qr=texts.won(qr))
        return replace(state, message=how)
    if state.retry:
        text = texts("cash.qr_failed", amount=texts.won(cash))
        return replace(state, detail=text, gives_back=True)
    return state


def reason_text(texts: Translator, reason: str) -> str:
    """Return why an attempt failed: our text for a known cause, else PortOne's message."""
    if reason in _CAUSES:
        return texts(f"errors.portone_{reason}")
    if reason and texts.has(f"errors.env_{reason}"):
        return texts(f"errors.env_{reason}", detail="")
    return display_text(reason, MAX_REASON_LENGTH)


def _particulars(
    texts: Translator, progress: PaymentProgress, state: PaymentViewState
) -> dict[str, Any]:
    """Return what depends on the attempt and not on its phase alone."""
    problem, refund = progress.problem, progress.refund
    why = texts(f"errors.{problem.value}") if problem is not None else ""
    match progress.phase:
        case PaymentPhase.CHECKING:
            return {"stoppable": progress.attempt.state is AttemptState.UNKNOWN}
        case PaymentPhase.DONE:
            is_test = progress.payment is not None and progress.payment.sandbox
            return {"detail": state.detail if is_test else ""}
        case PaymentPhase.FAILED:
            return {"message": reason_text(texts, progress.attempt.reason)}
        case PaymentPhase.RETURNING:
            return {"message": why}
        case PaymentPhase.RETURNED:
            amount = refund.amount if refund is not None else progress.attempt.amount
            detail = texts("pay.returned_all", amount=texts.won(amount))
            return {"message": why, "detail": detail, "retry": problem not in ENDS_HERE}
        case PaymentPhase.RETURN_FAILED:
            said = reason_text(texts, refund.gateway_message) if refund is not None else ""
            message = said or why or texts("pay.no_answer")
            heading = texts("errors.payment_cancel_failed", message=message)
            return {"heading": heading, "message": why if said else ""}
    return {}


def _said(texts: Translator, state: PaymentViewState) -> PaymentViewState:
    """Return the texts of a state that names messages."""
    ids = (state.label, state.heading, state.message, state.detail)
    label, heading, message, detail = (texts(text) if text else "" for text in ids)
    return replace(state, label=label, heading=heading, message=message, detail=detail)


_CAUSES = frozenset(cause.value for cause in GatewayCause)

_PASSING = frozenset(code for code in ErrorCode if code.value.startswith("attempt409"))
"""Temporary refusals: another attempt is not finished yet."""

_State = PaymentViewState

_LOADING = _State(
    *("preparing", "busy", "pay.state_preparing", "pay.looking"), moving=True, before=True
)
_READY = _State(*("ready", "notice", "pay.state_ready", "pay.ready", "pay.ready_how"), before=True)
_STARTING = _State(
    *("preparing", "busy", "pay.state_preparing", "pay.preparing"), moving=True, before=True
)
_OVER = _State(
    *("over", "warning", "pay.state_time_over", "pay.time_over", "pay.time_over_why"),
    moving=True,
)
_REFUSED = _State("failed", "error", "pay.state_refused", "", outcome=True)
_NO_QR = _State(
    *("failed", "error", "pay.state_failed", "pay.no_qr", "", "pay.order_waits"),
    retry=True,
    outcome=True,
)

_HELD = _State(
    *("ready", "warning", "cash.held_state", ""), way="pay.kakaopay", retry=True, outcome=True
)

_PHASES: dict[PaymentPhase, PaymentViewState] = {
    PaymentPhase.PREPARING: replace(_STARTING, before=False, stoppable=True),
    PaymentPhase.SCAN: _State("scan", "notice", "pay.state_scan", "pay.scan_how", stoppable=True),
    PaymentPhase.PAYING: _State(
        *("paying", "notice", "pay.state_paying", "pay.paying_how"), stoppable=True
    ),
    PaymentPhase.CHECKING: _State(
        *("checking", "busy", "pay.state_checking", "pay.checking"),
        *("pay.checking_why", "pay.goes_on"),
        moving=True,
    ),
    PaymentPhase.DONE: _State(
        *("done", "success", "pay.state_done", "pay.done", "", "pay.done_test"),
        receipt=True,
        outcome=True,
    ),
    PaymentPhase.EXPIRED: _State(
        *("expired", "warning", "pay.state_expired", "pay.expired", "pay.order_waits", "pay.late"),
        retry=True,
        outcome=True,
    ),
    PaymentPhase.STOPPED: _State(
        *("stopped", "warning", "pay.state_stopped", "pay.stopped", "pay.order_waits", "pay.late"),
        retry=True,
        outcome=True,
    ),
    PaymentPhase.FAILED: _State(
        *("failed", "error", "pay.state_failed", "pay.failed", "", "pay.order_waits"),
        retry=True,
        outcome=True,
    ),
    PaymentPhase.RETURNING: _State(
        *("returning", "busy", "pay.state_checking", "pay.returning", "", "pay.goes_on"),
        moving=True,
        outcome=True,
    ),
    PaymentPhase.RETURNED: _State(
        *("returned", "warning", "pay.state_returned", "errors.payment_cancelled"), outcome=True
    ),
    PaymentPhase.RETURN_FAILED: _State(
        *("return_failed", "error", "pay.state_return_failed", "", "", "pay.on_open_money"),
        outcome=True,
    ),
}
"""States by phase. Label, heading, message and detail are message ids here."""
