"""Remainder of a payment that KakaoPay no longer cancels in parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from posapp.domain.actors import ActorKind
from posapp.domain.orders import OrderItem
from posapp.domain.refunds import Refund
from posapp.services.refunds.cancel_remainder import RemainderOffer, was_refused_as_part
from posapp.ui.cancellation.cancel_target import CancelTarget
from posapp.ui.cancellation.refund_messages import portone_said
from posapp.ui.cancellation.result_panel import CancelResultText
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.task_runner import TaskResult, TaskRunner

if TYPE_CHECKING:
    from posapp.services.refunds.cancel_remainder import RemainderCancellationService

_NAMED = 6
_NAME = 40
_NAME_RUN = 14


class RestFinder(QObject):
    """Reads once for each refused refund what can be cancelled in its place."""

    def __init__(
        self,
        runner: TaskRunner,
        service: RemainderCancellationService,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._runner, self._service = runner, service
        self._known: dict[int, RemainderOffer | None] = {}

    def forget(self) -> None:
        """Drop the offers, which may be outdated."""
        self._known.clear()

    def offer(self, refund: Refund) -> RemainderOffer | None:
        """Return the offer for this refund, if there is one."""
        return self._known.get(refund.id)

    def find(self, refund: Refund, found: Callable[[], None]) -> bool:
        """Start reading the offer, and call ``found`` afterwards.

        Returns:
            ``False`` if there is nothing (more) to read for this refund; ``found`` is not called.
        """
        service, number = self._service, refund.id
        if number in self._known or not was_refused_as_part(refund):
            return False
        self._runner.run(
            lambda: service.offer(number),
            partial(self._take, number, found),
            owner=self,
            key=("rest", number),
        )
        return True

    def _take(
        self, number: int, found: Callable[[], None], outcome: TaskResult[RemainderOffer | None]
    ) -> None:
        # If the reading fails, nothing is offered, and the refusal is shown as it is.
        self._known[number] = outcome.value
        found()


def remainder_result_text(
    texts: Translator, offer: RemainderOffer, target: CancelTarget
) -> CancelResultText:
    """Return a refusal with advice.

    A seller of all the items is offered to cancel them; for anyone else the text names who can.
    """
    names = [f"· {line}" for line in _names(texts, offer.items)]
    total = texts("cancel.rest_total", amount=texts.won(offer.amount))
    button = ""
    if target.actor.acts_as is not ActorKind.SELLER:
        way = texts("cancel.rest_by_seller", item=target.item_id)
    elif any(item.seller_id != target.actor.user_id for item in offer.items):
        way = texts("cancel.rest_several_sellers")
    else:
        way = texts("cancel.rest_offer")
        button = texts("cancel.rest_button")
    return CancelResultText(
        "error",
        texts("cancel.rest_heading"),
        "\n".join([way, *names, total]),
        portone_said(texts, offer.refused),
        action="again",
        rest=button,
    )


def _names(texts: Translator, items: Iterable[OrderItem]) -> list[str]:
    """Return each item with its amount; of many the first ones, and the number of others."""
    every = [
        texts(
            "cancel.rest_item",
            name=display_text(item.name, _NAME, run=_NAME_RUN),
            amount=texts.won(item.total),
        )
        for item in items
    ]
    more = len(every) - _NAMED
    return [*every[:_NAMED], texts("cancel.rest_more", count=more)] if more > 0 else every
