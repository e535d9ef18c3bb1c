"""What a shop says about itself on its receipts, beside its name."""

from __future__ import annotations

from dataclasses import dataclass

TAX_TYPES = ("general", "simplified", "exempt")
"""일반과세자, 간이과세자 and 면세사업자."""


@dataclass(frozen=True, slots=True)
class ShopDetails:
    """Facts of the business; an empty one is left out.

    Attributes:
        business_number: 사업자등록번호, ``123-45-67891``.
        owner_name: 대표자.
        tax_type: kind of taxpayer (``TAX_TYPES``); receipts name it beside the business number.
        writes_invoices: a 간이과세자 writes tax invoices.
    """

    business_number: str = ""
    owner_name: str = ""
    address: str = ""
    phone: str = ""
    tax_type: str = "general"
    writes_invoices: bool = False

    @property
    def names_tax(self) -> bool:
        """Whether a receipt names supply and tax apart: 간이과세자 who write no tax invoices do not
        (부가가치세법 시행령 73⑩), and 면세사업자 have none."""
        return self.tax_type == "general" or (
            self.tax_type == "simplified" and self.writes_invoices
        )

    @property
    def is_exempt(self) -> bool:
        """Whether all goods are exempt: 면세사업자."""
        return self.tax_type == "exempt"


NO_DETAILS = ShopDetails()
"""A shop that says nothing beside its name."""
