"""Cards of the entries by number (docs/specification.md 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from posapp.domain.actors import ActorKind
from posapp.domain.permissions import StaffRole
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets import boxes
from posapp.ui.widgets.action_card import ActionCard, CardPlan, FieldPlan
from posapp.ui.widgets.roles import Frame

PAY = CardPlan(
    "pay",
    "home.pay",
    (FieldPlan("paymentUserId", "home.pay_user"), FieldPlan("orderId", "home.pay_order")),
)
"""The buyer's card 결제."""

REQUESTS_CARD = CardPlan(
    "requests", "requests.card", (FieldPlan("sellerId", "requests.card_seller"),), role="secondary"
)
"""The seller's card 교환/환불 신청서 확인: opens ``RequestDeskScreen`` with the seller's id."""

BUYER_CANCEL = CardPlan(
    "cancelAsBuyer",
    "cancel.buyer_card",
    (
        FieldPlan("cancelPaymentUserId", "cancel.card_buyer"),
        FieldPlan("orderItemId", "cancel.card_item"),
    ),
    role="secondary",
)
"""The buyer's card 주문/결제 취소: opens ``CancelScreen`` with the ids of buyer and item."""

SELLER_CANCEL = CardPlan(
    "cancelAsSeller",
    "cancel.seller_card",
    (
        FieldPlan("cancelPaymentSellerId", "cancel.card_seller"),
        FieldPlan("orderItemIdForSeller", "cancel.card_item"),
    ),
    role="secondary",
)
"""The seller's card 주문/결제 취소: opens ``CancelScreen`` with the ids of seller and item."""

CANCEL_KINDS = {BUYER_CANCEL.name: ActorKind.BUYER, SELLER_CANCEL.name: ActorKind.SELLER}
"""``ActorKind`` of each cancel card; ``submitted`` carries the card's name."""

CARDS = (PAY, BUYER_CANCEL, REQUESTS_CARD, SELLER_CANCEL)
"""The four entries, in the order of docs/specification.md 2.1."""

_OF_CASHIERS = frozenset({PAY.name, BUYER_CANCEL.name})
"""Cards of whoever acts for buyers alone."""

_SELLER_FIELDS = ("sellerId", "cancelPaymentSellerId")

_CARD_WIDTH = 560
_NARROWEST = 288
"""Width in pixels that a card has at least, whatever its texts are."""

_GAP = 24
_MARGIN = 24


class CardsScreen(Screen):
    """Cards of the actions that start with typed numbers.

    Args:
        cards: the cards in display order; at least one.
    """

    submitted = Signal(str, object)
    """A card was submitted: its name, and a tuple of the ids."""

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        runner: TaskRunner,
        cards: Sequence[CardPlan] = CARDS,
        session: Session | None = None,
    ) -> None:
        super().__init__(texts, theme, runner)
        self._session = session or Session()
        self._page = QWidget()
        self.cards = {plan.name: self._card(plan) for plan in cards}
        self._columns = self._narrowest = 0
        self._grid = QGridLayout()
        self._build_layout()
        texts.changed.connect(self._retranslate)
        self._retranslate()
        self.setFocusProxy(next(iter(self.cards.values())))
        self.staff_changed()

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        """Make the page of what the program has."""
        session = context.services.session
        return cls(context.texts, context.theme, context.runner, session=session)

    def staff_changed(self) -> None:
        """Show the cards of whoever is signed in; a seller's own number is filled in."""
        session = self._session
        own = session.seller_id if session.is_seller else None
        for name, card in self.cards.items():
            card.setVisible(name in _OF_CASHIERS or session.role is not StaffRole.CASHIER)
            card.fix(dict.fromkeys(_SELLER_FIELDS, own) if own is not None else {})
        self._columns = 0
        self._arrange(self.width())

    def clear(self) -> None:
        """Reset the page for the next user."""
        for card in self.cards.values():
            card.clear()

    def forget_typed(self) -> None:
        """Forget what is typed."""
        self.clear()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass digits typed on a button to the first card's fields."""
        typed = event.text()
        if typed.isascii() and typed.isdigit():
            next(iter(self.cards.values())).take_typed(typed)
            event.accept()
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the cards in as many columns as fit."""
        super().resizeEvent(event)
        self._arrange(event.size().width())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrange the cards anew where a text of another language asks for another width."""
        if event.type() is QEvent.Type.LayoutRequest:
            self._arrange(self.width())
        return super().eventFilter(watched, event)

    def _card(self, plan: CardPlan) -> ActionCard:
        card = ActionCard(plan, self._texts)
        card.setParent(self._page)  # shown without one it would be a window for a moment
        card.submitted.connect(lambda ids, name=plan.name: self.submitted.emit(name, ids))
        return card

    def _arrange(self, width: int) -> None:
        """Use one row if all cards fit, else two cards in a row, else one: never three and one."""
        shown = [card for card in self.cards.values() if not card.isHidden()]
        count = len(shown)
        hints = (card.minimumSizeHint().width() for card in shown)
        narrowest = max((_NARROWEST, *hints))
        fitting = (width - 2 * _MARGIN + _GAP) // (narrowest + _GAP)
        columns = count if fitting >= count else max(1, min(2, fitting))
        if (columns, narrowest) == (self._columns, self._narrowest) or not count:
            return
        self._columns, self._narrowest = columns, narrowest
        for number, card in enumerate(shown):
            self._grid.addWidget(card, number // columns, number % columns)
        for column in range(len(self.cards)):
            is_used = column < columns
            self._grid.setColumnStretch(column, 1 if is_used else 0)
            self._grid.setColumnMinimumWidth(column, narrowest if is_used else 0)
        self._page.setMaximumWidth(columns * _CARD_WIDTH + (columns - 1) * _GAP)

    def _build_layout(self) -> None:
        self._grid.setSpacing(_GAP)
        self._arrange(self.width())
        boxes.column(self._grid, on=self._page)
        row = boxes.row(1, (self._page, 100), 1)
        ground = Frame("surface")
        boxes.column(row, 1, on=ground, margins=(_MARGIN, 16, _MARGIN, 16))
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(ground)
        self._page.installEventFilter(self)
        boxes.column(scroll, on=self)

    def _retranslate(self) -> None:
        self.set_head(subtitle=self._texts("home.subtitle"))
