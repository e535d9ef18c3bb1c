"""Reads a file to a batch: its bytes within bounds, and its content by its kind."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.importing.columns import ColumnChoice
from posapp.services.importing.csv_rows import read_csv_rows
from posapp.services.importing.encoding import text_of
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.importing.order_lines import Row, TableHead, is_blank, read_order_lines
from posapp.services.importing.rows import Batch
from posapp.services.importing.shop_file import read_shop_file
from posapp.services.importing.workbook import is_workbook, read_workbook

SIZE_LIMIT = 32 * 1024 * 1024
"""Maximum file size in bytes; about 300,000 order lines. Split larger data into several files."""

TABLES = (".csv", ".tsv", ".txt", ".xlsx")
KINDS = (".json", *TABLES)
_MACROS = (".xlsm", ".xltm", ".xlam", ".xlsb")
_OLD = (".xls", ".xlt")
_PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileContent:
    """The bytes of a file and its name."""

    name: str
    data: bytes

    @property
    def kind(self) -> str:
        """The end of the name, in lower case; that of a workbook if its bytes are one."""
        end = Path(self.name).suffix.lower()
        return ".xlsx" if end in TABLES and is_workbook(self.data) else end


def read_bytes(path: Path) -> FileContent:
    """Read a file.

    Raises:
        FileUnusable: ``FILE_KIND``, ``FILE_TOO_LARGE`` (found by its size, without reading it),
            ``FILE_EMPTY``, ``FILE_CHANGED``: it was written meanwhile; ``WORKBOOK_MACRO``,
            ``WORKBOOK_OLD``.
        EnvironmentProblem: ``FILE_UNREADABLE``: it does not exist, cannot be read, or is no file.
    """
    kind = path.suffix.lower()
    if kind in _MACROS:
        raise FileUnusable(Cause.WORKBOOK_MACRO)
    if kind in _OLD:
        raise FileUnusable(Cause.WORKBOOK_OLD)
    if kind not in KINDS:
        raise FileUnusable(Cause.FILE_KIND, value=path.name)
    pieces: list[bytes] = []
    size = 0
    try:
        with os.fdopen(_open_file(path), "rb") as file:
            before = os.fstat(file.fileno())
            _refuse_large(before.st_size)
            while size <= SIZE_LIMIT and (piece := file.read(_PIECE)):
                pieces.append(piece)
                size += len(piece)
            after = os.fstat(file.fileno())
    except (OSError, ValueError) as error:
        # ValueError: the name contains NUL.
        raise EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, path.name) from error
    _refuse_large(size)
    if (before.st_size, before.st_mtime_ns) != (size, after.st_mtime_ns):
        raise FileUnusable(Cause.FILE_CHANGED)
    data = b"".join(pieces)
    if not data.strip(b" \t\r\n\x1a"):
        raise FileUnusable(Cause.FILE_EMPTY)
    return FileContent(path.name, data)


def read_content(
    content: FileContent,
    complaints: Complaints,
    table: TableHead,
    layouts: Layouts = NO_LAYOUTS,
) -> Batch:
    """Read a shop (``.json``) or a table of order lines; complaints are not in the batch.

    Args:
        table: how the columns of a table are mapped; receives its titles.

    Raises:
        FileUnusable: the file as a whole cannot be read.
    """
    if content.kind == ".json":
        shop = read_shop_file(text_of(content.data).text, complaints)
        return Batch(shop.users, shop.products, shop.orders)
    rows = _table_rows(content, complaints, layouts, table.choice)
    lines = read_order_lines(rows, complaints, table, layouts)
    batch = Batch(tuple(lines.users), tuple(lines.products), tuple(lines.orders))
    return replace(batch, columns=lines.columns)


def _table_rows(
    content: FileContent, complaints: Complaints, layouts: Layouts, choice: ColumnChoice
) -> Iterator[Row]:
    if content.kind == ".xlsx":
        return ((line, cells) for line, cells in read_workbook(content.data) if _has_value(cells))
    return read_csv_rows(text_of(content.data), complaints, layouts, choice)


def _has_value(cells: Sequence[object]) -> bool:
    return not all(is_blank(cell) for cell in cells)


def _refuse_large(size: int) -> None:
    if size > SIZE_LIMIT:
        raise FileUnusable(Cause.FILE_TOO_LARGE, limit=SIZE_LIMIT // (1024 * 1024))


def _open_file(path: Path) -> int:
    """Open a regular file only: reading a FIFO or a device may block or never end.

    Raises:
        OSError: the file does not exist, cannot be read, or is not a regular file.
    """
    number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(number).st_mode):
        return number
    os.close(number)
    raise OSError(errno.EINVAL, "not a file", str(path))
