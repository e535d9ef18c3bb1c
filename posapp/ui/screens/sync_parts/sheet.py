"""How the sync page is laid out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.services.ports.outbox import OutboxState, Unsent
from posapp.services.sync_desk import SyncReport
from posapp.ui.i18n import Texts
from posapp.ui.models.unsent import UnsentModel
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.sync_parts.light_strip import LightStrip
from posapp.ui.screens.sync_parts.standing_card import StandingCard
from posapp.ui.screens.sync_parts.unsent_table import UnsentTable
from posapp.ui.screens.sync_parts.words import light_words, safe_words
from posapp.ui.theme import Theme
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label

_NARROW = 900
_GAP = 12
_EMPTY_SIGN = 56


class SyncSheet(QWidget):
    """The light above; the table with its deeds, and beside or below it how things stand."""

    chosen = Signal()
    """Another row."""

    def __init__(
        self, texts: Texts, theme: Theme, model: UnsentModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts, self._model = texts, model
        self.title = Label("title")
        self.subtitle = Label("muted", wraps=True)
        self.busy = BusyBar(theme)
        self.banner = Banner(texts, theme)
        self.light = LightStrip(theme)
        self.table = UnsentTable(theme, model)
        self.table.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        self.standing = StandingCard(texts, theme)
        self.reconcile = Button("quiet", "F5")
        self.try_all = Button("quiet", "F6")
        self.take_over = Button("secondary", "F7")
        self.try_now = Button("primary", "F8")
        self.requeue = Button("secondary", "F7")
        self.evidence = Button("primary", "F8")
        self._of_a_row = (self.try_now, self.evidence, self.requeue, self.take_over)
        HeldKeys(self.reconcile, self.try_all, *self._of_a_row, parent=self)
        self.table.entered.connect(self._to_the_deed)
        self.empty = Label("heading", wraps=True)
        self.empty_why = Label("muted", wraps=True)
        self._list = Card(padding=12)
        self._nothing = self._empty_box(theme)
        self._lay_out()

    def current(self) -> Unsent | None:
        """The row that is chosen."""
        entry = self.table.currentIndex().data(UnsentModel.EntryRole)
        return entry if isinstance(entry, Unsent) else None

    def keep_choice(self, change: Callable[[], None]) -> None:
        """Change the model; the chosen refund stays chosen, or the one in its place is."""
        refund_id, row = self.table.current(), self.table.currentIndex().row()
        change()
        found = self._model.row_of(refund_id) if refund_id else -1
        row = min(max(0, found if found >= 0 else row), self._model.rowCount() - 1)
        if row >= 0 and self.table.currentIndex().row() != row:
            self.table.setCurrentIndex(self._model.index(row, 0))

    def show_report(self, report: SyncReport) -> None:
        """Show what a report says, but for the rows, which are in the model."""
        texts = self._texts
        self.light.show_light(report.light, light_words(texts, report), safe_words(texts, report))
        self.subtitle.setText(self._count_words(report))
        self.standing.show_report(report)
        for known in (self._list, self.standing):
            known.setVisible(True)
        count = len(report.waiting)
        was_empty = not self._nothing.isHidden()
        self.table.setVisible(count > 0)
        self._deeds.setVisible(count > 0)
        self._nothing.setVisible(count == 0)
        if count == 0 and not was_empty and self.isVisible():
            self.reconcile.setFocus(Qt.FocusReason.OtherFocusReason)
        self.try_all.setVisible(count > report.totals.for_person)
        self.setFocusProxy(self.table if count else self.reconcile)

    def show_deeds(self, entry: Unsent | None, *, busy: bool) -> None:
        """Show what can be done about a row; ``busy``: it is being done right now."""
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
        self.take_over.set_words(
            self._texts("sync.take_over"),
            description=self._texts("sync.take_over_behind" if behind else "sync.take_over_why"),
        )
        if had_focus and not any(one.hasFocus() and one.isEnabled() for one in self._of_a_row):
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def write(self) -> None:
        """Set the words that do not depend on a report."""
        texts = self._texts
        self.title.setText(texts("sync.title"))
        for name, button in (
            *(("reconcile", self.reconcile), ("try_all", self.try_all)),
            *(("try_now", self.try_now), ("requeue", self.requeue), ("evidence", self.evidence)),
        ):
            button.set_words(texts(f"sync.{name}"), description=texts(f"sync.{name}_why"))
        self.empty.setText(texts("sync.empty"))
        self.empty_why.setText(texts("sync.empty_why"))
        self.table.setAccessibleName(texts("sync.leave_list"))
        self.standing.write()
        self._model.write_again()
        self._model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, 3)

    def show_unknown(self) -> None:
        """Nothing was read yet."""
        self.light.show_light(None, self._texts("sync.lamp_checking"), "")
        for hidden in (self._list, self.standing, self.try_all):
            hidden.setVisible(False)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A high or narrow screen has the state of things below the table."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW and self.width() > self.height()
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)

    def _to_the_deed(self) -> None:
        for deed in self._of_a_row:
            if not deed.isHidden() and deed.isEnabled():
                deed.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _count_words(self, report: SyncReport) -> str:
        texts, totals = self._texts, report.totals
        if not totals.count:
            return ""
        words = texts(
            "sync.count_person" if totals.for_person else "sync.count",
            count=totals.count,
            amount=texts.won(totals.amount),
            person=totals.for_person,
        )
        shown = len(report.waiting)
        if shown < totals.count:
            words = f"{words} · {texts('sync.count_cut', shown=shown)}"
        return words

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 0, 0)
        head.setSpacing(16)
        head.addWidget(self.title)
        head.addWidget(self.subtitle, 1)
        head.addWidget(self.reconcile)
        head.addWidget(self.try_all)
        self._deeds = QWidget()
        row = QHBoxLayout(self._deeds)
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
        self._list.body.addWidget(self._deeds)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(self._list, 7)
        self._columns.addWidget(self.standing, 4)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 12, 24, 8)
        page.setSpacing(_GAP)
        page.addWidget(self.banner)
        page.addWidget(self.light)
        page.addWidget(self.busy)
        page.addLayout(self._columns, 1)
        page.addStretch(0)
        # Last, though it stands above: the keyboard begins at the table, and whatever comes before
        # a focus proxy in the chain is never reached.
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
