"""Starts and abandons the payment of an order by QR (docs/specification.md 2.3)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from posapp.domain.actors import Actor
from posapp.domain.claims import guard_no_claim
from posapp.domain.errors import (
    EnvironmentProblem,
    ErrorCode,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.guards import guard_pay
from posapp.domain.money import Won, require_positive
from posapp.domain.orders import Order
from posapp.domain.payments import Attempt, AttemptState, AttemptTrigger
from posapp.domain.permissions import Permission
from posapp.domain.users import User
from posapp.domain.vat import KakaoPayTax
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.bookkeeping.cash_records import held_cash
from posapp.services.bookkeeping.payment_gap import guard_no_lost_payment, guard_reconciled
from posapp.services.bookkeeping.shop_account import AccountCheck
from posapp.services.payments.payment_progress import PaymentProgress, PaymentSummary, progress_of
from posapp.services.payments.poll_attempt import AttemptPoller
from posapp.services.payments.poll_schedule import RETRY_ENDED
from posapp.services.ports.checkout import Checkout, CheckoutOrder, CheckoutSession
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.till_config import TillConfig

log = logging.getLogger(__name__)


class PaymentService:
    """Starts, shows and abandons the QR of an order. Methods that ask PortOne say so; the others
    read the local database only."""

    def __init__(
        self,
        store: Store,
        checkout: Checkout,
        clock: Clock,
        ids: IdGenerator,
        poller: AttemptPoller,
        config: TillConfig,
        wake: Callable[[], None],
        account: AccountCheck,
        access: AccessControl,
    ) -> None:
        self._store = store
        self._checkout = checkout
        self._clock = clock
        self._ids = ids
        self._poller = poller
        self._config = config
        self._wake = wake
        self._account = account
        self._access = access

    @property
    def kakaopay_tax(self) -> KakaoPayTax:
        """Kind of the shop's contract with KakaoPay, as the settings have it."""
        return self._config.kakaopay_tax

    def get_summary(self, actor: Actor, order_id: int) -> PaymentSummary:
        """Return what the payment screen shows first.

        Raises:
            UserError: the first guard of docs/specification.md 2.2 that fails.
        """
        with self._store.snapshot() as uow:
            buyer, order = _guarded(uow, actor, order_id)
            live = uow.attempts.live_of_order(order_id)
            return PaymentSummary(buyer, order, live, held_cash(uow, order_id))

    def start(
        self, actor: Actor, order_id: int, link_made: Callable[[str], object] = lambda _: None
    ) -> PaymentProgress:
        """Create the QR of an order, or return its live one. Asks PortOne.

        The attempt is committed before the first call, so that no link exists without a record.

        Args:
            link_made: called with a new link before that is recorded, to prepare its QR. Nothing
                may be shown before this method returns, and it must not raise.

        Raises:
            UserError: ``NOT_PERMITTED``; a guard failed; KakaoPay does not take the amount; the
                order has an attempt whose end is not known yet (``ATTEMPT_IN_PROGRESS``); an older
                copy of the database was restored (``FILE_BEHIND``); or a payment that may be this
                order's waits for a person (``MONEY_IN_DOUBT``).
            GatewayError, EnvironmentProblem: there is no QR; the order is unchanged.
        """
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            guard_reconciled(uow)
        resumed = self._resume(actor, order_id)
        if resumed is not None:
            return resumed
        self._account.require_own()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
            buyer, order = _guarded(uow, actor, order_id)
            guard_reconciled(uow)
            guard_no_lost_payment(uow, order.id)
            amount = self._payable(order.total - held_cash(uow, order.id))
            tax_free = self._config.kakaopay_tax.tax_free_of(order.tax_split, amount)
            now = self._clock.now()
            attempt = uow.attempts.add(
                Attempt(
                    id=0,
                    order_id=order.id,
                    merchant_uid=self._ids.merchant_uid(order.id),
                    amount=amount,
                    created_at=now,
                    next_check_at=now + RETRY_ENDED * 3,
                    provider=self._checkout.provider,
                    till=uow.record_ids.till,
                    tax_free=tax_free,
                )
            )
            uow.commit()
        self._make_link(attempt, buyer, order, link_made)
        self._wake()
        return self.get_progress(attempt.id)

    def get_progress(self, attempt_id: int) -> PaymentProgress:
        """Return the progress of an attempt, from the local records.

        Raises:
            UserError: ``ATTEMPT_UNKNOWN``.
        """
        with self._store.snapshot() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None:
                raise UserError(ErrorCode.ATTEMPT_UNKNOWN)
            return _progress(uow, attempt)

    def abandon(self, actor: Actor, attempt_id: int) -> PaymentProgress:
        """Abandon an attempt: disable its link and ask PortOne once more.

        A payment made in that moment counts, and the progress then shows it. Asks PortOne; a
        gateway error does not raise, the attempt becomes 확인 중.

        Raises:
            UserError: ``NOT_PERMITTED``; ``ATTEMPT_UNKNOWN``.
        """
        log.info("attempt %s abandoned by %s", attempt_id, actor)
        with self._store.snapshot() as uow:
            self._access.require(uow, actor, Permission.TAKE_PAYMENT)
        self._poller.poll(attempt_id, give_up=True)
        self._wake()
        return self.get_progress(attempt_id)

    def list_live(self) -> tuple[PaymentProgress, ...]:
        """Return the live attempts that have a QR, oldest first, so that screens can show them."""
        with self._store.snapshot() as uow:
            return tuple(_progress(uow, one) for one in uow.attempts.live() if one.link_url)

    def _resume(self, actor: Actor, order_id: int) -> PaymentProgress | None:
        """Return the progress of a live QR, or end an attempt whose QR is over."""
        live = self.get_summary(actor, order_id).live
        if live is None:
            return None
        if live.state is AttemptState.WAITING and not self._is_over(live):
            return self.get_progress(live.id)
        if live.state is AttemptState.CREATED:
            raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)
        self._poller.poll(live.id)
        self._wake()
        progress = self.get_progress(live.id)
        if progress.attempt.is_live:
            raise UserError(ErrorCode.ATTEMPT_IN_PROGRESS)
        return None

    def _is_over(self, attempt: Attempt) -> bool:
        return attempt.expires_at is not None and self._clock.now() >= attempt.expires_at

    def _payable(self, total: Won) -> Won:
        if not self._config.min_amount <= total <= self._config.max_amount:
            raise UserError(
                ErrorCode.AMOUNT_LIMIT,
                smallest=int(self._config.min_amount),
                largest=int(self._config.max_amount),
            )
        return require_positive(total)

    def _make_link(
        self, attempt: Attempt, buyer: User, order: Order, link_made: Callable[[str], object]
    ) -> None:
        try:
            session = self._checkout.create(
                CheckoutOrder(
                    merchant_uid=attempt.merchant_uid,
                    amount=attempt.amount,
                    title=self._config.shop_name,
                    name=order.name,
                    seconds=self._config.link_seconds,
                    buyer_name=buyer.name,
                    buyer_tel=buyer.phone,
                    tax_free=attempt.tax_free,
                )
            )
        except EnvironmentProblem as problem:
            self._record_link_failure(attempt.id, AttemptTrigger.LINK_REFUSED, _describe(problem))
            raise
        except GatewayError as error:
            clear = error.outcome in (GatewayOutcome.REFUSED, GatewayOutcome.RETRY_SAFE)
            trigger = AttemptTrigger.LINK_REFUSED if clear else AttemptTrigger.LINK_RESULT_UNKNOWN
            self._record_link_failure(attempt.id, trigger, _describe(error))
            raise
        link_made(session.url)
        self._record_link(attempt.id, session)

    def _record_link(self, attempt_id: int, session: CheckoutSession) -> None:
        now = self._clock.now()
        with self._store.transaction() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is not None and attempt.state is AttemptState.CREATED:
                made = replace(
                    attempt.apply(AttemptTrigger.LINK_CREATED),
                    link_url=session.url,
                    expires_at=session.expires_at,
                    next_check_at=now + timedelta(milliseconds=self._config.poll_ms),
                )
                uow.attempts.save(made)
                uow.commit()
                return
        # Abandoned while the link was being created (an item was cancelled); no buyer has seen it.
        with suppress(GatewayError):
            self._checkout.close(session.handle)
        raise UserError(ErrorCode.ATTEMPT_ENDED)

    def _record_link_failure(self, attempt_id: int, trigger: AttemptTrigger, reason: str) -> None:
        with self._store.transaction() as uow:
            attempt = uow.attempts.get(attempt_id)
            if attempt is None or attempt.state is not AttemptState.CREATED:
                return
            ended = attempt.apply(trigger, reason=reason)
            certain = trigger is AttemptTrigger.LINK_REFUSED
            later = None if certain else self._clock.now() + RETRY_ENDED
            uow.attempts.save(replace(ended, next_check_at=later))
            uow.commit()


def _describe(error: GatewayError | EnvironmentProblem) -> str:
    """Return why there is no link, as evidence in the records."""
    if isinstance(error, GatewayError):
        return error.text or error.cause.value
    return error.code.value


def _guarded(uow: UnitOfWork, actor: Actor, order_id: int) -> tuple[User, Order]:
    buyer = find_user(uow, actor)
    order = guard_pay(actor, buyer, uow.orders.get(order_id) if buyer else None)
    if buyer is None:
        raise UserError(ErrorCode.USER_UNKNOWN)
    guard_no_claim(uow.claims.for_order(order.id))
    return buyer, order


def _progress(uow: UnitOfWork, attempt: Attempt) -> PaymentProgress:
    payment = uow.payments.get(attempt.imp_uid) if attempt.imp_uid else None
    refunds = uow.refunds.of_payment(attempt.imp_uid) if attempt.imp_uid else ()
    returned = [one for one in refunds if one.item_id is None]
    return progress_of(
        attempt, uow.orders.get(attempt.order_id), payment, returned[-1] if returned else None
    )
