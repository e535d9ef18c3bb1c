"""Value added tax of a sale: whole won, reckoned once of all taxable goods, never per line.

Prices include the tax. A discount is no part of the tax base (부가가치세법 29⑤1).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.money import ZERO, Won


class TaxKind(StrEnum):
    """Whether a product is 과세 or 면세."""

    TAXABLE = "TAXABLE"
    EXEMPT = "EXEMPT"


def vat_of(taxable: Won) -> Won:
    """Return the tax in an amount of taxable goods: a part of eleven, half a won up."""
    return Won((2 * int(taxable) + 11) // 22)


@dataclass(frozen=True, slots=True)
class TaxSplit:
    """How much of a sale is taxable and exempt, in won; without negative parts."""

    taxable: Won = ZERO
    exempt: Won = ZERO

    @classmethod
    def of(cls, nets: Iterable[tuple[TaxKind, Won]]) -> TaxSplit:
        """Return the split of lines, given by kind and net amount."""
        sums = dict.fromkeys(TaxKind, ZERO)
        for kind, net in nets:
            sums[kind] += net
        return cls(sums[TaxKind.TAXABLE], sums[TaxKind.EXEMPT])

    @property
    def total(self) -> Won:
        """All of it."""
        return self.taxable + self.exempt

    @property
    def vat(self) -> Won:
        """부가세."""
        return vat_of(self.taxable)

    @property
    def supply(self) -> Won:
        """과세 공급가액."""
        return self.taxable - self.vat

    def without(self, kind: TaxKind, net: Won) -> TaxSplit:
        """Return what is left after goods of a kind went back.

        Raises:
            ValueError: more than there is.
        """
        left = (
            TaxSplit(self.taxable - net, self.exempt)
            if kind is TaxKind.TAXABLE
            else TaxSplit(self.taxable, self.exempt - net)
        )
        if net < 0 or left.taxable < 0 or left.exempt < 0:
            raise ValueError(f"{net} of {self}")
        return left

    def vat_of_refund(self, kind: TaxKind, net: Won) -> Won:
        """Return the tax in goods that go back, out of what is left now: in any order the parts of
        all refunds sum up to the tax of the sale.

        Raises:
            ValueError: more than there is.
        """
        return self.vat - self.without(kind, net).vat

    def tax_free_of(self, qr: Won) -> Won:
        """Return how much of the part that is paid by QR is free of tax: its share of the exempt
        goods, half a won up, so that neither tender has more of a kind than there is. The rest of
        the exempt goods is paid in cash.

        Raises:
            ValueError: a part below 0 or above the total.
        """
        if not 0 <= qr <= self.total:
            raise ValueError(f"{qr} of {self.total}")
        if self.total == 0:
            return ZERO
        # The exact share is at least qr - taxable and at most qr and exempt. These are whole
        # numbers, so the rounded share is within them, too.
        return Won((2 * int(self.exempt) * int(qr) + int(self.total)) // (2 * int(self.total)))
