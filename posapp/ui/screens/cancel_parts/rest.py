"""All that is left of a payment, where KakaoPay takes no further partial cancel of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from posapp.domain.cancelling import Side
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.services.cancelling_rest import RestOffer, was_refused_as_part
from posapp.ui.background import Outcome, TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.asked import Asked
from posapp.ui.screens.cancel_parts.confirmation import Confirmation
from posapp.ui.screens.cancel_parts.outcome_panel import Told
from posapp.ui.screens.cancel_parts.refund_words import portone_said
from posapp.ui.screens.order_parts.foreign import shown

if TYPE_CHECKING:
    from posapp.services.cancelling_rest import CancellingRest

_NAMED = 6
_NAME = 40
_NAME_RUN = 14
_REASON = 120


class RestFinder(QObject):
    """Finds out once for each refused refund what can be cancelled instead of it."""

    def __init__(self, runner: TaskRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._service: CancellingRest | None = None
        self._known: dict[int, RestOffer | None] = {}

    def attach(self, service: CancellingRest) -> None:
        """The service stands."""
        self._service = service

    def forget(self) -> None:
        """What was found may not hold any more."""
        self._known.clear()

    def offer(self, refund: Refund) -> RestOffer | None:
        """What was found for this refund, if anything."""
        return self._known.get(refund.id)

    def find(self, refund: Refund, found: Callable[[], None]) -> bool:
        """Begin to find out, and call ``found`` afterwards; ``False``: there is nothing (more) to
        find out for this refund, and ``found`` is not called."""
        service, number = self._service, refund.id
        if service is None or number in self._known or not was_refused_as_part(refund):
            return False
        self._runner.run(
            lambda: service.offer(number),
            partial(self._take, number, found),
            owner=self,
            key=("rest", number),
        )
        return True

    def _take(
        self, number: int, found: Callable[[], None], outcome: Outcome[RestOffer | None]
    ) -> None:
        # Whatever hinders the reading: nothing is offered, and the refusal is shown as it is.
        self._known[number] = outcome.value
        found()


def told_of_rest(texts: Texts, offer: RestOffer, asked: Asked) -> Told:
    """A refusal, and what can be done about it: a seller of all the items is offered to cancel
    them; everybody else is told who can."""
    names = [f"· {line}" for line in _names(texts, offer.items)]
    total = texts("cancel.rest_total", amount=texts.won(offer.amount))
    button = ""
    if asked.side is not Side.SELLER:
        way = texts("cancel.rest_by_seller", item=asked.item_id)
    elif any(item.seller_id != asked.user_id for item in offer.items):
        way = texts("cancel.rest_several_sellers")
    else:
        way = texts("cancel.rest_offer")
        button = texts("cancel.rest_button")
    return Told(
        "error",
        texts("cancel.rest_heading"),
        "\n".join([way, *names, total]),
        portone_said(texts, offer.refused),
        deed="again",
        rest=button,
    )


def rest_question(texts: Texts, offer: RestOffer, parent: QWidget) -> Confirmation:
    """The question before all that is left goes back."""
    return Confirmation(
        texts("cancel.rest_question"),
        texts("cancel.rest_consequence"),
        texts("cancel.rest_button"),
        texts("cancel.keep"),
        parent,
        amount=texts.won(offer.amount),
        facts=[
            (texts("cancel.item"), "\n".join(_names(texts, offer.items))),
            (texts("cancel.order"), str(offer.payment.order_id)),
            (texts("cancel.reason"), shown(offer.refused.reason, _REASON)),
        ],
    )


def _names(texts: Texts, items: Iterable[OrderItem]) -> list[str]:
    """Each item with what it costs; of very many the first ones, and how many more."""
    every = [
        texts(
            "cancel.rest_item",
            name=shown(item.name, _NAME, run=_NAME_RUN),
            amount=texts.won(item.total),
        )
        for item in items
    ]
    more = len(every) - _NAMED
    return [*every[:_NAMED], texts("cancel.rest_more", count=more)] if more > 0 else every
