"""Page of a list, the details of its current entry, and the actions on it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import unbroken
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.entry_list import EntryList, EntryModel, EntryText
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.money import MoneyLabel
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import BoldLabel, Frame, Label

_NARROW = 900
_GAP = 12
_MARGIN = 24
_SHARES = (4, 5)
"""Shares of the width of the list and of the details."""

_LEAST_LIST = 280


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """What the page says of its current entry.

    Attributes:
        tone: success, error, warning, notice or busy.
        amount: won; ``None``: no money is concerned.
        advice: what happens next, or what staff has to do.
        note: what staff has to decide on, if anything.
        facts: (name, value) pairs in the words of the shop; an empty value is omitted.
        evidence: what only F3 shows: codes and texts of the provider.
    """

    tone: str
    label: str
    amount: int | None
    subject: str
    advice: str
    note: str = ""
    facts: Sequence[tuple[str, str]] = ()
    evidence: Sequence[tuple[str, str]] = ()


class DetailPanel(QWidget):
    """The details of one entry; the evidence behind 상세 is hidden until it is asked for."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self.badge = StatusBadge(theme)
        self.order = Button("secondary", "Enter", text=texts.bind("entries.order"))
        self.order.setObjectName("openOrder")
        self.amount = MoneyLabel(texts, large=True)
        self.subject = Label("muted", wraps=True)
        self.advice = BoldLabel()
        self.note = Label("body", wraps=True)
        self.facts = FactGrid()
        head = boxes.row(self.badge, 1, self.order)
        boxes.column(
            head, self.amount, self.subject, self.advice, self.note, self.facts, on=self, gap=_GAP
        )

    def show_details(self, details: EntryDetails, *, with_evidence: bool) -> None:
        """Show the details of an entry."""
        self.badge.show_state(details.tone, details.label)
        self.amount.setVisible(details.amount is not None)
        if details.amount is not None:
            self.amount.set_amount(details.amount)
        self.subject.setText(details.subject)
        self.advice.setText(details.advice)
        self.note.setText(details.note)
        self.note.setVisible(bool(details.note))
        self.facts.set_rows([*details.facts, *(details.evidence if with_evidence else ())])


class ListDetailActions(QWidget):
    """List and details side by side, one above the other where it is narrow; actions below.

    Enter opens the entry's order, F3 shows and hides the evidence, Ctrl+C copies all that is known
    of the entry. Further buttons come from the page: ``head`` is for what concerns no entry,
    ``add_action`` for what does.

    Args:
        name: of the list, for screen readers; the first line of what is copied.
        empty: shown in place of the list. Its action, if there is one, has the focus then.
        key_of: returns the identity of an entry across readings.
        describe: returns what an entry's row says.
        details_of: returns the details of an entry.
    """

    chosen = Signal()
    """Another entry is current, or it changed."""

    opened = Signal(object)
    """Open the order of an entry. Carries the entry."""

    copied = Signal()
    """The current entry is on the clipboard."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        *,
        name: BoundText,
        empty: EmptyState,
        key_of: Callable[[Any], Hashable],
        describe: Callable[[Any], EntryText],
        details_of: Callable[[Any], EntryDetails],
    ) -> None:
        super().__init__()
        self._texts, self._name, self._details_of = texts, name, details_of
        self._wanted: Hashable = None
        self._has_below = False
        self._actions: tuple[Button, ...] = ()
        self._column, self._page = QVBoxLayout(), QVBoxLayout()
        self.empty = empty
        self.banner = Banner(texts, theme)
        self.busy = BusyBar(theme)
        self.model = EntryModel(key_of, describe, self)
        self.list = EntryList(theme, self.model)
        name.show_in(self.list, QWidget.setAccessibleName)
        self.detail = DetailPanel(texts, theme)
        self.area = FocusScrollArea(theme)
        texts.bind("entries.details").show_in(self.area, QWidget.setAccessibleName)
        self.more = Button("quiet", "F3", text=texts.bind("entries.details"))
        self.more.setCheckable(True)
        self.copy = Button("quiet", "Ctrl+C", text=texts.bind("entries.copy"))
        self.head = QWidget()
        self._build_layout()
        self.more.toggled.connect(self._show_evidence)
        self.copy.clicked.connect(self._copy)
        self.list.opened.connect(self._open)
        self.detail.order.clicked.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._show_details)
        texts.changed.connect(self.write_again)
        self._show_parts(known=False)
        self._show_details()

    @property
    def current(self) -> Any:
        """Return the current entry, or ``None``."""
        return self.list.currentIndex().data(EntryModel.EntryRole)

    def add_above(self, part: QWidget) -> None:
        """Add a part above list and details."""
        self._page.insertWidget(1, part)

    def add_below_details(self, part: QWidget) -> None:
        """Add a part below the details; it is there whether or not an entry is."""
        self._column.insertWidget(self._column.count() - 1, part)
        self._has_below = True
        self._card.show()

    def add_head(self, *buttons: Button) -> None:
        """Add buttons of the page itself before the one that copies."""
        row = self.head.layout()
        if isinstance(row, QHBoxLayout):
            for button in buttons:
                row.insertWidget(row.count() - 1, button)

    def add_for_all(self, button: Button) -> None:
        """Add a button that concerns all entries, at the left end of the bar."""
        self._bar_row.insertWidget(1, button)

    def add_actions(self, *buttons: Button) -> None:
        """Add buttons of the current entry at the right end of the bar."""
        for button in buttons:
            self._bar_row.addWidget(button)
        self._actions += buttons

    def choose(self, key: Hashable) -> None:
        """Make an entry current, now or once it is listed."""
        self._wanted = key
        self._choose_wanted()

    def show_entries(self, entries: Sequence[Any]) -> None:
        """Show the entries; the current one stays current, or else the one in its place."""
        self.busy.stop()
        self.busy.hide()
        row = self.list.currentIndex().row()
        key = self.model.key_at(row)
        self.model.set_entries(entries)
        found = self.model.row_of(key) if key is not None else -1
        row = min(max(0, found if found >= 0 else row), self.model.rowCount() - 1)
        if row != self.list.currentIndex().row():
            self.list.setCurrentIndex(self.model.index(row))
        self._choose_wanted()
        self._show_parts(known=True)
        self._show_details()

    def write_again(self) -> None:
        """Make all texts of entries again."""
        self.model.write_again()
        self._show_details()

    def focus_action(self) -> None:
        """Focus the last action that can be pressed."""
        for button in reversed(self._actions):
            if button.isVisible() and button.isEnabled():
                button.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _choose_wanted(self) -> None:
        row = self.model.row_of(self._wanted) if self._wanted is not None else -1
        if row >= 0:
            self._wanted = None
            self.list.setCurrentIndex(self.model.index(row))

    def _show_parts(self, *, known: bool) -> None:
        """Show the list, or that it is empty; before the entries are known, an empty list."""
        is_empty = known and self.model.rowCount() == 0
        stands = self.empty.action if is_empty and self.empty.action is not None else self.list
        focused = self._focused
        self.list.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        for part in (self._bar, self.copy):
            part.setVisible(self.model.rowCount() > 0)
        self.setFocusProxy(stands)
        if focused is not None and not focused.isVisible():
            stands.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def _focused(self) -> QWidget | None:
        """Return which part has the focus."""
        focused = QApplication.focusWidget()
        is_part = focused is not None and focused.isVisible() and self.isAncestorOf(focused)
        return focused if is_part else None

    def _show_details(self) -> None:
        entry = self.current
        focused = self._focused
        self.detail.setVisible(entry is not None)
        self._card.setVisible(entry is not None or self._has_below)
        if entry is not None:
            details = self._details_of(entry)
            self.detail.show_details(details, with_evidence=self.more.isChecked())
        self.chosen.emit()
        if focused is not None and not (focused.isVisible() and focused.isEnabled()):
            self.setFocus(Qt.FocusReason.OtherFocusReason)  # its button is not offered any more

    def _show_evidence(self, shown: bool) -> None:
        self._show_details()
        if shown:  # once it has its place
            QTimer.singleShot(0, self, self._scroll_to_evidence)

    def _scroll_to_evidence(self) -> None:
        self.area.ensureVisible(0, self.detail.geometry().bottom(), 0, _GAP)

    def _open(self) -> None:
        if self.detail.order.isHidden():
            self.focus_action()
        elif self.current is not None:
            self.opened.emit(self.current)

    def _copy(self) -> None:
        if self.current is None:
            return
        details = self._details_of(self.current)
        won = f" · {self._texts.won(details.amount)}" if details.amount is not None else ""
        lines = [self._name(), f"{details.label}{won}"]
        lines += [details.subject]
        lines += [
            f"{name}: {value}" for name, value in (*details.facts, *details.evidence) if value
        ]
        QGuiApplication.clipboard().setText(unbroken("\n".join(lines)) + "\n")
        self.copied.emit()

    def _build_layout(self) -> None:
        listed = Card(padding=_GAP)
        listed.body.setContentsMargins(0, 0, 0, 0)
        for part in (self.busy, self.list, self.empty):
            listed.body.addWidget(part)
        self.list.setMinimumWidth(_LEAST_LIST)
        inside = Frame("panel")
        inside.setLayout(self._column)
        self._column.setContentsMargins(4, 4, _GAP, 4)
        self._column.setSpacing(2 * _GAP)
        self._column.addWidget(self.detail)
        self._column.addStretch(1)
        self.area.setWidget(inside)
        self._card = Card(padding=_GAP)
        self._card.body.setContentsMargins(0, 0, 0, 0)
        self._card.body.addWidget(self.area)
        split = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP)
        split.add(listed, _SHARES[0])
        split.add(self._card, _SHARES[1])
        self._bar = QWidget()
        self._bar_row = boxes.row(self.more, 1, on=self._bar, gap=8)
        boxes.row(self.copy, on=self.head, gap=8)
        self.setLayout(self._page)
        self._page.setContentsMargins(_MARGIN, 0, _MARGIN, _GAP)
        self._page.setSpacing(_GAP)
        self._page.addWidget(self.banner)
        self._page.addWidget(split, 1)
        self._page.addWidget(self._bar)
