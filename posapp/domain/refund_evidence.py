"""What a reading of a payment says about a refund of it (docs/specification.md 4, steps 2 and 4).

Every sentence that lets money go out is a function of its own here. What moved follows from amounts
and the history, never from a time or a status; what cannot be decided is ``UNCLEAR``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posapp.domain.numbers import item_in, may_name_item, tag_at_end
from posapp.domain.payments import (
    Payment,
    PaymentStanding,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import Refund, RefundOrigin, own_line


class Finding(StrEnum):
    """What reading the payment says about a refund, before anything is sent."""

    DONE = "done"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Records:
    """What our records hold about a payment that was read.

    Attributes:
        payment: the money as it was captured.
        lines: the refund that each recorded line of the history is, by the line's number as this
            reading names it.
        in_doubt: a difference of this payment is named and not explained.
        ruled_out: numbers of lines of which a person says just now that they are others.
    """

    payment: Payment
    lines: Mapping[str, Refund] = field(default_factory=dict)
    in_doubt: bool = False
    ruled_out: frozenset[str] = frozenset()


def examine(refund: Refund, reported: ReportedPayment, records: Records) -> Finding:
    """Step 2 of docs/specification.md 4: what a fresh reading says about this refund.

    ``UNCLEAR`` is the answer for anything that the steps do not name: another payment than the one
    that was captured; an unknown status; a history that does not add up to what was cancelled, as
    one that PortOne left out (a line that is not shown may be this refund); our tag with another
    amount; or a line that may be this money already.
    """
    if not is_our_payment(records.payment, reported):
        return Finding.UNCLEAR
    if own_line(refund, reported) is not None:
        return Finding.DONE
    if reported.is_unclear:
        return Finding.UNCLEAR
    if not adds_up(reported) or has_own_tag_otherwise(refund, reported):
        return Finding.UNCLEAR
    if refund.is_unsent and has_nothing_left(reported):
        return Finding.IMPOSSIBLE
    if doubtful_lines(refund, reported, records):
        return Finding.UNCLEAR
    if has_nothing_left(reported) or reported.balance < refund.amount:
        return Finding.IMPOSSIBLE
    if records.in_doubt:
        return Finding.UNCLEAR
    return Finding.POSSIBLE


# Is it the payment that we captured?


def is_our_payment(payment: Payment, reported: ReportedPayment) -> bool:
    """Tell whether what was read is the payment of our records: number, amount and channel."""
    return (
        shows_our_number(payment, reported)
        and shows_our_amount(payment, reported)
        and shows_our_channel(payment, reported)
    )


def shows_our_number(payment: Payment, reported: ReportedPayment) -> bool:
    """Both numbers: PortOne's and the one that this till gave the attempt."""
    return (reported.imp_uid, reported.merchant_uid) == (payment.imp_uid, payment.merchant_uid)


def shows_our_amount(payment: Payment, reported: ReportedPayment) -> bool:
    """The amount that was captured."""
    return reported.amount == payment.amount


def shows_our_channel(payment: Payment, reported: ReportedPayment) -> bool:
    """Real or test money as recorded; and of a payment that was accepted, won by KakaoPay. One
    that was rejected may have been rejected for just that."""
    if reported.sandbox != payment.sandbox:
        return False
    if payment.standing is PaymentStanding.REJECTED:
        return True
    return reported.in_won and reported.by_kakaopay is True


# What is left of it?


def adds_up(reported: ReportedPayment) -> bool:
    """The history shows all that was cancelled."""
    return sum(line.amount for line in reported.cancellations) == reported.cancelled


def has_nothing_left(reported: ReportedPayment) -> bool:
    """All went back, or nothing was ever captured."""
    return reported.balance <= 0 or not reported.money_moved


# Which line of the history is this refund, and which may be?


def has_own_tag_otherwise(refund: Refund, reported: ReportedPayment) -> bool:
    """Our tag with another amount, or with something behind it that is no tag."""
    return any(
        refund.tag in line.reason and tag_at_end(line.reason) in ("", refund.tag)
        for line in reported.cancellations
        if line is not own_line(refund, reported)
    )


def doubtful_lines(
    refund: Refund, reported: ReportedPayment, records: Records
) -> tuple[ReportedCancellation, ...]:
    """Return the lines that may be this refund, or this money by another way: those that name its
    item, and those of its amount without a whole tag of ours that are no refund of ours in the
    records. What a person has said it about is known to be another."""
    return tuple(
        line
        for line in reported.cancellations
        if line is not own_line(refund, reported)
        and (
            names_item(refund, line, records)
            or (not is_accounted_for(refund, line, records) and may_be_of(refund, line))
        )
    )


def names_item(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """Its whole tag names this refund's item, or this payment as a whole: an item goes back once.
    The returns of a rejected payment that are recorded are accounted for."""
    tag = tag_at_end(line.reason)
    if not tag or item_in(tag) != refund.item_id:
        return False
    return refund.item_id is not None or line.cancellation_id not in records.lines


def is_accounted_for(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """It is recorded as a refund of ours, or a person said that it is none of this refund.

    That it was recorded before an item's refund was wanted says nothing: whose money a cancel of
    others was stands in no record, and it may be this item's, made after an older copy that was
    put back, with a tag that KakaoPay spoilt. The money of no single item is reckoned from what
    was left then, so that earlier lines are no part of it."""
    if line.cancellation_id in records.ruled_out:
        return True
    record = records.lines.get(line.cancellation_id)
    if record is None:
        return False
    if record.origin is not RefundOrigin.ELSEWHERE:
        return True
    if refund.item_id is None and record.id < refund.id:
        return True
    return record.id <= refund.reviewed_to


def may_be_of(refund: Refund, line: ReportedCancellation) -> bool:
    """It has no whole tag, and half a tag that may name the item, or just the amount. KakaoPay may
    cut the reason (docs/portone.md, "What the schemas do not settle")."""
    if tag_at_end(line.reason):
        return False
    return may_name_item(line.reason, refund.item_id) or fits_amount(refund, line)


def fits_amount(refund: Refund, line: ReportedCancellation) -> bool:
    """It has the refund's amount. Of a rejected payment all goes back whoever sends a part, so
    before its first send no part can be meant for the rest."""
    if refund.origin is RefundOrigin.REJECTED_PAYMENT and refund.is_unsent:
        return False
    return line.amount == refund.amount


# What does an answer to a send show?


def new_line(
    refund: Refund, before: ReportedPayment, after: ReportedPayment
) -> ReportedCancellation | None:
    """Return the one line that ``after`` has and ``before`` has not, if it can be this refund."""
    old = {line.cancellation_id for line in before.cancellations}
    fresh = [line for line in after.cancellations if line.cancellation_id not in old]
    if len(fresh) != 1 or fresh[0].amount != refund.amount:
        return None
    return fresh[0] if tag_at_end(fresh[0].reason) in ("", refund.tag) else None


def landed(refund: Refund, before: ReportedPayment, answer: ReportedPayment) -> bool:
    """Tell whether PortOne's clear answer to a send shows that this refund was made.

    Our tag in the history shows it; so does a balance that is smaller by exactly the amount with
    one new line of it, because PortOne compared the checksum first (and KakaoPay may not keep the
    reason whole: docs/portone.md, "What the schemas do not settle"). Neither counts in the answer
    about another payment.
    """
    if not is_same_payment(before, answer):
        return False
    if own_line(refund, answer) is not None:
        return True
    return (
        adds_up(answer)
        and answer.balance == before.balance - refund.amount
        and new_line(refund, before, answer) is not None
    )


def is_same_payment(before: ReportedPayment, after: ReportedPayment) -> bool:
    """Two readings are of one payment: numbers, amount, and real or test money."""
    return (before.imp_uid, before.merchant_uid, before.amount, before.sandbox) == (
        after.imp_uid,
        after.merchant_uid,
        after.amount,
        after.sandbox,
    )


def shows_nothing_moved(refund: Refund, before: ReportedPayment, after: ReportedPayment) -> bool:
    """Tell whether a reading after a refused send shows that nothing was done: the same payment,
    the same balance, the same lines, none with this refund's tag or its item's number."""
    return (
        is_same_payment(before, after)
        and not after.is_unclear
        and adds_up(after)
        and after.balance == before.balance
        and _line_numbers(after) == _line_numbers(before)
        and not any(refund.tag in line.reason for line in after.cancellations)
        and not any(_has_tag_of_item(refund, line) for line in after.cancellations)
    )


def _line_numbers(reported: ReportedPayment) -> list[str]:
    return sorted(line.cancellation_id for line in reported.cancellations)


def _has_tag_of_item(refund: Refund, line: ReportedCancellation) -> bool:
    tag = tag_at_end(line.reason)
    return refund.item_id is not None and bool(tag) and item_in(tag) == refund.item_id
