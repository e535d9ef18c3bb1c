"""Mark that distinguishes a copy from its original."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.orders.print_log import PrintRecord
from posapp.ui.core.i18n import Translator


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Copy mark: the label in both languages, for any reader, and the details.

    The details name the number of the print and the time of the first one.
    """

    label: str
    details: str

    @property
    def text(self) -> str:
        """Return both lines."""
        return f"{self.label}\n{self.details}"


def mark_after(texts: Translator, printed: PrintRecord | None) -> CopyMark | None:
    """Return the mark of the next print, or ``None`` if it is the first."""
    if printed is None:
        return None
    first = texts.moment(printed.first_at)
    return CopyMark(
        texts("order_page.copy_mark"),
        texts("order_page.copy_details", times=printed.times + 1, first=first),
    )
