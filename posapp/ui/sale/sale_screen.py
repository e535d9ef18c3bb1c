"""The counter's own sale: scan, count, and pay by QR (docs/specification.md 2.8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.carts import MOST_PIECES, LineError
from posapp.domain.orders import Order, Product
from posapp.domain.refund_limits import Proof
from posapp.services.sale.cart_service import ScanKind, ScanResult
from posapp.services.sale.cart_view import CartView, LineProblem, LineView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import BuyerView, cart_for_buyer
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.cart_edits import CartEdits
from posapp.ui.sale.cart_table import is_count_key, trouble_of
from posapp.ui.sale.cart_undo import CartUndo
from posapp.ui.sale.held_carts import HeldCarts
from posapp.ui.sale.product_picking import ProductPicking
from posapp.ui.sale.sale_layout import SaleLayout
from posapp.ui.sale.sale_messages import SaleMessages
from posapp.ui.sale.sale_panels import SalePanels
from posapp.ui.scanner.code import SHOWN
from posapp.ui.shell.routes import PAYING, PRODUCTS, ROUTE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.refund_approval import proof_of

if TYPE_CHECKING:
    from posapp.services.goods.product_service import ProductService
    from posapp.services.sale.cart_service import CartService
    from posapp.services.sale.checkout import CheckoutService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals
    from posapp.ui.widgets.undo import UndoStack


_MAY_ADD = {None, *ROUTE[PRODUCTS].roles}
"""Who may add a product; ``None``: there is no staff."""


class SaleScreen(Screen):
    """Shows the open cart, which is stored with every change, and makes its order.

    Scans, keys and buttons change the cart one after another, in the order in which they came. A
    scan that is refused stays on the page until a person closes the message.
    """

    buyer_view_changed = Signal()
    """``buyer_view`` may have changed."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        goods: ProductService,
        carts: CartService,
        checkout: CheckoutService,
        session: Session,
        approvals: RefundApprovals | None,
        undo: UndoStack,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._carts, self._checkout, self._session = carts, checkout, session
        self._calls = CartCalls(runner, self)
        self._cart: CartView | None = None
        self._typed = 0
        self._is_ordering = self._is_reading = False
        self._is_behind = self._is_offline = False
        self._live_order_id = 0
        self.view = view = SaleLayout(texts, theme)
        self.messages = SaleMessages(texts, self)
        self.table = view.table
        boxes.column(view, on=self)
        self.setFocusProxy(self.table)
        self.table.chosen.connect(self._write)
        self.table.opened.connect(self._enter_count)
        self.picking = picking = ProductPicking(
            *(runner, self._calls, goods, carts, session, view.goods),
            *(self._take_count, self),
        )
        picking.added.connect(self._added)
        picking.failed.connect(self.messages.fail)
        picking.asking_changed.connect(self._write)
        picking.left.connect(self._focus_cart)
        self.held = HeldCarts(texts, self._calls, carts, session, view.hold, self)
        self.held.taken_up.connect(self._show)
        self.held.taken_up.connect(self._read)
        self.held.put_on_hold.connect(self._on_hold)
        self.held.failed.connect(self.messages.fail)
        self.undo = CartUndo(texts, self._calls, carts, session, undo, self)
        self.undo.shown.connect(self._show)
        self.undo.shown.connect(self._read)
        self.undo.failed.connect(self.messages.fail)
        self.edits = CartEdits(
            *(texts, self._calls, carts, session, self.messages, self.undo, self),
            lambda: self._cart,
        )
        self.edits.changed.connect(self._show)
        self.panels = SalePanels(
            *(texts, runner, self._calls, carts, approvals, session, view.goods, self)
        )
        self.panels.shown.connect(self._show)
        self.panels.open_changed.connect(self._write)
        self.panels.left.connect(self._focus_cart)
        self.messages.changed.connect(self._write)
        view.discount_button.clicked.connect(self._open_discount)
        view.note_button.clicked.connect(self._open_note)
        view.remove.clicked.connect(self._remove)
        view.clear.clicked.connect(self.edits.ask_to_clear)
        view.fix.clicked.connect(self._fix)
        view.register.clicked.connect(self._register)
        view.product_chosen.connect(self._choose)
        view.pay.clicked.connect(self._pay)
        texts.changed.connect(self._write)
        self._write()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.product_service),
            *(services.cart_service, services.checkout_service, services.session),
            *(services.staff.approvals, context.undo),
        )

    @property
    def buyer_view(self) -> BuyerView:
        """Return what the buyer may see of the cart."""
        return cart_for_buyer(self._cart)

    @property
    def cart(self) -> CartView | None:
        """Return the cart on screen, or ``None``."""
        return self._cart

    @property
    def is_busy(self) -> bool:
        """Return whether the cart is being read or changed."""
        return self._calls.is_busy

    @property
    def current(self) -> LineView | None:
        """Return the current line, or ``None``."""
        line = self.table.current
        return line if isinstance(line, LineView) else None

    @property
    def head_actions(self) -> QWidget:
        """Return the buttons that take out of the cart."""
        return self.view.head_buttons

    @property
    def why_stay(self) -> str:
        """Return why a scan can add nothing now: the order of the cart is being made."""
        return "scan.while_live" if self._is_ordering else ""

    def open(
        self, code: str = "", line_id: int | None = None, product: Product | None = None
    ) -> None:
        """Add what a code names that was scanned on another page; or let a line without a product
        be a product that was added meanwhile."""
        if line_id is not None and product is not None:
            self.picking.ask(product, 1, line_id)
        elif code:
            self.take_scan(code)

    def take_scan(self, code: str) -> bool:
        """Add what a scanned code names, as often as was typed before."""
        count = self._take_count()
        work = partial(self._carts.scan, self._session.actor, code, count)
        self._calls.run(work, partial(self._scanned, code))
        self._write()
        return True

    def showEvent(self, event: QShowEvent) -> None:
        """Read the cart: prices and stock may have changed."""
        super().showEvent(event)
        self._read()
        self.picking.refresh()
        self.picking.read_categories()

    def enter(self) -> None:
        """Begin with an empty search, and all products."""
        self.view.goods.categories.forget()
        self.picking.show_all()

    def focus_search(self) -> bool:
        """Empty and focus the search."""
        self.picking.show_all()
        self.view.goods.search.setFocus()
        return True

    @Slot()
    def status_changed(self) -> None:
        """Read the cart again."""
        if self.isVisible():
            self._read()

    def payment_changed(self, order_id: int) -> None:
        """Take note of the order whose QR may still be paid, or 0."""
        self._live_order_id = order_id
        self._write()

    def set_online(self, online: bool) -> None:
        """Take no payment by QR without a network; the cart can be filled."""
        self._is_offline = not online
        self._write()

    def set_behind(self, behind: bool) -> None:
        """Take no payment while the file is an older copy that is still being reconciled."""
        self._is_behind = behind
        self._write()

    def staff_changed(self) -> None:
        """Forget what another person typed; the cart stays."""
        self.clear()
        self.undo.forget()
        self.edits.close()

    def clear(self) -> None:
        """Forget what was said and typed; the cart stays."""
        self.messages.forget()
        self.picking.forget()
        self.panels.close()
        self.forget_typed()

    def forget_typed(self) -> None:
        """Forget a count without its line."""
        self._typed = 0
        self._write()

    def event(self, event: QEvent) -> bool:
        """Claim Esc while there is a count to clear, or the focus to lead back to the cart."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (self._typed or not self.table.hasFocus())
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the count, wherever the focus is on the page."""
        if is_count_key(event):
            if not event.isAutoRepeat():
                self._take_count_key(event.text())
        elif event.key() == Qt.Key.Key_Escape:
            self._typed = 0
            if self.picking.is_asking:
                self.picking.close()
            else:
                self.panels.close()
            self._focus_cart()
        else:
            super().keyPressEvent(event)

    def _take_count(self) -> int:
        count, self._typed = self._typed or 1, 0
        return count

    @Slot()
    def _focus_cart(self) -> None:
        if self.isVisible():
            self.table.setFocus()
        self._write()

    def _take_count_key(self, text: str) -> None:
        self.table.setFocus()  # Enter is the count's now, not a button's
        if text in ("+", "-"):
            line = self.current
            if line is not None:
                self.edits.step(line, 1 if text == "+" else -1)
        elif text.isdigit():
            typed = self._typed * 10 + int(text)
            self._typed = typed if typed <= MOST_PIECES else self._typed
        else:
            self._typed //= 10
        self._write()

    # Acts.

    @Slot()
    def _enter_count(self) -> None:
        count, line, self._typed = self._typed, self.current, 0
        if count and line is not None:
            self.edits.set_count(line, count)
        self._write()

    @Slot()
    def _remove(self) -> None:
        line = self.current
        if line is not None:
            self.edits.remove(line)

    @Slot()
    def _open_discount(self) -> None:
        if self._cart is not None and self._cart.lines:
            self.panels.open_discount(self._cart, self.current)

    @Slot()
    def _open_note(self) -> None:
        if self._cart is not None and self._cart.lines:
            self.panels.open_note(self._cart)

    @Slot()
    def _fix(self) -> None:
        """Do what the message offers."""
        line = self.current
        if self.messages.is_said:
            self.messages.forget()
        elif line is None:
            return
        elif line.line.error is LineError.SEVERAL_PRODUCTS and line.choices:
            self.view.offer_products([(one.id, one.name) for one in line.choices])
        elif line.problem is LineProblem.PRICE_CHANGED:
            self.edits.renew_prices()
        else:
            self._remove()

    @Slot()
    def _register(self) -> None:
        """Add a product with the code of the current line, which is the product's then."""
        line = self.current
        if line is not None and line.line.error is LineError.UNKNOWN_CODE:
            self.go_to(PRODUCTS, code=line.line.code, line_id=line.line.id)

    @Slot(object)
    def _choose(self, product_id: int) -> None:
        line = self.current
        chosen = next((one for one in line.choices if one.id == product_id), None) if line else None
        if line is not None and chosen is not None:
            self.picking.ask(chosen, 1, line.line.id)

    @Slot()
    def _pay(self) -> None:
        if self._is_ordering:
            return
        self._is_ordering = True
        self.messages.begin()
        self.view.pay.set_busy(True)
        self._calls.run_as_shown(self._make_order, self._ordered)

    def _make_order(self) -> Callable[[], Order]:
        payable = int(self._cart.amounts.payable) if self._cart is not None else 0
        return partial(self._checkout.order, self._session.actor, payable)

    # Results.

    @Slot()
    def _read(self) -> None:
        if not self._is_reading:
            self._is_reading = True
            self._calls.run(lambda: (self._carts.read(), self._carts.held()), self._arrived)

    def _arrived(self, outcome: TaskResult[tuple[CartView | None, tuple[CartView, ...]]]) -> None:
        self._is_reading = False
        if outcome.value is None:
            self.messages.fail(outcome.error)
            return
        cart, held = outcome.value
        self.held.show_held(held)
        self._show(cart)

    @Slot()
    def _on_hold(self) -> None:
        cart = self._cart
        self.messages.begin()
        self._show(None)
        self._read()
        if cart is not None:
            self.undo.put_on_hold(cart)

    @Slot(object, object)
    def _added(self, cart: CartView, product_id: int) -> None:
        self.messages.begin()
        of_product = [one.line.id for one in cart.lines if one.line.product_id == product_id]
        self._show(cart, of_product[-1])

    def _scanned(self, code: str, outcome: TaskResult[ScanResult]) -> None:
        texts, shown = self._texts, display_text(code, SHOWN) or "?"
        result, error = outcome.value, outcome.error
        if result is None:
            failed = error or RuntimeError()
            self.messages.refuse(lambda: texts("sale.refused", why=texts.error(failed), code=shown))
        elif result.kind is ScanKind.ORDER and (self._cart is None or not self._cart.lines):
            self.order_scanned.emit(code)
        elif result.kind is ScanKind.ORDER:
            self.messages.refuse(lambda: texts("sale.order_scanned", code=shown))
        elif result.product is not None:  # options or a weight are to be asked for
            self.picking.ask(result.product, result.count)
        else:
            self._show(result.cart, result.line_id)
            line = self.current
            if line is not None:
                said = trouble_of(texts, line) or texts("sale.added", product=line.name)
                announce(self, said, urgent=result.kind is ScanKind.ERROR)

    def _ordered(self, outcome: TaskResult[Order]) -> None:
        self._is_ordering = False
        self.view.pay.set_busy(False)
        order = outcome.value
        if order is None:
            self._refuse_order(outcome.error)
            return
        self.messages.forget()
        self.undo.forget()
        self._show(None)
        self.item_changed.emit(order.id)
        buyer = Actor.buyer(order.buyer_id)
        self.go_to(PAYING, actor=buyer, order_id=order.id, starts=True)

    def _refuse_order(self, error: Exception | None) -> None:
        """Say why there is no order; a discount that nobody approved is approved in its panel."""
        self.messages.fail(error)
        if proof_of(error) is not Proof.NONE and self._cart is not None:
            self.panels.open_discount(self._cart, self.current)
        self._read()

    @Slot(object)
    def _show(self, cart: CartView | None, line_id: int | None = None) -> None:
        self._cart = cart
        if cart is None or not cart.lines:
            self.panels.close()
        self.buyer_view_changed.emit()
        self.view.show_cart(cart, line_id)
        self._write()

    # Texts.

    @Slot()
    def _write(self) -> None:
        view, texts = self.view, self._texts
        has_lines = self._cart is not None and bool(self._cart.lines)
        why_not = self._why_no_payment()
        view.show_typed(self._typed)
        view.pay.setEnabled(has_lines and not why_not)
        view.remove.setEnabled(has_lines)
        is_asking = self.picking.is_asking
        self.held.show_lines(has_lines, is_asking=is_asking or self.panels.is_open)
        view.discount_button.setEnabled(has_lines and not is_asking)
        view.note_button.setEnabled(has_lines and not is_asking)
        view.clear.setEnabled(has_lines)
        message = self.messages.message(self.current)
        if not message.text and has_lines and why_not:
            view.say("notice", texts(why_not))
        else:
            may_add = message.is_new_code and self._session.role in _MAY_ADD
            view.say(message.tone, message.text, message.fix, can_register=may_add)

    def _why_no_payment(self) -> str:
        """Return why no payment can begin now: a message id, or empty."""
        if self._is_behind:
            return "window.behind"
        if self.picking.is_asking:
            return "sale.asking"
        if self.panels.is_open:
            return "sale.panel_open"
        if self._live_order_id:
            return "pay.one_at_a_time"
        return "pay.needs_internet" if self._is_offline else ""
