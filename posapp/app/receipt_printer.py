"""The receipt printer of a shop."""

from __future__ import annotations

from posapp.domain.settings import Settings
from posapp.services.ports.receipt_printer import ReceiptPrinter
from posapp.ui.printing.roll_printing import RollPrinting


def roll_printing_of(settings: Settings) -> RollPrinting:
    """Return what prints on the receipt printer that the settings name."""
    return RollPrinting(
        _printer_at,
        address=settings.receipt_printer,
        columns=settings.receipt_columns,
        hangul=settings.receipt_hangul,
        auto=settings.receipt_auto,
        find=_addresses_here,
    )


def _printer_at(address: str) -> ReceiptPrinter:
    # Imported here: a start does not need the ways to a printer, and most shops print nothing.
    from posapp.system.receipt_printer.printer_at import printer_at

    return printer_at(address)


def _addresses_here() -> tuple[str, ...]:
    from posapp.system.receipt_printer.printer_at import addresses_here

    return addresses_here()
