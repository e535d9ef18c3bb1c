"""Payment links: what a QR carries (docs/portone.md, "The QR")."""

from __future__ import annotations

import json
import re
from datetime import datetime

from posapp.domain.errors import GatewayCause, GatewayError, Outcome
from posapp.domain.money import positive
from posapp.domain.orders import NAME_LIMIT
from posapp.domain.refunds import plain
from posapp.portone.calling import Call, Caller, garbage
from posapp.portone.outcomes import Api, Deed
from posapp.portone.settings import GatewaySettings, LinkMode
from posapp.portone.transport import Request
from posapp.services.ports.gateway import Link, LinkOrder

LINKS = "/api/supplements/v1/link/payment"
URL_LIMIT = 300
"""Characters; a longer address would make a QR that no counter display can show."""
BUTTON_LABEL = "카카오페이"

_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])"
    r"(?P<port>:[0-9]{1,5})?(?P<path>(?:/[A-Za-z0-9._~%+@=-]+)+)/?"
    r"(?:\?[A-Za-z0-9._~%+&=-]*)?"
)


class Links:
    """Makes and closes payment links. The service knows no login, so no token travels there."""

    def __init__(self, caller: Caller, settings: GatewaySettings) -> None:
        self._caller = caller
        self._settings = settings

    def create(self, order: LinkOrder, server_now: datetime) -> Link:
        """Make a link that lives ``order.seconds`` from PortOne's own now.

        Raises:
            GatewayError: REFUSED and SETTINGS for missing settings (nothing is sent then) or a
                link that leads elsewhere than settings allow; else as the outcome table says.
        """
        if not self._settings.user_code or not self._settings.channel_key:
            raise GatewayError(
                Outcome.REFUSED, GatewayCause.SETTINGS, text="user_code, channel_key"
            )
        body = {
            "expired_at": int(server_now.timestamp()) + order.seconds,
            "payment_info": json.dumps(self._payment_info(order), ensure_ascii=False),
        }
        reply = self._caller.call(
            Call(Deed.WRITE, Request("POST", self._settings.link_base, LINKS, body=body), Api.LINK)
        )
        url = (reply.value or {}).get("shortenedUrl")
        if not isinstance(url, str):
            raise garbage()
        self._link_id(url)
        return Link(url)

    def close(self, url: str) -> None:
        """Switch a link off. One that PortOne no longer knows lets nobody in either.

        Raises:
            GatewayError: as the outcome table says, or SETTINGS if the address is not allowed.
        """
        path = f"{LINKS}/{self._link_id(url)}"
        request = Request("PUT", self._settings.link_base, path)
        try:
            self._caller.call(Call(Deed.WRITE, request, Api.LINK))
        except GatewayError as error:
            if error.cause is not GatewayCause.NOT_FOUND:
                raise

    def _payment_info(self, order: LinkOrder) -> dict[str, object]:
        settings = self._settings
        way = {"channelKey": settings.channel_key, "pay_method": settings.pay_method}
        info: dict[str, object] = {
            "title": plain(order.title),
            "user_code": settings.user_code,
            "amount": int(positive(order.amount)),
            "merchant_uid": order.merchant_uid,
            "name": plain(order.name)[:NAME_LIMIT],
            "currency": "KRW",
            "buyer_tel": plain(order.buyer_tel),
        }
        if order.buyer_name:
            info["buyer_name"] = plain(order.buyer_name)
        if settings.link_mode is LinkMode.DIRECT:
            info["direct"] = way
        else:
            info["pay_methods"] = [{**way, "label": BUTTON_LABEL}]
        return info

    def _link_id(self, url: str) -> str:
        """The last part of an allowed address; raises ``GatewayError`` for any other."""
        parts = _URL.fullmatch(url) if len(url) <= URL_LIMIT else None
        if parts is None or not self._is_allowed(parts):
            raise GatewayError(Outcome.REFUSED, GatewayCause.SETTINGS, text=plain(url)[:100])
        link_id = parts["path"].rpartition("/")[2]
        if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", link_id):
            raise GatewayError(Outcome.REFUSED, GatewayCause.SETTINGS, text=plain(url)[:100])
        return link_id

    def _is_allowed(self, parts: re.Match[str]) -> bool:
        origin = f"{parts['scheme']}://{parts['host']}{parts['port'] or ''}".lower()
        allowed = (
            (host if "://" in host else f"https://{host}").lower().rstrip("/")
            for host in self._settings.link_hosts
        )
        return origin in allowed
