"""What a shop says about itself on its receipts, beside its name."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """Facts of the business; an empty one is left out.

    Attributes:
        business_number: 사업자등록번호, ``123-45-67891``.
        owner_name: 대표자.
        tax_type: ``general``, ``simplified`` or ``exempt``; it says something only together with
            the business number.
    """

    business_number: str = ""
    owner_name: str = ""
    address: str = ""
    phone: str = ""
    tax_type: str = "general"


NO_DETAILS = ShopDetails()
"""A shop that says nothing beside its name."""
