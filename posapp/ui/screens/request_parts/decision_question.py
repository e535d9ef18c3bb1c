"""The question before a decision: what it costs, for whom, and a note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from posapp.domain.money import ZERO, Won
from posapp.domain.requests import LONGEST_WORDS, Decision, RequestKind
from posapp.services.ports.requests import RequestRow
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.request_desk import DecisionCost

_NAMED = 6
_NAME = 36


class DecisionQuestion(Confirmation):
    """Asks with a field for the note. A refusal has to have one: without it the deed stays off.

    The field has the focus; Enter in it goes on to the deed and does not press it. Esc is the way
    back.
    """

    def __init__(
        self,
        texts: Texts,
        decision: Decision,
        costs: Sequence[DecisionCost],
        rows: Sequence[RequestRow],
        parent: QWidget,
    ) -> None:
        deed = decision.value.lower()
        yes = texts(f"requests.{deed}_yes", count=len(costs))
        self._is_ready = False
        super().__init__(
            texts(f"requests.{deed}_question{'' if len(costs) > 1 else '_one'}", count=len(costs)),
            texts(f"requests.{_consequence(decision, costs)}"),
            yes,
            texts("requests.decide_no"),
            parent,
            amount=_figure(texts, decision, costs),
            facts=_facts(texts, costs, rows),
        )
        self._needs_note = decision is Decision.REJECT
        label = Label("field")
        label.setText(texts(f"requests.{deed}_note"))
        self.note = QLineEdit()
        self.note.setObjectName("requestNote")
        self.note.setMaxLength(LONGEST_WORDS)
        self.note.setPlaceholderText(texts(f"requests.{deed}_note_hint"))
        self.note.setAccessibleName(label.text())
        self.note.textChanged.connect(lambda _: self._weigh())
        HeldKeys(self.note, blanks=True, parent=self)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(column.count() - 2, label)
            column.insertWidget(column.count() - 2, self.note)
        self._wait.timeout.disconnect()
        self._wait.timeout.connect(self._ripen)
        self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def words(self) -> str:
        """The note as it is typed."""
        return self.note.text().strip()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter in the field goes on to the deed."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and self.note.hasFocus():
            if self.yes.isEnabled() and not event.isAutoRepeat():
                self.yes.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def _ripen(self) -> None:
        self._is_ready = True
        self._weigh()

    def _weigh(self) -> None:
        self.yes.setEnabled(self._is_ready and (bool(self.words) or not self._needs_note))


def _consequence(decision: Decision, costs: Sequence[DecisionCost]) -> str:
    if decision is Decision.REJECT:
        return "reject_consequence"
    kinds = {cost.kind for cost in costs}
    if len(kinds) > 1:
        return "approve_consequence"
    refund = RequestKind.REFUND in kinds
    return "approve_consequence_refund" if refund else "approve_consequence_exchange"


def _figure(texts: Texts, decision: Decision, costs: Sequence[DecisionCost]) -> str:
    if decision is Decision.REJECT:
        return texts("requests.reject_yes", count=len(costs))
    refunds = [cost for cost in costs if cost.kind is RequestKind.REFUND]
    if refunds:
        return texts.won(_sum(refunds))
    return texts("requests.exchange_figure", count=len(costs))


def _facts(
    texts: Texts, costs: Sequence[DecisionCost], rows: Sequence[RequestRow]
) -> list[tuple[str, str]]:
    if len(costs) == 1:
        cost = costs[0]
        row = next((row for row in rows if row.id == cost.request_id), None)
        facts = [
            (texts("requests.kind"), texts(f"requests.kind_{cost.kind.value}")),
            (texts("requests.product"), shown(cost.item_name, 80)),
            (texts("requests.column_buyer_name"), _buyer(cost, row)),
        ]
        if row is not None:
            order = texts("requests.item_of_order", item=row.item_id, order=row.order_id)
            facts += [
                (texts("requests.item"), order),
                (texts("requests.column_reason"), shown(row.reason, 160)),
            ]
        return facts
    refunds = [cost for cost in costs if cost.kind is RequestKind.REFUND]
    facts = []
    if refunds:
        words = texts("requests.some_refunds", count=len(refunds), amount=texts.won(_sum(refunds)))
        facts.append((texts("requests.kind_REFUND"), words))
    if len(refunds) < len(costs):
        words = texts("requests.some_exchanges", count=len(costs) - len(refunds))
        facts.append((texts("requests.kind_EXCHANGE"), words))
    named = [_named(texts, cost) for cost in costs[:_NAMED]]
    if len(costs) > _NAMED:
        named.append(texts("requests.and_more", count=len(costs) - _NAMED))
    facts.append((texts("requests.product"), "\n".join(named)))
    return facts


def _named(texts: Texts, cost: DecisionCost) -> str:
    refund = cost.kind is RequestKind.REFUND
    amount = texts.won(cost.amount) if refund else texts("requests.kind_EXCHANGE")
    return f"{shown(cost.item_name, _NAME, run=20)} · {shown(cost.buyer_name, 20)} · {amount}"


def _buyer(cost: DecisionCost, row: RequestRow | None) -> str:
    name = shown(cost.buyer_name, 60)
    return name if row is None else f"{name} ({row.buyer_id})".strip()


def _sum(costs: Sequence[DecisionCost]) -> Won:
    return sum((cost.amount for cost in costs), ZERO)
