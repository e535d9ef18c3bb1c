"""Page of the products: found, added, changed and stopped (docs/specification.md 2.8)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.actors import Actor
from posapp.domain.codes import is_order_code
from posapp.domain.errors import UserError
from posapp.domain.orders import Product
from posapp.domain.product_codes import code_key, scanned_code
from posapp.domain.product_options import OptionGroup
from posapp.domain.users import HOUSE
from posapp.services.goods.product_service import ProductDetails, ProductDraft
from posapp.services.ports.goods import ProductFilter
from posapp.ui.core.dropped_file import dropped_file
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.products.label_printing import LabelPrinting
from posapp.ui.products.picture_field import DrawnPicture, drawn
from posapp.ui.products.picture_flow import PictureFlow
from posapp.ui.products.product_layout import ProductLayout
from posapp.ui.shell.routes import SALE
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.dialog_slot import DialogSlot

if TYPE_CHECKING:
    from posapp.services.goods.product_service import ProductService
    from posapp.services.orders.seller_list import Seller, SellerListService
    from posapp.services.ports.system import Clock
    from posapp.services.session import Session
    from posapp.ui.printing.roll_printing import RollPrinting
    from posapp.ui.widgets.undo import UndoStack

MOST_ROWS = 200
"""Products that are listed at once: the search finds the others."""

_NAME = 24

Loaded = tuple[ProductDetails, tuple[OptionGroup, ...], str, DrawnPicture]
"""A product, all groups of options, the name of the product of which it is a variant, and its
picture."""


class ProductScreen(Screen):
    """Lists products and shows one of them in a form.

    A seller has their own products. Whoever acts for all of them makes a new one for the seller of
    the first product of the list, or else for the shop's only or first seller.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        goods: ProductService,
        sellers: SellerListService,
        session: Session,
        undo: UndoStack,
        clock: Clock,
        roll: RollPrinting | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._goods, self._sellers, self._session = goods, sellers, session
        self._slot = DialogSlot(self)
        self._category: str | None = None
        self._line_id: int | None = None
        self._is_busy = False
        self.view = view = ProductLayout(texts, theme)
        boxes.column(view, on=self)
        self.setFocusProxy(view.search)
        self.labels = LabelPrinting(texts, runner, goods, clock, roll, self)
        self.labels.said.connect(self.notified)
        self.labels.failed.connect(
            lambda make: view.banner.show_failure(make, button="words.close")
        )
        view.search.searched.connect(self._find)
        view.search.moved.connect(view.table.select_by)
        view.search.picked.connect(self._edit)
        view.state.chosen.connect(self.refresh)
        view.category.clicked.connect(self._read_categories)
        view.categories.picked.connect(self._show_category)
        view.table.opened.connect(self._edit)
        view.table.chosen.connect(view.show_buttons)
        view.add.clicked.connect(self._add)
        view.edit.clicked.connect(self._edit)
        view.code.clicked.connect(self._make_code)
        view.label.clicked.connect(self._ask_labels)
        view.variant.clicked.connect(self._add_variant)
        view.stop.clicked.connect(self._ask_to_stop)
        view.resume.clicked.connect(partial(self._set_on_sale, True))
        view.cancel.clicked.connect(self._close_form)
        view.store.clicked.connect(self._submit)
        view.form.submitted.connect(self._submit)
        view.form.options.group_wanted.connect(self._add_group)
        view.banner.acted.connect(view.banner.clear)
        self.pictures = PictureFlow(
            *(texts, runner, goods, view.form, undo, self._run),
            *(lambda: self._actor, self),
        )
        self.pictures.failed.connect(self._refused)
        self.setAcceptDrops(True)
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._show_focused)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner, services.product_service),
            *(services.seller_list, services.session, context.undo),
            *(context.clock, context.roll),
        )

    @property
    def head_actions(self) -> QWidget:
        """Return the category, and the way to a new product."""
        return self.view.head

    @property
    def is_busy(self) -> bool:
        """Return whether something is being stored."""
        return self._is_busy

    @property
    def why_stay(self) -> str:
        """Return that a scan may not lead away from a form."""
        return "products.scan_in_form" if self.view.has_form else ""

    def open(self, code: str, line_id: int | None = None) -> None:
        """Begin a new product with a code that was scanned.

        Args:
            line_id: the line of the cart that gets the product then.
        """
        self._line_id = line_id
        self.refresh()
        self._begin(codes=[(code_key(scanned_code(code)), 1)])

    def enter(self) -> None:
        """Show the list afresh."""
        self.clear()
        self.refresh()

    def clear(self) -> None:
        """Forget what is typed, searched and chosen."""
        self._slot.close()
        self.labels.close()
        self._category, self._line_id = None, None
        self.view.show_category(None)
        self.view.state.choose(True)
        self.view.search.show_text("")
        self.view.banner.clear()
        self.view.show_list()

    def focus_search(self) -> bool:
        """Empty and focus the search; beside a form there is none."""
        if self.view.has_form:
            return False
        self.view.search.show_text("")
        self._find("")
        self.view.search.setFocus()
        return True

    def take_scan(self, code: str) -> bool:
        """Open the product of a code, or a new one with it; an order's code leads to the order."""
        if self.view.has_form or is_order_code(code):
            return False
        find = partial(self._goods.with_code, code)
        self._runner.run(find, partial(self._code_found, code), owner=self, key="code")
        return True

    def _code_found(self, code: str, outcome: TaskResult[tuple[Product, ...]]) -> None:
        if outcome.value is None:
            self.view.banner.show_error(outcome.error or RuntimeError())
        elif outcome.value:
            self._open_product(outcome.value[0].id)
        else:
            self._line_id = None
            self._begin(codes=[(code_key(scanned_code(code)), 1)])

    def may_leave(self) -> bool:
        """Close the panel of labels and the form before the page."""
        if self.labels.close():
            return False
        if self.view.has_form:
            self._close_form()
            return False
        return True

    def forget_typed(self) -> None:
        """Close a form that is filled in by half."""
        self.clear()

    def staff_changed(self) -> None:
        """Another person may have other products."""
        self.pictures.forget()
        self.clear()
        self.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept one file for the product in the form."""
        if self.view.has_form and not self._is_busy and dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take the picture of the file that was dropped."""
        path = dropped_file(event)
        if self.view.has_form and not self._is_busy and path is not None:
            event.acceptProposedAction()
            self.pictures.take(path)

    @Slot()
    def refresh(self) -> None:
        """Read the list."""
        self._find(self.view.search.typed)

    @Slot()
    def status_changed(self) -> None:
        """Read the list again: something may have been sold."""
        if self.isVisible() and not self.view.has_form:
            self.refresh()

    @property
    def _actor(self) -> Actor:
        return self._session.own_actor

    @property
    def _within(self) -> ProductFilter:
        own = self._session.seller_id if self._session.is_seller else None
        is_on_sale = self.view.state.key
        assert is_on_sale is None or isinstance(is_on_sale, bool)  # noqa: S101 - its keys
        return ProductFilter(is_on_sale, self._category, own)

    @Slot(QWidget, QWidget)
    def _show_focused(self, before: QWidget | None, now: QWidget | None) -> None:
        if now is not None:
            self.view.show_focused(now)

    @Slot(str)
    def _find(self, text: str) -> None:
        find = partial(self._goods.find, text, MOST_ROWS, self._within)
        self._runner.run(find, partial(self._found, text), owner=self, key="find")

    def _found(self, text: str, outcome: TaskResult[tuple[Product, ...]]) -> None:
        if outcome.value is None:
            self.view.banner.show_error(outcome.error or RuntimeError())
        else:
            self.view.show_products(outcome.value, text)

    @Slot()
    def _read_categories(self) -> None:
        read = partial(self._goods.categories, ProductFilter(None, None, self._within.seller_id))
        self._runner.run(read, self._offer_categories, owner=self, key="categories")

    def _offer_categories(self, outcome: TaskResult[tuple[str, ...]]) -> None:
        if outcome.value is not None and not self.view.has_form:
            self.view.offer_categories(outcome.value)

    @Slot(object)
    def _show_category(self, category: str | None) -> None:
        self._category = category
        self.view.show_category(category)
        self.refresh()

    # The form.

    @Slot()
    def _add(self) -> None:
        self._line_id = None
        self._begin(category=self._category or "")

    def _begin(self, **known: object) -> None:
        def read() -> tuple[tuple[OptionGroup, ...], tuple[Seller, ...]]:
            return self._goods.groups(), self._sellers.read()

        def show(outcome: TaskResult[tuple[tuple[OptionGroup, ...], tuple[Seller, ...]]]) -> None:
            if outcome.value is None:
                self.view.banner.show_error(outcome.error or RuntimeError())
                return
            groups, sellers = outcome.value
            seller_id = self._seller_of_new([one.id for one in sellers])
            draft = ProductDraft("", 0, seller_id, **known)  # type: ignore[arg-type]
            self.view.banner.clear()
            self.view.form.begin(draft, groups)
            self.view.show_form()

        self._runner.run(read, show, owner=self, key="form")

    def _seller_of_new(self, sellers: list[int]) -> int:
        own = self._session.seller_id
        if own is not None:
            return own
        first = self.view.rows.rows
        if first and first[0].seller_id in sellers:
            return int(first[0].seller_id)
        return sellers[0] if sellers else HOUSE

    @Slot()
    def _edit(self) -> None:
        one = self.view.current
        if one is not None and not self.view.has_form:
            self._open_product(one.id)

    def _open_product(self, product_id: int) -> None:
        self._line_id = None
        self._runner.run(partial(self._load, product_id), self._show, owner=self, key="form")

    def _load(self, product_id: int) -> Loaded:
        details = self._goods.get(product_id)
        parent_id = details.product.parent_id
        parent = self._goods.get(parent_id).product.name if parent_id is not None else ""
        picture = self._goods.pictures([product_id]).get(product_id, b"")
        return details, self._goods.groups(), parent, drawn(picture)

    def _show(self, outcome: TaskResult[Loaded]) -> None:
        if outcome.value is None:
            self.view.banner.show_error(outcome.error or RuntimeError())
            return
        self.view.banner.clear()
        self.view.form.edit(*outcome.value)
        self.view.show_form()

    @Slot()
    def _add_variant(self) -> None:
        """Begin a product like the one in the form, with its own name, codes and stock."""
        known, form = self.view.form.known, self.view.form
        if known is None:
            return
        given = form.given()
        draft = ProductDraft(
            *(given.name, given.price, given.seller_id),
            category=given.category, tax=given.tax, unit=given.unit, is_tracked=given.is_tracked,
            group_ids=given.group_ids, parent_id=known.id, colour=given.colour,
        )  # fmt: skip
        groups = form.options.groups
        form.begin(draft, groups, known.name)
        self.view.show_form()

    @Slot()
    def _close_form(self) -> None:
        line_id, self._line_id = self._line_id, None
        self.view.banner.clear()
        self.view.show_list()
        if line_id is not None:
            self.go_to(SALE)

    @Slot()
    def _submit(self) -> None:
        form = self.view.form
        if self._is_busy or not self.view.has_form or not form.is_complete():
            return
        self.view.banner.clear()
        given, known, actor = form.given(), form.known, self._actor
        if known is None:
            work = partial(self._goods.create, actor, given, form.picture.picture.content)
        else:
            work = partial(self._goods.change, actor, known.id, given, known.stock)
        self._run(work, self._stored)

    def _stored(self, outcome: TaskResult[ProductDetails]) -> None:
        if outcome.value is None:
            self._refused(outcome.error)
            return
        product, line_id = outcome.value.product, self._line_id
        self._line_id = None
        self.view.show_list()
        name = display_text(product.name, _NAME)
        self.notified.emit(self._texts("products.stored", product=name))
        if line_id is not None:
            self.go_to(SALE, line_id=line_id, product=product)
        else:
            self.refresh()

    def _refused(self, error: Exception | None) -> None:
        failed = error or RuntimeError()
        form = self.view.form
        if not (isinstance(failed, UserError) and form.show_refusal(failed)):
            self.view.banner.show_error(failed)

    @Slot()
    def _add_group(self) -> None:
        draft = self.view.form.options.draft()
        if not draft.name.strip() or self._is_busy:
            return
        add = partial(self._goods.add_group, self._actor, draft.name, draft.options)
        counts = {"least": draft.least, "most": draft.most}
        self._run(lambda: (add(**counts), self._goods.groups()), self._group_added)

    def _group_added(
        self, outcome: TaskResult[tuple[OptionGroup, tuple[OptionGroup, ...]]]
    ) -> None:
        form = self.view.form
        if outcome.value is not None:
            added, groups = outcome.value
            form.show_groups(groups, (*form.options.chosen, added.id))
        elif isinstance(outcome.error, UserError):
            form.show_group_refusal(outcome.error)
        else:
            self.view.banner.show_error(outcome.error or RuntimeError())

    # What is done at once.

    @Slot()
    def _ask_labels(self) -> None:
        if self.view.current is not None:
            self.view.banner.clear()
            self.labels.open(self.view.current.id)

    @Slot()
    def _make_code(self) -> None:
        """Give the product a code of the shop's own; a new one has it with its number."""
        known = self.view.form.known if self.view.has_form else self.view.current
        if known is None:
            self.view.banner.show_message("notice", self._texts.bind("products.code_after"))
            return
        self._run(partial(self._goods.add_own_code, self._actor, known.id), self._code_made)

    def _code_made(self, outcome: TaskResult[str]) -> None:
        if outcome.value is None:
            self._refused(outcome.error)
            return
        self.notified.emit(self._texts("products.code_made", code=outcome.value))
        self.labels.read_again()
        known = self.view.form.known
        if self.view.has_form and known is not None:
            self.view.form.codes.add(outcome.value)

    @Slot()
    def _ask_to_stop(self) -> None:
        known = self.view.form.known if self.view.has_form else self.view.current
        if known is None or self._slot.is_open or self._is_busy:
            return
        texts, name = self._texts, display_text(known.name, _NAME)
        question = ConfirmDialog(parent=self)

        def write() -> None:
            question.say(texts("products.stop_asks", product=name), texts("products.stop_why"))
            question.set_answers(texts("products.stop"), texts("words.close"))

        question.follow(texts, write)
        question.agreed.connect(partial(self._set_on_sale, False))
        self._slot.open(question)

    def _set_on_sale(self, is_on_sale: bool, _: bool = False) -> None:
        known = self.view.form.known if self.view.has_form else self.view.current
        if known is not None:
            work = partial(self._goods.set_on_sale, self._actor, known.id, is_on_sale=is_on_sale)
            self._run(work, self._on_sale_set)

    def _on_sale_set(self, outcome: TaskResult[Product]) -> None:
        if outcome.value is None:
            self._refused(outcome.error)
            return
        key = "resumed" if outcome.value.active else "stopped"
        name = display_text(outcome.value.name, _NAME)
        self.notified.emit(self._texts(f"products.{key}", product=name))
        self.view.show_list()
        self.refresh()

    def _run(self, work: Callable[[], object], done: Callable[..., None]) -> None:
        if self._is_busy:
            return
        self._set_busy(True)

        def ended(outcome: TaskResult[object]) -> None:
            self._set_busy(False)
            done(outcome)

        self._runner.run(work, ended, owner=self)

    def _set_busy(self, busy: bool) -> None:
        self._is_busy = busy
        self.view.store.set_busy(busy)
