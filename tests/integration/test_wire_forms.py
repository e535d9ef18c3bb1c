"""PortOne writes the same facts in any form that its schema documents, over real HTTP: payments
count, refunds are recognised, no name causes a refund, and undecidable cases are recorded
(docs/faults.md, rows 87 and 88)."""

from __future__ import annotations

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause
from posapp.domain.payments import AttemptState
from posapp.domain.refunds import RefundState
from posapp.services.ports.checkpoints import RECONCILED_UNTIL
from posapp.services.ports.outbox import MismatchKind
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101
HARMLESS = [
    {"paid_time": "documented"},
    {"paid_time": "null"},
    {"paid_time": "documented", "partial_status": "cancelled"},
    {"paid_time": "null", "partial_status": "cancelled", "amounts": "float"},
    {"cancel_fields": "kept"},
    {"amounts": "float"},
    {"currency_case": "lower"},
    {"currency_case": "mixed", "provider_case": "mixed"},
    {"provider_case": "upper"},
    {"empty_list": 400},
    {"empty_list": 404},
]


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1)), an_order(20, (4000, 1)))
    yield till
    till.close()


def dial(till: Till, **form) -> None:
    till.sandbox.faults.conduct.change(**form)


def reconcile(till: Till) -> None:
    till.reconcile_job.request_full()
    till.work(2)


def kinds(till: Till) -> list[MismatchKind]:
    return [one.kind for one in till.unresolved_money_service.mismatches()]


def mark(till: Till):
    with till.store.snapshot() as uow:
        return uow.checkpoints.get(RECONCILED_UNTIL)


def state(till: Till, merchant_uid: str) -> AttemptState:
    with till.store.snapshot() as uow:
        return uow.attempts.by_merchant_uid(merchant_uid).state


@pytest.mark.parametrize("form", HARMLESS, ids=str)
def test_a_day_in_every_form(till, form):
    """Paid; we refund a part, the rest is cancelled in PortOne's console; each is recorded exactly
    once."""
    dial(till, **form)
    imp_uid = till.paid_order(10)
    till.paid_order(20)
    refund = till.cancellation_service.refund(Actor.seller(SELLER), OTHER, "품절", 3000)
    till.pass_time(60, every=5)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    till.check_books()
    till.books.console_cancel(imp_uid)
    reconcile(till)
    till.check_books()
    assert till.ledger_balance() == 4000
    assert set(kinds(till)) <= {MismatchKind.CANCELS_DIFFER}
    assert till.status_store.status.may_send


@pytest.mark.parametrize("paid_time", ["documented", "null"])
def test_whole_cancel_without_paid_time_is_recognised(till, paid_time):
    """docs/faults.md, row 87: the ledger said 8,000 and PortOne 0."""
    imp_uid = till.paid_order(10)
    dial(till, paid_time=paid_time)
    till.books.console_cancel(imp_uid)
    reconcile(till)
    assert till.ledger_balance() == 0
    till.check_books()


@pytest.mark.parametrize("part", [None, 3000])
@pytest.mark.parametrize("paid_time", ["documented", "null"])
def test_a_late_payment_that_was_cancelled_meanwhile_is_not_ignored(till, part, paid_time):
    """docs/faults.md, row 87: no mismatch was recorded, and the remaining money stayed with the
    shop."""
    dial(till, paid_time=paid_time, partial_status="cancelled")
    number = till.payment_service.start(Actor.buyer(BUYER), 10).attempt.merchant_uid
    till.books.open(number)
    till.pass_time(800, every=60)
    paid = till.books.pay(number, late=True)
    till.books.console_cancel(paid.imp_uid, part)
    till.pass_time(3600, every=60)
    assert state(till, number) is AttemptState.PAID
    assert till.books.balance(paid.imp_uid) == 0
    till.check_books()


@pytest.mark.parametrize("form", [400, 404])
def test_a_quiet_day_begins_with_an_empty_list(till, form):
    """docs/faults.md, row 88: after a start on a quiet day nothing was ever sent."""
    dial(till, empty_list=form)
    till.work(3)
    assert till.status_store.status.may_send
    assert till.status_store.status.reconcile_trouble == ""
    assert mark(till) is not None


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "envelope", "http": 400, "message": "조회 기간은 최대 90일입니다."},
        {"kind": "envelope", "http": 400, "message": "올바르지 않은 요청입니다."},
        {"kind": "envelope", "http": 403, "message": "접근 권한이 없습니다."},
        {"kind": "envelope", "http": 200, "code": -1, "message": "점검 중"},
        {"kind": "envelope", "http": 400, "code": 0, "message": "page"},
        {"kind": "status", "status": 400, "body": {"message": "page"}},
        {"kind": "status", "status": 404, "body": "page not found", "content_type": "text/html"},
        {"kind": "status", "status": 500, "body": {"code": -1, "message": "page"}},
    ],
    ids=str,
)
def test_other_list_error_is_not_an_empty_list(till, fault):
    kind = fault.pop("kind")
    till.sandbox.faults.add(kind, path="/payments/status/*", **fault)
    till.work(3)
    assert not till.status_store.status.may_send
    assert mark(till) is None
    fault["kind"] = kind


def test_paid_with_an_amount_of_0_is_recorded_and_not_decided(till):
    dial(till, zero_paid=True)
    number = till.payment_service.start(Actor.buyer(BUYER), 10).attempt.merchant_uid
    paid = till.books.pay(number)
    till.pass_time(60, every=5)
    assert kinds(till) == [MismatchKind.UNKNOWN_STATUS]
    assert not till.order(10).is_paid
    assert till.books.balance(paid.imp_uid) == 8000
    dial(till, zero_paid=False)
    till.pass_time(3600, every=60)
    assert till.order(10).is_paid, "it was looked at again"
    till.check_books()


def test_recorded_payment_with_an_amount_of_0_is_a_mismatch(till):
    till.paid_order(10)
    dial(till, zero_paid=True)
    reconcile(till)
    assert kinds(till) == [MismatchKind.AMOUNT_DIFFERS]


@pytest.mark.parametrize(
    ("lie", "gap"),
    [
        ({"status": "failed", "paid_at": 0}, -8000),
        ({"status": "ready", "paid_at": 0}, -8000),
        ({"status": "cancelled", "paid_at": 0}, 0),
    ],
    ids=str,
)
def test_recorded_payment_with_contradicting_status_is_a_mismatch(till, lie, gap):
    """Neighbours of the amount of 0: the money is in our ledger, and PortOne says otherwise."""
    imp_uid = till.paid_order(10)
    till.sandbox.faults.add("lie", fields=lie, method="GET", path="/payments/*")
    reconcile(till)
    named = [
        (one.kind, one.imp_uid, one.ledger_gap)
        for one in till.unresolved_money_service.mismatches()
    ]
    assert named == [(MismatchKind.UNKNOWN_STATUS, imp_uid, gap)]
    till.sandbox.faults.clear()
    reconcile(till)
    assert len(till.unresolved_money_service.mismatches()) == 1, "it stays until it is explained"
    till.check_books()


def test_unknown_status_with_equal_amounts_is_no_mismatch(till):
    imp_uid = till.paid_order(10)
    till.sandbox.faults.add("lie", fields={"status": "melted"}, method="GET", path="/payments/*")
    reconcile(till)
    assert kinds(till) == []
    till.books.console_cancel(imp_uid)
    reconcile(till)
    assert (kinds(till), till.ledger_balance()) == ([], 0), "what moved follows from the amounts"
    till.check_books()


def test_payment_without_a_provider_name_is_not_refunded(till):
    """The provider is optional: null does not show which provider took the money."""
    dial(till, optional_texts="null")
    number = till.payment_service.start(Actor.buyer(BUYER), 10).attempt.merchant_uid
    paid = till.books.pay(number)
    till.pass_time(60, every=5)
    assert till.books.balance(paid.imp_uid) == 8000
    assert kinds(till) == [MismatchKind.UNKNOWN_STATUS]
    dial(till, optional_texts="written")
    till.pass_time(3600, every=60)
    assert till.order(10).is_paid
    till.check_books()


# Unreadable lines of the list.


def test_external_line_without_a_number_stops_nothing(till):
    till.books.add_foreign("")
    till.books.add_foreign("web-1", 700)
    dial(till, garbled="web-1")
    till.work(3)
    assert till.status_store.status.may_send
    assert till.status_store.status.reconcile_trouble == ""
    assert mark(till) is not None
    assert kinds(till) == []


def test_a_line_of_another_till_that_cannot_be_read_stops_nothing(till):
    number = NumberedIds("0f0f0f").merchant_uid(3)
    till.books.add_foreign(number)
    dial(till, garbled=number)
    till.work(3)
    assert till.status_store.status.may_send
    assert mark(till) is not None


def test_a_recorded_payment_without_its_number_in_the_list_is_read_alone(till):
    imp_uid = till.paid_order(10)
    dial(till, nameless=imp_uid)
    till.books.console_cancel(imp_uid, 1000)
    reconcile(till)
    assert till.status_store.status.reconcile_trouble == ""
    till.check_books()


def test_a_recorded_payment_that_cannot_be_read_stops_the_mark_by_name(till):
    imp_uid = till.paid_order(10)
    till.books.console_cancel(imp_uid, 1000)
    till.work(3)
    before = mark(till)
    dial(till, garbled=imp_uid)
    till.pass_time(1300, every=60)
    assert mark(till) == before
    assert till.status_store.status.reconcile_trouble == GatewayCause.GARBAGE.value
    (named,) = till.unresolved_money_service.mismatches()
    assert (named.kind, named.imp_uid) == (MismatchKind.UNKNOWN_STATUS, imp_uid)
    dial(till, garbled=None)
    till.pass_time(1300, every=60)
    assert mark(till) > before
    till.check_books()


@pytest.mark.parametrize("cut", [40, 12])
def test_line_with_only_our_number_stops_the_mark_and_is_reported(till, cut):
    with till.store.snapshot() as uow:
        number = NumberedIds(uow.checkpoints.till_code()).merchant_uid(10)[:cut]
    line = {"imp_uid": None, "merchant_uid": number, "amount": 8000}
    page = {"total": 1, "previous": 0, "next": 0, "list": [line]}
    body = {"code": 0, "message": None, "response": page}
    till.sandbox.faults.add("status", status=200, body=body, path="/payments/status/*")
    till.work(3)
    assert mark(till) is None
    (named,) = till.unresolved_money_service.mismatches()
    assert (named.merchant_uid, named.imp_uid) == (number, "")
    till.sandbox.faults.clear()
    till.pass_time(1300, every=60)
    assert mark(till) is not None
