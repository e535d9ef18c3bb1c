"""A buyer's side of the request desk: asking for an exchange or a refund, and taking it back."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_own_item
from posapp.domain.ledger import Fact, NewEntry
from posapp.domain.money import ZERO
from posapp.domain.requests import (
    EndedBy,
    Request,
    RequestKind,
    RequestState,
    RequestTrigger,
    guard_make,
    kept_words,
)
from posapp.services.differences import guard_compared
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store

MOST_OF_BUYER = 200


class Requesting:
    """What a buyer does about an own item that was delivered. Needs no network."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def make(self, user_id: int, item_id: int, kind: RequestKind, reason: str) -> Request:
        """교환/환불 신청: it waits for the item's seller.

        Raises:
            UserError: the first rule of docs/specification.md 5 that fails, see ``guard_make``.
        """
        now = self._clock.now()
        words = kept_words(reason)
        with self._store.writing() as uow:
            item = guard_make(
                uow.people.get(user_id),
                uow.orders.item(item_id),
                kind,
                uow.requests.waiting_of_item(item_id),
                uow.refunds.of_item(item_id),
                words,
            )
            request = uow.requests.add(
                Request(
                    id=0,
                    kind=kind,
                    state=RequestState.WAIT,
                    seller_id=item.seller_id,
                    buyer_id=user_id,
                    item_id=item.id,
                    order_id=item.order_id,
                    reason=words,
                    created_at=now,
                )
            )
            uow.commit()
        return request

    def withdraw(self, user_id: int, item_id: int) -> Request:
        """Take the waiting request of an own item back; it stays in the table as CANCEL.

        Raises:
            UserError: user404 → orderItem404 → orderItem406 → ``FILE_BEHIND`` → nothing waits (or
                the seller was first).
        """
        now = self._clock.now()
        with self._store.writing() as uow:
            item = guard_own_item(uow.people.get(user_id), uow.orders.item(item_id))
            guard_compared(uow)
            request = uow.requests.waiting_of_item(item.id)
            if request is None:
                raise UserError(ErrorCode.REQUEST_NONE_WAITING)
            ended = request.ended(RequestTrigger.WITHDRAWN, EndedBy.BUYER, user_id, now)
            uow.requests.save(ended)
            actor = f"buyer:{user_id}"
            uow.ledger.append(request_fact(Fact.REQUEST_WITHDRAWN, ended, actor, now))
            uow.commit()
        return ended

    def of_buyer(self, user_id: int) -> tuple[Request, ...]:
        """A buyer's requests, newest first, ``MOST_OF_BUYER`` at most.

        Raises:
            UserError: user404.
        """
        with self._store.reading() as uow:
            if uow.people.get(user_id) is None:
                raise UserError(ErrorCode.USER_UNKNOWN)
            return uow.requests.of_buyer(user_id, MOST_OF_BUYER)


def request_fact(
    fact: Fact, request: Request, actor: str, now: datetime, words: str = ""
) -> NewEntry:
    """A ledger fact about a request; it moves no money itself.

    Args:
        words: the decider's; the buyer's reason stands there if there are none.
    """
    return NewEntry(
        fact=fact,
        amount=ZERO,
        actor=actor,
        at=now,
        order_id=request.order_id,
        item_id=request.item_id,
        reference=f"request:{request.id}",
        reason=words or request.reason,
    )
