"""Takes cash for the counter's orders, gives it back where the rest is not paid, and hands out cash
of refunds. Needs no network.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import (
    MOST_CASH,
    MOST_TENDERS,
    CashRefund,
    CashTaken,
    CashTender,
    Shift,
    TenderState,
    held,
    tax_free_of,
)
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import Order
from posapp.domain.permissions import Permission
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.cash_records import (
    give_back,
    hand_out,
    is_due,
    keep_cash,
    mark_paid,
    note_cash,
    require_shift,
)
from posapp.services.bookkeeping.payment_gap import guard_no_lost_payment, guard_reconciled
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.sale.checkout import CartOrder
from posapp.services.till_config import TillConfig


@dataclass(frozen=True, slots=True)
class HeldCash:
    """An order that was paid in part, in cash, and waits for the rest."""

    order: Order
    tenders: tuple[CashTender, ...]

    @property
    def amount(self) -> Won:
        """받은 현금, in won."""
        return held(self.tenders)

    @property
    def rest(self) -> Won:
        """What is left to pay, in won."""
        return self.order.total - self.amount


@dataclass(frozen=True, slots=True)
class OpenCash:
    """Cash that somebody has to act on before the shift is closed.

    Attributes:
        held: orders whose rest is not paid: it is paid, or their cash is given back.
        to_hand_out: 현금 환불 대기, whose part by QR is back.
    """

    held: tuple[HeldCash, ...] = ()
    to_hand_out: tuple[CashRefund, ...] = ()


class CashService:
    """Cash of orders of the counter.

    Each method checks its guards in the transaction that writes; order, cash, items and ledger
    change together.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        config: TillConfig,
        cart_order: CartOrder,
        poller: AttemptPoller,
        wake: Callable[[], None],
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._config = config
        self._cart_order = cart_order
        self._poller = poller
        self._wake = wake

    def open_cash(self) -> OpenCash:
        """Return the cash that somebody has to act on."""
        with self._store.snapshot() as uow:
            numbers = dict.fromkeys(one.order_id for one in uow.cash.held())
            waiting = tuple(
                HeldCash(order, uow.cash.of_order(number))
                for number in numbers
                if (order := uow.orders.get(number)) is not None
            )
            due = tuple(one for one in uow.cash.waiting_refunds() if is_due(uow, one))
            return OpenCash(waiting, due)

    def held_of(self, order_id: int) -> HeldCash | None:
        """Return an order that waits for the rest beside cash; ``None``: it does not."""
        with self._store.snapshot() as uow:
            order, tenders = uow.orders.get(order_id), uow.cash.of_order(order_id)
            return HeldCash(order, tenders) if order is not None and held(tenders) else None

    def sell(
        self, actor: Actor, payable: int, received: int, *, rest_by_qr: bool = False
    ) -> CashTaken:
        """Make the order of the open cart and take cash for it, all in one transaction.

        A second call finds no cart any more, and takes nothing.

        Args:
            payable: won, as the caller showed them.
            received: won that the buyer gave.
            rest_by_qr: less than ``payable`` is a first part; the rest is paid by KakaoPay.

        Raises:
            UserError: like ``CheckoutService.order``; ``NOT_PERMITTED``, ``NO_SHIFT``;
                ``CASH_AMOUNT``: nothing or too much was given; ``CASH_SHORT`` with what is missing.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            shift = require_shift(uow)
            amount = _amount(payable, received, rest_by_qr=rest_by_qr)
            order = self._cart_order.make(uow, actor, payable, now, cash=amount)
            taken = self._take(uow, actor, order, amount, received, shift, now)
            uow.commit()
        return taken

    def take(
        self, actor: Actor, order_id: int, due: int, received: int, *, rest_by_qr: bool = False
    ) -> CashTaken:
        """Take cash for an order of the counter, or the rest of it beside cash that was received.

        A live QR of the order is closed first, and PortOne is asked once more: cash is taken when
        nothing can come for the QR any more.

        Args:
            due: won that are left to pay, as the caller showed them.

        Raises:
            UserError: ``NOT_PERMITTED``, ``ORDER_UNKNOWN``, ``NOT_OF_COUNTER``, ``ORDER_DONE``,
                ``ORDER_ZERO``, ``FILE_BEHIND``, ``NO_SHIFT``; ``PAID_MEANWHILE``: the buyer paid
                in that moment; ``ATTEMPT_IN_PROGRESS``: the end of a QR is not known yet;
                ``MONEY_IN_DOUBT``: a payment that may be this order's waits for a person;
                ``CASH_DUE_CHANGED``: another amount is left; ``CASH_AMOUNT``, ``CASH_SHORT``;
                ``CASH_TENDERS``: it has two tenders already; ``AMOUNT_LIMIT``: KakaoPay does not
                take the rest.
        """
        with self._store.snapshot() as uow:
            self._guarded(uow, actor, order_id)
            require_shift(uow)
        self._close_qr(order_id)
        now = self._clock.now()
        with self._store.transaction() as uow:
            order = self._guarded(uow, actor, order_id)
            shift = require_shift(uow)
            if uow.attempts.live_of_order(order_id) is not None:
                raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)
            guard_no_lost_payment(uow, order_id)
            left = order.total - held(uow.cash.of_order(order_id))
            if left != due:
                raise UserError(ErrorCode.CASH_DUE_CHANGED)
            amount = _amount(due, received, rest_by_qr=rest_by_qr)
            self._guard_rest(left - amount)
            taken = self._take(uow, actor, order, amount, received, shift, now)
            uow.commit()
        self._wake()
        return taken

    def give_back(self, actor: Actor, order_id: int, amount: int) -> Won:
        """Record on the cashier's word that the cash of an order is the buyer's again, as its rest
        was not paid. A QR of it is closed first; money that is captured nevertheless does not fit
        the order any more and is refunded automatically.

        Args:
            amount: won, as the caller showed them.

        Returns:
            What was given back, in won.

        Raises:
            UserError: ``NOT_PERMITTED``, ``ORDER_UNKNOWN``, ``NO_SHIFT``; ``PAID_MEANWHILE``: the
                rest was paid in that moment; ``CASH_NOT_HELD``: nothing is held for it;
                ``CASH_DUE_CHANGED``: another amount is; ``DRAWER_SHORT``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            require_shift(uow)
        self._close_qr(order_id)
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            order = uow.orders.get(order_id)
            if order is None:
                raise UserError(ErrorCode.ORDER_UNKNOWN)
            if order.is_paid:
                raise UserError(ErrorCode.PAID_MEANWHILE)
            waiting = [
                one for one in uow.cash.of_order(order_id) if one.state is TenderState.RECEIVED
            ]
            if not waiting:
                raise UserError(ErrorCode.CASH_NOT_HELD)
            if held(waiting) != amount:
                raise UserError(ErrorCode.CASH_DUE_CHANGED)
            for tender in waiting:
                give_back(uow, tender, actor, now)
            uow.commit()
        self._wake()
        return Won(amount)

    def hand_out(self, actor: Actor, cash_refund_id: int) -> CashRefund:
        """Hand out the cash of a refund whose part by QR is back (현금 환불 대기).

        Raises:
            UserError: ``NOT_PERMITTED``; ``CASH_REFUND_UNKNOWN``; ``CASH_REFUND_WAITS``: the part
                by QR is not back, or it was handed out; ``NO_SHIFT``, ``DRAWER_SHORT``.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            guard_reconciled(uow)
            refund = uow.cash.refund(cash_refund_id)
            if refund is None:
                raise UserError(ErrorCode.CASH_REFUND_UNKNOWN)
            if not is_due(uow, refund):
                raise UserError(ErrorCode.CASH_REFUND_WAITS)
            done = hand_out(uow, refund, actor, now)
            uow.commit()
        return done

    def _guarded(self, uow: UnitOfWork, actor: Actor, order_id: int) -> Order:
        """Return the order of the counter that waits for its payment."""
        self._access.require(uow, actor, Permission.TAKE_PAYMENT)
        guard_reconciled(uow)
        order = uow.orders.get(order_id)
        if order is None:
            raise UserError(ErrorCode.ORDER_UNKNOWN)
        if not order.is_counter:
            raise UserError(ErrorCode.NOT_OF_COUNTER)
        if order.is_paid:
            raise UserError(ErrorCode.ORDER_DONE)
        if order.total <= 0:
            raise UserError(ErrorCode.ORDER_ZERO)
        return order

    def _guard_rest(self, rest: Won) -> None:
        if rest and not self._config.min_amount <= rest <= self._config.max_amount:
            raise UserError(
                ErrorCode.AMOUNT_LIMIT,
                smallest=int(self._config.min_amount),
                largest=int(self._config.max_amount),
            )

    def _take(
        self,
        uow: UnitOfWork,
        actor: Actor,
        order: Order,
        amount: Won,
        received: int,
        shift: Shift,
        now: datetime,
    ) -> CashTaken:
        """Record a tender; with the last one the order is paid and its goods are handed over."""
        before = uow.cash.of_order(order.id)
        taken = {one.part for one in before if one.state is not TenderState.RETURNED}
        part = next((one for one in range(1, MOST_TENDERS + 1) if one not in taken), None)
        if part is None:
            raise UserError(ErrorCode.CASH_TENDERS)
        tender = uow.cash.add(
            CashTender(
                id=0,
                order_id=order.id,
                part=part,
                amount=amount,
                received=Won(received),
                change=Won(received) - amount,
                tax_free=tax_free_of(order, before, amount),
                state=TenderState.RECEIVED,
                shift_id=shift.id,
                received_at=now,
            )
        )
        event = LedgerEvent.CASH_RECEIVED
        note_cash(uow, event, amount, shift, actor, now, order_id=order.id)
        rest = order.total - held(before) - amount
        if rest == ZERO:
            keep_cash(uow, order.id)
            mark_paid(uow, order, actor, now, hand_over=self._config.sale.hand_over)
        stored = uow.orders.get(order.id)
        kept = next(one for one in uow.cash.of_order(order.id) if one.id == tender.id)
        assert stored is not None  # noqa: S101 - it was just written
        return CashTaken(stored, kept, rest)

    def _close_qr(self, order_id: int) -> None:
        with self._store.snapshot() as uow:
            live = uow.attempts.live_of_order(order_id)
        if live is None:
            return
        self._poller.poll(live.id, give_up=True)
        with self._store.snapshot() as uow:
            order = uow.orders.get(order_id)
        if order is not None and order.is_paid:
            raise UserError(ErrorCode.PAID_MEANWHILE)


def _amount(due: int, received: int, *, rest_by_qr: bool) -> Won:
    """Return what received cash pays of what is due.

    Raises:
        UserError: ``CASH_AMOUNT``, ``CASH_SHORT``.
        InvalidAmount: it is no whole number.
    """
    if not 1 <= Won(received) <= MOST_CASH:
        raise UserError(ErrorCode.CASH_AMOUNT, least=Won(1), most=MOST_CASH)
    if received < due and not rest_by_qr:
        raise UserError(ErrorCode.CASH_SHORT, amount=Won(due - received))
    return Won(min(received, due))
