"""Workbooks: the same rows as CSV, cells by type, and what is refused by name."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService, OnError
from posapp.services.importing import workbook as workbook_module
from tests.importing.conftest import HEAD, LINE, said
from tests.importing.test_round_trip import QUICK
from tests.importing.workbooks import SHEET, part, repacked, with_cell, workbook

Put = Callable[[bytes], Path]


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(data: bytes, name: str = "orders.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(data)
        return path

    return write


def causes(importing: ImportService, path: Path) -> list[str]:
    return [cause for _, cause, _ in said(importing.read(path))]


def test_a_workbook_is_read_like_the_csv_with_its_cells(
    importing: ImportService, put: Put, csv_file: Callable[..., Path]
) -> None:
    one, other = importing.read(put(workbook())), importing.read(csv_file(LINE))
    assert said(one) == []
    assert (one.orders, one.users, one.products) == (other.orders, other.users, other.products)
    assert one.titles == other.titles


def test_dates_and_numbers_are_read_by_the_type_of_their_cell(
    importing: ImportService, put: Put
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        days = book.add_format({"num_format": "yyyy-mm-dd"})
        at = datetime.fromisoformat("2026-01-05 14:30")
        sheet.write_row(3, 2, HEAD.split(","))  # not in the corner
        sheet.write_row(
            4, 2, [7, None, 12, "김민서", 3, "이하은", 21, "소금빵", 3200, 2, "결제대기"]
        )
        sheet.write_datetime(4, 3, at, moment)
        sheet.write_row(
            5, 2, [8, None, 12, "김민서", 3, "이하은", 21, "소금빵", 3200, 2, "결제대기"]
        )
        sheet.write_datetime(5, 3, date(2026, 1, 6), days)

    batch = importing.read(put(workbook(fill)))
    assert said(batch) == []
    assert [(row.line, row.order.id) for row in batch.orders] == [(5, 7), (6, 8)]
    assert batch.orders[0].order.created_at == datetime(2026, 1, 5, 5, 30, tzinfo=UTC)
    assert batch.orders[1].order.created_at == datetime(2026, 1, 5, 15, 0, tzinfo=UTC)
    assert batch.orders[0].order.items[0].total == 6400


@pytest.mark.parametrize(
    ("number", "cause"),
    [
        (2026112812345671.0, None),  # 16 digits, and not one that Excel has cut to 15
        (2026112812345670.0, "rounded"),
        (2.0**53 + 2, "rounded"),
        (7.5, "decimals"),
    ],
)
def test_an_id_in_a_number_cell(
    importing: ImportService, put: Put, number: float, cause: str | None
) -> None:
    data = with_cell("상품번호", lambda book, sheet, at: sheet.write_number(1, at, number))
    found = causes(importing, put(data))
    assert found == ([cause] if cause else [])


def test_a_number_shown_in_short_is_no_id_but_an_amount(importing: ImportService, put: Put) -> None:
    def short(book: Any, sheet: Any, at: int) -> None:
        sheet.write_number(1, at, 1200, book.add_format({"num_format": "0.00E+00"}))

    assert causes(importing, put(with_cell("상품번호", short))) == ["rounded"]
    assert causes(importing, put(with_cell("가격", short))) == []


def test_a_formula_without_its_value_and_an_error_are_named_by_their_cell(
    importing: ImportService, put: Put
) -> None:
    def formula(value: object) -> Callable[[Any, Any, int], None]:
        return lambda book, sheet, at: sheet.write_formula(1, at, "=1+1", value=value)

    read = importing.read
    assert said(read(put(with_cell("가격", formula(""))))) == [(2, "formula_empty", "가격")]
    assert said(read(put(with_cell("가격", formula("#DIV/0!"))))) == [(2, "cell_error", "가격")]
    assert said(read(put(with_cell("가격", formula(3200))))) == []


def test_a_formula_without_a_value_in_a_column_that_is_not_read_does_not_matter(
    importing: ImportService, put: Put
) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, HEAD.split(","))
        sheet.write_row(1, 0, LINE.split(","))
        sheet.write_formula(1, 11, "=1+1", value="")

    assert causes(importing, put(workbook(fill))) == []


WHOLE = workbook()
"""Made once: the parts of a workbook have the time of their making."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04", "workbook_broken"),
        (b"PK", "workbook_broken"),
        (workbook()[:2000], "workbook_broken"),
        (OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "workbook_password"),
        (OLE + bytes(600) + "Workbook".encode("utf-16-le"), "workbook_old"),
        (repacked(workbook(), {"xl/vbaProject.bin": b"x"}), "workbook_macro"),
        (repacked(workbook(), {"xl/media/1.xml": bytes(20_000_000)}), "workbook_bomb"),
        (repacked(workbook(), {SHEET: None}), "worksheet_none"),
        (repacked(workbook(), {"xl/workbook.xml": b"<workbook/>"}), "worksheet_none"),
        (repacked(workbook(), {"xl/workbook.xml": b"<workbook"}), "workbook_broken"),
        (repacked(workbook(), {"xl/workbook.xml": None}), "workbook_broken"),
        (repacked(workbook(), {SHEET: b"<worksheet><sheetData><row>"}), "workbook_broken"),
        (workbook(lambda book, sheet: None), "file_empty"),
    ],
)
def test_what_is_refused_by_name(
    importing: ImportService, put: Put, data: bytes, cause: str
) -> None:
    batch = importing.read(put(data))
    assert batch.unusable
    assert [each for _, each, _ in said(batch)] == [cause]


@pytest.mark.parametrize(
    ("name", "cause"),
    [("a.xlsm", "workbook_macro"), ("a.xls", "workbook_old"), ("a.XLSB", "workbook_macro")],
)
def test_other_excel_formats_are_named_without_reading_them(
    importing: ImportService, put: Any, name: str, cause: str
) -> None:
    assert causes(importing, put(workbook(), name)) == [cause]


def test_a_workbook_is_one_whatever_its_name(importing: ImportService, put: Any) -> None:
    assert causes(importing, put(workbook(), "orders.csv")) == []


def test_entities_are_never_resolved(importing: ImportService, put: Put) -> None:
    book = part(workbook(), "xl/workbook.xml")
    bomb = book.replace(b"<workbook", b'<!DOCTYPE a [<!ENTITY b "bb">]><workbook', 1)
    data = repacked(workbook(), {"xl/workbook.xml": bomb})
    assert causes(importing, put(data)) == ["workbook_broken"]


def test_a_declared_size_is_believed_before_anything_is_unpacked(
    importing: ImportService, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(package: zipfile.ZipFile) -> None:
        pytest.fail("it was opened")

    monkeypatch.setattr(workbook_module, "UNPACKED_LIMIT", 1000)
    monkeypatch.setattr(workbook_module, "_find_worksheet", unpack)
    assert causes(importing, put(workbook())) == ["workbook_bomb"]


def test_a_part_that_grows_beyond_its_declared_size_is_cut_there(
    importing: ImportService, put: Put
) -> None:
    """The reader of workbooks would unpack all of it; it gets the checked bytes only."""
    sheet = part(workbook())
    longer = sheet + b" " * 50_000_000
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(longer) + packer.flush()
    data = bytearray(repacked(workbook(), {SHEET: None}))
    lying = lying_package(bytes(data), SHEET, packed, sheet)
    tracemalloc.start()
    found = causes(importing, put(lying))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == []
    assert peak < 10_000_000


def lying_package(data: bytes, name: str, packed: bytes, claimed: bytes) -> bytes:
    """The package with one more part, whose packed bytes hold more than its declared size."""
    end = data.rindex(b"PK\x05\x06")
    _, _, _, _, count, size, offset, _ = struct.unpack("<4s4H2LH", data[end : end + 22])
    encoded = name.encode()
    crc, sizes = zlib.crc32(claimed), (len(packed), len(claimed))
    local = struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, 0, 8, 0, 33, crc, *sizes, len(encoded), 0)
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 8, 0, 33, crc, *sizes, len(encoded), 0, 0, 0, 0,
        0, offset,
    )  # fmt: skip
    body = data[:offset] + local + encoded + packed
    directory = data[offset : offset + size] + central + encoded
    tail = struct.pack(
        "<4s4H2LH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), len(body), 0
    )
    return body + directory + tail


@pytest.mark.parametrize(
    ("cell", "cause"),
    [
        (b'<c r="ZZZ1"><v>1</v></c>', "worksheet_wide"),
        (b"<c r='zzz1'><v>1</v></c>", "worksheet_wide"),
        (b'<c\n r = "CV999999999"><v>1</v></c>', "too_many_rows"),
        (b'<c r="A1"><v>1</v></c>' + b"<c><v>1</v></c>" * 1100, "worksheet_wide"),
        (b'<c r="A1"><v>' + b"9" * 12_000_000 + b"</v></c>", "cell_too_large"),
        (b'<c r="A1"><v>\x00</v></c>', "workbook_broken"),
    ],
)
def test_a_few_cells_far_away_are_no_gigabytes_of_memory(
    importing: ImportService, put: Put, cell: bytes, cause: str
) -> None:
    sheet = part(workbook()).replace(b"</sheetData>", b"<row>" + cell + b"</row></sheetData>")
    data = repacked(workbook(), {SHEET: sheet}, stored=True)
    assert causes(importing, put(data)) == [cause]


def test_a_hidden_worksheet_is_passed_over(importing: ImportService, put: Put) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.hide()
        sheet.write_row(0, 0, ["비밀", "시트"])
        other = book.add_worksheet("주문 2")
        other.write_row(0, 0, HEAD.split(","))
        other.write_row(1, 0, LINE.split(","))
        other.activate()

    assert causes(importing, put(workbook(fill))) == []


def test_a_file_of_a_gigabyte_is_refused_by_its_size(
    importing: ImportService, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("huge.xlsx", "huge.csv", "huge.json"):
        path = tmp_path / name
        with path.open("wb") as file:
            file.truncate(2**30)
        monkeypatch.setattr(
            "posapp.services.importing.file_reader._PIECE", "not read"
        )  # reading would be a TypeError
        assert causes(importing, path) == ["file_too_large"]


@QUICK
@given(st.data())
def test_no_bytes_in_a_workbook_are_a_crash(
    importing: ImportService, tmp_path: Path, data: st.DataObject
) -> None:
    """Noise in the package, and well-packed parts with a piece changed."""
    whole = WHOLE
    name = data.draw(
        st.sampled_from(
            ["", SHEET, "xl/workbook.xml", "xl/styles.xml", "xl/sharedStrings.xml",
             "xl/_rels/workbook.xml.rels", "_rels/.rels"]
        )
    )  # fmt: skip
    piece = part(whole, name) if name else whole
    start = data.draw(st.integers(0, len(piece)))
    end = data.draw(st.integers(start, min(start + 30, len(piece))))
    changed = piece[:start] + data.draw(st.binary(max_size=20)) + piece[end:]
    path = tmp_path / "noise.xlsx"
    path.write_bytes(repacked(whole, {name: changed}) if name else changed)
    batch = importing.read(path)
    report = importing.apply(Actor.person(), batch, OnError.SKIP)
    if batch.unusable:
        assert report.complaints
