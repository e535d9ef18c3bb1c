"""Exports the requests that a filter shows as a CSV or .xlsx file, one page at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from posapp.domain.actors import Actor
from posapp.domain.guards import guard_seller
from posapp.domain.permissions import Permission
from posapp.domain.requests import ClosedBy, RequestKind, RequestState
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.ports.requests import (
    LARGEST_PAGE,
    RefundProgress,
    RequestFilter,
    RequestRow,
    RequestSearch,
)
from posapp.services.ports.unit_of_work import Store
from posapp.services.spreadsheets.spreadsheet import Cell
from posapp.services.spreadsheets.table_file import write_table


@dataclass(frozen=True, slots=True)
class ExportLabels:
    """Texts of a file, in the language of its reader.

    Attributes:
        headings: one for each column, in the order of ``cells_of``.
    """

    title: str
    headings: tuple[str, ...]
    kinds: Mapping[RequestKind, str]
    states: Mapping[RequestState, str]
    enders: Mapping[ClosedBy, str]
    moneys: Mapping[RefundProgress, str]


KOREAN = ExportLabels(
    "교환 및 환불 신청서",
    (
        "신청번호", "신청날짜", "구매자 번호", "구매자", "주문번호", "주문상품번호", "상품", "금액",
        "교환/환불", "사유", "상태", "처리 시간", "처리한 사람", "메모", "환불 상태",
    ),
    {RequestKind.EXCHANGE: "교환", RequestKind.REFUND: "환불"},
    {RequestState.WAIT: "대기", RequestState.OK: "승인", RequestState.CANCEL: "취소"},
    {ClosedBy.SELLER: "판매자", ClosedBy.BUYER: "구매자", ClosedBy.PORTONE: "PortOne"},
    {
        RefundProgress.NONE: "",
        RefundProgress.WAITING: "환불 대기",
        RefundProgress.CHECKING: "확인 중",
        RefundProgress.REFUNDED: "환불 완료",
        RefundProgress.NEEDS_REVIEW: "확인 필요",
        RefundProgress.REFUSED: "환불 거절",
    },
)  # fmt: skip


class RequestExportService:
    """Exports the requests of a seller for that seller."""

    def __init__(self, store: Store, search: RequestSearch, access: AccessControl) -> None:
        self._store = store
        self._search = search
        self._access = access

    def export(
        self,
        actor: Actor,
        filter: RequestFilter,
        path: Path,
        progress: Callable[[int], bool],
    ) -> int:
        """Write the acting seller's requests that a filter shows; see ``write_requests``.

        Raises:
            UserError: ``NOT_PERMITTED``, user404, then seller406; nothing is written.
            EnvironmentProblem: as ``write_requests``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.EXPORT)
            seller = guard_seller(actor, find_user(uow, actor))
        return write_requests(self._search, seller.id, filter, path, progress)


def write_requests(
    search: RequestSearch,
    seller_id: int,
    filter: RequestFilter,
    path: Path,
    progress: Callable[[int], bool],
    labels: ExportLabels = KOREAN,
) -> int:
    """Write all requests of a seller that a filter shows, in its order.

    A ``.xlsx`` path gives a workbook, any other path CSV as Excel reads Hangul (UTF-8 with a byte
    order mark).

    Args:
        progress: called with the rows written so far, after each page; ``False`` cancels.

    Returns:
        The number of rows, or ``CANCELLED``; then nothing is left behind.

    Raises:
        EnvironmentProblem: the disk is full, the folder cannot be written, or a problem of the
            store.
    """
    return write_table(
        path,
        labels.title,
        labels.headings,
        ([cells_of(row, labels) for row in rows] for rows in _pages(search, seller_id, filter)),
        progress,
    )


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


def cells_of(row: RequestRow, labels: ExportLabels) -> tuple[Cell, ...]:
    """Return the cells of one row of the file."""
    return (
        row.id,
        row.created_at,
        row.buyer_id,
        row.buyer_name,
        row.order_id,
        row.item_id,
        row.product_name,
        int(row.amount),
        labels.kinds[row.kind],
        row.reason,
        labels.states[row.state],
        row.processed_at,
        labels.enders[row.ended_by] if row.ended_by is not None else "",
        row.note,
        labels.moneys[row.money],
    )
