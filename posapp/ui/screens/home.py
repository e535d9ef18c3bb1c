"""The payment home: where every deed at the counter begins."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.widgets.action_card import ActionCard, CardPlan, FieldPlan
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.busy import BusyBar
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

PAY = CardPlan(
    "pay",
    "home.pay",
    (FieldPlan("paymentUserId", "home.pay_user"), FieldPlan("orderId", "home.pay_order")),
)
"""The buyer's card 결제."""

_NO_FOCUS = 0
"""``Qt.FocusPolicy.NoFocus``, by its number: see ``posapp.ui``."""

_CARD_WIDTH = 560
_NARROWEST = 288
"""Pixels below which a card's buttons would no longer fit."""

_GAP = 24
_MARGIN = 32


class HomeScreen(Frame):
    """Cards for those deeds that exist, and the way to the list of open orders.

    It can be used before the services stand: what is typed is kept, and a button that is pressed
    too early goes on by itself after ``attach()``.

    Args:
        cards: what can be done, in the order of their places.
    """

    pay_requested = Signal(object, object)
    """The card 결제: (user id, order id). Objects, because a signal's int ends at 2³¹."""

    submitted = Signal(str, object)
    """Any card: its name, and a tuple of the ids."""

    orders_requested = Signal()
    """The list of open orders is wanted."""

    more_requested = Signal()
    """The screen of further deeds is wanted."""

    def __init__(
        self,
        texts: Texts,
        theme: Theme,
        cards: Sequence[CardPlan] = (PAY,),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("surface", parent)
        self._texts, self._theme = texts, theme
        self._attached = False
        self._pressed: tuple[str, tuple[int, ...]] | None = None
        self._title = Label("title")
        self._subtitle = Label("muted", wraps=True)
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self.banner.clear)
        self.find_orders = Button("search", "F2")
        self.find_orders.setObjectName("findOrders")
        self.find_orders.clicked.connect(self.orders_requested)
        self.more = Button("quiet", "F3")
        self.more.setObjectName("moreDeeds")
        self.more.clicked.connect(self.more_requested)
        self.busy = BusyBar(theme)
        self.cards = {plan.name: self._card(plan) for plan in cards}
        self._columns = 0
        self._grid = QGridLayout()
        self._sheet = QWidget()
        self._lay_out()
        texts.changed.connect(self._write)
        theme.changed.connect(self._draw)
        self._write()
        self._draw()
        self.setFocusProxy(next(iter(self.cards.values()), self.find_orders))

    def attach(self) -> None:
        """The services stand: a button that was pressed before goes on now."""
        self._attached = True
        pressed = self._let_go()
        if pressed is not None:
            self._emit(*pressed)

    def show_error(self, error: Exception) -> None:
        """Show what went wrong, above what was typed. A button that was pressed too early is
        forgotten: what it waited for did not come."""
        self._let_go()
        self.banner.show_error(error, button="words.close")

    def clear(self) -> None:
        """Make everything ready for the next person."""
        self.banner.clear()
        for card in self.cards.values():
            card.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits typed while a button has the focus belong to a field: a scanner does not look
        where the focus is."""
        typed = event.text()
        if typed.isascii() and typed.isdigit() and self.cards:
            next(iter(self.cards.values())).take_typed(typed)
            event.accept()
            return
        super().keyPressEvent(event)

    def _card(self, plan: CardPlan) -> ActionCard:
        card = ActionCard(plan, self._texts)
        card.submitted.connect(lambda ids, name=plan.name: self._submit(name, ids))
        return card

    def _submit(self, name: str, ids: tuple[int, ...]) -> None:
        self.banner.clear()
        if self._attached:
            self._emit(name, ids)
            return
        self._pressed = (name, ids)
        for card in self.cards.values():
            card.set_enabled(False)
        self.busy.start(self._texts("home.waiting"))

    def _let_go(self) -> tuple[str, tuple[int, ...]] | None:
        pressed, self._pressed = self._pressed, None
        self.busy.stop()
        for card in self.cards.values():
            card.set_enabled(True)
        return pressed

    def _emit(self, name: str, ids: tuple[int, ...]) -> None:
        self.submitted.emit(name, ids)
        if name == PAY.name:
            self.pay_requested.emit(*ids)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the cards into as many columns as there is room for."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """All cards in one row where they fit, else two in a row, else one: never three and one."""
        count = len(self.cards)
        fitting = (width - 2 * _MARGIN + _GAP) // (_NARROWEST + _GAP)
        columns = count if fitting >= count else max(1, min(2, fitting))
        if columns == self._columns or not count:
            return
        self._columns = columns
        for number, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(count):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._sheet.setMaximumWidth(columns * _CARD_WIDTH + (columns - 1) * _GAP)

    def _lay_out(self) -> None:
        grid, sheet = self._grid, self._sheet
        grid.setSpacing(_GAP)
        self._arrange(self.width())
        column = QVBoxLayout(sheet)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(self._title)
        words.addWidget(self._subtitle)
        column.addLayout(words)
        column.addWidget(self.banner)
        finding = QHBoxLayout()
        finding.setSpacing(12)
        finding.addWidget(self.find_orders, 1)
        finding.addWidget(self.more)
        column.addLayout(finding)
        column.addLayout(grid)
        column.addWidget(self.busy)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(sheet, 100)
        row.addStretch(1)
        ground = Frame("surface")
        page = QVBoxLayout(ground)
        page.setContentsMargins(_MARGIN, 16, _MARGIN, 8)
        page.addStretch(2)
        page.addLayout(row)
        page.addStretch(3)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setProperty("focusPolicy", _NO_FOCUS)
        scroll.setWidget(ground)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _write(self) -> None:
        texts = self._texts
        self._title.setText(texts("home.title"))
        self._subtitle.setText(texts("home.subtitle"))
        self.more.set_words(texts("home.more"), description=texts("home.more_why"))
        self.find_orders.set_words(texts("home.find"), description=texts("home.find_why"))
        if self.busy.is_busy:
            self.busy.start(texts("home.waiting"))

    def _draw(self) -> None:
        self.find_orders.set_sign("search", self._theme.colour("text-muted"))
