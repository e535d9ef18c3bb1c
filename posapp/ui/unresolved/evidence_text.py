"""Evidence of unresolved money: request, times, actors, and PortOne's message."""

from __future__ import annotations

from posapp.domain.refunds import Refund, RefundState
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import StatusText
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry

_EVIDENCE = 500


def status_of(texts: Translator, entry: UnresolvedEntry, online: bool) -> StatusText:
    """Return the status of an entry."""
    if entry.refund is not None:
        return status_text.of_refund(texts, entry.refund.refund, online=online)
    kind = entry.mismatch.kind.value if entry.mismatch is not None else ""
    return StatusText("warning", texts(f"open_money.kind_{kind}"))


def entry_subject(texts: Translator, entry: UnresolvedEntry) -> str:
    """Return the subject of an entry in a few words."""
    if entry.refund is not None:
        item = entry.refund.item
        name = display_text(item.name, 60, run=16) if item else texts("open_money.whole_payment")
        return texts("open_money.subject", order=entry.refund.refund.order_id, name=name)
    mismatch = entry.mismatch
    number = mismatch.imp_uid or mismatch.merchant_uid if mismatch is not None else ""
    return texts("open_money.subject_payment", number=display_text(number, 60))


def describe(texts: Translator, entry: UnresolvedEntry, online: bool) -> str:
    """Return an entry in one line, for screen readers."""
    label = status_of(texts, entry, online).label
    since = texts.when(entry.since) if entry.since is not None else ""
    amount = texts.won(entry.amount)
    return f"{label}, {amount}, {entry_subject(texts, entry)}, {since}"


def advice(texts: Translator, entry: UnresolvedEntry, online: bool) -> str:
    """Return advice on an entry."""
    if entry.refund is None:
        return texts("open_money.advice_mismatch")
    state = entry.refund.refund.state
    if state is RefundState.NEEDS_REVIEW:
        return texts("open_money.advice_person")
    if state is RefundState.APPROVED and not online:
        return texts("cancel.offline_why")
    if state is RefundState.APPROVED:
        return texts("open_money.advice_waiting")
    return texts("open_money.advice_checking")


def evidence_of(
    texts: Translator, entry: UnresolvedEntry, online: bool
) -> tuple[tuple[str, str], ...]:
    """Return all known facts as (name, value); ``FactGrid`` omits empty values."""
    if entry.refund is not None:
        rows = _of_refund(texts, entry.refund, online)
    elif entry.mismatch is not None:
        rows = _of_mismatch(texts, entry.mismatch)
    else:
        rows = []
    return tuple((texts(f"open_money.{key}"), value) for key, value in rows)


def evidence_text(texts: Translator, entry: UnresolvedEntry, online: bool) -> str:
    """Return the evidence as plain text, for support calls."""
    rows = [
        (texts("open_money.state"), status_of(texts, entry, online).label),
        (texts("open_money.amount"), texts.won(entry.amount)),
        *evidence_of(texts, entry, online),
    ]
    lines = [f"{name}: {value}" for name, value in rows if value]
    return "\n".join([texts("open_money.title"), *lines]).replace("\u200b", "") + "\n"


def _of_refund(texts: Translator, entry: UnresolvedRefund, online: bool) -> list[tuple[str, str]]:
    refund, payment, item = entry.refund, entry.payment, entry.item
    paid = f"{texts.won(payment.amount)} · {texts.moment(payment.paid_at)}" if payment else ""
    problem = status_text.problem(texts, payment) if payment else ""
    return [
        ("order", str(refund.order_id)),
        (
            "item",
            f"{display_text(item.name, 80)} ({item.id})" if item else texts("open_money.whole"),
        ),
        ("why", problem),
        ("reason", display_text(refund.reason)),
        ("said", _said(texts, refund)),
        ("code", str(refund.gateway_code) if refund.gateway_code is not None else ""),
        ("asked_by", status_text.actor(texts, refund.requested_by)),
        ("approved_by", status_text.actor(texts, refund.approved_by)),
        ("asked_at", texts.moment(refund.created_at)),
        ("sends", texts("open_money.times", count=refund.send_count) if refund.send_count else ""),
        ("sent_at", texts.moment(refund.sent_at) if refund.sent_at else ""),
        ("unclear_at", texts.moment(refund.last_unknown_at) if refund.last_unknown_at else ""),
        (
            "checksum",
            texts.won(refund.expected_balance) if refund.expected_balance is not None else "",
        ),
        ("tag", display_text(refund.tag)),
        ("imp_uid", display_text(refund.imp_uid)),
        ("merchant_uid", display_text(payment.merchant_uid) if payment else ""),
        ("paid", paid),
    ]


def _said(texts: Translator, refund: Refund) -> str:
    said = display_text(refund.gateway_message, _EVIDENCE)
    return said or (texts("open_money.said_nothing") if refund.send_count else "")


def _of_mismatch(texts: Translator, mismatch: Mismatch) -> list[tuple[str, str]]:
    return [
        ("found_at", texts.moment(mismatch.found_at)),
        ("imp_uid", display_text(mismatch.imp_uid)),
        ("merchant_uid", display_text(mismatch.merchant_uid)),
        ("evidence", display_text(mismatch.evidence, _EVIDENCE)),
    ]
