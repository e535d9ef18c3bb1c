"""An empty table of orders with our columns, as people fill it."""

from __future__ import annotations

import csv
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.importing.titles import NAMES

EXAMPLE = {
    "order_id": "1001",
    "ordered_at": "2026-01-05 14:30",
    "buyer_id": "12",
    "buyer_name": "김민서",
    "buyer_phone": "010-1234-5678",
    "seller_id": "3",
    "seller_name": "이하은",
    "item_id": "",
    "product_id": "21",
    "product_name": "소금빵",
    "price": "3200",
    "count": "2",
    "status": "결제대기",
    "cancel_reason": "",
}
"""One line of the template; its columns, without those that only other systems' files have."""

WIDTH = 18
"""Width of a column in a workbook, in letters."""


def write_template(path: Path) -> None:
    """Write a table with a header line and one line as an example: a workbook for ``.xlsx``, else
    CSV as Excel reads Hangul. Ids and phone numbers are text, which Excel leaves as it is.

    Raises:
        EnvironmentProblem: ``FILE_UNREADABLE``: there is a file already, or the folder cannot be
            written.
    """
    titles = [NAMES[key][0] for key in EXAMPLE]
    try:
        if path.suffix.lower() == ".xlsx":
            with path.open("xb"):
                pass
            _write_workbook(path, titles)
        else:
            with path.open("x", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerows([titles, list(EXAMPLE.values())])
    except OSError as error:
        detail = f"{path}: {error.strerror}"
        raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, detail) from error


def _write_workbook(path: Path, titles: list[str]) -> None:
    from xlsxwriter import Workbook  # written by a template only

    with Workbook(str(path)) as book:
        worksheet = book.add_worksheet("주문")
        text = book.add_format({"num_format": "@"})
        worksheet.set_column(0, len(titles) - 1, WIDTH, text)
        worksheet.freeze_panes(1, 0)
        worksheet.write_row(0, 0, titles, book.add_format({"bold": True}))
        for column, value in enumerate(EXAMPLE.values()):
            worksheet.write_string(1, column, value, text)
