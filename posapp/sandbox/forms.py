"""Forms in which PortOne may write the same fact; the dial selects one (``behaviour.py``).

The V1 schema documents them or leaves them open: a time is 0 unless the status implies it, amounts
are ``number``, names have no fixed case, and fields that are not required may be null.
"""

from __future__ import annotations

from typing import Any

from .behaviour import Behaviour
from .records import Status

REQUIRED = frozenset(
    {
        *("imp_uid", "merchant_uid", "amount", "cancel_amount", "currency", "status", "sandbox"),
        *("pg_tid", "reason", "cancelled_at", "cancellation_id"),
    }
)
"""Names that the V1 schema requires of a payment and of a line of its cancel_history. It requires
``pg_tid`` of the line only; a payment that was never paid has none."""

AMOUNTS = frozenset({"amount", "cancel_amount"})


def formed(payment: dict[str, Any], conduct: Behaviour) -> dict[str, Any]:
    """Return a copy of a payment's JSON object in the form set on the dial."""
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


def numbered(amount: int, conduct: Behaviour) -> int | float:
    """Return a won amount in the form set on the dial."""
    return float(amount) if conduct.amounts == "float" else amount


def in_case(case: str, text: str) -> str:
    """Return ``text`` in lower, upper or mixed case."""
    match case:
        case "lower":
            return text.lower()
        case "upper":
            return text.upper()
        case "mixed":
            return text.capitalize()
        case _:
            return text


def reason_as(conduct: Behaviour, reason: str | None) -> str | None:
    """Return the reason of a cancel in the form set on the dial."""
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


def spoilt(payment: dict[str, Any], conduct: Behaviour) -> dict[str, Any]:
    """Return the payment, with an invalid amount if the dial names it."""
    if conduct.garbled and conduct.garbled in (payment["imp_uid"], payment["merchant_uid"]):
        return {**payment, "amount": "?"}
    return payment


def listed(payment: dict[str, Any], conduct: Behaviour) -> dict[str, Any]:
    """Return a written payment as a line of a list."""
    if conduct.nameless and conduct.nameless == payment["imp_uid"]:
        return {**payment, "merchant_uid": None}
    return payment


def _line(line: dict[str, Any], conduct: Behaviour) -> dict[str, Any]:
    return _plain_forms({**line, "reason": reason_as(conduct, line["reason"])}, conduct)


def _plain_forms(fields: dict[str, Any], conduct: Behaviour) -> dict[str, Any]:
    written = {
        name: numbered(value, conduct) if name in AMOUNTS else value
        for name, value in fields.items()
    }
    if conduct.optional_texts == "null":
        for name, value in written.items():
            if isinstance(value, str) and name not in REQUIRED:
                written[name] = None
    return written
