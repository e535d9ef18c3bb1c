"""Settings of the gateway: PortOne's addresses, the shop's identity there, and time limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.hosts import PUBLISHED, is_published, key_host


class LinkMode(StrEnum):
    """First page behind the QR: KakaoPay itself, or a page with a button for it."""

    DIRECT = "direct"
    BUTTONS = "buttons"


@dataclass(frozen=True, slots=True)
class Limits:
    """Milliseconds of one call: to connect (name, socket and TLS together), to wait for the next
    byte, and in total."""

    connect_ms: int
    read_ms: int
    total_ms: int


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """All settings of PortOne that are not secret.

    Attributes:
        api_base: the V1 REST service, without a slash at its end.
        link_base: the payment link service (note **.co**: docs/portone.md, "The QR").
        user_code: the shop's public number at PortOne (``imp…``).
        channel_key: the KakaoPay channel; ``/users/pg`` lists it.
        receipt_channel_key: the channel that issues cash receipts; empty for none.
        receipt_phone, receipt_business: of the shop, for payment companies that want them with each
            receipt; digits or empty.
        pay_method: a guess in docs/portone.md, hence a setting.
        link_hosts: allowed hosts of links. ``impay.link`` means ``https://impay.link``; an entry
            with a scheme (``http://127.0.0.1:5123``) is exactly that origin.
        include_sandbox: also read payments of test channels. On in live mode too: a test payment
            has to be seen to be refused.
        connect_ms, read_ms, total_ms: milliseconds to connect (name, socket and TLS together), to
            wait for the next byte, and for the whole exchange.
        idle_ms: a connection that was idle for longer is not reused: the other side may have closed
            it, and a write on a closed connection is needlessly UNKNOWN.
        body_limit: largest number of bytes read from an answer.
        ca_file: certificates to trust instead of the bundled ones; empty for the bundled ones.
        live: real money: its keys go to PortOne's published hosts and nowhere else.
    """

    api_base: str = "https://api.iamport.kr"
    link_base: str = "https://api.iamport.co"
    user_code: str = ""
    channel_key: str = ""
    receipt_channel_key: str = ""
    receipt_phone: str = ""
    receipt_business: str = ""
    pay_method: str = "kakaopay"
    link_mode: LinkMode = LinkMode.DIRECT
    link_hosts: tuple[str, ...] = ("impay.link",)
    include_sandbox: bool = True
    connect_ms: int = 5_000
    read_ms: int = 60_000
    total_ms: int = 75_000
    idle_ms: int = 30_000
    body_limit: int = 1024 * 1024
    ca_file: str = ""
    live: bool = False

    def __post_init__(self) -> None:
        """Refuse addresses over which a secret would be sent unencrypted.

        Raises:
            EnvironmentProblem: SETTINGS_BAD: an address is no ``https://host`` and no ``http://``
                of this machine or of a private network (the sandbox); or, live, not PortOne's.
            ValueError: a time or a size is not above 0.
        """
        for name, base in (("api_base", self.api_base), ("link_base", self.link_base)):
            if not is_safe_base(base):
                raise EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, f"{name}: https only")
            if self.live and not is_published(name, base):
                detail = f"{name}: https://{PUBLISHED[name]} only when live"
                raise EnvironmentProblem(EnvironmentCode.SETTINGS_BAD, detail)
        if min(self.connect_ms, self.read_ms, self.total_ms, self.idle_ms, self.body_limit) <= 0:
            raise ValueError("times and sizes are above 0")

    @property
    def key_host(self) -> str:
        """The host that the keys belong to."""
        return key_host(self.api_base)

    @property
    def limits(self) -> Limits:
        """Default limits of a call."""
        return Limits(self.connect_ms, self.read_ms, self.total_ms)


def is_safe_base(base: str) -> bool:
    """Return whether keys may be sent to an address: https, or plain http to this machine or a
    private network."""
    try:
        parts = urlsplit(base)
        port = parts.port
    except ValueError:
        return False
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        return False
    if base.endswith("/") or port == 0 or not base.isascii() or any(c.isspace() for c in base):
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_own(parts.hostname))


def _is_own(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_private
