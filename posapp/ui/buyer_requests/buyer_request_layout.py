"""Layout of the page of a buyer's requests."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QStackedLayout, QWidget

from posapp.domain.requests import MAX_REQUEST_TEXT_LENGTH, ClosedBy, RequestKind, RequestState
from posapp.services.ports.buyer_search import RequestableItem
from posapp.services.ports.requests import RequestRow
from posapp.ui.buyer_requests.request_form import RequestForm
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.status_text import of_item
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable

_GAP, _MARGIN = 12, 24
_NARROW = 900
_NUMBER_WIDTH = 320
_LONG, _NOTE = 200, 160
_TONES = {RequestState.WAIT: "busy", RequestState.OK: "success", RequestState.CANCEL: "notice"}


class BuyerRequestLayout(QWidget):
    """All widgets of the page and their texts, without logic.

    Args:
        fetch_items, fetch_requests: read the next page of either list.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        fetch_items: Callable[[], None],
        fetch_requests: Callable[[], None],
    ) -> None:
        super().__init__()
        self._texts = texts
        self._is_known = self._has_form = False
        bind = texts.bind
        self.number = IdField("requestUserId")
        self.number.use_one_line()
        self.number.say(bind("buyer_requests.buyer"), bind("buyer_requests.buyer_hint"))
        self.show_buyer = Button("secondary", "Enter", text=bind("buyer_requests.show"))
        self.banner = Banner(texts, theme)
        self.form = RequestForm(texts, theme)
        self.items_model = RowsModel(
            texts,
            (
                Column(bind("deliveries.item"), stretches=True),
                Column(bind("deliveries.amount"), is_right=True),
            ),
            lambda row: row.item_id,
            self._item_cells,
            fetch_items,
            self,
        )
        self.requests_model = RowsModel(
            texts,
            (
                Column(bind("buyer_requests.state")),
                Column(bind("deliveries.item"), stretches=True),
                Column(bind("buyer_requests.when"), is_right=True),
            ),
            lambda row: row.id,
            self._request_cells,
            fetch_requests,
            self,
        )
        self.items = TwoLineTable(theme, self.items_model)
        self.items.setObjectName("requestableItems")
        bind("buyer_requests.items").show_in(self.items, QWidget.setAccessibleName)
        self.requests = TwoLineTable(theme, self.requests_model)
        bind("buyer_requests.list").show_in(self.requests, QWidget.setAccessibleName)
        self.no_items, self.no_requests = EmptyState(theme), EmptyState(theme)
        for empty in (self.no_items, self.no_requests):
            inside = empty.layout()
            if inside is not None:  # it gives way on a low screen
                inside.setContentsMargins(_MARGIN, 8, _MARGIN, 8)
        self.ask = Button("primary", "Enter", text=bind("buyer_requests.ask"))
        self.note = Label("caption", wraps=True)
        self.withdraw = Button("secondary", text=bind("buyer_requests.withdraw"))
        self.requests.chosen.connect(self._show_request)
        self._build_layout()
        texts.changed.connect(self._write)
        self._write()

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the lists take what height there is, and scroll."""
        return False

    def show_items(
        self, rows: Sequence[RequestableItem], *, has_more: bool, is_known: bool
    ) -> None:
        """Show what can be asked back; unless the buyer is known, that the number is needed."""
        self._is_known = is_known
        self.items_model.show(rows, has_more=has_more)
        self._items_pages.setCurrentIndex(0 if rows else 1)
        self.ask.setEnabled(bool(rows))
        if rows and self.items.place < 0:
            self.items.select(0)
        self._write()

    def show_requests(self, rows: Sequence[RequestRow], *, has_more: bool, is_known: bool) -> None:
        """Show what has been asked back."""
        self.requests_model.show(rows, has_more=has_more)
        self._requests_pages.setCurrentIndex(0 if rows else 1)
        if rows and self.requests.place < 0:
            self.requests.select(0)
        self._show_request()

    def show_form(self, shown: bool) -> None:
        """Show the form, or the requests, in the same place."""
        self._has_form = shown
        self._right_pages.setCurrentIndex(1 if shown else 0)
        self._who.setVisible(not shown)  # its room is the form's on a low screen
        self.ask.setVisible(not shown)
        self._write()

    @property
    def focus_place(self) -> QWidget:
        """Return what has the focus at first: the form, else the items, else the number."""
        if self._has_form:
            return self.form.kind.segments[0]
        return self.items if self.items_model.rowCount() else self.number.line

    def _item_cells(self, row: RequestableItem) -> tuple[Cell, ...]:
        texts = self._texts
        name = display_text(row.product_name, _LONG, run=_LONG)
        named = texts("deliveries.named", count=row.count, name=name)
        number = texts("order_page.item_number", item=row.item_id)
        status = of_item(texts, row.status)
        return (
            Cell(named, f"{status.label} · {number}", status.tone),
            Cell(texts.won(row.total), texts.when(row.ordered_at)),
        )

    def _request_cells(self, row: RequestRow) -> tuple[Cell, ...]:
        texts = self._texts
        name = display_text(row.product_name, _LONG, run=_LONG)
        kind = texts(f"requests.kind_{row.kind.value}")
        amount = texts.won(row.amount) if row.kind is RequestKind.REFUND else ""
        state, tone = _state_of(texts, row)
        ended = texts.when(row.processed_at) if row.processed_at is not None else ""
        return (
            Cell(state, kind, tone),
            Cell(name, texts("order_page.item_number", item=row.item_id)),
            Cell(amount or kind, ended or texts.when(row.created_at)),
        )

    def _show_request(self) -> None:
        row, texts = self.requests.current, self._texts
        is_row = isinstance(row, RequestRow)
        self.note.setVisible(is_row)
        self.withdraw.setVisible(is_row)
        self.withdraw.setEnabled(isinstance(row, RequestRow) and row.state is RequestState.WAIT)
        if isinstance(row, RequestRow):
            said = [texts("buyer_requests.why", reason=display_text(row.reason, _NOTE))]
            if row.note:
                said.append(texts("buyer_requests.note", note=display_text(row.note, _NOTE)))
            self.note.setText(" · ".join(said))
            self.note.setToolTip(display_text(row.reason, MAX_REQUEST_TEXT_LENGTH))

    def _build_layout(self) -> None:
        self._who = QWidget()
        who = boxes.row(on=self._who, gap=_GAP)
        self.number.setFixedWidth(_NUMBER_WIDTH)
        label = Label("field", text=self._texts.bind("buyer_requests.buyer"))
        label.setBuddy(self.number.line)
        who.addWidget(label)
        who.addWidget(self.number)
        who.addWidget(self.show_buyer)
        who.addStretch(1)
        left, self._items_pages = _listed(self.items, self.no_items)
        foot = boxes.row(1, self.ask)
        left.body.addLayout(foot)
        listed, self._requests_pages = _listed(self.requests, self.no_requests)
        self._left, self._listed = left, listed
        below = boxes.row((self.note, 1), self.withdraw, gap=_GAP)
        listed.body.addLayout(below)
        self._form_card = Card(padding=8)  # it just fits the lowest screen
        self._form_card.body.setContentsMargins(0, 0, 0, 0)
        self._form_card.body.addWidget(self.form)
        right = QWidget()
        self._right_pages = QStackedLayout(right)
        self._right_pages.addWidget(listed)
        self._right_pages.addWidget(self._form_card)
        split = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP)
        split.add(left)
        split.add(right)
        boxes.column(
            self._who,
            self.banner,
            (split, 1),
            on=self,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )

    def _write(self) -> None:
        texts = self._texts
        self._left.set_text(texts("buyer_requests.items"))
        self._listed.set_text(texts("buyer_requests.list"))
        self._form_card.setAccessibleName(texts("buyer_requests.form"))
        key = "none" if self._is_known else "nobody"
        self.no_items.set_text(texts(f"buyer_requests.{key}"), texts(f"buyer_requests.{key}_why"))
        self.no_requests.set_text(texts("buyer_requests.empty"), "")
        self._show_request()


def _state_of(texts: Translator, row: RequestRow) -> tuple[str, str]:
    """Return the state of a request, and its tone."""
    if row.state is RequestState.CANCEL and row.ended_by is ClosedBy.SELLER:
        return texts("buyer_requests.rejected"), "error"
    if row.state is RequestState.CANCEL and row.ended_by is ClosedBy.BUYER:
        return texts("buyer_requests.by_buyer"), "notice"
    return texts(f"requests.state_{row.state.value}"), _TONES[row.state]


def _listed(table: TwoLineTable, empty: EmptyState) -> tuple[Card, QStackedLayout]:
    """Return a card with a table, and the pages: the table, and that it is empty."""
    card = Card(padding=_GAP)
    card.body.setContentsMargins(0, 8, 0, 0)
    card.body.setSpacing(8)
    ground = QWidget()
    pages = QStackedLayout(ground)
    pages.addWidget(table)
    pages.addWidget(empty)
    card.body.addWidget(ground, 1)
    return card, pages
