"""What earlier versions booked on a file's word is asked for once, and named if it is not so."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import Won
from posapp.domain.payments import Payment, PaymentStanding, ReportedPayment, ReportedStatus
from posapp.services.importing.asking import AT_ONCE
from posapp.services.importing.booked_unseen import ASKED, BookedUnseen
from posapp.services.ports.outbox import MismatchKind
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock
from tests.importing.readings import Answer, ReadingGateway

NOW = FakeClock().now() - timedelta(days=400)


def book(store: SqlStore, number: int, actor: str = "import") -> Payment:
    payment = Payment(
        f"imp_{number:03}", f"m-{number}", number, Won(5000), NOW, PaymentStanding.ACCEPTED,
        sandbox=True,
    )  # fmt: skip
    with store.writing() as uow:
        uow.payments.add(payment)
        uow.ledger.append(
            NewEntry(
                Fact.PAYMENT_CAPTURED, payment.amount, actor, NOW, order_id=number,
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
    with store.reading() as uow:
        return [(one.kind, one.imp_uid) for one in uow.mismatches.open(99)]


def is_over(store: SqlStore) -> bool:
    with store.reading() as uow:
        return uow.milestones.get(ASKED) is not None


def run(chore: BookedUnseen, clock: FakeClock, times: int = 1) -> None:
    for _ in range(times):
        clock.advance(milliseconds=chore.due_in_ms())
        chore.run()
        assert chore.due_in_ms() > 0


def test_each_is_asked_for_once_and_what_is_not_so_is_named(store: SqlStore) -> None:
    payments = [book(store, n) for n in range(1, AT_ONCE + 4)]
    own = book(store, 900, actor="buyer:1")
    answers: dict[str, Answer] = {one.imp_uid: seen(one) for one in payments}
    answers[payments[0].imp_uid] = replace(seen(payments[0]), amount=Won(50_000))
    answers[payments[1].imp_uid] = None
    answers[payments[2].imp_uid] = replace(seen(payments[2]), merchant_uid="web-1")
    clock, gateway = FakeClock(), ReadingGateway(answers)
    chore = BookedUnseen(store, gateway, clock, live=False)
    run(chore, clock)
    assert not is_over(store)
    run(chore, clock)
    assert is_over(store)
    assert gateway.asked == [one.imp_uid for one in payments]
    assert own.imp_uid not in gateway.asked
    assert sorted(named(store)) == sorted(
        [
            (MismatchKind.AMOUNT_DIFFERS, payments[0].imp_uid),
            (MismatchKind.NOT_AT_PORTONE, payments[1].imp_uid),
            (MismatchKind.FOREIGN_PAYMENT, payments[2].imp_uid),
        ]
    )
    with store.reading() as uow:
        assert sum(int(row.entry.amount) for row in uow.ledger.rows(0, 99)) == 5000 * (
            len(payments) + 1
        ), "the books stay what they are"
    run(BookedUnseen(store, gateway, clock, live=False), clock)
    assert len(gateway.asked) == len(payments), "over for good"


@pytest.mark.parametrize("cause", [GatewayCause.OFFLINE, GatewayCause.GARBAGE])
def test_without_an_answer_it_is_not_over(store: SqlStore, cause: GatewayCause) -> None:
    payment = book(store, 1)
    clock = FakeClock()
    gateway = ReadingGateway({payment.imp_uid: GatewayError(Outcome.UNKNOWN, cause)})
    chore = BookedUnseen(store, gateway, clock, live=False)
    run(chore, clock, times=3)
    assert (is_over(store), named(store)) == (False, [])
    gateway.answers = {payment.imp_uid: None}
    run(chore, clock, times=2)
    assert is_over(store)
    assert named(store) == [(MismatchKind.NOT_AT_PORTONE, payment.imp_uid)]


def test_a_new_shop_asks_for_nothing(store: SqlStore) -> None:
    clock, gateway = FakeClock(), ReadingGateway({})
    run(BookedUnseen(store, gateway, clock, live=False), clock)
    assert is_over(store)
    assert gateway.asked == []


def test_keys_of_another_account_name_nothing(store: SqlStore) -> None:
    payment = book(store, 1)
    clock, gateway = FakeClock(), ReadingGateway({})
    gateway.own_account = False
    chore = BookedUnseen(store, gateway, clock, live=False)
    run(chore, clock, times=2)
    assert (gateway.asked, named(store), is_over(store)) == ([], [], False)
    gateway.own_account, gateway.answers = True, {payment.imp_uid: seen(payment)}
    run(chore, clock, times=2)
    assert (named(store), is_over(store)) == ([], True)
