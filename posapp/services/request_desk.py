"""The request desk: a seller decides exchange and refund requests.

Follows docs/specification.md 2.6 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.errors import ErrorCode, InvalidAmount, PosError, UserError
from posapp.domain.guards import guard_seller, guard_seller_cancel
from posapp.domain.ledger import Fact
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger, OrderItem
from posapp.domain.people import User
from posapp.domain.requests import (
    UNDO,
    Decision,
    EndedBy,
    Request,
    RequestKind,
    RequestState,
    RequestTrigger,
    guard_decide,
    guard_no_refund,
    guard_own_request,
    guard_undo,
    kept_words,
)
from posapp.services.differences import guard_compared, guard_money_certain
from posapp.services.items_without_money import cancel_item
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.refund_intents import keep_intent
from posapp.services.requesting import request_fact
from posapp.services.undoing import stop_replacement, withdraw_refund


@dataclass(frozen=True, slots=True)
class DecisionCost:
    """What an approval costs, to be confirmed before it counts.

    Attributes:
        amount: won that go back; 0 for an exchange, which costs another piece of the item.
        count: pieces of the item.
    """

    request_id: int
    kind: RequestKind
    amount: Won
    item_name: str
    buyer_name: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """How one of several decisions ended: with the request, or with why it was not decided."""

    request_id: int
    request: Request | None
    error: PosError | None


class RequestDesk:
    """What a seller does with the requests for the own items.

    Everything here works without the network: an approved refund is an intent in the outbox. Each
    deed asks its guards in the transaction of its effect, so that of two who decide the same
    request one wins, and the other is told who and when.
    """

    def __init__(self, store: Store, clock: Clock, ids: Ids, wake: Callable[[], None]) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake

    def open(self, seller_id: int) -> User:
        """The seller whose desk this is.

        Raises:
            UserError: user404, then seller406.
        """
        with self._store.reading() as uow:
            return guard_seller(uow.people.get(seller_id))

    def cost(self, seller_id: int, request_ids: Sequence[int]) -> tuple[DecisionCost, ...]:
        """What approving these requests costs, in their order.

        Raises:
            UserError: as ``decide``; whether they still wait is asked when they are decided.
        """
        with self._store.reading() as uow:
            seller = guard_seller(uow.people.get(seller_id))
            return tuple(
                _cost(uow, guard_own_request(seller, uow.requests.get(one))) for one in request_ids
            )

    def decide(
        self, seller_id: int, request_id: int, decision: Decision, note: str = ""
    ) -> Request:
        """승인 or 거부.

        An approved refund is kept as an intent that is sent ``UNDO_SECONDS`` later at the
        earliest; an approved exchange sends a replacement. Both are in the ledger with it, or
        nothing is.

        Args:
            note: the decider's words; a rejection needs them.

        Raises:
            UserError: the first guard that fails (user404 → seller406 → request404 → request406 →
                request409_1 with ``who`` and ``when`` → ``FILE_BEHIND`` → request400_2), or why it
                cannot be decided any more: the item was cancelled, its money is on its way back
                (``REFUND_IN_FLIGHT``) or in doubt (``MONEY_IN_DOUBT``), less than its total is
                left of the payment (``REFUND_BEYOND``), nothing is in stock for an exchange.
        """
        now = self._clock.now()
        with self._store.writing() as uow:
            request = self._waiting(uow, seller_id, request_id)
            guard_compared(uow)
            words = kept_words(note)
            if decision is Decision.REJECT:
                decided = self._reject(uow, request, seller_id, words, now)
            elif request.kind is RequestKind.REFUND:
                decided = self._approve_refund(uow, request, seller_id, words, now)
            else:
                decided = self._approve_exchange(uow, request, seller_id, words, now)
            uow.commit()
        if decided.refund_id is not None:
            self._wake()
        return decided

    def decide_many(
        self, seller_id: int, request_ids: Sequence[int], decision: Decision, note: str = ""
    ) -> tuple[DecisionResult, ...]:
        """Decide several, each in a transaction of its own: one that cannot be decided says why
        and holds up no other."""
        return tuple(self._result(seller_id, one, decision, note) for one in request_ids)

    def undo(self, seller_id: int, request_id: int) -> Request:
        """Take a decision back, within ``UNDO_SECONDS``: the request waits again.

        The intent of an approved refund is withdrawn before anything was sent; an exchange's item
        is delivered again, as it was, and its pieces are back in stock. All of it is in the ledger.

        Raises:
            UserError: user404 → seller406 → request404 → request406 → ``UNDO_OVER``: it is too
                late, it waits already, the buyer withdrew it, the refund was sent, the replacement
                left, or the buyer asked for something else meanwhile.
        """
        now = self._clock.now()
        with self._store.writing() as uow:
            request = guard_undo(uow.people.get(seller_id), uow.requests.get(request_id), now)
            guard_compared(uow)
            if uow.requests.waiting_of_item(request.item_id) is not None:
                raise UserError(ErrorCode.UNDO_OVER)
            actor = f"seller:{seller_id}"
            if request.refund_id is not None:
                withdraw_refund(uow, request.refund_id, now)
            elif request.state is RequestState.OK:
                stop_replacement(uow, request, actor, now)
            waiting = request.reopened()
            uow.requests.save(waiting)
            uow.ledger.append(request_fact(Fact.REQUEST_REOPENED, request, actor, now))
            uow.commit()
        return waiting

    def _waiting(self, uow: UnitOfWork, seller_id: int, request_id: int) -> Request:
        """The request that is to be decided, as it is in the transaction that decides it."""
        return guard_decide(uow.people.get(seller_id), uow.requests.get(request_id))

    def _result(
        self, seller_id: int, request_id: int, decision: Decision, note: str
    ) -> DecisionResult:
        try:
            decided = self.decide(seller_id, request_id, decision, note)
        except PosError as error:
            return DecisionResult(request_id, None, error)
        return DecisionResult(request_id, decided, None)

    @staticmethod
    def _reject(
        uow: UnitOfWork, request: Request, seller_id: int, note: str, now: datetime
    ) -> Request:
        if not note:
            raise UserError(ErrorCode.NOTE_REQUIRED)
        if request.kind is RequestKind.REFUND:
            guard_no_refund(uow.refunds.of_item(request.item_id))
        decided = request.ended(RequestTrigger.REJECTED, EndedBy.SELLER, seller_id, now, note)
        uow.requests.save(decided)
        fact = request_fact(Fact.REQUEST_REJECTED, decided, f"seller:{seller_id}", now, note)
        uow.ledger.append(fact)
        return decided

    def _approve_refund(
        self, uow: UnitOfWork, request: Request, seller_id: int, note: str, now: datetime
    ) -> Request:
        item = _item_now(uow, request, seller_id)
        if not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED):
            raise UserError(ErrorCode.NOT_PAID_YET)
        if item.total == 0:
            return self._approve_free(uow, request, item, seller_id, note, now)
        guard_money_certain(uow, item.order_id)
        payment = uow.payments.accepted_of_order(item.order_id)
        if payment is None:
            raise UserError(ErrorCode.PAYMENT_UNKNOWN)
        actor = f"seller:{seller_id}"
        decided = request.ended(RequestTrigger.APPROVED, EndedBy.SELLER, seller_id, now, note)
        uow.ledger.append(request_fact(Fact.REQUEST_APPROVED, decided, actor, now, note))
        try:
            refund = keep_intent(
                uow,
                imp_uid=payment.imp_uid,
                order_id=item.order_id,
                item_id=item.id,
                amount=item.total,
                reason=request.reason,
                tag=self._ids.refund_tag(item.id),
                actor=actor,
                now=now,
                asked_by=f"buyer:{request.buyer_id}",
                due_at=now + UNDO,
            )
        except InvalidAmount as error:
            raise UserError(ErrorCode.REFUND_BEYOND) from error
        approved = decided.with_refund(refund.id)
        uow.requests.save(approved)
        return approved

    @staticmethod
    def _approve_free(
        uow: UnitOfWork,
        request: Request,
        item: OrderItem,
        seller_id: int,
        note: str,
        now: datetime,
    ) -> Request:
        """The item cost nothing: it is over at once, and nothing is sent."""
        actor = f"seller:{seller_id}"
        approved = request.ended(RequestTrigger.APPROVED, EndedBy.SELLER, seller_id, now, note)
        uow.requests.save(approved)
        uow.ledger.append(request_fact(Fact.REQUEST_APPROVED, approved, actor, now, note))
        cancel_item(uow, item, actor, request.reason, now)
        return approved

    @staticmethod
    def _approve_exchange(
        uow: UnitOfWork, request: Request, seller_id: int, note: str, now: datetime
    ) -> Request:
        item = _item_now(uow, request, seller_id)
        guard_no_refund(uow.refunds.of_item(item.id))
        guard_money_certain(uow, item.order_id)
        if not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REPLACEMENT_SENT):
            raise UserError(ErrorCode.REQUEST_ITEM_STATE)
        if not uow.orders.take_stock(item.product_id, item.count):
            # The product was deleted: there is none to send.
            raise UserError(ErrorCode.OUT_OF_STOCK, product=item.name)
        actor = f"seller:{seller_id}"
        uow.orders.save_items([item.after(ItemTrigger.REPLACEMENT_SENT)])
        approved = request.ended(RequestTrigger.APPROVED, EndedBy.SELLER, seller_id, now, note)
        uow.requests.save(approved)
        uow.ledger.append(request_fact(Fact.REQUEST_APPROVED, approved, actor, now, note))
        uow.ledger.append(request_fact(Fact.REPLACEMENT_SENT, approved, actor, now))
        return approved


def _cost(uow: UnitOfWork, request: Request) -> DecisionCost:
    item = uow.orders.item(request.item_id)
    buyer = uow.people.get(request.buyer_id)
    goes_back = request.kind is RequestKind.REFUND and item is not None
    return DecisionCost(
        request.id,
        request.kind,
        item.total if goes_back and item is not None else ZERO,
        item.name if item is not None else "",
        buyer.name if buyer is not None else "",
        item.count if item is not None else 0,
    )


def _item_now(uow: UnitOfWork, request: Request, seller_id: int) -> OrderItem:
    """The item of a request, unless it was cancelled in another way meanwhile."""
    return guard_seller_cancel(uow.people.get(seller_id), uow.orders.item(request.item_id))
