"""The till without its two guards: it does not read before it sends, and sends no checksum."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.money import ZERO
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.domain.refunds import RefundState
from posapp.sandbox.server import Sandbox
from posapp.services.refunding import Refunding, Round, RoundResult
from tests.fakes.books_gateway import BooksGateway


class BlindRefunding(Refunding):
    """Believes its own records instead of reading; the rest is the real protocol."""

    def carry_out(self, refund_id: int, rounds: int) -> RoundResult:
        refund = self._begin(refund_id)
        if refund is None or not refund.is_open:
            return RoundResult(Round.OVER)
        if refund.state is RefundState.NEEDS_PERSON:
            return RoundResult(Round.PERSON)
        with self._store.reading() as uow:
            payment = uow.payments.get(refund.imp_uid)
            gone = [
                each.amount
                for each in uow.refunds.of_payment(refund.imp_uid)
                if each.state is RefundState.CONFIRMED
            ]
        assert payment is not None
        left = payment.amount - sum(gone, ZERO)
        if left < refund.amount:
            return RoundResult(Round.PERSON)
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
        sandbox.books.cancel = lambda order: books_cancel(  # type: ignore[method-assign]
            replace(order, checksum=None)
        )
