"""Creates and withdraws a buyer's requests for an exchange or a refund."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.guards import guard_buyer, guard_own_item
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import OrderItem
from posapp.domain.permissions import Permission
from posapp.domain.requests import (
    Request,
    RequestKind,
    RequestState,
    RequestTrigger,
    guard_create_request,
    normalise_text,
)
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.payment_gap import guard_reconciled
from posapp.services.bookkeeping.request_records import request_entry
from posapp.services.orders.order_history import OrderHistory
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

MOST_OF_BUYER = 200

_SOME_REASON = "-"


def why_not_requestable(history: OrderHistory, item: OrderItem) -> UserError | None:
    """Return why no request can be made about an item of an order, as it was read; ``None`` if one
    can. The rules are those of ``RequestService.create``, which asks them again."""
    waiting = next((one for one in history.requests if _waits_for(one, item)), None)
    try:
        guard_create_request(
            Actor.buyer(history.order.buyer_id),
            history.buyer,
            item,
            waiting.kind if waiting is not None else RequestKind.REFUND,
            waiting,
            (refund for refund in history.refunds if item.id in refund.item_ids),
            _SOME_REASON,
        )
    except UserError as error:
        return error
    return None


def _waits_for(request: Request, item: OrderItem) -> bool:
    return request.item_id == item.id and request.state is RequestState.WAIT


class RequestService:
    """Creates, withdraws and lists a buyer's requests about delivered items. Needs no network."""

    def __init__(self, store: Store, clock: Clock, access: AccessControl) -> None:
        self._store = store
        self._clock = clock
        self._access = access

    def create(self, actor: Actor, item_id: int, kind: RequestKind, reason: str) -> Request:
        """교환/환불 신청: create a request, which waits for the item's seller.

        Raises:
            UserError: ``NOT_PERMITTED``; the first rule of docs/specification.md 5 that fails, see
                ``guard_create_request``.
        """
        now = self._clock.now()
        text = normalise_text(reason)
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CREATE_REQUEST)
            item = guard_create_request(
                actor,
                find_user(uow, actor),
                uow.orders.item(item_id),
                kind,
                uow.requests.waiting_of_item(item_id),
                uow.refunds.of_item(item_id),
                text,
            )
            request = uow.requests.add(
                Request(
                    id=0,
                    kind=kind,
                    state=RequestState.WAIT,
                    seller_id=item.seller_id,
                    buyer_id=item.buyer_id,
                    item_id=item.id,
                    order_id=item.order_id,
                    reason=text,
                    created_at=now,
                )
            )
            uow.commit()
        return request

    def withdraw(self, actor: Actor, item_id: int) -> Request:
        """Withdraw the waiting request about an own item; it stays in the table as CANCEL.

        Raises:
            UserError: ``NOT_PERMITTED`` → user404 → orderItem404 → orderItem406 → ``FILE_BEHIND``
                → no request waits (or the seller decided first).
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CREATE_REQUEST)
            item = guard_own_item(actor, find_user(uow, actor), uow.orders.item(item_id))
            guard_reconciled(uow)
            request = uow.requests.waiting_of_item(item.id)
            if request is None:
                raise UserError(ErrorCode.REQUEST_NONE_WAITING)
            ended = request.close(RequestTrigger.WITHDRAWN, actor, now)
            uow.requests.save(ended)
            uow.ledger.append(request_entry(LedgerEvent.REQUEST_WITHDRAWN, ended, actor, now))
            uow.commit()
        return ended

    def of_buyer(self, actor: Actor) -> tuple[Request, ...]:
        """Return a buyer's requests, newest first, ``MOST_OF_BUYER`` at most.

        Raises:
            UserError: user404.
        """
        with self._store.snapshot() as uow:
            buyer = guard_buyer(actor, find_user(uow, actor))
            return uow.requests.of_buyer(buyer.id, MOST_OF_BUYER)
