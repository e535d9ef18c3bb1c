"""Text of why a refund waits, or why a job failed."""

from __future__ import annotations

from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

_WHY = {
    "needs a person": "needs_person",
    "changed meanwhile": "changed",
    "made already": "made",
    "PortOne does not know this payment": "not_found",
    "the payment's history can be read in two ways": "two_ways",
    "PortOne shows another payment than the one that was captured": "another",
    "a cancel at PortOne may be this money already": "maybe",
    "a difference of this payment is not explained": "in_doubt",
    "an earlier send may still be carried out": "may_land",
    "the reading is older than a refund that was made": "older",
    "a cancel at the provider is not carried out yet": "requested",
    "the provider accepted this refund and does not show it": "unshown",
    "the provider says that this refund was made, without the payment": "said_done",
    "the provider takes no refund from this program": "no_strategy",
}
"""Message keys of the outbox evidence that is a sentence of ours."""

_WHY_LIMIT = 120


def known_why(texts: Translator, why: str) -> str:
    """Return why something failed, in our words; empty if only PortOne's message says it."""
    key = _WHY.get(why, why)
    if key.isascii() and key.replace("_", "").isalnum() and texts.has(f"sync.why_{key}"):
        return texts(f"sync.why_{key}")
    return ""


def why_text(texts: Translator, why: str) -> str:
    """Return why something failed: the text of a cause, our own sentence, or PortOne's message."""
    return known_why(texts, why) or display_text(why, _WHY_LIMIT, run=24)
