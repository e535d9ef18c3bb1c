"""Addenda of Z reports (추가 정산지) beside X and Z reports: their title, rows and paper."""

from __future__ import annotations

from collections.abc import Iterator

from posapp.domain.report_content import ReportContent
from posapp.domain.z_addenda import AddendumContent
from posapp.services.bookkeeping.print_log import addendum_key
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.printing.paper import RUN, LineKind, Paper, PaperLine
from posapp.ui.printing.report_paper import (
    ReportRow,
    ReportSection,
    ledger_lines,
    report_paper,
    report_sections,
    report_title,
    section_lines,
)
from posapp.ui.printing.sale_receipt import till_moment

AnyReport = ReportContent | AddendumContent
"""What the page of the shift shows and prints."""


def title_of(texts: Translator, content: AnyReport) -> str:
    """Return what a report or an addendum is, with its number."""
    if isinstance(content, ReportContent):
        return report_title(texts, content)
    return texts("shift.addendum_no", number=content.number, z=content.z_no)


def sections_of(texts: Translator, content: AnyReport) -> tuple[ReportSection, ...]:
    """Return all rows of a report or an addendum."""
    if isinstance(content, ReportContent):
        return report_sections(texts, content)
    return (
        ReportSection(texts("shift.section_addendum"), tuple(_about(texts, content))),
        ReportSection(texts("shift.section_found"), tuple(_found(texts, content))),
    )


def paper_of(texts: Translator, content: AnyReport) -> Paper:
    """Return the paper of a report or an addendum, made of nothing but its stored content."""
    if isinstance(content, ReportContent):
        return report_paper(texts, content)
    title = title_of(texts, content)
    lines = [
        PaperLine(LineKind.HEADING, title),
        PaperLine(LineKind.CAPTION, display_text(content.shop, run=RUN)),
    ]
    if content.is_test:
        lines.append(PaperLine(LineKind.BADGE, texts("receipt.test")))
    lines += section_lines(sections_of(texts, content))
    if content.found:
        lines.append(PaperLine(LineKind.NOTE, texts("shift.addendum_note")))
    lines += ledger_lines(texts, content.to_seq, content.head)
    key = addendum_key(content.number)
    return Paper(key, key, title, f"{title} {content.business_date:%Y-%m-%d}", tuple(lines), "")


def finding_count(texts: Translator, content: AddendumContent) -> str:
    """Return in short what was found."""
    count, won = len(content.found), texts.won(content.amount)
    if not count:
        return texts("shift.found_none")
    return texts("shift.found_count", count=count, amount=won)


def _about(texts: Translator, content: AddendumContent) -> Iterator[ReportRow]:
    yield ReportRow(texts("shift.z"), texts("shift.report_z", number=content.z_no))
    yield ReportRow(texts("shift.business_day"), f"{content.business_date:%Y-%m-%d}")
    yield ReportRow(texts("shift.till"), f"{content.till or 1:02d}")
    yield ReportRow(texts("shift.closed_at"), till_moment(content.closed_at))
    yield ReportRow(texts("shift.compared_at"), till_moment(content.compared_at))


def _found(texts: Translator, content: AddendumContent) -> Iterator[ReportRow]:
    if not content.found:
        yield ReportRow(texts("shift.found_result"), texts("shift.found_none"))
        return
    for one in content.found:
        what = texts(f"shift.found_{one.what.value}")
        about = texts("shift.matter_order", order=one.order_id) if one.order_id else ""
        name = about or display_text(one.reference, RUN, run=RUN)
        yield ReportRow(f"{what} · {name}", texts.won(one.amount))
    yield ReportRow(texts("shift.found_sum"), texts.won(content.amount), is_strong=True)
