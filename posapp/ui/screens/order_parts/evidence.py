"""What is known of open money: what was asked, when, by whom, and what PortOne said."""

from __future__ import annotations

from posapp.domain.refunds import Refund, RefundState
from posapp.services.open_money import OpenRefund
from posapp.services.ports.outbox import Mismatch
from posapp.ui.i18n import Texts
from posapp.ui.models.open_money import OpenEntry
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.standing import Standing

_EVIDENCE = 500


def standing_of(texts: Texts, entry: OpenEntry, online: bool) -> Standing:
    """How it stands."""
    if entry.refund is not None:
        return standing.of_refund(texts, entry.refund.refund, online=online)
    kind = entry.mismatch.kind.value if entry.mismatch is not None else ""
    return Standing("warning", texts(f"open_money.kind_{kind}"))


def subject_of(texts: Texts, entry: OpenEntry) -> str:
    """What it is about, in a few words."""
    if entry.refund is not None:
        item = entry.refund.item
        name = shown(item.name, 60, run=16) if item else texts("open_money.whole_payment")
        return texts("open_money.subject", order=entry.refund.refund.order_id, name=name)
    mismatch = entry.mismatch
    number = mismatch.imp_uid or mismatch.merchant_uid if mismatch is not None else ""
    return texts("open_money.subject_payment", number=shown(number, 60))


def describe(texts: Texts, entry: OpenEntry, online: bool) -> str:
    """One line for readers."""
    word = standing_of(texts, entry, online).word
    since = texts.when(entry.since) if entry.since is not None else ""
    amount = texts.won(entry.amount)
    return f"{word}, {amount}, {subject_of(texts, entry)}, {since}"


def advice(texts: Texts, entry: OpenEntry, online: bool) -> str:
    """What one can do."""
    if entry.refund is None:
        return texts("open_money.advice_mismatch")
    state = entry.refund.refund.state
    if state is RefundState.NEEDS_PERSON:
        return texts("open_money.advice_person")
    if state is RefundState.APPROVED and not online:
        return texts("cancel.offline_why")
    if state is RefundState.APPROVED:
        return texts("open_money.advice_waiting")
    return texts("open_money.advice_checking")


def evidence_of(texts: Texts, entry: OpenEntry, online: bool) -> tuple[tuple[str, str], ...]:
    """Everything that is known, as (name, value); empty values are left out by who shows them."""
    if entry.refund is not None:
        rows = _of_refund(texts, entry.refund, online)
    elif entry.mismatch is not None:
        rows = _of_mismatch(texts, entry.mismatch)
    else:
        rows = []
    return tuple((texts(f"open_money.{key}"), value) for key, value in rows)


def evidence_text(texts: Texts, entry: OpenEntry, online: bool) -> str:
    """The same as plain text, for a support call."""
    rows = [
        (texts("open_money.state"), standing_of(texts, entry, online).word),
        (texts("open_money.amount"), texts.won(entry.amount)),
        *evidence_of(texts, entry, online),
    ]
    lines = [f"{name}: {value}" for name, value in rows if value]
    return "\n".join([texts("open_money.title"), *lines]).replace("\u200b", "") + "\n"


def _of_refund(texts: Texts, entry: OpenRefund, online: bool) -> list[tuple[str, str]]:
    refund, payment, item = entry.refund, entry.payment, entry.item
    paid = f"{texts.won(payment.amount)} · {texts.moment(payment.paid_at)}" if payment else ""
    problem = standing.problem(texts, payment) if payment else ""
    return [
        ("order", str(refund.order_id)),
        ("item", f"{shown(item.name, 80)} ({item.id})" if item else texts("open_money.whole")),
        ("why", problem),
        ("reason", shown(refund.reason)),
        ("said", _said(texts, refund)),
        ("code", str(refund.raw_code) if refund.raw_code is not None else ""),
        ("asked_by", standing.actor(texts, refund.asked_by)),
        ("approved_by", standing.actor(texts, refund.approved_by)),
        ("asked_at", texts.moment(refund.created_at)),
        ("sends", texts("open_money.times", count=refund.sends) if refund.sends else ""),
        ("sent_at", texts.moment(refund.sent_at) if refund.sent_at else ""),
        ("unclear_at", texts.moment(refund.unclear_at) if refund.unclear_at else ""),
        ("checksum", texts.won(refund.checksum) if refund.checksum is not None else ""),
        ("tag", shown(refund.tag)),
        ("imp_uid", shown(refund.imp_uid)),
        ("merchant_uid", shown(payment.merchant_uid) if payment else ""),
        ("paid", paid),
    ]


def _said(texts: Texts, refund: Refund) -> str:
    said = shown(refund.raw_text, _EVIDENCE)
    return said or (texts("open_money.said_nothing") if refund.sends else "")


def _of_mismatch(texts: Texts, mismatch: Mismatch) -> list[tuple[str, str]]:
    return [
        ("found_at", texts.moment(mismatch.found_at)),
        ("imp_uid", shown(mismatch.imp_uid)),
        ("merchant_uid", shown(mismatch.merchant_uid)),
        ("evidence", shown(mismatch.evidence, _EVIDENCE)),
    ]
