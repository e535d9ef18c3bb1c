"""Payments of a file: believed only if everything about them agrees."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import IMPORT, Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.services.importing import ImportService, OnError, seed_payments
from posapp.store.unit_of_work import SqlStore
from tests.importing.conftest import paid_shop, said, small_shop
from tests.importing.readings import confirm

Write = Callable[[object], Path]


def test_a_paid_order_has_payment_refund_and_ledger(
    importing: ImportService, json_file: Write, store: SqlStore
) -> None:
    batch = importing.read(json_file(paid_shop()))
    report = importing.apply(Actor.person(), batch)
    assert (report.payments, report.refunds, report.written) == (1, 1, True)
    confirm(store, batch)
    with store.snapshot() as work:
        payment = work.payments.accepted_of_order(7)
        assert payment is not None
        assert (payment.imp_uid, payment.amount, payment.sandbox) == ("imp_700", 10900, True)
        assert payment.disposition is PaymentDisposition.ACCEPTED
        (refund,) = work.refunds.of_payment("imp_700")
        assert refund.state is RefundState.CONFIRMED
        assert (refund.amount, refund.expected_balance, refund.item_id) == (4500, 10900, 72)
        assert refund.cancellation_id == "C-1"
        rows = [row.entry for row in work.ledger.rows(0, 10)]
        assert [(row.event, row.amount, row.actor, row.reference) for row in rows] == [
            (LedgerEvent.PAYMENT_CAPTURED, 10900, IMPORT, "imp_700"),
            (LedgerEvent.REFUND_CONFIRMED, -4500, IMPORT, "C-1"),
        ]
        assert [row.at for row in rows] == [payment.paid_at, refund.confirmed_at]
        order = work.orders.get(7)
        assert order is not None
        assert [item.status for item in order.items] == [
            ItemStatus.DELIVERY_COMPLETE,
            ItemStatus.CANCEL,
        ]


def test_an_item_cancelled_before_paying_is_not_part_of_the_payment(
    importing: ImportService, json_file: Write
) -> None:
    shop = paid_shop()
    shop["payments"][0].update(amount=6400, cancellations=[])
    assert said(importing.check(importing.read(json_file(shop)))) == []


def _payment(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda shop: shop["payments"][0].update(changes)


def _cancellation(**changes: object) -> Callable[[dict[str, Any]], object]:
    return lambda shop: shop["payments"][0]["cancellations"][0].update(changes)


def _twice(shop: dict[str, Any]) -> None:
    shop["payments"].append({**shop["payments"][0], "imp_uid": "imp_701", "merchant_uid": "m-701"})


def _cancel_twice(shop: dict[str, Any]) -> None:
    shop["payments"][0]["cancellations"] *= 2


@pytest.mark.parametrize(
    ("change", "cause"),
    [
        (lambda shop: shop.update(payments=[]), "payment_missing"),
        (_payment(amount=10901), "payment_amount"),
        (_payment(amount=6400), "payment_amount"),
        (_payment(amount=0), "payment_amount"),
        (_payment(amount=-10900), "negative"),
        (_payment(amount=10900.5), "decimals"),
        (_payment(imp_uid=""), "empty"),
        (_payment(imp_uid="i" * 33), "too_long"),
        (_payment(merchant_uid="m" * 41), "too_long"),
        (_payment(merchant_uid=None), "empty"),
        (_payment(paid_at="2026-01-05 14:29"), "times_reversed"),
        (_payment(paid_at="2026-02-09 14:29", cancellations=[]), "time_future"),
        (_payment(sandbox="yes"), "wrong_shape"),
        (_payment(receipt_url="ftp://receipts.invalid/1"), "url_bad"),
        (_payment(order_id=8), "payment_order_unknown"),
        (_payment(cancellations={}), "wrong_shape"),
        (_payment(cancellations=[7]), "wrong_shape"),
        (_payment(cancellations=[]), "payment_amount"),
        (_twice, "payment_twice"),
        (_cancellation(item_id=71), "refund_item"),
        (_cancellation(item_id=99), "refund_item"),
        (_cancellation(amount=4400), "refund_amount"),
        (_cancellation(cancellation_id=""), "empty"),
        (_cancellation(cancelled_at="2026-01-05 14:34"), "times_reversed"),
        (_cancellation(cancelled_at="2026-03-01"), "time_future"),
        (_cancel_twice, "refund_item"),
    ],
)
def test_money_that_does_not_agree_makes_the_order_bad(
    importing: ImportService,
    json_file: Write,
    store: SqlStore,
    change: Callable[[dict[str, Any]], object],
    cause: str,
) -> None:
    shop = paid_shop()
    change(shop)
    report = importing.apply(Actor.person(), importing.read(json_file(shop)), OnError.SKIP)
    assert cause in [each[1] for each in said(report)]
    assert report.orders.added == 0
    with store.snapshot() as work:
        assert work.orders.get(7) is None
        assert work.payments.get("imp_700") is None
        assert work.ledger.rows(0, 10) == ()


@pytest.mark.parametrize("status", ["WAITING_FOR_PAYMENT", "CANCEL"])
def test_a_payment_of_an_order_that_is_not_paid(
    importing: ImportService, json_file: Write, status: str
) -> None:
    shop = small_shop()
    for item in shop["orders"][0]["items"]:
        item["status"] = status
    shop["payments"] = [{**paid_shop()["payments"][0], "cancellations": []}]
    report = importing.check(importing.read(json_file(shop)))
    assert [cause for _, cause, _ in said(report)] == ["payment_unwanted"]


@pytest.mark.parametrize("number", ["imp_uid", "merchant_uid"])
def test_one_payment_number_pays_one_order(
    importing: ImportService, json_file: Write, number: str
) -> None:
    shop = paid_shop()
    shop["orders"].append(
        {**small_shop()["orders"][0], "id": 8, "items": [
            {**shop["orders"][0]["items"][0], "id": 81},
        ]}
    )  # fmt: skip
    shop["payments"].append(
        {**shop["payments"][0], "order_id": 8, "amount": 6400, "cancellations": [],
         "imp_uid": "imp_800", "merchant_uid": "m-800", number: shop["payments"][0][number]}
    )  # fmt: skip
    report = importing.check(importing.read(json_file(shop)))
    assert [each[1:] for each in said(report)] == [("payment_taken", f"payments[1].{number}")]


def test_payment_known_for_another_order(importing: ImportService, json_file: Write) -> None:
    shop = paid_shop()
    importing.apply(Actor.person(), importing.read(json_file(shop)))
    shop["orders"][0]["id"] = shop["payments"][0]["order_id"] = 8
    for item in shop["orders"][0]["items"]:
        item["id"] += 100
    shop["payments"][0]["cancellations"][0]["item_id"] += 100
    report = importing.apply(Actor.person(), importing.read(json_file(shop)))
    assert [cause for _, cause, _ in said(report)] == ["payment_taken"]


def test_payments_that_the_portone_stand_in_needs(
    importing: ImportService, json_file: Write
) -> None:
    batch = importing.read(json_file(paid_shop()))
    (paid,) = seed_payments(batch)
    assert (paid.imp_uid, paid.merchant_uid, paid.amount) == ("imp_700", "m-700", 10900)
    assert (paid.name, paid.buyer_name, paid.buyer_phone) == ("소금빵", "김민서", "010-0000-0012")
    (cancelled,) = paid.cancellations
    assert (cancelled.amount, cancelled.cancellation_id) == (4500, "C-1")
    assert cancelled.reason == f"식었어요 {batch.orders[0].refunds[0].tag}"
