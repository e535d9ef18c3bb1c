"""What a kiosk makes of an attempt: whether its QR is shown again after a start, and whether it is
known what became of the money."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.kiosk_times import CHECKING_MS
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase, PaymentProgress
from posapp.ui.payment.payment_controller import PaymentController

_CHECKING = timedelta(milliseconds=CHECKING_MS)


def qr_to_resume(live: Iterable[PaymentProgress], now: datetime) -> PaymentProgress | None:
    """Return the newest attempt before which somebody may still stand, or ``None``.

    Args:
        live: attempts with a QR, oldest first.
        now: the time (UTC).
    """
    shown = [one for one in live if _is_current(one, now)]
    return shown[-1] if shown else None


def buyer_of(progress: PaymentProgress) -> Actor:
    """Return the buyer whose order it is."""
    order = progress.order
    return Actor.buyer(order.buyer_id) if order is not None else NOBODY


def has_result(payment: PaymentController) -> bool:
    """Return whether it is known what became of the money; a kiosk sends none back itself."""
    is_returning = payment.progress is not None and payment.progress.phase is PaymentPhase.RETURNING
    return payment.is_over or is_returning


def _is_current(progress: PaymentProgress, now: datetime) -> bool:
    end = progress.attempt.expires_at
    if end is None or progress.phase in FINAL_PHASES:
        return False
    return now < end or (progress.phase is PaymentPhase.CHECKING and now < end + _CHECKING)
