"""A file of orders as long as one likes."""

from __future__ import annotations

from pathlib import Path

from tests.importing.conftest import HEAD


def write_lines(path: Path, lines: int) -> None:
    """Write so many lines of CSV: orders of four items each, of 3,000 buyers."""
    with path.open("w", encoding="utf-8", newline="\r\n") as file:
        file.write(HEAD + "\n")
        for number in range(lines):
            order, place = divmod(number, 4)
            day = 1 + order % 28
            file.write(
                f"{order + 1},2026-01-{day:02d} 14:30,{1000 + order % 3000},구매자 {order % 3000},"
                f"{1 + place},판매자 {place},{10 + place},상품 {place},"
                f'"{1000 + place * 500:,}원",{1 + place},결제대기\n'
            )
