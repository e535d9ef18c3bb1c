"""Confirmation of a decision: amount, buyer, and a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.money import ZERO, Won
from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, Decision, RequestKind
from posapp.services.ports.requests import RequestRow
from posapp.services.staff.refund_approvals import PlannedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.approval_fields import ApprovalFields
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.reason_field import ReasonField

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import DecisionPreview

REASONS = ("used", "late", "parts", "damage", "differs")
"""Usual reasons of a rejection, by digit: ``requests.reject_<key>``."""

_NAMED = 6
_NAME = 36


class DecisionDialog(ConfirmDialog):
    """Confirmation with a note. A rejection requires one: digits choose the usual ones.

    Enter in the note moves the focus to the action and does not press it. Esc cancels.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        decision: Decision,
        costs: Sequence[DecisionPreview],
        rows: Sequence[RequestRow],
        parent: QWidget,
    ) -> None:
        key = "F7" if decision is Decision.APPROVE else "F8"
        super().__init__(parent=parent, key=key, waits=True)
        self._texts, self._decision = texts, decision
        self._costs, self._rows = tuple(costs), tuple(rows)
        self.about = (decision, *(cost.request_id for cost in costs))
        self._needs_note = decision is Decision.REJECT
        self.note = ReasonField(theme, "requestNote", MAX_REQUEST_TEXT_LENGTH)
        self.follow(texts, self._write_all)
        self.note.changed.connect(self.update_enabled)
        self.note.entered.connect(self._leave_note)
        self.fields.addWidget(self.note)
        self.approval = ApprovalFields(texts, theme)
        self.fields.addWidget(self.approval)
        self.follow_fields(self.approval.shown, self.approval.entered)
        self.update_enabled()

    @property
    def refunds(self) -> tuple[PlannedRefund, ...]:
        """Return what the decision refunds, which counts by its sum."""
        costs = _refunds(self._decision, self._costs)
        items = tuple(cost.item_id for cost in costs)
        return (PlannedRefund(_sum(costs), items),) if costs else ()

    @property
    def message(self) -> str:
        """Return the note, trimmed."""
        return self.note.text.strip()

    @property
    def is_complete(self) -> bool:
        """Return whether the decision needs no note, or has one."""
        return bool(self.message) or not self._needs_note

    def agree(self) -> None:
        """Choose the decision, or say that it needs a reason."""
        if not self.is_complete:
            self.show_notice(self._texts.bind("requests.reject_first"))
        super().agree()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a usual reason by its digit, unless digits are typed into the note."""
        if event.isAutoRepeat() or not self.note.choose(event.key()):
            super().keyPressEvent(event)

    def _write_all(self) -> None:
        texts, costs, verb = self._texts, self._costs, self._decision.value.lower()
        refunds = _refunds(self._decision, costs)
        heading = f"{verb}_question{'' if len(costs) > 1 else '_one'}"
        if refunds:
            heading = f"{heading}_refund"
        known = {"count": len(costs), "amount": texts.won(_sum(refunds))}
        self.say(
            texts(f"requests.{heading}", **known),
            texts(f"requests.{_consequence(self._decision, costs)}"),
        )
        self.show_amount(texts.won(_sum(refunds)) if refunds else "")
        self.show_facts(_facts(texts, costs, self._rows))
        yes = f"requests.{verb}_yes{'_refund' if refunds else ''}"
        self.set_answers(texts(yes, **known), texts("words.close"))
        self.note.set_text(texts(f"requests.{verb}_note"), texts(f"requests.{verb}_note_hint"))
        if self._needs_note:
            self.note.set_reasons([texts(f"requests.reject_{key}") for key in REASONS])

    def _leave_note(self) -> None:
        if self.yes.isEnabled():
            self.yes.setFocus(Qt.FocusReason.OtherFocusReason)


def _refunds(decision: Decision, costs: Sequence[DecisionPreview]) -> list[DecisionPreview]:
    """Return what a decision refunds."""
    if decision is Decision.REJECT:
        return []
    return [cost for cost in costs if cost.kind is RequestKind.REFUND]


def _consequence(decision: Decision, costs: Sequence[DecisionPreview]) -> str:
    if decision is Decision.REJECT:
        return "reject_consequence"
    kinds = {cost.kind for cost in costs}
    if len(kinds) > 1:
        return "approve_consequence"
    refund = RequestKind.REFUND in kinds
    return "approve_consequence_refund" if refund else "approve_consequence_exchange"


def _facts(
    texts: Translator, costs: Sequence[DecisionPreview], rows: Sequence[RequestRow]
) -> list[tuple[str, str]]:
    if len(costs) == 1:
        cost = costs[0]
        row = next((row for row in rows if row.id == cost.request_id), None)
        facts = [
            (texts("requests.kind"), texts(f"requests.kind_{cost.kind.value}")),
            (texts("requests.product"), display_text(cost.item_name, 80)),
            (texts("requests.column_buyer_name"), _buyer(cost, row)),
        ]
        if row is not None:
            order = texts("requests.item_of_order", item=row.item_id, order=row.order_id)
            facts += [
                (texts("requests.item"), order),
                (texts("requests.column_reason"), display_text(row.reason, 160)),
            ]
        return facts
    refunds = [cost for cost in costs if cost.kind is RequestKind.REFUND]
    facts = []
    if refunds:
        text = texts("requests.some_refunds", count=len(refunds), amount=texts.won(_sum(refunds)))
        facts.append((texts("requests.kind_REFUND"), text))
    if len(refunds) < len(costs):
        text = texts("requests.some_exchanges", count=len(costs) - len(refunds))
        facts.append((texts("requests.kind_EXCHANGE"), text))
    named = [_named(texts, cost) for cost in costs[:_NAMED]]
    if len(costs) > _NAMED:
        named.append(texts("requests.and_more", count=len(costs) - _NAMED))
    facts.append((texts("requests.product"), "\n".join(named)))
    return facts


def _named(texts: Translator, cost: DecisionPreview) -> str:
    refund = cost.kind is RequestKind.REFUND
    amount = texts.won(cost.amount) if refund else texts("requests.kind_EXCHANGE")
    item, buyer = display_text(cost.item_name, _NAME, run=20), display_text(cost.buyer_name, 20)
    return f"{item} · {buyer} · {amount}"


def _buyer(cost: DecisionPreview, row: RequestRow | None) -> str:
    name = display_text(cost.buyer_name, 60)
    return name if row is None else f"{name} ({row.buyer_id})".strip()


def _sum(costs: Sequence[DecisionPreview]) -> Won:
    return sum((cost.amount for cost in costs), ZERO)
