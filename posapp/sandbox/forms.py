"""The forms in which PortOne may write one and the same fact; the dial chooses (``conduct.py``).

The V1 schema documents them or leaves them open: times are 0 unless the status says so, amounts are
``number``, names have no case, and whatever is not required may be null.
"""

from __future__ import annotations

from typing import Any

from .conduct import Conduct
from .records import Status

REQUIRED = frozenset(
    {
        *("imp_uid", "merchant_uid", "amount", "cancel_amount", "currency", "status", "sandbox"),
        *("pg_tid", "reason", "cancelled_at", "cancellation_id"),
    }
)
"""Names that the V1 schema requires of a payment and of a line of its cancel_history. ``pg_tid`` is
required of the line only, and a payment that was never paid has none."""

AMOUNTS = frozenset({"amount", "cancel_amount"})


def formed(payment: dict[str, Any], conduct: Conduct) -> dict[str, Any]:
    """A payment's JSON object, as the dial wants it written; the one given is not changed."""
    status = payment["status"]
    written = dict(payment)
    written["cancel_history"] = [_line(each, conduct) for each in payment["cancel_history"]]
    if conduct.paid_time == "null":
        written["paid_at"] = None
    elif conduct.paid_time == "documented" and status != Status.PAID:
        written["paid_at"] = 0
    if conduct.cancel_fields == "documented" and status != Status.CANCELLED:
        written["cancel_reason"], written["cancelled_at"] = None, 0
    else:
        written["cancel_reason"] = reason_as(conduct, payment["cancel_reason"])
    if conduct.zero_paid and status == Status.PAID and not payment["cancel_amount"]:
        written["amount"] = 0
    written["currency"] = in_case(conduct.currency_case, payment["currency"])
    written["pg_provider"] = in_case(conduct.provider_case, payment["pg_provider"])
    return spoilt(_plain_forms(written, conduct), conduct)


def numbered(amount: int, conduct: Conduct) -> int | float:
    """A won amount as the dial wants it written."""
    return float(amount) if conduct.amounts == "float" else amount


def in_case(case: str, text: str) -> str:
    """``text`` in lower, upper or mixed letters."""
    match case:
        case "lower":
            return text.lower()
        case "upper":
            return text.upper()
        case "mixed":
            return text.capitalize()
        case _:
            return text


def reason_as(conduct: Conduct, reason: str | None) -> str | None:
    """The reason of a cancel, as whole as KakaoPay kept it."""
    if reason is None:
        return None
    match conduct.reasons:
        case "cut":
            return reason[: conduct.reason_limit]
        case "dropped":
            return ""
        case "null":
            return None
        case "mangled":
            return "".join(each if each.isalnum() or each == " " else "?" for each in reason)
        case _:
            return reason


def spoilt(payment: dict[str, Any], conduct: Conduct) -> dict[str, Any]:
    """The payment with an amount that is none, if it is the one that the dial names."""
    if conduct.garbled and conduct.garbled in (payment["imp_uid"], payment["merchant_uid"]):
        return {**payment, "amount": "?"}
    return payment


def listed(payment: dict[str, Any], conduct: Conduct) -> dict[str, Any]:
    """A written payment as a line of a list."""
    if conduct.nameless and conduct.nameless == payment["imp_uid"]:
        return {**payment, "merchant_uid": None}
    return payment


def _line(line: dict[str, Any], conduct: Conduct) -> dict[str, Any]:
    return _plain_forms({**line, "reason": reason_as(conduct, line["reason"])}, conduct)


def _plain_forms(fields: dict[str, Any], conduct: Conduct) -> dict[str, Any]:
    written = {
        name: numbered(value, conduct) if name in AMOUNTS else value
        for name, value in fields.items()
    }
    if conduct.optional_texts == "null":
        for name, value in written.items():
            if isinstance(value, str) and name not in REQUIRED:
                written[name] = None
    return written
