"""Cash: what a tender pays, how a mixed sale goes back, and each pair of states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.actors import NOBODY
from posapp.domain.cash import (
    CASH_REFUND_TRANSITIONS,
    TENDER_TRANSITIONS,
    CashRefund,
    CashRefundState,
    CashRefundTrigger,
    CashTender,
    TenderState,
    TenderTrigger,
    held,
    is_unlikely,
    kept,
    replaced_won,
    split_refund,
    tax_free_of,
)
from posapp.domain.errors import IllegalTransition
from posapp.domain.money import ZERO, Won
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.domain.vat import TaxKind, TaxSplit

NOW = datetime(2026, 11, 30, tzinfo=UTC)


def an_item(number: int, total: int, tax: TaxKind) -> OrderItem:
    return OrderItem(
        *(number, 1, 1, 7, number, "x", Won(total), 1),
        status=ItemStatus.DELIVERY_COMPLETE,
        tax=tax,
    )


def a_tender(part: int, amount: int, tax_free: int = 0) -> CashTender:
    return CashTender(
        *(part, 1, part, Won(amount), Won(amount), ZERO, Won(tax_free), TenderState.KEPT, 1, NOW)
    )


def a_refund(item: int, amount: int, number: int, state: RefundState) -> Refund:
    return Refund(
        *(number, "imp_1", 1, item, RefundOrigin.ITEM, Won(amount), "", f"[{number}]"),
        *(NOBODY, NOBODY, NOW, state),
    )


def cash_back(item: OrderItem, amount: Won) -> CashRefund:
    exempt = amount if item.tax is TaxKind.EXEMPT else ZERO
    return CashRefund(
        *(item.id, item.id, 1, amount, exempt, CashRefundState.PAID_OUT, ""),
        *(NOBODY, NOBODY, False, NOW),
    )


LINES = st.lists(
    st.tuples(st.integers(1, 50_000), st.sampled_from(TaxKind)), min_size=1, max_size=6
)


@given(lines=LINES, data=st.data())
def test_a_mixed_sale_goes_back_to_the_won_in_any_order(
    lines: list[tuple[int, TaxKind]], data: st.DataObject
) -> None:
    """Each item is whole; the parts by QR sum up to the QR, those in cash to the cash; no kind goes
    back by a tender more than the tender paid of it; and no cash while the QR paid goods of the
    kind and has won left."""
    items = [an_item(at, total, tax) for at, (total, tax) in enumerate(lines, start=1)]
    order = Order(1, 1, NOW, tuple(items), is_counter=True)
    total = int(order.total)
    cash = data.draw(st.integers(0, total), "cash")
    first = data.draw(st.integers(0, cash), "first part")
    tenders: list[CashTender] = []
    for part, amount in enumerate((first, cash - first), start=1):
        if amount:
            waiting = [replace(one, state=TenderState.RECEIVED) for one in tenders]
            free = tax_free_of(order, waiting, Won(amount))
            assert 0 <= free <= amount
            tenders.append(a_tender(part, amount, int(free)))
    captured = order.total - kept(tenders)
    split = TaxSplit.of((one.tax, one.total) for one in items)
    by_qr = split.tax_free_of(captured)
    assert sum((one.tax_free for one in tenders), ZERO) + by_qr == split.exempt
    left = {TaxKind.EXEMPT: int(by_qr), TaxKind.TAXABLE: int(captured - by_qr)}
    refunds: list[Refund] = []
    given_back: list[CashRefund] = []
    for number in data.draw(st.permutations(range(len(items))), "order of refunds"):
        item = items[number]
        parts = split_refund(item, order, tenders, given_back, captured, refunds)
        assert parts.qr + parts.cash == item.total
        assert min(parts.qr, parts.cash) >= 0
        left[item.tax] -= int(parts.qr)
        assert left[item.tax] >= 0
        assert parts.cash == 0 or left[item.tax] == 0, "a wallet is turned into cash"
        if parts.qr and data.draw(st.booleans(), label="KakaoPay refuses it for good"):
            refunds.append(a_refund(item.id, int(parts.qr), number + 1, RefundState.REFUSED))
            whole = cash_back(item, item.total)
            given_back.append(replace(whole, replaces=number + 1, replaced=parts.qr))
        else:
            if parts.qr:
                refunds.append(a_refund(item.id, int(parts.qr), number + 1, RefundState.CONFIRMED))
            if parts.cash:
                given_back.append(cash_back(item, parts.cash))
        items[number] = replace(item, status=ItemStatus.CANCEL)
        order = replace(order, items=tuple(items))
    by_qr = sum(int(one.amount) for one in refunds if one.state is RefundState.CONFIRMED)
    assert by_qr + replaced_won(given_back) == captured
    assert sum((one.of_cash for one in given_back), ZERO) == kept(tenders)
    free = sum((one.of_cash_tax_free for one in given_back), ZERO)
    assert free == sum((one.tax_free for one in tenders), ZERO)


def test_what_cash_replaced_is_no_cash_of_the_sale() -> None:
    """Of two lines paid by 300 in cash and 1,700 by QR, the first went back in cash alone; exempt
    goods of 3,000 were paid by QR, too."""
    first, second = an_item(1, 1_000, TaxKind.TAXABLE), an_item(2, 1_000, TaxKind.TAXABLE)
    items = (replace(first, status=ItemStatus.CANCEL), second, an_item(3, 3_000, TaxKind.EXEMPT))
    order = Order(1, 1, NOW, items, is_counter=True)
    gone = replace(cash_back(first, Won(1_000)), replaces=1, replaced=Won(1_000))
    parts = split_refund(second, order, [a_tender(1, 300)], [gone], Won(4_700), [])
    assert (parts.qr, parts.cash) == (700, 300)


def test_what_cash_replaced_is_not_sent_again() -> None:
    item = an_item(1, 1_000, TaxKind.TAXABLE)
    order = Order(1, 1, NOW, (item,), is_counter=True)
    gone = replace(cash_back(an_item(2, 500, TaxKind.TAXABLE), Won(500)), replaces=1)
    parts = split_refund(
        item, order, [a_tender(1, 300)], [replace(gone, replaced=Won(500))], Won(700), []
    )
    assert parts.qr == 200


def test_a_refused_part_is_tried_again_by_qr() -> None:
    item = an_item(1, 1_000, TaxKind.TAXABLE)
    order = Order(1, 1, NOW, (item,), is_counter=True)
    refused = a_refund(1, 700, 1, RefundState.REFUSED)
    parts = split_refund(item, order, [a_tender(1, 300)], [], Won(700), [refused])
    assert (parts.qr, parts.cash) == (700, 300)


def test_what_the_console_took_is_not_sent_again() -> None:
    item = an_item(1, 1_000, TaxKind.TAXABLE)
    order = Order(1, 1, NOW, (item,), is_counter=True)
    taken = replace(a_refund(1, 500, 1, RefundState.CONFIRMED), item_id=None)
    parts = split_refund(item, order, [a_tender(1, 300)], [], Won(700), [taken])
    assert parts.qr == 200, "the rest is above the kept cash, which the database refuses"


def test_cash_that_waits_is_not_kept() -> None:
    waiting = replace(a_tender(1, 300), state=TenderState.RECEIVED)
    back = replace(a_tender(1, 500), state=TenderState.RETURNED)
    assert (held([waiting, back]), kept([waiting, back])) == (300, 0)
    assert (held([a_tender(1, 300)]), kept([a_tender(1, 300)])) == (0, 300)


@pytest.mark.parametrize(
    ("received", "due", "expected"),
    [
        (100_000, 10_000, False),
        (109_999, 9_999, True),
        (109_998, 9_999, False),
        (110_000, 11_000, False),
        (99_999, 100, False),
        (100_100, 100, True),
    ],
)
def test_a_slip_of_the_keys_is_asked_about(received: int, due: int, expected: bool) -> None:
    assert is_unlikely(received, due) is expected


@pytest.mark.parametrize("state", TenderState)
@pytest.mark.parametrize("trigger", TenderTrigger)
def test_each_pair_of_a_tender(state: TenderState, trigger: TenderTrigger) -> None:
    one = replace(a_tender(1, 300), state=state)
    if (state, trigger) in TENDER_TRANSITIONS.table:
        assert one.apply(trigger).state is not TenderState.RECEIVED
        assert state is TenderState.RECEIVED
        return
    with pytest.raises(IllegalTransition):
        one.apply(trigger)


@pytest.mark.parametrize("state", CashRefundState)
@pytest.mark.parametrize("trigger", CashRefundTrigger)
def test_each_pair_of_a_cash_refund(state: CashRefundState, trigger: CashRefundTrigger) -> None:
    one = replace(cash_back(an_item(1, 100, TaxKind.TAXABLE), Won(100)), state=state)
    if (state, trigger) in CASH_REFUND_TRANSITIONS.table:
        assert one.apply(trigger).state is not CashRefundState.WAITING
        return
    with pytest.raises(IllegalTransition):
        one.apply(trigger)
    with pytest.raises(IllegalTransition):
        one.hand_out(1, NOW)
