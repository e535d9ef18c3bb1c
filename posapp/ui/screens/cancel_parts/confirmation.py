"""The question in front of money: what it costs is seen before it counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from posapp.domain.cancelling import Side
from posapp.domain.money import Won
from posapp.services.cancelling import CancelSummary
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.facts import Facts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.widgets.question import Question
from posapp.ui.widgets.roles import Label

BOUNCE_MS = 550
"""Longer than a double click or the bounce of a touch: whatever lands on the deed that soon was
meant for the button that lay there before."""

_BEFORE_BUTTONS = 2
_WIDTH = 520


class Confirmation(Question):
    """Asks with the amount as its one large figure, and with the facts below it.

    Enter and Esc are the safe answer. A key that is held down since before answers nothing, and
    the deed can be pressed only after ``BOUNCE_MS``.
    """

    def __init__(
        self,
        heading: str,
        words: str,
        yes: str,
        no: str,
        parent: QWidget | None = None,
        *,
        amount: str,
        facts: Sequence[tuple[str, str]],
    ) -> None:
        super().__init__(heading, words, yes, no, parent)
        figure = Label("money-large", wraps=True)
        figure.setText(amount)
        table = Facts()
        table.set_rows(facts)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(_BEFORE_BUTTONS - 1, figure)
            column.insertWidget(_BEFORE_BUTTONS, table)
        self.setAccessibleDescription(
            " ".join([amount, *(f"{name}: {value}." for name, value in facts), words])
        )
        self.setMinimumWidth(_WIDTH)
        self.setMaximumWidth(_WIDTH + 120)
        self.yes.setEnabled(False)
        self.yes.setAutoDefault(False)
        HeldKeys(self.yes, self.no, self, parent=self)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.timeout.connect(lambda: self.yes.setEnabled(True))
        self._wait.start(BOUNCE_MS)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the safe answer unless the focus was taken to the deed."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.isAutoRepeat():
            (self.yes if self.yes.hasFocus() else self.no).click()
            return
        if not enter:
            super().keyPressEvent(event)


def _ask_words(texts: Texts, summary: CancelSummary, reason: str) -> list[tuple[str, str]]:
    item, side = summary.item, summary.side
    buyer = str(item.buyer_id)
    if side is Side.BUYER:
        buyer = f"{shown(summary.user.name, 60)} ({summary.user.id})"
    return [
        (texts("cancel.item"), shown(item.name, 80)),
        (texts("cancel.order"), str(summary.order.id)),
        (texts("cancel.buyer"), buyer),
        (texts("cancel.reason"), shown(reason, 120) or side.default_reason),
    ]


def confirmation_of(
    texts: Texts, summary: CancelSummary, reason: str, amount: Won, parent: QWidget
) -> Confirmation:
    """The question about one item."""
    deed = summary.deed.value
    return Confirmation(
        texts(f"cancel.{deed}_question"),
        texts(f"cancel.{deed}_consequence"),
        texts(f"cancel.{deed}_button"),
        texts("cancel.keep"),
        parent,
        amount=texts.won(amount),
        facts=_ask_words(texts, summary, reason),
    )
