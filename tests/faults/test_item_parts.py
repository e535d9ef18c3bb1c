"""Refunds of some pieces of an item: exact, once, and known to whatever comes after."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.errors import ErrorCode
from posapp.domain.ledger import LedgerEvent
from posapp.domain.merchant_numbers import build_part_tag, part_of
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind, RequestState
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.bookkeeping.restored_refunds import restore_refunds
from posapp.services.importing.known_orders import is_same_order
from posapp.services.ports.journal import Intent
from posapp.services.ports.outbox import MismatchKind
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.till import STOCK, Till, an_order
from tests.fakes.world import NumberedIds
from tests.faults.divided_shop import (
    BY_BUYER,
    BY_SELLER,
    CANCEL,
    GONE,
    ITEM,
    LIMIT,
    PAID,
    Shop,
    divided_shop,
    refusal,
)
from tests.faults.maintained_till import MaintainedTill


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Shop]:
    yield from divided_shop(tmp_path / "posapp.db", sandbox, clock)


def test_two_of_five_pieces_go_back_and_three_stay_paid(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    before = shop.till.order(10)
    refund = shop.ask_back()
    part = part_of(refund.tag)
    assert part is not None and (part.of_item, part.count) == (ITEM, 2)
    assert (refund.item_id, refund.amount) == (part.number, 4000)
    assert shop.pieces == [(3, PAID), (2, PAID)]
    assert shop.till.order(10).total == before.total
    shop.till.pass_time(60)
    assert shop.refund(refund.id).state is RefundState.CONFIRMED
    assert shop.pieces == [(3, PAID), (2, GONE)]
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000
    assert shop.till.stock_of(ITEM) == STOCK + 2
    assert [one.count for one in shop.till.order(10).ordered_items] == [5, 2]
    assert shop.till.books.payment(imp_uid).cancellations[0].reason.endswith(refund.tag)
    shop.till.check_books()
    with shop.till.store.snapshot() as uow:
        (divided,) = [
            row.entry
            for row in uow.ledger.for_order(10)
            if row.entry.event is LedgerEvent.ITEM_DIVIDED
        ]
    assert (divided.item_id, divided.amount, divided.actor) == (ITEM, 0, BY_SELLER)
    assert divided.reference == f"{part.number}:2"


def test_what_is_left_can_be_refunded_requested_and_delivered_later(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.ask_back()
    shop.till.pass_time(60)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.REFUND, "변심")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    shop.till.pass_time(60)
    assert shop.pieces == [(3, GONE), (2, GONE)]
    assert shop.till.stock_of(ITEM) == STOCK + 5
    shop.till.check_books()


def test_each_piece_goes_back_by_a_refund_of_its_own(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    for left in (4, 3, 2, 1):
        shop.ask_back(1, 2000)
        assert shop.items[0].count == left
        shop.till.pass_time(60)
    shop.ask_back(None, 2000)
    shop.till.pass_time(60)
    assert [count for count, _ in shop.pieces] == [1] * 5
    assert {status for _, status in shop.pieces} == {GONE}
    assert shop.till.books.balance(imp_uid) == 3000
    shop.till.check_books()


def test_all_pieces_are_the_item_itself(shop: Shop) -> None:
    shop.till.paid_order(10)
    refund = shop.ask_back(5, 10_000)
    assert refund.item_id == ITEM and part_of(refund.tag) is None
    assert len(shop.items) == 2


def test_pieces_of_a_free_item_are_cancelled_at_once(
    tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    till = Till(tmp_path / "free.db", sandbox, clock, make_ids=NumberedIds)
    till.stock_shop(an_order(10, (0, 5), (1500, 2)))
    till.paid_order(10)
    done = till.cancellation_service.refund(BY_SELLER, ITEM, "", 0, Pieces(2, 5))
    assert done.amount == 0 and done.state is RefundState.CONFIRMED
    assert [(one.count, one.status.value) for one in till.order(10).items if not one.price] == [
        (3, PAID), (2, GONE),
    ]  # fmt: skip
    till.close()


@pytest.mark.parametrize("amount", [3999, 4001, 10_000, 2000])
def test_another_amount_is_refused_and_nothing_is_divided(shop: Shop, amount: int) -> None:
    shop.till.paid_order(10)
    assert refusal(lambda: shop.ask_back(2, amount)) is ErrorCode.REFUND_AMOUNT_DIFFERS
    assert len(shop.items) == 2 and shop.pieces == [(5, PAID)]


@pytest.mark.parametrize("count", [0, -1, 6, 10**9])
def test_another_count_is_refused(shop: Shop, count: int) -> None:
    shop.till.paid_order(10)
    assert refusal(lambda: shop.ask_back(count, 2000 * count)) is ErrorCode.PART_COUNT
    assert shop.pieces == [(5, PAID)]


def test_pieces_of_an_unpaid_item_are_no_refund(shop: Shop) -> None:
    assert refusal(shop.ask_back) is ErrorCode.NOT_PAID_YET


def test_an_item_on_its_way_back_is_not_divided(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.offline()
    shop.ask_back(None, 10_000)
    assert refusal(shop.ask_back) is ErrorCode.PART_REFUSED
    assert len(shop.items) == 2


def test_an_item_that_a_request_waits_for_is_not_divided(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.EXCHANGE, "작아요")
    assert refusal(shop.ask_back) is ErrorCode.PART_REFUSED


def test_a_decision_about_all_pieces_is_not_undone_once_some_are_back(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.REFUND, "변심")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.REJECT, "사용한 상품입니다")
    shop.ask_back()
    undo = lambda: shop.till.decision_service.undo(BY_SELLER, request.id)  # noqa: E731
    assert refusal(undo) is ErrorCode.UNDO_OVER


def test_pieces_of_a_replacement_go_back_and_the_exchange_stays(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.EXCHANGE, "작아요")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    assert shop.till.stock_of(ITEM) == STOCK - 5
    shop.ask_back()
    undo = lambda: shop.till.decision_service.undo(BY_SELLER, request.id)  # noqa: E731
    assert refusal(undo) is ErrorCode.UNDO_OVER, "five pieces would come back, two of them twice"
    shop.till.pass_time(60)
    assert refusal(undo) is ErrorCode.UNDO_OVER
    assert shop.till.stock_of(ITEM) == STOCK - 5 + 2
    left = shop.items[0]
    assert (left.count, left.is_paid) == (3, True) and shop.items[-1].status is ItemStatus.CANCEL
    shop.till.check_books()


def test_a_step_of_delivery_is_not_undone_once_some_pieces_are_back(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    shop.ask_back()
    undo = lambda: shop.till.fulfilment_service.undo_step(BY_SELLER, ITEM)  # noqa: E731
    assert refusal(undo) is ErrorCode.STEP_UNDO_OVER


def test_a_refused_refund_leaves_the_part_paid_and_it_can_go_back_later(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    refund = shop.ask_back()
    shop.till.pass_time(60)
    assert shop.refund(refund.id).state is RefundState.REFUSED
    assert shop.pieces == [(3, PAID), (2, PAID)]
    part = shop.items[-1]
    assert refusal(lambda: shop.ask_back(1, 2000, part.id)) is ErrorCode.PART_OF_PART
    shop.ask_back(None, 4000, part.id)
    shop.till.pass_time(60)
    assert shop.pieces == [(3, PAID), (2, GONE)]
    shop.till.check_books()


# Older copies.


def test_an_older_copy_divides_the_item_again_from_the_tag(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    shop.copy()
    refund = shop.ask_back()
    shop.till.pass_time(60)
    shop.restore()
    assert shop.pieces == [(5, PAID)]
    shop.till.pass_time(120)
    assert shop.pieces == [(3, PAID), (2, GONE)]
    assert shop.items[-1].id == refund.item_id
    assert shop.mismatches() == []
    assert shop.till.stock_of(ITEM) == STOCK + 2
    shop.ask_back(None, 6000)
    shop.till.pass_time(60)
    assert shop.till.books.balance(imp_uid) == 3000
    shop.till.check_books()


def test_several_lost_parts_are_found_again(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.copy()
    for _ in range(2):
        shop.ask_back()
        shop.till.pass_time(60)
    shop.restore()
    shop.till.pass_time(120)
    assert shop.pieces == [(1, PAID), (2, GONE), (2, GONE)]
    assert shop.mismatches() == []
    shop.till.check_books()


def test_parts_and_what_was_left_are_found_in_any_order(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    shop.copy()
    for count, amount in ((2, 4000), (None, 6000)):
        shop.ask_back(count, amount)
        shop.till.pass_time(60)
    shop.restore()
    with shop.till.store.transaction() as uow:
        payment = uow.payments.get(imp_uid)
        assert payment is not None
        read = shop.till.gateway.get_payment(payment.ref)
        last_first = replace(read, history=read.history[::-1])
        assert [int(one.amount) for one in last_first.cancellations] == [6000, 4000]
        restore_refunds(uow, payment, last_first, (), shop.clock.now())
        uow.commit()
    assert shop.pieces == [(3, GONE), (2, GONE)] and shop.mismatches() == []


def test_a_refused_refund_of_all_pieces_that_comes_after_a_part_is_named(shop: Shop) -> None:
    """KakaoPay refused ten thousand won, some pieces went back by themselves, and then the ten
    thousand go back after all: the item is not worth them any more."""
    imp_uid = shop.till.paid_order(30)
    shop.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    whole = shop.ask_back(None, 10_000, 300)
    shop.till.pass_time(60)
    assert shop.refund(whole.id).state is RefundState.REFUSED
    shop.ask_back(2, 4000, 300)
    shop.till.pass_time(60)
    shop.till.books.console_cancel(imp_uid, 10_000, f"품절 {whole.tag}")
    shop.till.reconcile_job.request_full()
    shop.till.pass_time(120)
    assert shop.refund(whole.id).state is RefundState.REFUSED
    assert MismatchKind.LOST_REFUND in shop.mismatches()
    left, part = (one for one in shop.till.order(30).items if one.price == 2000)
    assert (left.count, left.is_paid) == (3, True) and part.status is ItemStatus.CANCEL
    assert shop.till.stock_of(300) == STOCK + 2


def test_a_lost_part_beside_a_refund_of_the_whole_item_is_for_a_person(shop: Shop) -> None:
    """The copy is about to refund all five pieces; two of them are back already."""
    imp_uid = shop.till.paid_order(10)
    shop.offline()
    whole = shop.ask_back(None, 10_000)
    shop.sandbox.faults.clear()
    tag = build_part_tag(shop.till.ids.refund_tag(None), ITEM, 2)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    shop.till.pass_time(600)
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000, "nothing more was sent"
    assert shop.refund(whole.id).state is not RefundState.CONFIRMED
    assert shop.mismatches() or shop.refund(whole.id).state is RefundState.NEEDS_REVIEW


@pytest.mark.parametrize(
    ("item", "count", "amount"),
    [(ITEM, 2, 3000), (ITEM, 5, 10_000), (999, 2, 4000), (200, 2, 4000)],
    ids=["amount", "all pieces", "no item", "another order's item"],
)
def test_a_line_of_a_part_that_fits_nothing_is_named(
    shop: Shop, item: int, count: int, amount: int
) -> None:
    shop.till.paid_order(20)
    imp_uid = shop.till.paid_order(10)
    tag = build_part_tag(shop.till.ids.refund_tag(None), item, count)
    shop.till.books.console_cancel(imp_uid, amount, f"품절 {tag}")
    shop.till.reconcile_job.request_full()
    shop.till.pass_time(120)
    assert shop.mismatches() == [MismatchKind.LOST_REFUND]
    assert shop.pieces == [(5, PAID)]
    assert len(shop.till.order(20).items) == 1
    assert refusal(shop.ask_back) is ErrorCode.MONEY_IN_DOUBT


def test_a_part_that_is_more_than_what_is_left_is_named(shop: Shop) -> None:
    """Beside a cancel in the console and a refund that waits, its line cannot be another refund."""
    imp_uid = shop.till.paid_order(10)
    shop.offline()
    shop.ask_back(None, 3000, ITEM + 1)
    shop.sandbox.faults.clear()
    shop.till.books.console_cancel(imp_uid, 8000)
    with shop.till.store.transaction() as uow:
        payment = uow.payments.get(imp_uid)
        assert payment is not None
        read = shop.till.gateway.get_payment(payment.ref)
        record_external_cancellations(uow, payment, read, shop.clock.now())
        uow.commit()
    tag = build_part_tag(shop.till.ids.refund_tag(None), ITEM, 2)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    with shop.till.store.transaction() as uow:
        read = shop.till.gateway.get_payment(payment.ref)
        restore_refunds(
            uow, payment, read, [read.cancellations[0].cancellation_id], shop.clock.now()
        )
        uow.commit()
    assert MismatchKind.LOST_REFUND in shop.mismatches()
    assert shop.pieces == [(5, PAID)]


def test_a_line_of_a_part_at_a_rejected_payment_divides_nothing(shop: Shop) -> None:
    """The order's items were paid by another payment."""
    imp_uid = shop.till.paid_order(10)
    tag = build_part_tag(shop.till.ids.refund_tag(None), ITEM, 2)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    with shop.till.store.transaction() as uow:
        payment = uow.payments.get(imp_uid)
        assert payment is not None
        read = shop.till.gateway.get_payment(payment.ref)
        rejected = replace(payment, imp_uid="imp_other", disposition=PaymentDisposition.REJECTED)
        uow.payments.add(rejected)
        restore_refunds(uow, rejected, read, [], shop.clock.now())
        uow.commit()
    assert shop.pieces == [(5, PAID)]


def test_the_journal_divides_the_item_again(tmp_path: Path, sandbox: Any, clock: Any) -> None:
    """The refund was decided and not sent when the older copy was put in place."""
    till = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    till.till.stock_shop(an_order(10, (2000, 5), (1500, 2)))
    imp_uid = till.till.paid_order(10)
    till.run("journal")
    backup(till.path, tmp_path / "copy.db")
    sandbox.faults.add("status", status=503)
    refund = till.till.cancellation_service.refund(BY_SELLER, ITEM, "품절", 4000, Pieces(2, 5))
    till.run("journal")
    till.close()
    for each in tmp_path.glob("posapp.db*"):
        each.unlink()
    shutil.copyfile(tmp_path / "copy.db", till.path)
    sandbox.faults.clear()
    till.open()
    items = till.till.order(10).items
    assert [(one.count, one.id) for one in items if one.price == 2000] == [
        (3, ITEM), (2, refund.item_id),
    ]  # fmt: skip
    till.till.pass_time(120)
    with till.store.snapshot() as uow:
        (entered,) = uow.refunds.of_payment(imp_uid)
    assert (entered.tag, entered.state) == (refund.tag, RefundState.NEEDS_REVIEW)
    assert till.till.books.balance(imp_uid) == 13_000
    till.close()


def test_an_intent_of_a_part_that_fits_nothing_is_reported(
    tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    till = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    till.till.stock_shop(an_order(10, (2000, 5), (1500, 2)))
    imp_uid = till.till.paid_order(10)
    tag = build_part_tag(till.till.ids.refund_tag(None), ITEM, 2)
    part = part_of(tag)
    assert part is not None
    till.close()
    intent = Intent(
        tag, imp_uid, 10, part.number, Won(3999), "품절", BY_SELLER, BY_SELLER, clock.now()
    )
    FileIntentJournal(journal_path(till.path)).add([intent])
    till.open()
    with till.store.snapshot() as uow:
        assert uow.refunds.of_payment(imp_uid) == ()
    assert [one.kind for one in till.till.unresolved_money_service.mismatches()] == [
        MismatchKind.LOST_INTENT
    ]
    assert len(till.till.order(10).items) == 2
    till.close()


def test_a_file_with_the_order_again_changes_nothing(shop: Shop) -> None:
    ordered = shop.till.order(10)
    shop.till.paid_order(10)
    shop.ask_back()
    shop.till.pass_time(60)
    assert is_same_order(ordered, shop.till.order(10), any_time=False)


def test_the_state_of_a_request_about_a_part(shop: Shop) -> None:
    """A part whose refund was refused is an item like any other."""
    shop.till.paid_order(10)
    shop.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    shop.ask_back()
    shop.till.pass_time(60)
    part = shop.items[-1].id
    shop.till.fulfilment_service.hand_over(BY_SELLER, part)
    request = shop.till.request_service.create(BY_BUYER, part, RequestKind.REFUND, "변심")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    shop.till.pass_time(60)
    with shop.till.store.snapshot() as uow:
        decided = uow.requests.get(request.id)
    assert decided is not None and decided.state is RequestState.OK
    assert [one.status for one in shop.items] == [
        ItemStatus.COMPLETE_PAYMENT, ItemStatus.COMPLETE_PAYMENT, ItemStatus.CANCEL,
    ]  # fmt: skip
    shop.till.check_books()
