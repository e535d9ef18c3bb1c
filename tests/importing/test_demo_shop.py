"""The demo shop: made by its script, taken without a complaint, with books that add up."""

from __future__ import annotations

import json
import runpy
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from posapp.app.demo import PICTURES_OF_GOODS
from posapp.domain.actors import Actor
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import ItemStatus
from posapp.domain.products import is_stored_picture
from posapp.domain.refunds import RefundState
from posapp.services.importing import ImportService, Tally, seed_payments
from posapp.services.ports.order_search import OrderFilter
from posapp.store.files.ledger_check import verify_ledger
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.importing.conftest import NOW, said
from tests.importing.readings import confirm

SMOOTH = Qt.TransformationMode.SmoothTransformation
DEMO = Path(__file__).parents[2] / "resources" / "demo"


def _shop() -> dict[str, Any]:
    shop: dict[str, Any] = json.loads((DEMO / "shop.json").read_text(encoding="utf-8"))
    return shop


def test_files_equal_the_output_of_the_seeded_script() -> None:
    script = runpy.run_path(str(DEMO / "make_demo_shop.py"))
    assert (DEMO / "shop.json").read_bytes() == script["shop_text"]().encode("utf-8")
    assert (DEMO / "order_lines.csv").read_bytes() == script["order_lines_bytes"]()


def test_pictures_are_those_that_the_script_draws() -> None:
    """Another version of Qt may draw an edge a little differently."""
    script = runpy.run_path(str(DEMO / "make_pictures.py"))
    files = {path.stem: path for path in (DEMO / "pictures").iterdir()}
    products = {str(one["id"]) for one in _shop()["products"]}
    assert set(files) == set(script["PICTURES"]) == products | set(PICTURES_OF_GOODS)
    assert sum(path.stat().st_size for path in files.values()) < 150_000
    for name, path in files.items():
        assert is_stored_picture(path.read_bytes())
        kept, new = (
            one.scaled(16, 16, mode=SMOOTH).convertToFormat(QImage.Format.Format_RGB888)
            for one in (QImage(str(path)), script["draw"](name))
        )
        apart = sum(abs(a - b) for a, b in zip(bytes(kept.bits()), bytes(new.bits()), strict=True))
        assert apart / len(bytes(kept.bits())) < 3, name


def test_it_is_taken_whole_and_twice_is_once(importing: ImportService, store: SqlStore) -> None:
    first = importing.apply(Actor.person(), importing.read(DEMO / "shop.json", shift_to=NOW))
    assert said(first) == []
    assert first.written
    assert (first.users, first.products, first.orders) == (
        Tally(added=34),
        Tally(added=20),
        Tally(added=200),
    )
    second = importing.apply(
        Actor.person(), importing.read(DEMO / "shop.json", shift_to=NOW + timedelta(minutes=5))
    )
    assert said(second) == []
    assert (second.users, second.products, second.orders) == (
        Tally(unchanged=34),
        Tally(unchanged=20),
        Tally(unchanged=200),
    )
    assert (second.payments, second.refunds) == (0, 0)


def test_the_books_add_up(importing: ImportService, store: SqlStore) -> None:
    batch = importing.read(DEMO / "shop.json", shift_to=NOW)
    importing.apply(Actor.person(), batch)
    confirm(store, batch)
    shop = _shop()
    payments, refunds = [], []
    with store.snapshot() as work:
        for order in shop["orders"]:
            payments += work.payments.for_order(order["id"])
            refunds += work.refunds.for_order(order["id"])
            known = work.orders.get(order["id"])
            assert known is not None
            rows = work.ledger.for_order(order["id"])
            paid = known.total if known.is_paid else 0
            assert sum(int(row.entry.amount) for row in rows) == paid
        entries = work.ledger.rows(0, 10_000)
    assert len(payments) == len(shop["payments"]) == 150
    assert all(refund.state is RefundState.CONFIRMED for refund in refunds)
    captured = sum(int(payment.amount) for payment in payments)
    back = sum(int(refund.amount) for refund in refunds)
    assert 0 < back < captured
    assert sum(int(row.entry.amount) for row in entries) == captured - back
    assert [row.entry.at for row in entries] == sorted(row.entry.at for row in entries)
    assert verify_ledger(store.path) == len(entries) == len(payments) + len(refunds)


def test_it_shows_every_state_and_the_shapes_that_screens_have_to_bear() -> None:
    orders = _shop()["orders"]
    statuses = Counter(item["status"] for order in orders for item in order["items"])
    assert statuses.keys() == {status.value for status in ItemStatus}
    waiting = ItemStatus.WAITING_FOR_PAYMENT.value
    is_open = [any(i["status"] == waiting for i in order["items"]) for order in orders]
    open_sizes = Counter(
        len(order["items"]) for order, wanted in zip(orders, is_open, strict=True) if wanted
    )
    assert sum(open_sizes.values()) == 40
    assert open_sizes[1] >= 5
    assert max(open_sizes) == 6
    groups = Counter(frozenset(item["status"] for item in order["items"]) for order in orders)
    cancelled = ItemStatus.CANCEL.value
    assert groups[frozenset({cancelled})] == 15
    assert groups[frozenset({cancelled, waiting})] > 0
    assert groups[frozenset({cancelled, ItemStatus.DELIVERY_COMPLETE.value})] == 10
    assert any(len(product["name"]) > 40 for product in _shop()["products"])


def test_its_people_are_invented() -> None:
    for user in _shop()["users"]:
        assert user["phone"].startswith("010-0000-")
        assert user["email"].endswith(".example")


def test_open_orders_are_found_and_the_newest_is_now(
    importing: ImportService, store: SqlStore
) -> None:
    batch = importing.read(DEMO / "shop.json", shift_to=NOW)
    importing.apply(Actor.person(), batch)
    confirm(store, batch)
    rows = SqlOrderSearch(store).page(OrderFilter(segment=OrderSegment.OPEN), 100).rows
    assert len(rows) == 40
    assert rows[0].created_at == NOW


def test_the_stand_in_of_portone_can_be_informed_of_every_payment(importing: ImportService) -> None:
    """From the file's own dicts, or by ``seed_payments`` with moved times and tagged reasons."""
    batch = importing.read(DEMO / "shop.json", shift_to=NOW)
    reported = {each.imp_uid: each for each in seed_payments(batch)}
    plain = _shop()["payments"]
    assert len(reported) == len(plain)
    for payment in plain:
        paid = reported[payment["imp_uid"]]
        assert (paid.merchant_uid, paid.amount) == (payment["merchant_uid"], payment["amount"])
        assert [(c.cancellation_id, c.amount) for c in paid.cancellations] == [
            (c["cancellation_id"], c["amount"]) for c in payment["cancellations"]
        ]
        assert sum(c.amount for c in paid.cancellations) <= paid.amount
        assert paid.sandbox
        assert paid.buyer_phone.startswith("010-0000-")
        assert 0 < len(paid.name) <= 40
        assert paid.paid_at <= NOW


def test_the_sample_of_order_lines_fits_the_demo_shop(importing: ImportService) -> None:
    alone = importing.check(importing.read(DEMO / "order_lines.csv"))
    assert (said(alone), alone.orders) == ([], Tally(added=3))
    importing.apply(Actor.person(), importing.read(DEMO / "shop.json"))
    report = importing.apply(Actor.person(), importing.read(DEMO / "order_lines.csv"))
    assert (said(report), report.orders) == ([], Tally(added=3))
    assert (report.users.added, report.users.updated, report.products.added) == (1, 0, 0)
