"""Layout of the page of items to ship."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from posapp.domain.orders import DELIVERY_STEPS, ITEM_TRANSITIONS, ItemStatus
from posapp.services.ports.fulfilment_search import FulfilmentRow
from posapp.ui.core.formats import masked_phone
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import of_item
from posapp.ui.core.theme import Theme
from posapp.ui.fulfilment.fulfilment_detail import FulfilmentDetail
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Frame, Label
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.segmented_control import SegmentedControl
from posapp.ui.widgets.two_line_table import TwoLineTable

STATES: tuple[ItemStatus | None, ...] = (
    None,
    ItemStatus.COMPLETE_PAYMENT,
    ItemStatus.WAITING_FOR_DELIVERY,
    ItemStatus.SHIPPING,
)
"""States to choose; ``None`` is all."""

_AFTER = {
    status: ITEM_TRANSITIONS.next_state(status, trigger)
    for status, trigger in DELIVERY_STEPS.items()
}

_NARROW, _LOW = 1200, 800
"""Sizes in pixels below which list and details are one above the other, and below which there is no
room for details besides: the row says the same."""

_GAP = 12
_MARGIN = 24
_SLOT = 58
"""Height in pixels that is kept for why nothing may be done, so that it moves nothing."""

_USUAL = 99
"""A number of items that needs no more room than is kept for one."""

_SHORT, _LONG = 24, 200
_BUYER = 180


class FulfilmentLayout(QWidget):
    """All widgets of the page and their texts, without logic.

    Args:
        fetch: reads the next page of rows.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        fetch: Callable[[], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._texts = texts
        self._counts: Mapping[ItemStatus, int] = {}
        self._most = 0
        self._searched = ""
        self._following: ItemStatus | None = None
        self._has_row = False
        self.segments = SegmentedControl(theme, STATES)
        self.filter = Button("quiet", "F3", text=texts.bind("deliveries.filter"))
        self.search = SearchField(theme)
        self.search.setObjectName("deliverySearch")
        texts.bind("deliveries.search_hint").show_in(self.search, QLineEdit.setPlaceholderText)
        texts.bind("deliveries.search").show_in(self.search, QWidget.setAccessibleName)
        self.banner = Banner(texts, theme)
        columns = (
            Column(texts.bind("deliveries.status")),
            Column(texts.bind("deliveries.item"), stretches=True),
            Column(texts.bind("deliveries.buyer"), most=_BUYER),
            Column(texts.bind("deliveries.amount"), is_right=True),
        )
        self.model = RowsModel(
            *(texts, columns, lambda row: row.item_id, self._cells_of, fetch, self)
        )
        self.table = TwoLineTable(theme, self.model)
        self.table.setObjectName("deliveryTable")
        texts.bind("deliveries.title").show_in(self.table, QWidget.setAccessibleName)
        self.empty = EmptyState(theme)
        inside = self.empty.layout()
        if inside is not None:  # it gives way on a low screen
            inside.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        self.detail = FulfilmentDetail(texts, theme)
        self.why_not = Label("error", wraps=True)
        self.hand_over = Button("secondary", "F4", text=texts.bind("deliveries.hand_over"))
        self.step = Button("primary", "F5", text=texts.bind("deliveries.next"))
        self._build_layout()
        texts.changed.connect(self._write)
        self._write()

    def moved_text(self, row: FulfilmentRow, status: ItemStatus) -> str:
        """Return what became of an item, in few words."""
        now = of_item(self._texts, status).label
        return self._texts("deliveries.moved", item=row.item_id, status=now)

    def show_counts(self, counts: Mapping[ItemStatus, int], most: int) -> None:
        """Show the number of items of each state.

        Args:
            most: whatever is more is shown as more than this.
        """
        self._counts, self._most = counts, most
        self._write()

    def show_empty(self, is_empty: bool, searched: str) -> None:
        """Show the rows, or that a search found none, or that there are none."""
        self._searched = searched
        self._write_empty()
        has_focus = self.table.hasFocus()
        if is_empty and has_focus:
            self.search.setFocus()
        self._pages.setCurrentIndex(1 if is_empty else 0)

    def show_row(self, row: FulfilmentRow | None, why_not: str) -> None:
        """Show the current row, what may be done with it, and why nothing may."""
        self.detail.show_row(row, why_not)
        self.why_not.setText(why_not)
        self._following = following = None if row is None else _AFTER.get(row.status)
        self._say_step(following)
        self._has_row = row is not None
        self._show_card()
        self.step.setEnabled(following is not None and not why_not)
        self.hand_over.setEnabled(row is not None and row.can_hand_over and not why_not)

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the list takes what height there is, and scrolls.

        The body of the window would scroll to give wrapped texts the height that they prefer.
        """
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the details where there is no room for them."""
        super().resizeEvent(event)
        self._show_card()

    def _show_card(self) -> None:
        is_small = self.width() < _NARROW and self.height() < _LOW
        self._card.setVisible(self._has_row and not is_small)

    def _say_step(self, following: ItemStatus | None) -> None:
        if following is None:
            self.step.say(self._texts.bind("deliveries.next"))
            return
        name = self._texts.bind(f"order_page.item_{following.value}")
        self.step.say(self._texts.bind("deliveries.step", status=name))

    def _cells_of(self, row: FulfilmentRow) -> tuple[Cell, ...]:
        texts = self._texts
        status = of_item(texts, row.status)
        tone = "warning" if row.hold is not None else status.tone
        held = texts("deliveries.held") if row.hold is not None else ""
        again = texts("deliveries.replacement") if row.is_replacement else ""
        name = display_text(row.product_name, _LONG, run=_LONG)
        numbers = texts("deliveries.numbers", order=row.order_id, item=row.item_id)
        return (
            Cell(status.label, held or again, tone),
            Cell(texts("deliveries.named", count=row.count, name=name), numbers),
            Cell(display_text(row.buyer_name, _LONG, run=_LONG), masked_phone(row.buyer_phone)),
            Cell(texts.won(row.total), texts.when(row.ordered_at)),
        )

    def _build_layout(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(_GAP)
        top.addWidget(self.segments)
        top.addWidget(self.filter)
        top.addWidget(self.search, 1)
        listed = Frame("card")
        inside = QVBoxLayout(listed)
        inside.setContentsMargins(8, 8, 8, 8)
        ground = QWidget(listed)
        self._pages = QStackedLayout(ground)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self.empty)
        inside.addWidget(ground)
        self._card = Card(padding=8)
        self._card.body.setContentsMargins(0, 0, 0, 0)
        self._card.body.addWidget(self.detail)
        split = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP)
        split.add(listed, 5, above=3)
        split.add(self._card, 3, above=1)
        slot = QWidget()
        slot.setMinimumHeight(_SLOT)
        slot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        said = QVBoxLayout(slot)
        said.setContentsMargins(0, 0, 0, 0)
        said.addWidget(self.why_not)
        foot = QHBoxLayout()
        foot.setSpacing(_GAP)
        foot.addWidget(slot, 1)
        foot.addWidget(self.hand_over)
        foot.addWidget(self.step)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, _GAP)
        column.setSpacing(_GAP)
        column.addLayout(top)
        column.addWidget(self.banner)
        column.addWidget(split, 1)
        column.addLayout(foot)

    def _write(self) -> None:
        texts = self._texts
        usual = dict.fromkeys((one for one in STATES if one is not None), _USUAL)
        self.segments.reserve(self._labels(usual))
        self.segments.set_text(texts("deliveries.status"), self._labels(self._counts))
        widths = []
        for following in _AFTER.values():
            self._say_step(following)
            widths.append(self.step.sizeHint().width())
        self.step.setMinimumWidth(max(widths))  # its text changes with every row
        self._say_step(self._following)
        self._write_empty()

    def _labels(self, counts: Mapping[ItemStatus, int]) -> list[str]:
        texts = self._texts
        names = [texts("deliveries.all")]
        names += [texts(f"order_page.item_{state.value}") for state in STATES if state]
        each = [counts.get(state) for state in STATES if state is not None]
        known = [count for count in each if count is not None]
        total = sum(known) if known else None
        return [
            f"{name} {self._count_text(count)}".rstrip()
            for name, count in zip(names, [total, *each], strict=True)
        ]

    def _count_text(self, count: int | None) -> str:
        if count is None:
            return ""
        return f"{self._most}+" if self._most and count > self._most else str(count)

    def _write_empty(self) -> None:
        texts, text = self._texts, display_text(self._searched, _SHORT)
        key = "deliveries.none_found" if text else "deliveries.none"
        self.empty.set_text(texts(key, text=text), texts(f"{key}_why"))
