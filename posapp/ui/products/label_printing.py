"""Prints labels of a product on the shop's receipt printer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.bars import printed_code
from posapp.domain.products import SaleUnit
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.printing.roll_layout import PriceLabel, labels_roll
from posapp.ui.products.label_panel import LabelPanel
from posapp.ui.widgets.side_panel import PanelSlot

if TYPE_CHECKING:
    from posapp.services.goods.product_service import ProductDetails, ProductService
    from posapp.services.ports.system import Clock
    from posapp.ui.printing.roll_printing import RollPrinting, RollResult

LABELS_A_PAPER = 10
"""Labels of one paper: a printer takes them within the time that a paper has."""

_NAME = 60


class LabelPrinting(QObject):
    """Asks for a count beside the page, and prints. Labels that the printer does not take wait with
    its other papers.

    Args:
        roll: the shop's receipt printer, if the program has any.
        page: beside which the panel is.
    """

    said = Signal(str)
    """Carries a short message about what was done."""

    failed = Signal(object)
    """Nothing was printed. Carries a function that returns the text, in the language of its
    call."""

    def __init__(
        self,
        texts: Translator,
        runner: TaskRunner,
        goods: ProductService,
        clock: Clock,
        roll: RollPrinting | None,
        page: QWidget,
    ) -> None:
        super().__init__(page)
        self._texts, self._runner, self._goods = texts, runner, goods
        self._clock, self._roll = clock, roll
        self._product_id, self._label = 0, PriceLabel("", "", "")
        self._slot = PanelSlot(page)
        self.panel = LabelPanel(texts, page)
        self.panel.closed.connect(self.close)
        self.panel.agreed.connect(self._print)

    def open(self, product_id: int) -> None:
        """Ask how many labels of a product are wanted, if there is a printer."""
        if self._roll is None or not self._roll.is_set:
            self.failed.emit(self._texts.bind("shift.no_printer"))
            return
        self._runner.run(partial(self._goods.get, product_id), self._ask, owner=self, key="label")

    def read_again(self) -> None:
        """Show the product of an open panel anew: it has another code."""
        if self._slot.panel is not None:
            self.open(self._product_id)

    @Slot()
    def close(self) -> bool:
        """Close the panel; ``False`` if it is not open."""
        return self._slot.close()

    def _ask(self, outcome: TaskResult[ProductDetails]) -> None:
        if outcome.value is None:
            self.failed.emit(partial(self._texts.error, outcome.error or RuntimeError()))
            return
        self._product_id = outcome.value.product.id
        self._label = label_of(outcome.value)
        self._slot.open(self.panel)
        self.panel.ask(self._label)

    @Slot(int)
    def _print(self, count: int) -> None:
        self.close()
        roll = self._roll
        if roll is None:
            return
        papers = [min(LABELS_A_PAPER, count - begun) for begun in range(0, count, LABELS_A_PAPER)]
        results: list[TaskResult[RollResult]] = []
        # Each press is a paper of its own: printed again, it is no copy of an earlier one.
        name = f"label {self._product_id} {self._clock.now():%Y%m%d%H%M%S%f}"
        for at, labels in enumerate(papers):
            lay_out = partial(labels_roll, [self._label] * labels)
            roll.print_roll(f"{name} {at}", lay_out, partial(self._ended, results, len(papers)))

    def _ended(
        self,
        results: list[TaskResult[RollResult]],
        count: int,
        outcome: TaskResult[RollResult],
    ) -> None:
        """Say how all papers ended, once the last one has."""
        results.append(outcome)
        if len(results) < count:
            return
        for one in results:
            error: Exception | None = one.error
            if one.value is not None:
                error = one.value.problem
            if error is not None:
                make: Callable[[], str] = partial(self._texts.error, error)
                self.failed.emit(make)
                return
        state = outcome.value.state if outcome.value is not None else None
        if state is not None:
            self.said.emit(self._texts(f"printers.sent_{state}"))


def label_of(details: ProductDetails) -> PriceLabel:
    """Return what the label of a product says. Of several codes it has the first one that adds one
    piece; won are written as Korean tills do, in any language."""
    product = details.product
    pieces = sorted(details.codes, key=lambda one: one.pack != 1)
    per = "/kg" if product.unit is SaleUnit.WEIGHT else ""
    code = printed_code(pieces[0].code) if pieces else ""
    return PriceLabel(display_text(product.name, _NAME), f"{int(product.price):,}원{per}", code)
