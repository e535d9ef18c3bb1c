"""Files of every earlier schema, with a shop's data, open with this program and lose nothing.

By default of the first, the last ones and some between; ``--every-place``: of each."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from posapp.domain.ledger import FORM
from posapp.domain.order_segments import OrderSegment
from posapp.domain.payment_ref import PaymentRef, Provider, Tender
from posapp.domain.payments import AttemptState
from posapp.domain.refunds import RefundState
from posapp.domain.seals import SealCheck, SealState
from posapp.services.ports.order_search import OrderFilter
from posapp.services.ports.record_ids import FIRST_OWN, ITEMS_OF_NUMBER, RecordKind
from posapp.store.files.backup import backup_folder, list_backups
from posapp.store.files.integrity_check import check_backup, find_damage
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.files.restore import UnsentRefunds, pending_refunds_in
from posapp.store.ledger_seals import check_seals
from posapp.store.open_store import OUR_STEPS, open_store
from posapp.store.schema import SCHEMA_VERSION, schema_version
from posapp.store.search.order_search import SqlOrderSearch
from tests.store.old_shops import (
    ATTEMPT_IDS,
    CASH_IDS,
    COUNTER_IDS,
    EARLIER,
    KEY,
    LAST_IDS,
    LAST_REQUEST,
    make_old_shop,
)
from tests.store.records import attempt, entry
from tests.store.test_open_store import schema

Rows = dict[str, tuple[tuple[str, ...], list[tuple[object, ...]]]]

WITHOUT_DEFAULT = {"form": 1, "gap": 0, "ledger_gap": 0, "explained_by": "", "explanation": ""}
"""Values that a migration wrote into columns without a default in the schema."""


SHARE = (*EARLIER[:-3:5], *EARLIER[-3:])


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Choose the schemas."""
    if "made" in metafunc.fixturenames:
        chosen = EARLIER if metafunc.config.getoption("--every-place") else SHARE
        metafunc.parametrize("made", chosen, indirect=True, scope="module")


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_old_shop(tmp_path_factory.mktemp(request.param) / "shop.db", request.param)


@pytest.fixture
def old(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path / "shop.db"))


def contents(path: Path) -> Rows:
    """Columns and rows of each table of ours."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'table'"
            " AND name NOT LIKE '%_words%' AND name <> 'alembic_version'"
        ).fetchall()
        found = {}
        for (table,) in tables:
            rows = connection.execute(f"SELECT * FROM {table} ORDER BY rowid")
            found[table] = (tuple(column[0] for column in rows.description), rows.fetchall())
    return found


SEARCHED = ("segment", "has_cancelled", "amount", "ordered", "goods_text", "buyer_text",
            "phone_digits")  # fmt: skip
DERIVED = {
    ("payments", "tender"),
    ("order_items", "ordered_at"),
    ("order_items", "first_count"),
    ("order_items", "first_discount"),
    ("products", "found_by"),
} | {("orders", name) for name in SEARCHED}
"""New columns whose values follow from the row; a test of their own checks them."""


def defaults(path: Path, table: str) -> dict[str, object]:
    """The default of each column that has one."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            name: connection.execute(f"SELECT {default}").fetchone()[0]
            for _, name, _, _, default, _ in connection.execute(f"PRAGMA table_info({table})")
            if default is not None
        }


def test_the_last_earlier_schema_is_the_one_before_this(old: Path) -> None:
    config = Config()
    config.set_main_option("script_location", str(OUR_STEPS.folder))
    config.set_main_option("path_separator", "os")
    head = ScriptDirectory.from_config(config).get_revision(SCHEMA_VERSION)
    assert EARLIER[-1] == head.down_revision
    assert schema_version(old) in EARLIER


def test_rows_stay_as_they_were_but_for_the_defaults_of_new_columns(old: Path) -> None:
    before = contents(old)
    assert all(rows for table, (_, rows) in before.items()), "every table of that time has rows"
    open_store(old).close()
    after = contents(old)
    for table, (names, rows) in before.items():
        new_names, new_rows = after[table]
        places = [new_names.index(name) for name in names]
        if table == "id_sequences":  # kinds of records that came later have rows of their own
            of_then = {row[0] for row in rows}
            new_rows = [row for row in new_rows if row[0] in of_then]
        assert [tuple(row[place] for place in places) for row in new_rows] == rows, table
        known = {**WITHOUT_DEFAULT, **defaults(old, table)}
        for place, name in enumerate(new_names):
            if name not in names and (table, name) not in DERIVED:
                new = {row[place] for row in new_rows}
                assert new == {known.get(name)}, f"{table}.{name}"


def test_earlier_money_belongs_to_portone_and_till_0(old: Path) -> None:
    # From schema 8 on an entry has the provider of its payment.
    of_entries = {"portone_v1"} if schema_version(old) >= "0008" else {""}
    opened = open_store(old)
    with opened.snapshot() as uow:
        paid = [one for order in range(1, 9) for one in uow.payments.for_order(order)]
        assert [one.imp_uid for one in paid] == ["imp_1", "imp_2", "imp_8"]
        assert {(one.provider, one.till) for one in paid} == {(Provider.PORTONE_V1, 0)}
        # The rejected one has another amount; what it was paid with had not been checked.
        assert [one.tender for one in paid] == [Tender.KAKAOPAY, Tender.UNKNOWN, Tender.KAKAOPAY]
        assert paid[0].ref == PaymentRef(Provider.PORTONE_V1, "M-1", "imp_1")
        attempts = uow.attempts.newest(99)
        assert [one.id for one in reversed(attempts)] == list(ATTEMPT_IDS)
        assert {(one.provider, one.till) for one in attempts} == {(Provider.PORTONE_V1, 0)}
        assert {one.state for one in attempts} == set(AttemptState)
        refunds = uow.refunds.in_states(list(RefundState), 99)
        assert {one.state for one in refunds} == set(RefundState)
        assert {one.till for one in refunds} == {0}
        assert {row.entry.provider for row in uow.ledger.rows(0, 99)} == of_entries
        assert {row.entry.till for row in uow.ledger.rows(0, 99)} == {0}
        assert [one.id for one in uow.mismatches.open(9)] == [6]
        assert len(uow.outbox.pending(9)) == 4
        for claim in uow.claims.waiting():
            assert [one.till for one in claim.refunds] == [0]
    opened.close()


def test_earlier_items_have_the_time_of_their_order(old: Path) -> None:
    open_store(old).close()
    with closing(sqlite3.connect(old)) as connection:
        rows = connection.execute(
            "SELECT i.ordered_at, o.created_at FROM order_items i JOIN orders o ON o.id = order_id"
        ).fetchall()
    assert len({ordered for ordered, _ in rows}) == 8
    assert all(ordered == created for ordered, created in rows)


def test_earlier_items_have_all_their_pieces_and_discounts(old: Path) -> None:
    has_discounts = schema_version(old) >= "0015"
    open_store(old).close()
    with closing(sqlite3.connect(old)) as connection:
        rows = connection.execute("SELECT count, first_count, part_of FROM order_items").fetchall()
        discounts = connection.execute(
            "SELECT id, discount, first_discount FROM order_items WHERE discount <> 0"
        ).fetchall()
    assert set(rows) == {(1, 1, None)}
    assert discounts == ([(803, 500, 500)] if has_discounts else [])


def test_earlier_orders_are_found_as_new_ones(old: Path) -> None:
    """Order 1 lost an item of three to a refund, order 8 is paid; the others wait, of which a file
    claims the payment of one."""
    open_orders = 6 if schema_version(old) < "0004" else 5
    has_discounts = schema_version(old) >= "0015"
    opened = open_store(old)
    search = SqlOrderSearch(opened)
    assert search.counts(OrderFilter(), 99) == {
        None: 8,
        OrderSegment.OPEN: open_orders,
        OrderSegment.PAID: 2,
        OrderSegment.DELIVERY: 0,
        OrderSegment.CANCELLED: 1,
    }
    for text, expected in (("하늘 라떼", 8), ("5678", 8), ("9,000원", 1), ("13500", 8), ("8", 1)):
        if text == "13500" and has_discounts:
            expected = 7
        found = search.page(OrderFilter(text), 9)
        assert len(found.rows) == expected, text
    (first,) = search.page(OrderFilter("9000"), 9).rows
    assert (first.order_id, first.total) == (1, 9000)
    opened.close()


def test_the_schema_is_the_one_of_a_new_file(old: Path, fresh_file: Path) -> None:
    open_store(old).close()
    assert schema(old) == schema(fresh_file)
    with closing(sqlite3.connect(old)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_ledger_and_seals_verify_after_migration_and_continue_in_new_form(old: Path) -> None:
    rows = verify_ledger(old)
    assert isinstance(rows, int) and rows >= 8
    assert check_end(old) == rows
    older = check_seals(old, KEY)
    is_sealed = schema_version(old) >= "0004"
    assert older == SealCheck(*((SealState.WHOLE, 0, rows) if is_sealed else (SealState.OLDER,)))
    assert check_backup(old).flaw is None, "as a backup it can be restored"
    form = 3 if schema_version(old) >= "0008" else 2 if is_sealed else 1
    store = open_store(old)
    store.seal_key = KEY
    with store.transaction() as uow:
        uow.ledger.append(entry(imp_uid="imp_8"))
        uow.commit()
    with store.snapshot() as uow:
        found = uow.ledger.rows(0, 99)
    store.close()
    assert [row.form for row in found] == [form] * rows + [FORM]
    assert (found[-1].entry.provider, found[-1].entry.till) == (Provider.PORTONE_V1, 0)
    assert verify_ledger(old) == check_end(old) == rows + 1
    sealed = rows + 1 if is_sealed else 1
    assert check_seals(old, KEY) == SealCheck(SealState.WHOLE, 0, sealed)
    assert find_damage(old) == ""


def test_ids_continue_after_the_largest(old: Path) -> None:
    last = {**LAST_IDS, "requests": LAST_REQUEST if schema_version(old) >= "0002" else 0}
    has_staff = schema_version(old) >= "0010"
    last |= {"staff": 3, "approvals": 1} if has_staff else {"staff": 0, "approvals": 0}
    last["imports"] = 3 if schema_version(old) >= "0012" else 0
    own = FIRST_OWN - 1
    last |= {"orders": own, "order_items": own * ITEMS_OF_NUMBER, "products": own}
    last |= COUNTER_IDS if schema_version(old) >= "0015" else dict.fromkeys(COUNTER_IDS, 0)
    last["print_jobs"] = 2 if schema_version(old) >= "0019" else 0
    last |= CASH_IDS if schema_version(old) >= "0020" else dict.fromkeys(CASH_IDS, 0)
    last["cash_receipts"] = 1 if schema_version(old) >= "0021" else 0
    store = open_store(old)
    with store.transaction() as uow:
        assert uow.attempts.add(attempt("M-99", 99)).id == LAST_IDS["attempts"] + 1
        given = {kind.value: uow.record_ids.next(kind) for kind in RecordKind}
        assert given == {name: id + 1 + (name == "attempts") for name, id in last.items()}
        uow.commit()
    store.close()


def test_earlier_products_are_found_as_new_ones(old: Path) -> None:
    store = open_store(old)
    with store.transaction() as uow:
        for text in ("라떼", "ㅋㅍㄹ", "8801234567893"):
            (found,) = uow.goods.find(text, 9)
            assert found.name == "카페 라떼"
        uow.catalogue.update_products([replace(found, name="콜드브루")])
        assert uow.goods.find("라떼", 9) == ()
        assert len(uow.goods.find("ㅋㄷㅂ", 9)) == 1
    store.close()


def test_a_second_opening_changes_nothing(old: Path) -> None:
    open_store(old).close()
    with closing(sqlite3.connect(old)) as connection:
        before = list(connection.iterdump())
    open_store(old).close()
    with closing(sqlite3.connect(old)) as connection:
        assert list(connection.iterdump()) == before
    (copy,) = list_backups(backup_folder(old))
    assert copy.path.name.startswith("shop-schema-")


def test_refunds_that_were_not_sent_are_read_from_the_file_of_any_schema(old: Path) -> None:
    found = pending_refunds_in(old).intents
    assert [one.tag for one in found] == ["[RF-3]", "[RF-5]", "[RF-7]", "[RF-13]"]
    assert {(one.provider, one.till) for one in found} == {(Provider.PORTONE_V1, 0)}
    open_store(old).close()
    assert pending_refunds_in(old) == UnsentRefunds(found)
