"""Files of requests, read back as a spreadsheet reads them."""

from __future__ import annotations

import csv
import errno
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.requests import Decision, RequestKind
from posapp.domain.text import strip_controls
from posapp.services.importing.fields import read_id
from posapp.services.ports.requests import RequestFilter
from posapp.services.requests import export_requests
from posapp.services.requests.export_requests import (
    KOREAN,
    RequestExportService,
    write_requests,
)
from posapp.services.spreadsheets import spreadsheet
from posapp.services.spreadsheets.spreadsheet import CsvTableWriter, harmless, single_line
from posapp.services.spreadsheets.table_file import CANCELLED
from tests.fakes.access import EVERYTHING
from tests.requests.desk import BUYER, OTHER_SELLER, SELLER, Desk

NS = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
HEADINGS = list(KOREAN.headings)


def always(_: int) -> bool:
    return True


@pytest.fixture
def wishes(desk: Desk) -> Desk:
    """Three requests; the newest one's words would be a formula."""
    desk.sell(1, 1000, 2000, 3000)
    reasons = ('파손, "아주"', "둘째\u2028줄", '=HYPERLINK("http://x","눌러")')
    for n, reason in zip((10, 11, 12), reasons, strict=True):
        desk.ask(n, RequestKind.EXCHANGE if n == 11 else RequestKind.REFUND, reason)
        desk.clock.advance(seconds=1)
    desk.desk.decide(Actor.seller(SELLER), 2, Decision.REJECT, "+82 로 전화")
    desk.desk.decide(Actor.seller(SELLER), 1, Decision.APPROVE)
    return desk


def read_csv(path: Path) -> list[list[str]]:
    assert path.read_bytes().startswith(b"\xef\xbb\xbf"), "Excel needs the mark to see Hangul"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def read_xlsx(path: Path, number: int = 1) -> list[list[str | float]]:
    """The cells of a sheet: text or a number."""
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        layout = ET.fromstring(book.read(f"xl/worksheets/sheet{number}.xml"))
    assert not layout.findall(".//x:f", NS), "a formula"
    assert not layout.findall(".//x:hyperlink", NS)
    found = []
    for row in layout.findall(".//x:row", NS):
        cells: dict[str, str | float] = {}
        for cell in row.findall("x:c", NS):
            column = cell.attrib["r"].rstrip("0123456789")
            text, value = cell.find("x:is/x:t", NS), cell.find("x:v", NS)
            if text is not None:
                cells[column] = text.text or ""
            elif value is not None:
                cells[column] = float(value.text or "nan")
        found.append([cells.get(letter, "") for letter in "ABCDEFGHIJKLMNO"])
    return found


def test_a_seller_alone_exports(wishes: Desk, tmp_path: Path) -> None:
    """Their own requests, in their own name only."""
    service = RequestExportService(wishes.store, wishes.search, EVERYTHING)
    path = tmp_path / "all.csv"
    for actor, code in (
        (Actor.buyer(SELLER), ErrorCode.NOT_A_SELLER),
        (Actor.seller(BUYER), ErrorCode.NOT_A_SELLER),
        (Actor.seller(99), ErrorCode.USER_UNKNOWN),
        (Actor.person(), ErrorCode.USER_UNKNOWN),
    ):
        with pytest.raises(UserError) as refused:
            service.export(actor, RequestFilter(), path, always)
        assert refused.value.code is code
    assert not path.exists()
    assert service.export(Actor.seller(OTHER_SELLER), RequestFilter(), path, always) == 0
    assert service.export(Actor.seller(SELLER), RequestFilter(), path, always) == 3


def test_csv_has_the_filtered_rows_in_order(wishes: Desk, tmp_path: Path) -> None:
    path = tmp_path / "신청 목록.csv"
    assert write_requests(wishes.search, SELLER, RequestFilter(), path, always) == 3
    head, newest, middle, oldest = read_csv(path)
    assert head == HEADINGS
    assert newest == [
        "3", "2026-03-02 10:00:02", "1", "김하나", "1", "12", "상품 12", "6000", "환불",
        "'=HYPERLINK(\"http://x\",\"눌러\")", "대기", "", "", "", "",
    ]  # fmt: skip
    assert middle[8:] == ["교환", "둘째 줄", "취소", "2026-03-02 10:00:03", "판매자",
                          "'+82 로 전화", ""]  # fmt: skip
    assert oldest[8:] == ["환불", '파손, "아주"', "승인", "2026-03-02 10:00:03", "판매자", "",
                          "환불 대기"]  # fmt: skip
    only = RequestFilter(kind=RequestKind.EXCHANGE)
    assert write_requests(wishes.search, SELLER, only, path, always) == 1
    assert len(read_csv(path)) == 2, "the older file was replaced"


def test_xlsx_holds_numbers_moments_and_text_that_is_text(wishes: Desk, tmp_path: Path) -> None:
    path = tmp_path / "requests.XLSX"
    assert (
        write_requests(wishes.search, SELLER, RequestFilter(oldest_first=True), path, always) == 3
    )
    head, oldest, middle, newest = read_xlsx(path)
    assert head == HEADINGS
    assert oldest[:8] == [1, oldest[1], 1, "김하나", 1, 10, "상품 10", 2000]
    assert isinstance(oldest[1], float)
    shown = datetime(1899, 12, 30) + timedelta(days=oldest[1])  # noqa: DTZ001 - as Excel counts
    assert abs(shown - datetime(2026, 3, 2, 10)) < timedelta(seconds=1)  # noqa: DTZ001
    assert newest[9] == '=HYPERLINK("http://x","눌러")'
    assert middle[13] == "+82 로 전화"


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_nothing_found_is_a_file_with_headings(desk: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_requests(desk.search, SELLER, RequestFilter(), path, always) == 0
    assert (read_xlsx if name.endswith("x") else read_csv)(path) == [HEADINGS]


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_pages_are_joined_and_files_truncated(
    wishes: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(export_requests, "LARGEST_PAGE", 2)
    monkeypatch.setattr(spreadsheet, "MAX_WORKSHEET_ROWS", 2)
    reported: list[int] = []
    path = tmp_path / name
    assert (
        write_requests(
            wishes.search, SELLER, RequestFilter(), path, lambda n: not reported.append(n)
        )
        == 3
    )
    assert reported == [2, 3]
    if name.endswith("x"):
        assert [row[0] for row in read_xlsx(path)] == ["신청번호", 3, 2]
        assert [row[0] for row in read_xlsx(path, 2)] == ["신청번호", 1]
    else:
        assert [row[0] for row in read_csv(path)[1:]] == ["3", "2", "1"]


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
def test_cancelled_export_keeps_the_old_file(wishes: Desk, tmp_path: Path, name: str) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir()
    path.write_text("before")
    assert (
        write_requests(wishes.search, SELLER, RequestFilter(), path, lambda _: False) == CANCELLED
    )
    assert path.read_text() == "before"
    assert [one.name for one in path.parent.iterdir()] == [name]


@pytest.mark.parametrize("name", ["all.csv", "all.xlsx"])
@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENOSPC, EnvironmentCode.DISK_FULL),
        (errno.EACCES, EnvironmentCode.READ_ONLY),
        (errno.EIO, EnvironmentCode.FILE_UNREADABLE),
    ],
)
def test_disk_error_is_reported_and_leaves_no_file(
    wishes: Desk, tmp_path: Path, name: str, number: int, code: EnvironmentCode
) -> None:
    def fail(_: int) -> bool:
        raise OSError(number, "no")

    path = tmp_path / "out" / name
    path.parent.mkdir()
    with pytest.raises(EnvironmentProblem) as problem:
        write_requests(wishes.search, SELLER, RequestFilter(), path, fail)
    assert problem.value.code is code
    assert list(path.parent.iterdir()) == []


def test_a_folder_that_is_not_there_is_reported(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as problem:
        write_requests(desk.search, SELLER, RequestFilter(), tmp_path / "no" / "a.csv", always)
    assert problem.value.code is EnvironmentCode.FILE_UNREADABLE


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "＋1", "\t=1", "\r\n=1", "|x", "\u202e=1"]
)
def test_possible_formula_is_escaped(text: str) -> None:
    assert harmless(text).startswith("'")
    assert harmless("가 = 나") == "가 = 나"


@pytest.mark.parametrize(
    "text",
    ["", "가 나", " 가", "가 ", "가  나", "가\u3000나", "가\n나", "\u200b", "a\u00a0b"],
)
def test_the_quick_way_to_one_line_is_the_usual_one(text: str) -> None:
    assert single_line(text) == strip_controls(text)


def test_long_ids_in_csv_survive_excel(tmp_path: Path) -> None:
    """Excel shows 12 digits and more in short and saves CSV as it shows it."""
    file = tmp_path / "ids.csv"
    with CsvTableWriter(file, "") as writer:
        writer.add([12, 99_999_999_999, 100_000_000_000, 2026112812345671])
    written = file.read_text("utf-8-sig").strip()
    assert written == '12,99999999999,"=""100000000000""","=""2026112812345671"""'
    assert [read_id(cell) for cell in next(csv.reader([written]))][2:] == [
        100_000_000_000,
        2026112812345671,
    ]
