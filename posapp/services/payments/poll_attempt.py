"""Polls PortOne for the result of an attempt; a callback is never trusted.

Follows docs/specification.md 2.4.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.orders import Order
from posapp.domain.payments import (
    ATTEMPT_TRANSITIONS,
    Attempt,
    AttemptState,
    AttemptTrigger,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.verification import UNDECIDED
from posapp.services.bookkeeping.shop_account import number_of_account
from posapp.services.payments.poll_schedule import (
    FINAL_RECHECK,
    LivePauses,
    check_later,
    link_end_of,
    next_poll_at,
    retry_poll_at,
)
from posapp.services.payments.record_payment import PaymentRecorder, RecordedPayment
from posapp.services.ports.checkout import Checkout, CheckoutHandle
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.runtime.gateways import Gateways
from posapp.services.till_config import TillConfig
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PollResult:
    """Result of one poll.

    Attributes:
        changed: the attempt or its order changed.
        refund_ids: refunds that were created for money that must go back.
        error: PortOne's error, or ``None``.
        contacted_gateway: PortOne was asked.
    """

    changed: bool
    refund_ids: tuple[int, ...] = ()
    error: GatewayError | None = None
    contacted_gateway: bool = True


class AttemptPoller:
    """Asks PortOne about an attempt, records what it finds and schedules the next poll."""

    def __init__(
        self,
        store: Store,
        gateways: Gateways,
        checkout: Checkout,
        clock: Clock,
        recorder: PaymentRecorder,
        config: TillConfig,
        timings: SyncTimings = TIMINGS,
    ) -> None:
        self._store = store
        self._gateways = gateways
        self._checkout = checkout
        self._clock = clock
        self._recorder = recorder
        self._pauses = LivePauses(
            unopened=timedelta(milliseconds=config.poll_ms),
            opened=timedelta(milliseconds=config.poll_opened_ms),
        )
        self._live_retry = timedelta(milliseconds=timings.live_retry)

    def poll(self, attempt_id: int, *, give_up: bool = False) -> PollResult:
        """Ask PortOne and record the answer.

        Args:
            give_up: a person stops the attempt. Its link is closed before the payment is read, so
                that only a buyer already inside KakaoPay can still change the result.

        Does not raise a gateway error: the result contains it, and an attempt that this poll
        should have ended becomes 확인 중.
        """
        with self._store.snapshot() as uow:
            attempt = uow.attempts.get(attempt_id)
            order = uow.orders.get(attempt.order_id) if attempt else None
        if attempt is None:
            return PollResult(False, contacted_gateway=False)
        ending = self._closing_trigger(attempt, order, give_up=give_up)
        try:
            closed = self._close(attempt) if ending or not attempt.is_live else False
            tries = self._fetch_payments(
                attempt, thorough=ending is not None or not attempt.is_live
            )
            recorded = self._record_payments(attempt, tries)
            own = bool(tries) or not self._is_last(attempt) or self._is_own(attempt)
        except GatewayError as error:
            return self._save_failed_poll(attempt, error, ending=ending is not None)
        unsure = any(one.verdict.problem in UNDECIDED for one in recorded)
        changed = self._save_poll(attempt, tries, ending, closed=closed, unsure=unsure or not own)
        refund_ids = tuple(one.refund_id for one in recorded if one.refund_id is not None)
        return PollResult(changed or bool(refund_ids), refund_ids)

    def _closing_trigger(
        self, attempt: Attempt, order: Order | None, *, give_up: bool
    ) -> AttemptTrigger | None:
        """Return the trigger that ends a live attempt with this poll, unless PortOne's answer
        decides otherwise."""
        if not attempt.is_live:
            return None
        if attempt.expires_at is not None and self._clock.now() >= attempt.expires_at:
            return AttemptTrigger.TIMED_OUT
        paid_otherwise = order is not None and order.is_paid
        # CREATED: a link that is missing after minutes is not being created any more. UNKNOWN: the
        # poll that should have ended the attempt got no answer; the first answer ends it.
        if give_up or paid_otherwise or attempt.state is not AttemptState.WAITING:
            return AttemptTrigger.ABANDONED
        return None

    def _is_last(self, attempt: Attempt) -> bool:
        """Tell whether the result of this poll is final."""
        return link_end_of(attempt) + FINAL_RECHECK <= self._clock.now()

    def _is_own(self, attempt: Attempt) -> bool:
        """Tell whether the keys open the account in which the number was registered. A missing
        payment is evidence only in that account."""
        number = number_of_account(attempt, self._clock.now())
        own = self._gateways.of(attempt.provider).is_own_account(number)
        if not own:
            log.warning("attempt %s: the keys open another account", attempt.id)
        return own

    def _close(self, attempt: Attempt) -> bool:
        """Disable the link if it still admits buyers; return ``True`` if that succeeded."""
        still_lets_in = (
            attempt.link_url
            and attempt.closed_at is None
            and attempt.expires_at is not None
            and self._clock.now() < attempt.expires_at
            and attempt.provider is self._checkout.provider  # another's page ends by itself
        )
        if not still_lets_in:
            return False
        try:
            self._checkout.close(CheckoutHandle(attempt.merchant_uid, attempt.link_url))
        except GatewayError as error:
            log.info("the link of attempt %s could not be closed: %s", attempt.id, error.cause)
            return False
        return True

    def _fetch_payments(self, attempt: Attempt, *, thorough: bool) -> tuple[ReportedPayment, ...]:
        gateway = self._gateways.of(attempt.provider)
        if thorough:
            return gateway.find_payments(attempt.merchant_uid)
        found = gateway.find_payment(attempt.merchant_uid)
        if found is None:
            return ()
        if found.was_captured:
            return gateway.find_payments(attempt.merchant_uid) or (found,)
        return (found,)

    def _record_payments(
        self, attempt: Attempt, tries: tuple[ReportedPayment, ...]
    ) -> tuple[RecordedPayment, ...]:
        recorded = []
        for found in tries:
            if not found.was_captured and found.status is not ReportedStatus.UNKNOWN:
                continue
            fresh = self._gateways.for_(found.ref).get_payment(found.ref)
            if fresh is None:
                raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.NOT_FOUND)
            recorded.append(self._recorder.record(attempt.id, fresh))
        return tuple(recorded)

    def _save_poll(
        self,
        seen: Attempt,
        tries: tuple[ReportedPayment, ...],
        ending: AttemptTrigger | None,
        *,
        closed: bool,
        unsure: bool,
    ) -> bool:
        now = self._clock.now()
        with self._store.transaction() as uow:
            before = uow.attempts.get(seen.id)
            if before is None:
                return False
            after = _apply_poll(before, tries, ending, now)
            if closed and after.closed_at is None:
                after = replace(after, closed_at=now)
            after = self._scheduled(seen, after, now)
            if unsure and after.next_check_at is None:
                # PortOne's answer does not decide anything yet: the attempt is not certain.
                after = replace(after, next_check_at=check_later(after, now))
            uow.attempts.save(after)
            uow.commit()
        return (seen.state, seen.first_seen_at) != (after.state, after.first_seen_at)

    def _scheduled(self, seen: Attempt, after: Attempt, now: datetime) -> Attempt:
        if after.is_live:
            return replace(after, next_check_at=next_poll_at(after, now, self._pauses))
        if seen.is_live and after.link_url and after.closed_at is None:
            # This poll ended the attempt; the next poll, due at once, disables the link.
            return replace(after, next_check_at=now)
        return replace(
            after,
            checks_after_end=after.checks_after_end + 1,
            next_check_at=next_poll_at(after, now, self._pauses),
        )

    def _save_failed_poll(
        self, attempt: Attempt, error: GatewayError, *, ending: bool
    ) -> PollResult:
        now = self._clock.now()
        with self._store.transaction() as uow:
            before = uow.attempts.get(attempt.id)
            if before is None:
                return PollResult(False, error=error)
            after = before
            if ending:
                after = _apply_if_allowed(before, AttemptTrigger.RESPONSE_LOST)
            again = retry_poll_at(after, now, self._live_retry, error.retry_after)
            uow.attempts.save(replace(after, next_check_at=again))
            uow.commit()
        return PollResult(before.state is not after.state, error=error)


def _apply_poll(
    attempt: Attempt,
    tries: tuple[ReportedPayment, ...],
    ending: AttemptTrigger | None,
    now: datetime,
) -> Attempt:
    if attempt.state is AttemptState.PAID or not attempt.is_live:
        return attempt
    if tries and attempt.first_seen_at is None:
        attempt = replace(attempt, first_seen_at=now)
    failed = [one for one in tries if one.status is ReportedStatus.FAILED]
    open_try = any(one.status is ReportedStatus.READY for one in tries)
    if failed and not open_try and all(not one.was_captured for one in tries):
        return _apply_if_allowed(attempt, AttemptTrigger.PAYMENT_FAILED, failed[-1].fail_reason)
    if ending is not None:
        return _apply_if_allowed(attempt, ending)
    return attempt


def _apply_if_allowed(attempt: Attempt, trigger: AttemptTrigger, reason: str = "") -> Attempt:
    """Apply a trigger if it is allowed: another worker may have changed the attempt meanwhile."""
    if not ATTEMPT_TRANSITIONS.allows(attempt.state, trigger):
        return attempt
    return attempt.apply(trigger, reason=reason)


def schedule_all_now(uow: UnitOfWork, now: datetime) -> None:
    """At a start, schedule a poll of every attempt that is not certain
    (docs/portone.md, "The flow of one attempt", 8).

    An attempt without a link was interrupted while its link was being created. No buyer has seen
    its QR, so its order is free for another attempt.
    """
    for attempt in uow.attempts.unconfirmed():
        if attempt.is_live and not attempt.link_url:
            attempt = attempt.apply(AttemptTrigger.ABANDONED)
        uow.attempts.save(replace(attempt, next_check_at=now))
