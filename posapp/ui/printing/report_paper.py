"""X and Z reports: their rows, as they are shown, and their paper, as it is printed.

A Z report's paper is made of nothing but its stored content, so that it prints the same in a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from posapp.domain.actors import Actor
from posapp.domain.cash import CASH
from posapp.domain.report_content import NamedMatter, ReportContent, ReportEnd
from posapp.domain.z_reports import DENOMINATIONS, TenderSum
from posapp.services.bookkeeping.print_log import z_report_key
from posapp.ui.core import status_text
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.printing.paper import RULE, RUN, LineKind, Paper, PaperLine
from posapp.ui.printing.sale_receipt import till_moment

_LONG = 120


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One figure with its name.

    Attributes:
        is_strong: a sum of the rows above.
    """

    name: str
    value: str
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class ReportSection:
    """Rows under one title."""

    title: str
    rows: tuple[ReportRow, ...]


def report_title(texts: Translator, content: ReportContent) -> str:
    """Return what the report is, a Z report with its number."""
    if content.end is None:
        return texts("shift.x")
    return texts("shift.z_no", number=content.end.z_no)


def report_sections(texts: Translator, content: ReportContent) -> tuple[ReportSection, ...]:
    """Return all figures of a report, and who made it when."""
    end = content.end
    sections = (
        ReportSection(texts("shift.section_shift"), tuple(_shift(texts, content))),
        ReportSection(texts("shift.section_sales"), tuple(_sales(texts, content))),
        ReportSection(texts("shift.section_tenders"), tuple(_tenders(texts, content))),
        ReportSection(texts("shift.section_cash"), tuple(_cash(texts, content))),
        ReportSection(texts("shift.section_receipts"), tuple(_receipts(texts, content))),
        ReportSection(texts("shift.denomination"), tuple(_counts(texts, end))),
        ReportSection(texts("shift.section_named"), tuple(_named(texts, end))),
    )
    return tuple(one for one in sections if one.rows)


def report_paper(texts: Translator, content: ReportContent) -> Paper:
    """Return the paper of a report."""
    end = content.end
    lines = [
        PaperLine(LineKind.HEADING, report_title(texts, content)),
        PaperLine(LineKind.CAPTION, display_text(content.shop, run=RUN)),
    ]
    if content.is_test:
        lines.append(PaperLine(LineKind.BADGE, texts("receipt.test")))
    lines += section_lines(report_sections(texts, content))
    if end is not None:
        lines += ledger_lines(texts, content.figures.to_seq, end.head)
    else:
        lines += (RULE, PaperLine(LineKind.NOTE, texts("shift.x_note")))
    key = z_report_key(end.z_no) if end is not None else f"x {content.made_at:%Y%m%d%H%M%S}"
    title = report_title(texts, content)
    return Paper(key, key, title, f"{title} {content.business_date:%Y-%m-%d}", tuple(lines), "")


def section_lines(sections: Iterable[ReportSection]) -> Iterator[PaperLine]:
    """Yield the lines of sections, each below a rule and its title."""
    for section in sections:
        yield RULE
        yield PaperLine(LineKind.TEXT, f"[{section.title}]")
        for one in section.rows:
            yield PaperLine(LineKind.SUM, one.name, one.value, is_strong=one.is_strong)


def ledger_lines(texts: Translator, seq: int, head: str) -> tuple[PaperLine, ...]:
    """Return the ledger's last entry when a paper was made: whoever has it can prove it
    unchanged."""
    said = texts("shift.ledger_end", seq=grouped(seq))
    return RULE, PaperLine(LineKind.TEXT, said), PaperLine(LineKind.TEXT, head)


def actor_text(texts: Translator, actor: Actor, names: Mapping[int, str]) -> str:
    """Return who acted: of the staff only the name, as a report has little room."""
    known = names.get(actor.staff_id) if actor.staff_id is not None else None
    if known is not None:
        return display_text(known, RUN, run=RUN)
    return status_text.actor(texts, actor, names)


def matter_text(texts: Translator, key: str) -> str:
    """Return what keeps a shift open, by ``OpenMatter.key``."""
    kind, _, number = key.partition(":")
    known = f"shift.matter_{kind}"
    return texts(known, number=number) if texts.has(known) else display_text(key, RUN, run=RUN)


def _shift(texts: Translator, content: ReportContent) -> Iterator[ReportRow]:
    names, end = content.staff_names, content.end
    yield ReportRow(texts("shift.business_day"), f"{content.business_date:%Y-%m-%d}")
    yield ReportRow(texts("shift.till"), f"{content.till or 1:02d}")
    yield ReportRow(texts("shift.opened_at"), till_moment(content.opened_at))
    yield ReportRow(texts("shift.opened_by"), actor_text(texts, content.opened_by, names))
    if end is None:
        yield ReportRow(texts("shift.made_at"), till_moment(content.made_at))
    else:
        yield ReportRow(texts("shift.closed_at"), till_moment(end.closed_at))
        yield ReportRow(texts("shift.closed_by"), actor_text(texts, end.closed_by, names))


def _sales(texts: Translator, content: ReportContent) -> Iterator[ReportRow]:
    won, figures = texts.won, content.figures
    yield ReportRow(texts("shift.sales"), texts("shift.times", count=grouped(figures.sales)))
    if not content.is_blind:  # without what came by QR it is what came in cash
        yield ReportRow(texts("shift.gross"), won(figures.gross))
        yield ReportRow(texts("shift.discounts"), won(-figures.discounts))
        yield ReportRow(texts("shift.net"), won(figures.net), is_strong=True)
        yield ReportRow(texts("receipt.sale_supply"), won(figures.supply))
        yield ReportRow(texts("receipt.sale_vat"), won(figures.vat))
        yield ReportRow(texts("shift.exempt"), won(figures.exempt))
    first, last = figures.receipts
    if first:
        yield ReportRow(texts("shift.receipts_first"), first)
        yield ReportRow(texts("shift.receipts_last"), last)


def _tenders(texts: Translator, content: ReportContent) -> Iterator[ReportRow]:
    figures = content.figures
    for kind, sums in (("paid", figures.paid), ("refunded", figures.refunded)):
        for tender, moved in sums.items():
            if content.is_blind and tender == CASH:
                continue
            yield ReportRow(_tender(texts, f"shift.{kind}", tender, moved), texts.won(moved.amount))


def _tender(texts: Translator, message: str, tender: str, moved: TenderSum) -> str:
    known = f"charts.tender_{tender}"
    name = texts(known) if texts.has(known) else display_text(tender, RUN, run=RUN)
    return texts(message, tender=name, count=grouped(moved.count))


def _cash(texts: Translator, content: ReportContent) -> Iterator[ReportRow]:
    figures, end = content.figures, content.end
    cash, won = figures.cash, texts.won
    yield ReportRow(texts("shift.float"), won(cash.opening_float))
    if not content.is_blind:
        yield ReportRow(texts("shift.cash_sales"), won(cash.sales))
        yield ReportRow(texts("shift.cash_refunds"), won(cash.refunds))
    yield ReportRow(texts("shift.pay_in"), won(cash.paid_in))
    yield ReportRow(texts("shift.pay_out"), won(cash.paid_out))
    if content.is_blind:
        yield ReportRow(texts("shift.expected"), texts("shift.expected_blind"))
    else:
        yield ReportRow(texts("shift.expected"), won(cash.expected), is_strong=True)
    if end is not None:
        yield ReportRow(texts("shift.counted"), won(end.counted))
        yield ReportRow(texts("shift.over_short"), won(end.over_short), is_strong=True)
        if end.reason:
            yield ReportRow(texts("shift.over_short_reason"), display_text(end.reason, run=RUN))
    openings = texts("shift.openings_count", count=grouped(figures.drawer_openings))
    yield ReportRow(texts("shift.drawer"), openings)


def _receipts(texts: Translator, content: ReportContent) -> Iterator[ReportRow]:
    for outcome, found in content.figures.cash_receipts.items():
        name = texts(f"shift.receipts_{outcome}", count=grouped(found.count))
        # Receipts are of cash: their won would say what came in.
        yield ReportRow(name, "" if content.is_blind else texts.won(found.amount))


def _counts(texts: Translator, end: ReportEnd | None) -> Iterator[ReportRow]:
    counts = end.counts if end is not None else {}
    for value in DENOMINATIONS:
        pieces = counts.get(value, 0)
        if pieces:
            name = texts("shift.pieces", value=texts.won(value), count=grouped(pieces))
            yield ReportRow(name, texts.won(value * pieces))


def _named(texts: Translator, end: ReportEnd | None) -> Iterator[ReportRow]:
    named: tuple[NamedMatter, ...] = end.named if end is not None else ()
    for one in named:
        yield ReportRow(matter_text(texts, one.what), texts.won(one.amount))
        yield ReportRow(texts("shift.reason"), display_text(one.why, _LONG, run=RUN))
