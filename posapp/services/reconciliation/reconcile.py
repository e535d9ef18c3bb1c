"""Reconciles PortOne's list of payments with our records, window by window.

Runs at the start, every ten minutes and on request. After a start nothing is sent before one run
has succeeded: a database that was restored from an older copy then knows again what was done after
that copy, and cannot do it a second time.

An older copy is compared as far back as possible, and counts as behind until every payment was
read.

The database itself stores up to which time it was compared, so that an older copy asks about
exactly the time that it missed. PortOne files a payment under the time of its last status
(V1 schema, ``/payments/status``): only the full comparison, once a day and on request, finds a
partial cancel of an old payment.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from posapp.domain.errors import (
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    PosappError,
)
from posapp.domain.payment_ref import PaymentRef
from posapp.services.bookkeeping.shop_account import AccountCheck, should_be_listed
from posapp.services.cash.addenda import write_addenda
from posapp.services.ports.checkpoints import FULLY_RECONCILED_UNTIL, RECONCILED_UNTIL
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.reconciliation.compare_payment import PaymentComparison
from posapp.services.reconciliation.other_tills import OtherTills
from posapp.services.reconciliation.payment_pages import read_pages
from posapp.services.reconciliation.reconcile_schedule import ReconcileSchedule
from posapp.services.reconciliation.unreadable_lines import UnreadableLines
from posapp.services.runtime.clock_jump import ClockJumpDetector
from posapp.services.runtime.connectivity import NO_NETWORK, PER_PAYMENT_CAUSES
from posapp.services.runtime.periodic_job import STATUS_CHANGED, Change, JobResult
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore

log = logging.getLogger(__name__)

OVERLAP = timedelta(hours=1)
"""PortOne may file a payment a little later than its time."""

FULL_EVERY = timedelta(days=1)
"""Interval of the automatic full comparisons."""

MOST_NAMED = 20
"""Most payments without a gateway whose numbers are logged."""


class ReconcileJob:
    """Periodic job that reconciles; ``request_full`` makes a full comparison due now."""

    name = "reconcile"

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        comparison: PaymentComparison,
        status_store: SyncStatusStore,
        clock_jump: ClockJumpDetector,
        account: AccountCheck,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._comparison = comparison
        self._status_store = status_store
        self._clock_jump = clock_jump
        self._account = account
        self._schedule = ReconcileSchedule(clock)
        self._unread = ""
        self._unread_is_named = True
        self._without_gateway: list[PaymentRef] = []
        self._unreadable = UnreadableLines(store)
        self._other_tills = OtherTills(store)

    def request_full(self) -> None:
        """Make a full comparison due now. From any thread."""
        self._schedule.request_full()

    def request(self) -> None:
        """Make a comparison since the last one due now. From any thread."""
        self._schedule.request()

    def network_back(self) -> None:
        """Retry at once what failed without a network."""
        self._schedule.network_back()

    def due_in_ms(self) -> int:
        """Return the milliseconds until the next run is due."""
        return self._schedule.due_in_ms()

    def run(self) -> JobResult:
        """Compare everything since the last run; see ``PeriodicJob``."""
        began, full = self._schedule.begin()
        behind = False
        try:
            behind = self._is_behind()
            full = full or behind
            found, changes = self._compare(full=full)
        except PosappError as error:
            return self._failed(error, full=full)
        if full and self._unread:
            self._schedule.retry_full_later()
        caught_up = behind and not self._is_behind()
        self._schedule.ended(began, full=full, caught_up=caught_up)
        now = self._clock.now()
        trouble = self._unread or (GatewayCause.SETTINGS.value if self._without_gateway else "")
        self._status_store.update(reconciled_at=now, reconcile_trouble=trouble)
        if not behind or caught_up:
            self._status_store.update(may_send=True)
        if found or full:
            self._status_store.note(SyncEvent(now, SyncEventKind.RECONCILED, count=found))
        if found:
            log.info("comparing with PortOne found %s payments that differed", found)
        return JobResult((*changes, STATUS_CHANGED), contacted_gateway=True)

    def _is_behind(self) -> bool:
        with self._store.snapshot() as uow:
            return uow.checkpoints.behind_since() is not None

    def _failed(self, error: PosappError, *, full: bool) -> JobResult:
        # Without a network PortOne was not asked: the full comparison needs no longer pause.
        if full and not (isinstance(error, GatewayError) and error.cause in NO_NETWORK):
            self._schedule.retry_full_later()
        if not isinstance(error, GatewayError):
            if isinstance(error, EnvironmentProblem):
                self._status_store.update(reconcile_trouble=error.code.value)
            raise error
        if error.cause is GatewayCause.ACCOUNT:
            self._status_store.update(may_send=False)
        self._status_store.update(reconcile_trouble=error.text or error.cause.value)
        self._status_store.note(
            SyncEvent(self._clock.now(), SyncEventKind.RECONCILE_FAILED, detail=error.cause.value)
        )
        return JobResult((STATUS_CHANGED,), error, contacted_gateway=True)

    def _compare(self, *, full: bool) -> tuple[int, list[Change]]:
        """Compare window after window; return how many payments differed, and what changed."""
        self._unread, self._unread_is_named = "", True
        self._without_gateway.clear()
        requested_ms = self._clock.monotonic()
        end = self._gateway.server_now()
        self._clock_jump.learn(end, requested_ms)
        if not self._account.is_own():
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.ACCOUNT)
        with self._store.snapshot() as uow:
            seq, _ = uow.ledger.end()
            since = uow.checkpoints.get(RECONCILED_UNTIL)
            last_full = uow.checkpoints.get(FULLY_RECONCILED_UNTIL)
        if since is None:
            full = True  # a new shop, or one from a version that did not compare
        begin = min(since or end, end) - OVERLAP
        longest = self._gateway.capabilities.longest_window
        if full:
            # As far back as the provider answers in one window.
            begin = min(begin, end - (longest - 2 * OVERLAP))
        found, changes, seen = 0, list[Change](), set[str]()
        start, last = begin, end + OVERLAP
        while start < last:
            until = min(start + longest, last)
            found += self._resolve(self._differing(start, until, seen), changes)
            start = until
        if not seen and self._is_something_missing():
            self._unread, self._unread_is_named = GatewayCause.GARBAGE.value, False
        # The last status of a payment at the very beginning may be before it.
        found += self._resolve(self._comparison.find_missing(begin + OVERLAP, seen), changes)
        found += self._other_tills.name(self._clock.now())
        self._log_without_gateway()
        if not self._unread:  # else the same time is compared again
            with self._store.transaction() as uow:
                uow.checkpoints.set(RECONCILED_UNTIL, end)
                if full:
                    uow.checkpoints.set(FULLY_RECONCILED_UNTIL, end)
                    uow.checkpoints.set_compared()
                write_addenda(uow, end, seq, self._clock.now())
                uow.commit()
        elif full and self._unread_is_named:
            # A person has the unreadable payment, and its order is in doubt; all else continues.
            with self._store.transaction() as uow:
                uow.checkpoints.set_compared()
                uow.commit()
        if not full and (last_full is None or end - last_full >= FULL_EVERY):
            # A short comparison lets a start send soon; the full one follows.
            self._schedule.full_is_due()
        return found, changes

    def _is_something_missing(self) -> bool:
        with self._store.snapshot() as uow:
            return should_be_listed(uow, self._gateway.capabilities.provider)

    def _resolve(self, refs: Iterable[PaymentRef], changes: list[Change]) -> int:
        """Resolve payments one after the other; return how many had something new to our records.

        One that cannot be read blocks no other. Nothing is sent for it either, because its payment
        is read before a refund is sent. It is compared again the next time. One of an earlier
        provider without settings is only named: in the log, and as the reason in the status.
        """
        found = 0
        for ref in refs:
            if not self._comparison.can_read(ref):
                self._without_gateway.append(ref)
                continue
            try:
                compared = self._comparison.resolve(ref)
            except GatewayError as error:
                if error.cause not in PER_PAYMENT_CAUSES:
                    raise
                self._leave(ref.provider_id, error.cause)
                continue
            found += compared.changed
            changes.extend(compared.changes)
        return found

    def _log_without_gateway(self) -> None:
        if self._without_gateway:
            log.warning(
                "%s payments of an earlier provider without settings were not compared: %s",
                len(self._without_gateway),
                ", ".join(one.provider_id for one in self._without_gateway[:MOST_NAMED]),
            )

    def _leave(self, number: str, cause: GatewayCause) -> None:
        """Note that a payment that may be ours cannot be read: its time is compared again."""
        self._unread = cause.value
        log.warning("payment %s could not be compared: %s", number, cause)
        if cause is GatewayCause.GARBAGE:
            self._unreadable.name(number, self._clock.now())
        else:
            self._unread_is_named = False

    def _differing(
        self, start: datetime, until: datetime, seen: set[str]
    ) -> tuple[PaymentRef, ...]:
        """Return the payments of a window that differ, oldest first; add all of it to ``seen``."""
        differing: dict[PaymentRef, datetime] = {}
        for listed in read_pages(self._gateway, start, until):
            seen.update(one.imp_uid for one in listed.payments)
            self._other_tills.see(listed.payments)
            self._comparison.note_cash_receipts(listed.payments)
            for one in self._comparison.find_differences(listed.payments):
                differing[one.ref] = one.moved_at or until
            for line in self._unreadable.of_ours(listed.unreadable):
                if line.imp_uid:  # a read of it alone may succeed, or it is noted then
                    seen.add(line.imp_uid)
                    provider = self._gateway.capabilities.provider
                    differing[PaymentRef(provider, line.merchant_uid, line.imp_uid)] = until
                else:
                    self._leave(line.merchant_uid, GatewayCause.GARBAGE)
        return tuple(sorted(differing, key=lambda each: (differing[each], each.provider_id)))
