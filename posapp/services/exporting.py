"""Requests as a file: what the filters show, as CSV or as a real .xlsx, streamed.

However many rows there are, one page of them is in memory. The file gets its name when it is whole:
an older file of that name stands until then, and nothing is left of one that was cancelled or that
the disk did not take.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.requests import EndedBy, RequestKind, RequestState
from posapp.services.exporting_sheets import Cell, CsvSheet, Sheet, XlsxSheet
from posapp.services.ports.requests import (
    LARGEST_PAGE,
    MoneyState,
    RequestFilter,
    RequestRow,
    RequestSearch,
)

CANCELLED = -1
"""What ``export`` returns when it was cancelled."""


@dataclass(frozen=True, slots=True)
class ExportWords:
    """The words of a file, in the language of its reader.

    Attributes:
        headings: one for each column, in the order of ``cells_of``.
    """

    title: str
    headings: tuple[str, ...]
    kinds: Mapping[RequestKind, str]
    states: Mapping[RequestState, str]
    enders: Mapping[EndedBy, str]
    moneys: Mapping[MoneyState, str]


KOREAN = ExportWords(
    "교환 및 환불 신청서",
    (
        "신청번호", "신청날짜", "구매자 ID", "구매자", "주문번호", "주문 항목 ID", "상품", "금액",
        "교환/환불", "사유", "상태", "처리 시간", "처리한 사람", "메모", "환불 상태",
    ),
    {RequestKind.EXCHANGE: "교환", RequestKind.REFUND: "환불"},
    {RequestState.WAIT: "대기", RequestState.OK: "승인", RequestState.CANCEL: "취소"},
    {EndedBy.SELLER: "판매자", EndedBy.BUYER: "구매자", EndedBy.PORTONE: "PortOne"},
    {
        MoneyState.NONE: "",
        MoneyState.WAITING: "환불 대기",
        MoneyState.CHECKING: "확인 중",
        MoneyState.REFUNDED: "환불 완료",
        MoneyState.NEEDS_PERSON: "확인 필요",
        MoneyState.REFUSED: "환불 거절",
    },
)  # fmt: skip


def export(
    search: RequestSearch,
    seller_id: int,
    filter: RequestFilter,
    path: Path,
    progress: Callable[[int], bool],
    words: ExportWords = KOREAN,
) -> int:
    """Write everything that a filter shows, in its order; return how many rows.

    A ``.xlsx`` becomes a workbook, anything else CSV as Excel reads Hangul (UTF-8 with a mark).

    Args:
        progress: is told the rows written so far, after each page; ``False`` from it cancels.

    Returns:
        The number of rows, or ``CANCELLED``; then nothing was left behind.

    Raises:
        EnvironmentProblem: the disk is full, the folder cannot be written, or what the store says.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".posapp-", dir=path.parent) as folder:
            new = Path(folder) / "export"
            kind = XlsxSheet if path.suffix.lower() == ".xlsx" else CsvSheet
            with kind(new, words.title) as sheet:
                sheet.add_headings(words.headings)
                written = _write(sheet, search, seller_id, filter, progress, words)
            if written != CANCELLED:
                new.replace(path)
            return written
    except OSError as error:
        raise _problem(error, path) from error


def _write(
    sheet: Sheet,
    search: RequestSearch,
    seller_id: int,
    filter: RequestFilter,
    progress: Callable[[int], bool],
    words: ExportWords,
) -> int:
    written = 0
    for rows in _pages(search, seller_id, filter):
        for row in rows:
            sheet.add(cells_of(row, words))
        written += len(rows)
        if not progress(written):
            return CANCELLED
    return written


def _pages(
    search: RequestSearch, seller_id: int, filter: RequestFilter
) -> Iterator[tuple[RequestRow, ...]]:
    after = None
    while True:
        page = search.page(seller_id, filter, LARGEST_PAGE, after)
        yield page.rows
        if not page.more:
            return
        after = (page.rows[-1].created_at, page.rows[-1].id)


def cells_of(row: RequestRow, words: ExportWords) -> tuple[Cell, ...]:
    """One line of the file."""
    return (
        row.id,
        row.created_at,
        row.buyer_id,
        row.buyer_name,
        row.order_id,
        row.item_id,
        row.product_name,
        int(row.amount),
        words.kinds[row.kind],
        row.reason,
        words.states[row.state],
        row.processed_at,
        words.enders[row.ended_by] if row.ended_by is not None else "",
        row.note,
        words.moneys[row.money],
    )


def _problem(error: OSError, path: Path) -> EnvironmentProblem:
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
    if error.errno in full:
        return EnvironmentProblem(EnvironmentCode.DISK_FULL, path.name)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return EnvironmentProblem(EnvironmentCode.READ_ONLY, path.name)
    return EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, f"{path.name}: {error.strerror}")
