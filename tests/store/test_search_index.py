"""Repositories write the text index through a collaborator and do not depend on FTS5."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest

from posapp.domain.errors import UserError
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.services.ports.requests import RequestFilter
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.search_index import Indexed, IndexedRequest
from posapp.store.unit_of_work import SqlStore, SqlUnitOfWork
from tests.store.records import NOW, later, order, user

REQUEST = Request(
    0, RequestKind.REFUND, RequestState.WAIT, 9, 1, 10, 1, reason="환불 \ud800", created_at=later(7)
)
INDEXED = IndexedRequest(1, 9, 1, later(7), "카페 라떼", "환불 ?", "김하늘")


@dataclass
class NotingIndex:
    """Notes what it is given."""

    all_added: list[Indexed] = field(default_factory=list)
    all_replaced: list[tuple[Indexed, Indexed]] = field(default_factory=list)

    def add(self, *records: Indexed) -> None:
        self.all_added += records

    def remove(self, *records: Indexed) -> None:
        raise NotImplementedError

    def replace(self, old: Indexed, new: Indexed) -> None:
        self.all_replaced.append((old, new))

    @property
    def added(self) -> list[Indexed]:
        return [one for one in self.all_added if isinstance(one, IndexedRequest)]

    @property
    def replaced(self) -> list[tuple[Indexed, Indexed]]:
        return [pair for pair in self.all_replaced if isinstance(pair[0], IndexedRequest)]


@contextmanager
def unit_without_fts(store: SqlStore, index: NotingIndex) -> Iterator[SqlUnitOfWork]:
    """A unit of work of the same repositories, on a database without the virtual table."""
    with store.transaction() as uow:
        for table in ("request_words", "order_words", "product_words"):
            uow.connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}")
        yield SqlUnitOfWork(uow.connection, index, guard_attempt=lambda: None)


def test_new_request_is_indexed_with_the_stored_text(store: SqlStore) -> None:
    index = NotingIndex()
    with unit_without_fts(store, index) as uow:
        uow.catalogue.add_users([user(1)])
        uow.catalogue.add_orders([order(1)])
        uow.requests.add(REQUEST)
        with pytest.raises(UserError):
            uow.requests.add(REQUEST)
    assert index.added == [INDEXED]
    assert index.replaced == []


def test_a_renamed_buyers_requests_are_indexed_again_and_no_others(store: SqlStore) -> None:
    index = NotingIndex()
    with unit_without_fts(store, index) as uow:
        uow.catalogue.add_users([user(1), user(2, name="박")])
        uow.catalogue.add_orders([order(1), order(2)])
        uow.requests.add(REQUEST)
        uow.requests.add(replace(REQUEST, item_id=20, order_id=2, buyer_id=2))
        uow.catalogue.update_users([user(1, name="이바다"), user(2, name="박")])
        uow.catalogue.update_users([user(1, name="이바다")])
    assert index.replaced == [(INDEXED, replace(INDEXED, buyer_name="이바다"))]


def test_sqlite_index_finds_added_and_replaced_text(store: SqlStore) -> None:
    def found(**filters: str) -> list[int]:
        page = SqlRequestSearch(store).page(9, RequestFilter(**filters), 9)  # type: ignore[arg-type]
        return [row.id for row in page.rows]

    with store.transaction() as uow:
        uow.catalogue.add_users([user(1)])
        uow.catalogue.add_orders([order(1)])
        uow.requests.add(REQUEST)
        uow.commit()
    assert found(text="환불") == found(buyer="하늘") == found(text="라떼", buyer="김") == [1]
    with store.transaction() as uow:
        uow.catalogue.update_users([user(1, name="이바다")])
        uow.commit()
    assert found(buyer="하늘") == []
    assert found(buyer="바다") == found(text="환불") == [1]


def test_rollback_also_undoes_the_index(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_orders([order(1, created_at=NOW)])
        uow.requests.add(REQUEST)
    with store.snapshot() as uow:
        count = uow.connection.exec_driver_sql("SELECT count(*) FROM request_words").scalar_one()
    assert count == 0
