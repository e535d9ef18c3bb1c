"""Goods on their way to the buyer, one step at a time (docs/specification.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.cancelling import Side
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.order_parts.foreign import shown
from posapp.ui.screens.order_parts.strong import StrongLabel
from posapp.ui.screens.request_parts.delivery_steps import DeliverySteps
from posapp.ui.screens.request_parts.two_columns import TwoColumns
from posapp.ui.theme import Theme
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import Label

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling, CancelSummary
    from posapp.services.delivering import Delivering

NEXT = {
    ItemStatus.COMPLETE_PAYMENT: ItemStatus.WAITING_FOR_DELIVERY,
    ItemStatus.WAITING_FOR_DELIVERY: ItemStatus.SHIPPING,
    ItemStatus.SHIPPING: ItemStatus.DELIVERY_COMPLETE,
}
"""For the words on the button; the service decides."""


@dataclass(frozen=True, slots=True)
class _Asked:
    seller_id: int
    item_id: int
    visit: int


class DeliveriesScreen(QWidget):
    """Finds an item by its number, shows where it stands, and takes the next step with it.

    A number that is scanned, with the scanner's Enter, is looked up at once, whatever stood there.
    """

    home_requested = Signal()
    """Back to payment home."""

    item_changed = Signal(object)
    """An item took a step: the id of its order."""

    def __init__(
        self, texts: Texts, theme: Theme, runner: TaskRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._texts, self._runner = texts, runner
        self._delivering: Delivering | None = None
        self._cancelling: Cancelling | None = None
        self._asked = _Asked(0, 0, 0)
        self._behind = False
        self.item: OrderItem | None = None
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self.banner.clear)
        self.number = IdField("deliveryItemId")
        self.number.submitted.connect(self._submitted)
        self.look = Button("secondary", "Enter")
        self.look.clicked.connect(self._submitted)
        self.number.changed.connect(lambda: self.look.setEnabled(self.number.value() is not None))
        self._asking = Card()
        self._asking.body.addWidget(self.number)
        self._asking.body.addWidget(self.look)
        self._name, self._where = StrongLabel(), Label("caption", wraps=True)
        self.steps = DeliverySteps(texts, theme)
        self.step = Button("primary", "F7")
        self.hand_over = Button("secondary", "F8")
        self.step.clicked.connect(lambda: self._move(handed=False))
        self.hand_over.clicked.connect(lambda: self._move(handed=True))
        self._card = self._item_card()
        self.page = TwoColumns(self.banner, self._asking, self._card, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        self.setFocusProxy(self.number)
        texts.changed.connect(self._write)
        self._write()

    def attach(self, delivering: Delivering, cancelling: Cancelling) -> None:
        """The services stand; ``cancelling`` is asked for the item and nothing else."""
        self._delivering, self._cancelling = delivering, cancelling
        if self._asked.visit:
            self._look_up()

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing is handed over."""
        self._behind = behind
        self._write()

    def open(self, seller_id: int, item_id: int) -> None:
        """Show an item of a seller."""
        self._asked = _Asked(seller_id, item_id, self._asked.visit + 1)
        self.item = None
        self.banner.clear()
        self.number.set_value(item_id)
        self.number.line.selectAll()
        self._write()
        self._look_up()

    def _submitted(self) -> None:
        item_id = self.number.value()
        if item_id is not None:
            self.open(self._asked.seller_id, item_id)

    def _look_up(self) -> None:
        cancelling, asked = self._cancelling, self._asked
        if cancelling is None:
            return
        self._runner.run(
            lambda: cancelling.look_up(Side.SELLER, asked.seller_id, asked.item_id),
            self._looked_up,
            owner=self,
            key="look_up",
        )

    def _looked_up(self, outcome: Outcome[CancelSummary]) -> None:
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show(outcome.value.item)

    def _move(self, *, handed: bool) -> None:
        delivering, asked = self._delivering, self._asked
        if delivering is None or self.item is None:
            return
        self.step.setEnabled(False)
        self.hand_over.setEnabled(False)
        self.banner.clear()
        deed = delivering.hand_over if handed else delivering.step
        self._runner.run(
            lambda: deed(asked.seller_id, asked.item_id), partial(self._moved, asked), owner=self
        )

    def _moved(self, asked: _Asked, outcome: Outcome[OrderItem]) -> None:
        item = outcome.value
        if item is not None:
            self.item_changed.emit(item.order_id)
        if asked != self._asked:
            return
        if item is None:
            error = outcome.error or RuntimeError()
            self.banner.show_error(error, button="words.close")
            self._look_up()
            return
        self._show(item)
        self.banner.show_success(lambda: self._moved_words(item), button="words.close")
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self.number.line.selectAll()

    def _moved_words(self, item: OrderItem) -> str:
        status = self._texts(f"order_page.item_{item.status.value}")
        return self._texts("deliveries.moved", item=item.id, status=status)

    def _show(self, item: OrderItem) -> None:
        self.item = item
        self._write()

    def _item_card(self) -> Card:
        card = Card()
        card.body.addWidget(self._name)
        card.body.addWidget(self._where)
        card.body.addWidget(self.steps)
        deeds = QHBoxLayout()
        deeds.setSpacing(12)
        deeds.addWidget(self.step, 2)
        deeds.addWidget(self.hand_over, 1)
        card.body.addLayout(deeds)
        return card

    def _write(self) -> None:
        texts, item = self._texts, self.item
        seller = texts("deliveries.of", seller=self._asked.seller_id)
        over = seller if self._asked.visit else ""
        self.page.set_words(texts("deliveries.title"), over)
        self._asking.set_words(texts("deliveries.find"))
        self.number.set_words(
            texts("deliveries.number"),
            texts("deliveries.number_hint"),
            lambda: texts("errors.id400"),
        )
        self.look.set_words(texts("deliveries.show"))
        self.look.setEnabled(self.number.value() is not None)
        self._card.setVisible(item is not None)
        if item is None:
            return
        self._card.set_words(texts("deliveries.status"))
        self._name.setText(shown(item.name, 80))
        self._where.setText(
            texts("deliveries.where", item=item.id, order=item.order_id, buyer=item.buyer_id)
        )
        self.steps.show_status(item.status)
        following = NEXT.get(item.status)
        name = texts(f"order_page.item_{(following or item.status).value}")
        self.step.set_words(texts("deliveries.step", status=name) if following else name)
        if self._behind:
            name = texts("requests.in_doubt")
            self.step.set_words(name, description=texts("window.behind"))
        self.step.setEnabled(following is not None and not self._behind)
        self.hand_over.set_words(texts("deliveries.hand_over"))
        is_paid = item.status is ItemStatus.COMPLETE_PAYMENT
        self.hand_over.setEnabled(is_paid and not self._behind)
