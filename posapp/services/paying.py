"""Paying an order by QR: from the guards to the link, and giving up (docs/specification.md 2.3)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from posapp.domain.claims import guard_no_claim
from posapp.domain.errors import (
    EnvironmentProblem,
    ErrorCode,
    GatewayError,
    Outcome,
    UserError,
)
from posapp.domain.guards import guard_pay
from posapp.domain.money import Won, positive
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, AttemptState, AttemptTrigger
from posapp.domain.people import User
from posapp.services.account import AccountCheck
from posapp.services.differences import guard_compared, guard_no_lost_payment
from posapp.services.ports.gateway import LinkOrder, PaymentGateway
from posapp.services.ports.machine import Clock, Ids
from posapp.services.ports.store import Store, UnitOfWork
from posapp.services.progress import PaySummary, Progress, progress_of
from posapp.services.rules import TillRules
from posapp.services.schedule import AGAIN_LATER
from posapp.services.verifying import Verifying


class Paying:
    """What buyer and cashier do with one order's QR. Calls that ask PortOne say so; the others
    read the local database only."""

    def __init__(
        self,
        store: Store,
        gateway: PaymentGateway,
        clock: Clock,
        ids: Ids,
        verifying: Verifying,
        rules: TillRules,
        wake: Callable[[], None],
        account: AccountCheck,
    ) -> None:
        self._store = store
        self._gateway = gateway
        self._clock = clock
        self._ids = ids
        self._verifying = verifying
        self._rules = rules
        self._wake = wake
        self._account = account

    def look_up(self, user_id: int, order_id: int) -> PaySummary:
        """What the pay screen shows first.

        Raises:
            UserError: the first guard of docs/specification.md 2.2 that fails.
        """
        with self._store.reading() as uow:
            buyer, order = _guarded(uow, user_id, order_id)
            return PaySummary(buyer, order, uow.attempts.live_of_order(order_id))

    def start(self, user_id: int, order_id: int) -> Progress:
        """Make the QR of an order, or return to the one that it has. Asks PortOne.

        The attempt is committed before the first call, so that no link exists without a record.

        Raises:
            UserError: a guard failed; the amount is not one that KakaoPay takes; or the order has
                an attempt whose end is not known yet (``ATTEMPT_IN_PROGRESS``); an older copy was
                put back (``FILE_BEHIND``); or a payment that may be this order's waits for a
                person (``MONEY_IN_DOUBT``).
            GatewayError, EnvironmentProblem: there is no QR; the order is as it was.
        """
        with self._store.reading() as uow:
            guard_compared(uow)
        resumed = self._resumed(user_id, order_id)
        if resumed is not None:
            return resumed
        self._account.require_own()
        with self._store.writing() as uow:
            buyer, order = _guarded(uow, user_id, order_id)
            guard_compared(uow)
            guard_no_lost_payment(uow, order.id)
            amount = self._payable(order.total)
            now = self._clock.now()
            attempt = uow.attempts.add(
                Attempt(
                    id=0,
                    order_id=order.id,
                    merchant_uid=self._ids.merchant_uid(order.id),
                    amount=amount,
                    created_at=now,
                    next_check_at=now + AGAIN_LATER * 3,
                )
            )
            uow.commit()
        self._make_link(attempt, buyer, order)
        self._wake()
        return self.progress(attempt.id)

    def progress(self, attempt_id: int) -> Progress:
        """How far an attempt is, from the local records.

        Raises:
            UserError: ``ATTEMPT_UNKNOWN``.
        """
        with self._store.reading() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None:
                raise UserError(ErrorCode.ATTEMPT_UNKNOWN)
            return _progress(uow, attempt)

    def stop(self, attempt_id: int) -> Progress:
        """Give an attempt up: its link is switched off and PortOne is asked once more.

        Who paid in that moment has paid: the progress then says so. Asks PortOne; its troubles do
        not raise, the attempt is then 확인 중.
        """
        self._verifying.look(attempt_id, give_up=True)
        self._wake()
        return self.progress(attempt_id)

    def live(self) -> tuple[Progress, ...]:
        """The attempts with a QR that may be on a screen, oldest first: to show them again."""
        with self._store.reading() as uow:
            return tuple(_progress(uow, one) for one in uow.attempts.live() if one.link_url)

    def _resumed(self, user_id: int, order_id: int) -> Progress | None:
        """Go back to a live QR, or clear away one that is over."""
        live = self.look_up(user_id, order_id).live
        if live is None:
            return None
        if live.state is AttemptState.WAITING and not self._is_over(live):
            return self.progress(live.id)
        if live.state is AttemptState.CREATED:
            raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)
        self._verifying.look(live.id)
        self._wake()
        progress = self.progress(live.id)
        if progress.attempt.is_live:
            raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)
        return None

    def _is_over(self, attempt: Attempt) -> bool:
        return attempt.expires_at is not None and self._clock.now() >= attempt.expires_at

    def _payable(self, total: Won) -> Won:
        if not self._rules.smallest <= total <= self._rules.largest:
            raise UserError(
                ErrorCode.AMOUNT_LIMIT,
                smallest=int(self._rules.smallest),
                largest=int(self._rules.largest),
            )
        return positive(total)

    def _make_link(self, attempt: Attempt, buyer: User, order: Order) -> None:
        try:
            self._gateway.prepare(attempt.merchant_uid, attempt.amount)
        except (GatewayError, EnvironmentProblem) as error:
            # Without a link nobody can pay this number, whatever became of the registration.
            self._no_link(attempt.id, AttemptTrigger.LINK_REFUSED, _words(error))
            raise
        try:
            link = self._gateway.create_link(
                LinkOrder(
                    merchant_uid=attempt.merchant_uid,
                    amount=attempt.amount,
                    title=self._rules.shop,
                    name=order.name,
                    seconds=self._rules.link_seconds,
                    buyer_name=buyer.name,
                    buyer_tel=buyer.phone,
                )
            )
        except EnvironmentProblem as problem:
            self._no_link(attempt.id, AttemptTrigger.LINK_REFUSED, _words(problem))
            raise
        except GatewayError as error:
            clear = error.outcome in (Outcome.REFUSED, Outcome.RETRY_SAFE)
            trigger = AttemptTrigger.LINK_REFUSED if clear else AttemptTrigger.LINK_UNCERTAIN
            self._no_link(attempt.id, trigger, _words(error))
            raise
        self._show_link(attempt.id, link.url)

    def _show_link(self, attempt_id: int, url: str) -> None:
        now = self._clock.now()
        with self._store.writing() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is not None and attempt.state is AttemptState.CREATED:
                made = replace(
                    attempt.after(AttemptTrigger.LINK_MADE),
                    link_url=url,
                    expires_at=now + timedelta(seconds=self._rules.link_seconds),
                    next_check_at=now + timedelta(milliseconds=self._rules.poll_ms),
                )
                uow.attempts.save(made)
                uow.commit()
                return
        # Given up while the link was being made (an item was cancelled): nobody has seen it.
        with suppress(GatewayError):
            self._gateway.close_link(url)
        raise UserError(ErrorCode.ATTEMPT_ENDED)

    def _no_link(self, attempt_id: int, trigger: AttemptTrigger, reason: str) -> None:
        with self._store.writing() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None or attempt.state is not AttemptState.CREATED:
                return
            ended = attempt.after(trigger, reason=reason)
            certain = trigger is AttemptTrigger.LINK_REFUSED
            later = None if certain else self._clock.now() + AGAIN_LATER
            uow.attempts.save(replace(ended, next_check_at=later))
            uow.commit()


def _words(error: GatewayError | EnvironmentProblem) -> str:
    """Why there is no link, as evidence in the records."""
    if isinstance(error, GatewayError):
        return error.text or error.cause.value
    return error.code.value


def _guarded(uow: UnitOfWork, user_id: int, order_id: int) -> tuple[User, Order]:
    buyer = uow.people.get(user_id)
    order = guard_pay(buyer, uow.orders.get(order_id) if buyer else None)
    if buyer is None:
        raise UserError(ErrorCode.USER_UNKNOWN)
    guard_no_claim(uow.claims.of_order(order.id))
    return buyer, order


def _progress(uow: UnitOfWork, attempt: Attempt) -> Progress:
    payment = uow.payments.get(attempt.imp_uid) if attempt.imp_uid else None
    refunds = uow.refunds.of_payment(attempt.imp_uid) if attempt.imp_uid else ()
    returned = [one for one in refunds if one.item_id is None]
    return progress_of(
        attempt, uow.orders.get(attempt.order_id), payment, returned[-1] if returned else None
    )
