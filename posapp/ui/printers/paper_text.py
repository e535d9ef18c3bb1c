"""Papers that wait for the receipt printer, and how they are worded."""

from __future__ import annotations

from posapp.domain.print_jobs import PrintJobState
from posapp.services.printing.print_queue import WaitingPaper
from posapp.ui.core.i18n import Translator
from posapp.ui.core.status_text import why_text
from posapp.ui.widgets.entry_list import EntryText
from posapp.ui.widgets.list_detail import EntryDetails


def subject_of(texts: Translator, paper: WaitingPaper) -> str:
    """Return what paper it is, and of which order."""
    kind, _, number = paper.job.paper.partition(" ")
    message = f"printers.paper_{kind}"
    name = texts(message, number=number) if texts.has(message) else texts("printers.paper_other")
    if paper.order_id is None:
        return name
    return texts("printers.paper_of_order", paper=name, order=paper.order_id)


def row_of(texts: Translator, paper: WaitingPaper) -> EntryText:
    """Return what the row of a paper says."""
    tone, state = _state_of(texts, paper)
    tries = texts("printers.tried", count=paper.job.tries) if paper.job.tries else ""
    since = texts.when(paper.job.created_at)
    return EntryText(tone, state, since, subject_of(texts, paper), tries)


def details_of(texts: Translator, paper: WaitingPaper) -> EntryDetails:
    """Return all that is known of a paper: why it is not out, and what a person may decide."""
    job = paper.job
    tone, state = _state_of(texts, paper)
    requested = job.requested_at
    facts = [
        ("since", texts.when(job.created_at)),
        ("asked_again", texts.when(requested) if requested is not None else ""),
        ("tries", texts("printers.tried", count=job.tries) if job.tries else ""),
    ]
    evidence = [("job", str(job.id)), ("key", job.paper), ("code", job.error)]
    return EntryDetails(
        tone=tone,
        label=state,
        amount=None,
        subject=subject_of(texts, paper),
        advice=why_text(texts, job.error) if job.error else texts("printers.not_sent"),
        note=_note_of(texts, paper),
        facts=[(texts(f"printers.{name}"), value) for name, value in facts],
        evidence=[(texts(f"printers.{name}"), value) for name, value in evidence],
    )


def _state_of(texts: Translator, paper: WaitingPaper) -> tuple[str, str]:
    if paper.is_due:
        return "busy", texts("printers.row_waiting")
    is_half = paper.job.state is PrintJobState.FAILED
    return "warning", texts("printers.row_half" if is_half else "printers.row_old")


def _note_of(texts: Translator, paper: WaitingPaper) -> str:
    if paper.job.state is PrintJobState.FAILED or paper.job.may_be_out:
        return texts("printers.note_half")
    return "" if paper.is_due else texts("printers.note_old")
