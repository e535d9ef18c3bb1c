"""Entries of the list of cash receipts that wait for a person, and how they are worded."""

from __future__ import annotations

from posapp.domain.cash_receipts import UNCLEAR, ReceiptTaskKind
from posapp.services.cash_receipts.receipt_service import ReceiptTask
from posapp.ui.core.cash_receipt_text import holder_text, problem_text, state_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import StatusText
from posapp.ui.widgets.entry_list import EntryText
from posapp.ui.widgets.list_detail import EntryDetails

_EVIDENCE = 500


def task_subject(texts: Translator, task: ReceiptTask) -> str:
    """Return whose receipt it is in a few words."""
    receipt = task.receipt
    holder = holder_text(texts, receipt)
    return texts("cash_receipt.subject", order=receipt.order_id, holder=holder)


def row_of(texts: Translator, task: ReceiptTask) -> EntryText:
    """Return what the row of a task says."""
    status, note = _status_of(texts, task), ""
    if task.kind is not ReceiptTaskKind.CANCEL:
        name = "late" if task.is_overdue else "due"
        note = texts(f"cash_receipt.{name}", day=texts.day(task.receipt.due_at))
    won = texts.won(task.receipt.amount)
    return EntryText(status.tone, status.label, won, task_subject(texts, task), note)


def details_of(texts: Translator, task: ReceiptTask) -> EntryDetails:
    """Return all that is known of a task: in words, and as evidence for those who ask for it."""
    receipt, status = task.receipt, _status_of(texts, task)
    is_issued = receipt.issued_at is not None
    facts = [
        ("due_at", "" if is_issued else texts.when(receipt.due_at)),
        ("asked_at", texts.when(receipt.created_at)),
        ("issued_at", texts.when(receipt.issued_at) if receipt.issued_at is not None else ""),
        ("approved", display_text(receipt.approval_no)),
    ]
    code = receipt.gateway_code
    evidence = [
        ("own_no", display_text(receipt.own_no)),
        ("code", str(code) if code is not None else ""),
        ("said", display_text(receipt.gateway_message, _EVIDENCE)),
    ]
    return EntryDetails(
        tone=status.tone,
        label=status.label,
        amount=receipt.amount,
        subject=task_subject(texts, task),
        advice=_advice(texts, task),
        note=problem_text(texts, receipt),
        facts=_named(texts, facts),
        evidence=_named(texts, evidence),
    )


def _named(texts: Translator, rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(texts(f"cash_receipt.{name}"), value) for name, value in rows]


def _status_of(texts: Translator, task: ReceiptTask) -> StatusText:
    status = state_text(texts, task.receipt, is_overdue=task.is_overdue)
    is_by_hand = task.kind is ReceiptTaskKind.ISSUE and status.tone == "busy"
    return StatusText("warning", status.label) if is_by_hand else status


def _advice(texts: Translator, task: ReceiptTask) -> str:
    if task.kind is ReceiptTaskKind.CANCEL:
        return texts("cash_receipt.task_cancel")
    if task.receipt.state in UNCLEAR:
        return texts("cash_receipt.advice_unclear")
    if task.kind is ReceiptTaskKind.CHECK:
        return texts("cash_receipt.advice_late")
    if not task.has_channel:
        return texts("cash_receipt.no_channel")
    return texts(
        "cash_receipt.advice_again" if task.may_reissue else "cash_receipt.advice_elsewhere"
    )
