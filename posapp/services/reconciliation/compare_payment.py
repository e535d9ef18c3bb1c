"""Compares one payment at PortOne with our records: resolves a difference by rule, or notes it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from posapp.domain.merchant_numbers import order_id_of, trailing_tag
from posapp.domain.money import ZERO, Won
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import Payment, ReportedPayment
from posapp.domain.refunds import Refund, RefundOrigin, RefundState, find_own_cancellation
from posapp.services.bookkeeping.external_cancellations import (
    note_cancel_mismatch,
    record_external_cancellations,
    recorded_cancellation_ids,
)
from posapp.services.bookkeeping.mismatch_notes import note_mismatch
from posapp.services.bookkeeping.payment_gap import (
    close_resolved_mismatches,
    unnamed_gap,
    was_explained,
    whole_gap,
)
from posapp.services.bookkeeping.payment_records import payment_ref_of
from posapp.services.payments.record_payment import PaymentRecorder
from posapp.services.ports.outbox import MismatchKind
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.reconciliation.restore_payment import PaymentRestorer
from posapp.services.refunds.complete_refund import RefundCompletion
from posapp.services.runtime.gateways import Gateways
from posapp.services.runtime.periodic_job import Change


class DifferenceKind(StrEnum):
    """How a payment at PortOne differs from our records."""

    NONE = "none"
    FOREIGN = "anothers"
    NOT_RECORDED = "not_recorded"
    MISSING_ATTEMPT = "no_attempt"
    NUMBER_CHANGED = "another_number"
    AMOUNT = "amount"
    STATUS = "status"
    CANCELS = "cancels"


@dataclass(frozen=True, slots=True)
class Resolution:
    """Result for one payment.

    Attributes:
        changed: PortOne knew something that our records did not.
    """

    changed: bool = False
    changes: tuple[Change, ...] = ()


class PaymentComparison:
    """Compares one payment at a time. PortOne's list is a hint only: every decision is made on a
    fresh reading."""

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        clock: Clock,
        recorder: PaymentRecorder,
        refund_completion: RefundCompletion,
        restorer: PaymentRestorer,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._clock = clock
        self._recorder = recorder
        self._refund_completion = refund_completion
        self._restorer = restorer
        self._unknown: set[str] = set()

    def find_differences(self, listed: Sequence[ReportedPayment]) -> tuple[ReportedPayment, ...]:
        """Return the payments of a page that differ from our records, and those whose explained
        difference is over. Local."""
        with self._store.snapshot() as uow:
            explained = uow.mismatches.explained_payments()
            return tuple(
                one
                for one in listed
                if _difference(uow, one) not in (DifferenceKind.NONE, DifferenceKind.FOREIGN)
                or (one.imp_uid in explained and _is_over(uow, one))
            )

    def note_cash_receipts(self, listed: Sequence[ReportedPayment]) -> None:
        """Keep of which payments of a page PortOne reports a cash receipt. No money depends on it,
        so the list is enough."""
        with self._store.snapshot() as uow:
            found = [
                one.imp_uid
                for one in listed
                if one.cash_receipt_issued
                and (payment := uow.payments.get(one.imp_uid)) is not None
                and not payment.cash_receipt_issued
            ]
        if found:
            with self._store.transaction() as uow:
                for imp_uid in found:
                    uow.payments.note_cash_receipt(imp_uid)
                uow.commit()

    def find_missing(self, since: datetime, seen: Collection[str]) -> tuple[PaymentRef, ...]:
        """Return our payments, paid since then, that PortOne's list did not have. Omits those that
        PortOne did not know when this program last read them.

        Args:
            seen: the provider's numbers (imp_uid) in the list.
        """
        with self._store.snapshot() as uow:
            return tuple(
                payment_ref_of(uow, one)
                for one in uow.payments.paid_since(since)
                if one not in seen and one not in self._unknown
            )

    def can_read(self, ref: PaymentRef) -> bool:
        """Return whether the till has a gateway of the payment's provider."""
        return self._gateways.has(ref.provider)

    def resolve(self, ref: PaymentRef) -> Resolution:
        """Read a payment and resolve what differs.

        Raises:
            GatewayError: it could not be read.
        """
        imp_uid = ref.provider_id
        with self._store.snapshot() as uow:
            before = uow.refunds.of_payment(imp_uid)
        fresh = self._gateways.for_(ref).get_payment(ref)
        now = self._clock.now()
        if fresh is None:
            self._unknown.add(imp_uid)
            return Resolution(self._note_unknown(imp_uid, now))
        self._unknown.discard(imp_uid)
        with self._store.snapshot() as uow:
            difference = _difference(uow, fresh)
            attempt = uow.attempts.by_merchant_uid(fresh.merchant_uid)
        if difference is DifferenceKind.NOT_RECORDED and attempt is not None:
            refund_id = self._recorder.record(attempt.id, fresh).refund_id
            changes = [Change("attempt", attempt.id)]
            if refund_id is not None:
                changes.append(Change("refund", refund_id))
            with self._store.snapshot() as uow:
                recorded = uow.payments.get(imp_uid) is not None
            return Resolution(recorded, tuple(changes))
        with self._store.transaction() as uow:
            if uow.refunds.of_payment(imp_uid) != before:
                return Resolution()  # a refund changed meanwhile: the reading may be older
            difference = _difference(uow, fresh)
            compared = self._enter(uow, difference, fresh, now)
            uow.commit()
        return compared

    def _enter(
        self, uow: UnitOfWork, difference: DifferenceKind, fresh: ReportedPayment, now: datetime
    ) -> Resolution:
        if difference is DifferenceKind.MISSING_ATTEMPT:
            order_id = order_id_of(fresh.merchant_uid, uow.checkpoints.till_code()) or 0
            if not self._restorer.restore(uow, order_id, fresh, now):
                return Resolution()
        elif difference is DifferenceKind.CANCELS:
            return self._enter_cancels(uow, fresh, now)
        elif difference is DifferenceKind.AMOUNT:
            return Resolution(
                _note(uow, MismatchKind.AMOUNT_DIFFERS, fresh, fresh.refundable_balance, now)
            )
        elif difference is DifferenceKind.STATUS:
            return Resolution(_note(uow, MismatchKind.UNKNOWN_STATUS, fresh, fresh.held, now))
        elif difference is DifferenceKind.NUMBER_CHANGED:
            return Resolution(_note(uow, MismatchKind.FOREIGN_PAYMENT, fresh, ZERO, now))
        else:
            payment = uow.payments.get(fresh.imp_uid)
            return Resolution(
                payment is not None
                and close_resolved_mismatches(uow, payment, fresh.refundable_balance, now)
            )
        return Resolution(True, _changes(uow, fresh.imp_uid))

    def _enter_cancels(self, uow: UnitOfWork, fresh: ReportedPayment, now: datetime) -> Resolution:
        refunds = uow.refunds.of_payment(fresh.imp_uid)
        confirmed = False
        for refund in refunds:
            # A person was to decide about it; PortOne's history now shows that it was made.
            if refund.state is RefundState.NEEDS_REVIEW and (
                line := find_own_cancellation(refund, fresh)
            ):
                self._refund_completion.record_confirmed(
                    uow, refund, line.cancellation_id, fresh, actor=refund.approved_by
                )
                uow.outbox.close(refund.id)
                confirmed = True
        refunds = uow.refunds.of_payment(fresh.imp_uid)
        if any(_may_be_a_line(refund, fresh) for refund in refunds):
            # The refund's own round reads the same history and attributes its lines.
            return Resolution()
        payment = uow.payments.get(fresh.imp_uid)
        if payment is None:
            return Resolution()
        before = uow.ledger.end()
        record_external_cancellations(uow, payment, fresh, now)
        close_resolved_mismatches(uow, payment, fresh.refundable_balance, now)
        named = note_cancel_mismatch(uow, fresh, now)
        found = named or confirmed or uow.ledger.end() != before
        return Resolution(found, _changes(uow, fresh.imp_uid))

    def _note_unknown(self, imp_uid: str, now: datetime) -> bool:
        with self._store.transaction() as uow:
            payment = uow.payments.get(imp_uid)
            if payment is None:
                return False
            gap = unnamed_gap(uow, payment, ZERO, MismatchKind.NOT_AT_PORTONE)
            if not gap and was_explained(uow, imp_uid, MismatchKind.NOT_AT_PORTONE):
                return False
            noted = note_mismatch(
                uow,
                MismatchKind.NOT_AT_PORTONE,
                merchant_uid=payment.merchant_uid,
                imp_uid=imp_uid,
                amount=gap.amount,
                evidence=f"order {payment.order_id}, paid {payment.paid_at.isoformat()}",
                found_at=now,
                gap=gap,
            )
            uow.commit()
        return noted


def _difference(uow: UnitOfWork, reported: ReportedPayment) -> DifferenceKind:
    payment = uow.payments.get(reported.imp_uid)
    if payment is not None:
        return _of_recorded(uow, payment, reported)
    if not reported.was_captured:
        return DifferenceKind.NONE
    if uow.attempts.by_merchant_uid(reported.merchant_uid) is not None:
        return DifferenceKind.NOT_RECORDED
    if order_id_of(reported.merchant_uid, uow.checkpoints.till_code()) is not None:
        return DifferenceKind.MISSING_ATTEMPT
    return DifferenceKind.FOREIGN


def _of_recorded(uow: UnitOfWork, payment: Payment, reported: ReportedPayment) -> DifferenceKind:
    if payment.merchant_uid != reported.merchant_uid:
        return DifferenceKind.NUMBER_CHANGED
    if payment.amount != reported.amount:
        return DifferenceKind.AMOUNT
    refunds = uow.refunds.of_payment(payment.imp_uid)
    gone = sum(one.amount for one in refunds if one.state is RefundState.CONFIRMED)
    # Without external cancels the comparison with our refunds is enough; most payments have none.
    plain = gone == reported.cancelled and all(
        one.origin is not RefundOrigin.EXTERNAL for one in refunds
    )
    if _has_unrecorded_tag(uow, reported):
        return DifferenceKind.CANCELS
    if not plain and unnamed_gap(uow, payment, reported.refundable_balance):
        return DifferenceKind.CANCELS
    return DifferenceKind.STATUS if reported.contradicts_held_money else DifferenceKind.NONE


def _has_unrecorded_tag(uow: UnitOfWork, reported: ReportedPayment) -> bool:
    """Tell whether the history has a refund of ours that our records lack. No explanation covers
    it: an explanation is for what could not be read when it was given."""
    tagged = [line for line in reported.cancellations if trailing_tag(line.reason)]
    if not tagged:
        return False
    known = recorded_cancellation_ids(uow, reported)
    return any(line.cancellation_id not in known for line in tagged)


def _is_over(uow: UnitOfWork, reported: ReportedPayment) -> bool:
    """Tell whether a recorded payment has no difference left, explained or not."""
    payment = uow.payments.get(reported.imp_uid)
    return payment is not None and not whole_gap(uow, payment, reported.refundable_balance)


def _may_be_a_line(refund: Refund, fresh: ReportedPayment) -> bool:
    """Tell whether an open refund may be a line of the history: it was sent, by this database or a
    lost newer one, or a person has it."""
    return refund.is_open and (
        not refund.was_never_sent or find_own_cancellation(refund, fresh) is not None
    )


def _changes(uow: UnitOfWork, imp_uid: str) -> tuple[Change, ...]:
    """Return what screens show of a payment: the attempts of its order, and its refunds."""
    payment = uow.payments.get(imp_uid)
    attempts = uow.attempts.for_order(payment.order_id) if payment is not None else ()
    return (
        *(Change("attempt", one.id) for one in attempts),
        *(Change("refund", one.id) for one in uow.refunds.of_payment(imp_uid)),
    )


def _note(
    uow: UnitOfWork,
    kind: MismatchKind,
    reported: ReportedPayment,
    balance: Won,
    now: datetime,
) -> bool:
    """Note a mismatch. ``False`` if it is noted already, or a person has explained exactly that.

    Args:
        balance: won that PortOne holds of the payment that our records mean.
    """
    payment = uow.payments.get(reported.imp_uid)
    if payment is None:
        return False
    gap = unnamed_gap(uow, payment, balance, kind)
    if not gap and was_explained(uow, payment.imp_uid, kind):
        return False
    return note_mismatch(
        uow,
        kind,
        merchant_uid=reported.merchant_uid,
        imp_uid=reported.imp_uid,
        amount=gap.amount or Won(abs(reported.amount - payment.amount)),
        evidence=f"PortOne {reported.merchant_uid} {reported.amount} {reported.status}; "
        f"here {payment.merchant_uid} {payment.amount}",
        found_at=now,
        gap=gap,
    )
