"""Client of PortOne's V1 REST service, in the terms of the ports (docs/portone.md, "V1 REST")."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won, require_part, require_positive
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.domain.payments import (
    MERCHANT_UID_LIMIT,
    CancellationState,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refunds import RefundAnswer
from posapp.domain.text import strip_controls
from posapp.portone import payloads, payment_list
from posapp.portone.api_call import ApiClient, Probe, invalid_answer
from posapp.portone.cash_receipts import PortOneReceipts
from posapp.portone.checkout import Link, Links
from posapp.portone.empty_list import says_empty
from posapp.portone.late_transport import LateTransport
from posapp.portone.refusals import Purpose
from posapp.portone.rest_calls import RestCalls, path_segment, with_token
from posapp.portone.settings import GatewaySettings, Limits
from posapp.portone.tokens import Tokens
from posapp.services.ports.checkout import CheckoutOrder
from posapp.services.ports.gateway import (
    Capabilities,
    PaymentPage,
    RefundCommand,
    RefundMethod,
)
from posapp.services.ports.system import Clock, Secrets

TRIES_PAGE = 100
TRIES_PAGES = 10
PROBE = Probe(Limits(connect_ms=1_500, read_ms=1_500, total_ms=2_500))
"""Limits of a probe: short, so that the next probe follows soon; long enough for a slow line."""

CAPABILITIES = Capabilities(
    Provider.PORTONE_V1, RefundMethod.READ_COMPARE_CANCEL, payment_list.WINDOW
)

HTTP_UNAUTHORIZED = 401


class PortOneGateway:
    """``PaymentGateway`` over PortOne V1. Thread-safe.

    Every method raises ``GatewayError``, and ``EnvironmentProblem`` when the keyring does not give
    the keys. An argument that is a caller's bug (a page 0, an amount of 0) raises ``ValueError`` or
    ``InvalidAmount`` before anything is sent.
    """

    def __init__(self, settings: GatewaySettings, secrets: Secrets, clock: Clock) -> None:
        self._settings = settings
        self._transport = LateTransport(settings)
        self._caller = ApiClient(self._transport, clock)
        self._tokens = Tokens(self._caller, settings.api_base, secrets, clock)
        self._links = Links(self._caller, settings)
        self._rest = RestCalls(self._caller, self._tokens, settings.api_base)
        self.cash_receipts = PortOneReceipts(self._rest, settings)

    @property
    def capabilities(self) -> Capabilities:
        """What V1 can do."""
        return CAPABILITIES

    def close(self) -> None:
        """Close the kept connections; the gateway stays usable."""
        self._transport.close()

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """Register the only amount that may be paid under this number.

        PortOne refuses a second registration; that is fine if it holds the same amount.
        """
        body = {
            "merchant_uid": merchant_uid,
            "amount": int(require_positive(amount)),
            "currency": "KRW",
        }
        try:
            self._rest.send(self._rest.write("POST", "/payments/prepare", body, Purpose.PREPARE))
        except GatewayError as refusal:
            if refusal.outcome is not GatewayOutcome.REFUSED or not self._holds(
                merchant_uid, amount
            ):
                raise

    def create_link(self, order: CheckoutOrder) -> Link:
        """Create a payment link whose host the settings allow."""
        return self._links.create(order, self._tokens.server_now())

    def close_link(self, url: str) -> None:
        """Disable the link; a buyer already in KakaoPay can still pay."""
        self._links.close(url)

    def find_payment(self, merchant_uid: str) -> ReportedPayment | None:
        """Return the payment of a number: a paid one, else the newest try, or ``None``.

        Several tries may share the number. Sorting by payment time, newest first, puts a paid try
        first. Among unpaid tries that order means nothing, so after a failed try the newest one is
        read.
        """
        path = f"/payments/find/{path_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        found = self._find_one(path, (("sorting", "-paid"),))
        if found is None or found.status is not ReportedStatus.FAILED:
            return found
        return self._find_one(path, (("sorting", "-started"),)) or found

    def find_payments(self, merchant_uid: str) -> tuple[ReportedPayment, ...]:
        """Return every try under a number, oldest first; empty while there is none."""
        path = f"/payments/findAll/{path_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        tries: list[ReportedPayment] = []
        for number in range(1, TRIES_PAGES + 1):
            query = (("page", str(number)), ("limit", str(TRIES_PAGE)), ("sorting", "started"))
            page = self._find_page(path, query)
            if page is None:
                return tuple(tries)
            if page.unreadable:  # all of them have our number
                raise invalid_answer()
            tries += page.payments
            if page.next_page is None:
                return tuple(tries)
            if page.next_page != number + 1:
                break
        raise invalid_answer()

    def get_payment(self, ref: PaymentRef) -> ReportedPayment | None:
        """Read one payment; ``None`` if PortOne does not know it."""
        query = (("include_sandbox", "true"),) if self._settings.include_sandbox else ()
        path = f"/payments/{path_segment(ref.provider_id, payloads.IMP_UID_LIMIT)}"
        found = self._find_one(path, query)
        if found is not None and found.imp_uid != ref.provider_id:
            raise invalid_answer()
        return found

    def cancel(self, order: RefundCommand) -> RefundAnswer:
        """Send a refund once and return the payment after it. V1 answers when the money went back.

        A token that PortOne refuses is renewed, but the cancel is not repeated. The error is
        RETRY_SAFE and UNAUTHORIZED, so that the caller reads the payment before the next send.
        """
        amount, checksum = require_positive(order.amount), require_positive(order.expected_balance)
        if amount > checksum:
            raise ValueError("a refund larger than the balance it is checked against")
        body: dict[str, object] = {
            "imp_uid": order.ref.provider_id,
            "amount": int(amount),
            "tax_free": int(require_part(order.tax_free, amount)),
            "checksum": int(checksum),
            "reason": order.reason,
        }
        if order.refund_holder:
            body["refund_holder"] = strip_controls(order.refund_holder)
        call = self._rest.write("POST", "/payments/cancel", body, Purpose.CANCEL)
        after = self._rest.answer(call, payloads.payment, repeat_unauthorized=False)
        if after.imp_uid != order.ref.provider_id:
            raise invalid_answer()
        return RefundAnswer(CancellationState.SUCCEEDED, after)

    def list_payments(
        self, since: datetime, until: datetime, cursor: str | None = None
    ) -> PaymentPage:
        """Read one page of a window of at most 90 days; the cursor is the number of a page."""
        page = payment_list.page_of(cursor)
        call = self._rest.read(payment_list.PATH, payment_list.page_query(since, until, page))
        try:
            answer = self._rest.answer(call, payloads.page)
        except GatewayError as error:
            if page == 1 and says_empty(error):
                return payment_list.EMPTY_PAGE
            raise
        return payment_list.to_payment_page(answer, page)

    def channels(self) -> tuple[payloads.Channel, ...]:
        """Read the shop's channels."""
        return self._rest.answer(self._rest.read("/users/pg"), payloads.channels)

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """Return whether the keys open this shop's account, by its channels and a registered
        number."""
        own = self._settings.channel_key
        keys = {channel.channel_key for channel in self.channels()}
        if own and keys and own not in keys:
            return False
        return not merchant_uid or self._registered(merchant_uid) is not None

    def server_now(self) -> datetime:
        """Return PortOne's own clock (UTC, whole seconds), from a fresh answer."""
        return self._tokens.fetch().now

    def probe(self) -> None:
        """Request the channels within short limits, with the cached token or without one.

        Does not call ``getToken``: the keys would be sent every second while PortOne is
        unreachable. Without a token PortOne refuses with its own text, which proves reachability as
        well.
        """
        token = self._tokens.cached()
        call = self._rest.read("/users/pg")
        try:
            self._caller.call(with_token(token, call) if token else call, PROBE)
        except GatewayError as error:
            if error.cause is not GatewayCause.UNAUTHORIZED:
                raise
            if error.code == HTTP_UNAUTHORIZED:  # no envelope code: the answer is not PortOne's
                raise GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.PORTAL) from None

    def _registered(self, merchant_uid: str) -> payloads.PreparedAnswer | None:
        path = f"/payments/prepare/{path_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        return self._rest.or_none(self._rest.read(path), payloads.prepared)

    def _holds(self, merchant_uid: str, amount: Won) -> bool:
        path = f"/payments/prepare/{path_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        try:
            held = self._rest.answer(self._rest.read(path), payloads.prepared)
        except GatewayError as error:
            if error.outcome is GatewayOutcome.REFUSED:
                return False
            raise
        return held.merchant_uid == merchant_uid and held.amount == amount

    def _find_one(self, path: str, query: tuple[tuple[str, str], ...]) -> ReportedPayment | None:
        return self._rest.or_none(self._rest.read(path, query), payloads.payment)

    def _find_page(
        self, path: str, query: tuple[tuple[str, str], ...]
    ) -> payloads.PageAnswer | None:
        return self._rest.or_none(self._rest.read(path, query), payloads.page)
