"""Port to the payment gateway, PortOne."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Protocol

from posapp.domain.money import Won
from posapp.domain.payment_ref import PaymentRef
from posapp.domain.payments import ReportedPayment
from posapp.domain.refunds import RefundAnswer

KEY_TAG_LIMIT = 50
"""Characters of the tag in an idempotency key; a tag has about 30."""


@dataclass(frozen=True, slots=True)
class RefundCommand:
    """A refund to send.

    Attributes:
        amount, expected_balance: won, above 0, and always sent.
        reason: with the tag at its end.
        tag: the refund's own, unique.
        send_number: which send of this refund it is; the first is 1.
        refund_holder: the buyer's name, or empty.
    """

    ref: PaymentRef
    amount: Won
    expected_balance: Won
    reason: str
    tag: str
    send_number: int
    refund_holder: str = ""

    @property
    def idempotency_key(self) -> str:
        """Key under which a provider carries the command out once: the same for a repeat of this
        send, another for any other content, because a key with changed content is an error.

        Visible ASCII, at most 100 characters. PortOne V1 has no such key and ignores it.
        """
        content = (
            self.ref.provider.value,
            self.ref.merchant_uid,
            self.ref.provider_id,
            int(self.amount),
            int(self.expected_balance),
            self.reason,
            self.tag,
            self.send_number,
            self.refund_holder,
        )
        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()
        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]
        return f"{readable}.{self.send_number}.{digest[:32]}"


@dataclass(frozen=True, slots=True)
class Channel:
    """One of the shop's channels at PortOne."""

    pg_provider: str
    channel_key: str
    sandbox: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class UnreadableLine:
    """A line of a payment list that is invalid, and what is known of it.

    Attributes:
        imp_uid, merchant_uid: empty where the line does not contain them.
        why: the field that is invalid.
    """

    imp_uid: str
    merchant_uid: str
    why: str


@dataclass(frozen=True, slots=True)
class PaymentPage:
    """One page of a provider's list of payments, for reconciling.

    Attributes:
        unreadable: invalid lines of the page; the caller decides to which till they belong.
        next_cursor: asks for the page after this one; ``None`` after the last.
    """

    payments: tuple[ReportedPayment, ...]
    unreadable: tuple[UnreadableLine, ...] = ()
    next_cursor: str | None = None


class PaymentGateway(Protocol):
    """The payment gateway PortOne. Every call may take long: never on the screen's thread, never
    inside a unit of work.

    Every method raises ``GatewayError``; its ``outcome`` says what is known.
    """

    def close(self) -> None:
        """Close the kept connections."""
        ...

    def find_payment(self, merchant_uid: str) -> ReportedPayment | None:
        """Return the payment of a number: the paid one if there is one; ``None`` while there is
        none."""
        ...

    def find_payments(self, merchant_uid: str) -> tuple[ReportedPayment, ...]:
        """Return every try under a number, oldest first; empty while there is none."""
        ...

    def get_payment(self, ref: PaymentRef) -> ReportedPayment | None:
        """Read one payment; ``None`` if PortOne does not know it."""
        ...

    def cancel(self, order: RefundCommand) -> RefundAnswer:
        """Send a refund and return what the provider answers.

        The payment of an answer does not yet confirm *this* refund: search it for the refund's tag.
        The client sends once and never repeats a cancel.
        """
        ...

    def list_payments(
        self, since: datetime, until: datetime, cursor: str | None = None
    ) -> PaymentPage:
        """Return one page of the payments of every status in a window of at most 90 days. A window
        without payments is an empty page, in whichever way the provider reports it.

        Args:
            cursor: of the page before, for the same window; ``None`` for the first page. Only the
                provider's client knows what it means.
        """
        ...

    def channels(self) -> tuple[Channel, ...]:
        """Return the shop's channels."""
        ...

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """Return whether the keys open this shop's account: its channels include the one of the
        settings, and it holds the number, if one is given. Where PortOne shows no channel with a
        key, the number alone decides.

        Args:
            merchant_uid: one that this till registered recently.
        """
        ...

    def server_now(self) -> datetime:
        """Return PortOne's own clock (UTC), from a fresh answer: for the doctor and for link
        ends."""
        ...

    def probe(self) -> None:
        """Check that PortOne is reachable, by a cheap call of at most 3 seconds. It needs no keys,
        changes nothing, and may be made every second."""
        ...
