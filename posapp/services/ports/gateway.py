"""The port to PortOne, in this shop's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.payments import ReportedPayment


@dataclass(frozen=True, slots=True)
class LinkOrder:
    """What a payment link is made of.

    Attributes:
        title: the shop's name, as the buyer's page shows it.
        name: the payment's name (``Order.name``).
        seconds: how long the link lives from PortOne's own now.
        buyer_name, buyer_tel: may be empty.
    """

    merchant_uid: str
    amount: Won
    title: str
    name: str
    seconds: int
    buyer_name: str = ""
    buyer_tel: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A payment link: what the QR carries."""

    url: str


@dataclass(frozen=True, slots=True)
class CancelOrder:
    """Money to be sent back. ``amount`` and ``checksum`` are won, above 0, and always said."""

    imp_uid: str
    amount: Won
    checksum: Won
    reason: str
    refund_holder: str = ""


@dataclass(frozen=True, slots=True)
class Channel:
    """One of the shop's channels at PortOne."""

    pg_provider: str
    channel_key: str
    sandbox: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A payment of a list that could not be believed, and what is known of it.

    Attributes:
        imp_uid, merchant_uid: empty where the line does not say.
        why: the field that cannot be.
    """

    imp_uid: str
    merchant_uid: str
    why: str


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """One page of PortOne's list of payments, for reconciling.

    Attributes:
        unreadable: lines of the page that could not be believed; whose they are is for the caller
            to say.
    """

    payments: tuple[ReportedPayment, ...]
    total: int
    next_page: int | None
    unreadable: tuple[UnreadableLine, ...] = ()


class PaymentGateway(Protocol):
    """PortOne, in this shop's words. Every call may take long: never on the screen's thread,
    never inside a unit of work.

    Every method raises ``GatewayError``; its ``outcome`` says what is known.
    """

    def prepare(self, merchant_uid: str, amount: Won) -> None:
        """Register the amount that alone may be paid under this number. Registered already with
        the same amount is fine."""
        ...

    def create_link(self, order: LinkOrder) -> Link:
        """Make a payment link. Its host is on the allow-list, or the call fails."""
        ...

    def close(self) -> None:
        """End its connections; whoever still uses it gets an error."""
        ...

    def close_link(self, url: str) -> None:
        """Let nobody new in; who is inside KakaoPay can still finish for 15 minutes."""
        ...

    def find(self, merchant_uid: str) -> ReportedPayment | None:
        """The payment of a number: the paid one if there is one; ``None`` while there is none."""
        ...

    def find_all(self, merchant_uid: str) -> tuple[ReportedPayment, ...]:
        """Every try under a number, oldest first; empty while there is none."""
        ...

    def read(self, imp_uid: str) -> ReportedPayment | None:
        """One payment, afresh; ``None`` if PortOne does not know it."""
        ...

    def cancel(self, order: CancelOrder) -> ReportedPayment:
        """Send money back and return the payment after it.

        A returned payment is not yet a confirmation of *this* refund: look for its tag. Sent once;
        never repeated by the client itself.
        """
        ...

    def list_payments(
        self, status: str, since: datetime, until: datetime, page: int, limit: int
    ) -> PaymentPage:
        """One page of what PortOne has of a window of at most 90 days; pages count from 1. A
        window without payments is an empty page, however PortOne says so."""
        ...

    def channels(self) -> tuple[Channel, ...]:
        """The shop's channels."""
        ...

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """Whether the keys open this shop's account: its channels hold the one of the settings,
        and it holds the number, if one is named. Where PortOne shows no channel with a key, the
        number alone decides.

        Args:
            merchant_uid: one that this till registered not long ago.
        """
        ...

    def server_now(self) -> datetime:
        """PortOne's own clock (UTC), from a fresh answer: for the doctor and for link ends."""
        ...

    def probe(self) -> None:
        """Feel for the way to PortOne: the lightest call that proves it, over within 3 seconds.
        It needs no keys, changes nothing, and may be made every second."""
        ...
