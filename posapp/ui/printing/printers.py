"""The system's printers, and a page to test one."""

from __future__ import annotations

from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.core.i18n import Translator
from posapp.ui.printing.print_document import PrintDocument, print_paper
from posapp.ui.printing.printer_choice import chosen_printer


def printer_names() -> tuple[str, ...]:
    """Return the names of the system's printers, the default one first."""
    default = QPrinterInfo.defaultPrinterName()
    names = [name for name in QPrinterInfo.availablePrinterNames() if name]
    return tuple(sorted(names, key=lambda name: (name != default, name)))


def printer_of(name: str = "") -> QPrinter | None:
    """Return a printer; without a name, the chosen one, or the system's default if that is gone.
    ``None``: there is none."""
    wanted = name or chosen_printer()
    info = QPrinterInfo.printerInfo(wanted) if wanted else QPrinterInfo.defaultPrinter()
    if info.isNull() and wanted and not name:
        info = QPrinterInfo.defaultPrinter()
    return None if info.isNull() else QPrinter(info, QPrinter.PrinterMode.HighResolution)


def print_test_page(texts: Translator, name: str, shop: str) -> None:
    """Print a page that shows whether Korean text comes out.

    Args:
        name: of the printer; empty: the one that the program prints on.

    Raises:
        EnvironmentProblem: ``PRINTER``: there is no such printer, or it did not take the page.
    """
    printer = printer_of(name)
    if printer is None:
        raise EnvironmentProblem(EnvironmentCode.PRINTER, name)
    title = texts("printers.test_title")
    lines = (shop, title, texts("printers.test_text"), f"0123456789  {texts.won(12_000)}")
    document = PrintDocument("", title, "\n".join(lines), strong=(1,))
    print_paper(document, printer)
