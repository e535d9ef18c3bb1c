"""The till without one of its guards: it does not read before it sends, sends no checksum, sends
before it stores, believes every refusal, sends again at once, does not compare what it read, or
does not wait after an older copy was restored; a receipt that is not what the cash is, and a shift
whose drawer or report is not what the ledger says."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from unittest import mock

from posapp.domain import refund_evidence
from posapp.domain.cash_receipts import CashReceipt, ReceiptProblem, ReceiptTrigger
from posapp.domain.errors import GatewayError
from posapp.domain.merchant_numbers import build_refund_tag
from posapp.domain.money import ZERO
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund, RefundState, RefundTrigger
from posapp.portone import outcome_table
from posapp.portone.refusals import KnownRefusal
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping import cash_records
from posapp.services.cash import closing
from posapp.services.cash_receipts.receipt_protocol import ReceiptProtocol, Round
from posapp.services.ports.gateway import RefundCommand
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_strategy import StepOutcome, StepResult
from posapp.store.repositories.checkpoints import SqlCheckpoints
from tests.fakes.books_gateway import BooksGateway


class BlindRefunding(RefundProtocol):
    """Believes its own records instead of reading; the rest is the real protocol."""

    def run_once(self, refund_id: int, rounds: int) -> StepResult:
        begun = self._begin(refund_id)
        if begun is None or not begun[0].is_open:
            return StepResult(StepOutcome.OVER)
        refund, _ = begun
        if refund.state is RefundState.NEEDS_REVIEW:
            return StepResult(StepOutcome.PERSON)
        with self._store.snapshot() as uow:
            payment = uow.payments.get(refund.imp_uid)
            gone = [
                each.amount
                for each in uow.refunds.of_payment(refund.imp_uid)
                if each.state is RefundState.CONFIRMED
            ]
        assert payment is not None
        left = payment.amount - sum(gone, ZERO)
        if left < refund.amount:
            return StepResult(StepOutcome.PERSON)
        remembered = ReportedPayment(
            imp_uid=payment.imp_uid,
            merchant_uid=payment.merchant_uid,
            status=ReportedStatus.PAID,
            amount=payment.amount,
            cancelled=payment.amount - left,
            paid_at=payment.paid_at,
        )
        return self._send(refund, remembered)


class UncheckedGateway(BooksGateway):
    """The same calls on the wire, but for the checksum."""

    def __init__(self, sandbox: Sandbox) -> None:
        super().__init__(sandbox)
        books_cancel = self._books.cancel
        sandbox.books.cancel = lambda order, **how: books_cancel(  # type: ignore[method-assign]
            replace(order, checksum=None), **how
        )


class ForgetfulRefunding(RefundProtocol):
    """Makes the tag when it sends, and stores the tag and the send itself only after the answer;
    the rest is the real protocol: it reads first, and sends the balance that it read."""

    sent = 0

    def _send(self, refund: Refund, reported: ReportedPayment) -> StepResult:
        self.sent += 1
        tag = build_refund_tag(refund.item_id, f"T{self.sent}")
        order = RefundCommand(
            reported.ref,
            refund.amount,
            reported.refundable_balance,
            f"{refund.reason} {tag}",
            tag,
            send_number=1,
        )
        try:
            answer = self._gateways.for_(reported.ref).cancel(order)
        except GatewayError as error:
            return StepResult(StepOutcome.LATER, error.cause.value, error)
        with self._store.transaction() as uow:
            current = uow.refunds.get(refund.id)
            assert current is not None
            uow.refunds.save(
                replace(
                    current.apply(RefundTrigger.SEND_STARTED),
                    expected_balance=reported.refundable_balance,
                    send_count=1,
                )
            )
            uow.commit()
        self._completion.confirm(refund.id, answer.payment, before=reported)
        return StepResult(StepOutcome.OVER)


def believing_every_refusal() -> AbstractContextManager[object]:
    """Accept every refusing text as a refusal: the white list is off."""
    every = KnownRefusal("whatever", "twin")
    return mock.patch.object(outcome_table, "known_refusal", lambda purpose, text: every)


def sending_again_at_once() -> AbstractContextManager[object]:
    """Do not wait after an unclear send."""
    return mock.patch.object(RefundProtocol, "_may_still_land", lambda self, refund: False)


def comparing_nothing_read() -> AbstractContextManager[object]:
    """Accept a reading of another payment, or with another amount."""
    return mock.patch.object(refund_evidence, "is_our_payment", lambda payment, reported: True)


def deciding_before_comparing() -> AbstractContextManager[object]:
    """Treat an older copy like any other file."""
    return mock.patch.object(SqlCheckpoints, "behind_since", lambda self: None)


def taking_lost_receipts_for_refused() -> AbstractContextManager[object]:
    """Take an issue without an answer for one that was refused: a person asks for another one."""

    def refused(self: ReceiptProtocol, sending: CashReceipt, error: GatewayError) -> Round:
        self._give_up(sending, ReceiptTrigger.REFUSED, ReceiptProblem.REFUSED, error)
        return Round(error=error)

    return mock.patch.object(ReceiptProtocol, "_after_error", refused)


def leaving_receipts_behind() -> AbstractContextManager[object]:
    """Hand cash out, and leave the receipt of its sale as it is."""
    return mock.patch.object(cash_records, "revise_receipt")


def leaving_cash_in_the_drawer() -> AbstractContextManager[object]:
    """Close a shift, and record neither what was counted nor what it is over or short by."""
    return mock.patch.object(closing, "_end_drawer")


def reporting_from_the_first_day() -> AbstractContextManager[object]:
    """Report all that was ever sold, not what was sold since the report before."""
    return mock.patch.object(
        closing, "_figures", lambda uow, shift: uow.z_reports.figures(0, shift.opening_float)
    )
