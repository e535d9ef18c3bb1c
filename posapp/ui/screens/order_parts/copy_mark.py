"""What tells a copy from its original."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.printed import Printed
from posapp.ui.i18n import Texts


@dataclass(frozen=True, slots=True)
class CopyMark:
    """That it is a copy, in both languages at once: whoever is shown the paper reads one of them;
    and which print it is, and when the first one was made."""

    word: str
    details: str

    @property
    def text(self) -> str:
        """Both lines."""
        return f"{self.word}\n{self.details}"


def mark_after(texts: Texts, printed: Printed | None) -> CopyMark | None:
    """The mark of the next print, or ``None`` if it is the first."""
    if printed is None:
        return None
    first = texts.moment(printed.first_at)
    return CopyMark(
        texts("order_page.copy_mark"),
        texts("order_page.copy_details", times=printed.times + 1, first=first),
    )
