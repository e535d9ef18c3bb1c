"""One order as a list of events in time order: the same for the screen, the slip and the phone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.ledger import LedgerEntry
from posapp.domain.payments import Attempt, Payment
from posapp.domain.refunds import Refund, RefundState
from posapp.services.order_history import OrderHistory
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts import standing
from posapp.ui.screens.order_parts.foreign import shown

KINDS = ("order", "attempt", "payment", "refund", "ledger")
"""What an event can be about; of one moment the earlier kind comes first."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order, in words.

    Attributes:
        amount: won, as people read it, that came in or went out at this event; empty if none did.
        details: evidence, one fact each.
    """

    at: datetime
    kind: str
    tone: str
    title: str
    amount: str = ""
    details: tuple[str, ...] = ()


def events_of(texts: Texts, history: OrderHistory, *, online: bool = True) -> tuple[Event, ...]:
    """Everything that happened to an order, oldest first."""
    names = {item.id: shown(item.name, 60) for item in history.order.items}
    found = [_ordered(texts, history)]
    for attempt in history.attempts:
        found += _attempt(texts, attempt)
    found += [_payment(texts, payment) for payment in history.payments]
    for refund in history.refunds:
        name = names.get(refund.item_id, "") if refund.item_id is not None else ""
        found += _refund(texts, refund, name, online=online)
    found += [_ledger(texts, row, names) for row in history.ledger]
    return tuple(sorted(found, key=lambda event: (event.at, KINDS.index(event.kind))))


def _ordered(texts: Texts, history: OrderHistory) -> Event:
    order = history.order
    everything = sum(item.total for item in order.items)
    count = texts("order_page.event_items", count=len(order.items))
    return Event(
        order.created_at,
        "order",
        "notice",
        texts("order_page.event_ordered"),
        "",
        (f"{count} · {texts.won(everything)}",),
    )


def _attempt(texts: Texts, attempt: Attempt) -> Iterator[Event]:
    now = standing.of_attempt(texts, attempt)
    number = texts("order_page.detail_number", value=attempt.merchant_uid)
    ended = attempt.closed_at
    state = () if ended else (texts("order_page.detail_state", value=now.word),)
    made = texts("order_page.event_qr")
    amount = texts("order_page.detail_amount", value=texts.won(attempt.amount))
    tone = "busy" if ended else now.tone
    yield Event(attempt.created_at, "attempt", tone, made, "", (amount, number, *state))
    if ended is not None:
        title = texts("order_page.event_qr_ended", state=now.word)
        yield Event(
            ended, "attempt", now.tone, title, "", (number, *_reason(texts, attempt.reason))
        )


def _payment(texts: Texts, payment: Payment) -> Event:
    now = standing.of_payment(texts, payment)
    return Event(
        payment.paid_at,
        "payment",
        now.tone,
        now.word,
        f"+{texts.won(payment.amount)}",
        tuple(
            detail
            for detail in (
                standing.problem(texts, payment),
                texts("order_page.detail_imp_uid", value=shown(payment.imp_uid)),
                texts("order_page.detail_number", value=shown(payment.merchant_uid)),
                texts("order_page.detail_sandbox") if payment.sandbox else "",
            )
            if detail
        ),
    )


def _refund(texts: Texts, refund: Refund, name: str, *, online: bool) -> Iterator[Event]:
    amount = texts.won(-refund.amount)
    asked = (
        texts("order_page.detail_item", value=name) if name else texts("order_page.detail_whole"),
        texts("order_page.detail_amount", value=texts.won(refund.amount)),
        *_reason(texts, refund.reason),
        *_people(texts, refund),
        texts("order_page.detail_tag", value=shown(refund.tag)),
    )
    yield Event(
        refund.created_at, "refund", "busy", texts("order_page.event_refund_asked"), "", asked
    )
    if refund.sent_at is not None:
        yield Event(
            refund.sent_at,
            "refund",
            "busy",
            texts("order_page.event_refund_sent"),
            "",
            evidence_of_send(texts, refund),
        )
    now = standing.of_refund(texts, refund, online=online)
    title = texts("order_page.event_refund_now", state=now.word)
    if refund.state is RefundState.CONFIRMED:
        number = texts("order_page.detail_cancellation", value=shown(refund.cancellation_id))
        detail = (number,) if refund.cancellation_id else ()
        at = refund.confirmed_at or refund.created_at
        yield Event(at, "refund", now.tone, title, amount, detail)
    else:
        yield Event(
            refund.unclear_at or refund.sent_at or refund.created_at,
            "refund",
            now.tone,
            title,
            "",
            said_by_portone(texts, refund),
        )


def _people(texts: Texts, refund: Refund) -> tuple[str, ...]:
    """Who asked, and who approved where that was somebody else."""
    asked = texts("order_page.detail_by", value=standing.actor(texts, refund.asked_by))
    if refund.approved_by == refund.asked_by:
        return (asked,)
    approved = standing.actor(texts, refund.approved_by)
    return asked, texts("order_page.detail_approved", value=approved)


def evidence_of_send(texts: Texts, refund: Refund) -> tuple[str, ...]:
    """How often a refund was sent, and the balance that was read before the last time."""
    sends = texts("order_page.detail_sends", count=refund.sends)
    if refund.checksum is None:
        return (sends,)
    return sends, texts("order_page.detail_checksum", value=texts.won(refund.checksum))


def said_by_portone(texts: Texts, refund: Refund) -> tuple[str, ...]:
    """PortOne's raw code and text, each if there is one."""
    said = []
    if refund.raw_text:
        said.append(texts("order_page.detail_said", value=shown(refund.raw_text, 300)))
    if refund.raw_code is not None:
        said.append(texts("order_page.detail_code", value=refund.raw_code))
    return tuple(said)


def _ledger(texts: Texts, row: LedgerEntry, names: dict[int, str]) -> Event:
    entry = row.entry
    fact = texts(f"order_page.fact_{entry.fact.value}")
    sign = "+" if entry.amount > 0 else ""
    name = names.get(entry.item_id, "") if entry.item_id is not None else ""
    reference = texts("order_page.detail_reference", value=shown(entry.reference))
    return Event(
        entry.at,
        "ledger",
        standing.FACT_TONES[entry.fact],
        texts("order_page.event_ledger", seq=row.seq, fact=fact),
        f"{sign}{texts.won(entry.amount)}" if entry.amount else "",
        tuple(
            detail
            for detail in (
                texts("order_page.detail_item", value=name) if name else "",
                *_reason(texts, entry.reason),
                texts("order_page.detail_by", value=standing.actor(texts, entry.actor)),
                reference if entry.reference else "",
                texts("order_page.detail_hash", value=row.hash[:16]),
            )
            if detail
        ),
    )


def _reason(texts: Texts, reason: str) -> tuple[str, ...]:
    """A reason in words; the code of a check that failed becomes its sentence."""
    said = shown(reason)
    if not said:
        return ()
    message_id = f"errors.{said}"
    if said.isascii() and said.isidentifier() and texts.has(message_id):
        said = texts(message_id)
    return (texts("order_page.detail_reason", value=said),)
