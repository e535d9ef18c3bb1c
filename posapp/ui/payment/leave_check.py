"""Whether the payment screen must stay because its order is being paid, or may be."""

from __future__ import annotations

from posapp.services.payments.payment_progress import FINAL_PHASES
from posapp.ui.payment.payment_controller import PaymentController, PendingAction
from posapp.ui.payment.payment_state import PaymentState


class LeaveCheck:
    """Checked before another order is opened."""

    def __init__(self, state: PaymentState, controller: PaymentController) -> None:
        self._state, self._controller = state, controller

    @property
    def why_stay(self) -> str:
        """Return a message id from the press of 결제 until the final result, else empty."""
        progress = self._state.progress
        is_paying = progress is not None and progress.phase not in FINAL_PHASES
        return "scan.while_live" if is_paying or self._is_at_work else ""

    @property
    def live_order_id(self) -> int:
        """Return the order whose QR may still be paid, or is being created or stopped; else 0."""
        progress = self._state.progress
        if progress is not None and self._state.is_live:
            return progress.attempt.order_id
        return self._controller.order_id if self._is_at_work else 0

    @property
    def _is_at_work(self) -> bool:
        return self._controller.action in (PendingAction.START, PendingAction.STOP)
