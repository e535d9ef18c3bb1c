"""CSV: letters, delimiters, heads, and every bad row by its line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.services.importing import ImportService
from posapp.store.unit_of_work import SqlStore
from tests.importing.conftest import HEAD, LINE, line_of, said

Write = Callable[..., Path]


def test_a_good_file_becomes_records(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    path = csv_file(LINE, line_of(상품번호="22", 상품="라떼", 가격='"4,500원"', 수량="1"))
    report = importing.apply(Actor.person(), importing.read(path))
    assert said(report) == []
    assert report.written
    with store.snapshot() as work:
        order = work.orders.get(7)
        assert order is not None
        assert [(item.id, item.name, item.total) for item in order.items] == [
            (7001, "소금빵", 6400),
            (7002, "라떼", 4500),
        ]
        assert order.created_at.isoformat() == "2026-01-05T05:30:00+00:00"
        seller, buyer = work.people.get(3), work.people.get(12)
        assert seller is not None and seller.is_seller and seller.name == "이하은"
        assert buyer is not None and not buyer.is_seller
        product = work.orders.product(22)
        assert product is not None and (product.price, product.stock) == (4500, 0)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_letters_ends_and_delimiters_as_excel_writes_them(
    importing: ImportService, csv_file: Write, encoding: str, end: str, delimiter: str
) -> None:
    head, line = HEAD.replace(",", delimiter), LINE.replace(",", delimiter)
    batch = importing.read(csv_file(line, head=head, encoding=encoding, end=end))
    assert said(batch) == []
    assert batch.orders[0].order.items[0].name == "소금빵"


def test_english_names_in_another_order_with_all_columns(
    importing: ImportService, csv_file: Write
) -> None:
    head = (
        "status,Count,PRICE,product name,product_id,item_id,seller_name,seller_id,"
        "buyer_phone,buyer_name,buyer_id,ordered_at,order_id,cancel_reason"
    )
    line = "CANCEL,2,3200,소금빵,21,555,이하은,3,010-0000-0012,김민서,12,2026-01-05,7,품절"
    batch = importing.read(csv_file(line, head=head))
    assert said(batch) == []
    item = batch.orders[0].order.items[0]
    assert (item.id, item.status, item.cancel_reason) == (555, ItemStatus.CANCEL, "품절")
    assert {row.phone for row in batch.users if row.id == 12} == {"010-0000-0012"}


@pytest.mark.parametrize(
    ("column", "written", "cause"),
    [
        ("주문번호", "칠", "not_a_number"),
        ("주문번호", "9" * 19, "id_range"),
        ("구매자번호", "-12", "negative"),
        ("구매자번호", "", "empty"),
        ("구매자", "", "empty"),
        ("구매자", "가" * 10_000, "too_long"),
        ("상품", '"a\x07"', "control_character"),
        ("가격", "3200.5", "decimals"),
        ("가격", "-3200", "negative"),
        ("가격", "공짜", "not_a_number"),
        ("가격", "1000000000000", "amount_range"),
        ("수량", "0", "count_range"),
        ("수량", "", "empty"),
        ("상태", "배달", "status_unknown"),
        ("상태", "", "empty"),
        ("주문시각", "5/1/2026", "time_unknown"),
        ("주문시각", "2026-02-03 13:00", "time_future"),
    ],
)
def test_a_bad_cell_is_named_by_line_and_column(
    importing: ImportService, csv_file: Write, column: str, written: str, cause: str
) -> None:
    path = csv_file(
        line_of(주문번호="1"), line_of(주문번호="2"), line_of(**{"주문번호": "3", column: written})
    )
    batch = importing.read(path)
    field = "created_at" if cause == "time_future" else column
    assert (4, cause, field) in said(batch)
    assert 3 not in [row.order.id for row in batch.orders]
    assert 1 in [row.order.id for row in batch.orders]


def test_all_bad_cells_of_a_line_are_named(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file(line_of(가격="x", 수량="0", 상태="?")))
    assert [cause for _, cause, _ in said(batch)] == [
        "not_a_number",
        "count_range",
        "status_unknown",
    ]


def test_time_up_to_a_day_ahead_is_accepted(importing: ImportService, csv_file: Write) -> None:
    assert said(importing.read(csv_file(line_of(주문시각="2026-02-02 11:00")))) == []


@pytest.mark.parametrize(
    ("head", "cause", "field"),
    [
        (HEAD.replace(",상태", ""), "column_missing", "status"),
        ("아무것도,아닌,줄", "column_missing", "order_id"),
        (HEAD + ",price", "column_twice", "price"),
        ("x" * 20_000, "column_missing", "order_id"),
    ],
)
def test_no_usable_head(
    importing: ImportService, csv_file: Write, head: str, cause: str, field: str
) -> None:
    batch = importing.read(csv_file(LINE, head=head))
    assert batch.unusable
    assert (1, cause, field) in said(batch)


def test_an_unknown_column_is_named_and_not_read(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file(LINE + ",메모", head=HEAD + ",비고"))
    assert said(batch) == [(1, "column_unknown", "비고")]
    assert len(batch.orders) == 1


def test_blank_lines_and_trailing_commas_do_not_matter_but_extra_cells_do(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file("", ",,,", LINE + ",,", line_of(주문번호="8") + ",남는 칸")
    batch = importing.read(path)
    assert said(batch) == [(5, "cells_extra", "")]
    assert [row.order.id for row in batch.orders] == [7]


def test_lines_are_counted_through_line_breaks_in_quotes(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file(line_of(상품='"소금빵\n(""따뜻한"")"'), line_of(주문번호="8", 수량="0"))
    batch = importing.read(path)
    assert said(batch) == [(4, "count_range", "수량")]
    assert batch.orders[0].order.items[0].name == '소금빵 ("따뜻한")'


def test_an_order_with_one_bad_line_is_bad_as_a_whole(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file(LINE, line_of(상품번호="22", 수량="-1"), line_of(주문번호="8"))
    assert [row.order.id for row in importing.read(path).orders] == [8]


def test_orders_beside_an_unreadable_line_are_left_out(
    importing: ImportService, csv_file: Write
) -> None:
    """The line may be theirs: without it they would ask for too little money."""
    path = csv_file(
        line_of(주문번호="1"),
        line_of(주문번호="2"),
        line_of(주문번호="?"),
        line_of(주문번호="3"),
        line_of(주문번호="4"),
    )
    batch = importing.read(path)
    assert [row.order.id for row in batch.orders] == [1, 4]
    assert said(batch) == [
        (4, "not_a_number", "주문번호"),
        (4, "neighbour_unreadable", ""),
        (5, "neighbour_unreadable", ""),
    ]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"구매자번호": "13"}, "구매자번호"),
        ({"구매자": "다른 사람"}, "구매자"),
        ({"주문시각": "2026-01-06"}, "주문시각"),
    ],
)
def test_lines_of_one_order_that_contradict(
    importing: ImportService, csv_file: Write, changes: dict[str, str], field: str
) -> None:
    path = csv_file(LINE, line_of(**{"상품번호": "22", **changes}))
    batch = importing.read(path)
    assert said(batch) == [(3, "contradiction", field)]
    assert batch.complaints[0].parameters["first_line"] == 2
    assert batch.orders == ()


def test_the_same_product_twice_is_a_doubled_line(
    importing: ImportService, csv_file: Write
) -> None:
    assert said(importing.read(csv_file(LINE, LINE))) == [(3, "item_twice", "상품번호")]


def test_with_item_numbers_a_product_may_come_twice_but_a_number_may_not(
    importing: ImportService, csv_file: Write
) -> None:
    head = HEAD + ",주문상품번호"
    batch = importing.read(csv_file(LINE + ",71", LINE + ",72", head=head))
    assert [item.id for item in batch.orders[0].order.items] == [71, 72]
    batch = importing.read(csv_file(LINE + ",71", line_of(주문번호="8") + ",71", head=head))
    assert said(batch) == [(3, "duplicate", "주문상품번호")]
    assert batch.orders == ()


@pytest.mark.parametrize("status", ["결제완료", "배송준비중", "배송중", "배송완료"])
def test_a_paid_order_without_its_payment_is_refused(
    importing: ImportService, csv_file: Write, status: str, store: SqlStore
) -> None:
    report = importing.apply(Actor.person(), importing.read(csv_file(line_of(상태=status))))
    assert said(report) == [(2, "payment_missing", "상태")]
    assert not report.written


def test_waiting_and_paid_items_do_not_mix(importing: ImportService, csv_file: Write) -> None:
    path = csv_file(LINE, line_of(상품번호="22", 상태="결제완료"))
    assert said(importing.check(importing.read(path))) == [(2, "status_mixed", "상태")]


def test_an_unknown_seller_needs_a_name_and_a_buyer_is_no_seller(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file(line_of(판매자=""))
    assert said(importing.check(importing.read(path))) == [(2, "user_unknown", "판매자번호")]
    importing.apply(Actor.person(), importing.read(csv_file(LINE)))
    path = csv_file(line_of(주문번호="8", 판매자번호="12", 판매자="김민서", 상품번호="30"))
    assert said(importing.check(importing.read(path))) == [(2, "not_a_seller", "판매자번호")]
