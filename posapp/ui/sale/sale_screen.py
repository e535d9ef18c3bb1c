"""The counter's own sale: scan, count, and pay by QR (docs/specification.md 2.8)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.actors import Actor
from posapp.domain.cash import CashTaken
from posapp.domain.orders import Order, Product
from posapp.domain.refund_limits import Proof
from posapp.services.sale.cart_view import CartView, LineView
from posapp.ui.core.cash_text import outcome_text
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_view import BuyerView, cart_for_buyer
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.cart_edits import CartEdits
from posapp.ui.sale.cart_scans import CartScans
from posapp.ui.sale.cart_table import is_count_key, trouble_of
from posapp.ui.sale.cart_undo import CartUndo
from posapp.ui.sale.count_entry import CountEntry
from posapp.ui.sale.held_carts import HeldCarts
from posapp.ui.sale.line_fixes import LineFixes
from posapp.ui.sale.product_picking import ProductPicking
from posapp.ui.sale.sale_layout import SaleLayout
from posapp.ui.sale.sale_messages import SaleMessages
from posapp.ui.sale.sale_panels import SalePanels
from posapp.ui.sale.sale_tenders import SaleTenders
from posapp.ui.shell.routes import PAYING, PRODUCTS, ROUTE, SHIFT
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.product_pictures import ProductPictures
from posapp.ui.widgets.refund_approval import proof_of

if TYPE_CHECKING:
    from posapp.services.cash.cash_service import CashService
    from posapp.services.cash.shift_service import ShiftService
    from posapp.services.goods.product_service import ProductService
    from posapp.services.sale.cart_service import CartService
    from posapp.services.sale.checkout import CheckoutService
    from posapp.services.session import Session
    from posapp.services.staff.refund_approvals import RefundApprovals
    from posapp.ui.printing.roll_printing import RollPrinting
    from posapp.ui.widgets.undo import UndoStack


_MAY_ADD = {None, *ROUTE[PRODUCTS].roles}
"""Who may add a product; ``None``: there is no staff."""


@dataclass(frozen=True, slots=True)
class _Records:
    """What the page reads: the open cart, those on hold, and whether a shift is open."""

    cart: CartView | None
    held: tuple[CartView, ...]
    has_shift: bool


class SaleScreen(Screen):
    """Shows the open cart, which is stored with every change, and makes its order.

    Scans, keys and buttons change the cart one after another, in the order in which they came. A
    scan that is refused stays on the page until a person closes the message.
    """

    buyer_view_changed = Signal()
    """``buyer_view`` may have changed."""

    sold_in_cash = Signal(int)
    """An order was paid in cash, and its outcome is shown here. Carries its id."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        goods: ProductService,
        carts: CartService,
        checkout: CheckoutService,
        cash: CashService,
        shifts: ShiftService,
        session: Session,
        *,
        approvals: RefundApprovals | None,
        undo: UndoStack,
        roll: RollPrinting | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._carts, self._session = carts, session
        self._calls = CartCalls(runner, self)
        self._shifts = shifts
        self._cart: CartView | None = None
        self._count = CountEntry(self._step, self)
        self._count.changed.connect(self._write)
        self._is_reading = False
        pictures = ProductPictures(theme, runner, goods.pictures)
        self.view = view = SaleLayout(texts, theme, pictures)
        self.messages = SaleMessages(texts, self)
        self.table = view.table
        boxes.column(view, on=self)
        self.setFocusProxy(self.table)
        self.table.chosen.connect(self._write)
        self.table.opened.connect(self._enter_count)
        self.picking = picking = ProductPicking(
            *(runner, self._calls, goods, carts, session, view.goods),
            *(lambda: self._count.take() or 1, self),
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
        self.scans = CartScans(
            *(texts, self._calls, carts, session, self.messages),
            *(lambda: self._has_lines, self),
        )
        self.scans.added.connect(self._scanned)
        self.scans.needs_choice.connect(picking.ask)
        self.scans.order_scanned.connect(self.order_scanned)
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
        fixes = LineFixes(view, self.messages, self.edits, lambda: self.current, self)
        fixes.product_chosen.connect(picking.ask)
        fixes.shift_requested.connect(partial(self.go_to, SHIFT))
        fixes.new_product_requested.connect(
            lambda code, line_id: self.go_to(PRODUCTS, code=code, line_id=line_id)
        )
        self.tenders = SaleTenders(
            *(texts, theme, runner, self._calls, checkout, cash, shifts, session),
            *(lambda: self._cart, self),
            roll=roll,
        )
        self.cash, self.drawer = self.tenders.cash, self.tenders.drawer
        self.tenders.said.connect(self.notified)
        self.drawer.failed.connect(self.messages.refuse)
        self.tenders.changed.connect(self._write)
        self.tenders.ordered.connect(self._ordered)
        self.tenders.taken.connect(self._cash_taken)
        self.tenders.refused.connect(self._refuse_order)
        self.tenders.needs_shift.connect(self.messages.need_shift)
        view.pay.clicked.connect(self._pay)
        view.cash.clicked.connect(self._pay_in_cash)
        view.drawer.clicked.connect(self.tenders.open_drawer)
        texts.changed.connect(self._write)
        self._write()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.product_service),
            *(services.cart_service, services.checkout_service, services.cash_service),
            *(services.shift_service, services.session),
            approvals=services.staff.approvals,
            undo=context.undo,
            roll=context.roll,
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
    def _has_lines(self) -> bool:
        return self._cart is not None and bool(self._cart.lines)

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
        return "scan.while_live" if self.tenders.is_ordering else ""

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
        self.scans.take(code, self._count.take() or 1)
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
        self.tenders.set_live_order(order_id)

    def set_online(self, online: bool) -> None:
        """Take no payment by QR without a network; the cart can be filled, and paid in cash."""
        self.tenders.set_online(online)

    def set_behind(self, behind: bool) -> None:
        """Take no payment while the file is an older copy that is still being reconciled."""
        self.tenders.set_behind(behind)

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
        self.tenders.close_panel()
        self._count.forget()

    def forget_typed(self) -> None:
        """Forget a count without its line."""
        self._count.forget()

    def event(self, event: QEvent) -> bool:
        """Claim Esc while there is a count to clear, or the focus to lead back to the cart."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and (self._count.typed or not self.table.hasFocus())
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys of the count, wherever the focus is on the page."""
        if is_count_key(event):
            if not event.isAutoRepeat():
                self.table.setFocus()  # Enter is the count's now, not a button's
                self._count.take_key(event.text())
        elif event.key() == Qt.Key.Key_Escape:
            self._count.take()
            if self.picking.is_asking:
                self.picking.close()
            elif not self.tenders.close_panel():
                self.panels.close()
            self._focus_cart()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _focus_cart(self) -> None:
        if self.isVisible():
            self.table.setFocus()
        self._write()

    # Acts.

    @Slot()
    def _enter_count(self) -> None:
        count, line = self._count.take(), self.current
        if count and line is not None:
            self.edits.set_count(line, count)
        self._write()

    def _step(self, by: int) -> None:
        line = self.current
        if line is not None:
            self.edits.step(line, by)

    @Slot()
    def _remove(self) -> None:
        line = self.current
        if line is not None:
            self.edits.remove(line)

    @Slot()
    def _open_discount(self) -> None:
        if self._cart is not None and self._has_lines:
            self.panels.open_discount(self._cart, self.current)

    @Slot()
    def _open_note(self) -> None:
        if self._cart is not None and self._has_lines:
            self.panels.open_note(self._cart)

    @Slot()
    def _pay(self) -> None:
        self.messages.begin()
        self.tenders.pay_by_qr()

    @Slot()
    def _pay_in_cash(self) -> None:
        self.messages.begin()
        self.tenders.pay_in_cash()

    # Results.

    @Slot()
    def _read(self) -> None:
        if not self._is_reading:
            self._is_reading = True
            self._calls.run(self._read_records, self._arrived)

    def _read_records(self) -> _Records:
        return _Records(self._carts.read(), self._carts.held(), self._shifts.read() is not None)

    def _arrived(self, outcome: TaskResult[_Records]) -> None:
        self._is_reading = False
        if outcome.value is None:
            self.messages.fail(outcome.error)
            return
        cart, held = outcome.value.cart, outcome.value.held
        self.tenders.set_shift(is_open=outcome.value.has_shift)
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

    @Slot(object, object, object)
    def _scanned(self, cart: CartView, line_id: int | None, is_error: bool) -> None:
        self._show(cart, line_id)
        line = self.current
        if line is not None:
            texts = self._texts
            said = trouble_of(texts, line) or texts("sale.added", product=line.name)
            announce(self, said, urgent=is_error)

    @Slot(object)
    def _ordered(self, order: Order) -> None:
        self._leave_cart(order)
        buyer = Actor.buyer(order.buyer_id)
        self.go_to(PAYING, actor=buyer, order_id=order.id, starts=True)

    @Slot(object)
    def _cash_taken(self, taken: CashTaken) -> None:
        """Lead to the QR of the rest, or to the outcome: here beside another order's QR."""
        order = taken.order
        self._leave_cart(order)
        if self.tenders.live_order_id:
            self.messages.note(partial(outcome_text, self._texts, taken))
            self.sold_in_cash.emit(order.id)
        elif taken.rest:
            self.go_to(PAYING, actor=Actor.buyer(order.buyer_id), order_id=order.id, starts=True)
        else:
            buyer = Actor.buyer(order.buyer_id)
            self.go_to(PAYING, actor=buyer, order_id=order.id, taken=taken)

    def _leave_cart(self, order: Order) -> None:
        self.messages.forget()
        self.undo.forget()
        self._show(None)
        self.item_changed.emit(order.id)

    @Slot(object)
    def _refuse_order(self, error: Exception | None) -> None:
        """Say why there is no order; a discount that nobody approved is approved in its panel."""
        is_unapproved = proof_of(error) is not Proof.NONE
        if is_unapproved:
            self.cash.close()
        if not self.cash.is_open:
            self.messages.fail(error)
        if is_unapproved and self._cart is not None:
            self.panels.open_discount(self._cart, self.current)
        self._read()

    @Slot(object)
    def _show(self, cart: CartView | None, line_id: int | None = None) -> None:
        self._cart = cart
        if cart is None or not cart.lines:
            self.panels.close()
            self.cash.close()
        else:
            self.cash.show_due(cart.amounts.payable)
        self.buyer_view_changed.emit()
        self.view.show_cart(cart, line_id)
        self._write()

    # Texts.

    @Slot()
    def _write(self) -> None:
        view, texts = self.view, self._texts
        has_lines = self._has_lines
        open_here = self._why_not_now()
        why_not = open_here or self.tenders.why_no_qr
        can_pay = has_lines and not self.cash.is_open
        view.show_typed(self._count.typed)
        view.pay.set_busy(self.tenders.is_ordering)
        view.pay.setEnabled(can_pay and not why_not)
        view.cash.setEnabled(can_pay and not (open_here or self.tenders.why_no_cash))
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

    def _why_not_now(self) -> str:
        """Return what on this page comes before a payment: a message id, or empty."""
        if self.picking.is_asking:
            return "sale.asking"
        return "sale.panel_open" if self.panels.is_open else ""
