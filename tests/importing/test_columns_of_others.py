"""Files of other systems, columns that a person maps, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.services.importing import ColumnChoice, ImportService, OnError
from posapp.services.importing.layouts import parse_layouts
from posapp.store.unit_of_work import SqlStore
from tests.importing.conftest import LAYOUTS, said
from tests.importing.workbooks import workbook

Write = Callable[..., Path]

SMARTSTORE = (
    "상품주문번호,주문번호,배송방법(구매자 요청),배송방법,택배사,송장번호,발송일,판매채널,"
    "구매자명,구매자ID,수취인명,주문상태,주문세부상태,결제위치,결제일,상품번호,상품명,상품종류,"
    "옵션정보,옵션관리코드,수량,"
    "옵션가격,상품가격,상품별 할인액,판매자 부담 할인액,상품별 총 주문금액,사은품,발주확인일,"
    "발송기한,수취인연락처1,수취인연락처2,배송지,구매자연락처,우편번호,배송메세지,주문일시"
)
COUPANG = (
    "번호,묶음배송번호,주문번호,택배사,운송장번호,분리배송 Y/N,분리배송 출고예정일,"
    "주문시 출고예정일,출고일(발송일),주문일,등록상품명,등록옵션명,노출상품명(옵션명),"
    "노출상품ID,옵션ID,최초등록등록상품명/옵션명,업체상품코드,바코드,결제액,배송비구분,배송비,"
    "도서산간 추가배송비,"
    "구매수(수량),옵션판매가(판매단가),구매자,구매자전화번호,수취인이름,수취인전화번호,우편번호,"
    "수취인 주소,배송메세지,상품별 추가메시지,주문자 추가메시지,배송완료일,구매확정일자,"
    "개인통관번호(PCCC),통관용수취인전화번호,기타,결제위치,배송유형"
)
SELLER = ColumnChoice(values={"seller_id": "3"})


def cells(head: str, **values: str) -> str:
    """A line with some cells; the title without what is no letter is the name."""
    named = {"".join(c for c in title if c.isalnum()): "" for title in head.split(",")}
    assert values.keys() <= named.keys()
    return ",".join({**named, **values}.values())


def smartstore(**values: str) -> str:
    return cells(
        SMARTSTORE,
        **{
            "상품주문번호": "2026010512345671", "주문번호": "2026010512345001",
            "구매자명": "김민서", "주문상태": "결제대기", "주문일시": "2026-01-05 14:30:21",
            "상품번호": "9876543210", "상품명": "소금빵", "옵션정보": "맛: 플레인",
            "수량": "2",
            "상품별총주문금액": "6400", "상품가격": "3500", "구매자연락처": "010-1234-5678",
            **values,
        },
    )  # fmt: skip


def coupang(**values: str) -> str:
    return cells(
        COUPANG,
        **{
            "주문번호": "31000123456789", "주문일": "2026-01-05 14:30:21", "등록상품명": "소금빵",
            "등록옵션명": "2개입", "옵션ID": "88123456789", "결제액": "6400", "구매수수량": "2",
            "옵션판매가판매단가": "3500", "구매자": "김민서", "구매자전화번호": "050212345678",
            **values,
        },
    )  # fmt: skip


def add_seller(importing: ImportService, csv_file: Write) -> None:
    from tests.importing.conftest import LINE

    assert importing.apply(Actor.person(), importing.read(csv_file(LINE))).written


def test_smartstores_orders_are_recognised(
    importing: ImportService, csv_file: Write, store: SqlStore
) -> None:
    add_seller(importing, csv_file)
    notice = "엑셀 파일의 비밀번호를 해제한 뒤 사용해 주세요"
    path = csv_file(SMARTSTORE, smartstore(), head=notice)
    batch = importing.read(path, choice=SELLER)
    assert said(batch) == []
    assert batch.columns is not None and batch.columns.layout is not None
    assert batch.columns.layout.id == "smartstore"
    report = importing.apply(Actor.person(), batch)
    assert report.orders.added == 1
    with store.snapshot() as work:
        order = work.orders.get(2026010512345001)
        assert order is not None
        (item,) = order.items
        buyer = work.people.get(order.buyer_id)
        product = work.orders.product(9876543210)
    assert (item.id, item.name, item.total) == (2026010512345671, "소금빵 (맛: 플레인)", 6400)
    assert (int(item.price), item.count, item.seller_id) == (3200, 2, 3)
    assert buyer is not None and (buyer.name, buyer.phone) == ("김민서", "010-1234-5678")
    assert product is not None and product.name == "소금빵"
    again = importing.apply(Actor.person(), importing.read(path, choice=SELLER))
    assert (again.orders.unchanged, said(again)) == (1, [])


@pytest.mark.parametrize(
    ("state", "status"),
    [
        ("결제대기", ItemStatus.WAITING_FOR_PAYMENT),
        ("발송대기", ItemStatus.WAITING_FOR_DELIVERY),
        ("배송중", ItemStatus.SHIPPING),
        ("구매확정", ItemStatus.DELIVERY_COMPLETE),
        ("미결제취소", ItemStatus.CANCEL),
    ],
)
def test_states_of_smartstore_are_ours(
    importing: ImportService, csv_file: Write, state: str, status: ItemStatus
) -> None:
    path = csv_file(smartstore(주문상태=state), head=SMARTSTORE)
    batch = importing.read(path, choice=SELLER)
    assert batch.orders[0].order.items[0].status is status


def test_orders_paid_outside_of_the_till_are_named_and_only_the_others_are_taken(
    importing: ImportService, csv_file: Write
) -> None:
    add_seller(importing, csv_file)
    paid = smartstore(
        주문번호="2026010512345002", 상품주문번호="2026010512345672", 주문상태="결제완료"
    )
    path = csv_file(smartstore(), paid, head=SMARTSTORE)
    report = importing.apply(Actor.person(), importing.read(path, choice=SELLER), OnError.SKIP)
    assert [each[:2] for each in said(report)] == [(3, "payment_missing")]
    assert report.orders.added == 1


def test_coupangs_orders_are_recognised_and_paid(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file(coupang(), head=COUPANG), choice=SELLER)
    assert said(batch) == []
    assert batch.columns is not None and batch.columns.layout is not None
    assert batch.columns.layout.id == "coupang"
    (item,) = batch.orders[0].order.items
    assert (item.name, int(item.price), item.count) == ("소금빵 (2개입)", 3200, 2)
    assert item.status is ItemStatus.COMPLETE_PAYMENT
    waits = ColumnChoice(values={"seller_id": "3", "status": "결제대기"})
    batch = importing.read(csv_file(coupang(), head=COUPANG), choice=waits)
    assert batch.orders[0].order.items[0].status is ItemStatus.WAITING_FOR_PAYMENT


def test_without_a_seller_only_the_seller_is_missing(
    importing: ImportService, csv_file: Write
) -> None:
    batch = importing.read(csv_file(coupang(), head=COUPANG))
    assert said(batch) == [(1, "column_missing", "seller_id")]


def test_a_total_that_the_count_does_not_divide_is_named(
    importing: ImportService, csv_file: Write
) -> None:
    batch = importing.read(csv_file(coupang(결제액="6401"), head=COUPANG), choice=SELLER)
    assert said(batch) == [(2, "total_indivisible", "결제액")]


OTHER = "Order;When;Who;Goods;Won;Pieces"
MAPPED = ColumnChoice(
    columns={
        "order_id": "Order", "ordered_at": "When", "buyer_name": "Who", "product_name": "Goods",
        "price": "Won", "count": "Pieces",
    },
    values={"buyer_id": "auto", "product_id": "auto", "seller_id": "3", "status": "결제대기"},
)  # fmt: skip


def test_columns_are_mapped_by_hand_and_remembered_by_their_titles(
    importing: ImportService, csv_file: Write
) -> None:
    add_seller(importing, csv_file)
    path = csv_file("77;2026-01-05 14:30;김민서;라떼;4500;1", head=OTHER)
    assert importing.read(path).unusable
    batch = importing.read(path, choice=MAPPED)
    assert said(batch) == []
    assert importing.apply(Actor.person(), batch).orders.added == 1
    # The same titles, in another order.
    turned = ";".join(reversed(OTHER.split(";")))
    path = csv_file("1;4500;라떼;김민서;2026-01-06 14:30;78", head=turned)
    batch = importing.read(path)
    assert batch.choice == MAPPED
    assert said(batch) == []
    assert importing.apply(Actor.person(), batch).orders.added == 1
    assert importing.remembered(batch.titles) == MAPPED


def test_a_refused_file_leaves_no_mapping(importing: ImportService, csv_file: Write) -> None:
    path = csv_file("x;2026-01-05 14:30;김민서;라떼;4500;1", head=OTHER)
    batch = importing.read(path, choice=MAPPED)
    assert not importing.apply(Actor.person(), batch).written
    assert importing.read(path).unusable


def test_a_mapped_column_that_is_not_there_is_named(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file("77;2026-01-05 14:30;김민서;라떼;4500;1", head=OTHER)
    choice = ColumnChoice({**MAPPED.columns, "price": "Price"}, MAPPED.values)
    assert said(importing.read(path, choice=choice)) == [
        (1, "column_not_in_file", "Price"),
        (1, "column_missing", "price"),
    ]


def test_a_workbook_has_the_same_layouts(importing: ImportService, tmp_path: Path) -> None:
    def fill(book: object, sheet: object) -> None:
        sheet.write_row(0, 0, ["안내 문구"])  # type: ignore[attr-defined]
        sheet.write_row(1, 0, SMARTSTORE.split(","))  # type: ignore[attr-defined]
        sheet.write_row(2, 0, smartstore().split(","))  # type: ignore[attr-defined]

    path = tmp_path / "발주발송관리.xlsx"
    path.write_bytes(workbook(fill))
    batch = importing.read(path, choice=SELLER)
    assert said(batch) == []
    assert batch.orders[0].line == 3


def test_the_layouts_of_the_program_are_sound() -> None:
    assert [one.id for one in LAYOUTS.known] == ["smartstore", "coupang"]
    assert all(one.needs <= one.titles for one in LAYOUTS.known)
    with pytest.raises(ValueError, match="no columns of ours"):
        parse_layouts('[[layout]]\nid = "x"\nneeds = ["a"]\n[layout.columns]\nwhat = ["a"]\n')
