"""Looking at PortOne for what became of an attempt: never trust a callback.

Follows docs/specification.md 2.4.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
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
from posapp.services.account import number_of_account
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.ports.machine import Clock
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.rules import TillRules
from posapp.services.schedule import CERTAIN, end_of, look_again, look_later, next_look
from posapp.services.settling import Settled, Settling
from posapp.services.timings import TIMINGS, SyncTimings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look brought.

    Attributes:
        changed: something about the attempt or its order is not as it was.
        refund_ids: money that was found and has to go back.
        error: why PortOne could not be asked, or ``None``.
        asked: PortOne was asked.
    """

    changed: bool
    refund_ids: tuple[int, ...] = ()
    error: GatewayError | None = None
    asked: bool = True


class Verifying:
    """Asks PortOne about an attempt, settles what it finds, and says when to ask again."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        settling: Settling,
        rules: TillRules,
        timings: SyncTimings = TIMINGS,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._settling = settling
        self._poll = timedelta(milliseconds=rules.poll_ms)
        self._live_retry = timedelta(milliseconds=timings.live_retry)

    def look(self, attempt_id: int, *, give_up: bool = False) -> Sight:
        """Ask PortOne and settle.

        Args:
            give_up: a person stops the attempt; its link is closed first, so that what is read
                afterwards can only get better by who was inside KakaoPay already.

        Does not raise for PortOne's troubles: the attempt is then 확인 중 once its time is over,
        and the trouble is in the answer.
        """
        with self._store.reading() as uow:
            attempt = uow.attempts.get(attempt_id)
            order = uow.orders.get(attempt.order_id) if attempt else None
        if attempt is None:
            return Sight(False, asked=False)
        ending = self._ending(attempt, order, give_up=give_up)
        try:
            closed = self._close(attempt) if ending or not attempt.is_live else False
            tries = self._tries(attempt, thorough=ending is not None or not attempt.is_live)
            settled = self._settle(attempt, tries)
            own = bool(tries) or not self._is_last(attempt) or self._is_own(attempt)
        except GatewayError as error:
            return self._unanswered(attempt, error, ending=ending is not None)
        unsure = any(one.verdict.problem in UNDECIDED for one in settled)
        changed = self._note(attempt, tries, ending, closed=closed, unsure=unsure or not own)
        refund_ids = tuple(one.refund_id for one in settled if one.refund_id is not None)
        return Sight(changed or bool(refund_ids), refund_ids)

    def _ending(
        self, attempt: Attempt, order: Order | None, *, give_up: bool
    ) -> AttemptTrigger | None:
        """What ends a live attempt with this look, if nothing better is found."""
        if not attempt.is_live:
            return None
        if attempt.expires_at is not None and self._clock.now() >= attempt.expires_at:
            return AttemptTrigger.TIME_OVER
        paid_otherwise = order is not None and order.is_paid
        # A link that took minutes to be made is not being made any more (CREATED); an attempt
        # whose end was not answered is over as soon as it is (UNKNOWN).
        if give_up or paid_otherwise or attempt.state is not AttemptState.WAITING:
            return AttemptTrigger.GIVEN_UP
        return None

    def _is_last(self, attempt: Attempt) -> bool:
        """What this look brings is taken for certain."""
        return end_of(attempt) + CERTAIN <= self._clock.now()

    def _is_own(self, attempt: Attempt) -> bool:
        """That PortOne knows no payment says something only of the account in which the number was
        registered."""
        own = self._gateway.is_own_account(number_of_account(attempt, self._clock.now()))
        if not own:
            log.warning("attempt %s: the keys open another account", attempt.id)
        return own

    def _close(self, attempt: Attempt) -> bool:
        """Switch the link off if it still lets people in; True if it is certainly off."""
        still_lets_in = (
            attempt.link_url
            and attempt.closed_at is None
            and attempt.expires_at is not None
            and self._clock.now() < attempt.expires_at
        )
        if not still_lets_in:
            return False
        try:
            self._gateway.close_link(attempt.link_url)
        except GatewayError as error:
            log.info("the link of attempt %s could not be closed: %s", attempt.id, error.cause)
            return False
        return True

    def _tries(self, attempt: Attempt, *, thorough: bool) -> tuple[ReportedPayment, ...]:
        if thorough:
            return self._gateway.find_all(attempt.merchant_uid)
        found = self._gateway.find(attempt.merchant_uid)
        if found is None:
            return ()
        if found.money_moved:
            return self._gateway.find_all(attempt.merchant_uid) or (found,)
        return (found,)

    def _settle(self, attempt: Attempt, tries: tuple[ReportedPayment, ...]) -> tuple[Settled, ...]:
        settled = []
        for found in tries:
            if not found.money_moved and found.status is not ReportedStatus.UNKNOWN:
                continue
            fresh = self._gateway.read(found.imp_uid)
            if fresh is None:
                raise GatewayError(Outcome.UNKNOWN, GatewayCause.NOT_FOUND)
            settled.append(self._settling.settle(attempt.id, fresh))
        return tuple(settled)

    def _note(
        self,
        seen: Attempt,
        tries: tuple[ReportedPayment, ...],
        ending: AttemptTrigger | None,
        *,
        closed: bool,
        unsure: bool,
    ) -> bool:
        now = self._clock.now()
        with self._store.writing() as uow:
            before = uow.attempts.get(seen.id)
            if before is None:
                return False
            after = _seen(before, tries, ending, now)
            if closed and after.closed_at is None:
                after = replace(after, closed_at=now)
            after = self._scheduled(seen, after, now)
            if unsure and after.next_check_at is None:
                # What PortOne said has no meaning here yet: the attempt is not certain.
                after = replace(after, next_check_at=look_later(after, now))
            uow.attempts.save(after)
            uow.commit()
        return (seen.state, seen.opened_at) != (after.state, after.opened_at)

    def _scheduled(self, seen: Attempt, after: Attempt, now: datetime) -> Attempt:
        if after.is_live:
            return replace(after, next_check_at=next_look(after, now, self._poll))
        if seen.is_live and after.link_url and after.closed_at is None:
            # Ended by this very look: the link is switched off at once, by the next one.
            return replace(after, next_check_at=now)
        return replace(
            after,
            checks_done=after.checks_done + 1,
            next_check_at=next_look(after, now, self._poll),
        )

    def _unanswered(self, attempt: Attempt, error: GatewayError, *, ending: bool) -> Sight:
        now = self._clock.now()
        with self._store.writing() as uow:
            before = uow.attempts.get(attempt.id)
            if before is None:
                return Sight(False, error=error)
            after = before
            if ending:
                after = _stepped(before, AttemptTrigger.ANSWER_LOST)
            again = look_again(after, now, self._live_retry)
            uow.attempts.save(replace(after, next_check_at=again))
            uow.commit()
        return Sight(before.state is not after.state, error=error)


def _seen(
    attempt: Attempt,
    tries: tuple[ReportedPayment, ...],
    ending: AttemptTrigger | None,
    now: datetime,
) -> Attempt:
    if attempt.state is AttemptState.PAID or not attempt.is_live:
        return attempt
    if tries and attempt.opened_at is None:
        attempt = replace(attempt, opened_at=now)
    failed = [one for one in tries if one.status is ReportedStatus.FAILED]
    open_try = any(one.status is ReportedStatus.READY for one in tries)
    if failed and not open_try and all(not one.money_moved for one in tries):
        return _stepped(attempt, AttemptTrigger.PAYMENT_FAILED, failed[-1].fail_reason)
    if ending is not None:
        return _stepped(attempt, ending)
    return attempt


def _stepped(attempt: Attempt, trigger: AttemptTrigger, reason: str = "") -> Attempt:
    """Take a step if it is one: another lane may have settled the attempt meanwhile."""
    if not ATTEMPT_TRANSITIONS.allows(attempt.state, trigger):
        return attempt
    return attempt.after(trigger, reason=reason)


def look_at_once(uow: UnitOfWork, now: datetime) -> None:
    """At a start: let every attempt that is not certain be looked at now
    (docs/portone.md, "The flow of one attempt", 8).

    An attempt without a link was cut off while its link was being made: nobody has seen a QR of
    it, so its order is free for another one.
    """
    for attempt in uow.attempts.uncertain():
        if attempt.is_live and not attempt.link_url:
            attempt = attempt.after(AttemptTrigger.GIVEN_UP)
        uow.attempts.save(replace(attempt, next_check_at=now))
