"""The number in whose name a cash receipt is issued (현금영수증), and what of it may be shown.

A resident registration number is refused: no law allows it to a shop (docs/specification.md 2.10).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from dataclasses import dataclass, field
from enum import StrEnum

from posapp.domain.business_number import format_business_number
from posapp.domain.errors import ErrorCode, UserError


class ReceiptPurpose(StrEnum):
    """Whom a cash receipt is for: 소득공제, 지출증빙, 자진발급."""

    PERSONAL = "PERSONAL"
    BUSINESS = "BUSINESS"
    UNNAMED = "UNNAMED"


class IdentityKind(StrEnum):
    """What kind of number it is."""

    PHONE = "PHONE"
    CARD = "CARD"
    BUSINESS = "BUSINESS"


UNNAMED_NUMBER = "0100001234"
"""The number of a receipt for nobody (자진발급, 010-000-1234); a notice of the tax office sets it,
hence a setting."""

_PHONE = re.compile(r"01[016789][0-9]{7,8}")
_CARD = re.compile(r"[0-9]{13,19}")
_LONG_NUMBER = re.compile(r"\d(?:[\s\-‐‑–—.*]?\d){6,}")
_RESIDENT_DIGITS = 13
_LEAP_YEAR = 2000
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−.()]")


@dataclass(frozen=True, slots=True)
class ReceiptIdentity:
    """A valid number. ``digits`` is personal: it is in no ``repr``, and is kept sealed only."""

    kind: IdentityKind
    digits: str = field(repr=False)

    @property
    def masked(self) -> str:
        """What may be shown and kept: ``010-****-1234``, the last four digits of a card, or a
        business number without its last five."""
        if self.kind is IdentityKind.BUSINESS:
            return f"{self.digits[:3]}-{self.digits[3:5]}-*****"
        if self.kind is IdentityKind.CARD:
            return f"****-****-****-{self.digits[-4:]}"
        return f"{self.digits[:3]}-{'*' * (len(self.digits) - 7)}-{self.digits[-4:]}"


def parse_identity(purpose: ReceiptPurpose, text: str) -> ReceiptIdentity:
    """Return the number that a person typed for this purpose.

    A deduction takes a mobile phone number or a card of the tax office; an expense takes a business
    registration number. A receipt for nobody takes the number of the settings, which is a phone
    number by its form.

    Raises:
        UserError: ``RECEIPT_RESIDENT``: it looks like a resident registration number;
            ``RECEIPT_NUMBER``: it is no such number.
    """
    digits = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
    if has_resident_form(digits):
        raise UserError(ErrorCode.RECEIPT_RESIDENT)
    if not (digits.isascii() and digits.isdigit()):
        raise UserError(ErrorCode.RECEIPT_NUMBER)
    if purpose is ReceiptPurpose.BUSINESS:
        try:
            checked = format_business_number(digits)
        except ValueError:
            raise UserError(ErrorCode.RECEIPT_NUMBER) from None
        return ReceiptIdentity(IdentityKind.BUSINESS, checked.replace("-", ""))
    if _PHONE.fullmatch(digits):
        return ReceiptIdentity(IdentityKind.PHONE, digits)
    if _CARD.fullmatch(digits) and purpose is ReceiptPurpose.PERSONAL:
        return ReceiptIdentity(IdentityKind.CARD, digits)
    raise UserError(ErrorCode.RECEIPT_NUMBER)


def without_numbers(text: str) -> str:
    """Return foreign text without whatever could be a buyer's number: a payment company may repeat
    it in its refusal."""
    return _LONG_NUMBER.sub("…", text)


def has_resident_form(digits: str) -> bool:
    """Return whether a number has the shape of a resident registration number: 13 digits that begin
    with a date. Check digits say nothing: numbers since 2020 have none."""
    if len(digits) != _RESIDENT_DIGITS or not (digits.isascii() and digits.isdigit()):
        return False
    month, day = int(digits[2:4]), int(digits[4:6])
    return 1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]
