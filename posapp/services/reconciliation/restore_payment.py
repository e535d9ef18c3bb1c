"""Restores payments that PortOne knows and our records lack: an older copy of the database replaced
the one that recorded them.

Numbers and tags identify what they are about (``domain.merchant_numbers``). Only an unambiguous
match is restored; everything else becomes a mismatch with its evidence, and no money moves.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from posapp.domain.merchant_numbers import trailing_tag
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.payments import (
    Attempt,
    AttemptState,
    ReportedPayment,
)
from posapp.domain.vat import KakaoPayTax, TaxSplit
from posapp.domain.verification import PaymentProblem, VerificationAction, verify
from posapp.services.bookkeeping.cash_records import held_cash
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.bookkeeping.lost_payments import is_of_whole, note_lost_payment
from posapp.services.payments.record_payment import (
    RESTORED,
    create_auto_refund,
    record_accepted,
    record_rejected,
)
from posapp.services.ports.system import IdGenerator
from posapp.services.ports.unit_of_work import UnitOfWork

MAX_CLOCK_SKEW = timedelta(minutes=15)
"""An order created more than this after the payment is another one with the same number."""


class PaymentRestorer:
    """Restores a freshly read payment in the caller's unit of work."""

    def __init__(self, ids: IdGenerator, *, live: bool, kakaopay_tax: KakaoPayTax) -> None:
        self._ids = ids
        self._kakaopay_tax = kakaopay_tax
        self._live = live

    def restore(
        self, uow: UnitOfWork, order_id: int, reported: ReportedPayment, now: datetime
    ) -> bool:
        """Restore a payment under a number of this till that has no attempt: record attempt,
        payment and its refunds as they must have been.

        Args:
            order_id: the order that the number contains.

        Returns:
            ``False`` if it fits no order in its current state; a mismatch was noted.
        """
        order = uow.orders.get(order_id)
        cash = held_cash(uow, order_id)
        attempt = self._attempt(reported, order_id, order, cash, uow.record_ids.till, now)
        whole = reported.before_cancellations()
        recorded = uow.payments.get(reported.imp_uid)
        was_paid = not reported.is_unclear or any(
            trailing_tag(line.reason) for line in reported.cancellations
        )
        verdict = verify(
            whole if was_paid else reported,
            attempt,
            order,
            recorded=recorded,
            live=self._live,
            cash=cash,
        )
        refunded = any(is_of_whole(line) for line in reported.cancellations)
        accepted = verdict.action is VerificationAction.ACCEPT and not refunded
        # A payment for an order that is paid in this database may have paid it in the newer one. It
        # is returned only if the newer database had begun to return it.
        rejected = recorded is None and refunded
        too_young = order is not None and order.created_at > attempt.created_at + MAX_CLOCK_SKEW
        if order is None or too_young or not (accepted or rejected):
            note_lost_payment(uow, reported, verdict.problem, now)
            return False
        attempt = uow.attempts.add(attempt)
        if accepted:
            payment = record_accepted(uow, attempt, order, reported, now)
            record_external_cancellations(uow, payment, reported, now)
            return True
        problem = verdict.problem or PaymentProblem.ORDER_PAID
        payment = record_rejected(uow, attempt, order, reported, problem, now)
        record_external_cancellations(uow, payment, reported, now)
        if reported.refundable_balance > 0:
            tag = self._ids.refund_tag(None)
            create_auto_refund(uow, payment, reported, problem, tag, now)
        return True

    def _attempt(
        self,
        reported: ReportedPayment,
        order_id: int,
        order: Order | None,
        cash: Won,
        till: int,
        now: datetime,
    ) -> Attempt:
        """Return the attempt as it must have been. Its amount is the total of its order
        without the cash that was received, if that is not paid: several payments, also of other
        amounts, may have been made under its number. What its link declared free of tax follows
        from the goods, as PortOne reports nothing of it."""
        sale = order.tax_split if order is not None else TaxSplit()
        expected = sale.total - cash if order is not None and not order.is_paid else reported.amount
        amount = expected if expected > 0 else reported.amount
        at = reported.moved_at or now
        return Attempt(
            id=0,
            order_id=order_id,
            merchant_uid=reported.merchant_uid,
            amount=amount,
            created_at=at,
            state=AttemptState.EXPIRED,
            expires_at=at,
            first_seen_at=at,
            closed_at=at,
            reason=RESTORED,
            # Other payments under this number are searched for as after the end of any attempt.
            next_check_at=now,
            provider=reported.provider,
            till=till,
            tax_free=(
                self._kakaopay_tax.tax_free_of(sale, amount) if amount <= sale.total else ZERO
            ),
        )
