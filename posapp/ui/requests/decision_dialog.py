"""Confirmation of a decision: amount, buyer, and a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.money import ZERO, Won
from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, Decision, RequestKind
from posapp.services.ports.requests import RequestRow
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.requests.decide_request import DecisionPreview

_NAMED = 6
_NAME = 36


class DecisionDialog(ConfirmDialog):
    """Confirmation with a note field. A rejection requires a note.

    The field has the focus; Enter in it moves the focus to the button and does not press it. Esc
    cancels.
    """

    def __init__(
        self,
        texts: Translator,
        decision: Decision,
        costs: Sequence[DecisionPreview],
        rows: Sequence[RequestRow],
        parent: QWidget,
    ) -> None:
        verb = decision.value.lower()
        yes = texts(f"requests.{verb}_yes", count=len(costs))
        self._is_ready = False
        super().__init__(
            texts(f"requests.{verb}_question{'' if len(costs) > 1 else '_one'}", count=len(costs)),
            texts(f"requests.{_consequence(decision, costs)}"),
            yes,
            texts("requests.decide_no"),
            parent,
            amount=_figure(texts, decision, costs),
            facts=_facts(texts, costs, rows),
        )
        self._needs_note = decision is Decision.REJECT
        label = Label("field")
        label.setText(texts(f"requests.{verb}_note"))
        self.note = QLineEdit()
        self.note.setObjectName("requestNote")
        self.note.setMaxLength(MAX_REQUEST_TEXT_LENGTH)
        self.note.setPlaceholderText(texts(f"requests.{verb}_note_hint"))
        self.note.setAccessibleName(label.text())
        self.note.textChanged.connect(lambda _: self._update_enabled())
        KeyRepeatFilter(self.note, blanks=True, parent=self)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 2, label)
            column.insertWidget(column.count() - 2, self.note)
        self._wait.timeout.disconnect()
        self._wait.timeout.connect(self._ripen)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def message(self) -> str:
        """Return the typed note, trimmed."""
        return self.note.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the focus to the button on Enter in the field."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.note.hasFocus():
            if self.yes.isEnabled() and not event.isAutoRepeat():
                self.yes.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def _ripen(self) -> None:
        self._is_ready = True
        self._update_enabled()

    def _update_enabled(self) -> None:
        self.yes.setEnabled(self._is_ready and (bool(self.message) or not self._needs_note))


def _consequence(decision: Decision, costs: Sequence[DecisionPreview]) -> str:
    if decision is Decision.REJECT:
        return "reject_consequence"
    kinds = {cost.kind for cost in costs}
    if len(kinds) > 1:
        return "approve_consequence"
    refund = RequestKind.REFUND in kinds
    return "approve_consequence_refund" if refund else "approve_consequence_exchange"


def _figure(texts: Translator, decision: Decision, costs: Sequence[DecisionPreview]) -> str:
    if decision is Decision.REJECT:
        return texts("requests.reject_yes", count=len(costs))
    refunds = [cost for cost in costs if cost.kind is RequestKind.REFUND]
    if refunds:
        return texts.won(_sum(refunds))
    return texts("requests.exchange_figure", count=len(costs))


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
