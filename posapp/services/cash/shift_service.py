"""Shifts of a till: 개점, 입출금, and opening the drawer without a sale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from posapp.domain.actors import Actor
from posapp.domain.business_days import business_date
from posapp.domain.cash import MOST_CASH, CashMove, MoveKind, Shift, cash_reason
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import ZERO, Won
from posapp.domain.permissions import Permission
from posapp.domain.sale_rules import SaleRules
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.cash_records import note_cash, require_in_drawer, require_shift
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store

LONG_OPEN = timedelta(hours=24)
"""After this the window asks to close the shift."""


@dataclass(frozen=True, slots=True)
class ShiftView:
    """The open shift as the window shows it.

    Attributes:
        expected: 예상 현금, in won.
        is_long: it is open for more than ``LONG_OPEN``.
        staff_names: names of the staff, by number.
    """

    shift: Shift
    expected: Won
    is_long: bool
    staff_names: Mapping[int, str]


class ShiftService:
    """Opens a shift and moves cash in its drawer. Needs no network."""

    def __init__(self, store: Store, clock: Clock, access: AccessControl, rules: SaleRules) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._rules = rules

    def read(self) -> ShiftView | None:
        """Return the open shift, or ``None``."""
        now = self._clock.now()
        with self._store.snapshot() as uow:
            shift = uow.shifts.open()
            if shift is None:
                return None
            is_long = now - shift.opened_at > LONG_OPEN
            return ShiftView(shift, uow.shifts.expected(shift), is_long, uow.staff.names())

    def open_shift(self, actor: Actor, opening_float: int, *, is_sure: bool = False) -> Shift:
        """개점: begin a shift with a float (준비금).

        Its business date is today, or yesterday before ``day_starts``.

        Args:
            is_sure: the date was asked about.

        Raises:
            UserError: ``NOT_PERMITTED``; ``CASH_AMOUNT``: the float is no amount from 0 to
                ``MOST_CASH``; ``SHIFT_OPEN``; ``SHIFT_DATE`` with both dates: the date is not after
                that of the last closed shift, or more than a day after it, and nobody was asked.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.OPEN_SHIFT)
            amount = _cash(opening_float, least=0)
            if uow.shifts.open() is not None:
                raise UserError(ErrorCode.SHIFT_OPEN)
            day = business_date(now, timedelta(hours=self._rules.day_starts))
            last = uow.shifts.last_date()
            if last is not None and not is_sure and not 0 < (day - last).days <= 1:
                raise UserError(ErrorCode.SHIFT_DATE, date=day.isoformat(), last=last.isoformat())
            shift = uow.shifts.add(
                Shift(
                    id=0,
                    business_date=day,
                    opened_at=now,
                    opened_by=actor,
                    opening_float=amount,
                )
            )
            note_cash(uow, LedgerEvent.SHIFT_OPENED, amount, shift, actor, now)
            uow.commit()
        return shift

    def pay_in(self, actor: Actor, amount: int, reason: str) -> CashMove:
        """입금: put cash into the drawer.

        Raises:
            UserError: ``NOT_PERMITTED``; ``CASH_AMOUNT``; ``CASH_REASON``: there is none;
                ``NO_SHIFT``.
        """
        return self._move(actor, MoveKind.IN, amount, reason)

    def pay_out(self, actor: Actor, amount: int, reason: str) -> CashMove:
        """출금: take cash out of the drawer.

        Raises:
            UserError: like ``pay_in``; ``DRAWER_SHORT``: less is expected in it.
        """
        return self._move(actor, MoveKind.OUT, amount, reason)

    def note_drawer_opened(self, actor: Actor, reason: str) -> Shift:
        """Record that the drawer is opened without a sale, before it is.

        Raises:
            UserError: ``NOT_PERMITTED``; ``CASH_REASON``; ``NO_SHIFT``.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MOVE_CASH)
            why = _reason(reason)
            shift = require_shift(uow)
            note_cash(uow, LedgerEvent.DRAWER_OPENED, ZERO, shift, actor, now, reason=why)
            uow.commit()
        return shift

    def _move(self, actor: Actor, kind: MoveKind, amount: int, reason: str) -> CashMove:
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MOVE_CASH)
            won, why = _cash(amount, least=1), _reason(reason)
            shift = require_shift(uow)
            is_out = kind is MoveKind.OUT
            if is_out:
                require_in_drawer(uow, shift, won)
            move = uow.shifts.add_move(CashMove(0, shift.id, kind, won, why, actor, now))
            event = LedgerEvent.CASH_PAID_OUT if is_out else LedgerEvent.CASH_PAID_IN
            note_cash(uow, event, -won if is_out else won, shift, actor, now, reason=why)
            uow.commit()
        return move


def _cash(amount: int, *, least: int) -> Won:
    won = Won(amount)
    if not least <= won <= MOST_CASH:
        raise UserError(ErrorCode.CASH_AMOUNT, least=Won(least), most=MOST_CASH)
    return won


def _reason(reason: str) -> str:
    kept = cash_reason(reason)
    if not kept:
        raise UserError(ErrorCode.CASH_REASON)
    return kept
