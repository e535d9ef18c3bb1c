"""docs/faults.md, rows 97-99: pieces that are refunded twice, come late, or are lost with an older
copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.errors import ErrorCode
from posapp.domain.merchant_numbers import build_part_tag, item_id_of, part_of
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.sandbox.cancelling import CancelOrder
from posapp.services.ports.journal import Intent
from posapp.services.ports.outbox import MismatchKind
from posapp.services.refunds.unresolved_money import AssignmentResult
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.actors import STAFF
from tests.fakes.till import STOCK, an_order
from tests.faults.divided_shop import (
    BY_BUYER,
    BY_SELLER,
    CANCEL,
    GONE,
    ITEM,
    PAID,
    Shop,
    divided_shop,
    read_all,
    refusal,
    refused,
)
from tests.faults.maintained_till import MaintainedTill

DEAR = 300
"""The item of five pieces at 2,000 won in order 30, of 40,000 won."""


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Shop]:
    yield from divided_shop(tmp_path / "posapp.db", sandbox, clock)


def refund_of(shop: Shop, item: int, pieces: Pieces | None, amount: int) -> Refund:
    return shop.till.cancellation_service.refund(BY_SELLER, item, "품절", amount, pieces)


def land(shop: Shop, refund: Refund) -> None:
    """Carry the refund out now, as PortOne may after all."""
    balance = shop.till.books.balance(refund.imp_uid)
    order = CancelOrder(
        imp_uid=refund.imp_uid,
        amount=int(refund.amount),
        checksum=balance,
        reason=refund.tagged_reason,
    )
    shop.till.books.cancel(order)


# 97: chosen once, carried out once.


def test_fault_97_a_choice_is_not_carried_out_twice(shop: Shop) -> None:
    """The answer was lost on its way to the screen, and it is pressed again."""
    imp_uid = shop.till.paid_order(10)
    shown = Pieces(2, 5)
    refund_of(shop, ITEM, shown, 4000)
    assert refusal(lambda: refund_of(shop, ITEM, shown, 4000)) is ErrorCode.PIECES_CHANGED
    shop.till.pass_time(60)
    assert refusal(lambda: refund_of(shop, ITEM, shown, 4000)) is ErrorCode.PIECES_CHANGED
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000
    assert shop.pieces == [(3, PAID), (2, GONE)]
    refund_of(shop, ITEM, Pieces(2, 3), 4000)
    assert shop.pieces == [(1, PAID), (2, GONE), (2, PAID)]


@pytest.mark.parametrize(("count", "amount"), [(3, 6000), (5, 10_000), (1, 2000)])
def test_fault_97_pieces_of_a_page_of_before_are_chosen_anew(
    shop: Shop, count: int, amount: int
) -> None:
    """Even as many as are left: the page said that some stay paid."""
    shop.till.paid_order(10)
    shop.ask_back()
    stale = Pieces(count, 5)
    assert refusal(lambda: refund_of(shop, ITEM, stale, amount)) is ErrorCode.PIECES_CHANGED
    assert [one[0] for one in shop.pieces] == [3, 2]


def test_fault_97_all_of_a_page_of_before_is_another_amount(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.ask_back()
    again = lambda: refund_of(shop, ITEM, None, 10_000)  # noqa: E731
    assert refusal(again) is ErrorCode.REFUND_AMOUNT_DIFFERS


def test_fault_97_answer_lost_after_portone_acted(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    shop.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    refund = shop.ask_back()
    shop.till.work(1)
    assert shop.refund(refund.id).state is RefundState.UNKNOWN
    shop.till.pass_time(60, every=5)
    assert shop.refund(refund.id).state is RefundState.CONFIRMED
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000
    assert shop.till.stock_of(ITEM) == STOCK + 2
    shop.till.check_books()


# 98: an older copy, and lines that name no pieces.


def test_fault_98_a_second_refund_of_a_part_names_its_item_too(shop: Shop) -> None:
    """The copy knows neither the part nor its first refund, which was refused."""
    shop.till.paid_order(10)
    shop.copy()
    first = refused(shop)
    part = shop.items[-1].id
    second = shop.ask_back(None, 4000, part)
    found = part_of(second.tag)
    assert found == part_of(first.tag) and second.tag != first.tag
    shop.till.pass_time(60)
    shop.restore()
    shop.till.pass_time(180)
    assert shop.pieces == [(3, PAID), (2, GONE)] and shop.items[-1].id == part
    assert shop.mismatches() == []
    assert shop.till.stock_of(ITEM) == STOCK + 2
    shop.till.check_books()


def test_fault_98_a_request_about_a_part_names_its_item_too(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.copy()
    refused(shop)
    part = shop.items[-1].id
    shop.till.fulfilment_service.hand_over(BY_SELLER, part)
    request = shop.till.request_service.create(BY_BUYER, part, RequestKind.REFUND, "변심")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    shop.till.pass_time(60)
    shop.restore()
    shop.till.pass_time(180)
    assert shop.pieces == [(3, PAID), (2, GONE)] and shop.mismatches() == []


def lost_part_beside_its_item(shop: Shop) -> Refund:
    """Two pieces went back, and the copy is about to refund all five."""
    imp_uid = shop.till.paid_order(30)
    shop.offline()
    whole = shop.ask_back(None, 10_000, DEAR)
    shop.sandbox.faults.clear()
    tag = build_part_tag(shop.till.ids.refund_tag(None), DEAR, 2)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    shop.till.pass_time(1800)
    return whole


def test_fault_98_a_line_of_pieces_stops_a_refund_of_all_and_is_placed_after_it(
    shop: Shop,
) -> None:
    whole = lost_part_beside_its_item(shop)
    assert shop.refund(whole.id).state is RefundState.NEEDS_REVIEW
    assert shop.till.books.balance(whole.imp_uid) == 40_000 - 4000
    decided = shop.till.unresolved_money_service.assign_cancellation(STAFF, whole.id, ours=False)
    assert decided is AssignmentResult.TAGGED
    shop.till.pass_time(600)
    rest, _, part = shop.till.order(30).items
    assert (rest.count, rest.is_paid) == (3, True)
    assert (part.count, part.status) == (2, ItemStatus.CANCEL)
    shop.ask_back(None, 6000, DEAR)
    shop.till.pass_time(120)
    assert shop.till.books.balance(whole.imp_uid) == 40_000 - 10_000
    assert shop.till.stock_of(DEAR) == STOCK + 5
    shop.till.check_books()


def explained_part_without_a_place(shop: Shop) -> str:
    """Two pieces went back while a request waited in the copy: the line could not be placed, and a
    person explained it."""
    imp_uid = shop.till.paid_order(30)
    shop.till.fulfilment_service.hand_over(BY_SELLER, DEAR)
    request = shop.till.request_service.create(BY_BUYER, DEAR, RequestKind.EXCHANGE, "작아요")
    tag = build_part_tag(shop.till.ids.refund_tag(None), DEAR, 2)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    read_all(shop)
    assert shop.mismatches() == [MismatchKind.LOST_REFUND]
    shop.till.explain()
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.REJECT, "사용한 상품")
    return imp_uid


def test_fault_98_an_explained_line_of_pieces_still_stops_a_refund_of_all(shop: Shop) -> None:
    imp_uid = explained_part_without_a_place(shop)
    whole = shop.ask_back(None, 10_000, DEAR)
    shop.till.pass_time(1800)
    assert shop.refund(whole.id).state is RefundState.NEEDS_REVIEW
    assert shop.till.books.balance(imp_uid) == 40_000 - 4000
    decided = shop.till.unresolved_money_service.assign_cancellation(STAFF, whole.id, ours=False)
    assert decided is AssignmentResult.TAGGED
    shop.ask_back(3, 6000, DEAR)
    shop.till.pass_time(120)
    assert shop.till.books.balance(imp_uid) == 40_000 - 10_000, "three are left beside two"
    last = shop.ask_back(None, 4000, DEAR)
    shop.till.pass_time(1800)
    assert shop.refund(last.id).state is RefundState.NEEDS_REVIEW
    assert shop.till.books.balance(imp_uid) == 40_000 - 10_000, "no piece is left"


def test_fault_98_twin_that_takes_it_for_other_money_returns_seven_of_five_pieces(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "posapp.domain.refund_evidence.may_have_taken_its_pieces"
    monkeypatch.setattr(rule, lambda *_: False)
    imp_uid = explained_part_without_a_place(shop)
    shop.ask_back(None, 10_000, DEAR)
    shop.till.pass_time(1800)
    assert shop.till.books.balance(imp_uid) == 40_000 - 14_000


def untagged_part_of_before(shop: Shop) -> Refund:
    """KakaoPay cut the tag off, an older copy was put in place, and the line was explained."""
    imp_uid = shop.till.paid_order(30)
    shop.till.books.console_cancel(imp_uid, 4000, "품절")
    read_all(shop)
    shop.till.explain()
    whole = shop.ask_back(None, 10_000, DEAR)
    shop.till.pass_time(1800)
    return whole


def test_fault_98_an_untagged_line_of_two_pieces_needs_one_decision(shop: Shop) -> None:
    whole = untagged_part_of_before(shop)
    assert shop.refund(whole.id).state is RefundState.NEEDS_REVIEW
    assert shop.till.books.balance(whole.imp_uid) == 40_000 - 4000
    ours = lambda: shop.till.unresolved_money_service.assign_cancellation(  # noqa: E731
        STAFF, whole.id, ours=True
    )
    assert refusal(ours) is ErrorCode.REFUND_AMOUNT_DIFFERS
    decided = shop.till.unresolved_money_service.assign_cancellation(STAFF, whole.id, ours=False)
    assert decided is AssignmentResult.SENDS_AGAIN
    shop.till.pass_time(120)
    assert shop.refund(whole.id).state is RefundState.CONFIRMED
    shop.till.check_books()


def test_fault_98_twin_that_compares_whole_amounts_asks_nobody(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = "posapp.domain.refund_evidence._is_price_of_pieces"
    monkeypatch.setattr(rule, lambda *_: False)
    whole = untagged_part_of_before(shop)
    assert shop.till.books.balance(whole.imp_uid) == 40_000 - 14_000


@pytest.mark.parametrize("ours", [True, False])
def test_fault_98_a_console_cancel_of_the_pieces_is_decided_by_a_person(
    shop: Shop, ours: bool
) -> None:
    imp_uid = shop.till.paid_order(30)
    shop.offline()
    refund = shop.ask_back(2, 4000, DEAR)
    shop.sandbox.faults.clear()
    shop.till.books.console_cancel(imp_uid, 4000)
    shop.till.pass_time(1800)
    assert shop.refund(refund.id).state is RefundState.NEEDS_REVIEW
    shop.till.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=ours)
    shop.till.pass_time(120)
    shop.till.explain()
    shop.till.pass_time(600)
    sent = 4000 if ours else 8000
    assert shop.till.books.balance(imp_uid) == 40_000 - sent
    assert shop.till.stock_of(DEAR) == STOCK + 2
    rest, _, part = shop.till.order(30).items
    assert (rest.count, rest.is_paid, part.status) == (3, True, ItemStatus.CANCEL)
    shop.till.check_books()


def test_fault_98_a_part_with_a_number_in_use_is_named(shop: Shop) -> None:
    """A line with the number of a part that is there, and with other pieces."""
    imp_uid = shop.till.paid_order(10)
    known = refused(shop)
    part = part_of(known.tag)
    assert part is not None
    tag = build_part_tag("[RF-0-ZZZZ2222]", ITEM, 1, part.number)
    shop.till.books.console_cancel(imp_uid, 4000, f"품절 {tag}")
    read_all(shop)
    assert shop.mismatches() == [MismatchKind.LOST_REFUND]
    assert shop.pieces == [(3, PAID), (2, PAID)]


def test_fault_98_the_journal_and_portone_both_know_the_part(
    tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    """It was carried out before the older copy was put in place: confirmed, once."""
    till = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    till.till.stock_shop(an_order(10, (2000, 5), (1500, 2)))
    imp_uid = till.till.paid_order(10)
    till.run("journal")
    backup(till.path, tmp_path / "copy.db")
    sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    refund = till.till.cancellation_service.refund(BY_SELLER, ITEM, "품절", 4000, Pieces(2, 5))
    till.run("journal")
    till.till.work(1)
    till.close()
    assert till.till.books.balance(imp_uid) == 13_000 - 4000
    for each in tmp_path.glob("posapp.db*"):
        each.unlink()
    shutil.copyfile(tmp_path / "copy.db", till.path)
    till.open()
    till.till.pass_time(300)
    with till.store.snapshot() as uow:
        (found,) = uow.refunds.of_payment(imp_uid)
    assert (found.tag, found.state) == (refund.tag, RefundState.CONFIRMED)
    counts = [(one.count, one.status.value) for one in till.till.order(10).items]
    assert counts == [(3, PAID), (2, PAID), (2, GONE)]
    assert till.till.stock_of(ITEM) == STOCK + 2
    till.till.check_books()
    till.close()


def test_fault_98_an_intent_of_a_part_beyond_the_payment_divides_nothing(
    tmp_path: Path, sandbox: Any, clock: Any
) -> None:
    till = MaintainedTill(tmp_path / "posapp.db", sandbox, clock)
    till.till.stock_shop(an_order(10, (2000, 5), (1500, 2)))
    imp_uid = till.till.paid_order(10)
    till.till.books.console_cancel(imp_uid, 10_000)
    till.till.reconcile_job.request_full()
    till.till.pass_time(180)
    tag = build_part_tag(till.till.ids.refund_tag(None), ITEM, 2)
    till.close()
    intent = Intent(
        tag, imp_uid, 10, item_id_of(tag), Won(4000), "품절", BY_SELLER, BY_SELLER, clock.now()
    )
    FileIntentJournal(journal_path(till.path)).add([intent])
    till.open()
    assert [one.count for one in till.till.order(10).items] == [5, 2]
    kinds = [one.kind for one in till.till.unresolved_money_service.mismatches()]
    assert MismatchKind.LOST_INTENT in kinds
    till.close()


# 99: refused, and carried out after all.


def test_fault_99_a_refused_refund_of_pieces_is_found_when_it_is_made_after_all(
    shop: Shop,
) -> None:
    imp_uid = shop.till.paid_order(10)
    refund = refused(shop)
    land(shop, refund)
    read_all(shop)
    assert shop.refund(refund.id).state is RefundState.CONFIRMED
    assert shop.pieces == [(3, PAID), (2, GONE)] and shop.mismatches() == []
    assert shop.till.stock_of(ITEM) == STOCK + 2
    read_all(shop)
    assert shop.till.stock_of(ITEM) == STOCK + 2
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000
    shop.till.check_books()


def test_fault_99_the_next_refund_of_the_part_ends_with_it(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    first = refused(shop)
    land(shop, first)
    second = shop.ask_back(None, 4000, shop.items[-1].id)
    shop.till.pass_time(600)
    assert shop.refund(first.id).state is RefundState.CONFIRMED
    assert shop.refund(second.id).state is RefundState.REFUSED
    assert shop.till.books.balance(imp_uid) == 13_000 - 4000
    assert shop.till.stock_of(ITEM) == STOCK + 2
    shop.till.check_books()


def test_fault_99_a_refund_of_what_is_left_goes_on_beside_it(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    first = refused(shop)
    rest = shop.ask_back(None, 6000)
    land(shop, first)
    shop.till.pass_time(600)
    assert [shop.refund(one.id).state for one in (first, rest)] == [RefundState.CONFIRMED] * 2
    assert shop.pieces == [(3, GONE), (2, GONE)]
    assert shop.till.books.balance(imp_uid) == 3000
    assert shop.till.stock_of(ITEM) == STOCK + 5
    shop.till.check_books()


def test_fault_99_all_pieces_after_all_beside_a_part_that_waits(shop: Shop) -> None:
    """Ten thousand went back after all; the part's four thousand are not sent beside them."""
    imp_uid = shop.till.paid_order(30)
    whole = refused(shop, None, 10_000, DEAR)
    shop.offline()
    part = shop.ask_back(2, 4000, DEAR)
    shop.sandbox.faults.clear()
    land(shop, whole)
    shop.till.pass_time(1800)
    shop.till.explain()
    for one in shop.till.unresolved_money_service.refunds():
        shop.till.unresolved_money_service.retry(STAFF, one.refund.id)
    shop.till.pass_time(1800)
    assert shop.till.books.balance(imp_uid) == 30_000
    assert shop.refund(part.id).state is RefundState.NEEDS_REVIEW
