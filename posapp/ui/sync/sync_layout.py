"""Layout of the sync page."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.services.ports.outbox import OutboxState, PendingRefund
from posapp.services.sync.sync_status import SyncSnapshot
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.sync.pending_model import PendingModel
from posapp.ui.sync.pending_table import PendingTable
from posapp.ui.sync.status_card import StatusCard
from posapp.ui.sync.status_strip import StatusStrip
from posapp.ui.sync.sync_messages import safe_text, safety_text
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label

_NARROW = 900
_GAP = 12
_EMPTY_SIGN = 56


class SyncLayout(QWidget):
    """Status above; the table with its actions, and beside or below it the facts."""

    chosen = Signal()
    """The current row changed."""

    def __init__(
        self, texts: Translator, theme: Theme, model: PendingModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts, self._model = texts, model
        self.subtitle = Label("muted", wraps=True)
        self.busy = BusyBar(theme)
        self.banner = Banner(texts, theme)
        self.status_strip = StatusStrip(theme)
        self.table = PendingTable(theme, model)
        self.table.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        self.status_card = StatusCard(texts, theme)
        self.reconcile = Button("quiet", "F5")
        self.try_all = Button("quiet", "F6")
        self.take_over = Button("secondary", "F7")
        self.try_now = Button("primary", "F8")
        self.requeue = Button("secondary", "F7")
        self.evidence = Button("primary", "F8")
        self._of_a_row = (self.try_now, self.evidence, self.requeue, self.take_over)
        self.table.entered.connect(self._focus_action)
        self.empty = Label("heading", wraps=True)
        self.empty_why = Label("muted", wraps=True)
        self._list = Card(padding=12)
        self._nothing = self._empty_box(theme)
        self._build_layout()

    def current(self) -> PendingRefund | None:
        """Return the current row's entry."""
        entry = self.table.currentIndex().data(PendingModel.EntryRole)
        return entry if isinstance(entry, PendingRefund) else None

    def keep_choice(self, change: Callable[[], None]) -> None:
        """Change the model; keep the current refund, or else its position."""
        refund_id, row = self.table.current(), self.table.currentIndex().row()
        change()
        found = self._model.row_of(refund_id) if refund_id else -1
        row = min(max(0, found if found >= 0 else row), self._model.rowCount() - 1)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.setCurrentIndex(self._model.index(row, 0))

    def show_report(self, report: SyncSnapshot) -> None:
        """Show a report, except for the rows, which are in the model."""
        texts = self._texts
        self.status_strip.show_safety(
            report.close_safety, safety_text(texts, report), safe_text(texts, report)
        )
        self.subtitle.setText(self._count_text(report))
        self.status_card.show_report(report)
        for known in (self._list, self.status_card):
            known.setVisible(True)
        count = len(report.waiting)
        was_empty = not self._nothing.isHidden()
        self.table.setVisible(count > 0)
        self._action_bar.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        if count == 0 and not was_empty and self.isVisible():
            self.reconcile.setFocus(Qt.FocusReason.OtherFocusReason)
        self.try_all.setVisible(count > report.totals.for_person)
        self.setFocusProxy(self.table if count else self.reconcile)

    def show_actions(self, entry: PendingRefund | None, *, busy: bool) -> None:
        """Show the available actions of a row; ``busy``: an action runs."""
        waits = entry is not None and not entry.needs_person
        idle = entry is not None and entry.state is OutboxState.WAITING and not busy
        behind = entry is not None and entry.waits_behind is not None
        had_focus = any(one.hasFocus() for one in self._of_a_row)
        self.try_now.setVisible(waits)
        for persons in (self.evidence, self.requeue):
            persons.setVisible(entry is not None and not waits)
        self.take_over.setVisible(waits)
        self.try_now.setEnabled(idle and not behind)
        self.take_over.setEnabled(idle and not behind)
        self.requeue.setEnabled(not busy)
        self.take_over.set_text(
            self._texts("sync.take_over"),
            description=self._texts("sync.take_over_behind" if behind else "sync.take_over_why"),
        )
        if had_focus and not any(one.hasFocus() and one.isEnabled() for one in self._of_a_row):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def write(self) -> None:
        """Set the texts that do not depend on a report."""
        texts = self._texts
        for name, button in (
            *(("reconcile", self.reconcile), ("try_all", self.try_all)),
            *(("try_now", self.try_now), ("requeue", self.requeue), ("evidence", self.evidence)),
        ):
            button.set_text(texts(f"sync.{name}"), description=texts(f"sync.{name}_why"))
        self.empty.setText(texts("sync.empty"))
        self.empty_why.setText(texts("sync.empty_why"))
        self.table.setAccessibleName(texts("sync.leave_list"))
        self.status_card.write()
        self._model.write_again()
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 3)

    def show_unknown(self) -> None:
        """Show that nothing was read yet."""
        self.status_strip.show_safety(None, self._texts("sync.lamp_checking"), "")
        for hidden in (self._list, self.status_card, self.try_all):
            hidden.setVisible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the facts below the table on a tall or narrow screen."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW and self.width() > self.height()
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)

    def _focus_action(self) -> None:
        for button in self._of_a_row:
            if not button.isHidden() and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _count_text(self, report: SyncSnapshot) -> str:
        texts, totals = self._texts, report.totals
        if not totals.count:
            return ""
        text = texts(
            "sync.count_person" if totals.for_person else "sync.count",
            count=totals.count,
            amount=texts.won(totals.amount),
            person=totals.for_person,
        )
        shown = len(report.waiting)
        if shown < totals.count:
            text = f"{text} · {texts('sync.count_cut', shown=shown)}"
        return text

    def _build_layout(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.subtitle, 1)
        head.addWidget(self.reconcile)
        head.addWidget(self.try_all)
        self._action_bar = QWidget()
        row = QHBoxLayout(self._action_bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.take_over)
        row.addWidget(self.requeue)
        row.addWidget(self.try_now, 1)
        row.addWidget(self.evidence, 1)
        self._list.body.setContentsMargins(0, 0, 0, 0)
        self._list.body.setSpacing(8)
        self._list.body.addWidget(self.table, 1)
        self._list.body.addWidget(self._nothing, 1)
        self._list.body.addWidget(self._action_bar)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(self._list, 7)
        self._columns.addWidget(self.status_card, 4)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 12, 24, 8)
        page.setSpacing(_GAP)
        page.addWidget(self.banner)
        page.addWidget(self.status_strip)
        page.addWidget(self.busy)
        page.addLayout(self._columns, 1)
        page.addStretch(0)
        # Last, although it is displayed first: the focus starts at the table, and Tab never reaches
        # a widget before a focus proxy in the chain.
        page.insertLayout(0, head)

    def _empty_box(self, theme: Theme) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setSpacing(8)
        sign = Sign(theme, _EMPTY_SIGN)
        sign.set_tone("success")
        centre = Qt.AlignmentFlag.AlignHCenter
        column.addStretch(2)
        column.addWidget(sign, 0, centre)
        for label in (self.empty, self.empty_why):
            label.setAlignment(centre)
            column.addWidget(label)
        column.addStretch(3)
        return box
