"""Choice of who cancels items from the order page: their seller, or the buyer of the order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.orders import OrderItem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.roles import Label

_GAP = 8


class ActorChoice(QWidget):
    """Offers the seller of each item, which is chosen, and the buyer.

    Args:
        items: of one order, at least one.
        known: who acts, if that is known already; then there is nothing to choose.
    """

    changed = Signal()

    def __init__(
        self,
        texts: Translator,
        theme: Theme,
        items: Sequence[OrderItem],
        known: Actor | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._known = known
        sellers = sorted({item.seller_id for item in items})
        name = Label("field", text=texts.bind("cancel.who"))
        self.seller = CheckChip(theme, round_box=True)
        self.buyer = CheckChip(theme, round_box=True)
        self._texts, self._sellers, self._buyer_id = texts, sellers, items[0].buyer_id
        texts.changed.connect(self._write)
        self._write()
        group = QButtonGroup(self)
        group.addButton(self.seller)
        group.addButton(self.buyer)
        (self.buyer if self._is_buyer(known) else self.seller).setChecked(True)
        group.buttonToggled.connect(lambda *_: self.changed.emit())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(_GAP)
        row.addWidget(name)
        row.addStretch(1)
        if known is not None:
            said = texts.bind(f"cancel.by_{known.acts_as.value}", user=known.user_id)
            row.addWidget(Label("body", text=said))
            self.seller.hide()
            self.buyer.hide()
        row.addWidget(self.seller)
        row.addWidget(self.buyer)

    @property
    def kind(self) -> ActorKind:
        """Return who acts."""
        return ActorKind.BUYER if self.buyer.isChecked() else ActorKind.SELLER

    def actor_of(self, item: OrderItem) -> Actor:
        """Return who cancels this item."""
        if self._known is not None:
            return self._known
        if self.kind is ActorKind.BUYER:
            return Actor.buyer(item.buyer_id)
        return Actor.seller(item.seller_id)

    def _write(self) -> None:
        texts, sellers = self._texts, self._sellers
        one = len(sellers) == 1
        self.seller.set_text(
            texts("cancel.by_seller", user=sellers[0]) if one else texts("cancel.by_sellers")
        )
        self.buyer.set_text(texts("cancel.by_buyer", user=self._buyer_id))

    @staticmethod
    def _is_buyer(actor: Actor | None) -> bool:
        return actor is not None and actor.acts_as is ActorKind.BUYER
