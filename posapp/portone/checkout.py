"""Checkout of PortOne V1: a registered amount and a payment link (docs/portone.md, "The QR")."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won, require_part, require_positive
from posapp.domain.orders import NAME_LIMIT
from posapp.domain.payment_ref import Provider
from posapp.domain.text import strip_controls
from posapp.portone.api_call import ApiCall, ApiClient, invalid_answer
from posapp.portone.http_messages import HttpRequest
from posapp.portone.outcome_table import Api, CallKind
from posapp.portone.settings import GatewaySettings, LinkMode
from posapp.services.ports.checkout import CheckoutHandle, CheckoutOrder, CheckoutSession
from posapp.services.ports.system import Clock

LINKS = "/api/supplements/v1/link/payment"
URL_LIMIT = 300
"""Characters; a longer address makes a QR that no counter display can show."""
BUTTON_LABEL = "카카오페이"

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?P<port>:[0-9]{1,5})?(?P<path>(?:/[A-Za-z0-9._~%+@=-]+)+)/?"
    r"(?:\?[A-Za-z0-9._~%+&=-]*)?"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link, which the QR encodes."""

    url: str


class Links:
    """Creates and disables payment links. The service has no login, so no token is sent to it."""

    def __init__(self, caller: ApiClient, settings: GatewaySettings) -> None:
        self._caller = caller
        self._settings = settings

    def create(self, order: CheckoutOrder, server_now: datetime) -> Link:
        """Create a link that is valid for ``order.seconds`` from PortOne's current time.

        Raises:
            GatewayError: REFUSED and SETTINGS for missing settings (nothing is sent then) or a link
                to a host that the settings do not allow; else as the outcome table says.
        """
        if not self._settings.user_code or not self._settings.channel_key:
            raise GatewayError(
                GatewayOutcome.REFUSED, GatewayCause.SETTINGS, text="user_code, channel_key"
            )
        body = {
            "expired_at": int(server_now.timestamp()) + order.seconds,
            "payment_info": json.dumps(self._payment_info(order), ensure_ascii=False),
        }
        reply = self._caller.call(
            ApiCall(
                CallKind.WRITE,
                HttpRequest("POST", self._settings.link_base, LINKS, body=body),
                Api.LINK,
            )
        )
        url = (reply.value or {}).get("shortenedUrl")
        if not isinstance(url, str):
            raise invalid_answer()
        self._link_id(url)
        return Link(url)

    def close(self, url: str) -> None:
        """Disable a link. A link that PortOne no longer knows counts as disabled.

        Raises:
            GatewayError: as the outcome table says, or SETTINGS if the address is not allowed.
        """
        path = f"{LINKS}/{self._link_id(url)}"
        request = HttpRequest("PUT", self._settings.link_base, path)
        try:
            self._caller.call(ApiCall(CallKind.WRITE, request, Api.LINK))
        except GatewayError as error:
            if error.cause is not GatewayCause.NOT_FOUND:
                raise

    def _payment_info(self, order: CheckoutOrder) -> dict[str, object]:
        settings = self._settings
        way = {"channelKey": settings.channel_key, "pay_method": settings.pay_method}
        info: dict[str, object] = {
            "title": strip_controls(order.title),
            "user_code": settings.user_code,
            "amount": int(require_positive(order.amount)),
            "tax_free": int(require_part(order.tax_free, order.amount)),
            "merchant_uid": order.merchant_uid,
            "name": strip_controls(order.name)[:NAME_LIMIT],
            "currency": "KRW",
            "buyer_tel": strip_controls(order.buyer_tel),
        }
        if order.buyer_name:
            info["buyer_name"] = strip_controls(order.buyer_name)
        if settings.link_mode is LinkMode.DIRECT:
            info["direct"] = way
        else:
            info["pay_methods"] = [{**way, "label": BUTTON_LABEL}]
        return info

    def _link_id(self, url: str) -> str:
        """Return the last part of an allowed address; raises ``GatewayError`` for any other."""
        parts = _URL.fullmatch(url) if len(url) <= URL_LIMIT else None
        if parts is None or not self._is_allowed(parts):
            raise GatewayError(
                GatewayOutcome.REFUSED, GatewayCause.SETTINGS, text=strip_controls(url)[:100]
            )
        link_id = parts["path"].rpartition("/")[2]
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link_id):
            raise GatewayError(
                GatewayOutcome.REFUSED, GatewayCause.SETTINGS, text=strip_controls(url)[:100]
            )
        return link_id

    def _is_allowed(self, parts: re.Match[str]) -> bool:
        origin = f"{parts['scheme']}://{parts['host']}{parts['port'] or ''}".lower()
        allowed = (
            (host if "://" in host else f"https://{host}").lower().rstrip("/")
            for host in self._settings.link_hosts
        )
        return origin in allowed


class LinkGateway(Protocol):
    """The calls of V1 that a checkout consists of (``posapp.portone.client``)."""

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """Register the only amount that may be paid under this number."""
        ...

    def create_link(self, order: CheckoutOrder) -> Link:
        """Create a payment link."""
        ...

    def close_link(self, url: str) -> None:
        """Disable a payment link."""
        ...


class PortOneCheckout:
    """``Checkout`` over PortOne V1. Thread-safe."""

    provider = Provider.PORTONE_V1

    def __init__(self, gateway: LinkGateway, clock: Clock) -> None:
        self._gateway = gateway
        self._clock = clock

    def create(self, order: CheckoutOrder) -> CheckoutSession:
        """Register the amount, then make the link.

        Without a link nobody can pay under the number, whether it was registered or not. A
        registration without a clear answer is therefore RETRY_SAFE here.
        """
        try:
            self._gateway.prepare(order.merchant_uid, order.amount)
        except GatewayError as error:
            if error.outcome is GatewayOutcome.UNKNOWN:
                raise _without_link(error) from error
            raise
        link = self._gateway.create_link(order)
        expires_at = self._clock.now() + timedelta(seconds=order.seconds)
        return CheckoutSession(link.url, expires_at, CheckoutHandle(order.merchant_uid, link.url))

    def close(self, handle: CheckoutHandle) -> None:
        """Disable the link."""
        self._gateway.close_link(handle.url)


def _without_link(error: GatewayError) -> GatewayError:
    return GatewayError(
        GatewayOutcome.RETRY_SAFE,
        error.cause,
        code=error.code,
        text=error.text,
        retry_after=error.retry_after,
    )
