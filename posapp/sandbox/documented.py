"""The HTTP statuses that the V1 schema documents for each call of ``rest.py``."""

from __future__ import annotations

from collections.abc import Mapping

from .answers import DialledRefusal, Refusal

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
}
"""For each call those with which it may refuse, besides 401 for a bad token: the first one, where
one that would say it better is not documented. Of getToken the schema knows no refusal but 401."""


def as_documented(call: str, refusal: Refusal) -> Refusal:
    """The refusal with a status that this call documents; one that the dial asked for as it is."""
    if isinstance(refusal, DialledRefusal) or refusal.status == 401:
        return refusal
    statuses = STATUSES[call]
    if refusal.status in statuses:
        return refusal
    return Refusal(statuses[0], refusal.code, refusal.message)
