"""Confirmation before money moves, with the amount."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.actors import ActorKind
from posapp.domain.cancellation import default_reason
from posapp.domain.money import Won
from posapp.services.refunds.cancel_item import CancelSummary
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.question_dialog import QuestionDialog
from posapp.ui.widgets.roles import Label

BOUNCE_MS = 550
"""Delay in milliseconds until the action can be pressed.

It is longer than a double click or a touch bounce: an earlier press was meant for the previous
button.
"""

_BEFORE_BUTTONS = 2
_WIDTH = 520


class ConfirmDialog(QuestionDialog):
    """Asks with a large amount, and the facts below it.

    Enter and Esc are the safe answer. A key held since before answers nothing, and the action can
    be pressed only after ``BOUNCE_MS``.
    """

    def __init__(
        self,
        heading: str,
        text: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        *,
        amount: str,
        facts: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(heading, text, yes, no, parent)
        figure = Label("money-large", wraps=True)
        figure.setText(amount)
        table = FactGrid()
        table.set_rows(facts)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(_BEFORE_BUTTONS - 1, figure)
            column.insertWidget(_BEFORE_BUTTONS, table)
        self.setAccessibleDescription(
            " ".join([amount, *(f"{name}: {value}." for name, value in facts), text])
        )
        self.setMinimumWidth(_WIDTH)
        self.setMaximumWidth(_WIDTH + 120)
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        KeyRepeatFilter(self.yes, self.no, self, parent=self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(lambda: self.yes.setEnabled(True))
        self._wait.start(BOUNCE_MS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Treat Enter as the safe answer unless the action has the focus."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat():
            (self.yes if self.yes.hasFocus() else self.no).click()
            return
        if not enter:
            super().keyPressEvent(event)


def _ask_text(texts: Translator, summary: CancelSummary, reason: str) -> list[tuple[str, str]]:
    item, actor = summary.item, summary.actor
    buyer = str(item.buyer_id)
    if actor.kind is ActorKind.BUYER:
        buyer = f"{display_text(summary.user.name, 60)} ({summary.user.id})"
    return [
        (texts("cancel.item"), display_text(item.name, 80)),
        (texts("cancel.order"), str(summary.order.id)),
        (texts("cancel.buyer"), buyer),
        (texts("cancel.reason"), display_text(reason, 120) or default_reason(actor.kind)),
    ]


def build_confirmation(
    texts: Translator, summary: CancelSummary, reason: str, amount: Won, parent: QWidget
) -> ConfirmDialog:
    """Return the confirmation for one item."""
    action = summary.action.value
    return ConfirmDialog(
        texts(f"cancel.{action}_question"),
        texts(f"cancel.{action}_consequence"),
        texts(f"cancel.{action}_button"),
        texts("cancel.keep"),
        parent,
        amount=texts.won(amount),
        facts=_ask_text(texts, summary, reason),
    )
