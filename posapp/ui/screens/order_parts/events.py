"""One order as a list of events in time order: the same for the screen, the slip and the phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.ledger import Fact, LedgerEntry, NewEntry
from posapp.domain.payments import Attempt, AttemptState, Payment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
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
        details: more about it in words, one fact each.
        evidence: numbers and codes, for a support call: shown only where they are asked for.
    """

    at: datetime
    kind: str
    tone: str
    title: str
    amount: str = ""
    details: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()


def events_of(texts: Texts, history: OrderHistory, *, online: bool = True) -> tuple[Event, ...]:
    """Everything that happened to an order, oldest first: one line a movement, which carries the
    ledger's entry as evidence."""
    names = {item.id: shown(item.name, 60) for item in history.order.items}
    ledger = Unread(texts, history.ledger)
    found = [_ordered(texts, history)]
    paid = {payment.merchant_uid for payment in history.payments}
    for attempt in history.attempts:
        found += _attempt(texts, attempt, has_payment=attempt.merchant_uid in paid)
    found += [_payment(texts, payment, ledger) for payment in history.payments]
    for refund in history.refunds:
        name = ", ".join(names[number] for number in refund.item_ids if number in names)
        found += _refund(texts, refund, name, ledger, online=online)
    found += [_ledger(texts, row, names) for row in ledger.rest]
    return tuple(sorted(found, key=lambda event: (event.at, KINDS.index(event.kind))))


class Unread:
    """Entries of the ledger that no event has told yet."""

    def __init__(self, texts: Texts, rows: Sequence[LedgerEntry]) -> None:
        self._texts, self._rows = texts, list(rows)

    @property
    def rest(self) -> tuple[LedgerEntry, ...]:
        """What no event has told."""
        return tuple(self._rows)

    def take(self, fits: Callable[[NewEntry], bool]) -> tuple[str, ...]:
        """The evidence of the oldest entry that fits, which is told by it; empty if none does."""
        for row in self._rows:
            if fits(row.entry):
                self._rows.remove(row)
                return _place(self._texts, row)
        return ()


def _place(texts: Texts, row: LedgerEntry) -> tuple[str, ...]:
    fact = texts(f"order_page.fact_{row.entry.fact.value}")
    return (
        texts("order_page.detail_ledger", seq=row.seq, fact=fact),
        texts("order_page.detail_hash", value=row.hash[:16]),
    )


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


def _attempt(texts: Texts, attempt: Attempt, *, has_payment: bool) -> Iterator[Event]:
    now = standing.of_attempt(texts, attempt)
    number = texts("order_page.detail_number", value=attempt.merchant_uid)
    ended = attempt.closed_at
    state = () if ended else (texts("order_page.detail_state", value=now.word),)
    made = texts("order_page.event_qr")
    amount = texts("order_page.detail_amount", value=texts.won(attempt.amount))
    tone = "busy" if ended else now.tone
    yield Event(attempt.created_at, "attempt", tone, made, "", (amount, *state), (number,))
    # One that was paid is told by its payment.
    if ended is not None and not (has_payment and attempt.state is AttemptState.PAID):
        title = texts("order_page.event_qr_ended", state=now.word)
        reason = _reason(texts, attempt.reason)
        yield Event(ended, "attempt", now.tone, title, "", reason, (number,))


def _payment(texts: Texts, payment: Payment, ledger: Unread) -> Event:
    now = standing.of_payment(texts, payment)
    entry = ledger.take(
        lambda entry: entry.fact in _PAYMENT_FACTS and entry.imp_uid == payment.imp_uid
    )
    details = (
        standing.problem(texts, payment),
        texts("order_page.detail_sandbox") if payment.sandbox else "",
    )
    return Event(
        payment.paid_at,
        "payment",
        now.tone,
        now.word,
        f"+{texts.won(payment.amount)}",
        tuple(detail for detail in details if detail),
        (
            texts("order_page.detail_imp_uid", value=shown(payment.imp_uid)),
            texts("order_page.detail_number", value=shown(payment.merchant_uid)),
            *entry,
        ),
    )


_PAYMENT_FACTS = frozenset({Fact.PAYMENT_CAPTURED, Fact.PAYMENT_REJECTED})
_ENDS = frozenset({Fact.REFUND_CONFIRMED, Fact.REFUND_REFUSED, Fact.CANCELLED_ELSEWHERE})


def _refund(
    texts: Texts, refund: Refund, name: str, ledger: Unread, *, online: bool
) -> Iterator[Event]:
    """What was asked for, and what became of it. What others did is one line: nobody here asked."""

    def is_its(entry: NewEntry) -> bool:
        numbers = {refund.tag, refund.cancellation_id} - {""}
        same = entry.imp_uid == refund.imp_uid and entry.item_id == refund.item_id
        return same and (entry.reference in numbers or not entry.reference)

    item = texts("order_page.detail_item", value=name) if name else texts("order_page.detail_whole")
    tag = texts("order_page.detail_tag", value=shown(refund.tag)) if refund.tag else ""
    is_ours = refund.origin is not RefundOrigin.ELSEWHERE
    if is_ours:
        asked = (
            item,
            texts("order_page.detail_amount", value=texts.won(refund.amount)),
            *_reason(texts, refund.reason),
            *_people(texts, refund),
        )
        entry = ledger.take(lambda entry: entry.fact is Fact.REFUND_APPROVED and is_its(entry))
        title = texts("order_page.event_refund_asked")
        yield Event(refund.created_at, "refund", "busy", title, "", asked, (tag, *entry))
    entry = ledger.take(lambda entry: entry.fact in _ENDS and is_its(entry))
    done = refund.state is RefundState.CONFIRMED
    number = texts("order_page.detail_cancellation", value=shown(refund.cancellation_id))
    sent = evidence_of_send(texts, refund) if refund.sends else ()
    evidence = (number if refund.cancellation_id else "", *sent, *_code(texts, refund), *entry)
    now = standing.of_refund(texts, refund, online=online)
    at = refund.confirmed_at if done else refund.unclear_at or refund.sent_at
    yield Event(
        at or refund.created_at,
        "refund",
        now.tone if is_ours else "warning",
        texts("order_page.event_refund_now", state=now.word)
        if is_ours
        else texts("order_page.fact_CANCELLED_ELSEWHERE"),
        texts.won(-refund.amount) if done else "",
        () if done and is_ours else (*_said(texts, refund), *_reason(texts, refund.reason)),
        tuple(one for one in evidence if one),
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


def _said(texts: Texts, refund: Refund) -> tuple[str, ...]:
    """PortOne's own words, if there are any."""
    if not refund.raw_text:
        return ()
    return (texts("order_page.detail_said", value=shown(refund.raw_text, 300)),)


def _code(texts: Texts, refund: Refund) -> tuple[str, ...]:
    if refund.raw_code is None:
        return ()
    return (texts("order_page.detail_code", value=refund.raw_code),)


def _ledger(texts: Texts, row: LedgerEntry, names: dict[int, str]) -> Event:
    entry = row.entry
    sign = "+" if entry.amount > 0 else ""
    name = names.get(entry.item_id, "") if entry.item_id is not None else ""
    reference = texts("order_page.detail_reference", value=shown(entry.reference))
    details = (
        texts("order_page.detail_item", value=name) if name else "",
        *_reason(texts, entry.reason),
        texts("order_page.detail_by", value=standing.actor(texts, entry.actor)),
    )
    return Event(
        entry.at,
        "ledger",
        standing.FACT_TONES[entry.fact],
        texts(f"order_page.fact_{entry.fact.value}"),
        f"{sign}{texts.won(entry.amount)}" if entry.amount else "",
        tuple(detail for detail in details if detail),
        (reference, *_place(texts, row)) if entry.reference else _place(texts, row),
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
