"""Texts of the sync page: status, rows and their next attempts, events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState, PendingRefund
from posapp.services.runtime.status_store import SyncEventKind, SyncStatus
from posapp.services.sync.close_safety import CloseSafety, SafetyReason
from posapp.services.sync.sync_status import SyncEventWithRefund, SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.why_text import why_text

_TONES = {
    SyncEventKind.WENT_OFFLINE: "warning",
    SyncEventKind.BACK_ONLINE: "success",
    SyncEventKind.REFUNDED: "success",
    SyncEventKind.POSTPONED: "busy",
    SyncEventKind.REFUSED: "error",
    SyncEventKind.NEEDS_REVIEW: "warning",
    SyncEventKind.RECONCILED: "success",
    SyncEventKind.RECONCILE_FAILED: "warning",
    SyncEventKind.BACKED_UP: "success",
    SyncEventKind.BACKUP_FAILED: "error",
    SyncEventKind.STORAGE_TROUBLE: "error",
}

_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class PendingRowText:
    """Texts of a row: four columns of two lines each."""

    tone: str
    item: str
    subject: str
    state: str
    why: str
    amount: str
    since: str
    next: str
    tries: str


_LAMP_TONES = {CloseSafety.GREEN: "success", CloseSafety.AMBER: "busy", CloseSafety.RED: "error"}

_OF_NETWORK = frozenset(
    {
        *(SafetyReason.PORTAL, SafetyReason.OFFLINE),
        *(SafetyReason.IDLE_PORTAL, SafetyReason.IDLE_OFFLINE),
    }
)
"""Reasons that name the network."""


def lamp_tone(report: SyncSnapshot) -> str:
    """Return the tone of the lamp: work that goes on and a missing network differ in shape."""
    tone = _LAMP_TONES[report.close_safety]
    return "warning" if report.reason in _OF_NETWORK else tone


def safety_text(texts: Translator, report: SyncSnapshot) -> str:
    """Return the status in a few words, for the indicator and the head of the page."""
    counts = {
        SafetyReason.PERSON: report.totals.for_person,
        SafetyReason.MISMATCH: report.mismatches,
        SafetyReason.LIVE: report.live,
    }
    count = counts.get(report.reason, report.totals.count)
    return texts(f"sync.light_{report.reason.value}", count=count)


def safe_text(texts: Translator, report: SyncSnapshot) -> str:
    """Return whether it is safe to close, and what helps."""
    text = texts(f"sync.safe_{report.reason.value}", count=report.live)
    if report.status.online is False and report.reason not in _OF_NETWORK:
        text = f"{texts('sync.safe_no_network')} {text}"
    if report.live and report.reason is not SafetyReason.LIVE:
        text = f"{texts('sync.safe_live', count=report.live)} {text}"
    trouble = {
        SafetyReason.STORAGE: report.status.storage_trouble,
        SafetyReason.BACKUP: report.status.backup_trouble,
        SafetyReason.CANNOT_COMPARE: report.status.reconcile_trouble,
    }.get(report.reason, "")
    return f"{why_text(texts, trouble)}. {text}" if trouble else text


def refund_subject(texts: Translator, row: PendingRefund) -> str:
    """Return order and buyer of a refund."""
    if not row.buyer_name:
        return texts("sync.subject_alone", order=row.order_id)
    return texts("sync.subject", order=row.order_id, buyer=display_text(row.buyer_name, 40, run=16))


def item_of(texts: Translator, row: PendingRefund) -> str:
    """Return the item of a refund."""
    return display_text(row.item_name, 60, run=16) if row.item_name else texts("sync.whole")


def pending_row_text(
    texts: Translator, row: PendingRefund, status: SyncStatus, now: datetime
) -> PendingRowText:
    """Return all texts of a row."""
    tone, state = _state_of(row, status)
    return PendingRowText(
        tone=tone,
        item=item_of(texts, row),
        subject=refund_subject(texts, row),
        state=texts(f"sync.state_{state}"),
        why=_row_why(texts, row, status),
        amount=texts.won(row.amount),
        since=texts("sync.since", when=texts.when(row.since)),
        next=next_text(texts, row, status, now),
        tries=texts("sync.tries", count=row.attempts) if row.attempts else texts("sync.tries_none"),
    )


def sentence_of(texts: Translator, row: PendingRowText) -> str:
    """Return a row in one sentence, for screen readers."""
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


def next_text(texts: Translator, row: PendingRefund, status: SyncStatus, now: datetime) -> str:
    """Return the time of the next attempt as a countdown, or what it waits for."""
    if row.needs_person:
        return texts("sync.next_person")
    if row.state is OutboxState.CLAIMED:
        return texts("sync.next_claimed")
    if row.waits_behind is not None:
        return texts("sync.next_behind")
    if status.online is False:
        portal = status.cause is GatewayCause.PORTAL
        return texts("sync.next_portal" if portal else "sync.next_offline")
    if not status.may_send:
        return texts("sync.next_comparing")
    return time_text(texts, (row.due_at - now) // _MILLISECOND)


def time_text(texts: Translator, milliseconds: int) -> str:
    """Return a duration from now, rounded up, so that the attempt is not later than announced."""
    seconds = -(-max(0, milliseconds) // 1000)
    if seconds == 0:
        return texts("sync.next_now")
    if seconds < 60:
        return texts("sync.next_seconds", count=seconds)
    if seconds < 3600:
        return texts("sync.next_minutes", count=-(-seconds // 60))
    return texts("sync.next_hours", count=-(-seconds // 3600))


def event_text(texts: Translator, event: SyncEventWithRefund) -> tuple[str, str, str]:
    """Return tone, text and details (may be empty) of an event."""
    what, refund = event.what, event.refund
    text = texts(f"sync.did_{what.what.value}", count=what.count)
    more = []
    if refund is not None:
        amount = texts.won(refund.amount)
        more.append(texts("sync.recent_refund", order=refund.order_id, amount=amount))
    if what.what is SyncEventKind.RECONCILED and what.count:
        more.append(texts("sync.did_found", count=what.count))
    if what.detail:
        more.append(why_text(texts, what.detail))
    return _TONES[what.what], text, " · ".join(more)


def _state_of(row: PendingRefund, status: SyncStatus) -> tuple[str, str]:
    if row.needs_person:
        return "error", "person"
    if row.state is OutboxState.CLAIMED:
        return "busy", "claimed"
    if row.refund_state in (RefundState.UNKNOWN, RefundState.SENDING):
        return "notice", "unknown"
    if row.waits_behind is not None:
        return "busy", "behind"
    if status.online is False:
        return "warning", "offline"
    return "busy", "waiting"


def _row_why(texts: Translator, row: PendingRefund, status: SyncStatus) -> str:
    if row.state is OutboxState.CLAIMED:
        return texts("sync.why_claimed")
    if row.waits_behind is not None and not row.needs_person:
        return texts("sync.why_behind")
    if status.online is False and not row.needs_person:
        return why_text(texts, (status.cause or GatewayCause.OFFLINE).value)
    if row.why:
        return why_text(texts, row.why)
    return texts("sync.why_new" if not row.attempts else "sync.why_again")
