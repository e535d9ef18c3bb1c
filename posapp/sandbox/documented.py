"""HTTP statuses that the V1 schema documents for each call of ``rest.py`` and
``receipt_routes.py``, and what all these calls have in common."""

from __future__ import annotations

from collections.abc import Mapping

from .envelopes import ApiRefusal, DialledRefusal

STATUSES: Mapping[str, tuple[int, ...]] = {
    "get_token": (401,),
    "channels": (200,),
    "several": (200, 404),
    "by_imp_uid": (200, 404),
    "balance": (200, 404),
    "find": (200, 404),
    "find_all": (200, 400, 404),
    "by_status": (200, 400),
    "prepare": (200,),
    "change_prepared": (200, 404),
    "prepared": (200,),
    "cancel": (200,),
    "receipt": (404,),
    "issue_receipt": (400, 500, 501),
    "cancel_receipt": (400, 404, 500, 501),
}
"""Statuses of a refusal by call, besides 401 for a bad token. The first one replaces a status that
is not documented. The schema knows no refusal of getToken but 401."""


def as_documented(call: str, refusal: ApiRefusal) -> ApiRefusal:
    """Return the refusal with a status that this call documents; a refusal by the dial is kept."""
    if isinstance(refusal, DialledRefusal) or refusal.status == 401:
        return refusal
    statuses = STATUSES[call]
    if refusal.status in statuses:
        return refusal
    return ApiRefusal(statuses[0], refusal.code, refusal.message)
