"""The till without one of its guards: it does not read before it sends, sends no checksum, sends
what it has not kept, believes every refusal, sends again at once, does not compare what it read, or
does not wait after an older copy was put in place."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from unittest import mock

from posapp.domain import refund_evidence
from posapp.domain.errors import GatewayError
from posapp.domain.money import ZERO
from posapp.domain.numbers import tag_of
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.domain.refunds import Refund, RefundState, RefundTrigger
from posapp.portone import outcomes
from posapp.portone.refusals import KnownRefusal
from posapp.sandbox.server import Sandbox
from posapp.services.ports.gateway import CancelOrder
from posapp.services.refunding import Refunding, Round, RoundResult
from posapp.store.milestones import SqlMilestones
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


class ForgetfulRefunding(Refunding):
    """Makes up the tag when it sends, and keeps it (and that it sent at all) when it was answered;
    the rest is the real protocol: it reads first, and sends the balance that it read."""

    sent = 0

    def _send(self, refund: Refund, reported: ReportedPayment) -> RoundResult:
        self.sent += 1
        tag = tag_of(refund.item_id, f"T{self.sent}")
        order = CancelOrder(
            refund.imp_uid, refund.amount, reported.balance, f"{refund.reason} {tag}"
        )
        try:
            answer = self._gateway.cancel(order)
        except GatewayError as error:
            return RoundResult(Round.LATER, error.cause.value, error)
        with self._store.writing() as uow:
            current = uow.refunds.get(refund.id)
            assert current is not None
            uow.refunds.save(
                replace(
                    current.after(RefundTrigger.SEND_STARTED), checksum=reported.balance, sends=1
                )
            )
            uow.commit()
        self._settling.confirm(refund.id, answer, before=reported)
        return RoundResult(Round.OVER)


def believing_every_refusal() -> AbstractContextManager[object]:
    """Whatever PortOne says no with is a refusal: the white list is off."""
    every = KnownRefusal("whatever", "twin")
    return mock.patch.object(outcomes, "known_refusal", lambda purpose, text: every)


def sending_again_at_once() -> AbstractContextManager[object]:
    """An unclear send is not waited for."""
    return mock.patch.object(Refunding, "_may_still_land", lambda self, refund: False)


def comparing_nothing_read() -> AbstractContextManager[object]:
    """A reading of another payment, or with another amount, will do."""
    return mock.patch.object(refund_evidence, "is_our_payment", lambda payment, reported: True)


def deciding_before_comparing() -> AbstractContextManager[object]:
    """An older copy is like any other file."""
    return mock.patch.object(SqlMilestones, "behind_since", lambda self: None)
