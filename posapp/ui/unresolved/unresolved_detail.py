"""Detail of an unresolved entry: evidence and actions."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.refunds import RefundState
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.unresolved.evidence_text import advice, entry_subject, evidence_of, status_of
from posapp.ui.unresolved.ownership_choice import OwnershipChoice
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.bold_label import BoldLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.roles import Frame, Label


class UnresolvedDetail(Card):
    """The amount in large type, advice, evidence, and buttons."""

    try_pressed = Signal()
    copy_pressed = Signal()
    order_pressed = Signal()
    close_pressed = Signal()
    ownership_pressed = Signal(bool)
    """Whether the unattributed cancellation is this refund."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent, padding=16)
        self._texts = texts
        self.badge = StatusBadge(theme)
        self.subject = Label("muted", wraps=True)
        self.amount = MoneyLabel(texts, large=True)
        self.advice = BoldLabel()
        self.facts = FactGrid()
        panel = Frame("panel")
        column = QVBoxLayout(panel)
        column.setContentsMargins(0, 0, 16, 0)
        column.setSpacing(12)
        column.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.amount)
        column.addWidget(self.subject)
        column.addWidget(self.advice)
        column.addSpacing(4)
        column.addWidget(self.facts)
        column.addStretch(1)
        self.evidence = FocusScrollArea(theme)
        self.evidence.setWidget(panel)
        self.again = Button("primary", "F8")
        self.again.setObjectName("tryAgain")
        self.again.clicked.connect(self.try_pressed)
        self.close_button = Button("primary", "F8")
        self.close_button.setObjectName("closeMismatch")
        self.close_button.clicked.connect(self.close_pressed)
        self.ownership_button = OwnershipChoice(texts)
        self.ownership_button.pressed.connect(self.ownership_pressed)
        self.copy = Button("secondary", "F6")
        self.copy.clicked.connect(self.copy_pressed)
        self.order = Button("secondary")
        self.order.clicked.connect(self.order_pressed)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.copy)
        row.addWidget(self.order)
        row.addWidget(self.again, 1)
        row.addWidget(self.close_button, 1)
        row.addStretch(0)
        self.body.setSpacing(16)
        self.body.addWidget(self.evidence, 1)
        self.body.addWidget(self.ownership_button)
        self.body.addLayout(row)

    def focus_action(self) -> None:
        """Focus the first available action."""
        button = self.close_button if self.again.isHidden() else self.again
        button.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_entry(self, entry: UnresolvedEntry | None, *, online: bool, busy: bool) -> None:
        """Show an entry; ``busy``: an action runs."""
        self.setVisible(entry is not None)
        if entry is None:
            return
        texts = self._texts
        now = status_of(texts, entry, online)
        self.badge.show_state(now.tone, now.label)
        self.subject.setText(entry_subject(texts, entry))
        self.amount.set_amount(entry.amount)
        self.advice.setText(advice(texts, entry, online))
        self.facts.set_rows(evidence_of(texts, entry, online))
        self.again.set_text(
            texts("open_money.try_again"), description=texts("open_money.try_again_why")
        )
        self.copy.set_text(texts("open_money.copy"))
        self.order.set_text(texts("open_money.order_button"))
        self.again.setVisible(entry.refund is not None)
        self.again.setEnabled(not busy)
        self.close_button.set_text(
            texts("open_money.close_button"), description=texts("open_money.close_consequence")
        )
        self.close_button.setVisible(entry.mismatch is not None)
        self.close_button.setEnabled(not busy)
        self.ownership_button.write(busy=busy)
        self.ownership_button.setVisible(_can_be_ambiguous(entry))
        self.order.setVisible(entry.refund is not None)
        self.setAccessibleName(f"{now.label}. {texts.won(entry.amount)}. {self.subject.text()}")
        self.evidence.setAccessibleName(texts("open_money.evidence_name"))


def _can_be_ambiguous(entry: UnresolvedEntry) -> bool:
    """Return whether an untagged cancellation may be this refund: only if it was ever sent."""
    if entry.refund is None:
        return False
    refund = entry.refund.refund
    return refund.state is RefundState.NEEDS_REVIEW and refund.send_count > 0
