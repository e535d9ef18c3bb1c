"""Payments that files claim: nothing of them counts before PortOne has shown just that money."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.claims import ClaimState
from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.money import Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import ReportedPayment, ReportedStatus
from posapp.sandbox.records import Payment as BooksPayment
from posapp.sandbox.records import Status
from posapp.sandbox.server import Sandbox
from posapp.services.importing import ImportService, Report
from posapp.services.importing.payment_query_job import AT_ONCE
from posapp.services.importing.verify_claims import ClaimVerification
from posapp.services.ports.order_search import OrderFilter
from posapp.services.ports.outbox import MismatchKind
from posapp.services.runtime.gateways import Gateways
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.till import BUYER, Till, an_order
from tests.fakes.world import FakeClock
from tests.importing.conftest import LINE, StillClock, paid_shop, said
from tests.importing.readings import Answer, ReadingGateway, checking, truth_of

Write = Callable[[object], Path]
Change = Callable[[ReportedPayment], ReportedPayment | None]


def nothing_counts(store: SqlStore) -> None:
    with store.snapshot() as work:
        assert work.ledger.rows(0, 10) == ()
        assert work.payments.for_order(7) == ()
        assert work.refunds.for_order(7) == ()
        assert work.requests.waiting_of_item(71) is None
        order = work.orders.get(7)
    assert order is not None
    assert {item.status for item in order.items} == {ItemStatus.WAITING_FOR_PAYMENT}


def named(store: SqlStore) -> list[tuple[MismatchKind, str, str]]:
    with store.snapshot() as work:
        return [(one.kind, one.imp_uid, one.evidence) for one in work.mismatches.open(10)]


def books_payment(sandbox: Sandbox, imp_uid: str) -> BooksPayment:
    payment = sandbox.books.payment(imp_uid)
    assert payment is not None
    return payment


def state(store: SqlStore) -> ClaimState:
    with store.snapshot() as work:
        claim = work.claims.for_order(7)
    assert claim is not None
    return claim.state


def take(importing: ImportService, file: Path) -> tuple[Report, dict[str, ReportedPayment]]:
    batch = importing.read(file)
    return importing.apply(Actor.person(), batch), truth_of(batch)


def with_request(shop: dict[str, Any]) -> dict[str, Any]:
    requested = {"item_id": 71, "kind": "EXCHANGE", "state": "WAIT", "reason": "작아요"}
    return {**shop, "requests": [{**requested, "created_at": "2026-01-06T10:00:00+09:00"}]}


def test_an_import_alone_counts_nothing(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    report, _ = take(importing, json_file(with_request(paid_shop())))
    assert (said(report), report.payments, report.refunds) == ([], 1, 1)
    nothing_counts(store)
    assert state(store) is ClaimState.WAITING


def test_claim_round_trips_through_the_file(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    batch = importing.read(json_file(with_request(paid_shop())))
    importing.apply(Actor.person(), batch)
    (row,) = batch.orders
    with store.snapshot() as work:
        claim = work.claims.for_order(7)
    assert claim is not None
    assert (claim.items, claim.refunds, claim.requests) == (
        row.order.items, row.refunds, row.requests,
    )  # fmt: skip
    assert row.payment is not None
    assert (claim.amount, claim.paid_at) == (row.payment.amount, row.payment.paid_at)
    assert claim.source.startswith("shop.json:")


def test_claim_equal_at_portone_counts_with_all_its_data(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    _, truth = take(importing, json_file(with_request(paid_shop())))
    job = checking(store, truth, live=False)
    assert job.run().error is None
    assert state(store) is ClaimState.CONFIRMED
    with store.snapshot() as work:
        order = work.orders.get(7)
        assert order is not None
        assert [item.status for item in order.items] == [
            ItemStatus.DELIVERY_COMPLETE,
            ItemStatus.CANCEL,
        ]
        payment = work.payments.accepted_of_order(7)
        assert payment is not None
        assert payment.receipt_url == "https://receipts.invalid/imp_700", (
            "PortOne's, not the file's"
        )
        assert [int(row.entry.amount) for row in work.ledger.rows(0, 10)] == [10900, -4500]
        assert work.requests.waiting_of_item(71) is not None
    assert named(store) == []
    assert job.due_in_ms() > 60_000, "nothing waits any more"


def _unpaid(seen: ReportedPayment, status: ReportedStatus) -> ReportedPayment:
    return replace(seen, status=status, paid_at=None, cancelled=Won(0), history=())


def _line(reported: ReportedPayment, **changes: Any) -> ReportedPayment:
    (line,) = reported.cancellations
    changed = replace(line, **changes)
    return replace(reported, history=(changed,), cancelled=changed.amount)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda seen: None, MismatchKind.NOT_AT_PORTONE),
        (lambda seen: replace(seen, merchant_uid="web-1"), MismatchKind.FOREIGN_PAYMENT),
        (lambda seen: replace(seen, imp_uid="imp_1"), MismatchKind.FOREIGN_PAYMENT),
        (lambda seen: replace(seen, amount=Won(50_000)), MismatchKind.AMOUNT_DIFFERS),
        (lambda seen: replace(seen, currency="USD"), MismatchKind.FOREIGN_PAYMENT),
        (lambda seen: replace(seen, pg_provider="html5_inicis"), MismatchKind.FOREIGN_PAYMENT),
        (lambda seen: replace(seen, sandbox=False), MismatchKind.FOREIGN_PAYMENT),
        (
            lambda seen: _unpaid(seen, ReportedStatus.READY),
            MismatchKind.FOREIGN_PAYMENT,
        ),
        (
            lambda seen: _unpaid(seen, ReportedStatus.FAILED),
            MismatchKind.FOREIGN_PAYMENT,
        ),
        (
            lambda seen: replace(seen, history=(), cancelled=Won(0)),
            MismatchKind.CANCELS_DIFFER,
        ),
        (lambda seen: replace(seen, cancelled=Won(10_900)), MismatchKind.CANCELS_DIFFER),
        (lambda seen: _line(seen, amount=Won(4_400)), MismatchKind.CANCELS_DIFFER),
        (lambda seen: _line(seen, cancellation_id="C-2"), MismatchKind.CANCELS_DIFFER),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_claim_different_at_portone_is_named_by_line_and_never_counts(
    importing: ImportService, json_file: Write, store: SqlStore, change: Change, kind: MismatchKind
) -> None:
    _, truth = take(importing, json_file(with_request(paid_shop())))
    checking(store, {"imp_700": change(truth["imp_700"])}, live=False).run()
    nothing_counts(store)
    assert state(store) is ClaimState.DENIED
    ((found, imp_uid, evidence),) = named(store)
    assert (found, imp_uid) == (kind, "imp_700")
    assert "shop.json:" in evidence


def test_a_cancel_to_which_portone_gave_no_number_fits_by_its_amount(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    _, truth = take(importing, json_file(paid_shop()))
    seen = _line(truth["imp_700"], cancellation_id="~1767592800-4500-1")
    checking(store, {"imp_700": seen}, live=False).run()
    assert state(store) is ClaimState.CONFIRMED


def test_live_till_accepts_no_test_payment(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    _, truth = take(importing, json_file(paid_shop()))
    checking(store, truth, live=True).run()
    nothing_counts(store)
    assert named(store)[0][0] is MismatchKind.FOREIGN_PAYMENT


@pytest.mark.parametrize(
    "change",
    [
        lambda seen: replace(seen, status=ReportedStatus.UNKNOWN),
        lambda seen: replace(seen, pg_provider="", emb_pg_provider=""),
    ],
    ids=["status", "provider"],
)
def test_unclear_answer_is_recorded_and_requested_again(
    importing: ImportService, json_file: Write, store: SqlStore, change: Change
) -> None:
    _, truth = take(importing, json_file(paid_shop()))
    clock = FakeClock()
    gateway = ReadingGateway({"imp_700": change(truth["imp_700"])})
    job = ClaimVerification(store, Gateways(gateway), clock, live=False)
    job.run()
    nothing_counts(store)
    assert state(store) is ClaimState.WAITING
    assert named(store)[0][0] is MismatchKind.UNKNOWN_STATUS
    gateway.answers = dict(truth)
    clock.advance(milliseconds=job.due_in_ms())
    job.run()
    assert state(store) is ClaimState.CONFIRMED


@pytest.mark.parametrize(
    "cause",
    [GatewayCause.OFFLINE, GatewayCause.TIMEOUT, GatewayCause.UNAUTHORIZED, GatewayCause.SERVER],
)
def test_without_an_answer_the_claim_waits(
    importing: ImportService, json_file: Write, store: SqlStore, cause: GatewayCause
) -> None:
    _, truth = take(importing, json_file(paid_shop()))
    clock = FakeClock()
    gateway = ReadingGateway({"imp_700": GatewayError(GatewayOutcome.UNKNOWN, cause)})
    job = ClaimVerification(store, Gateways(gateway), clock, live=False)
    for _ in range(3):
        job.run()
        assert 0 < job.due_in_ms() <= 600_000
        clock.advance(milliseconds=job.due_in_ms())
    nothing_counts(store)
    assert (state(store), named(store)) == (ClaimState.WAITING, [])
    gateway.answers = dict(truth)
    while state(store) is ClaimState.WAITING:
        clock.advance(milliseconds=max(1, job.due_in_ms()))
        job.run()
    assert state(store) is ClaimState.CONFIRMED


def test_unreadable_claim_blocks_no_other(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    shop = paid_shop()
    second = {**shop["orders"][0], "id": 8}
    second["items"] = [{**shop["orders"][0]["items"][0], "id": 81}]
    shop["orders"].append(second)
    more = {"order_id": 8, "imp_uid": "imp_800", "merchant_uid": "m-800", "amount": 6400}
    shop["payments"].append({**shop["payments"][0], **more, "cancellations": []})
    _, truth = take(importing, json_file(shop))
    answers: dict[str, Answer] = {
        **truth,
        "imp_700": GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE),
    }
    checking(store, answers, live=False).run()
    with store.snapshot() as work:
        assert work.payments.accepted_of_order(7) is None
        assert work.payments.accepted_of_order(8) is not None


def test_many_claims_are_requested_in_portions(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    shop = paid_shop()
    (order,), (payment,) = shop["orders"], shop["payments"]
    count = AT_ONCE + 5
    shop["orders"] = [
        {**order, "id": n, "items": [{**order["items"][0], "id": n * 10}]}
        for n in range(1, count + 1)
    ]
    shop["payments"] = [
        {
            **payment,
            **{"order_id": n, "imp_uid": f"imp_{n}", "merchant_uid": f"m-{n}", "amount": 6400},
            "cancellations": [],
        }
        for n in range(1, count + 1)
    ]
    report, truth = take(importing, json_file(shop))
    assert (said(report), report.payments) == ([], count)
    clock = FakeClock()
    job = checking(store, truth, clock, live=False)
    job.run()
    assert len(job.waiting()) == 5
    clock.advance(milliseconds=job.due_in_ms())
    job.run()
    assert job.waiting() == ()


def test_denied_claim_is_verified_again_after_a_new_import(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    file = json_file(paid_shop())
    _, truth = take(importing, file)
    job = checking(store, {}, live=False)
    job.run()
    assert state(store) is ClaimState.DENIED
    report, _ = take(importing, file)
    assert (said(report), report.orders.unchanged, report.payments) == ([], 1, 1)
    assert state(store) is ClaimState.WAITING
    checking(store, truth, live=False).run()
    assert state(store) is ClaimState.CONFIRMED
    report, _ = take(importing, file)
    assert (said(report), report.payments) == ([], 0), "known for certain: nothing to ask"


def test_another_claim_for_an_order_that_waits_is_complained_of(
    importing: ImportService, json_file: Write
) -> None:
    take(importing, json_file(paid_shop()))
    shop = paid_shop()
    shop["payments"][0]["imp_uid"] = "imp_701"
    report, _ = take(importing, json_file(shop))
    assert [cause for _, cause, _ in said(report)] == ["order_differs"]


def test_an_order_with_a_claim_is_neither_paid_nor_cancelled_meanwhile(
    tmp_path: Path, json_file: Write, sandbox: Sandbox, clock: FakeClock
) -> None:
    till = Till(tmp_path / "till.db", sandbox, clock)
    take(ImportService(till.store, clock, EVERYTHING, sellers=True), json_file(paid_shop()))
    for act in (
        lambda: till.payment_service.get_summary(Actor.buyer(12), 7),
        lambda: till.payment_service.start(Actor.buyer(12), 7),
        lambda: till.cancellation_service.cancel(Actor.buyer(12), 71, ""),
        lambda: till.cancellation_service.refund(Actor.seller(3), 71, "", 6400),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code is ErrorCode.CLAIM_WAITING
    till.close()


def test_fault_81_another_systems_payment_is_never_refunded(
    tmp_path: Path, json_file: Write, sandbox: Sandbox, clock: FakeClock
) -> None:
    """The web store's payment of 50,000 won, under its own number, is claimed by a file for an
    order of 30,000: no action refunds any of it, and reconciling changes nothing."""
    at = int(clock.now().timestamp()) - 3600
    sandbox.books.take_over(
        [
            BooksPayment(
                imp_uid="imp_webstore",
                merchant_uid="web-20260301-17",
                name="웹 주문",
                amount=50_000,
                started_at=at,
                sequence=0,
                status=Status.PAID,
                paid_at=at,
                updated_at=at,
            )
        ]
    )
    shop = paid_shop()
    shop["orders"][0]["items"] = [
        {**shop["orders"][0]["items"][0], "price": 30_000, "count": 1, "status": "COMPLETE_PAYMENT"}
    ]
    numbers = {"imp_uid": "imp_webstore", "merchant_uid": "web-20260301-17", "amount": 30_000}
    shop["payments"][0].update(numbers, cancellations=[])
    till = Till(tmp_path / "till.db", sandbox, clock)
    claims = ClaimVerification(till.store, Gateways(till.gateway), clock, live=False)
    report, _ = take(ImportService(till.store, clock, EVERYTHING, sellers=True), json_file(shop))
    assert said(report) == []
    claims.run()
    till.reconcile_job.request_full()
    till.pass_time(3600)
    with pytest.raises(UserError):
        till.cancellation_service.refund(Actor.buyer(12), 71, "", 30_000)
    till.pass_time(3600)
    assert books_payment(sandbox, "imp_webstore").cancel_amount == 0
    assert till.ledger_balance() == 0
    ((kind, imp_uid, _),) = named(till.store)
    assert (kind, imp_uid) == (MismatchKind.AMOUNT_DIFFERS, "imp_webstore")
    till.close()


def test_a_payment_of_last_year_is_requested_by_its_number(
    tmp_path: Path, json_file: Write, sandbox: Sandbox, clock: FakeClock
) -> None:
    """Reconciling reads 90 days; a claim is verified at any age. An invented one of last year is
    reported, a real one counts."""
    old = clock.now() - timedelta(days=400)
    shop = paid_shop()
    shop["orders"][0]["created_at"] = shop["payments"][0]["paid_at"] = old.isoformat()
    shop["orders"][0]["items"] = shop["orders"][0]["items"][:1]
    shop["payments"][0].update(amount=6400, cancellations=[])
    till = Till(tmp_path / "till.db", sandbox, clock)
    claims = ClaimVerification(till.store, Gateways(till.gateway), clock, live=False)
    importing = ImportService(till.store, clock, EVERYTHING, sellers=True)
    take(importing, json_file(shop))
    claims.run()
    assert till.ledger_balance() == 0
    assert [kind for kind, _, _ in named(till.store)] == [MismatchKind.NOT_AT_PORTONE]
    sandbox.books.take_over(
        [
            BooksPayment(
                imp_uid="imp_700",
                merchant_uid="m-700",
                name="빵",
                amount=6400,
                started_at=int(old.timestamp()),
                sequence=0,
                status=Status.PAID,
                paid_at=int(old.timestamp()),
                updated_at=int(old.timestamp()),
            )
        ]
    )
    take(importing, json_file(shop))
    clock.advance(milliseconds=claims.due_in_ms())
    claims.run()
    assert till.ledger_balance() == 6400
    till.check_books()
    till.close()


def test_item_of_0_won_is_imported_paid_and_order_of_0_won_is_not(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    shop = paid_shop()
    shop["orders"][0]["items"][1].update(price=0, status="COMPLETE_PAYMENT", cancel_reason="")
    shop["payments"][0].update(amount=6400, cancellations=[])
    _, truth = take(importing, json_file(shop))
    checking(store, truth, live=False).run()
    assert state(store) is ClaimState.CONFIRMED
    for item in shop["orders"][0]["items"]:
        item["price"], item["id"] = 0, item["id"] + 100
    shop["orders"][0]["id"] = shop["payments"][0]["order_id"] = 8
    shop["payments"][0].update(amount=0, imp_uid="imp_701", merchant_uid="m-701")
    report, _ = take(importing, json_file(shop))
    assert [cause for _, cause, _ in said(report)] == ["payment_unwanted"]


def test_a_number_of_an_attempt_of_this_till_pays_no_order_of_a_file(
    tmp_path: Path, json_file: Write, sandbox: Sandbox, clock: FakeClock
) -> None:
    till = Till(tmp_path / "till.db", sandbox, clock)
    till.stock_shop(an_order(99))
    attempt = till.payment_service.start(Actor.buyer(BUYER), 99).attempt
    shop = paid_shop()
    shop["payments"][0]["merchant_uid"] = attempt.merchant_uid
    report, _ = take(ImportService(till.store, clock, EVERYTHING, sellers=True), json_file(shop))
    assert [cause for _, cause, _ in said(report)] == ["payment_taken"]
    till.close()


# A file cannot name the users who decide on money.


@pytest.mark.parametrize(
    ("status", "sellers", "cause"),
    [
        ("SELLER", False, "seller_new"),
        ("SELLER", True, None),
        ("ADMIN", False, "admin_by_file"),
        ("ADMIN", True, "admin_by_file"),
        ("COMMON", False, None),
    ],
)
@pytest.mark.parametrize("known", [False, True])
def test_file_creates_no_seller_without_consent_and_never_an_administrator(
    json_file: Write, store: SqlStore, status: str, sellers: bool, cause: str | None, known: bool
) -> None:
    if known:
        earlier = ImportService(store, StillClock(), EVERYTHING)
        earlier.apply(Actor.person(), earlier.read(json_file(_people("COMMON"))))
    importing = ImportService(store, StillClock(), EVERYTHING, sellers=sellers)
    report = importing.apply(Actor.person(), importing.read(json_file(_people(status))))
    assert [found for _, found, _ in said(report)] == ([cause] if cause else [])
    with store.snapshot() as work:
        user = work.people.get(50)
    if cause is None:
        assert user is not None
        assert user.status.value == status
    else:
        assert user is None or user.status.value == "COMMON"


def test_known_seller_stays_one_without_a_prompt(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    importing.apply(Actor.person(), importing.read(json_file(_people("SELLER"))))
    plain = ImportService(store, StillClock(), EVERYTHING)
    assert said(plain.apply(Actor.person(), plain.read(json_file(_people("SELLER"))))) == []
    report = plain.apply(Actor.person(), plain.read(json_file(_people("COMMON"))))
    assert [cause for _, cause, _ in said(report)] == ["seller_new"]


def test_order_lines_of_an_unknown_seller_are_complained_of_by_line(
    csv_file: Callable[..., Path], store: SqlStore
) -> None:
    plain = ImportService(store, StillClock(), EVERYTHING)
    report = plain.apply(Actor.person(), plain.read(csv_file(LINE)))
    assert said(report) == [(2, "seller_new", "판매자번호")]
    assert not report.written


def _people(status: str) -> dict[str, Any]:
    return {"users": [{"id": 50, "name": "아무개", "status": status}]}


# Only a file is read.


@pytest.mark.parametrize("kind", ["fifo", "folder", "device"])
def test_a_fifo_a_folder_or_a_device_is_refused_at_once(
    importing: ImportService, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "orders.csv"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    else:
        path.symlink_to("/dev/zero")
    with pytest.raises(EnvironmentProblem) as refused:
        importing.read(path)
    assert refused.value.code is EnvironmentCode.FILE_UNREADABLE


def test_order_with_a_claim_is_in_no_list_of_payable_orders(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    file = json_file(paid_shop())
    _, truth = take(importing, file)
    search = SqlOrderSearch(store)
    open_orders = OrderFilter(segment=OrderSegment.OPEN)

    def listed() -> list[int]:
        return [row.order_id for row in search.page(open_orders, 10).rows]

    assert not listed()
    (claimed,) = search.page(OrderFilter(), 10).rows
    assert claimed.is_claimed
    checking(store, {}, live=False).run()
    assert listed() == [7], "it is to be paid"
    assert not search.page(OrderFilter(), 10).rows[0].is_claimed
    take(importing, file)
    assert not listed()
    checking(store, truth, live=False).run()
    assert not listed()


def test_keys_of_another_account_deny_nothing(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    """Those books prove nothing about this shop's payments."""
    _, truth = take(importing, json_file(paid_shop()))
    clock, gateway = FakeClock(), ReadingGateway({})
    gateway.own_account = False
    job = ClaimVerification(store, Gateways(gateway), clock, live=False)
    for _ in range(2):
        error = job.run().error
        assert error is not None
        assert error.cause is GatewayCause.ACCOUNT
        clock.advance(milliseconds=job.due_in_ms())
    assert (gateway.requested, named(store), state(store)) == ([], [], ClaimState.WAITING)
    gateway.own_account, gateway.answers = True, dict(truth)
    job.run()
    assert state(store) is ClaimState.CONFIRMED
