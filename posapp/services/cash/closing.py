"""중간 정산 (X) and 마감 정산 (Z): what a shift came to, and its end. Needs no network."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from posapp.domain.actors import Actor
from posapp.domain.cash import Shift, cash_reason
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.ledger import GENESIS, LedgerEvent
from posapp.domain.money import Won
from posapp.domain.permissions import Permission
from posapp.domain.report_content import ReportContent
from posapp.domain.z_addenda import ZAddendum
from posapp.domain.z_reports import (
    OpenMatter,
    ShiftFigures,
    ZReport,
    canonical,
    counted_won,
    figures_content,
    z_hash,
)
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.cash_records import note_cash, require_shift
from posapp.services.bookkeeping.print_log import PrintRecord, addendum_key, read_printed
from posapp.services.cash.open_matters import (
    end_of_last_report,
    find_open_matters,
    find_uncompared,
)
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork


class ClosingService:
    """Reads what a shift came to, and closes it.

    The figures are of all that the ledger has since the Z report before, also of sales by QR that
    were paid while no shift was open: nothing is in two reports, and nothing in none.

    Args:
        compare_soon: makes a comparison with PortOne due now.
        is_test: payments of the shop are tests; its reports say so.
        is_blind: an X report shows the money of the drawer only to who may see it
            (``SEE_EXPECTED_CASH``): the others are to count it first.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        access: AccessControl,
        shop_name: str,
        compare_soon: Callable[[], None],
        *,
        is_test: bool = False,
        is_blind: bool = True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._access = access
        self._compare_soon = compare_soon
        self._shop_name, self._is_test, self._is_blind = shop_name, is_test, is_blind

    def x_report(self, actor: Actor) -> ReportContent:
        """중간 정산 (X): return the figures of now; changes nothing.

        Raises:
            UserError: ``NOT_PERMITTED``, ``NO_SHIFT``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.OPEN_SHIFT)
            shift = require_shift(uow)
            may_see = self._access.allows(uow, actor, Permission.SEE_EXPECTED_CASH)
            return ReportContent(
                figures=_figures(uow, shift),
                shop=self._shop_name,
                till=uow.record_ids.till,
                business_date=shift.business_date,
                opened_at=shift.opened_at,
                opened_by=shift.opened_by,
                made_at=self._clock.now(),
                is_test=self._is_test,
                names=_names(uow, shift.opened_by),
                is_blind=self._is_blind and not may_see,
            )

    def begin_closing(self, actor: Actor) -> None:
        """Have PortOne compared now, if it was not since the last payment.

        Raises:
            UserError: ``NOT_PERMITTED``, ``NO_SHIFT``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.CLOSE_SHIFT)
            is_compared = find_uncompared(uow, require_shift(uow)) is None
        if not is_compared:
            self._compare_soon()

    def open_matters(self) -> tuple[OpenMatter, ...]:
        """Return what keeps the shift open unless somebody names it."""
        with self._store.snapshot() as uow:
            return find_open_matters(uow)

    def keep_count(self, actor: Actor, shift_id: int, counts: Mapping[int, int]) -> None:
        """Keep what is counted so far with its shift, so that the end of the program does not lose
        it. Of a shift that is not open any more nothing is kept.

        Raises:
            UserError: ``NOT_PERMITTED``; ``CASH_COUNT``.
        """
        counted_won(counts)
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CLOSE_SHIFT)
            shift = uow.shifts.open()
            if shift is not None and shift.id == shift_id:
                uow.shifts.keep_count(shift, counts, self._clock.now())
                uow.commit()

    def kept_count(self) -> Mapping[int, int]:
        """Return what was counted so far in the open shift, by the won of notes and coins."""
        with self._store.snapshot() as uow:
            shift = uow.shifts.open()
            return {} if shift is None else uow.shifts.kept_count(shift)

    def addenda(self, actor: Actor) -> tuple[ZAddendum, ...]:
        """Return all addenda of Z reports, oldest first.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.CLOSE_SHIFT)
            return uow.z_addenda.all()

    def unprinted_addenda(self) -> tuple[ZAddendum, ...]:
        """Return the addenda that nobody has on paper, oldest first: the till prints them."""
        with self._store.snapshot() as uow:
            return tuple(
                one
                for one in uow.z_addenda.all()
                if read_printed(uow.checkpoints, addendum_key(one.number)) is None
            )

    def reports(self, actor: Actor) -> tuple[ZReport, ...]:
        """Return all Z reports, oldest first.

        Raises:
            UserError: ``NOT_PERMITTED``.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.CLOSE_SHIFT)
            return uow.z_reports.all()

    def printed(self, paper: str) -> PrintRecord | None:
        """Return how often a Z report or an addendum was printed (``z_report_key``,
        ``addendum_key``); ``None`` if never."""
        with self._store.snapshot() as uow:
            return read_printed(uow.checkpoints, paper)

    def close_shift(
        self,
        actor: Actor,
        counts: Mapping[int, int],
        reason: str = "",
        names: Mapping[str, str] | None = None,
        *,
        shown: int | None = None,
    ) -> ZReport:
        """마감 정산 (Z): close the shift with what was counted, in one transaction.

        Args:
            counts: notes and coins by their won (``DENOMINATIONS``).
            reason: of a difference between what was counted and what is expected.
            names: what keeps it open, by key: why it is closed all the same. The report has each.
            shown: 예상 현금 as the reason was given for, in won; ``None``: nobody was shown it.

        Raises:
            UserError: ``NOT_PERMITTED``, ``NO_SHIFT``; ``CASH_COUNT``; ``SHIFT_BLOCKED`` with how
                many matters are not named; ``COUNT_DIFFERS`` with both amounts: there is no reason,
                or it was given for another difference.
        """
        now = self._clock.now()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.CLOSE_SHIFT)
            shift = require_shift(uow)
            counted = counted_won(counts)
            matters = find_open_matters(uow)
            named = {key: cash_reason(note) for key, note in (names or {}).items()}
            left = [one for one in matters if not named.get(one.key)]
            if left:
                raise UserError(ErrorCode.SHIFT_BLOCKED, count=len(left))
            expected = uow.shifts.expected(shift)
            why = cash_reason(reason)
            is_explained = bool(why) and shown in (None, expected)
            if counted != expected and not is_explained:
                raise UserError(ErrorCode.COUNT_DIFFERS, expected=expected, counted=counted)
            figures = _figures(uow, shift)
            _end_drawer(uow, shift, counted, expected, why, actor, now)
            last = uow.z_reports.last()
            z_no, previous = (last.z_no + 1, last.hash) if last is not None else (1, GENESIS)
            seq, head = uow.ledger.end()
            added = uow.z_addenda.last()
            body = canonical(
                {
                    **figures_content(figures),
                    "to_seq": seq,
                    "head": head,
                    "z_no": z_no,
                    "shop": self._shop_name,
                    "is_test": self._is_test,
                    "till": uow.record_ids.till,
                    "business_date": shift.business_date.isoformat(),
                    "opened_at": shift.opened_at.isoformat(),
                    "opened_by": str(shift.opened_by),
                    "closed_at": now.isoformat(),
                    "closed_by": str(actor),
                    "names": _names(uow, shift.opened_by, actor),
                    "counts": {str(value): pieces for value, pieces in counts.items()},
                    "counted": int(counted),
                    "over_short": int(counted - expected),
                    "reason": why,
                    "named": [
                        {"what": one.key, "amount": int(one.amount), "why": named[one.key]}
                        for one in matters
                    ],
                    "addendum": None
                    if added is None
                    else {"number": added.number, "hash": added.hash},
                }
            )
            digest = z_hash(z_no, body, previous)
            report = ZReport(z_no, shift.id, now, body, digest, previous)
            uow.shifts.close(shift, now, actor, counted, expected, why, z_no)
            uow.z_reports.add(report)
            uow.commit()
        return report


def _figures(uow: UnitOfWork, shift: Shift) -> ShiftFigures:
    return uow.z_reports.figures(end_of_last_report(uow), shift.opening_float)


def _names(uow: UnitOfWork, *actors: Actor) -> dict[str, str]:
    """Return the names of staff by number: a report has them as they were."""
    known = uow.staff.names()
    ids = {one.staff_id for one in actors if one.staff_id is not None}
    return {str(number): known[number] for number in sorted(ids & known.keys())}


def _end_drawer(
    uow: UnitOfWork,
    shift: Shift,
    counted: Won,
    expected: Won,
    reason: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Record over or short, and that the drawer is emptied: the shift's entries come to 0."""
    entries = [(LedgerEvent.SHIFT_CLOSED, -counted, "")]
    if counted != expected:
        entries.insert(0, (LedgerEvent.CASH_OVER_SHORT, counted - expected, reason))
    for event, amount, why in entries:
        note_cash(uow, event, amount, shift, actor, now, reason=why)
