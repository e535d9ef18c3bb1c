"""Layout of the sale page: the cart, what is to be done about a line, and the total."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from posapp.services.sale.cart_view import CartView
from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.sale.cart_table import CartTable
from posapp.ui.sale.goods_pane import GoodsPane
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.money import AmountLabel, MoneyLabel
from posapp.ui.widgets.pick_menu import PickMenu
from posapp.ui.widgets.product_pictures import ProductPictures
from posapp.ui.widgets.roles import Frame, Label, set_role

_MARGIN, _GAP = 24, 12
_SLOT = 58
"""Height in pixels that is kept for what is said of a line or an act, so that it moves nothing."""

_AMOUNT = 64
"""Height in pixels of the amount to pay, whatever its font."""

_PAY = 208
"""Least width in pixels of the button that begins the payment: 26 units."""

_CASH = 144
"""Least width in pixels of the button that takes cash."""

_GOODS, _NARROW_GOODS = 520, 392
"""Widths in pixels of the products beside the cart, and where the page is narrow."""

_NARROW = 1200
_MOST_IN_MENU = 60

_ANY = 16_777_215
"""``QWIDGETSIZE_MAX``: no limit."""


class SaleLayout(QWidget):
    """All widgets of the page and their texts, without logic."""

    product_chosen = Signal(object)
    """A product was chosen for a code that several have. Carries its id."""

    def __init__(self, texts: Translator, theme: Theme, pictures: ProductPictures) -> None:
        super().__init__()
        self._texts = texts
        self.table = CartTable(texts, theme)
        self.goods = GoodsPane(texts, theme, pictures)
        self.typed = Label("heading")
        texts.bind("sale.count").show_in(self.typed, QWidget.setAccessibleName)
        self.said = Label("error", wraps=True)
        self.fix = Button("secondary")
        self.register = Button("secondary", text=texts.bind("products.register"))
        self.register.hide()
        self.menu = PickMenu(self.fix)
        self.menu.picked.connect(self.product_chosen)
        self.subtotal, self.discount = MoneyLabel(texts), MoneyLabel(texts)
        self.payable = AmountLabel(texts)
        self.pay = Button("kakao", "F8", text=texts.bind("sale.pay"))
        self.pay.setObjectName("salePay")
        self.cash = Button("secondary", "F7", text=texts.bind("cash.title"))
        self.cash.setObjectName("saleCash")
        self.cash.setProperty("lies", "tall")
        self.head_buttons = QWidget()
        self.remove = Button("quiet", "Del", text=texts.bind("sale.remove"))
        self.clear = Button("quiet", "Ctrl+Del", text=texts.bind("sale.clear"))
        self.hold = Button("quiet", "F3")
        self.discount_button = Button("quiet", "F4", text=texts.bind("sale.discount"))
        self.note_button = Button("quiet", "F5", text=texts.bind("sale.note"))
        self.drawer = Button("quiet", "F6", text=texts.bind("sale.drawer"))
        boxes.row(
            *(self.hold, self.discount_button, self.note_button, self.remove, self.clear),
            on=self.head_buttons,
            gap=8,
        )
        self._build_layout()
        texts.changed.connect(self._write)
        self._write()
        self.show_cart(None, None)

    def show_cart(self, cart: CartView | None, line_id: int | None) -> None:
        """Show a cart, and make a line current; ``None`` keeps the current one."""
        self.table.show_lines(cart.lines if cart is not None else (), line_id)
        amounts = cart.amounts if cart is not None else None
        before = sum((one.line.amount for one in cart.lines), 0) if cart is not None else 0
        payable = amounts.payable if amounts is not None else 0
        self.subtotal.set_amount(before)
        self.discount.set_amount(payable - before)
        self.payable.set_amount(payable)

    def show_typed(self, count: int) -> None:
        """Show the count that is being typed; 0 shows none."""
        self.typed.setText(self._texts("sale.typed", count=count) if count else "")

    def say(
        self, tone: str, text: str, fix: BoundText | None = None, *, can_register: bool = False
    ) -> None:
        """Say what is to be done, or nothing, with the button that does it.

        Args:
            tone: ``"error"``, or ``"notice"`` for what only explains.
            can_register: it is about a code that a new product can get.
        """
        set_role(self.said, "role", "error" if tone == "error" else "muted")
        self.said.setText(text)
        if fix is not None:
            self.fix.say(fix)
        has_focus = self.fix.hasFocus() or self.register.hasFocus()
        self.fix.setVisible(fix is not None)
        self.register.setVisible(can_register)
        if has_focus and not (self.fix.hasFocus() or self.register.hasFocus()):
            self.table.setFocus()

    def offer_products(self, products: Sequence[tuple[int, str]]) -> None:
        """Open the menu of the products that have one code, as (id, name)."""
        self.menu.offer([(number, display_text(name, _MOST_IN_MENU)) for number, name in products])

    def hasHeightForWidth(self) -> bool:
        """Return ``False``: the list takes what height there is, and scrolls."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the products below the cart on a page that is higher than wide."""
        super().resizeEvent(event)
        is_tall = self.height() > self.width()
        ways = QBoxLayout.Direction
        self._both.setDirection(ways.TopToBottom if is_tall else ways.LeftToRight)
        self._both.setStretch(1, 1 if is_tall else 0)
        width = _GOODS if self.width() >= _NARROW else _NARROW_GOODS
        self.goods.setMinimumWidth(0 if is_tall else width)
        self.goods.setMaximumWidth(_ANY if is_tall else width)

    def _build_layout(self) -> None:
        listed = Frame("card")
        boxes.column(self.table, on=listed, margins=8)
        slot = QWidget()
        slot.setFixedHeight(_SLOT)
        slot.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        boxes.row((self.said, 1), on=slot)
        said = boxes.row((slot, 1), self.typed, self.register, self.fix, self.drawer, gap=_GAP)
        self.payable.setFixedHeight(_AMOUNT)
        self.payable.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.pay.setMinimumWidth(_PAY)
        self.cash.setMinimumWidth(_CASH)
        band = Frame("card")
        boxes.row(
            *(self._fact("sale.subtotal", self.subtotal), self._fact("sale.off", self.discount)),
            *(1, Label("muted", text=self._texts.bind("sale.to_pay")), self.payable),
            *(self.cash, self.pay),
            on=band,
            gap=2 * _GAP,
            margins=(20, 8, 12, 8),
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN, 0, _MARGIN, _GAP)
        column.setSpacing(8)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(_GAP)
        self._both.addWidget(listed, 1)
        self._both.addWidget(self.goods)
        column.addLayout(self._both, 1)
        column.addLayout(said)
        column.addWidget(band)

    def _fact(self, name: str, amount: MoneyLabel) -> QVBoxLayout:
        return boxes.column(1, Label("muted", text=self._texts.bind(name)), amount, 1, gap=0)

    def _write(self) -> None:
        widest = self.typed.fontMetrics().horizontalAdvance(self._texts("sale.typed", count=9_999))
        self.typed.setMinimumWidth(widest)  # typing moves nothing
