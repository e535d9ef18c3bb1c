"""JSON: shapes, lines, and records among each other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from posapp.services.importing import ImportService
from tests.importing.conftest import paid_shop, said, small_shop

Write = Callable[[object], Path]


def test_a_good_shop_has_no_complaints(importing: ImportService, json_file: Write) -> None:
    batch = importing.read(json_file(paid_shop()))
    assert said(batch) == []
    assert (len(batch.users), len(batch.products), len(batch.orders)) == (2, 2, 1)


@pytest.mark.parametrize(
    ("text", "line", "cause"),
    [
        ("[]", 1, "wrong_shape"),
        ('"shop"', 1, "wrong_shape"),
        ("nonsense", 1, "json_broken"),
        ('{"users": [1 2]}', 1, "json_broken"),
        ('{"users": [],}', 1, "json_broken"),
        ("{'users': []}", 1, "json_broken"),
        ('{"users":\n[]}\n}', 3, "json_broken"),
        ('{"users": ["\n"]}', 1, "json_broken"),
        ('{"users": [' + "9" * 5000 + "]}", 1, "json_broken"),
        ('{"users": [' * 1 + "[" * 5000, 1, "json_too_deep"),
        ('{"a":' * 5000, 1, "json_too_deep"),
        ('{"format": "posapp-shop-9"}', 1, "format_unknown"),
        ('{"users": [], "users": []}', 1, "column_twice"),
    ],
)
def test_no_usable_json(
    importing: ImportService, json_file: Write, text: str, line: int, cause: str
) -> None:
    batch = importing.read(json_file(text))
    assert batch.unusable
    assert [each[:2] for each in said(batch)] == [(line, cause)]


def test_cut_anywhere_it_is_truncated_and_nothing_is_taken(
    importing: ImportService, json_file: Write
) -> None:
    whole = json.dumps(paid_shop(), ensure_ascii=False, indent=1)
    for end in range(1, len(whole), 7):
        batch = importing.read(json_file(whole[:end]))
        assert batch.unusable, end
        assert [cause for _, cause, _ in said(batch)] == ["json_truncated"], end


@pytest.mark.parametrize(
    ("change", "cause", "field"),
    [
        (lambda s: s.update(users={}), "wrong_shape", "users"),
        (lambda s: s["users"].append(7), "wrong_shape", "users[2]"),
        (lambda s: s["orders"][0].update(items=None), "wrong_shape", "orders[0].items"),
        (lambda s: s["orders"][0]["items"].append([]), "wrong_shape", "orders[0].items[2]"),
        (lambda s: s["users"][0].update(name=None), "empty", "users[0].name"),
        (lambda s: s["users"][0].update(name="\u0000"), "control_character", "users[0].name"),
        (lambda s: s["users"][0].update(phone=[1012345678]), "wrong_shape", "users[0].phone"),
        (lambda s: s["users"][0].update(status="BOSS"), "status_unknown", "users[0].status"),
        (lambda s: s["users"][0].update(id=True), "not_a_number", "users[0].id"),
        (lambda s: s["users"][1].update(id=3), "duplicate", "users[1].id"),
        (lambda s: s["users"][1].update(nickame="x"), "column_unknown", "users[1].nickame"),
        (lambda s: s.update(shops=[]), "column_unknown", "shops"),
        (lambda s: s["products"][0].update(price=3200.5), "decimals", "products[0].price"),
        (lambda s: s["products"][0].update(stock=-1), "negative", "products[0].stock"),
        (lambda s: s["products"][0].update(active=1), "wrong_shape", "products[0].active"),
        (lambda s: s["products"][0].update(seller_id=99), "user_unknown", "products[0].seller_id"),
        (lambda s: s["products"][0].update(seller_id=12), "not_a_seller", "products[0].seller_id"),
        (lambda s: s["orders"][0].update(buyer_id=99), "user_unknown", "orders[0].buyer_id"),
        (lambda s: s["orders"][0].update(items=[]), "items_none", "orders[0].items"),
        (lambda s: s["orders"].append(s["orders"][0]), "duplicate", "orders[1].id"),
        (
            lambda s: s["orders"][0]["items"][1].update(id=71),
            "duplicate",
            "orders[0].items[1].id",
        ),
        (
            lambda s: s["orders"][0]["items"][1].update(product_id=99),
            "product_unknown",
            "orders[0].items[1].product_id",
        ),
        (
            lambda s: s["orders"][0]["items"][1].update(price=10**11, count=11),
            "amount_range",
            "orders[0].items[1].price",
        ),
        (
            lambda s: [each.update(price=10**12, count=1) for each in s["orders"][0]["items"]],
            "amount_range",
            "orders[0].status",
        ),
    ],
)
def test_a_bad_record_is_named_by_its_path(
    importing: ImportService,
    json_file: Write,
    change: Callable[[dict[str, Any]], object],
    cause: str,
    field: str,
) -> None:
    shop = small_shop()
    change(shop)
    report = importing.check(importing.read(json_file(shop)))
    assert (cause, field) in [each[1:] for each in said(report)]


def test_the_line_is_where_the_record_begins(importing: ImportService, json_file: Write) -> None:
    shop = small_shop()
    shop["products"][1]["price"] = "x"
    path = json_file(shop)
    lines = path.read_text(encoding="utf-8").splitlines()
    (line, cause, _), *_ = said(importing.read(path))
    assert cause == "not_a_number"
    assert lines[line - 1].strip() == "{"
    assert '"id": 22' in lines[line]


def test_a_key_twice_in_a_record(importing: ImportService, json_file: Write) -> None:
    text = json.dumps(small_shop()).replace(
        '"price": 4500, "stock"', '"price": 1, "price": 2, "stock"'
    )
    assert (1, "column_twice", "products[1].price") in said(importing.read(json_file(text)))


def test_of_two_orders_with_one_number_neither_is_taken(
    importing: ImportService, json_file: Write
) -> None:
    shop = small_shop()
    shop["orders"].append({**shop["orders"][0], "items": []})
    assert importing.read(json_file(shop)).orders == ()


def test_records_depending_on_a_bad_record_are_bad(
    importing: ImportService, json_file: Write
) -> None:
    shop = small_shop()
    shop["users"][0]["name"] = ""
    report = importing.check(importing.read(json_file(shop)))
    assert [cause for _, cause, _ in said(report)] == [
        "empty",
        "user_unknown",  # the seller of the two products
        "user_unknown",
        "product_unknown",
        "user_unknown",
        "product_unknown",
        "user_unknown",
    ]
    assert report.orders.added == 0


def test_numbers_as_text_are_read_as_people_write_them(
    importing: ImportService, json_file: Write
) -> None:
    shop = small_shop()
    shop["products"][0]["price"] = "3,200원"
    shop["orders"][0]["items"][0]["count"] = "2개"
    assert said(importing.read(json_file(shop))) == []


def test_foreign_text_in_a_complaint_is_one_short_printable_line(
    importing: ImportService, json_file: Write
) -> None:
    shop = small_shop()
    shop["users"][0]["status"] = "\x1b[31m\ud800" + "길" * 90
    shop["users"][0]["\x1b[0m\ud800" + "k" * 500] = 1
    text = json.dumps(shop)
    for complaint in importing.read(json_file(text)).complaints:
        assert complaint.value.isprintable()
        assert complaint.field.isprintable()
        assert len(complaint.value) <= 60
        assert len(complaint.field) < 100
