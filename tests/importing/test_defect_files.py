"""Files of shops elsewhere: small ones of ``data/``, and their neighbours."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService, Report
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import HEAD, LAYOUTS, LINE, line_of, said, small_shop

Write = Callable[..., Path]
DATA = Path(__file__).parent / "data"


class Later:
    """The files are of November 2026."""

    def now(self) -> datetime:
        return datetime(2026, 11, 29, tzinfo=UTC)

    def monotonic(self) -> int:
        return 0


@pytest.fixture
def later(store: SqlStore) -> ImportService:
    return ImportService(store, Later(), EVERYTHING, sellers=True, layouts=LAYOUTS)


def take(importing: ImportService, path: Path) -> Report:
    return importing.apply(Actor.person(), importing.read(path))


@pytest.mark.parametrize(
    "name",
    [
        "01-nfd-header.csv",
        "02-double-bom.csv",
        "03-sep-line.csv",
        "04a-header-linebreak.csv",
        "04b-header-nbsp.csv",
        "05a-phone-eq-quote.csv",
        "05c-phone-lost-zero.csv",
        "05e-phone-fullwidth.csv",
        "06a-zwsp-in-name.csv",
        "07a-dos-eof.csv",
    ],
)
def test_such_a_file_is_taken_like_a_plain_one(
    later: ImportService, store: SqlStore, name: str
) -> None:
    report = take(later, DATA / name)
    assert said(report) == []
    assert report.orders.added == 1
    with store.snapshot() as work:
        order, buyer = work.orders.get(1001), work.people.get(11)
    assert order is not None and order.items[0].name == "소금빵"
    assert buyer is not None and buyer.phone == "010-1234-5678"


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("05b-phone-scientific.csv", (2, "rounded", "전화번호")),
        ("08-order-number-16-digits.csv", (2, "order_id_long", "주문번호")),
        ("09c-barcode-scientific.json", (15, "rounded", "products[0].barcode")),
        ("12-emoji-complaint.csv", (3, "not_a_number", "가격")),
    ],
)
def test_such_a_file_is_refused_by_the_right_line_and_column(
    later: ImportService, name: str, complaint: tuple[int, str, str]
) -> None:
    report = take(later, DATA / name)
    assert not report.written
    assert said(report)[0] == complaint


def test_a_product_is_found_by_a_barcode_that_lost_its_zero(
    later: ImportService, store: SqlStore
) -> None:
    assert take(later, DATA / "09a-barcode-lost-zero.json").written
    with store.snapshot() as work:
        found = work.goods.with_code("0012345678905")
    assert [product.id for product, _ in found] == [501]


@pytest.mark.parametrize(
    "change",
    [
        lambda head: unicodedata.normalize("NFD", head),
        lambda head: "\ufeff\ufeff\ufeff" + head,
        lambda head: head.replace("주문번호", "주문\u200b번호").replace(
            "상품번호", "\u2060상품번호"
        ),
        lambda head: head.replace("구매자번호", "구매자\u00ad번호"),
        lambda head: head.replace("구매자번호", " 구매자 \u3000 번호 "),
        lambda head: head.replace("주문번호", '"주문\r\n번호"').replace("가격", '"가격\n"'),
        lambda head: head.replace("수량", "수량\u00a0").replace("상태", "\u202f상태*"),
        lambda head: head.replace("주문시각", "주문\tᅠ시각".replace("ᅠ", "")),
        lambda head: "이 파일은 2026년 1월에 내려받았습니다.\r\n\r\n" + head,
        lambda head: '"sep=,"\r\n' + head,
        lambda head: "SEP=,\r\n" + head,
    ],
)
def test_titles_are_known_however_they_are_written(
    importing: ImportService, csv_file: Write, change: Callable[[str], str]
) -> None:
    batch = importing.read(csv_file(LINE, head=change(HEAD)))
    assert said(batch) == []
    assert [row.order.id for row in batch.orders] == [7]


@pytest.mark.parametrize("delimiter", [";", "\t", "|", ","])
def test_excels_own_line_names_the_delimiter(
    importing: ImportService, csv_file: Write, delimiter: str
) -> None:
    head, line = HEAD.replace(",", delimiter), LINE.replace(",", delimiter)
    batch = importing.read(csv_file(head, line, head=f"sep={delimiter}", encoding="utf-8-sig"))
    assert said(batch) == []
    bad = importing.read(csv_file(head, "x" + line, head=f"sep={delimiter}"))
    assert said(bad)[0] == (3, "not_a_number", "주문번호")


@pytest.mark.parametrize("encoding", ["utf-8", "cp949", "utf-16", "utf-16-be"])
@pytest.mark.parametrize("end", ["\x1a", "\r\n\x1a\r\n", "\x1a\x1a\x1a", "\n\x1a  \n"])
def test_the_end_sign_of_dos_is_no_line(
    importing: ImportService, tmp_path: Path, encoding: str, end: str
) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    path = tmp_path / "dos.csv"
    path.write_bytes(mark + f"{HEAD}\r\n{LINE}{end}".encode(encoding))
    batch = importing.read(path)
    assert said(batch) == []
    assert len(batch.orders) == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_tail_of_nuls_is_named(importing: ImportService, tmp_path: Path, encoding: str) -> None:
    for kind, text in (("csv", f"{HEAD}\n{LINE}\n"), ("json", json.dumps(small_shop()))):
        path = tmp_path / f"cut.{kind}"
        path.write_bytes(text.encode(encoding) + b"\0" * 4096)
        batch = importing.read(path)
        assert batch.unusable
        assert [cause for _, cause, _ in said(batch)] == ["nul_tail"]


def test_all_missing_columns_are_named_at_once(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file("7,소금빵", head="주문번호,상품"))
    missing = [field for _, cause, field in said(batch) if cause == "column_missing"]
    assert missing == [
        "ordered_at", "buyer_id", "buyer_name", "seller_id", "product_id", "price", "count",
        "status",
    ]  # fmt: skip


@pytest.mark.parametrize("written", ["\u3164", "\u200b\u200d", "\u2800", "\ufeff"])
def test_a_name_that_shows_nothing_is_empty(
    importing: ImportService, csv_file: Write, written: str
) -> None:
    assert said(importing.read(csv_file(line_of(상품=written))))[0] == (2, "empty", "상품")


def test_ids_in_the_coat_of_excel_are_read(importing: ImportService, csv_file: Write) -> None:
    coated = line_of(주문번호='"=""7"""', 상품번호='"=""21"""', 구매자번호="'12")
    batch = importing.read(csv_file(coated))
    assert said(batch) == []
    assert batch.orders[0].order.items[0].product_id == 21


@pytest.mark.parametrize("column", ["주문번호", "상품번호", "구매자번호"])
def test_a_rounded_id_is_a_complaint(
    importing: ImportService, csv_file: Write, column: str
) -> None:
    batch = importing.read(csv_file(line_of(**{column: "2.02611E+15"})))
    assert said(batch)[0] == (2, "rounded", column)
