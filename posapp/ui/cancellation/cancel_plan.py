"""What a cancellation is about to do, and the texts that say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posapp.domain.cancellation import CancelAction, cancel_action_for
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

_LISTED = 6
_NAME = 40
_NAME_RUN = 14


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """Items to cancel, each as a whole.

    Attributes:
        order_id: their order.
        items: as they are displayed.
        rest: set if KakaoPay takes no further partial cancel, and all that is left of the payment
            is refunded at once.
    """

    order_id: int
    items: tuple[OrderItem, ...]
    rest: RemainderOffer | None = None

    @property
    def action(self) -> CancelAction:
        """Return whether money is refunded."""
        refunds = any(cancel_action_for(item) is CancelAction.REFUND for item in self.items)
        return CancelAction.REFUND if refunds else CancelAction.CANCEL

    @property
    def amount(self) -> Won:
        """Return the won to refund; without a refund the total of the items."""
        if self.rest is not None:
            return self.rest.amount
        return _total([item for item in self.items if cancel_action_for(item) is self.action])

    def title(self, texts: Translator) -> str:
        """Return what is done, where the lines and the amount are shown below it."""
        if self.rest is not None:
            return texts("cancel.rest_button")
        return texts(f"cancel.{self.action.value}_button")

    def question(self, texts: Translator) -> str:
        """Return the question in one line, with what and how much."""
        won, count = texts.won(self.amount), len(self.items)
        if self.rest is not None:
            return texts("cancel.rest_question", count=count, amount=won)
        if count > 1:
            return texts(f"cancel.{self.action.value}_questions", count=count, amount=won)
        item = self.items[0]
        name = display_text(item.name, _NAME, run=_NAME_RUN)
        return texts(
            f"cancel.{self.action.value}_question", name=name, count=item.count, amount=won
        )

    def yes(self, texts: Translator) -> str:
        """Return the action with its amount."""
        return texts(f"cancel.{self.action.value}_yes", amount=texts.won(self.amount))

    def consequence(self, texts: Translator) -> str:
        """Return what follows."""
        if self.rest is not None:
            return texts("cancel.rest_consequence")
        text = texts(f"cancel.{self.action.value}_consequence")
        one_by_one = texts("cancel.one_by_one")
        return text if len(self.items) == 1 else f"{one_by_one} {text}"

    def lines(self, texts: Translator) -> list[tuple[str, str]]:
        """Return (name, amount) of the first items, and the number and total of the others."""
        lines = [(_line(texts, item), texts.won(item.total)) for item in self.items[:_LISTED]]
        others = self.items[_LISTED:]
        if others:
            more = texts("cancel.rest_more", count=len(others))
            lines.append((more, texts.won(_total(others))))
        return lines

    def description(self, texts: Translator) -> str:
        """Return all of it in sentences, for screen readers."""
        lines = (f"{name}: {amount}." for name, amount in self.lines(texts))
        return " ".join([texts.won(self.amount), *lines, self.consequence(texts)])


def _line(texts: Translator, item: OrderItem) -> str:
    name = display_text(item.name, _NAME, run=_NAME_RUN)
    return texts("cancel.line", name=name, price=texts.won(item.price), count=item.count)


def _total(items: Sequence[OrderItem]) -> Won:
    return sum((item.total for item in items), ZERO)
