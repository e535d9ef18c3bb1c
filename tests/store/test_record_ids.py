"""Ids of new records: in the till's block, in order, and never given twice."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.payment_ref import Provider
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.record_ids import (
    FIRST_OWN,
    IDS_PER_TILL,
    ITEMS_OF_NUMBER,
    RecordKind,
)
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, attempt, entry, order, paid, payment, refund

FIRST = {
    RecordKind.ORDER: FIRST_OWN,
    RecordKind.PRODUCT: FIRST_OWN,
    RecordKind.ORDER_ITEM: (FIRST_OWN - 1) * ITEMS_OF_NUMBER + 1,
}
"""First numbers of what files number, too."""


def jump(path: Path, kind: RecordKind, last: int) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, kind.value))


def test_each_kind_of_record_has_a_sequence_of_its_own(store: SqlStore) -> None:
    with store.transaction() as uow:
        for number in (1, 2, 3):
            given = {kind: uow.record_ids.next(kind) for kind in RecordKind}
            assert {given[kind] - FIRST.get(kind, 1) for kind in RecordKind} == {number - 1}
        names = uow.connection.exec_driver_sql("SELECT name FROM id_sequences").scalars()
        assert set(names) == {kind.value for kind in RecordKind}


def test_a_unit_that_is_rolled_back_gives_its_ids_back(store: SqlStore) -> None:
    with store.transaction() as uow:
        assert uow.attempts.add(attempt("M-1")).id == 1
    with store.transaction() as uow:
        assert uow.attempts.add(attempt("M-2")).id == 1
        uow.commit()
    with store.transaction() as uow:
        with pytest.raises(UserError) as refused:
            uow.attempts.add(attempt("M-3"))
        assert refused.value.code is ErrorCode.ATTEMPT_IN_PROGRESS
        kept = uow.attempts.add(attempt("M-4", order_id=2))
        uow.commit()
    with store.snapshot() as uow:
        assert [one.merchant_uid for one in uow.attempts.newest(9)] == ["M-4", "M-2"]
        assert uow.attempts.get(kept.id) == kept


def test_a_restored_copy_continues_after_its_own_rows(
    store: SqlStore, database: Path, tmp_path: Path
) -> None:
    paid(store)
    with store.transaction() as uow:
        assert uow.refunds.add(refund()).id == 1
        uow.commit()
    store.close()
    copy = Path(shutil.copy(database, tmp_path / "copy.db"))
    newer = open_store(database)
    with newer.transaction() as uow:
        assert uow.refunds.add(refund("[RF-2]", item_id=11)).id == 2
        uow.commit()
    newer.close()
    restored = open_store(copy)
    with restored.transaction() as uow:
        assert uow.refunds.add(refund("[RF-3]", item_id=11)).id == 2
        assert [one.id for one in uow.refunds.of_payment("imp_1")] == [1, 2]
        uow.commit()
    restored.close()


def test_ids_of_a_till_are_in_its_block_for_any_table_content(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        uow.connection.exec_driver_sql(
            "INSERT INTO attempts SELECT 80000001, 8, 'M-8', 1, 0, 'PAID', '', NULL, NULL, NULL,"
            " '', '', NULL, 0, 'portone_v1', 8, 0"
        )
        uow.commit()
    store.till = 7
    with store.transaction() as uow:
        assert uow.record_ids.till == 7
        assert uow.attempts.add(attempt()).id == 7 * IDS_PER_TILL + 1
        assert uow.attempts.add(attempt("M-2", 2)).id == 7 * IDS_PER_TILL + 2
        kept = uow.refunds.add(refund())
        assert kept.id == 7 * IDS_PER_TILL + 1
        assert uow.outbox.enqueue(kept, NOW).id == 7 * IDS_PER_TILL + 1
        uow.payments.add(payment("imp_2", 2))
        found = uow.connection.exec_driver_sql("SELECT id FROM payments ORDER BY id").scalars()
        assert list(found) == [1, 7 * IDS_PER_TILL + 1]


def test_a_till_refuses_ids_of_the_next_tills_block(store: SqlStore, database: Path) -> None:
    store.till = 7
    last = 8 * IDS_PER_TILL - 1
    jump(database, RecordKind.ATTEMPT, last - 1)
    with store.transaction() as uow:
        assert uow.attempts.add(attempt()).id == last
        uow.commit()
    for _ in range(2):
        with store.transaction() as uow, pytest.raises(OverflowError, match="till 7: no attempts"):
            uow.attempts.add(attempt("M-2", 2))
    with store.snapshot() as uow:
        assert [one.id for one in uow.attempts.newest(9)] == [last]
        assert (
            uow.connection.exec_driver_sql(
                "SELECT last FROM id_sequences WHERE name = 'attempts'"
            ).scalar_one()
            == last
        )


def test_a_new_tills_number_must_be_above_the_ids_that_the_file_gave(
    store: SqlStore, database: Path
) -> None:
    jump(database, RecordKind.ATTEMPT, 25_000_000)
    store.till = 1
    with store.transaction() as uow, pytest.raises(OverflowError):
        uow.attempts.add(attempt())
    store.till = 3
    with store.transaction() as uow:
        assert uow.attempts.add(attempt()).id == 30_000_001


def test_the_only_till_of_a_shop_never_runs_out(store: SqlStore, database: Path) -> None:
    """20 years of 2,000 sales a day are 14.6 million."""
    jump(database, RecordKind.ATTEMPT, IDS_PER_TILL - 1)
    with store.transaction() as uow:
        numbers = [uow.record_ids.next(RecordKind.ATTEMPT) for _ in range(3)]
    assert numbers == [IDS_PER_TILL, IDS_PER_TILL + 1, IDS_PER_TILL + 2]


def test_a_mismatch_noted_again_uses_no_id(store: SqlStore) -> None:
    found = Mismatch(0, MismatchKind.FOREIGN_PAYMENT, "M-1", "imp_1", Won(5), "seen", NOW)
    other = Mismatch(0, MismatchKind.FOREIGN_PAYMENT, "M-2", "imp_2", Won(5), "seen", NOW)
    with store.transaction() as uow:
        assert uow.mismatches.note(found)
        for _ in range(5):
            assert not uow.mismatches.note(found)
        assert uow.mismatches.note(other)
        assert [one.id for one in uow.mismatches.open(9)] == [1, 2]


def test_records_have_the_number_of_their_till(store: SqlStore) -> None:
    store.till = 7
    paid(store, payment(till=7))
    with store.transaction() as uow:
        uow.catalogue.add_orders([order()])
        kept = uow.refunds.add(refund(till=7))
        assert uow.outbox.enqueue(kept, NOW).till == 7
        assert [one.till for one in uow.outbox.waiting(9)] == [7]
        about = uow.ledger.append(entry(imp_uid="imp_1")).entry
        assert (about.provider, about.till) == (Provider.PORTONE_V1, 7)
        other = uow.ledger.append(entry(provider="portone_v1", till=9)).entry
        assert (other.provider, other.till) == ("", 7), "about no payment, in this till's ledger"
        assert [row.entry for row in uow.ledger.rows(0, 9)] == [about, other]
