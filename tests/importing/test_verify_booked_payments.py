"""Payments that earlier versions booked from a file without asking PortOne are verified once, and
reported if PortOne shows otherwise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import IMPORT, Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.ledger import LedgerEvent, NewEntry
from posapp.domain.money import Won
from posapp.domain.payments import Payment, PaymentDisposition, ReportedPayment, ReportedStatus
from posapp.services.importing.payment_query_job import AT_ONCE
from posapp.services.importing.verify_booked_payments import (
    VERIFICATION_REQUESTED,
    BookedPaymentVerification,
)
from posapp.services.ports.outbox import MismatchKind
from posapp.services.runtime.gateways import Gateways
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock
from tests.importing.readings import Answer, ReadingGateway

NOW = FakeClock().now() - timedelta(days=400)


def book(store: SqlStore, number: int, actor: Actor = IMPORT) -> Payment:
    payment = Payment(
        f"imp_{number:03}", f"m-{number}", number, Won(5000), NOW, PaymentDisposition.ACCEPTED,
        sandbox=True,
    )  # fmt: skip
    with store.transaction() as uow:
        uow.payments.add(payment)
        uow.ledger.append(
            NewEntry(
                LedgerEvent.PAYMENT_CAPTURED, payment.amount, actor, NOW, order_id=number,
                imp_uid=payment.imp_uid, reference=payment.imp_uid,
            )
        )  # fmt: skip
        uow.commit()
    return payment


def seen(payment: Payment) -> ReportedPayment:
    return ReportedPayment(
        payment.imp_uid, payment.merchant_uid, ReportedStatus.PAID, payment.amount, sandbox=True,
        pg_provider="kakaopay", paid_at=payment.paid_at,
    )  # fmt: skip


def named(store: SqlStore) -> list[tuple[MismatchKind, str]]:
    with store.snapshot() as uow:
        return [(one.kind, one.imp_uid) for one in uow.mismatches.open(99)]


def is_over(store: SqlStore) -> bool:
    with store.snapshot() as uow:
        return uow.checkpoints.get(VERIFICATION_REQUESTED) is not None


def run(job: BookedPaymentVerification, clock: FakeClock, times: int = 1) -> None:
    for _ in range(times):
        clock.advance(milliseconds=job.due_in_ms())
        job.run()
        assert job.due_in_ms() > 0


def test_each_payment_is_verified_once_and_differences_are_recorded(store: SqlStore) -> None:
    payments = [book(store, n) for n in range(1, AT_ONCE + 4)]
    own = book(store, 900, actor=Actor.buyer(1))
    answers: dict[str, Answer] = {one.imp_uid: seen(one) for one in payments}
    answers[payments[0].imp_uid] = replace(seen(payments[0]), amount=Won(50_000))
    answers[payments[1].imp_uid] = None
    answers[payments[2].imp_uid] = replace(seen(payments[2]), merchant_uid="web-1")
    clock, gateway = FakeClock(), ReadingGateway(answers)
    job = BookedPaymentVerification(store, Gateways(gateway), clock, live=False)
    run(job, clock)
    assert not is_over(store)
    run(job, clock)
    assert is_over(store)
    assert gateway.requested == [one.imp_uid for one in payments]
    assert own.imp_uid not in gateway.requested
    assert sorted(named(store)) == sorted(
        [
            (MismatchKind.AMOUNT_DIFFERS, payments[0].imp_uid),
            (MismatchKind.NOT_AT_PORTONE, payments[1].imp_uid),
            (MismatchKind.FOREIGN_PAYMENT, payments[2].imp_uid),
        ]
    )
    with store.snapshot() as uow:
        assert sum(int(row.entry.amount) for row in uow.ledger.rows(0, 99)) == 5000 * (
            len(payments) + 1
        ), "the books stay what they are"
    run(BookedPaymentVerification(store, Gateways(gateway), clock, live=False), clock)
    assert len(gateway.requested) == len(payments), "over for good"


@pytest.mark.parametrize("cause", [GatewayCause.OFFLINE, GatewayCause.GARBAGE])
def test_without_an_answer_it_is_not_over(store: SqlStore, cause: GatewayCause) -> None:
    payment = book(store, 1)
    clock = FakeClock()
    gateway = ReadingGateway({payment.imp_uid: GatewayError(GatewayOutcome.UNKNOWN, cause)})
    job = BookedPaymentVerification(store, Gateways(gateway), clock, live=False)
    run(job, clock, times=3)
    assert (is_over(store), named(store)) == (False, [])
    gateway.answers = {payment.imp_uid: None}
    run(job, clock, times=2)
    assert is_over(store)
    assert named(store) == [(MismatchKind.NOT_AT_PORTONE, payment.imp_uid)]


def test_new_shop_makes_no_verification_call(store: SqlStore) -> None:
    clock, gateway = FakeClock(), ReadingGateway({})
    run(BookedPaymentVerification(store, Gateways(gateway), clock, live=False), clock)
    assert is_over(store)
    assert gateway.requested == []


def test_keys_of_another_account_name_nothing(store: SqlStore) -> None:
    payment = book(store, 1)
    clock, gateway = FakeClock(), ReadingGateway({})
    gateway.own_account = False
    job = BookedPaymentVerification(store, Gateways(gateway), clock, live=False)
    run(job, clock, times=2)
    assert (gateway.requested, named(store), is_over(store)) == ([], [], False)
    gateway.own_account, gateway.answers = True, {payment.imp_uid: seen(payment)}
    run(job, clock, times=2)
    assert (named(store), is_over(store)) == ([], True)
