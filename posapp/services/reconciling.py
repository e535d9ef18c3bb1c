"""Reconciling: PortOne's list of payments against our records, window by window.

It runs at the start, every ten minutes and when somebody asks. Nothing is sent after a start before
it has ended well once: a database that was put back from an older copy then knows again what was
done after that copy, and cannot do it a second time.

A file that is an older copy is compared as far back as can be, and stays behind until every payment
was read.

How far it came is kept in the database itself, so an older file asks about just the time it missed.
PortOne files a payment under the time of its last status (V1 schema, ``/payments/status``): a
partial cancel of an old payment is found by the wide look only, once a day and when somebody asks.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from posapp.domain.errors import (
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    Outcome,
    PosError,
)
from posapp.services.account import AccountCheck, should_be_listed
from posapp.services.chores import STANDING, Change, Done
from posapp.services.clock_watch import ClockWatch
from posapp.services.comparing import Comparing
from posapp.services.connectivity import NO_NETWORK
from posapp.services.other_tills import OtherTills
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store
from posapp.services.reconcile_schedule import ReconcileSchedule
from posapp.services.sync_board import Board, Happening, What
from posapp.services.unreadable_lines import UnreadableLines

log = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""A payment may be filed at PortOne a little later than its time says."""

LONGEST = timedelta(days=90)
"""The longest window that PortOne answers."""

WIDE = LONGEST - 2 * OVERLAP
"""How far back the wide look goes."""

WIDE_EVERY = timedelta(days=1)
"""How often it looks that far by itself."""

OF_ONE = frozenset(
    {GatewayCause.GARBAGE, GatewayCause.SERVER, GatewayCause.REFUSED, GatewayCause.NOT_FOUND}
)
"""Causes that say something about one payment; any other is about the way there, or the keys."""

PAGE = 200
"""Payments a page: about 200 kB, read without a pause on the screen (docs/performance.md)."""

MOST_PAGES = 5_000
"""A million payments in 90 days: a list that goes on is no list."""

COMPARED = "reconciled"
COMPARED_WIDE = "reconciled wide"
"""Milestones: the time, by PortOne's clock, up to which everything was compared."""


class Reconciling:
    """The chore that compares; ``ask`` lets it run at once, with the wide look."""

    name = "reconcile"

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        comparing: Comparing,
        board: Board,
        clock_watch: ClockWatch,
        account: AccountCheck,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._comparing = comparing
        self._board = board
        self._clock_watch = clock_watch
        self._account = account
        self._schedule = ReconcileSchedule(clock)
        self._unread = ""
        self._unread_is_named = True
        self._unreadable = UnreadableLines(store)
        self._other_tills = OtherTills(store)

    def ask(self) -> None:
        """Somebody wants to know now, and as far back as can be. From any thread."""
        self._schedule.request_full()

    def network_back(self) -> None:
        """What failed for want of a network is tried at once."""
        self._schedule.network_back()

    def due_in_ms(self) -> int:
        """Milliseconds until it is due."""
        return self._schedule.due_in_ms()

    def run(self) -> Done:
        """Compare everything since the last time; see ``Chore``."""
        began, wide = self._schedule.begin()
        behind = False
        try:
            behind = self._is_behind()
            wide = wide or behind
            found, changes = self._compare(wide=wide)
        except PosError as error:
            return self._failed(error, wide=wide)
        if wide and self._unread:
            self._schedule.put_off_full()
        caught_up = behind and not self._is_behind()
        self._schedule.ended(began, full=wide, caught_up=caught_up)
        now = self._clock.now()
        self._board.update(reconciled_at=now, reconcile_trouble=self._unread)
        if not behind or caught_up:
            self._board.update(may_send=True)
        if found or wide:
            self._board.note(Happening(now, What.RECONCILED, count=found))
        if found:
            log.info("comparing with PortOne found %s payments that differed", found)
        return Done((*changes, STANDING), asked=True)

    def _is_behind(self) -> bool:
        with self._store.reading() as uow:
            return uow.milestones.behind_since() is not None

    def _failed(self, error: PosError, *, wide: bool) -> Done:
        # A network that is away costs PortOne nothing.
        if wide and not (isinstance(error, GatewayError) and error.cause in NO_NETWORK):
            self._schedule.put_off_full()
        if not isinstance(error, GatewayError):
            if isinstance(error, EnvironmentProblem):
                self._board.update(reconcile_trouble=error.code.value)
            raise error
        if error.cause is GatewayCause.ACCOUNT:
            self._board.update(may_send=False)
        self._board.update(reconcile_trouble=error.text or error.cause.value)
        self._board.note(
            Happening(self._clock.now(), What.RECONCILE_FAILED, detail=error.cause.value)
        )
        return Done((STANDING,), error, asked=True)

    def _compare(self, *, wide: bool) -> tuple[int, list[Change]]:
        """Compare window after window; return how many payments differed, and what changed."""
        self._unread, self._unread_is_named = "", True
        asked_ms = self._clock.monotonic()
        end = self._gateway.server_now()
        self._clock_watch.learn(end, asked_ms)
        if not self._account.is_own():
            raise GatewayError(Outcome.UNKNOWN, GatewayCause.ACCOUNT)
        with self._store.reading() as uow:
            since = uow.milestones.get(COMPARED)
            last_wide = uow.milestones.get(COMPARED_WIDE)
        if since is None:
            wide = True  # a new shop, or one that comes from a version that did not compare
        begin = min(since or end, end) - OVERLAP
        if wide:
            begin = min(begin, end - WIDE)
        found, changes, seen = 0, list[Change](), set[str]()
        start, last = begin, end + OVERLAP
        while start < last:
            until = min(start + LONGEST, last)
            found += self._settle(self._differing(start, until, seen), changes)
            start = until
        if not seen and self._is_something_missing():
            self._unread, self._unread_is_named = GatewayCause.GARBAGE.value, False
        # Of payments at the very beginning the last status may lie before it.
        found += self._settle(self._comparing.missing(begin + OVERLAP, seen), changes)
        found += self._other_tills.name(self._clock.now())
        if not self._unread:  # else the same time is looked at again
            with self._store.writing() as uow:
                uow.milestones.set(COMPARED, end)
                if wide:
                    uow.milestones.set(COMPARED_WIDE, end)
                    uow.milestones.set_compared()
                uow.commit()
        elif wide and self._unread_is_named:
            # What could not be read is a person's, and its order in doubt: all else goes on.
            with self._store.writing() as uow:
                uow.milestones.set_compared()
                uow.commit()
        if not wide and (last_wide is None or end - last_wide >= WIDE_EVERY):
            # A start sends as soon as it may; the wide look comes behind it.
            self._schedule.full_is_due()
        return found, changes

    def _is_something_missing(self) -> bool:
        with self._store.reading() as uow:
            return should_be_listed(uow)

    def _settle(self, imp_uids: Iterable[str], changes: list[Change]) -> int:
        """Settle one after the other; how many PortOne knew more of than we did.

        One that cannot be read holds up no other: nothing is sent for it either, as a refund is
        read before it is sent; and it is looked at again the next time.
        """
        found = 0
        for imp_uid in imp_uids:
            try:
                compared = self._comparing.settle(imp_uid)
            except GatewayError as error:
                if error.cause not in OF_ONE:
                    raise
                self._leave(imp_uid, error.cause)
                continue
            found += compared.found
            changes.extend(compared.changes)
        return found

    def _leave(self, number: str, cause: GatewayCause) -> None:
        """A payment that may be ours could not be read: the same time is compared again."""
        self._unread = cause.value
        log.warning("payment %s could not be compared: %s", number, cause)
        if cause is GatewayCause.GARBAGE:
            self._unreadable.name(number, self._clock.now())
        else:
            self._unread_is_named = False

    def _differing(self, start: datetime, until: datetime, seen: set[str]) -> tuple[str, ...]:
        """The payments of a window that differ, the oldest first; all of it are added to seen."""
        differing: dict[str, datetime] = {}
        page: int | None = 1
        while page is not None:
            listed = self._gateway.list_payments("all", start, until, page, PAGE)
            seen.update(one.imp_uid for one in listed.payments)
            self._other_tills.see(listed.payments)
            for one in self._comparing.differing(listed.payments):
                differing[one.imp_uid] = one.moved_at or until
            for line in self._unreadable.of_ours(listed.unreadable):
                if line.imp_uid:  # alone it may be read: else that is named
                    seen.add(line.imp_uid)
                    differing[line.imp_uid] = until
                else:
                    self._leave(line.merchant_uid, GatewayCause.GARBAGE)
            following = listed.next_page
            if following is not None and (
                following != page + 1 or 0 < listed.total <= page * PAGE or page == MOST_PAGES
            ):
                raise GatewayError(Outcome.UNKNOWN, GatewayCause.GARBAGE, text="pages go round")
            page = following
        return tuple(sorted(differing, key=lambda each: (differing[each], each)))
