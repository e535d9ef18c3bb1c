"""Numbers of orders, items and products that are made here: in a range of their own, and of no
file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.codes import is_gtin, order_code, order_number
from posapp.domain.merchant_numbers import beginning_of
from posapp.services.ports.record_ids import (
    FIRST_BUILT_IN,
    FIRST_OWN,
    IDS_PER_TILL,
    ITEMS_OF_NUMBER,
    RecordKind,
)
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.unit_of_work import SqlStore
from tests.store.records import item, order
from tests.store.test_record_ids import FIRST

OWN_ITEMS = (FIRST_OWN - 1) * ITEMS_OF_NUMBER + 1


def set_last(store: SqlStore, kind: RecordKind, last: int) -> None:
    with store.transaction() as uow:
        uow.connection.exec_driver_sql(
            "UPDATE id_sequences SET last = ? WHERE name = ?", (last, kind.value)
        )
        uow.commit()


@pytest.mark.parametrize("kind", FIRST)
def test_what_is_made_here_has_numbers_of_its_own(store: SqlStore, kind: RecordKind) -> None:
    set_last(store, kind, 1_205)  # just above the last file, as earlier versions counted
    with store.transaction() as uow:
        given = [uow.record_ids.next(kind) for _ in range(3)]
        assert given == [FIRST[kind], FIRST[kind] + 1, FIRST[kind] + 2]
        assert not uow.record_ids.has_given(kind, FIRST[kind] - 1)
        assert all(uow.record_ids.has_given(kind, number) for number in given)
        assert not uow.record_ids.has_given(kind, FIRST[kind] + 3)


def test_a_number_is_short_and_no_barcode() -> None:
    """Papers show it, people type it, and a scanner reads it."""
    assert order_number(order_code(FIRST_OWN)) == FIRST_OWN
    assert beginning_of("0a1b2c", FIRST_OWN) == "pos-0a1b2c-2z60x-"
    for number in (FIRST_OWN, IDS_PER_TILL - 1):
        assert len(str(number)) == 7 and not is_gtin(str(number))
    for number in (OWN_ITEMS, IDS_PER_TILL * ITEMS_OF_NUMBER - 1):
        assert len(str(number)) == 10 and not is_gtin(str(number))


def test_numbers_that_a_file_brought_are_passed_over(store: SqlStore) -> None:
    with store.transaction() as uow:
        give = uow.record_ids.next
        assert give(RecordKind.ORDER) == FIRST_OWN
        of_files = (7, FIRST_OWN + 1, FIRST_OWN + 2, FIRST_OWN + 4, 10**15, FIRST_BUILT_IN + 1)
        uow.catalogue.add_orders([order(number) for number in of_files])
        assert [give(RecordKind.ORDER) for _ in range(3)] == [
            *(FIRST_OWN + 3, FIRST_OWN + 5, FIRST_OWN + 6)
        ]
        assert give(RecordKind.ORDER_ITEM) == OWN_ITEMS
        uow.catalogue.add_orders([order(8, items=(item(OWN_ITEMS + 1, 8),))])
        assert give(RecordKind.ORDER_ITEM) == OWN_ITEMS + 2


@pytest.mark.parametrize("kind", FIRST)
def test_they_stay_below_those_of_the_program(store: SqlStore, kind: RecordKind) -> None:
    end = FIRST_BUILT_IN * (ITEMS_OF_NUMBER if kind is RecordKind.ORDER_ITEM else 1)
    set_last(store, kind, end - 2)
    with store.transaction() as uow:
        assert uow.record_ids.next(kind) == end - 1
        with pytest.raises(OverflowError):
            uow.record_ids.next(kind)


@pytest.mark.parametrize("kind", FIRST)
def test_a_further_till_has_a_range_in_its_block(store: SqlStore, kind: RecordKind) -> None:
    wide = ITEMS_OF_NUMBER if kind is RecordKind.ORDER_ITEM else 1
    store.till = 7
    with store.transaction() as uow:
        number = uow.record_ids.next(kind)
        assert number == FIRST[kind] + 7 * IDS_PER_TILL * wide
        assert not uow.record_ids.has_given(kind, FIRST[kind])
        uow.commit()
    set_last(store, kind, 8 * IDS_PER_TILL * wide - 1)
    with store.transaction() as uow, pytest.raises(OverflowError):
        uow.record_ids.next(kind)


def test_a_shop_whose_files_have_long_numbers_gets_the_range_too(tmp_path: Path) -> None:
    """Its sequences were set to the largest numbers of its files."""
    path = tmp_path / "shop.db"
    open_store(path, MigrationPlan(OUR_STEPS.folder, "0015")).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name, last in (("orders", 20_261_130), ("order_items", 9_205), ("products", 88)):
            connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, name))
    opened = open_store(path)
    with opened.transaction() as uow:
        assert {kind: uow.record_ids.next(kind) for kind in FIRST} == FIRST
    opened.close()
