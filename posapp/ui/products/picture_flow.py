"""Sets and removes the picture of the product in the form, and takes either back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.orders import Product
from posapp.ui.core.i18n import Translator
from posapp.ui.core.picture_file import read_picture
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.products.picture_field import NO_PICTURE, DrawnPicture, drawn
from posapp.ui.products.product_form import ProductForm

if TYPE_CHECKING:
    from posapp.services.goods.product_service import ProductService
    from posapp.ui.widgets.undo import UndoStack

_FOR = timedelta(seconds=5)
_SHORT = 16
_OF_A_FILE = {
    ErrorCode.PICTURE_LARGE,
    ErrorCode.PICTURE_KIND,
    ErrorCode.PICTURE_BROKEN,
    ErrorCode.PICTURE_UNREADABLE,
}

Changed = tuple[DrawnPicture, DrawnPicture, Product | None]
"""The picture now, the one before, and the product as it is stored; ``None``: a new one."""


class PictureFlow(QObject):
    """A known product gets its picture at once, a new one with its other fields.

    Args:
        run: runs one work at a time, as the page does: nothing is stored meanwhile.
        actor: returns who acts now.
    """

    failed = Signal(object)
    """Something other than the file is wrong. Carries the exception."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        goods: ProductService,
        form: ProductForm,
        undo: UndoStack,
        run: Callable[[Callable[[], object], Callable[..., None]], None],
        actor: Callable[[], Actor],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._texts, self._runner, self._goods, self._form = texts, runner, goods, form
        self._undo, self._run, self._actor = undo, run, actor
        form.picture.chosen.connect(self.take)
        form.picture.removed.connect(self._remove)

    @Slot(object)
    def take(self, path: Path) -> None:
        """Read the picture of a file, and give it to the product."""
        self._change("picture_set", lambda: drawn(read_picture(path)))

    def forget(self) -> None:
        """Offer nothing any more: another person is at the till."""
        self._undo.clear(self)

    @Slot()
    def _remove(self) -> None:
        self._change("picture_removed", lambda: NO_PICTURE)

    def _change(self, said: str, make: Callable[[], DrawnPicture]) -> None:
        known, visit, shown = self._form.known, self._form.visit, self._form.picture.picture
        actor, goods = self._actor(), self._goods

        def work() -> Changed:
            new = make()
            if known is None:
                return new, shown, None
            product, before = goods.set_picture(actor, known.id, new.content)
            return new, drawn(before), product

        self._run(work, partial(self._changed, said, visit))

    def _changed(self, said: str, visit: int, outcome: TaskResult[Changed]) -> None:
        if outcome.value is None:
            self._refuse(visit, outcome.error)
            return
        new, before, product = outcome.value
        name = product.name if product is not None else self._form.name.line.text()
        shown = display_text(name, _SHORT, run=_SHORT)
        self._show(visit, new, product)
        if product is None and visit != self._form.visit:
            return
        self._undo.offer(
            self,
            (product.id if product is not None else 0,),
            partial(self._texts, f"products.{said}", product=shown),
            lambda _: self._take_back(visit, before, product),
            until=_FOR,
        )

    def _take_back(self, visit: int, before: DrawnPicture, product: Product | None) -> None:
        if product is None:
            self._show(visit, before, None)
            return

        def taken_back(outcome: TaskResult[tuple[Product, bytes]]) -> None:
            if outcome.value is None:
                self._refuse(visit, outcome.error)
            else:
                self._show(visit, before, outcome.value[0])

        work = partial(self._goods.set_picture, self._actor(), product.id, before.content)
        self._runner.run(work, taken_back, owner=self)

    def _show(self, visit: int, picture: DrawnPicture, product: Product | None) -> None:
        """Show a picture in the form that it is of, unless that is closed."""
        if visit == self._form.visit:
            self._form.show_picture(picture, product)

    def _refuse(self, visit: int, error: Exception | None) -> None:
        is_shown = visit == self._form.visit
        if is_shown and isinstance(error, UserError) and error.code in _OF_A_FILE:
            self._form.picture.set_wrong(error)
        else:
            self.failed.emit(error)
