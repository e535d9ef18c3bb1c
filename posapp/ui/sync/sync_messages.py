"""Texts of the sync page: status, rows and their next attempts, events."""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause
from posapp.domain.refunds import RefundState
from posapp.services.ports.outbox import OutboxState, PendingRefund
from posapp.services.runtime.status_store import SyncEventKind, SyncStatus
from posapp.services.sync.close_safety import CloseSafety, SafetyReason
from posapp.services.sync.sync_status import SyncEventWithRefund, SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import known_why, why_text
from posapp.ui.widgets.entry_list import EntryText
from posapp.ui.widgets.list_detail import EntryDetails

_MILLISECOND = timedelta(milliseconds=1)


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


def row_of(texts: Translator, row: PendingRefund, status: SyncStatus, now: datetime) -> EntryText:
    """Return what the row of a refund says."""
    tone, state = state_of(texts, row, status)
    subject = f"{texts('sync.subject_alone', order=row.order_id)} · {item_of(texts, row)}"
    return EntryText(
        tone, state, texts.won(row.amount), subject, next_text(texts, row, status, now)
    )


def details_of(
    texts: Translator, row: PendingRefund, status: SyncStatus, now: datetime
) -> EntryDetails:
    """Return all that is known of a refund: in words, and as evidence for those who ask for it."""
    tone, state = state_of(texts, row, status)
    said = "" if known_why(texts, row.why) else display_text(row.why)
    tries = texts("sync.tries", count=row.attempts) if row.attempts else texts("sync.tries_none")
    tag = (texts("sync.tag"), display_text(row.tag))
    return EntryDetails(
        tone=tone,
        label=state,
        amount=row.amount,
        subject=f"{refund_subject(texts, row)} · {item_of(texts, row)}",
        advice=reason_of(texts, row, status),
        facts=(
            (texts("sync.col_next"), next_text(texts, row, status, now)),
            (texts("sync.col_tries"), tries),
            (texts("sync.col_since"), texts.when(row.since)),
            # What staff writes into PortOne's console.
            *((tag,) if row.needs_person else ()),
        ),
        evidence=(
            *(() if row.needs_person else (tag,)),
            (texts("sync.said"), said),
        ),
    )


def state_of(texts: Translator, row: PendingRefund, status: SyncStatus) -> tuple[str, str]:
    """Return tone and label of a refund."""
    tone, name = "busy", "waiting"
    if row.needs_person:
        tone, name = "error", "person"
    elif row.state is OutboxState.CLAIMED:
        name = "claimed"
    elif row.refund_state in (RefundState.UNKNOWN, RefundState.SENDING):
        tone, name = "notice", "unknown"
    elif row.waits_behind is not None:
        name = "behind"
    elif status.online is False:
        tone, name = "warning", "offline"
    return tone, texts(f"sync.state_{name}")


def reason_of(texts: Translator, row: PendingRefund, status: SyncStatus) -> str:
    """Return why a refund is not sent yet, in words; PortOne's own message is in its evidence."""
    if row.state is OutboxState.CLAIMED:
        return texts("sync.why_claimed")
    if row.waits_behind is not None and not row.needs_person:
        return texts("sync.why_behind")
    if status.online is False and not row.needs_person:
        return known_why(texts, (status.cause or GatewayCause.OFFLINE).value)
    if row.why:
        return known_why(texts, row.why) or texts("sync.why_said")
    return texts("sync.why_again" if row.attempts else "sync.why_new")


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


def event_text(texts: Translator, event: SyncEventWithRefund) -> str:
    """Return an event in words, with its refund and its reason."""
    what, refund = event.what, event.refund
    parts = [texts(f"sync.did_{what.what.value}", count=what.count)]
    if refund is not None:
        amount = texts.won(refund.amount)
        parts.append(texts("sync.recent_refund", order=refund.order_id, amount=amount))
    if what.what is SyncEventKind.RECONCILED and what.count:
        parts.append(texts("sync.did_found", count=what.count))
    parts.append(known_why(texts, what.detail))
    return " · ".join(part for part in parts if part)
