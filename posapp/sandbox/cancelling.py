"""Rules of ``POST /payments/cancel``: refusals, and the effect of a cancel on a payment."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace

from .behaviour import Behaviour
from .envelopes import ApiRefusal, DialledRefusal
from .records import Cancellation, Payment, Status


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Parameters of a cancel. ``amount`` None or 0 means the whole balance, and ``tax_free`` None
    none of it (documented); ``checksum`` None skips the comparison. All in won."""

    imp_uid: str = ""
    merchant_uid: str = ""
    amount: int | None = None
    checksum: int | None = None
    reason: str = ""
    tax_free: int | None = None


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
    if not 0 <= (order.tax_free or 0) <= amount:
        raise ApiRefusal(200, 1, "취소 요청금액 중 면세금액이 올바르지 않습니다.")
    _ask_kakaopay(payment, amount, conduct, console)
    if not console and order.amount and conduct.channel_tax == "mixed":
        _check_kinds(payment, amount, order.tax_free or 0)
    return carried_out(payment, order, conduct, now)


def carried_out(payment: Payment, order: CancelOrder, conduct: Behaviour, now: int) -> Payment:
    """Return the payment after a cancel that is not checked again; :class:`ApiRefusal` when the
    amount exceeds the balance."""
    amount = order.amount or payment.balance
    if not 0 < amount <= payment.balance:
        raise no_payment_to_cancel()
    # A cancel of the whole balance returns all of both kinds, and one by the console, which names
    # no kind here, taxable goods first.
    taxable = payment.balance - payment.tax_free_balance
    free = max(order.tax_free or 0, amount - taxable)
    entry = Cancellation(
        amount=amount,
        cancelled_at=now,
        reason=order.reason,
        cancellation_id=secrets.token_hex(10).upper(),
        pg_tid=payment.pg_tid,
        tax_free=taxed_as(conduct, amount, min(free, payment.tax_free_balance)),
    )
    whole = amount == payment.balance
    return replace(
        payment,
        status=Status.CANCELLED if whole else Status(conduct.partial_status),
        cancellations=(*payment.cancellations, entry),
        updated_at=now,
    )


def taxed_as(conduct: Behaviour, amount: int, tax_free: int) -> int:
    """Return what KakaoPay takes as free of tax: only a channel of both kinds (복합과세) listens to
    what the shop says (documented)."""
    match conduct.channel_tax:
        case "taxable":
            return 0
        case "exempt":
            return amount
        case _:
            return tax_free


def _check_kinds(payment: Payment, amount: int, tax_free: int) -> None:
    """Refuse more of a kind than is left of it. The text is a guess."""
    free = payment.tax_free_balance
    if tax_free > free or amount - tax_free > payment.balance - free:
        raise ApiRefusal(200, -1, "결제취소에 실패하였습니다. 취소 가능한 비과세 금액이 다릅니다.")


def _ask_kakaopay(payment: Payment, amount: int, conduct: Behaviour, console: bool) -> None:
    if conduct.refuse_text is not None and not console:
        raise RefusedByKakaoPay(conduct.refuse_http, conduct.refuse_code, conduct.refuse_text)
    text = conduct.refuse_cancel
    second_partial = bool(payment.cancellations) and amount < payment.balance
    if text is None and second_partial:
        text = conduct.refuse_second_partial
    if text is not None:
        raise RefusedByKakaoPay(200, -1, f"결제취소에 실패하였습니다. {text}")
