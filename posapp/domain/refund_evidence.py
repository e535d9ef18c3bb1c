"""Evidence about a refund in a fresh reading of its payment (docs/specification.md 4, steps 2 and
4).

Every condition that lets money go out is a function of its own here. What moved follows from
amounts and the history, never from a time or a status; what cannot be decided is ``UNCLEAR``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from posapp.domain.merchant_numbers import item_id_of, may_name_item, part_of, trailing_tag
from posapp.domain.money import ZERO, Won
from posapp.domain.payments import (
    CancellationState,
    Payment,
    PaymentDisposition,
    ReportedCancellation,
    ReportedPayment,
)
from posapp.domain.refunds import (
    Refund,
    RefundAnswer,
    RefundOrigin,
    find_own_cancellation,
    is_own_line,
)


class RefundCheck(StrEnum):
    """Result of checking a payment for a refund, before anything is sent.

    ``PENDING``: a cancellation of the payment is requested and not carried out. Its money is
    neither gone nor free, so nothing is sent and the payment is read again. ``ACCEPTED``: the
    provider accepted this refund, and the reading shows neither that it was made nor that it
    failed.
    """

    DONE = "done"
    PENDING = "pending"
    ACCEPTED = "accepted"
    POSSIBLE = "possible"
    IMPOSSIBLE = "impossible"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class ItemPieces:
    """The pieces of a refund's item, as the records have them.

    Attributes:
        price: won of one, without a discount.
        ordered: how many were ordered, with those of all parts of the item.
        beside: how many of these are paid and on no way back, beside those of the refund.
        discount: of all that were ordered, in won.
    """

    price: Won
    ordered: int
    beside: int = 0
    discount: Won = ZERO

    def may_come_to(self, amount: Won) -> bool:
        """Return whether some of the pieces may come to an amount above 0: without their discount,
        or with their share of it, which differs by a won for each time that others were taken out
        before."""
        if not self.price:
            return False
        most = self.price * self.ordered
        if 0 < amount <= most and amount % self.price == 0:
            return True
        return bool(self.discount) and any(
            -self.ordered <= self._share_of(count) - (self.price * count - amount) <= self.ordered
            for count in range(1, self.ordered + 1)
        )

    def _share_of(self, count: int) -> int:
        return int(self.discount) * count // self.ordered


@dataclass(frozen=True, slots=True)
class Records:
    """Our records of a payment that was read.

    Attributes:
        payment: the payment as it was captured.
        lines: the recorded refund of each recorded cancellation, by the cancellation id of this
            reading.
        in_doubt: the payment has a mismatch that is not explained.
        ruled_out: ids of cancellations that a person, in this action, declares not to be this
            refund.
        pieces: those of the refund's item; ``None``: the refund has no item, or it is unknown.
    """

    payment: Payment
    lines: Mapping[str, Refund] = field(default_factory=dict)
    in_doubt: bool = False
    ruled_out: frozenset[str] = frozenset()
    pieces: ItemPieces | None = None


def check_refund(refund: Refund, reported: ReportedPayment, records: Records) -> RefundCheck:
    """Run step 2 of docs/specification.md 4: compare a fresh reading with this refund.

    ``UNCLEAR`` is the result for everything that the steps do not name: another payment than the
    captured one; an unknown status; a history that does not add up to the cancelled amount,
    including a history that PortOne left out (a missing line may be this refund); our tag with
    another amount; a line that may already be this money; or a mismatch that is not explained.
    """
    if not is_our_payment(records.payment, reported):
        return RefundCheck.UNCLEAR
    if find_own_cancellation(refund, reported) is not None:
        return RefundCheck.DONE
    if reported.requested_cancellations:
        return RefundCheck.PENDING
    if reported.is_unclear:
        return RefundCheck.UNCLEAR
    if not adds_up(reported) or has_own_tag_otherwise(refund, reported):
        return RefundCheck.UNCLEAR
    if refund.was_never_sent and has_nothing_left(reported):
        return RefundCheck.IMPOSSIBLE
    if unattributed_cancellations(refund, reported, records):
        return RefundCheck.UNCLEAR
    if may_be_carried_out(refund, reported):
        return RefundCheck.ACCEPTED
    if has_nothing_left(reported) or reported.refundable_balance < refund.amount:
        return RefundCheck.IMPOSSIBLE
    if records.in_doubt:
        return RefundCheck.UNCLEAR
    return RefundCheck.POSSIBLE


# Identity: is it the payment that we captured?


def is_our_payment(payment: Payment, reported: ReportedPayment) -> bool:
    """Return whether the reading is of the recorded payment: number, amount and channel."""
    return (
        shows_our_number(payment, reported)
        and shows_our_amount(payment, reported)
        and shows_our_channel(payment, reported)
    )


def shows_our_number(payment: Payment, reported: ReportedPayment) -> bool:
    """Return whether the provider and both numbers match: the provider's own and the one that this
    till gave the attempt. A refund is sent to the provider of the reading."""
    return reported.ref == payment.ref


def shows_our_amount(payment: Payment, reported: ReportedPayment) -> bool:
    """Return whether the amount is the captured one."""
    return reported.amount == payment.amount


def shows_our_channel(payment: Payment, reported: ReportedPayment) -> bool:
    """Return whether real or test money matches the record and, for an accepted payment, KakaoPay
    took won. A rejected payment may have been rejected for exactly that."""
    if reported.sandbox != payment.sandbox:
        return False
    if payment.disposition is PaymentDisposition.REJECTED:
        return True
    return reported.in_won and reported.by_kakaopay is True


# Balance: what is left of the payment?


def adds_up(reported: ReportedPayment) -> bool:
    """Return whether the history adds up to the cancelled amount."""
    return sum(line.amount for line in reported.cancellations) == reported.cancelled


def has_nothing_left(reported: ReportedPayment) -> bool:
    """Return whether everything was cancelled, or nothing was ever captured."""
    return reported.refundable_balance <= 0 or not reported.was_captured


# Attribution: which line of the history is this refund, and which may be?


def has_own_tag_otherwise(refund: Refund, reported: ReportedPayment) -> bool:
    """Return whether another line carries our tag: with another amount, or followed by text that is
    not a tag."""
    return any(
        refund.tag in line.reason and trailing_tag(line.reason) in ("", refund.tag)
        for line in reported.cancellations
        if line is not find_own_cancellation(refund, reported)
    )


def unattributed_cancellations(
    refund: Refund, reported: ReportedPayment, records: Records
) -> tuple[ReportedCancellation, ...]:
    """Return the lines that may be this refund, or the same money by another way: those whose whole
    tag names its item, and those that are not accounted for and either hold a partial tag of it or
    have its amount without a whole tag."""
    return tuple(
        line
        for line in reported.cancellations
        if line is not find_own_cancellation(refund, reported)
        and (
            names_item(refund, line, records)
            or may_have_taken_its_pieces(refund, line, reported, records)
            or (not is_accounted_for(refund, line, records) and may_be_of(refund, line, records))
        )
    )


def may_be_carried_out(refund: Refund, reported: ReportedPayment) -> bool:
    """Return whether the provider accepted the last send and the reading does not show that it
    failed. No time ends that.

    Without the number of its line, each send has to show a failed line of its own: a line of an
    earlier send that failed proves nothing about the last one.
    """
    if refund.accepted_line is None:
        return False
    failed = reported.failed_cancellations
    if refund.accepted_line:
        return all(line.cancellation_id != refund.accepted_line for line in failed)
    own = [line for line in failed if is_own_line(refund, line)]
    return len(own) < max(1, refund.send_count)


def names_item(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """Return whether the line's whole tag names this refund's item, or this payment as a whole. An
    item is refunded only once; recorded refunds of a payment as a whole are accounted for."""
    tag = trailing_tag(line.reason)
    if not tag or item_id_of(tag) != refund.item_id:
        return False
    return refund.item_id is not None or line.cancellation_id not in records.lines


def may_have_taken_its_pieces(
    refund: Refund, line: ReportedCancellation, reported: ReportedPayment, records: Records
) -> bool:
    """Return whether the line is of other pieces that were ordered with those of this refund, or of
    all of them, and may have returned these: no record has it with its item, and such lines are of
    more pieces than are left beside those of this refund."""
    taken = _pieces_taken(refund, line, records)
    if not taken:
        return False
    beside = records.pieces.beside if records.pieces is not None else 0
    return sum(_pieces_taken(refund, one, records) for one in reported.cancellations) > beside


def _pieces_taken(refund: Refund, line: ReportedCancellation, records: Records) -> int:
    """Return of how many pieces ordered with those of this refund the line's tag is, if no record
    has it with its item; a tag of all of them counts for more than any item has."""
    tag = trailing_tag(line.reason)
    record = records.lines.get(line.cancellation_id)
    is_placed = record is not None and record.origin is not RefundOrigin.EXTERNAL
    if refund.item_id is None or not tag or is_placed:
        return 0
    own, other = part_of(refund.tag), part_of(tag)
    whole = own.of_item if own is not None else refund.item_id
    if other is not None:
        return other.count if other.of_item == whole else 0
    return _MORE_THAN_ANY if own is not None and item_id_of(tag) == whole else 0


_MORE_THAN_ANY = 2**63


def is_accounted_for(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """Return whether the line is recorded as our refund, or a person decided that it is not this
    refund.

    An external cancellation that was recorded before the refund of an item is not accounted for by
    that. No record says which item it was for: it may be this item's, made after an older copy that
    was restored, with a tag that KakaoPay damaged. The amount of a refund without an item is
    computed from the balance at its creation, so earlier lines are not part of it.
    """
    if line.cancellation_id in records.ruled_out:
        return True
    record = records.lines.get(line.cancellation_id)
    if record is None:
        return False
    if record.origin is not RefundOrigin.EXTERNAL:
        return True
    if refund.item_id is None and record.id < refund.id:
        return True
    return record.id <= refund.reviewed_to


def may_be_of(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """Return whether the line has no whole tag, but a partial tag that may name the item, or an
    amount that fits. KakaoPay may cut the reason (docs/portone.md, "What the schemas do not
    settle")."""
    if trailing_tag(line.reason):
        return False
    return may_name_item(line.reason, refund.item_id) or fits_amount(refund, line, records)


def fits_amount(refund: Refund, line: ReportedCancellation, records: Records) -> bool:
    """Return whether the line has the refund's amount, or the price of some pieces of its item:
    they may have been refunded by themselves, by a database that this one replaced or elsewhere. A
    rejected payment is refunded completely, even if another party sends a part of it; before the
    refund's first send, no partial cancellation can therefore be the rest."""
    if refund.origin is RefundOrigin.REJECTED_PAYMENT and refund.was_never_sent:
        return False
    return line.amount == refund.amount or _is_price_of_pieces(line, records.pieces)


def _is_price_of_pieces(line: ReportedCancellation, pieces: ItemPieces | None) -> bool:
    return pieces is not None and pieces.may_come_to(line.amount)


# Answers: what does an answer to a send show?


def find_new_cancellation(
    refund: Refund, before: ReportedPayment, after: ReportedPayment
) -> ReportedCancellation | None:
    """Return the only line that ``after`` has and ``before`` has not, if it can be this refund."""
    old = {line.cancellation_id for line in before.cancellations}
    fresh = [line for line in after.cancellations if line.cancellation_id not in old]
    if len(fresh) != 1 or fresh[0].amount != refund.amount:
        return None
    return fresh[0] if trailing_tag(fresh[0].reason) in ("", refund.tag) else None


def is_refund_confirmed(refund: Refund, before: ReportedPayment, answer: RefundAnswer) -> bool:
    """Return whether a provider's clear answer to a send proves this refund.

    Our tag in the history proves it. So does a balance that is smaller by exactly the amount, with
    one new line of that amount, because PortOne compared the checksum first (and KakaoPay may not
    keep the reason whole: docs/portone.md, "What the schemas do not settle"). If the provider names
    a line, that new line has to be the one. An answer about another payment, or one that says that
    the money has not gone back, proves nothing.
    """
    shown = answer.payment
    if answer.state is not CancellationState.SUCCEEDED or shown is None:
        return False
    if not is_same_payment(before, shown):
        return False
    if find_own_cancellation(refund, shown) is not None:
        return True
    new = find_new_cancellation(refund, before, shown)
    return (
        adds_up(shown)
        and shown.refundable_balance == before.refundable_balance - refund.amount
        and new is not None
        and (answer.line is None or answer.line.cancellation_id == new.cancellation_id)
    )


def is_same_payment(before: ReportedPayment, after: ReportedPayment) -> bool:
    """Return whether two readings are of one payment: provider, numbers, amount, and real or test
    money."""
    return (before.ref, before.amount, before.sandbox) == (
        after.ref,
        after.amount,
        after.sandbox,
    )


def shows_nothing_moved(refund: Refund, before: ReportedPayment, after: ReportedPayment) -> bool:
    """Return whether a reading after a refused send shows that no money moved: the same payment,
    the same balance, the same lines, none with this refund's tag or its item's id."""
    return (
        is_same_payment(before, after)
        and not after.is_unclear
        and adds_up(after)
        and after.refundable_balance == before.refundable_balance
        and _line_numbers(after) == _line_numbers(before)
        and not any(refund.tag in line.reason for line in after.cancellations)
        and not any(_has_tag_of_item(refund, line) for line in after.cancellations)
    )


def _line_numbers(reported: ReportedPayment) -> list[str]:
    return sorted(line.cancellation_id for line in reported.cancellations)


def _has_tag_of_item(refund: Refund, line: ReportedCancellation) -> bool:
    tag = trailing_tag(line.reason)
    return refund.item_id is not None and bool(tag) and item_id_of(tag) == refund.item_id
