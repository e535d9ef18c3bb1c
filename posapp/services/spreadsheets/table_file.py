"""Writes one table to a CSV or .xlsx file, page by page.

Only one page of rows is in memory at a time. The file gets its name when it is complete: an older
file of that name remains until then, and a cancelled or failed export leaves nothing behind.
"""

from __future__ import annotations

import errno
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.spreadsheets.spreadsheet import Cell, CsvTableWriter, XlsxTableWriter

CANCELLED = -1
"""What an export returns when it was cancelled."""


def write_table(
    path: Path,
    title: str,
    headings: Sequence[str],
    pages: Iterable[Sequence[Sequence[Cell]]],
    progress: Callable[[int], bool] = lambda _: True,
) -> int:
    """Write all rows of all pages.

    A ``.xlsx`` path gives a workbook, any other path CSV as Excel reads Hangul (UTF-8 with a byte
    order mark).

    Args:
        title: of the worksheet.
        progress: called with the rows written so far, after each page; ``False`` cancels.

    Returns:
        The number of rows, or ``CANCELLED``; then nothing is left behind.

    Raises:
        EnvironmentProblem: the disk is full, the folder cannot be written, or a problem of the
            store.
    """
    try:
        with tempfile.TemporaryDirectory(prefix=".posapp-", dir=path.parent) as folder:
            new = Path(folder) / "export"
            kind = XlsxTableWriter if path.suffix.lower() == ".xlsx" else CsvTableWriter
            written = 0
            with kind(new, title) as writer:
                writer.add_headings(headings)
                for rows in pages:
                    for row in rows:
                        writer.add(row)
                    written += len(rows)
                    if not progress(written):
                        return CANCELLED
            new.replace(path)
            return written
    except OSError as error:
        raise _problem(error, path) from error


def _problem(error: OSError, path: Path) -> EnvironmentProblem:
    full = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC), errno.EFBIG)
    if error.errno in full:
        return EnvironmentProblem(EnvironmentCode.DISK_FULL, path.name)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return EnvironmentProblem(EnvironmentCode.READ_ONLY, path.name)
    return EnvironmentProblem(EnvironmentCode.FILE_UNREADABLE, f"{path.name}: {error.strerror}")
