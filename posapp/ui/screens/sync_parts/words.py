"""How things stand, in words: the light, a row and its next try, what happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState, Unsent
from posapp.services.sync_board import Standing, What
from posapp.services.sync_desk import Happened, SyncReport
from posapp.services.sync_light import Reason
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown

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
}
"""What the outbox keeps as evidence, where that is a sentence of ours."""

_TONES = {
    What.WENT_OFFLINE: "warning",
    What.CAME_ONLINE: "success",
    What.REFUNDED: "success",
    What.POSTPONED: "busy",
    What.REFUSED: "error",
    What.NEEDS_PERSON: "warning",
    What.RECONCILED: "success",
    What.RECONCILE_FAILED: "warning",
    What.BACKED_UP: "success",
    What.BACKUP_FAILED: "error",
    What.STORAGE_TROUBLE: "error",
}

_MILLISECOND = timedelta(milliseconds=1)
_WHY_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says: in four columns, two lines each."""

    tone: str
    item: str
    subject: str
    state: str
    why: str
    amount: str
    since: str
    next: str
    tries: str


def light_words(texts: Texts, report: SyncReport) -> str:
    """The light in a few words, for the lamp and the head of the page."""
    counts = {
        Reason.PERSON: report.totals.for_person,
        Reason.MISMATCH: report.mismatches,
        Reason.LIVE: report.live,
    }
    count = counts.get(report.reason, report.totals.count)
    return texts(f"sync.light_{report.reason.value}", count=count)


def safe_words(texts: Texts, report: SyncReport) -> str:
    """Whether it is safe to leave, and what helps."""
    words = texts(f"sync.safe_{report.reason.value}", count=report.live)
    if report.live and report.reason is not Reason.LIVE:
        words = f"{texts('sync.safe_live', count=report.live)} {words}"
    trouble = {
        Reason.STORAGE: report.standing.storage_trouble,
        Reason.BACKUP: report.standing.backup_trouble,
        Reason.CANNOT_COMPARE: report.standing.reconcile_trouble,
    }.get(report.reason, "")
    return f"{why_words(texts, trouble)}. {words}" if trouble else words


def why_words(texts: Texts, why: str) -> str:
    """Why something did not end: a cause's value, a sentence of ours, or PortOne's own words."""
    key = _WHY.get(why, why)
    if key.isascii() and key.replace("_", "").isalnum() and texts.has(f"sync.why_{key}"):
        return texts(f"sync.why_{key}")
    return shown(why, _WHY_LIMIT, run=24)


def subject_of(texts: Texts, row: Unsent) -> str:
    """Whose refund it is."""
    if not row.buyer_name:
        return texts("sync.subject_alone", order=row.order_id)
    return texts("sync.subject", order=row.order_id, buyer=shown(row.buyer_name, 40, run=16))


def item_of(texts: Texts, row: Unsent) -> str:
    """What the money is for."""
    return shown(row.item_name, 60, run=16) if row.item_name else texts("sync.whole")


def row_of(texts: Texts, row: Unsent, standing: Standing, now: datetime) -> Row:
    """Everything that a row says."""
    tone, state = _state_of(row, standing)
    return Row(
        tone=tone,
        item=item_of(texts, row),
        subject=subject_of(texts, row),
        state=texts(f"sync.state_{state}"),
        why=_row_why(texts, row, standing),
        amount=texts.won(row.amount),
        since=texts("sync.since", when=texts.when(row.since)),
        next=next_words(texts, row, standing, now),
        tries=texts("sync.tries", count=row.attempts) if row.attempts else texts("sync.tries_none"),
    )


def sentence_of(texts: Texts, row: Row) -> str:
    """A row in one sentence, for readers."""
    return texts(
        "sync.row_name",
        item=row.item,
        subject=row.subject,
        amount=row.amount,
        state=row.state,
        why=row.why,
        since=row.since,
        next=row.next,
    )


def next_words(texts: Texts, row: Unsent, standing: Standing, now: datetime) -> str:
    """When it is tried next, counting down in words."""
    if row.needs_person:
        return texts("sync.next_person")
    if row.state is OutboxState.CLAIMED:
        return texts("sync.next_claimed")
    if row.waits_behind is not None:
        return texts("sync.next_behind")
    if standing.online is False:
        portal = standing.cause is GatewayCause.PORTAL
        return texts("sync.next_portal" if portal else "sync.next_offline")
    if not standing.may_send:
        return texts("sync.next_comparing")
    return in_words(texts, (row.due_at - now) // _MILLISECOND)


def in_words(texts: Texts, milliseconds: int) -> str:
    """A stretch of time from now on, rounded up: a promise that is kept."""
    seconds = -(-max(0, milliseconds) // 1000)
    if seconds == 0:
        return texts("sync.next_now")
    if seconds < 60:
        return texts("sync.next_seconds", count=seconds)
    if seconds < 3600:
        return texts("sync.next_minutes", count=-(-seconds // 60))
    return texts("sync.next_hours", count=-(-seconds // 3600))


def happened_words(texts: Texts, happened: Happened) -> tuple[str, str, str]:
    """What happened: its tone, its words, and more about it (may be empty)."""
    what, refund = happened.what, happened.refund
    words = texts(f"sync.did_{what.what.value}", count=what.count)
    more = []
    if refund is not None:
        amount = texts.won(refund.amount)
        more.append(texts("sync.recent_refund", order=refund.order_id, amount=amount))
    if what.what is What.RECONCILED and what.count:
        more.append(texts("sync.did_found", count=what.count))
    if what.detail:
        more.append(why_words(texts, what.detail))
    return _TONES[what.what], words, " · ".join(more)


def _state_of(row: Unsent, standing: Standing) -> tuple[str, str]:
    if row.needs_person:
        return "error", "person"
    if row.state is OutboxState.CLAIMED:
        return "busy", "claimed"
    if row.refund_state in (RefundState.UNKNOWN, RefundState.SENDING):
        return "notice", "unknown"
    if row.waits_behind is not None:
        return "busy", "behind"
    if standing.online is False:
        return "warning", "offline"
    return "busy", "waiting"


def _row_why(texts: Texts, row: Unsent, standing: Standing) -> str:
    if row.state is OutboxState.CLAIMED:
        return texts("sync.why_claimed")
    if row.waits_behind is not None and not row.needs_person:
        return texts("sync.why_behind")
    if standing.online is False and not row.needs_person:
        return why_words(texts, (standing.cause or GatewayCause.OFFLINE).value)
    if row.why:
        return why_words(texts, row.why)
    return texts("sync.why_new" if not row.attempts else "sync.why_again")
