"""CSV files that cannot be read, or not to their end: one reason, and nothing is taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem
from posapp.services.importing import SIZE_LIMIT, ImportService
from posapp.services.importing import order_lines as order_lines_module
from tests.importing.conftest import HEAD, LINE, line_of, said

Write = Callable[..., Path]


def test_a_name_with_a_quote_that_never_ends_spoils_the_file(
    importing: ImportService, csv_file: Write
) -> None:
    batch = importing.read(
        csv_file(LINE, line_of(주문번호="8", 상품='"열린'), line_of(주문번호="9"))
    )
    assert batch.unusable
    assert said(batch) == [(3, "quote_open", "")]


def test_a_stray_quote_spoils_its_line_and_the_orders_beside(
    importing: ImportService, csv_file: Write
) -> None:
    path = csv_file(line_of(주문번호="1"), LINE, line_of(상품='"a"b'), line_of(주문번호="9"))
    batch = importing.read(path)
    assert (4, "quote_stray", "") in said(batch)
    assert [row.order.id for row in batch.orders] == [1]


def test_a_cell_beyond_all_measure(importing: ImportService, csv_file: Write) -> None:
    batch = importing.read(csv_file(line_of(상품="가" * 200_000), line_of(주문번호="8")))
    assert batch.unusable
    assert said(batch) == [(2, "cell_too_large", "")]


def test_mixed_letters_are_refused_with_the_line(importing: ImportService, tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    good = (HEAD + "\n" + LINE + "\n").encode("utf-8")
    path.write_bytes(good + line_of(주문번호="8").encode("cp949") + b"\n")
    batch = importing.read(path)
    assert batch.unusable
    assert [cause for _, cause, _ in said(batch)] == ["encoding_mixed"]


def test_bytes_that_are_no_letters(importing: ImportService, tmp_path: Path) -> None:
    path = tmp_path / "photo.csv"
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\n\xff\xfe\x81")
    assert said(importing.read(path)) == [(1, "encoding_broken", "")]


@pytest.mark.parametrize("content", [b"", b" \r\n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file(importing: ImportService, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    assert said(importing.read(path)) == [(0, "file_empty", "")]


def test_a_head_alone_is_an_empty_shop(importing: ImportService, csv_file: Write) -> None:
    report = importing.apply(Actor.person(), importing.read(csv_file()))
    assert report.written
    assert report.orders.added == 0


def test_a_file_of_a_hundred_megabytes_is_refused_unread(
    importing: ImportService, tmp_path: Path
) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(100 * 1024 * 1024)
    batch = importing.read(path)
    assert said(batch) == [(0, "file_too_large", "")]
    assert batch.complaints[0].parameters["limit"] == SIZE_LIMIT // 1024**2


def test_too_many_rows(
    importing: ImportService, csv_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_lines_module, "ROW_LIMIT", 3)
    batch = importing.read(csv_file(*(line_of(주문번호=str(n)) for n in range(1, 9))))
    assert batch.unusable
    assert said(batch) == [(4, "too_many_rows", "")]


def test_complaints_are_kept_in_bounded_memory(
    importing: ImportService, csv_file: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posapp.services.importing.import_errors.COMPLAINT_LIMIT", 5)
    batch = importing.read(csv_file(*["x"] * 20))
    assert len(batch.complaints) == 5
    assert batch.omitted > 0


def test_another_kind_of_file_and_no_file(importing: ImportService, tmp_path: Path) -> None:
    path = tmp_path / "주문.pdf"
    path.write_bytes(b"%PDF")
    assert said(importing.read(path)) == [(0, "file_kind", "")]
    for missing in (tmp_path / "no.csv", tmp_path / "nul\x00.csv"):
        with pytest.raises(EnvironmentProblem):
            importing.read(missing)
