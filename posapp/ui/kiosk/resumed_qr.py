"""Which QR a kiosk shows again after it was started anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.kiosk_times import CHECKING_MS
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase, PaymentProgress

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


def _is_current(progress: PaymentProgress, now: datetime) -> bool:
    end = progress.attempt.expires_at
    if end is None or progress.phase in FINAL_PHASES:
        return False
    return now < end or (progress.phase is PaymentPhase.CHECKING and now < end + _CHECKING)
