"""Ports for cash: tenders and refunds of orders, and shifts with what moves in their drawer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Protocol

from posapp.domain.actors import Actor
from posapp.domain.cash import CashMove, CashRefund, CashTender, Shift
from posapp.domain.money import Won
from posapp.domain.z_addenda import Finding, ZAddendum
from posapp.domain.z_reports import ShiftFigures, TenderSum, ZReport
from posapp.services.ports.records import MoneyTotal


class Cash(Protocol):
    """Cash that was received for orders, and cash that goes back for their items."""

    def of_order(self, order_id: int) -> tuple[CashTender, ...]:
        """Return all tenders of an order, oldest first."""
        ...

    def held(self) -> tuple[CashTender, ...]:
        """Return the tenders that are neither kept nor returned, oldest first."""
        ...

    def add(self, tender: CashTender) -> CashTender:
        """Store a new tender (its id is ignored) and return it with its id.

        Raises:
            UserError: ``CASH_TENDERS``: the order has a tender of this part; ``CASH_DUE_CHANGED``:
                more than the order comes to; ``NO_SHIFT``: its shift is closed. The database holds
                each.
        """
        ...

    def save(self, tender: CashTender) -> None:
        """Write the state of a tender; the rest never changes."""
        ...

    def refund(self, refund_id: int) -> CashRefund | None:
        """Return a cash refund, or ``None``."""
        ...

    def refunds_of_order(self, order_id: int) -> tuple[CashRefund, ...]:
        """Return all cash refunds of an order, oldest first."""
        ...

    def waiting_refunds(self) -> tuple[CashRefund, ...]:
        """Return the cash refunds that wait, oldest first."""
        ...

    def add_refund(self, refund: CashRefund) -> CashRefund:
        """Store a new cash refund (its id is ignored) and return it with its id.

        Raises:
            UserError: ``REFUND_IN_FLIGHT``: the item has one that was not dropped;
                ``REFUND_BEYOND``: those of the order come to more than its kept cash;
                ``NO_SHIFT``; ``REFUND_OWN_APPROVAL``. The database holds each.
        """
        ...

    def save_refund(self, refund: CashRefund) -> None:
        """Write state, shift and time of a cash refund; the rest never changes."""
        ...

    def total_kept(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the kept tenders that were received in a time, its end excluded."""
        ...

    def total_refunded(self, since: datetime, until: datetime) -> MoneyTotal:
        """Return the cash refunds that were handed out in a time, its end excluded."""
        ...


class Shifts(Protocol):
    """Shifts of the till that writes. The database holds that one is open at most."""

    def open(self) -> Shift | None:
        """Return the open shift, or ``None``."""
        ...

    def last_date(self) -> date | None:
        """Return the business date of the newest closed shift, or ``None``."""
        ...

    def add(self, shift: Shift) -> Shift:
        """Store a new shift (its id is ignored) and return it with its id.

        Raises:
            UserError: ``SHIFT_OPEN``: another one is open.
        """
        ...

    def close(
        self,
        shift: Shift,
        at: datetime,
        actor: Actor,
        counted: Won,
        expected: Won,
        reason: str,
        z_no: int,
    ) -> None:
        """Close a shift; a closed one never changes.

        Raises:
            LookupError: there is no such shift.
        """
        ...

    def add_move(self, move: CashMove) -> CashMove:
        """Store cash that was moved (its id is ignored) and return it with its id.

        Raises:
            UserError: ``NO_SHIFT``: its shift is closed.
        """
        ...

    def expected(self, shift: Shift) -> Won:
        """Return what is in the drawer of a shift by the ledger, in won."""
        ...

    def keep_count(self, shift: Shift, counts: Mapping[int, int], at: datetime) -> None:
        """Keep what is counted so far, in place of what was kept before; an empty count keeps
        nothing."""
        ...

    def kept_count(self, shift: Shift) -> Mapping[int, int]:
        """Return what was counted so far; nothing once the shift is closed."""
        ...


class ZReports(Protocol):
    """Z reports, which only grow, and the figures of which they are made."""

    def last(self) -> ZReport | None:
        """Return the newest report, or ``None``."""
        ...

    def all(self) -> tuple[ZReport, ...]:
        """Return all reports, oldest first."""
        ...

    def add(self, report: ZReport) -> None:
        """Store a report at the end; the database holds that numbers have no gap."""
        ...

    def figures(self, after: int, opening_float: Won) -> ShiftFigures:
        """Return the figures of the ledger's entries after one, up to the last."""
        ...

    def uncompared(self, after: int, until: datetime | None) -> TenderSum:
        """Return the payments of the ledger's entries after one that PortOne captured at ``until``
        or later, by its own clock: no comparison up to then has seen them. ``None``: all."""
        ...


class ZAddenda(Protocol):
    """Addenda of Z reports, which only grow."""

    def last(self) -> ZAddendum | None:
        """Return the newest addendum, or ``None``."""
        ...

    def all(self) -> tuple[ZAddendum, ...]:
        """Return all addenda, oldest first."""
        ...

    def add(self, addendum: ZAddendum) -> None:
        """Store an addendum at the end; the database holds that numbers have no gap, and that a Z
        report has one at most."""
        ...

    def awaited(self) -> tuple[ZReport, ...]:
        """Return the Z reports that may await one, oldest first: all later ones than the last
        addendum's whose body names ``NOT_COMPARED``, if only in a text."""
        ...

    def found(self, after: int, closed_at: datetime) -> tuple[Finding, ...]:
        """Return what was recorded after an entry of the ledger about the money that PortOne took
        until a closing, by PortOne's times: payments and cancels in the order of the ledger, then
        differences."""
        ...
