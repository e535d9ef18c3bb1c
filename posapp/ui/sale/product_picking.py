"""Products that are picked, and what is asked before they are added."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.orders import Product
from posapp.domain.products import SaleUnit
from posapp.services.goods.product_service import ProductDetails
from posapp.services.ports.goods import ON_SALE, ProductFilter
from posapp.services.sale.cart_view import CartView
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.sale.cart_calls import CartCalls
from posapp.ui.sale.goods_pane import GoodsPane

if TYPE_CHECKING:
    from posapp.services.goods.product_service import ProductService
    from posapp.services.sale.cart_service import CartService
    from posapp.services.session import Session

MOST_TILES = 60
"""Products that are shown at once: the search finds the others."""


@dataclass(frozen=True, slots=True)
class _Question:
    """A product that has to be asked about.

    Attributes:
        count: pieces to add.
        line_id: the line whose code is to name the product; ``None``: a new line.
    """

    details: ProductDetails
    count: int
    line_id: int | None


class ProductPicking(QObject):
    """Finds products as they are typed, asks for options and weights, and adds to the cart.

    Several products that have to be asked about are asked about one after another.

    Args:
        take_count: returns the pieces that were typed, which are used up by that.
    """

    added = Signal(object, object)
    """The cart has the product now: (the ``CartView``, the product's id)."""

    failed = Signal(object)
    """Carries the exception."""

    asking_changed = Signal()
    """``is_asking`` may have changed."""

    left = Signal()
    """The focus is the cart's again."""

    def __init__(
        self,
        runner: TaskRunner,
        calls: CartCalls,
        goods: ProductService,
        carts: CartService,
        session: Session,
        pane: GoodsPane,
        take_count: Callable[[], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._runner, self._calls = runner, calls
        self._goods, self._carts, self._session = goods, carts, session
        self._pane, self._take_count = pane, take_count
        self._questions: deque[_Question] = deque()
        self._picks_found = self._is_adding = False
        pane.search.searched.connect(self._find)
        pane.search.picked.connect(self._pick_found)
        pane.tiles.picked.connect(self._pick)
        pane.categories.chosen.connect(self._choose_category)
        pane.picker.agreed.connect(self._agreed)
        pane.picker.closed.connect(self.close)

    @property
    def is_asking(self) -> bool:
        """Return whether something is asked about a product."""
        return bool(self._questions)

    def refresh(self) -> None:
        """Find again what is shown: prices and stock may have changed."""
        self._find(self._pane.search.typed)

    def read_categories(self) -> None:
        """Offer the categories that there are now."""

        def read() -> tuple[tuple[str, ...], bool]:
            has_favourites = bool(self._goods.find("", 1, ProductFilter(is_favourite=True)))
            return self._goods.categories(), has_favourites

        self._runner.run(read, self._categories_read, owner=self, key="categories")

    def _categories_read(self, outcome: TaskResult[tuple[tuple[str, ...], bool]]) -> None:
        if outcome.value is not None:
            categories, has_favourites = outcome.value
            self._pane.categories.show_categories(categories, has_favourites=has_favourites)

    @Slot()
    def _choose_category(self) -> None:
        self._pane.search.show_text("")
        self._find("")
        self.left.emit()

    def show_all(self) -> None:
        """Empty the search, and show what is picked most."""
        self._pane.search.show_text("")
        self._find("")

    def ask(self, product: Product, count: int, line_id: int | None = None) -> None:
        """Ask for the options or the weight of a product that has any; add any other one."""
        read = partial(self._goods.get, product.id)
        self._calls.run(read, partial(self._read, count, line_id))

    @Slot()
    def close(self) -> None:
        """Add nothing of what is asked about."""
        if self._questions:
            self._questions.popleft()
            self._is_adding = False
            self._ask_next()

    def forget(self) -> None:
        """Ask about nothing any more."""
        self._questions.clear()
        self._is_adding = False
        self._ask_next()

    @Slot(str)
    def _find(self, text: str) -> None:
        within = ON_SALE if text else self._pane.categories.within
        find = partial(self._goods.find, text, MOST_TILES, within)
        self._runner.run(find, partial(self._found, text), owner=self, key="find")

    def _found(self, text: str, outcome: TaskResult[tuple[Product, ...]]) -> None:
        picks, self._picks_found = self._picks_found, False
        if outcome.value is None:
            self.failed.emit(outcome.error)
            return
        self._pane.show_products(outcome.value, text)
        if picks:
            self._pane.tiles.pick()

    @Slot()
    def _pick_found(self) -> None:
        """Pick the best match, once it is found."""
        if self._pane.search.is_pausing:
            self._picks_found = True
            self._pane.search.flush()
        elif not self._picks_found:
            self._pane.tiles.pick()

    @Slot(object)
    def _pick(self, product: Product) -> None:
        count = self._take_count()
        self.show_all()
        self.left.emit()
        self.ask(product, count)

    def _read(self, count: int, line_id: int | None, outcome: TaskResult[ProductDetails]) -> None:
        details = outcome.value
        if details is None:
            self.failed.emit(outcome.error)
            return
        question = _Question(details, count, line_id)
        if not details.groups and details.product.unit is not SaleUnit.WEIGHT:
            self._add(question, (), None)
            return
        self._questions.append(question)
        if len(self._questions) == 1:
            self._ask_next()

    def _ask_next(self) -> None:
        if self._questions:
            self._pane.ask(self._questions[0].details)
        else:
            self._pane.end_asking()
            self.left.emit()
        self.asking_changed.emit()

    @Slot(object, object)
    def _agreed(self, options: tuple[int, ...], grams: int | None) -> None:
        if self._questions and not self._is_adding:
            self._is_adding = True
            self._add(self._questions[0], options, grams)

    def _add(self, question: _Question, options: tuple[int, ...], grams: int | None) -> None:
        product, actor = question.details.product, self._session.actor
        if question.line_id is None:
            add = partial(self._carts.add, actor, product.id, count=question.count)
        else:
            add = partial(self._carts.choose, actor, question.line_id, product.id)
        work = partial(add, options=options, grams=grams)
        self._calls.run(work, partial(self._answered, question))

    def _answered(self, question: _Question, outcome: TaskResult[CartView]) -> None:
        is_shown = bool(self._questions) and self._questions[0] is question
        self._is_adding = self._is_adding and not is_shown
        if outcome.value is not None:
            self.added.emit(outcome.value, question.details.product.id)
            if is_shown:
                self.close()
        else:
            self.failed.emit(outcome.error)
