"""Layout of the screen of unresolved money."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.unresolved.unresolved_detail import UnresolvedDetail
from posapp.ui.unresolved.unresolved_list import UnresolvedList
from posapp.ui.unresolved.unresolved_model import UnresolvedEntry, UnresolvedModel
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label

_NARROW = 900
_GAP = 16
_EMPTY_SIGN = 64
_LIST_WIDTH = 248


class UnresolvedLayout(QWidget):
    """List and evidence, or the message that there are no entries."""

    chosen = Signal()
    """The current entry changed."""

    def __init__(
        self, texts: Translator, theme: Theme, model: UnresolvedModel, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._texts, self._model = texts, model
        self.subtitle = Label("muted", wraps=True)
        self.banner = Banner(texts, theme)
        self.busy = BusyBar(theme)
        self.view = UnresolvedList(texts, theme)
        self.view.setModel(model)
        self.view.setMinimumWidth(_LIST_WIDTH)
        self.view.selectionModel().currentChanged.connect(lambda *_: self.chosen.emit())
        self.detail = UnresolvedDetail(texts, theme)
        self.view.activated.connect(lambda _: self.detail.focus_action())
        self._list_card = Card(padding=16)
        self._list_card.body.addWidget(self.view)
        self.home = Button("primary", "Enter")
        self.empty_text = Label("heading", wraps=True)
        self.empty_why = Label("muted", wraps=True)
        self._empty = self._empty_card(theme)
        self._both = QWidget()
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._both)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(_GAP)
        self._columns.addWidget(self._list_card, 4)
        self._columns.addWidget(self.detail, 5)
        page = QVBoxLayout(self)
        page.setContentsMargins(24, 16, 24, 16)
        page.setSpacing(_GAP)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.setSpacing(24)
        head.addWidget(self.subtitle, 1)
        head.addWidget(self.busy, 1)
        page.addLayout(head)
        page.addWidget(self.banner)
        page.addWidget(self._both, 1)
        page.addWidget(self._empty, 1)

    def current(self) -> UnresolvedEntry | None:
        """Return the current entry."""
        entry = self.view.currentIndex().data(UnresolvedModel.EntryRole)
        return entry if isinstance(entry, UnresolvedEntry) else None

    def keep_choice(self, change: Callable[[], None]) -> None:
        """Change the model; keep the current entry, or else its position."""
        entry, row = self.current(), self.view.currentIndex().row()
        change()
        found = self._model.row_of(entry.key) if entry is not None else -1
        row = min(max(0, found if found >= 0 else row), self._model.rowCount() - 1)
        index = self._model.index(row)
        self.view.selectionModel().setCurrentIndex(
            index, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    def choose(self, key: tuple[str, int]) -> None:
        """Make an entry current, if it exists."""
        row = self._model.row_of(key)
        if row >= 0:
            self.view.setCurrentIndex(self._model.index(row))

    def write(self, *, known: bool, person_count: int) -> None:
        """Set all texts; ``known``: the list was read, so that an empty one is meaningful."""
        texts, count = self._texts, self._model.rowCount()
        text = texts("open_money.count", count=count, person=person_count)
        self.subtitle.setText(text if count else "")
        self.empty_text.setText(texts("open_money.empty"))
        self.empty_why.setText(texts("open_money.empty_why"))
        self.home.set_text(texts("cancel.go_home"))
        self.view.setAccessibleName(texts("open_money.title"))
        self._both.setVisible(count > 0 or not known)
        was_empty = self._empty.isVisible()
        self._empty.setVisible(known and count == 0)
        if self._empty.isVisible() and not was_empty:
            self.home.setFocus(Qt.FocusReason.OtherFocusReason)
        self.setFocusProxy(self.home if known and not count else self.view)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the evidence below the list on a tall or narrow screen."""
        super().resizeEvent(event)
        wide = self.width() >= _NARROW and self.width() > self.height()
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._columns.direction() is not direction:
            self._columns.setDirection(direction)

    def _empty_card(self, theme: Theme) -> Card:
        card = Card()
        sign = Sign(theme, _EMPTY_SIGN)
        sign.set_tone("success")
        centre = Qt.AlignmentFlag.AlignHCenter
        card.body.addStretch(1)
        card.body.addWidget(sign, 0, centre)
        for label in (self.empty_text, self.empty_why):
            label.setAlignment(centre)
            card.body.addWidget(label)
        card.body.addSpacing(8)
        card.body.addWidget(self.home, 0, centre)
        card.body.addStretch(2)
        return card
