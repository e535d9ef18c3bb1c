"""How much of a payment and of each refund is free of tax: the parts sum up, in any order."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, OrderItem
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.vat import KakaoPayTax, TaxKind, TaxSplit, may_be_tax_free
from posapp.services.bookkeeping.refund_tax import left_of
from tests.fakes.payments import NOW, PAYMENT, REFUND
from tests.store.records import item

TAXABLE, EXEMPT = TaxKind.TAXABLE, TaxKind.EXEMPT
SALE = TaxSplit(Won(23_532), Won(11_668))


@pytest.mark.parametrize(
    ("contract", "tax_free", "fits"),
    [
        (KakaoPayTax.TAXABLE, 0, False),
        (KakaoPayTax.EXEMPT, 35_200, False),
        (KakaoPayTax.MIXED, 11_668, True),
    ],
)
def test_what_is_declared_follows_the_contract(
    contract: KakaoPayTax, tax_free: int, fits: bool
) -> None:
    assert contract.tax_free_of(SALE, SALE.total) == tax_free
    assert contract.fits(SALE) is fits
    assert may_be_tax_free(Won(tax_free), SALE, SALE.total)
    assert not may_be_tax_free(Won(tax_free + 1), SALE, SALE.total) or tax_free == 35_200
    with pytest.raises(ValueError, match="of"):
        contract.tax_free_of(SALE, SALE.total + Won(1))


def test_a_contract_of_one_kind_fits_a_sale_of_that_kind() -> None:
    assert KakaoPayTax.TAXABLE.fits(TaxSplit(Won(5), ZERO))
    assert KakaoPayTax.EXEMPT.fits(TaxSplit(ZERO, Won(5)))


def test_a_refund_takes_no_more_of_a_kind_than_is_left() -> None:
    left = TaxSplit(Won(100), Won(50))
    assert left.tax_free_of_refund(Won(60), Won(60)) == 50
    assert left.tax_free_of_refund(Won(60), ZERO) == 0
    assert left.tax_free_of_refund(Won(120), ZERO) == 20
    assert left.tax_free_of_refund(Won(150), ZERO) == 50
    for amount, exempt in ((151, 0), (10, 11), (10, -1), (-1, 0)):
        with pytest.raises(ValueError, match="of"):
            left.tax_free_of_refund(Won(amount), Won(exempt))


def test_what_a_revived_refund_took_too_much_of_is_left_of_nothing() -> None:
    """PortOne carried out a refund that it had refused, after others took its part."""
    assert TaxSplit(Won(80), Won(-30)).tax_free_of_refund(Won(50), Won(50)) == 0
    assert TaxSplit(Won(-30), Won(80)).tax_free_of_refund(Won(50), ZERO) == 50


def test_a_refused_refund_gives_its_part_back() -> None:
    payment = replace(PAYMENT, tax_free=Won(4000))
    gone = replace(REFUND, tax_free=Won(3000))
    assert left_of(payment, [gone]) == TaxSplit(Won(6000), Won(1000))
    refused = replace(gone, state=RefundState.REFUSED)
    assert left_of(payment, [refused]) == TaxSplit(Won(6000), Won(4000))


def random_items(rng: random.Random) -> list[OrderItem]:
    made = []
    for number in range(rng.randint(1, 6)):
        price, count = rng.randint(0, 30_000), rng.randint(1, 5)
        made.append(
            item(
                number + 1, 1, ItemStatus.COMPLETE_PAYMENT, price=Won(price), count=count,
                discount=Won(rng.randint(0, price * count) // rng.choice((1, 3, 100))),
                tax=rng.choice((TAXABLE, EXEMPT)),
            )
        )  # fmt: skip
    return made


def divided(rng: random.Random, items: list[OrderItem]) -> list[OrderItem]:
    """The items with some of their pieces as items of their own."""
    parts = []
    for one in items:
        rest = one
        while rest.is_divisible and rng.random() < 0.5:
            rest, part = rest.divide(1_000 + len(parts), rng.randint(1, rest.count - 1))
            parts.append(part)
        parts.append(rest)
    return parts


def refund_of(payment: Payment, before: list[Refund], amount: Won, exempt: Won) -> Refund:
    left = left_of(payment, before)
    tax_free = left.tax_free_of_refund(amount, exempt)
    return Refund(
        len(before) + 1, payment.imp_uid, 1, None, RefundOrigin.ITEM, amount, "", "[RF-1]",
        REFUND.requested_by, REFUND.approved_by, NOW, tax_free=tax_free,
    )  # fmt: skip


def test_random_refunds_return_exactly_what_was_free_of_tax(
    request: pytest.FixtureRequest,
) -> None:
    """Of sales with discounts and pieces, under each contract, wholly by QR or with cash before it,
    with cancels of the console between; refunds in any order."""
    rng = random.Random(19)
    for _ in range(request.config.getoption("--sales")):
        items = random_items(rng)
        sale = TaxSplit.of((one.tax, one.total) for one in items)
        if sale.total == 0:
            continue
        qr = sale.total if rng.random() < 0.6 else Won(rng.randint(1, sale.total))
        contract = rng.choice(list(KakaoPayTax))
        tax_free = contract.tax_free_of(sale, qr)
        assert 0 <= tax_free <= qr
        assert may_be_tax_free(tax_free, sale, qr)
        if contract is KakaoPayTax.MIXED:
            assert tax_free <= sale.exempt
            assert qr - tax_free <= sale.taxable
        payment = Payment("imp_1", "m", 1, qr, NOW, PaymentDisposition.ACCEPTED, tax_free=tax_free)
        parts = divided(rng, items)
        assert TaxSplit.of((one.tax, one.total) for one in parts) == sale
        rng.shuffle(parts)
        gone: list[Refund] = []
        for one in parts:
            left = left_of(payment, gone)
            if rng.random() < 0.1 and left.total:
                console = Won(rng.randint(1, left.total))
                gone.append(refund_of(payment, gone, console, ZERO))
                left = left_of(payment, gone)
            amount = min(one.total, left.total)
            if not amount:
                continue
            made = refund_of(payment, gone, amount, amount if one.tax is EXEMPT else ZERO)
            if contract is KakaoPayTax.MIXED and qr == sale.total and len(gone) == 0:
                assert made.tax_free == (amount if one.tax is EXEMPT else 0)
            assert 0 <= made.tax_free <= left.exempt
            assert 0 <= amount - made.tax_free <= left.taxable
            gone.append(made)
        left = left_of(payment, gone)
        if left.total:
            gone.append(refund_of(payment, gone, left.total, ZERO))
        assert sum(one.amount for one in gone) == qr
        assert sum(one.tax_free for one in gone) == tax_free
        assert left_of(payment, gone) == TaxSplit()
