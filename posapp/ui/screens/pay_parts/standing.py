"""What a person is told of an attempt: every phase in words, in a shape, and with its ways out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from posapp.domain.errors import ErrorCode, GatewayCause, UserError
from posapp.domain.payments import AttemptState
from posapp.domain.verification import Problem
from posapp.services.progress import Phase, Progress
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown

WITH_CODE = frozenset({Phase.SCAN, Phase.PAYING})
"""Phases in which the QR is on screen. A buyer who is inside already may have to scan again."""

ENDS_HERE = frozenset({Problem.ORDER_PAID, Problem.ORDER_GONE})
"""Problems after which there is nothing left to be paid."""

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Standing:
    """How an attempt stands, ready to be shown.

    Attributes:
        mark: name of the shape (``phase_mark.MARKS``).
        tone: success, error, warning, notice or busy.
        word: the state in a word or two (스캔 대기 · 결제 중 · 확인 중 · 완료 · 만료 · 실패).
        heading: the sentence that matters.
        message: why, or what it means.
        detail: what became of the order and of the money.
        code: small, for a call to whoever helps.
        moving: it goes on by itself.
        stoppable: the person can give it up.
        retry: another QR can be asked for.
        receipt: there is a receipt.
    """

    mark: str
    tone: str
    word: str
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
        """What a screen reader says of it."""
        return " ".join(part for part in (self.heading, self.message, self.detail) if part)


def standing_of(texts: Texts, progress: Progress, *, time_is_over: bool = False) -> Standing:
    """Put an attempt into words.

    Args:
        time_is_over: the countdown has ended and the service has not said yet what became of it.
    """
    if time_is_over and progress.phase in WITH_CODE:
        return Standing(
            "expired",
            "warning",
            texts("pay.state_time_over"),
            texts("pay.time_over"),
            texts("pay.time_over_why"),
            moving=True,
        )
    return _TOLD[progress.phase](texts, progress)


def standing_of_error(texts: Texts, error: Exception) -> Standing:
    """Put into words why there is no QR. A guard's refusal is final; anything else can be tried
    again, and the order is unharmed."""
    refused = isinstance(error, UserError) and error.code not in _PASSING
    code = texts("words.error_code", code=texts.error_code(error))
    said = shown(texts.error(error), LONGEST_REASON)
    if refused:
        return Standing("failed", "error", texts("pay.state_refused"), said, code=code)
    return Standing(
        "failed",
        "error",
        texts("pay.state_failed"),
        texts("pay.no_qr"),
        said,
        texts("pay.order_waits"),
        code,
        retry=True,
    )


def reason_words(texts: Texts, reason: str) -> str:
    """PortOne's own words of why an attempt failed, or the words for a cause of ours."""
    if reason in _CAUSES:
        return texts(f"errors.portone_{reason}")
    if reason and texts.has(f"errors.env_{reason}"):
        return texts(f"errors.env_{reason}", detail="")
    return shown(reason, LONGEST_REASON)


def _preparing(texts: Texts, _: Progress) -> Standing:
    return Standing(
        "checking",
        "busy",
        texts("pay.state_preparing"),
        texts("pay.preparing"),
        moving=True,
        stoppable=True,
    )


def _scan(texts: Texts, _: Progress) -> Standing:
    word = texts("pay.state_scan")
    return Standing("scan", "notice", word, texts("pay.scan_how"), stoppable=True)


def _paying(texts: Texts, _: Progress) -> Standing:
    word = texts("pay.state_paying")
    return Standing("paying", "notice", word, texts("pay.paying_how"), stoppable=True)


def _checking(texts: Texts, progress: Progress) -> Standing:
    return Standing(
        "checking",
        "busy",
        texts("pay.state_checking"),
        texts("pay.checking"),
        texts("pay.checking_why"),
        texts("pay.goes_on"),
        moving=True,
        stoppable=progress.attempt.state is AttemptState.UNKNOWN,
    )


def _done(texts: Texts, progress: Progress) -> Standing:
    sandbox = progress.payment is not None and progress.payment.sandbox
    return Standing(
        "done",
        "success",
        texts("pay.state_done"),
        texts("pay.done"),
        detail=texts("pay.done_test") if sandbox else "",
        receipt=True,
    )


def _expired(texts: Texts, _: Progress) -> Standing:
    return Standing(
        "expired",
        "warning",
        texts("pay.state_expired"),
        texts("pay.expired"),
        texts("pay.order_waits"),
        texts("pay.late"),
        retry=True,
    )


def _stopped(texts: Texts, _: Progress) -> Standing:
    return Standing(
        "stopped",
        "warning",
        texts("pay.state_stopped"),
        texts("pay.stopped"),
        texts("pay.order_waits"),
        texts("pay.late"),
        retry=True,
    )


def _failed(texts: Texts, progress: Progress) -> Standing:
    return Standing(
        "failed",
        "error",
        texts("pay.state_failed"),
        texts("pay.failed"),
        reason_words(texts, progress.attempt.reason),
        texts("pay.order_waits"),
        retry=True,
    )


def _returning(texts: Texts, progress: Progress) -> Standing:
    return Standing(
        "returning",
        "busy",
        texts("pay.state_checking"),
        texts("pay.returning"),
        _why(texts, progress),
        texts("pay.goes_on"),
        moving=True,
    )


def _returned(texts: Texts, progress: Progress) -> Standing:
    amount = progress.refund.amount if progress.refund is not None else progress.attempt.amount
    return Standing(
        "returned",
        "warning",
        texts("pay.state_returned"),
        texts("errors.payment_cancelled"),
        _why(texts, progress),
        texts("pay.returned_all", amount=texts.won(amount)),
        retry=progress.problem not in ENDS_HERE,
    )


def _return_failed(texts: Texts, progress: Progress) -> Standing:
    said = reason_words(texts, progress.refund.raw_text) if progress.refund is not None else ""
    why = _why(texts, progress)
    return Standing(
        "return_failed",
        "error",
        texts("pay.state_return_failed"),
        texts("errors.payment_cancel_failed", message=said or why or texts("pay.no_answer")),
        why if said else "",
        texts("pay.on_open_money"),
    )


def _why(texts: Texts, progress: Progress) -> str:
    return texts(f"errors.{progress.problem.value}") if progress.problem is not None else ""


_CAUSES = frozenset(cause.value for cause in GatewayCause)

_PASSING = frozenset(code for code in ErrorCode if code.value.startswith("attempt409"))
"""Refusals that hold only for the moment: another attempt has not come to its end yet."""

_TOLD: dict[Phase, Callable[[Texts, Progress], Standing]] = {
    Phase.PREPARING: _preparing,
    Phase.SCAN: _scan,
    Phase.PAYING: _paying,
    Phase.CHECKING: _checking,
    Phase.DONE: _done,
    Phase.EXPIRED: _expired,
    Phase.STOPPED: _stopped,
    Phase.FAILED: _failed,
    Phase.RETURNING: _returning,
    Phase.RETURNED: _returned,
    Phase.RETURN_FAILED: _return_failed,
}
