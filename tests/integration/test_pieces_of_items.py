"""What the records say of the other pieces that were ordered with those of a refund."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.refund_evidence import ItemPieces
from posapp.domain.refunds import Refund, RefundState
from posapp.services.bookkeeping.item_parts import pieces_of, won_of_other_pieces
from tests.fakes.fixtures import clock, sandbox
from tests.faults.divided_shop import BY_SELLER, ITEM, Shop, divided_shop

__all__ = ["clock", "sandbox"]


@pytest.fixture
def shop(tmp_path: Path, sandbox: Any, clock: Any) -> Iterator[Shop]:
    for made in divided_shop(tmp_path / "posapp.db", sandbox, clock):
        made.till.paid_order(10)
        made.offline()
        yield made


def pieces(shop: Shop, refund: Refund) -> ItemPieces | None:
    with shop.till.store.snapshot() as uow:
        return pieces_of(uow, refund)


def won_before(shop: Shop, item: int) -> int:
    with shop.till.store.snapshot() as uow:
        found = uow.orders.item(item)
        assert found is not None
        return int(won_of_other_pieces(uow, found))


def end(shop: Shop, refund: Refund, state: RefundState) -> None:
    with shop.till.store.transaction() as uow:
        uow.refunds.save(replace(refund, state=state))
        uow.outbox.close(refund.id)
        uow.commit()


def test_pieces_that_are_on_their_way_back_are_not_left(shop: Shop) -> None:
    first = shop.ask_back(2)
    assert pieces(shop, first) == ItemPieces(Won(2000), 5, beside=3)
    second = shop.ask_back(1, 2000)
    assert pieces(shop, first) == ItemPieces(Won(2000), 5, beside=2)
    rest = shop.ask_back(None, 4000)
    for refund in (first, second, rest):
        found = pieces(shop, refund)
        assert found is not None and found.beside == 0
    end(shop, second, RefundState.REFUSED)
    found = pieces(shop, first)
    assert found is not None and found.beside == 1


def test_pieces_refunded_by_an_external_cancel_are_not_left(shop: Shop) -> None:
    """A person said that the cancel was this refund: it sent nothing, and its item is cancelled."""
    first = shop.ask_back(2)
    end(shop, first, RefundState.REFUSED)
    rest = shop.ask_back(None, 6000)
    found = pieces(shop, rest)
    assert found is not None and found.beside == 2
    with shop.till.store.transaction() as uow:
        part = uow.orders.item(first.item_id or 0)
        assert part is not None
        uow.orders.save_items([replace(part, status=ItemStatus.CANCEL)])
        uow.commit()
    found = pieces(shop, rest)
    assert found is not None and found.beside == 0


def test_a_refund_without_an_item_has_no_pieces(shop: Shop) -> None:
    refund = shop.ask_back()
    assert pieces(shop, replace(refund, item_id=None)) is None
    assert pieces(shop, replace(refund, item_id=999_999)) is None


def test_won_of_the_other_pieces_counts_what_was_not_refused(shop: Shop) -> None:
    assert won_before(shop, ITEM) == 0
    first = shop.ask_back(2)
    second = shop.ask_back(1, 2000)
    assert first.item_id is not None
    assert [won_before(shop, one) for one in (ITEM, first.item_id)] == [6000, 2000]
    end(shop, first, RefundState.REFUSED)
    assert won_before(shop, ITEM) == 2000
    assert won_before(shop, ITEM + 1) == 0, "another item of the order"
    end(shop, second, RefundState.CONFIRMED)
    assert won_before(shop, ITEM) == 2000


def test_all_of_an_item_may_be_chosen_as_its_pieces(shop: Shop) -> None:
    refund = shop.till.cancellation_service.refund(BY_SELLER, ITEM, "", 10_000, Pieces(5, 5))
    assert refund.item_id == ITEM
    assert pieces(shop, refund) == ItemPieces(Won(2000), 5, beside=0)
