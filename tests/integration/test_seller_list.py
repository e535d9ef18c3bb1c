"""The sellers of a shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.users import User, UserStatus
from posapp.services.orders import seller_list
from posapp.services.orders.seller_list import Seller, SellerListService
from posapp.store.open_store import open_store


@pytest.fixture
def service(tmp_path: Path) -> Iterator[SellerListService]:
    store = open_store(tmp_path / "shop.db")
    with store.transaction() as uow:
        uow.catalogue.add_users(
            [
                User(9, "둘째 상점", status=UserStatus.SELLER),
                User(3, "구매자"),
                User(2, "첫째 상점", phone="010-0000-0002", status=UserStatus.SELLER),
                User(5, "관리자", status=UserStatus.ADMIN),
            ]
        )
        uow.commit()
    yield SellerListService(store)
    store.close()


def test_only_sellers_are_listed_by_their_numbers(service: SellerListService) -> None:
    assert service.read() == (Seller(2, "첫째 상점"), Seller(9, "둘째 상점"))


def test_the_list_has_an_end(service: SellerListService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seller_list, "MOST_SELLERS", 1)
    assert service.read() == (Seller(2, "첫째 상점"),)
