"""Reader of .xlsx workbooks: rows of cells by type, after the package was checked.

What is not needed to read cells is never unpacked: macros, pictures, links. The parts that are
needed are unpacked within their declared sizes, scanned (``worksheet_scan``), and given to the
reader as a package of their own.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as Xml

from posapp.services.importing.fields import RoundedNumber
from posapp.services.importing.import_errors import Cause, FileUnusable
from posapp.services.importing.rows import BadCell
from posapp.services.importing.worksheet_scan import WorksheetScan, scan_worksheet

UNPACKED_LIMIT = 256 * 2**20
"""Most bytes of all parts, unpacked."""

RATIO_LIMIT = 150
"""Most bytes that one packed byte becomes. Worksheets of orders reach 50."""

RATIO_FREE = 2**20
"""Small parts may be packed as well as they can."""

PART_LIMIT = 5_000
SMALL_PART = 4 * 2**20
"""Most bytes of a part that is read at once: the list of sheets, formats."""

EXCEL_DIGITS = 15
"""Excel keeps so many digits of a number; the further ones become 0."""

_EXACT = 2**53
"""Largest whole number up to which every one is exact in a cell."""

_PIECE = 2**20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_SCIENTIFIC_BUILT_IN = frozenset({11, 48})
_SCIENTIFIC = re.compile(r"[0#?.]E[+-]", re.IGNORECASE)


def is_workbook(data: bytes) -> bool:
    """Return whether a file is a workbook by its first bytes, whatever its name."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_workbook(data: bytes) -> Iterator[tuple[int, Sequence[object]]]:
    """Yield the rows of the first visible worksheet, each with its number from 1.

    A cell is text, a whole number, a ``Decimal``, a flag, a date or time, a ``RoundedNumber``, or a
    ``BadCell``.

    Raises:
        FileUnusable: a workbook with a password, of an older Excel, with macros or damaged; one
            that grows beyond all bounds when it is unpacked; no worksheet.
    """
    _refuse_other_formats(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            _refuse_unsound(package)
            worksheet = _find_worksheet(package)
            scan, packed = _repack(package, worksheet)
    except (zipfile.BadZipFile, zlib.error, Xml.ParseError, EOFError) as error:
        raise FileUnusable(Cause.WORKBOOK_BROKEN) from error
    except (KeyError, ValueError, NotImplementedError, OverflowError, LookupError) as error:
        raise FileUnusable(Cause.WORKBOOK_BROKEN) from error
    except RuntimeError as error:  # how zipfile names a part with a password
        raise FileUnusable(Cause.WORKBOOK_PASSWORD) from error
    return _rows(packed, scan)


@dataclass(frozen=True, slots=True)
class _Worksheet:
    """The worksheet that is read, and the parts that its cells refer to."""

    part: str
    styles: str
    strings: str
    counts_from_1904: bool


def _refuse_other_formats(data: bytes) -> None:
    if data.startswith(_OLE):
        cause = Cause.WORKBOOK_PASSWORD if _ENCRYPTED in data else Cause.WORKBOOK_OLD
        raise FileUnusable(cause)
    if not is_workbook(data):
        raise FileUnusable(Cause.WORKBOOK_BROKEN)


def _refuse_unsound(package: zipfile.ZipFile) -> None:
    """Refuse by the list of parts alone; nothing is unpacked yet."""
    parts = package.infolist()
    names = [part.filename.lower() for part in parts]
    if any(name.endswith("vbaproject.bin") for name in names):
        raise FileUnusable(Cause.WORKBOOK_MACRO)
    if any(part.flag_bits & 1 for part in parts):
        raise FileUnusable(Cause.WORKBOOK_PASSWORD)
    if len(parts) > PART_LIMIT or len(set(names)) < len(names):
        raise FileUnusable(Cause.WORKBOOK_BOMB)
    if sum(part.file_size for part in parts) > UNPACKED_LIMIT:
        raise FileUnusable(Cause.WORKBOOK_BOMB)
    for part in parts:
        allowed = max(RATIO_FREE, part.compress_size * RATIO_LIMIT)
        if part.file_size > allowed:
            raise FileUnusable(Cause.WORKBOOK_BOMB)


def _find_worksheet(package: zipfile.ZipFile) -> _Worksheet:
    root = _related(package, "", "officeDocument") or "xl/workbook.xml"
    book = _read_xml(package, root)
    folder = posixpath.dirname(root)
    targets = _relations(package, folder, posixpath.basename(root))
    for worksheet in book.iter():
        if _local(worksheet.tag) != "sheet" or worksheet.get("state", "visible") != "visible":
            continue
        reference = next((v for k, v in worksheet.attrib.items() if k.endswith("}id")), "")
        kind, part = targets.get(reference, ("", ""))
        if kind == "worksheet" and part in package.namelist():
            by_kind = dict(targets.values())
            flags = [each.get("date1904", "0") for each in book.iter() if "date1904" in each.attrib]
            return _Worksheet(
                part,
                by_kind.get("styles", ""),
                by_kind.get("sharedStrings", ""),
                any(flag in ("1", "true", "on") for flag in flags),
            )
    raise FileUnusable(Cause.WORKSHEET_NONE)


def _repack(package: zipfile.ZipFile, worksheet: _Worksheet) -> tuple[WorksheetScan, bytes]:
    """Return the scan of the worksheet, and a package with only the parts that its cells need."""
    packed = io.BytesIO()
    scientific: frozenset[int] = frozenset()
    names = set(package.namelist())
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as small:
        for name, text in _frame(worksheet, names).items():
            small.writestr(name, text)
        if worksheet.styles in names:
            styles = _read_part(package, worksheet.styles)
            scientific = _scientific_formats(styles)
            small.writestr("xl/styles.xml", styles)
        if worksheet.strings in names:
            with small.open("xl/sharedStrings.xml", "w") as target:
                for piece in _pieces(package, worksheet.strings):
                    target.write(piece)
        with small.open("xl/worksheets/sheet1.xml", "w") as target:

            def copied() -> Iterator[bytes]:
                for piece in _pieces(package, worksheet.part):
                    target.write(piece)
                    yield piece

            scan = scan_worksheet(copied(), scientific)
    return scan, packed.getvalue()


def _rows(packed: bytes, scan: WorksheetScan) -> Iterator[tuple[int, Sequence[object]]]:
    from python_calamine import CalamineWorkbook  # read by an import only

    try:
        worksheet = CalamineWorkbook.from_filelike(io.BytesIO(packed)).get_sheet_by_index(0)
        first_row, first_column = worksheet.start or (0, 0)
        rows = worksheet.iter_rows()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise FileUnusable(Cause.WORKBOOK_BROKEN) from error
    # iter_rows begins at the first row of the worksheet, but at its first used column.
    del first_row
    for number, cells in enumerate(rows):
        line: list[object] = [""] * first_column
        for column, value in enumerate(cells, start=first_column):
            line.append(_cell(value, (number, column), scan))
        yield number + 1, line


def _cell(value: object, place: tuple[int, int], scan: WorksheetScan) -> object:
    fault = scan.faults.get(place)
    if fault is not None:
        return BadCell(fault)
    if not isinstance(value, float):
        return value
    number: int | Decimal = int(value) if value.is_integer() else Decimal(repr(value))
    if place in scan.shortened or not isinstance(number, int):
        return RoundedNumber(number) if place in scan.shortened else number
    lost = len(str(abs(number))) > EXCEL_DIGITS and number % 10 == 0
    return RoundedNumber(number) if lost or abs(number) > _EXACT else number


def _scientific_formats(styles: bytes) -> frozenset[int]:
    """Return the numbers of the cell formats that show a number in short."""
    root = _parse(styles)
    shown = {
        int(each.get("numFmtId", "0"))
        for each in root.iter()
        if _local(each.tag) == "numFmt" and _SCIENTIFIC.search(each.get("formatCode", ""))
    }
    shown |= _SCIENTIFIC_BUILT_IN
    formats = next((each for each in root.iter() if _local(each.tag) == "cellXfs"), ())
    return frozenset(
        number for number, one in enumerate(formats) if int(one.get("numFmtId", "0")) in shown
    )


def _pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with package.open(name) as part:
        while piece := part.read(_PIECE):
            yield piece


def _read_part(package: zipfile.ZipFile, name: str) -> bytes:
    if package.getinfo(name).file_size > SMALL_PART:
        raise FileUnusable(Cause.WORKBOOK_BOMB)
    return package.read(name)


def _read_xml(package: zipfile.ZipFile, name: str) -> Xml.Element:
    return _parse(_read_part(package, name))


def _parse(text: bytes) -> Xml.Element:
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text or b"\0" in text:
        raise FileUnusable(Cause.WORKBOOK_BROKEN)  # entities may grow without bounds
    return Xml.fromstring(text)  # noqa: S314 - bounded, and without entities


def _relations(package: zipfile.ZipFile, folder: str, name: str) -> dict[str, tuple[str, str]]:
    """Return kind and part of each relation of a part, by its id."""
    path = posixpath.join(folder, "_rels", f"{name}.rels")
    found = {}
    for each in _read_xml(package, path):
        kind = each.get("Type", "").rpartition("/")[2]
        target = each.get("Target", "")
        absolute = target[1:] if target.startswith("/") else posixpath.join(folder, target)
        found[each.get("Id", "")] = (kind, posixpath.normpath(absolute))
    return found


def _related(package: zipfile.ZipFile, folder: str, kind: str) -> str:
    parts = _relations(package, folder, "").values()
    return next((part for each, part in parts if each == kind), "")


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _frame(worksheet: _Worksheet, names: set[str]) -> dict[str, str]:
    """Return the parts of a package with one worksheet, but for its contents."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kinds = [("worksheet", "worksheets/sheet1.xml")]
    kinds += [("styles", "styles.xml")] if worksheet.styles in names else []
    kinds += [("sharedStrings", "sharedStrings.xml")] if worksheet.strings in names else []
    related = "".join(
        f'<Relationship Id="r{number}" Type="{relation}/{kind}" Target="{part}"/>'
        for number, (kind, part) in enumerate(kinds)
    )
    since = int(worksheet.counts_from_1904)
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml"'
        f' ContentType="{types}.worksheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r0"'
        f' Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{relation}">'
        f'<workbookPr date1904="{since}"/>'
        '<sheets><sheet name="1" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">'
        f"{related}</Relationships>",
    }
