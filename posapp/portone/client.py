"""PortOne's V1 REST service, in this shop's words (docs/portone.md, "V1 REST")."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import quote

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.money import Won, positive
from posapp.domain.payments import MERCHANT_UID_LIMIT, ReportedPayment, ReportedStatus
from posapp.domain.refunds import plain
from posapp.portone import wire
from posapp.portone.calling import Call, Caller, Probe, believed, garbage
from posapp.portone.empty_list import says_empty
from posapp.portone.links import Links
from posapp.portone.outcomes import Deed
from posapp.portone.refusals import Purpose
from posapp.portone.settings import GatewaySettings, Limits
from posapp.portone.tokens import Token, Tokens
from posapp.portone.transport import Reply, Request, Transport
from posapp.services.ports.gateway import (
    CancelOrder,
    Channel,
    Link,
    LinkOrder,
    PaymentPage,
)
from posapp.services.ports.machine import Clock, Secrets

WINDOW = timedelta(days=90)
PAGE_LIMIT = 1000
TRIES_PAGE = 100
TRIES_PAGES = 10
PROBE = Probe(Limits(connect_ms=1_500, read_ms=1_500, total_ms=2_500))
"""Short, so that somebody who is away is asked again soon; long enough for a slow line."""

HTTP_UNAUTHORIZED = 401
STATUSES = frozenset({"all", "ready", "paid", "cancelled", "failed"})

T = TypeVar("T")


class PortOneGateway:
    """The ``PaymentGateway`` over PortOne V1. May be used by any number of threads at once.

    Every method raises ``GatewayError``, and ``EnvironmentProblem`` when the keyring does not give
    the keys. An argument that no caller may ever pass (a page 0, an amount of 0) raises
    ``ValueError`` or ``InvalidAmount`` before anything is sent.
    """

    def __init__(self, settings: GatewaySettings, secrets: Secrets, clock: Clock) -> None:
        self._settings = settings
        self._transport = Transport(settings)
        self._caller = Caller(self._transport, clock)
        self._tokens = Tokens(self._caller, settings.api_base, secrets, clock)
        self._links = Links(self._caller, settings)

    def close(self) -> None:
        """Close the kept connections; the gateway stays usable."""
        self._transport.close()

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """Register the amount that alone may be paid under this number.

        PortOne refuses a second time; that is fine if it holds the same amount.
        """
        body = {"merchant_uid": merchant_uid, "amount": int(positive(amount)), "currency": "KRW"}
        try:
            self._send(self._write("POST", "/payments/prepare", body, Purpose.PREPARE))
        except GatewayError as refusal:
            if refusal.outcome is not Outcome.REFUSED or not self._holds(merchant_uid, amount):
                raise

    def create_link(self, order: LinkOrder) -> Link:
        """Make a payment link whose host settings allow."""
        return self._links.create(order, self._tokens.server_now())

    def close_link(self, url: str) -> None:
        """Let nobody new in."""
        self._links.close(url)

    def find(self, merchant_uid: str) -> ReportedPayment | None:
        """The payment of a number: one that was paid, else the newest try, or ``None``.

        Several tries may share the number. Sorted by when they were paid, newest first, a paid
        one leads; among unpaid ones that order says nothing, so a failed try is followed by a
        look at the newest.
        """
        path = f"/payments/find/{_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        found = self._find_one(path, (("sorting", "-paid"),))
        if found is None or found.status is not ReportedStatus.FAILED:
            return found
        return self._find_one(path, (("sorting", "-started"),)) or found

    def find_all(self, merchant_uid: str) -> tuple[ReportedPayment, ...]:
        """Every try under a number, oldest first; empty while there is none."""
        path = f"/payments/findAll/{_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        tries: list[ReportedPayment] = []
        for number in range(1, TRIES_PAGES + 1):
            query = (("page", str(number)), ("limit", str(TRIES_PAGE)), ("sorting", "started"))
            page = self._find_page(path, query)
            if page is None:
                return tuple(tries)
            if page.unreadable:  # all of them have our number
                raise garbage()
            tries += page.payments
            if page.next_page is None:
                return tuple(tries)
            if page.next_page != number + 1:
                break
        raise garbage()

    def read(self, imp_uid: str) -> ReportedPayment | None:
        """One payment, afresh; ``None`` if PortOne does not know it."""
        query = (("include_sandbox", "true"),) if self._settings.include_sandbox else ()
        path = f"/payments/{_segment(imp_uid, wire.IMP_UID_LIMIT)}"
        found = self._find_one(path, query)
        if found is not None and found.imp_uid != imp_uid:
            raise garbage()
        return found

    def cancel(self, order: CancelOrder) -> ReportedPayment:
        """Send money back, once, and return the payment after it.

        A token that PortOne refuses is renewed, but the cancel is not sent again: RETRY_SAFE and
        UNAUTHORIZED, so that the payment is read before it is.
        """
        amount, checksum = positive(order.amount), positive(order.checksum)
        if amount > checksum:
            raise ValueError("a refund larger than the balance it is checked against")
        body: dict[str, object] = {
            "imp_uid": order.imp_uid,
            "amount": int(amount),
            "checksum": int(checksum),
            "reason": order.reason,
        }
        if order.refund_holder:
            body["refund_holder"] = plain(order.refund_holder)
        call = self._write("POST", "/payments/cancel", body, Purpose.CANCEL)
        after = self._answer(call, wire.payment, repeat_unauthorized=False)
        if after.imp_uid != order.imp_uid:
            raise garbage()
        return after

    def list_payments(
        self, status: str, since: datetime, until: datetime, page: int, limit: int
    ) -> PaymentPage:
        """One page of a window of at most 90 days; pages count from 1, at most 1000 a page."""
        if status not in STATUSES or page < 1 or not 1 <= limit <= PAGE_LIMIT:
            raise ValueError("no such page")
        if not timedelta(0) <= until - since <= WINDOW:
            raise ValueError("a window of at most 90 days")
        query = (
            ("page", str(page)),
            ("limit", str(limit)),
            ("from", str(int(since.timestamp()))),
            ("to", str(int(until.timestamp()))),
            ("sorting", "started"),
        )
        try:
            return self._answer(self._read(f"/payments/status/{status}", query), wire.page)
        except GatewayError as error:
            if page == 1 and says_empty(error):
                return PaymentPage((), 0, None)
            raise

    def channels(self) -> tuple[Channel, ...]:
        """The shop's channels."""
        return self._answer(self._read("/users/pg"), wire.channels)

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """Whether the keys open this shop's account, by its channels and a registered number."""
        own = self._settings.channel_key
        keys = {channel.channel_key for channel in self.channels()}
        if own and keys and own not in keys:
            return False
        return not merchant_uid or self._registered(merchant_uid) is not None

    def server_now(self) -> datetime:
        """PortOne's own clock (UTC, whole seconds), from a fresh answer."""
        return self._tokens.fresh().now

    def probe(self) -> None:
        """Ask for the channels, in short time, with the token that is there or with none.

        ``getToken`` is left alone: the keys would travel every second while PortOne is away.
        Without a token PortOne refuses in its own words, which proves the way as well.
        """
        token = self._tokens.at_hand()
        call = self._read("/users/pg")
        try:
            self._caller.call(_with(token, call) if token else call, PROBE)
        except GatewayError as error:
            if error.cause is not GatewayCause.UNAUTHORIZED:
                raise
            if error.code == HTTP_UNAUTHORIZED:  # no code of an envelope: these are not its words
                raise GatewayError(Outcome.RETRY_SAFE, GatewayCause.PORTAL) from None

    def _registered(self, merchant_uid: str) -> wire.PreparedAnswer | None:
        path = f"/payments/prepare/{_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        return self._or_none(self._read(path), wire.prepared)

    def _holds(self, merchant_uid: str, amount: Won) -> bool:
        path = f"/payments/prepare/{_segment(merchant_uid, MERCHANT_UID_LIMIT)}"
        try:
            held = self._answer(self._read(path), wire.prepared)
        except GatewayError as error:
            if error.outcome is Outcome.REFUSED:
                return False
            raise
        return held.merchant_uid == merchant_uid and held.amount == amount

    def _find_one(self, path: str, query: tuple[tuple[str, str], ...]) -> ReportedPayment | None:
        return self._or_none(self._read(path, query), wire.payment)

    def _find_page(self, path: str, query: tuple[tuple[str, str], ...]) -> PaymentPage | None:
        return self._or_none(self._read(path, query), wire.page)

    def _or_none(self, call: Call, read: Callable[[object], T]) -> T | None:
        try:
            return self._answer(call, read)
        except GatewayError as error:
            if error.cause is GatewayCause.NOT_FOUND:
                return None
            raise

    def _read(self, path: str, query: tuple[tuple[str, str], ...] = ()) -> Call:
        return Call(Deed.READ, Request("GET", self._settings.api_base, path, query))

    def _write(self, method: str, path: str, body: dict[str, object], purpose: Purpose) -> Call:
        request = Request(method, self._settings.api_base, path, body=body)
        return Call(Deed.WRITE, request, purpose=purpose)

    def _answer(
        self, call: Call, read: Callable[[object], T], *, repeat_unauthorized: bool = True
    ) -> T:
        reply = self._send(call, repeat_unauthorized=repeat_unauthorized)
        return believed(read, (reply.value or {}).get("response"))

    def _send(self, call: Call, *, repeat_unauthorized: bool = True) -> Reply:
        """Send with the token; when PortOne refuses that, fetch one new token and no more.

        Raises:
            GatewayError: after a second refusal, or after the first where the call must not be
                repeated before the payment was read.
        """
        token = self._tokens.current()
        try:
            return self._caller.call(_with(token, call))
        except GatewayError as error:
            refused = error.cause is GatewayCause.UNAUTHORIZED
            # What may have been done has to come out as that, whatever becomes of a new token; the
            # next reading fetches one.
            if not refused or error.outcome is not Outcome.RETRY_SAFE:
                raise
            token = self._tokens.instead_of(token)
            if not repeat_unauthorized:
                raise
        return self._caller.call(_with(token, call))


def _with(token: Token, call: Call) -> Call:
    headers = (("Authorization", f"Bearer {token.text}"),)
    return replace(call, request=replace(call.request, headers=headers))


def _segment(text: str, limit: int) -> str:
    """One part of a path, so written that it stays one part."""
    if not 1 <= len(text) <= limit or text in (".", ".."):
        raise ValueError("no number that PortOne could have")
    return quote(text, safe="")
