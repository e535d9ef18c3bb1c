"""State of the payment screen: the attempt as last read, its link, the time left."""

from __future__ import annotations

from PySide6.QtCore import QObject

from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase, PaymentProgress
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.payment.countdown import Countdown
from posapp.ui.payment.payment_view_model import (
    WITH_CODE,
    PaymentViewState,
    view_state_of,
    view_state_of_error,
)


class PaymentState(QObject):
    """An attempt as last read, or the error in its place.

    Attributes:
        link: the link whose QR is on screen, or empty.
        countdown: runs while there is a QR.
    """

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.link = ""
        self.countdown = Countdown(clock, self)
        self._progress: PaymentProgress | None = None
        self._error: Exception | None = None

    @property
    def progress(self) -> PaymentProgress | None:
        """Return the attempt, if there is one."""
        return self._progress

    @property
    def is_scannable(self) -> bool:
        """Return whether a QR may be shown: the attempt is payable and its time is not over."""
        phase = self._progress.phase if self._progress is not None else None
        return phase in WITH_CODE and not self.countdown.is_over

    @property
    def is_live(self) -> bool:
        """Return whether a buyer may be scanning or paying, or a QR is being prepared."""
        preparing = self._progress is not None and self._progress.phase is PaymentPhase.PREPARING
        return preparing or self.is_scannable

    def is_of(self, attempt_id: object) -> bool:
        """Return whether this attempt is on screen."""
        return self._progress is not None and self._progress.attempt.id == attempt_id

    def may_own_refund(self, refund_id: object) -> bool:
        """Return whether the refund may be of this attempt's payment."""
        if self._progress is None or self._progress.payment is None:
            return False
        known = self._progress.refund
        return known is None or known.id == refund_id

    def update(self, progress: PaymentProgress) -> bool:
        """Set a newly read attempt; return ``True`` if its phase has become ``DONE``."""
        before = self._progress.phase if self._progress is not None else None
        self._progress, self._error = progress, None
        expires_at = progress.attempt.expires_at
        if progress.phase in WITH_CODE and expires_at is not None:
            self.countdown.start(expires_at)
        elif progress.phase in FINAL_PHASES:
            self.countdown.stop()
        return progress.phase is PaymentPhase.DONE and before is not PaymentPhase.DONE

    def set_error(self, error: Exception) -> None:
        """Set the error that replaces the attempt."""
        self._progress, self._error = None, error
        self.countdown.stop()

    def clear(self) -> None:
        """Drop attempt, error and link."""
        self._progress = self._error = None
        self.link = ""
        self.countdown.stop()

    def view_state(self, texts: Translator) -> PaymentViewState | None:
        """Return the state for display; ``None`` while nothing is known."""
        if self._error is not None:
            return view_state_of_error(texts, self._error)
        if self._progress is None:
            return None
        return view_state_of(texts, self._progress, time_is_over=self.countdown.is_over)
