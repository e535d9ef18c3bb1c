"""Properties: the store holds the records of a file; no file, however broken, causes a crash."""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.phones import normal_phone
from posapp.domain.users import User, UserStatus
from posapp.services.importing import ImportService, OnError
from posapp.services.importing.fields import read_text
from posapp.services.importing.titles import NAMES
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import HEAD, LINE, StillClock, paid_shop, said

# The store is opened once a test: each example has ids of its own, or takes nothing.
QUICK = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

text = st.text(
    st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp", "Cn", "Co")), min_size=1,
    max_size=12,
).map(read_text).filter(bool)  # fmt: skip
phones = text.map(normal_phone)
ids = st.integers(1, 10**18 - 1)
times = st.integers(0, 25 * 365 * 86_400 * 1000).map(
    lambda ms: datetime(2001, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
)
OPEN = (ItemStatus.WAITING_FOR_PAYMENT, ItemStatus.CANCEL)


@contextmanager
def load_shop(folder: str) -> Iterator[tuple[SqlStore, ImportService, Path]]:
    path = Path(folder)
    store = open_store(path / "shop.db")
    try:
        yield store, ImportService(store, StillClock(), EVERYTHING, sellers=True), path
    finally:
        store.close()


@st.composite
def shops(draw: st.DrawFn) -> tuple[list[User], list[Product], list[Order]]:
    """Sellers who also buy, their products, and orders that wait or were given up."""
    users = [
        User(number, draw(text), draw(text), "", draw(phones), UserStatus.SELLER)
        for number in draw(st.lists(ids, min_size=1, max_size=3, unique=True))
    ]
    products = [
        Product(
            number,
            draw(st.sampled_from(users)).id,
            draw(text),
            Won(draw(st.integers(0, 10**6))),
            draw(st.integers(0, 1000)),
            active=draw(st.booleans()),
        )
        for number in draw(st.lists(ids, min_size=1, max_size=4, unique=True))
    ]
    item_ids = iter(draw(st.lists(ids, min_size=12, max_size=12, unique=True)))
    orders = []
    for number in draw(st.lists(ids, max_size=3, unique=True)):
        buyer = draw(st.sampled_from(users))
        items = tuple(
            OrderItem(
                next(item_ids),
                number,
                buyer.id,
                product.seller_id,
                product.id,
                draw(text),
                Won(draw(st.integers(0, 10**6))),
                draw(st.integers(1, 99)),
                draw(st.sampled_from(OPEN)),
                draw(text),
            )
            for product in draw(st.lists(st.sampled_from(products), min_size=1, max_size=4))
        )
        orders.append(Order(number, buyer.id, draw(times), items))
    return users, products, orders


OF_THE_COUNTER = (
    *("tax", "unit", "is_tracked", "parent_id", "plu", "colour", "is_favourite", "picture"),
    *("discount", "options", "measure", "is_counter", "note"),
)
"""Fields that no file says: how the counter sells goods."""


def as_json(users: list[User], products: list[Product], orders: list[Order]) -> str:
    def plain(record: Any, *without: str) -> dict[str, Any]:
        names = [
            name for name in record.__dataclass_fields__ if name not in (*without, *OF_THE_COUNTER)
        ]
        return {name: getattr(record, name) for name in names}

    return json.dumps(
        {
            "users": [plain(user) for user in users],
            "products": [plain(product) for product in products],
            "orders": [
                {
                    "id": order.id,
                    "buyer_id": order.buyer_id,
                    "created_at": order.created_at.isoformat(),
                    "items": [
                        plain(item, "order_id", "buyer_id", "part_of") for item in order.items
                    ],
                }
                for order in orders
            ],
        }
    )


@QUICK
@given(shops())
def test_a_shop_by_json_is_the_same_shop(
    shop: tuple[list[User], list[Product], list[Order]],
) -> None:
    users, products, orders = shop
    with tempfile.TemporaryDirectory() as folder, load_shop(folder) as (store, importing, path):
        file = path / "shop.json"
        file.write_text(as_json(*shop), encoding="utf-8")
        report = importing.apply(Actor.person(), importing.read(file))
        assert said(report) == []
        with store.snapshot() as work:
            assert [work.people.get(user.id) for user in users] == users
            assert [work.orders.product(product.id) for product in products] == products
            assert [work.orders.get(order.id) for order in orders] == orders
        again = importing.apply(Actor.person(), importing.read(file))
        assert said(again) == []
        assert (again.users.unchanged, again.orders.unchanged) == (len(users), len(orders))


@QUICK
@given(
    shops(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])
)
def test_orders_by_csv_are_the_same_orders(
    shop: tuple[list[User], list[Product], list[Order]], delimiter: str, encoding: str
) -> None:
    users, _, orders = shop
    names = {user.id: user.name for user in users}
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    written = [key for key in NAMES if key not in ("option_name", "line_total")]
    writer.writerow([NAMES[key][0] for key in written])
    for order in orders:
        for item in order.items:
            writer.writerow(
                [order.id, order.created_at.isoformat(), order.buyer_id, names[order.buyer_id], "",
                 item.seller_id, names[item.seller_id], item.id, item.product_id, item.name,
                 f"{item.price:,}원", item.count, item.status, item.cancel_reason]
            )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, load_shop(folder) as (store, importing, path):
        file = path / "orders.csv"
        file.write_bytes(text.getvalue().encode(encoding))
        report = importing.apply(Actor.person(), importing.read(file))
        assert said(report) == []
        with store.snapshot() as work:
            assert [work.orders.get(order.id) for order in orders] == orders


@settings(QUICK, max_examples=300)
@given(st.data())
def test_no_bytes_are_a_crash(
    importing: ImportService, tmp_path: Path, data: st.DataObject
) -> None:
    """Noise, noise behind a good head, and good files with a piece changed."""
    good = {
        "csv": f"{HEAD}\n{LINE}\n".encode(),
        "json": json.dumps(paid_shop(), ensure_ascii=False).encode(),
    }
    kind = data.draw(st.sampled_from(sorted(good)))
    whole = good[kind]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(start + 20, len(whole))))
    content = data.draw(
        st.one_of(
            st.binary(max_size=300),
            st.binary(max_size=100).map(lambda noise: f"{HEAD}\n".encode() + noise),
            st.binary(max_size=12).map(lambda noise: whole[:start] + noise + whole[end:]),
            st.text(max_size=12).map(
                lambda noise: whole[:start] + noise.encode("utf-8", "replace") + whole[end:]
            ),
        )
    )
    path = tmp_path / f"noise.{kind}"
    path.write_bytes(content)
    batch = importing.read(path)
    report = importing.check(batch)
    if batch.unusable:
        assert report.complaints
    importing.apply(Actor.person(), batch, OnError.SKIP)
    assert all(each.line >= 0 for each in report.complaints)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "price", "items", "status", "order_id", "x"]), inner
        )
    ),
    max_leaves=8,
)


@settings(QUICK, max_examples=300)
@given(
    where=st.sampled_from(["users", "products", "orders", "payments", "items", "cancellations"]),
    key=st.sampled_from(
        ["id", "name", "price", "count", "status", "items", "amount", "paid_at", "order_id",
         "imp_uid", "item_id", "buyer_id", "seller_id", "cancellations", "stock", "created_at"]
    ),
    value=json_values,
)  # fmt: skip
def test_no_json_value_in_any_place_is_a_crash(
    importing: ImportService, tmp_path: Path, where: str, key: str, value: object
) -> None:
    shop = paid_shop()
    target = {
        "items": shop["orders"][0]["items"],
        "cancellations": shop["payments"][0]["cancellations"],
        **shop,
    }[where]
    target[0][key] = value
    path = tmp_path / "shop.json"
    path.write_text(json.dumps(shop), encoding="utf-8")
    report = importing.apply(Actor.person(), importing.read(path), OnError.SKIP)
    assert report.written
