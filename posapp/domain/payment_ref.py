"""Identity of captured money: its provider, its numbers, and the tender that paid it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Provider(StrEnum):
    """Payment provider through which money was captured, and through which it is refunded."""

    PORTONE_V1 = "portone_v1"


class Tender(StrEnum):
    """What the buyer paid with.

    ``UNKNOWN``: a payment that was not accepted, and of which PortOne names no KakaoPay.
    """

    KAKAOPAY = "KAKAOPAY"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True)
class PaymentRef:
    """Reference of a payment at its provider.

    Attributes:
        merchant_uid: our number, which the provider was given.
        provider_id: the provider's own number (PortOne V1: imp_uid).
    """

    provider: Provider
    merchant_uid: str
    provider_id: str
