"""Fulfilment of an item, one step at a time (docs/specification.md 3)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.fulfilment.fulfilment_steps import FulfilmentSteps
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.banner import Banner
from posapp.ui.widgets.bold_label import BoldLabel
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.two_column_page import TwoColumnPage

if TYPE_CHECKING:
    from posapp.services.orders.fulfilment import FulfilmentService
    from posapp.services.refunds.cancel_item import CancellationService, CancelSummary

NEXT = {
    ItemStatus.COMPLETE_PAYMENT: ItemStatus.WAITING_FOR_DELIVERY,
    ItemStatus.WAITING_FOR_DELIVERY: ItemStatus.SHIPPING,
    ItemStatus.SHIPPING: ItemStatus.DELIVERY_COMPLETE,
}
"""Next status for the text of the button; the service decides."""


@dataclass(frozen=True, slots=True)
class _FulfilmentTarget:
    actor: Actor
    item_id: int
    visit: int


class FulfilmentScreen(Screen):
    """Finds an item by its number, shows its status, and takes the next step.

    A scanned number, with the scanner's Enter, is looked up at once and replaces the previous one.

    Args:
        cancellation_service: is used only to read the item.
    """

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        fulfilment_service: FulfilmentService,
        cancellation_service: CancellationService,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(texts, theme, runner, parent)
        self._fulfilment_service = fulfilment_service
        self._cancellation_service = cancellation_service
        self._target = _FulfilmentTarget(NOBODY, 0, 0)
        self._behind = False
        self.item: OrderItem | None = None
        self.banner = Banner(texts, theme)
        self.banner.acted.connect(self.banner.clear)
        self.number = IdField("deliveryItemId")
        self.number.submitted.connect(self._submitted)
        self.load_button = Button("secondary", "Enter")
        self.load_button.clicked.connect(self._submitted)
        self.number.changed.connect(
            lambda: self.load_button.setEnabled(self.number.value() is not None)
        )
        self._asking = Card()
        self._asking.body.addWidget(self.number)
        self._asking.body.addWidget(self.load_button)
        self._name, self._where = BoldLabel(), Label("caption", wraps=True)
        self.steps = FulfilmentSteps(texts, theme)
        self.step = Button("primary", "F7")
        self.hand_over = Button("secondary", "F8")
        self.step.clicked.connect(lambda: self._move(handed=False))
        self.hand_over.clicked.connect(lambda: self._move(handed=True))
        self._card = self._item_card()
        self.page = TwoColumnPage(self.banner, self._asking, self._card, self)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self.page)
        self.setFocusProxy(self.number)
        texts.changed.connect(self._retranslate)
        self._retranslate()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        services = context.services
        return cls(
            *(context.texts, context.theme, context.runner),
            *(services.fulfilment_service, services.cancellation_service),
        )

    @Slot(bool)
    def set_behind(self, behind: bool) -> None:
        """Disable fulfilment while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self._retranslate()

    def open(self, actor: Actor, item_id: int) -> None:
        """Show an item of the acting seller."""
        self._target = _FulfilmentTarget(actor, item_id, self._target.visit + 1)
        self.item = None
        self.banner.clear()
        self.number.set_value(item_id)
        self.number.line.selectAll()
        self._retranslate()
        self._load()

    def _submitted(self) -> None:
        item_id = self.number.value()
        if item_id is not None:
            self.open(self._target.actor, item_id)

    def _load(self) -> None:
        cancellation_service, target = self._cancellation_service, self._target
        self._runner.run(
            lambda: cancellation_service.get_item(target.actor, target.item_id),
            self._loaded,
            owner=self,
            key="look_up",
        )

    def _loaded(self, outcome: TaskResult[CancelSummary]) -> None:
        if outcome.value is None:
            self.banner.show_error(outcome.error or RuntimeError(), button="words.close")
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self._show(outcome.value.item)

    def _move(self, *, handed: bool) -> None:
        fulfilment_service, target = self._fulfilment_service, self._target
        if self.item is None:
            return
        self.step.setEnabled(False)
        self.hand_over.setEnabled(False)
        self.banner.clear()
        action = fulfilment_service.hand_over if handed else fulfilment_service.advance
        self._runner.run(
            lambda: action(target.actor, target.item_id),
            partial(self._moved, target),
            owner=self,
        )

    def _moved(self, target: _FulfilmentTarget, outcome: TaskResult[OrderItem]) -> None:
        item = outcome.value
        if item is not None:
            self.item_changed.emit(item.order_id)
        if target != self._target:
            return
        if item is None:
            error = outcome.error or RuntimeError()
            self.banner.show_error(error, button="words.close")
            self._load()
            return
        self._show(item)
        self.banner.show_success(lambda: self._moved_text(item), button="words.close")
        self.number.setFocus(Qt.FocusReason.OtherFocusReason)
        self.number.line.selectAll()

    def _moved_text(self, item: OrderItem) -> str:
        status = self._texts(f"order_page.item_{item.status.value}")
        return self._texts("deliveries.moved", item=item.id, status=status)

    def _show(self, item: OrderItem) -> None:
        self.item = item
        self._retranslate()

    def _item_card(self) -> Card:
        card = Card()
        card.body.addWidget(self._name)
        card.body.addWidget(self._where)
        card.body.addWidget(self.steps)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addWidget(self.step, 2)
        buttons.addWidget(self.hand_over, 1)
        card.body.addLayout(buttons)
        return card

    def _retranslate(self) -> None:
        texts, item = self._texts, self.item
        seller = texts("deliveries.of", seller=self._target.actor.id)
        over = seller if self._target.visit else ""
        self.set_head(subtitle=over)
        self._asking.set_text(texts("deliveries.find"))
        self.number.set_text(
            texts("deliveries.number"),
            texts("deliveries.number_hint"),
            lambda: texts("errors.id400"),
        )
        self.load_button.set_text(texts("deliveries.show"))
        self.load_button.setEnabled(self.number.value() is not None)
        self._card.setVisible(item is not None)
        if item is None:
            return
        self._card.set_text(texts("deliveries.status"))
        self._name.setText(display_text(item.name, 80))
        self._where.setText(
            texts("deliveries.where", item=item.id, order=item.order_id, buyer=item.buyer_id)
        )
        self.steps.show_status(item.status)
        following = NEXT.get(item.status)
        name = texts(f"order_page.item_{(following or item.status).value}")
        self.step.set_text(texts("deliveries.step", status=name) if following else name)
        if self._behind:
            name = texts("requests.in_doubt")
            self.step.set_text(name, description=texts("window.behind"))
        self.step.setEnabled(following is not None and not self._behind)
        self.hand_over.set_text(texts("deliveries.hand_over"))
        is_paid = item.status is ItemStatus.COMPLETE_PAYMENT
        self.hand_over.setEnabled(is_paid and not self._behind)
