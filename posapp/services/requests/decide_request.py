"""Decides exchange and refund requests, for sellers.

Follows docs/specification.md 2.6 and 5.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, InvalidAmount, PosappError, UserError
from posapp.domain.guards import guard_seller, guard_seller_cancel
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ITEM_TRANSITIONS, ItemTrigger, OrderItem
from posapp.domain.permissions import Permission
from posapp.domain.requests import (
    UNDO,
    Decision,
    Request,
    RequestKind,
    RequestState,
    RequestTrigger,
    guard_decide,
    guard_no_refund,
    guard_own_request,
    guard_undo,
    normalise_text,
)
from posapp.domain.users import User
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.cash_records import is_paid_in_cash
from posapp.services.bookkeeping.item_cancellation import cancel_item
from posapp.services.bookkeeping.item_parts import (
    refund_tag_of,
    was_divided_after,
    won_before,
    won_of_other_pieces,
)
from posapp.services.bookkeeping.payment_gap import guard_money_certain, guard_reconciled
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.services.bookkeeping.request_records import request_entry
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.requests.undo_approval import stop_replacement, withdraw_refund


@dataclass(frozen=True, slots=True)
class DecisionPreview:
    """What an approval costs, for confirmation before the decision.

    Attributes:
        amount: won to refund; 0 for an exchange, which costs another piece of the item.
        count: pieces of the item.
        item_id: the item; 0 if it is gone.
    """

    request_id: int
    kind: RequestKind
    amount: Won
    item_name: str
    buyer_name: str
    count: int = 0
    item_id: int = 0


@dataclass(frozen=True, slots=True)
class DecisionResult:
    """Result of one of several decisions: the decided request, or the error."""

    request_id: int
    request: Request | None
    error: PosappError | None


@dataclass(frozen=True, slots=True)
class AgreedSum:
    """Refunds that are decided together, and their sum within the limits or approved.

    Attributes:
        amounts: won by request.
        approver: the second person; ``None``: nobody had to.
    """

    amounts: Mapping[int, Won]
    approver: Actor | None


class RequestDecisionService:
    """Decides the requests about a seller's items.

    Works without the network: an approved refund is an intent in the outbox. Each method checks its
    guards in the transaction that writes. If a request is decided twice at the same time, one
    decision wins; the other raises an error that says who decided, and when.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        ids: IdGenerator,
        wake: Callable[[], None],
        access: AccessControl,
    ) -> None:
        self._store = store
        self._clock = clock
        self._ids = ids
        self._wake = wake
        self._access = access

    def get_seller(self, actor: Actor) -> User:
        """Return the acting seller.

        Raises:
            UserError: user404, then seller406.
        """
        with self._store.snapshot() as uow:
            return guard_seller(actor, find_user(uow, actor))

    def preview(self, actor: Actor, request_ids: Sequence[int]) -> tuple[DecisionPreview, ...]:
        """Return what approving these requests costs, in their order.

        Raises:
            UserError: as ``decide``, which alone checks whether they still wait.
        """
        with self._store.snapshot() as uow:
            seller = guard_seller(actor, find_user(uow, actor))
            own = (guard_own_request(actor, seller, uow.requests.get(one)) for one in request_ids)
            return tuple(_cost(uow, request) for request in own)

    def decide(self, actor: Actor, request_id: int, decision: Decision, note: str = "") -> Request:
        """승인 or 거부: approve or reject a request.

        An approved refund is an intent that is sent ``UNDO_SECONDS`` later at the earliest, and
        needs the permission to refund, too; an approved exchange sends a replacement. Decision,
        effect and ledger entries are written in one transaction.

        Args:
            note: the seller's note; a rejection needs one.

        Raises:
            UserError: ``NOT_PERMITTED``; the first guard that fails (user404 → seller406 →
                request404 → request406 → request409_1 with ``who`` and ``when`` → ``FILE_BEHIND`` →
                request400_2), or why it cannot be decided any more: the item was cancelled, its
                money is on its way back (``REFUND_IN_FLIGHT``) or in doubt (``MONEY_IN_DOUBT``),
                less than its total is left of the payment (``REFUND_BEYOND``), cash paid for it or
                a part of its order and goes back at the counter (``REFUND_AT_COUNTER``), it is
                above a limit of the actor (``AccessControl.require_refund``), or there is no stock
                for an exchange.
        """
        return self._decide(actor, request_id, decision, note, None)

    def decide_many(
        self, actor: Actor, request_ids: Sequence[int], decision: Decision, note: str = ""
    ) -> tuple[DecisionResult, ...]:
        """Decide several requests, each in a transaction of its own. One that cannot be decided
        returns its error and blocks no other. Several refunds count by their sum: if that is above
        a limit of the actor, none of the requests is decided, and each returns that error."""
        try:
            agreed = self._agree(actor, request_ids) if decision is Decision.APPROVE else None
        except PosappError as error:
            return tuple(DecisionResult(one, None, error) for one in request_ids)
        return tuple(self._result(actor, one, decision, note, agreed) for one in request_ids)

    def _agree(self, actor: Actor, request_ids: Sequence[int]) -> AgreedSum | None:
        """Return the sum of several refunds, within the actor's limits or approved; ``None`` for
        fewer than two refunds."""
        with self._store.transaction() as uow:
            items = _items_to_refund(uow, request_ids)
            amounts = {number: item.total for number, item in items.items()}
            if len(amounts) < 2:
                return None
            for permission in (Permission.DECIDE_REQUEST, Permission.REFUND):
                self._access.require(uow, actor, permission)
            what = f"requests:{','.join(map(str, sorted(amounts)))}"
            total = sum(amounts.values(), ZERO)
            before = won_before(uow, items.values())
            approver = self._access.require_refund(uow, actor, what, total, "", before=before)
            uow.commit()
        return AgreedSum(amounts, approver)

    def undo(self, actor: Actor, request_id: int) -> Request:
        """Undo a decision within ``UNDO_SECONDS``: the request waits again.

        The intent of an approved refund is withdrawn before anything was sent. An exchange's item
        is delivered again, as before, and its pieces are restocked. The ledger has an entry for
        each change.

        Raises:
            UserError: ``NOT_PERMITTED`` → user404 → seller406 → request404 → request406 →
                ``UNDO_OVER``: it is too late, it waits already, the buyer withdrew it, the refund
                was sent, the replacement left, some of the item's pieces were refunded since,
                or the buyer made another request meanwhile; or ``FILE_BEHIND``.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.DECIDE_REQUEST)
            request = guard_undo(actor, find_user(uow, actor), uow.requests.get(request_id), now)
            guard_reconciled(uow)
            if uow.requests.waiting_of_item(request.item_id) is not None:
                raise UserError(ErrorCode.UNDO_OVER)
            if was_divided_after(uow, request):
                raise UserError(ErrorCode.UNDO_OVER)
            if request.refund_id is not None:
                withdraw_refund(uow, request.refund_id, now)
            elif request.state is RequestState.OK:
                stop_replacement(uow, request, actor, now)
            waiting = request.reopened()
            uow.requests.save(waiting)
            uow.ledger.append(request_entry(LedgerEvent.REQUEST_REOPENED, request, actor, now))
            uow.commit()
        return waiting

    def _decide(
        self,
        actor: Actor,
        request_id: int,
        decision: Decision,
        note: str,
        agreed: AgreedSum | None,
    ) -> Request:
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.DECIDE_REQUEST)
            request = self._waiting(uow, actor, request_id)
            guard_reconciled(uow)
            text = normalise_text(note)
            if decision is Decision.REJECT:
                decided = self._reject(uow, request, actor, text, now)
            elif request.kind is RequestKind.REFUND:
                self._access.require(uow, actor, Permission.REFUND)
                decided = self._approve_refund(uow, request, actor, text, now, agreed)
            else:
                decided = self._approve_exchange(uow, request, actor, text, now)
            uow.commit()
        if decided.refund_id is not None:
            self._wake()
        return decided

    def _waiting(self, uow: UnitOfWork, actor: Actor, request_id: int) -> Request:
        """Return the request to decide, as it is in the transaction that decides it; whoever
        decided it before is named."""
        request = uow.requests.get(request_id)
        try:
            return guard_decide(actor, find_user(uow, actor), request)
        except UserError as error:
            first = request.processed_by.staff_id if request is not None else None
            if error.code is not ErrorCode.REQUEST_DONE or first is None:
                raise
            name = uow.staff.names().get(first, "")
            raise UserError(error.code, **error.parameters, name=name) from error

    def _result(
        self,
        actor: Actor,
        request_id: int,
        decision: Decision,
        note: str,
        agreed: AgreedSum | None,
    ) -> DecisionResult:
        try:
            decided = self._decide(actor, request_id, decision, note, agreed)
        except PosappError as error:
            return DecisionResult(request_id, None, error)
        return DecisionResult(request_id, decided, None)

    @staticmethod
    def _reject(
        uow: UnitOfWork, request: Request, actor: Actor, note: str, now: datetime
    ) -> Request:
        if not note:
            raise UserError(ErrorCode.NOTE_REQUIRED)
        if request.kind is RequestKind.REFUND:
            guard_no_refund(uow.refunds.of_item(request.item_id))
        decided = request.close(RequestTrigger.REJECTED, actor, now, note)
        uow.requests.save(decided)
        entry = request_entry(LedgerEvent.REQUEST_REJECTED, decided, actor, now, note)
        uow.ledger.append(entry)
        return decided

    def _approve_refund(
        self,
        uow: UnitOfWork,
        request: Request,
        actor: Actor,
        note: str,
        now: datetime,
        agreed: AgreedSum | None,
    ) -> Request:
        item = _current_item(uow, request, actor)
        if not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REFUND_CONFIRMED):
            raise UserError(ErrorCode.NOT_PAID_YET)
        if item.total == 0:
            return self._approve_free(uow, request, item, actor, note, now)
        guard_money_certain(uow, item.order_id)
        if is_paid_in_cash(uow, item.order_id):
            raise UserError(ErrorCode.REFUND_AT_COUNTER)
        payment = uow.payments.accepted_of_order(item.order_id)
        if payment is None:
            raise UserError(ErrorCode.PAYMENT_UNKNOWN)
        if agreed is not None and agreed.amounts.get(request.id) == item.total:
            approver = agreed.approver
        else:
            approver = self._access.require_refund(
                uow,
                actor,
                f"request:{request.id}",
                item.total,
                request.reason,
                before=won_of_other_pieces(uow, item),
            )
        decided = request.close(RequestTrigger.APPROVED, actor, now, note)
        uow.ledger.append(request_entry(LedgerEvent.REQUEST_APPROVED, decided, actor, now, note))
        try:
            refund = create_refund(
                uow,
                imp_uid=payment.imp_uid,
                order_id=item.order_id,
                item_id=item.id,
                amount=item.total,
                reason=request.reason,
                tag=refund_tag_of(self._ids, item),
                actor=approver or actor,
                now=now,
                # The buyer's wish is in the request. Where a second person has to approve, it is
                # the decision of the first one.
                requested_by=actor if approver else Actor.buyer(request.buyer_id),
                approval_needed=approver is not None,
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
        actor: Actor,
        note: str,
        now: datetime,
    ) -> Request:
        """Approve the refund of an item that cost nothing: cancel it at once, send nothing."""
        approved = request.close(RequestTrigger.APPROVED, actor, now, note)
        uow.requests.save(approved)
        uow.ledger.append(request_entry(LedgerEvent.REQUEST_APPROVED, approved, actor, now, note))
        cancel_item(uow, item, actor, request.reason, now)
        return approved

    @staticmethod
    def _approve_exchange(
        uow: UnitOfWork, request: Request, actor: Actor, note: str, now: datetime
    ) -> Request:
        item = _current_item(uow, request, actor)
        guard_no_refund(uow.refunds.of_item(item.id))
        guard_money_certain(uow, item.order_id)
        if not ITEM_TRANSITIONS.allows(item.status, ItemTrigger.REPLACEMENT_SENT):
            raise UserError(ErrorCode.REQUEST_ITEM_STATE)
        if not uow.orders.take_stock(item.product_id, item.count):
            # The product was deleted: no replacement exists.
            raise UserError(ErrorCode.OUT_OF_STOCK, product=item.name)
        uow.orders.save_items([item.apply(ItemTrigger.REPLACEMENT_SENT)])
        approved = request.close(RequestTrigger.APPROVED, actor, now, note)
        uow.requests.save(approved)
        uow.ledger.append(request_entry(LedgerEvent.REQUEST_APPROVED, approved, actor, now, note))
        uow.ledger.append(request_entry(LedgerEvent.REPLACEMENT_SENT, approved, actor, now))
        return approved


def _cost(uow: UnitOfWork, request: Request) -> DecisionPreview:
    item = uow.orders.item(request.item_id)
    buyer = uow.people.get(request.buyer_id)
    goes_back = request.kind is RequestKind.REFUND and item is not None
    return DecisionPreview(
        request.id,
        request.kind,
        item.total if goes_back and item is not None else ZERO,
        item.name if item is not None else "",
        buyer.name if buyer is not None else "",
        item.count if item is not None else 0,
        item.id if item is not None else 0,
    )


def _items_to_refund(uow: UnitOfWork, request_ids: Sequence[int]) -> dict[int, OrderItem]:
    """Return the item of each of these requests that asks for money."""
    items: dict[int, OrderItem] = {}
    for number in dict.fromkeys(request_ids):
        request = uow.requests.get(number)
        item = uow.orders.item(request.item_id) if request is not None else None
        if request is None or item is None or request.kind is not RequestKind.REFUND:
            continue
        if item.total > 0:
            items[number] = item
    return items


def _current_item(uow: UnitOfWork, request: Request, actor: Actor) -> OrderItem:
    """Return the item of a request, unless it was cancelled in another way meanwhile."""
    return guard_seller_cancel(actor, find_user(uow, actor), uow.orders.item(request.item_id))
