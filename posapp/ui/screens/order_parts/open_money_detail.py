"""One piece of open money with all evidence, and what one can do."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.refunds import RefundState
from posapp.ui.i18n import Texts
from posapp.ui.models.open_money import OpenEntry
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.evidence import advice, evidence_of, standing_of, subject_of
from posapp.ui.screens.order_parts.facts import Facts
from posapp.ui.screens.order_parts.focused_scroll import FocusedScroll
from posapp.ui.screens.order_parts.strong import StrongLabel
from posapp.ui.screens.order_parts.whose_choice import WhoseChoice
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Frame, Label


class OpenMoneyDetail(Card):
    """The amount large, advice, evidence, and the buttons."""

    try_pressed = Signal()
    copy_pressed = Signal()
    order_pressed = Signal()
    close_pressed = Signal()
    whose_pressed = Signal(bool)
    """Whether the cancellation that may be this refund is it."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16)
        self._texts = texts
        self.badge = StatusBadge(theme)
        self.subject = Label("muted", wraps=True)
        self.amount = MoneyLabel(texts, large=True)
        self.advice = StrongLabel()
        self.facts = Facts()
        sheet = Frame("panel")
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 16, 0)
        column.setSpacing(12)
        column.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.amount)
        column.addWidget(self.subject)
        column.addWidget(self.advice)
        column.addSpacing(4)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.evidence = FocusedScroll(theme)
        self.evidence.setWidget(sheet)
        self.again = Button("primary", "F8")
        self.again.setObjectName("tryAgain")
        self.again.clicked.connect(self.try_pressed)
        self.close_button = Button("primary", "F8")
        self.close_button.setObjectName("closeMismatch")
        self.close_button.clicked.connect(self.close_pressed)
        self.whose = WhoseChoice(texts)
        self.whose.pressed.connect(self.whose_pressed)
        self.copy = Button("secondary", "F6")
        self.copy.clicked.connect(self.copy_pressed)
        self.order = Button("secondary", "F7")
        self.order.clicked.connect(self.order_pressed)
        HeldKeys(self.again, self.close_button, self.copy, self.order, parent=self)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addWidget(self.order)
        row.addWidget(self.again, 1)
        row.addWidget(self.close_button, 1)
        row.addStretch(0)
        self.body.setSpacing(16)
        self.body.addWidget(self.evidence, 1)
        self.body.addWidget(self.whose)
        self.body.addLayout(row)

    def focus_deed(self) -> None:
        """Go to the first thing that can be done."""
        deed = self.close_button if self.again.isHidden() else self.again
        deed.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_entry(self, entry: OpenEntry | None, *, online: bool, busy: bool) -> None:
        """Show an entry; ``busy``: it is being asked about right now."""
        self.setVisible(entry is not None)
        if entry is None:
            return
        texts = self._texts
        now = standing_of(texts, entry, online)
        self.badge.show_state(now.tone, now.word)
        self.subject.setText(subject_of(texts, entry))
        self.amount.set_amount(entry.amount)
        self.advice.setText(advice(texts, entry, online))
        self.facts.set_rows(evidence_of(texts, entry, online))
        self.again.set_words(
            texts("open_money.try_again"), description=texts("open_money.try_again_why")
        )
        self.copy.set_words(texts("open_money.copy"))
        self.order.set_words(texts("open_money.order_button"))
        self.again.setVisible(entry.refund is not None)
        self.again.setEnabled(not busy)
        self.close_button.set_words(
            texts("open_money.close_button"), description=texts("open_money.close_consequence")
        )
        self.close_button.setVisible(entry.mismatch is not None)
        self.close_button.setEnabled(not busy)
        self.whose.write(busy=busy)
        self.whose.setVisible(_can_be_ambiguous(entry))
        self.order.setVisible(entry.refund is not None)
        self.setAccessibleName(f"{now.word}. {texts.won(entry.amount)}. {self.subject.text()}")
        self.evidence.setAccessibleName(texts("open_money.evidence_name"))


def _can_be_ambiguous(entry: OpenEntry) -> bool:
    """A cancellation without our tag may be this refund only if it was ever sent."""
    if entry.refund is None:
        return False
    refund = entry.refund.refund
    return refund.state is RefundState.NEEDS_PERSON and refund.sends > 0
