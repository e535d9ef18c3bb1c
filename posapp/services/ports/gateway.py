"""Port to the gateway of a payment provider."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from posapp.domain.money import ZERO, Won
from posapp.domain.payment_ref import PaymentRef, Provider
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
        tax_free: won of the amount that are free of tax; always sent.
    """

    ref: PaymentRef
    amount: Won
    expected_balance: Won
    reason: str
    tag: str
    send_number: int
    refund_holder: str = ""
    tax_free: Won = ZERO

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
            *((int(self.tax_free),) if self.tax_free else ()),
        )
        digest = sha256(json.dumps(content).encode("ascii")).hexdigest()
        readable = re.sub(r"[^0-9A-Za-z-]", "", self.tag)[:KEY_TAG_LIMIT]
        return f"{readable}.{self.send_number}.{digest[:32]}"


class RefundMethod(StrEnum):
    """How refunds of a provider are made exactly once.

    ``READ_COMPARE_CANCEL``: the payment is read, and the cancel carries the balance that was read,
    which the provider compares before it acts. ``MANUAL``: the provider takes no refund from a
    program; a person makes it in the provider's own console.
    """

    READ_COMPARE_CANCEL = "read_compare_cancel"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider's gateway can do, as far as services ask.

    Attributes:
        longest_window: the longest window that ``list_payments`` answers.
    """

    provider: Provider
    refund_method: RefundMethod
    longest_window: timedelta


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
    """Gateway of one payment provider. Every call may take long: never on the screen's thread,
    never inside a unit of work.

    Every method raises ``GatewayError``; its ``outcome`` says what is known.
    """

    @property
    def capabilities(self) -> Capabilities:
        """What this gateway can do; no call."""
        ...

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
        """Read one payment; ``None`` if the provider does not know it."""
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
        """Return one page of the payments of every status in a window of at most
        ``Capabilities.longest_window``. A window without payments is an empty page, in whichever
        way the provider reports it.

        Args:
            cursor: of the page before, for the same window; ``None`` for the first page. Only the
                provider's client knows what it means.
        """
        ...

    def is_own_account(self, merchant_uid: str = "") -> bool:
        """Return whether the keys open this shop's account, as far as the provider shows it: what
        the settings name of the account is there, and it holds the number, if one is given.

        Args:
            merchant_uid: one that this till registered recently.
        """
        ...

    def server_now(self) -> datetime:
        """Return the provider's own clock (UTC), from a fresh answer: for the doctor, and for
        windows of the list."""
        ...

    def probe(self) -> None:
        """Check that the provider is reachable, by a cheap call of at most 3 seconds: any answer
        that is believably its own will do, an error too. It needs no keys, changes nothing, and may
        be made every second."""
        ...
