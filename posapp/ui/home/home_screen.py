"""Payment home, where every action at the counter starts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
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
"""Value of ``Qt.FocusPolicy.NoFocus``: see ``posapp.ui``."""

_CARD_WIDTH = 560
_NARROWEST = 288
"""Minimum width of a card in pixels, for its buttons to fit."""

_GAP = 24
_MARGIN = 32


class HomeScreen(Frame):
    """Cards of the available actions, and a button for the list of open orders.

    It can be used before the services are ready: typed text is kept, and a button pressed early
    takes effect after ``attach()``.

    Args:
        cards: the cards in display order.
    """

    pay_requested = Signal(object, object)
    """The card 결제: (user id, order id). Objects, because a signal's int wraps at 2³¹."""

    submitted = Signal(str, object)
    """Any card: its name, and a tuple of the ids."""

    orders_requested = Signal()
    """Show the list of open orders."""

    more_requested = Signal()
    """Show the screen of further actions."""

    def __init__(
        self,
        texts: Translator,
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
        self._page = QWidget()
        self._build_layout()
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._draw)
        self._retranslate()
        self._draw()
        self.setFocusProxy(next(iter(self.cards.values()), self.find_orders))

    def attach(self) -> None:
        """Mark the services as ready and process a button that was pressed before."""
        self._attached = True
        pressed = self._let_go()
        if pressed is not None:
            self._emit(*pressed)

    def show_error(self, error: Exception) -> None:
        """Show an error above the typed text.

        A button pressed early is forgotten, because its services are not available.
        """
        self._let_go()
        self.banner.show_error(error, button="words.close")

    def clear(self) -> None:
        """Reset the screen for the next user."""
        self.banner.clear()
        for card in self.cards.values():
            card.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass digits typed on a button to a field: a scanner ignores the focus."""
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
        """Arrange the cards in as many columns as fit."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def _arrange(self, width: int) -> None:
        """Use one row if all cards fit, else two cards in a row, else one: never three and one."""
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
        self._page.setMaximumWidth(columns * _CARD_WIDTH + (columns - 1) * _GAP)

    def _build_layout(self) -> None:
        grid, content = self._grid, self._page
        grid.setSpacing(_GAP)
        self._arrange(self.width())
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        text_column = QVBoxLayout()
        text_column.setSpacing(4)
        text_column.addWidget(self._title)
        text_column.addWidget(self._subtitle)
        column.addLayout(text_column)
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
        row.addWidget(content, 100)
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

    def _retranslate(self) -> None:
        texts = self._texts
        self._title.setText(texts("home.title"))
        self._subtitle.setText(texts("home.subtitle"))
        self.more.set_text(texts("home.more"), description=texts("home.more_why"))
        self.find_orders.set_text(texts("home.find"), description=texts("home.find_why"))
        if self.busy.is_busy:
            self.busy.start(texts("home.waiting"))

    def _draw(self) -> None:
        self.find_orders.set_sign("search", self._theme.colour("text-muted"))
