"""The rules of ``POST /payments/cancel``: what is refused, what a cancel does to a payment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from .answers import DialledRefusal, Refusal
from .conduct import Conduct
from .records import Cancellation, Payment, Status


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """What the caller wants. ``amount`` None or 0 means the whole balance (documented);
    ``checksum`` None skips the comparison. Both in won."""

    imp_uid: str = ""
    merchant_uid: str = ""
    amount: int | None = None
    checksum: int | None = None
    reason: str = ""


class RefusedByKakaoPay(DialledRefusal):
    """A refusal that PortOne passes on: what KakaoPay does afterwards is another matter."""


def no_payment_to_cancel() -> Refusal:
    """The payment is unknown, or nothing was ever paid."""
    return Refusal(200, 1, "취소할 결제건이 존재하지 않습니다.")


def cancelled(
    payment: Payment, order: CancelOrder, conduct: Conduct, now: int, *, console: bool = False
) -> Payment:
    """The payment after the cancel. Raises :class:`Refusal`, and then nothing has happened.
    ``console``: a person asks for it in PortOne's console.

    The checksum is compared before anything else is decided about amounts: it is the only guard
    against doing the same cancel twice. The texts for a wrong checksum and for too much are
    guesses; the others were seen.
    """
    if not payment.paid_at:
        raise no_payment_to_cancel()
    if payment.balance == 0:
        raise Refusal(200, 1, "이미 전액취소된 주문입니다.")
    if order.checksum is not None and order.checksum != payment.balance:
        raise Refusal(
            200, 1, "취소 가능 잔액(checksum)이 일치하지 않아 취소를 진행하지 않았습니다."
        )
    amount = order.amount or payment.balance
    if amount < 0:
        raise Refusal(200, 1, "취소 요청금액이 올바르지 않습니다.")
    if amount > payment.balance:
        raise Refusal(200, 1, "취소 요청금액이 취소 가능한 잔액보다 큽니다.")
    _ask_kakaopay(payment, amount, conduct, console)
    return carried_out(payment, order, conduct, now)


def carried_out(payment: Payment, order: CancelOrder, conduct: Conduct, now: int) -> Payment:
    """The payment after a cancel that nobody checks any more; :class:`Refusal` when the balance
    does not hold the amount."""
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


def _ask_kakaopay(payment: Payment, amount: int, conduct: Conduct, console: bool) -> None:
    if conduct.refuse_text is not None and not console:
        raise RefusedByKakaoPay(conduct.refuse_http, conduct.refuse_code, conduct.refuse_text)
    text = conduct.refuse_cancel
    second_partial = bool(payment.cancellations) and amount < payment.balance
    if text is None and second_partial:
        text = conduct.refuse_second_partial
    if text is not None:
        raise RefusedByKakaoPay(200, -1, f"결제취소에 실패하였습니다. {text}")
