"""What else knows items, beside a part: all that is left of a payment, a whole cancel elsewhere,
exchanges, and what is undone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode
from posapp.domain.ledger import LedgerEvent
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.till import BUYER, STOCK
from tests.faults.divided_shop import (
    BY_BUYER,
    BY_SELLER,
    GONE,
    ITEM,
    PAID,
    Shop,
    divided_shop,
    read_all,
    refusal,
    refused,
)

__all__ = ["clock", "sandbox"]


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Shop]:
    yield from divided_shop(tmp_path / "posapp.db", sandbox, clock)


def test_all_that_is_left_covers_the_item_and_its_refused_part(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    shop.sandbox.faults.conduct.refuse_second_partial = (
        "requested cancel amount is bigger than cancelable amount"
    )
    shop.ask_back(1, 2000)
    shop.till.pass_time(60)
    second = shop.ask_back(2, 4000)
    shop.till.pass_time(60)
    assert shop.refund(second.id).state is RefundState.REFUSED
    offer = shop.till.remainder_service.offer(second.id)
    assert offer is not None
    assert ([one.count for one in offer.items], offer.amount) == ([2, 2, 2], 11_000)
    shop.till.remainder_service.cancel(BY_SELLER, second.id, "품절", 11_000)
    assert refusal(lambda: shop.ask_back(1, 2000)) is ErrorCode.PART_REFUSED
    shop.till.pass_time(60)
    assert {one.status for one in shop.items} == {ItemStatus.CANCEL}
    assert shop.till.books.balance(imp_uid) == 0
    assert [shop.till.stock_of(number) for number in (ITEM, ITEM + 1)] == [STOCK + 5, STOCK + 2]
    shop.till.check_books()


def test_a_whole_external_cancel_ends_the_item_and_its_parts_once(shop: Shop) -> None:
    imp_uid = shop.till.paid_order(10)
    shop.ask_back()
    shop.till.pass_time(60)
    refused(shop, 1, 2000)
    shop.till.books.console_cancel(imp_uid, shop.till.books.balance(imp_uid))
    read_all(shop)
    assert shop.pieces == [(2, GONE), (2, GONE), (1, GONE)]
    assert shop.till.stock_of(ITEM) == STOCK + 5
    assert shop.mismatches() == []
    shop.till.check_books()


def test_an_exchange_of_what_is_left_is_of_those_pieces(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.ask_back()
    shop.till.pass_time(60)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.EXCHANGE, "작아요")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    assert shop.till.stock_of(ITEM) == STOCK + 2 - 3
    shop.till.decision_service.undo(BY_SELLER, request.id)
    assert shop.till.stock_of(ITEM) == STOCK + 2
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.REJECT, "사용한 상품")


def test_no_decision_is_undone_after_a_part_when_the_clock_was_set_back(shop: Shop) -> None:
    """The part has an earlier time than the decision."""
    shop.till.paid_order(10)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.EXCHANGE, "작아요")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    shop.clock._now -= timedelta(hours=1)
    shop.ask_back()
    shop.till.pass_time(60)
    undo = lambda: shop.till.decision_service.undo(BY_SELLER, request.id)  # noqa: E731
    assert refusal(undo) is ErrorCode.UNDO_OVER
    assert shop.till.stock_of(ITEM) == STOCK - 5 + 2


def test_a_part_of_before_does_not_keep_a_decision(shop: Shop) -> None:
    shop.till.paid_order(10)
    shop.ask_back()
    shop.till.pass_time(60)
    shop.till.fulfilment_service.hand_over(BY_SELLER, ITEM)
    request = shop.till.request_service.create(BY_BUYER, ITEM, RequestKind.REFUND, "변심")
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.REJECT, "사용한 상품")
    shop.till.decision_service.undo(BY_SELLER, request.id)
    shop.till.decision_service.decide(BY_SELLER, request.id, Decision.APPROVE)
    shop.till.decision_service.undo(BY_SELLER, request.id)


def test_pieces_of_an_item_go_back_to_its_buyer_alone(shop: Shop) -> None:
    shop.till.paid_order(10)
    stranger = Actor.buyer(BUYER + 1)
    asked = lambda: shop.till.cancellation_service.refund(  # noqa: E731
        stranger, ITEM, "", 4000, Pieces(2, 5)
    )
    assert refusal(asked) is ErrorCode.ITEM_OF_ANOTHER
    assert shop.pieces == [(5, PAID)]


def test_the_ledger_has_the_part_before_its_refund(shop: Shop) -> None:
    shop.till.paid_order(10)
    refund = shop.ask_back()
    with shop.till.store.snapshot() as uow:
        facts = [row.entry for row in uow.ledger.for_order(10)][-2:]
    assert [one.event for one in facts] == [LedgerEvent.ITEM_DIVIDED, LedgerEvent.REFUND_APPROVED]
    assert [one.item_id for one in facts] == [ITEM, refund.item_id]
