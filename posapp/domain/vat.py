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
    """How much of a sale, or of what is left of a payment, is taxable and exempt, in won."""

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

    def tax_free_of_refund(self, amount: Won, exempt: Won) -> Won:
        """Return how much of a refund is free of tax, of a payment of which this is left: the
        exempt goods that go back, but never more of a kind than is left. The parts of all refunds
        that return the payment sum up to what was free of tax when it was paid, in any order.

        More of a kind than was paid may have gone back already (PortOne carried out a refund that
        it had refused): then less than nothing is left of it, and the rest is of the other kind.

        Args:
            amount: won that go back; at most what is left.
            exempt: won of exempt goods among them.

        Raises:
            ValueError: below 0, or more than is left.
        """
        if not 0 <= exempt <= amount <= self.total:
            raise ValueError(f"{exempt} of {amount} of {self}")
        least = max(ZERO, amount - max(ZERO, self.taxable))
        return max(least, min(exempt, max(ZERO, self.exempt)))


class KakaoPayTax(StrEnum):
    """Kind of the shop's contract with KakaoPay: all that is paid by it is 과세, all is 면세, or
    each payment says how much of it is free of tax (복합과세)."""

    TAXABLE = "taxable"
    EXEMPT = "exempt"
    MIXED = "mixed"

    def tax_free_of(self, sale: TaxSplit, qr: Won) -> Won:
        """Return how much of a payment by QR is declared free of tax.

        Raises:
            ValueError: a payment below 0 or above the sale.
        """
        share = sale.tax_free_of(qr)
        match self:
            case KakaoPayTax.TAXABLE:
                return ZERO
            case KakaoPayTax.EXEMPT:
                return qr
            case KakaoPayTax.MIXED:
                return share

    def fits(self, sale: TaxSplit) -> bool:
        """Return whether KakaoPay's slip of a sale can name its kinds of goods as they are."""
        match self:
            case KakaoPayTax.TAXABLE:
                return sale.exempt == 0
            case KakaoPayTax.EXEMPT:
                return sale.taxable == 0
            case KakaoPayTax.MIXED:
                return True


def may_be_tax_free(tax_free: Won, sale: TaxSplit, qr: Won) -> bool:
    """Return whether some contract declares this much of a payment of a sale free of tax. Which
    contract the shop had when the payment began is not known any more."""
    return any(kind.tax_free_of(sale, qr) == tax_free for kind in KakaoPayTax)
