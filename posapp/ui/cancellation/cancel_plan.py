"""What a cancellation is about to do, and the texts that say so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from posapp.domain.cancellation import CancelAction, cancel_action_for
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import OrderItem, Pieces
from posapp.services.refunds.cancel_remainder import RemainderOffer
from posapp.services.staff.refund_approvals import PlannedRefund
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text

_LISTED = 6
_NAME = 40
_NAME_RUN = 14


@dataclass(frozen=True, slots=True)
class CancelPlan:
    """Items to cancel, each as a whole; or some pieces of one.

    Attributes:
        order_id: their order.
        items: as they are displayed.
        rest: set if KakaoPay takes no further partial cancel, and all that is left of the payment
            is refunded at once.
        count: how many pieces of the only item; ``None``: all of it.
        cash_of: returns how many won of an item go back in cash.
    """

    order_id: int
    items: tuple[OrderItem, ...]
    rest: RemainderOffer | None = None
    count: int | None = None
    cash_of: Callable[[OrderItem], Won] = lambda _: ZERO

    @property
    def most(self) -> int:
        """Return how many pieces there are to choose from; 1 if there is no choice."""
        if self.rest is not None or len(self.items) > 1:
            return 1
        (item,) = self.items
        is_refund = cancel_action_for(item) is CancelAction.REFUND
        return item.count if is_refund and item.is_divisible else 1

    @property
    def shown_count(self) -> int:
        """Return how many pieces of the first item it is about."""
        return self.items[0].count if self.count is None else self.count

    @property
    def pieces(self) -> Pieces | None:
        """Return the pieces to refund of the only item; ``None``: all of each."""
        return None if self.count is None else Pieces(self.count, self.items[0].count)

    def with_count(self, count: int) -> CancelPlan:
        """Return the plan for so many pieces of its only item."""
        return replace(self, count=None if count == self.items[0].count else count)

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
        if self.count is not None:
            return self.items[0].total_of(self.count)
        return _total([item for item in self.items if cancel_action_for(item) is self.action])

    @property
    def cash(self) -> Won:
        """Return the won of ``amount`` that go back in cash."""
        if self.rest is not None or self.action is not CancelAction.REFUND:
            return ZERO
        if self.count is None:
            paid = [one for one in self.items if cancel_action_for(one) is CancelAction.REFUND]
            return sum(map(self.cash_of, paid), ZERO)
        (item,) = self.items
        off = item.price * self.count - self.amount
        return self.cash_of(replace(item, count=self.count, discount=Won(off)))

    @property
    def refunds(self) -> tuple[PlannedRefund, ...]:
        """Return the refunds that it gives, each of which counts by itself."""
        if self.rest is not None:
            return (PlannedRefund(self.rest.amount),)
        paid = [one for one in self.items if cancel_action_for(one) is CancelAction.REFUND]
        if self.count is not None:
            return tuple(PlannedRefund(self.amount, (one.id,)) for one in paid)
        return tuple(PlannedRefund(one.total, (one.id,)) for one in paid)

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
            f"cancel.{self.action.value}_question", name=name, count=self.shown_count, amount=won
        )

    def yes(self, texts: Translator) -> str:
        """Return the action with its amount."""
        return texts(f"cancel.{self.action.value}_yes", amount=texts.won(self.amount))

    def consequence(self, texts: Translator) -> str:
        """Return what follows."""
        if self.rest is not None:
            return texts("cancel.rest_consequence")
        text = self._consequence(texts)
        one_by_one = texts("cancel.one_by_one")
        return text if len(self.items) == 1 else f"{one_by_one} {text}"

    def _consequence(self, texts: Translator) -> str:
        cash, amount = self.cash, self.amount
        if not cash:
            return texts(f"cancel.{self.action.value}_consequence")
        if cash == amount:
            return texts("cash.refund_consequence", amount=texts.won(amount))
        if len(self.items) > 1:  # which part goes which way is known as each is sent
            return texts("cash.refunds_mixed_consequence")
        won = {"qr": texts.won(amount - cash), "cash": texts.won(cash)}
        return texts("cash.refund_mixed_consequence", **won)

    def lines(self, texts: Translator) -> list[tuple[str, str]]:
        """Return (name, amount) of the first items, and the number and total of the others."""
        if self.count is not None:
            (item,) = self.items
            return [(_line(texts, replace(item, count=self.count)), texts.won(self.amount))]
        lines = [(_line(texts, item), texts.won(item.total)) for item in self.items[:_LISTED]]
        others = self.items[_LISTED:]
        if others:
            more = texts("cancel.rest_more", count=len(others))
            lines.append((more, texts.won(_total(others))))
        return lines

    def left(self, texts: Translator) -> str:
        """Return what becomes of the other pieces, or empty."""
        if self.count is None:
            return ""
        return texts("cancel.pieces_left", count=self.items[0].count - self.count)

    def description(self, texts: Translator) -> str:
        """Return all of it in sentences, for screen readers."""
        lines = (f"{name}: {amount}." for name, amount in self.lines(texts))
        said = [texts.won(self.amount), *lines, self.left(texts), self.consequence(texts)]
        return " ".join(one for one in said if one)


def _line(texts: Translator, item: OrderItem) -> str:
    name = display_text(item.name, _NAME, run=_NAME_RUN)
    return texts("cancel.line", name=name, price=texts.won(item.price), count=item.count)


def _total(items: Sequence[OrderItem]) -> Won:
    return sum((item.total for item in items), ZERO)
