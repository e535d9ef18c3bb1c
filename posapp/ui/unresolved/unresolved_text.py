"""Entries of the list of unresolved money, and how they are worded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.cash import CashRefund
from posapp.domain.money import Won
from posapp.domain.payments import ReportedCancellation, ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund, RefundState
from posapp.services.cash.cash_service import HeldCash, OpenCash
from posapp.services.ports.outbox import Mismatch
from posapp.services.refunds.unresolved_money import UnresolvedRefund
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import StatusText
from posapp.ui.widgets.entry_list import EntryText
from posapp.ui.widgets.list_detail import EntryDetails

_EVIDENCE = 500
_Rows = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class UnresolvedEntry:
    """One of these: an unfinished refund, a mismatch that no rule could decide, an order that was
    paid in part in cash, or cash that is to be handed out for a refund."""

    refund: UnresolvedRefund | None = None
    mismatch: Mismatch | None = None
    held: HeldCash | None = None
    cash_refund: CashRefund | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return the identity of the entry across readings."""
        if self.refund is not None:
            return "refund", self.refund.refund.id
        if self.held is not None:
            return "held", self.held.order.id
        if self.cash_refund is not None:
            return "cash_refund", self.cash_refund.id
        return "mismatch", self.mismatch.id if self.mismatch is not None else 0

    @property
    def needs_person(self) -> bool:
        """Return whether the entry needs a decision by staff."""
        if self.refund is None:
            return True
        return self.refund.refund.state is RefundState.NEEDS_REVIEW

    @property
    def order_id(self) -> int:
        """Return the order, or 0."""
        if self.held is not None:
            return self.held.order.id
        if self.cash_refund is not None:
            return self.cash_refund.order_id
        return self.refund.refund.order_id if self.refund is not None else 0

    @property
    def can_be_ambiguous(self) -> bool:
        """Return whether a cancellation without a tag may be this refund: only if it was sent."""
        if self.refund is None:
            return False
        refund = self.refund.refund
        return refund.state is RefundState.NEEDS_REVIEW and refund.send_count > 0

    @property
    def numbers(self) -> tuple[str, str]:
        """Return imp_uid and merchant_uid of the payment; empty where there is none."""
        if self.refund is not None:
            payment = self.refund.payment
            return self.refund.refund.imp_uid, payment.merchant_uid if payment else ""
        mismatch = self.mismatch
        return (mismatch.imp_uid, mismatch.merchant_uid) if mismatch is not None else ("", "")

    @property
    def amount(self) -> Won:
        """Return the amount in won."""
        if self.refund is not None:
            return self.refund.refund.amount
        if self.held is not None:
            return self.held.amount
        if self.cash_refund is not None:
            return self.cash_refund.amount
        return self.mismatch.amount if self.mismatch is not None else Won(0)

    @property
    def since(self) -> datetime | None:
        """Return the start time (UTC)."""
        if self.refund is not None:
            return self.refund.refund.created_at
        if self.held is not None:
            return self.held.tenders[0].received_at
        if self.cash_refund is not None:
            return self.cash_refund.created_at
        return self.mismatch.found_at if self.mismatch is not None else None


def entries_of(
    refunds: Sequence[UnresolvedRefund], mismatches: Sequence[Mismatch], cash: OpenCash
) -> tuple[UnresolvedEntry, ...]:
    """Return all entries, those of cash first: a buyer stands there. The given order (oldest first)
    is kept within each kind."""
    found = [UnresolvedEntry(held=one) for one in cash.held]
    found += [UnresolvedEntry(cash_refund=one) for one in cash.to_hand_out]
    found += [UnresolvedEntry(refund=one) for one in refunds]
    found += [UnresolvedEntry(mismatch=one) for one in mismatches]
    return tuple(sorted(found, key=lambda entry: not entry.needs_person))


def entry_subject(texts: Translator, entry: UnresolvedEntry) -> str:
    """Return the subject of an entry in a few words."""
    if entry.refund is not None:
        item = entry.refund.item
        name = display_text(item.name, 60, run=16) if item else texts("open_money.whole_payment")
        return texts("open_money.subject", order=entry.order_id, name=name)
    if entry.held is not None or entry.cash_refund is not None:
        name = texts("cash.to_hand_out")
        if entry.held is not None:
            name = texts("cash.left_of", amount=texts.won(entry.held.rest))
        return texts("open_money.subject", order=entry.order_id, name=name)
    number = next((one for one in entry.numbers if one), "")
    return texts("open_money.subject_payment", number=display_text(number, 60))


def row_of(texts: Translator, entry: UnresolvedEntry, online: bool) -> EntryText:
    """Return what the row of an entry says."""
    status = _status_of(texts, entry, online)
    since = texts.when(entry.since) if entry.since is not None else ""
    subject = entry_subject(texts, entry)
    return EntryText(status.tone, status.label, texts.won(entry.amount), subject, since)


def details_of(texts: Translator, entry: UnresolvedEntry, online: bool) -> EntryDetails:
    """Return all that is known of an entry: in words, and as evidence for those who ask for it."""
    status = _status_of(texts, entry, online)
    facts: _Rows = []
    evidence: _Rows = []
    if entry.refund is not None:
        facts, evidence = _of_refund(texts, entry.refund)
    elif entry.mismatch is not None:
        facts, evidence = _of_mismatch(texts, entry.mismatch)
    elif entry.cash_refund is not None:
        facts = _of_cash_refund(texts, entry.cash_refund)
    return EntryDetails(
        tone=status.tone,
        label=status.label,
        amount=entry.amount,
        subject=entry_subject(texts, entry),
        advice=_advice(texts, entry, online),
        note=texts("open_money.whose_why") if entry.can_be_ambiguous else "",
        facts=_named(texts, facts),
        evidence=_named(texts, evidence),
    )


def reading_of(texts: Translator, reported: ReportedPayment | None) -> _Rows:
    """Return what PortOne says of a payment, as (name, value) pairs."""
    if reported is None:
        return _named(texts, [("read", texts("open_money.read_unknown"))])
    lines = [_line_of(texts, line) for line in reported.cancellations]
    lines += [
        f"{_line_of(texts, line)} · {texts('open_money.read_requested')}"
        for line in reported.requested_cancellations
    ]
    status = reported.status
    is_known = status is not ReportedStatus.UNKNOWN
    return _named(
        texts,
        [
            ("read", texts(f"open_money.read_{status.value if is_known else 'unclear'}")),
            ("read_total", texts.won(reported.amount)),
            ("read_left", texts.won(reported.refundable_balance)),
            ("read_cancels", "\n".join(lines) or texts("open_money.read_no_cancels")),
        ],
    )


def _line_of(texts: Translator, line: ReportedCancellation) -> str:
    at = texts.when(line.cancelled_at) if line.cancelled_at else ""
    reason = display_text(line.reason) or texts("open_money.read_no_reason")
    return " · ".join(part for part in (texts.won(line.amount), at, reason) if part)


def _named(texts: Translator, rows: _Rows) -> _Rows:
    return [(texts(f"open_money.{key}"), value) for key, value in rows]


def _status_of(texts: Translator, entry: UnresolvedEntry, online: bool) -> StatusText:
    if entry.refund is not None:
        return status_text.of_refund(texts, entry.refund.refund, online=online)
    if entry.held is not None or entry.cash_refund is not None:
        return StatusText("warning", texts(f"cash.kind_{entry.key[0]}"))
    kind = entry.mismatch.kind.value if entry.mismatch is not None else ""
    return StatusText("warning", texts(f"open_money.kind_{kind}"))


def _advice(texts: Translator, entry: UnresolvedEntry, online: bool) -> str:
    if entry.held is not None:
        return texts("cash.advice_held", rest=texts.won(entry.held.rest))
    if entry.cash_refund is not None:
        is_instead = entry.cash_refund.replaces is not None
        advice = "cash.advice_cash_instead" if is_instead else "cash.advice_cash_refund"
        return texts(advice, amount=texts.won(entry.cash_refund.amount))
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


def _of_refund(texts: Translator, entry: UnresolvedRefund) -> tuple[_Rows, _Rows]:
    refund, payment, item = entry.refund, entry.payment, entry.item
    paid = f"{texts.won(payment.amount)} · {texts.when(payment.paid_at)}" if payment else ""
    name = f"{display_text(item.name, 80)} ({item.id})" if item else texts("open_money.whole")
    numbers = [("tag", display_text(refund.tag)), ("imp_uid", display_text(refund.imp_uid))]
    needs_person = refund.state is RefundState.NEEDS_REVIEW
    facts = [
        ("item", name),
        ("why", status_text.problem(texts, payment) if payment else ""),
        ("reason", display_text(refund.reason)),
        ("asked_by", status_text.actor(texts, refund.requested_by, entry.staff_names)),
        ("approved_by", status_text.actor(texts, refund.approved_by, entry.staff_names)),
        ("asked_at", texts.when(refund.created_at)),
        ("paid", paid),
        ("sends", texts("open_money.times", count=refund.send_count) if refund.send_count else ""),
        ("sent_at", texts.when(refund.sent_at) if refund.sent_at else ""),
        # What staff searches for in PortOne's console.
        *(numbers if needs_person else []),
    ]
    balance = refund.expected_balance
    evidence = [
        *([] if needs_person else numbers),
        ("merchant_uid", display_text(payment.merchant_uid) if payment else ""),
        ("said", _said(texts, refund)),
        ("code", str(refund.gateway_code) if refund.gateway_code is not None else ""),
        ("unclear_at", texts.moment(refund.last_unknown_at) if refund.last_unknown_at else ""),
        ("checksum", texts.won(balance) if balance is not None else ""),
    ]
    return facts, evidence


def _said(texts: Translator, refund: Refund) -> str:
    said = display_text(refund.gateway_message, _EVIDENCE)
    return said or (texts("open_money.said_nothing") if refund.send_count else "")


def _of_cash_refund(texts: Translator, refund: CashRefund) -> _Rows:
    return [
        ("reason", display_text(refund.reason)),
        ("asked_by", status_text.actor(texts, refund.requested_by, {})),
        ("asked_at", texts.when(refund.created_at)),
    ]


def _of_mismatch(texts: Translator, mismatch: Mismatch) -> tuple[_Rows, _Rows]:
    facts = [
        ("found_at", texts.when(mismatch.found_at)),
        ("imp_uid", display_text(mismatch.imp_uid)),
        ("merchant_uid", display_text(mismatch.merchant_uid)),
    ]
    return facts, [("evidence", display_text(mismatch.evidence, _EVIDENCE))]
