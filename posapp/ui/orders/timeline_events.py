"""Events of an order in time order, for the timeline and the report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.ledger import LedgerEntry, LedgerEvent, NewEntry
from posapp.domain.orders import OrderItem
from posapp.domain.payments import Attempt, AttemptState, Payment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.services.bookkeeping.print_log import cash_slip_key, receipt_key, refund_slip_key
from posapp.services.orders.order_history import OrderHistory
from posapp.ui.core import status_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import why_text

_NAME = 60
"""Characters of an item's name at most."""

KINDS = ("order", "attempt", "payment", "refund", "ledger", "paper")
"""Kinds of events; at the same time the earlier kind comes first."""


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """An event of an order as text.

    Attributes:
        amount: formatted won that came in or went out with this event; empty if none.
        details: further facts, one in each text.
        evidence: numbers and codes for support calls; shown on request only.
    """

    at: datetime
    kind: str
    tone: str
    title: str
    amount: str = ""
    details: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def events_of(
    texts: Translator, history: OrderHistory, *, online: bool = True
) -> tuple[TimelineEvent, ...]:
    """Return all events of an order, oldest first.

    Each movement is one event, with its ledger entry as evidence.
    """
    names = {item.id: display_text(item.name, _NAME) for item in history.order.items}
    ledger = Unread(texts, history.ledger)
    found = [_ordered(texts, history)]
    paid = {payment.merchant_uid for payment in history.payments}
    for attempt in history.attempts:
        found += _attempt(texts, attempt, has_payment=attempt.merchant_uid in paid)
    found += [_payment(texts, payment, ledger) for payment in history.payments]
    for refund in history.refunds:
        name = ", ".join(
            names[item.id] if item.part_of is None else _part(texts, item)
            for item in history.order.items
            if item.id in refund.item_ids
        )
        found += _refund(texts, refund, name, ledger, history.staff_names, online=online)
    found += [_ledger(texts, row, names, history.staff_names) for row in ledger.rest]
    found += _prints(texts, history)
    return tuple(sorted(found, key=lambda event: (event.at, KINDS.index(event.kind))))


class Unread:
    """Ledger entries that no event covers yet."""

    def __init__(self, texts: Translator, rows: Sequence[LedgerEntry]) -> None:
        self._texts, self._rows = texts, list(rows)

    @property
    def rest(self) -> tuple[LedgerEntry, ...]:
        """Return the remaining entries."""
        return tuple(self._rows)

    def take(self, fits: Callable[[NewEntry], bool]) -> tuple[str, ...]:
        """Remove the oldest entry that fits and return it as evidence; empty if none fits."""
        for row in self._rows:
            if fits(row.entry):
                self._rows.remove(row)
                return _place(self._texts, row)
        return ()


def _place(texts: Translator, row: LedgerEntry) -> tuple[str, ...]:
    fact = texts(f"order_page.fact_{row.entry.event.value}")
    return (
        texts("order_page.detail_ledger", seq=row.seq, fact=fact),
        texts("order_page.detail_hash", value=row.hash[:16]),
    )


def _ordered(texts: Translator, history: OrderHistory) -> TimelineEvent:
    order = history.order
    everything = sum(item.total for item in order.items)
    count = texts("order_page.event_items", count=len(order.ordered_items))
    return TimelineEvent(
        order.created_at,
        "order",
        "notice",
        texts("order_page.event_ordered"),
        "",
        (f"{count} · {texts.won(everything)}",),
    )


def _prints(texts: Translator, history: OrderHistory) -> Iterator[TimelineEvent]:
    """Yield one event a paper for the buyer that was printed or saved, at its first print."""
    papers = [(receipt_key(history.order.id), "event_receipt_printed")]
    papers += [(refund_slip_key(refund), "event_slip_printed") for refund in history.refunds]
    papers += [(cash_slip_key(cash), "event_slip_printed") for cash in history.cash_refunds]
    for paper, message in papers:
        printed = history.printed.get(paper)
        if printed is not None:
            title = texts(f"order_page.{message}", count=printed.times)
            yield TimelineEvent(printed.first_at, "paper", "notice", title)


def _attempt(texts: Translator, attempt: Attempt, *, has_payment: bool) -> Iterator[TimelineEvent]:
    now = status_text.of_attempt(texts, attempt)
    number = texts("order_page.detail_number", value=attempt.merchant_uid)
    ended = attempt.closed_at
    state = () if ended else (texts("order_page.detail_state", value=now.label),)
    made = texts("order_page.event_qr")
    amount = texts("order_page.detail_amount", value=texts.won(attempt.amount))
    tone = "busy" if ended else now.tone
    yield TimelineEvent(attempt.created_at, "attempt", tone, made, "", (amount, *state), (number,))
    # A paid attempt is covered by its payment.
    if ended is not None and not (has_payment and attempt.state is AttemptState.PAID):
        title = texts("order_page.event_qr_ended", state=now.label)
        reason = _reason(texts, attempt.reason)
        yield TimelineEvent(ended, "attempt", now.tone, title, "", reason, (number,))


def _payment(texts: Translator, payment: Payment, ledger: Unread) -> TimelineEvent:
    now = status_text.of_payment(texts, payment)
    entry = ledger.take(
        lambda entry: entry.event in _PAYMENT_FACTS and entry.imp_uid == payment.imp_uid
    )
    details = (
        status_text.problem(texts, payment),
        texts("order_page.detail_sandbox") if payment.sandbox else "",
        texts("order_page.detail_cash_receipt") if payment.cash_receipt_issued else "",
    )
    return TimelineEvent(
        payment.paid_at,
        "payment",
        now.tone,
        now.label,
        f"+{texts.won(payment.amount)}",
        tuple(detail for detail in details if detail),
        (
            texts("order_page.detail_imp_uid", value=display_text(payment.imp_uid)),
            texts("order_page.detail_number", value=display_text(payment.merchant_uid)),
            *entry,
        ),
    )


_PAYMENT_FACTS = frozenset({LedgerEvent.PAYMENT_CAPTURED, LedgerEvent.PAYMENT_REJECTED})
_ENDS = frozenset(
    {LedgerEvent.REFUND_CONFIRMED, LedgerEvent.REFUND_REFUSED, LedgerEvent.CANCELLED_EXTERNALLY}
)


def _refund(
    texts: Translator,
    refund: Refund,
    name: str,
    ledger: Unread,
    people: Mapping[int, str],
    *,
    online: bool,
) -> Iterator[TimelineEvent]:
    """Yield the request of a refund and its result.

    An external cancellation is one event, because it was not requested here.
    """

    def is_its(entry: NewEntry) -> bool:
        numbers = {refund.tag, refund.cancellation_id} - {""}
        same = entry.imp_uid == refund.imp_uid and entry.item_id == refund.item_id
        return same and (entry.reference in numbers or not entry.reference)

    item = texts("order_page.detail_item", value=name) if name else texts("order_page.detail_whole")
    tag = texts("order_page.detail_tag", value=display_text(refund.tag)) if refund.tag else ""
    is_ours = refund.origin is not RefundOrigin.EXTERNAL
    if is_ours:
        requested = (
            item,
            texts("order_page.detail_amount", value=texts.won(refund.amount)),
            *_reason(texts, refund.reason),
            *_people(texts, refund, people),
        )
        divided = ledger.take(
            lambda entry: (
                entry.event is LedgerEvent.ITEM_DIVIDED
                and entry.reference.startswith(f"{refund.item_id}:")
            )
        )
        entry = ledger.take(
            lambda entry: entry.event is LedgerEvent.REFUND_APPROVED and is_its(entry)
        )
        title = texts("order_page.event_refund_asked")
        yield TimelineEvent(
            refund.created_at, "refund", "busy", title, "", requested, (tag, *divided, *entry)
        )
    entry = ledger.take(lambda entry: entry.event in _ENDS and is_its(entry))
    done = refund.state is RefundState.CONFIRMED
    number = texts("order_page.detail_cancellation", value=display_text(refund.cancellation_id))
    sent = evidence_of_send(texts, refund) if refund.send_count else ()
    evidence = (number if refund.cancellation_id else "", *sent, *_code(texts, refund), *entry)
    now = status_text.of_refund(texts, refund, online=online)
    at = refund.confirmed_at if done else refund.last_unknown_at or refund.sent_at
    yield TimelineEvent(
        at or refund.created_at,
        "refund",
        now.tone if is_ours else "warning",
        texts("order_page.event_refund_now", state=now.label)
        if is_ours
        else texts("order_page.fact_CANCELLED_ELSEWHERE"),
        texts.won(-refund.amount) if done else "",
        () if done and is_ours else (*_said(texts, refund), *_reason(texts, refund.reason)),
        tuple(one for one in evidence if one),
    )


def _part(texts: Translator, item: OrderItem) -> str:
    name = display_text(item.name, _NAME)
    return texts("order_page.item_pieces", name=name, count=item.count)


def _people(texts: Translator, refund: Refund, names: Mapping[int, str]) -> tuple[str, ...]:
    """Return the requesting actor, and the approving one if it is another."""
    by = status_text.actor(texts, refund.requested_by, names)
    requested = texts("order_page.detail_by", value=by)
    if refund.approved_by == refund.requested_by:
        return (requested,)
    approved = status_text.actor(texts, refund.approved_by, names)
    return requested, texts("order_page.detail_approved", value=approved)


def evidence_of_send(texts: Translator, refund: Refund) -> tuple[str, ...]:
    """Return the number of sends, and the balance read before the last one."""
    sends = texts("order_page.detail_sends", count=refund.send_count)
    if refund.expected_balance is None:
        return (sends,)
    return sends, texts("order_page.detail_checksum", value=texts.won(refund.expected_balance))


def _said(texts: Translator, refund: Refund) -> tuple[str, ...]:
    """Return PortOne's message, if there is one."""
    if not refund.gateway_message:
        return ()
    return (texts("order_page.detail_said", value=display_text(refund.gateway_message, 300)),)


def _code(texts: Translator, refund: Refund) -> tuple[str, ...]:
    if refund.gateway_code is None:
        return ()
    return (texts("order_page.detail_code", value=refund.gateway_code),)


def _ledger(
    texts: Translator, row: LedgerEntry, names: dict[int, str], people: Mapping[int, str]
) -> TimelineEvent:
    entry = row.entry
    sign = "+" if entry.amount > 0 else ""
    name = names.get(entry.item_id, "") if entry.item_id is not None else ""
    reference = texts("order_page.detail_reference", value=display_text(entry.reference))
    details = (
        texts("order_page.detail_item", value=name) if name else "",
        *_pieces(texts, entry),
        *_ledger_reason(texts, entry),
        texts("order_page.detail_by", value=status_text.actor(texts, entry.actor, people)),
    )
    return TimelineEvent(
        entry.at,
        "ledger",
        status_text.FACT_TONES[entry.event],
        texts(f"order_page.fact_{entry.event.value}"),
        f"{sign}{texts.won(entry.amount)}" if entry.amount else "",
        tuple(detail for detail in details if detail),
        (reference, *_place(texts, row)) if entry.reference else _place(texts, row),
    )


def _pieces(texts: Translator, entry: NewEntry) -> tuple[str, ...]:
    """Return how many pieces became an item of their own."""
    if entry.event is not LedgerEvent.ITEM_DIVIDED:
        return ()
    count = entry.reference.rpartition(":")[2]
    return (texts("order_page.detail_pieces", count=display_text(count, 20)),)


def _ledger_reason(texts: Translator, entry: NewEntry) -> tuple[str, ...]:
    """Return the reason of an entry: that of a person's decision about a refund is an outbox error,
    or the ids of the cancellations that are not the refund."""
    if not entry.reason:
        return ()
    if entry.event is LedgerEvent.CANCELLATION_DISOWNED:
        return (texts("order_page.detail_cancellation", value=display_text(entry.reason)),)
    if entry.event in (LedgerEvent.REFUND_TAKEN_OVER, LedgerEvent.REFUND_REQUEUED):
        return (texts("order_page.detail_reason", value=why_text(texts, entry.reason)),)
    return _reason(texts, entry.reason)


def _reason(texts: Translator, reason: str) -> tuple[str, ...]:
    """Return a reason as text; the code of a failed check becomes its message."""
    said = display_text(reason)
    if not said:
        return ()
    message_id = f"errors.{said}"
    if said.isascii() and said.isidentifier() and texts.has(message_id):
        said = texts(message_id)
    return (texts("order_page.detail_reason", value=said),)
