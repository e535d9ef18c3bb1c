"""A paper of an order as lines: shown on its page, printed, saved and copied."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

RUN = 16
"""Characters after which a longer word may be broken: more are wider than a column of the paper."""

RULE_TEXT = "—" * 13
"""Rule between parts of a printed paper, as wide as the narrowest roll has room for."""

_BREAK = "\u200b"
"""Invisible break character: a number copied with one could not be searched for."""


class LineKind(Enum):
    """What a line is; it decides how the line looks on the page."""

    HEADING = auto()
    CAPTION = auto()
    BADGE = auto()
    AMOUNT = auto()
    RULE = auto()
    PAIR = auto()
    ITEM = auto()
    GOODS = auto()
    SUM = auto()
    TEXT = auto()
    NOTE = auto()


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One line.

    ``GOODS`` are the columns of a sale: name, price, count and amount. ``SUM`` is an amount below
    them.

    Attributes:
        value: the fact of a pair, or the amount of an item, of goods or a sum.
        detail: price and count of an item; how goods were measured.
        is_void: the item is cancelled.
        cells: price and count of goods.
        is_strong: the sum is what all comes to.
    """

    kind: LineKind
    text: str = ""
    value: str = ""
    detail: str = ""
    is_void: bool = False
    cells: tuple[str, ...] = ()
    is_strong: bool = False

    @property
    def printed(self) -> str:
        """Return the line as plain text; an amount is behind a tab."""
        if self.kind is LineKind.RULE:
            return RULE_TEXT
        if self.kind is LineKind.PAIR:
            return f"{self.text}: {self.value}"
        if self.kind is LineKind.ITEM:
            return f"{self.text}\n  {self.detail} \t{self.value}"
        if self.kind is LineKind.GOODS:
            detail = f"  {self.detail}\n" if self.detail else ""
            return f"{self.text}\n{detail}  {' × '.join(self.cells)} \t{self.value}"
        if self.kind is LineKind.SUM:
            return f"{self.text} \t{self.value}"
        return self.text


RULE = PaperLine(LineKind.RULE)


@dataclass(frozen=True, slots=True)
class Paper:
    """A receipt, a refund slip or the report of an order.

    Attributes:
        place: its name among the papers of its order; the same in each state of a refund.
        name: its identity when it is printed again (``posapp.services.bookkeeping.print_log``).
        label: what it is, for buttons and the head of its page.
        title: for the printer's queue and the name of a file.
        code: of its order, which ends the paper: a scan of it opens the order; empty: it has none.
        link: address of PortOne's own receipt, or empty.
    """

    place: str
    name: str
    label: str
    title: str
    lines: tuple[PaperLine, ...]
    code: str
    link: str = ""

    @property
    def text(self) -> str:
        """Return the paper as plain text; its last line is the code."""
        return f"{self.written}\n\n{self.code}\n"

    @property
    def written(self) -> str:
        """Return the paper as plain text without its code."""
        return "\n".join(line.printed for line in self.lines).replace(_BREAK, "").rstrip()

    @property
    def file_name(self) -> str:
        """Return the name of its PDF."""
        return f"{self.title.replace(' ', '-')}.pdf"
