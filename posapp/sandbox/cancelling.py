"""Rules of ``POST /payments/cancel``: refusals, and the effect of a cancel on a payment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from .behaviour import Behaviour
from .envelopes import ApiRefusal, DialledRefusal
from .records import Cancellation, Payment, Status


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Parameters of a cancel. ``amount`` None or 0 means the whole balance (documented);
    ``checksum`` None skips the comparison. Both in won."""

    imp_uid: str = ""
    merchant_uid: str = ""
    amount: int | None = None
    checksum: int | None = None
    reason: str = ""


class RefusedByKakaoPay(DialledRefusal):
    """A refusal by KakaoPay that PortOne passes on; KakaoPay may carry the cancel out later."""


def no_payment_to_cancel() -> ApiRefusal:
    """Refuse a cancel of an unknown payment, or of one that was never paid."""
    return ApiRefusal(200, 1, "취소할 결제건이 존재하지 않습니다.")


def cancelled(
    payment: Payment, order: CancelOrder, conduct: Behaviour, now: int, *, console: bool = False
) -> Payment:
    """Check the cancel and return the payment after it. Raises :class:`ApiRefusal` and then changes
    nothing. ``console``: the cancel comes from PortOne's console.

    The checksum is compared before any other rule about amounts: it is the only guard against the
    same cancel twice. The texts for a wrong checksum and for too large an amount are guesses; the
    others were observed.
    """
    if not payment.paid_at:
        raise no_payment_to_cancel()
    if payment.balance == 0:
        raise ApiRefusal(200, 1, "이미 전액취소된 주문입니다.")
    if order.checksum is not None and order.checksum != payment.balance:
        raise ApiRefusal(
            200, 1, "취소 가능 잔액(checksum)이 일치하지 않아 취소를 진행하지 않았습니다."
        )
    amount = order.amount or payment.balance
    if amount < 0:
        raise ApiRefusal(200, 1, "취소 요청금액이 올바르지 않습니다.")
    if amount > payment.balance:
        raise ApiRefusal(200, 1, "취소 요청금액이 취소 가능한 잔액보다 큽니다.")
    _ask_kakaopay(payment, amount, conduct, console)
    return carried_out(payment, order, conduct, now)


def carried_out(payment: Payment, order: CancelOrder, conduct: Behaviour, now: int) -> Payment:
    """Return the payment after a cancel that is not checked again; :class:`ApiRefusal` when the
    amount exceeds the balance."""
    amount = order.amount or payment.balance
    if not 0 < amount <= payment.balance:
        raise no_payment_to_cancel()
    entry = Cancellation(
        amount=amount,
        cancelled_at=now,
        reason=order.reason,
        cancellation_id=secrets.token_hex(10).upper(),
        pg_tid=payment.pg_tid,
    )
    whole = amount == payment.balance
    return replace(
        payment,
        status=Status.CANCELLED if whole else Status(conduct.partial_status),
        cancellations=(*payment.cancellations, entry),
        updated_at=now,
    )


def _ask_kakaopay(payment: Payment, amount: int, conduct: Behaviour, console: bool) -> None:
    if conduct.refuse_text is not None and not console:
        raise RefusedByKakaoPay(conduct.refuse_http, conduct.refuse_code, conduct.refuse_text)
    text = conduct.refuse_cancel
    second_partial = bool(payment.cancellations) and amount < payment.balance
    if text is None and second_partial:
        text = conduct.refuse_second_partial
    if text is not None:
        raise RefusedByKakaoPay(200, -1, f"결제취소에 실패하였습니다. {text}")
