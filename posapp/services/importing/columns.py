"""Header line of a CSV file: maps columns by name."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass

from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable

DELIMITERS = (",", ";", "\t")
"""Delimiters that Excel writes, by country and by "CSV" or "text"."""

NAMES: dict[str, tuple[str, ...]] = {
    "order_id": ("주문번호",),
    "ordered_at": ("주문시각", "주문일시", "주문일", "created_at"),
    "buyer_id": ("구매자번호",),
    "buyer_name": ("구매자", "구매자명", "buyer"),
    "buyer_phone": ("전화번호", "구매자전화번호", "휴대폰번호", "phone"),
    "seller_id": ("판매자번호",),
    "seller_name": ("판매자", "판매자명", "seller"),
    "item_id": ("주문상품번호", "상품주문번호"),
    "product_id": ("상품번호",),
    "product_name": ("상품", "상품명", "product"),
    "price": ("가격", "단가"),
    "count": ("수량",),
    "status": ("상태", "주문상태"),
    "cancel_reason": ("취소사유", "취소이유"),
}
"""Our column names with their accepted aliases."""

OPTIONAL = frozenset({"buyer_phone", "seller_name", "item_id", "cancel_reason"})

_KEY_OF = {name: key for key, names in NAMES.items() for name in (key, *names)}


@dataclass(frozen=True, slots=True)
class Columns:
    """Position of each known column, and its title in the file."""

    positions: dict[str, int]
    titles: dict[str, str]
    width: int


def delimiter_of(head: str) -> str:
    """Return the delimiter that yields the most known columns in the header line."""

    def known(delimiter: str) -> int:
        try:
            cells = next(csv.reader([head], delimiter=delimiter), [])
        except csv.Error:
            return 0
        return sum(_key(cell) is not None for cell in cells)

    return max(DELIMITERS, key=known)


def columns_of(line: int, titles: Sequence[str], complaints: Complaints) -> Columns:
    """Find the columns of a header line.

    An unknown column adds a complaint and is not read. Columns without a title, which Excel saves
    at the end, are skipped.

    Raises:
        FileUnusable: a required column is missing, or a column is there twice.
    """
    positions: dict[str, int] = {}
    shown: dict[str, str] = {}
    for position, title in enumerate(titles):
        key = _key(title)
        if key is None:
            if title.strip():
                complaints.add(line, Cause.COLUMN_UNKNOWN, title.strip()[:60])
            continue
        if key in positions:
            raise FileUnusable(Cause.COLUMN_TWICE, line, title.strip(), shown[key])
        positions[key] = position
        shown[key] = title.strip()
    for key, names in NAMES.items():
        if key not in positions and key not in OPTIONAL:
            raise FileUnusable(Cause.COLUMN_MISSING, line, key, names[0])
    return Columns(positions, shown, len(titles))


def _key(title: str) -> str | None:
    name = title.strip().lower()
    return _KEY_OF.get(name.replace(" ", "_")) or _KEY_OF.get(name.replace(" ", ""))
