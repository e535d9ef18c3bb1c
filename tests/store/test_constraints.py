"""Every constraint that a repository recognises is recognised by its name, and no other one."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Column, Engine, Index, Integer, MetaData, Table, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from posapp.domain.errors import ErrorCode, InvalidAmount, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.store.constraints import check_names, unique_names, violated_name
from posapp.store.engine import make_engine
from posapp.store.tables import metadata
from posapp.store.triggers import CASH_IN_SHIFT, REFUNDS_WITHIN_PAYMENT, refusals
from posapp.store.unit_of_work import SqlStore
from tests.store.cash_rows import CASH_GOOD, cash_row
from tests.store.records import NOW, attempt, item, order, paid, payment, product, refund, user
from tests.store.test_store_constraints import GOOD, HASH, insert

REQUEST = dict(
    id=1, kind="REFUND", state="WAIT", seller_id=9, buyer_id=1, item_id=1, order_id=1, reason="",
    created_at=0, processed_by="", note="", product_name="", buyer_name="", amount=1, money="NONE",
)  # fmt: skip
DECIDED = dict(state="OK", processed_at=1, ended_by="SELLER", refund_id=1, money="WAITING")


def request(**changes: object) -> str:
    row = {**REQUEST, **changes}
    return f"INSERT INTO requests ({', '.join(row)}) VALUES ({', '.join(map(repr, row.values()))})"


VIOLATIONS = [
    (insert("users"), "users_pkey"),
    (insert("products"), "products_pkey"),
    (insert("orders"), "orders_pkey"),
    (insert("order_items", position=1), "order_items_pkey"),
    (insert("order_items", id=2), "uq_order_items_position"),
    (insert("attempts", order_id=2, merchant_uid="M-2"), "attempts_pkey"),
    (insert("attempts", id=2, order_id=2), "attempts_merchant_uid_key"),
    (insert("attempts", id=2, merchant_uid="M-2"), "uq_attempts_live"),
    (insert("payments", order_id=2, imp_uid="imp_2"), "payments_pkey"),
    (insert("payments", id=2, order_id=2), "payments_imp_uid_key"),
    (insert("payments", id=2, imp_uid="imp_2"), "uq_payments_accepted"),
    (insert("refunds", tag="t", item_id=2, amount=1, state="CONFIRMED"), "refunds_pkey"),
    (insert("refunds", id=2, item_id=2, amount=1, state="CONFIRMED"), "refunds_tag_key"),
    (insert("refunds", id=2, tag="t", item_id=2, amount=1), "uq_refunds_in_flight"),
    (insert("refunds", id=2, tag="t", amount=1, state="CONFIRMED"), "uq_refunds_item"),
    (insert("outbox", refund_id=2), "outbox_pkey"),
    (insert("outbox", id=2), "outbox_refund_id_key"),
    (insert("mismatches", kind="UNKNOWN_STATUS"), "mismatches_pkey"),
    (insert("mismatches", id=2), "uq_mismatches_open"),
    (insert("payment_claims", imp_uid="i", merchant_uid="m"), "payment_claims_pkey"),
    (insert("payment_claims", order_id=8, merchant_uid="m"), "uq_payment_claims_imp_uid"),
    (insert("payment_claims", order_id=8, imp_uid="i"), "uq_payment_claims_merchant_uid"),
    (insert("ledger_seals"), "ledger_seals_pkey"),
    (insert("staff", name="B"), "staff_pkey"),
    (insert("staff", id=2), "uq_staff_name"),
    (insert("approvals"), "approvals_pkey"),
    (insert("approvals", id=2, approved_by=1), "ck_approvals_another"),
    ("UPDATE staff SET active = 0", "staff_manager_left"),
    (request(item_id=2), "requests_pkey"),
    (request(id=3), "uq_requests_waiting"),
    (request(id=3, item_id=3, **DECIDED), "uq_requests_refund"),
    (insert("product_codes"), "product_codes_pkey"),
    (insert("product_pictures"), "product_pictures_pkey"),
    (insert("products", id=2, plu=7), "uq_products_plu"),
    (insert("option_groups"), "option_groups_pkey"),
    (insert("options", position=1), "options_pkey"),
    (insert("options", id=2), "uq_options_position"),
    (insert("product_options", group_id=2), "product_options_pkey"),
    (insert("product_options", position=1), "uq_product_options_group"),
    (insert("carts", state="HELD"), "carts_pkey"),
    (insert("carts", id=2), "uq_carts_open"),
    (insert("cart_lines"), "cart_lines_pkey"),
    (insert("print_jobs"), "print_jobs_pkey"),
    (insert("orders", id=2, counter=1, receipt_no="261128-01-0001"), "uq_orders_receipt_no"),
    (insert("print_jobs", id=2, state="SENT"), "ck_print_jobs_roll"),
    (
        insert("refunds", id=2, tag="t", item_id=2, amount=1, tax_free=1, state="CONFIRMED"),
        "refunds_of_a_kind",
    ),
    (cash_row("shifts"), "shifts_pkey"),
    (cash_row("shifts", id=2), "uq_shifts_open"),
    (cash_row("shifts", id=4, closed_at=1, counted=1, expected=1, z_no=7), "uq_shifts_z_no"),
    (cash_row("z_reports", z_no=2, previous=HASH), "z_reports_shift_id_key"),
    (cash_row("z_addenda", number=2, previous=HASH), "z_addenda_z_no_key"),
    (cash_row("count_drafts"), "count_drafts_pkey"),
    (cash_row("cash_tenders", part=2, amount=1, received=1, change=0), "cash_tenders_pkey"),
    (cash_row("cash_tenders", id=2, amount=1, received=1, change=0), "uq_cash_tenders_part"),
    (cash_row("cash_tenders", id=2, part=2), "cash_tenders_within"),
    (cash_row("cash_moves"), "cash_moves_pkey"),
    (cash_row("cash_refunds", item_id=52), "cash_refunds_pkey"),
    (cash_row("cash_refunds", id=2), "uq_cash_refunds_item"),
    (cash_row("cash_refunds", id=2, item_id=52, amount=51), "cash_refunds_within"),
    (cash_row("cash_refunds", id=2, item_id=52, replaced=1), "ck_cash_refunds_replaced"),
    (cash_row("cash_refunds", id=2, item_id=52, replaces=9, replaced=1), "cash_refunds_replace"),
    (cash_row("cash_moves", id=2, shift_id=9), CASH_IN_SHIFT),
    (cash_row("cash_receipts", order_id=51, own_no="CR2"), "cash_receipts_pkey"),
    (cash_row("cash_receipts", id=2, order_id=51), "cash_receipts_own_no_key"),
    (cash_row("cash_receipts", id=2, own_no="CR2"), "uq_cash_receipts_waiting"),
    (
        "UPDATE cash_receipts SET order_id = 52, state = 'SENDING' WHERE id = 1",
        "cash_receipts_fixed",
    ),
    (
        cash_row("cash_receipts", id=2, order_id=9, own_no="CR2", state="SENDING"),
        "uq_cash_receipts_held",
    ),
    # tables of one row
    ("INSERT INTO till (id, code) VALUES (1, 'abcdef')", "till_pkey"),
    ("INSERT INTO lineage VALUES (1, 'g', NULL, 0)", "lineage_pkey"),
    ("INSERT INTO ledger_head VALUES (1, 0, '')", "ledger_head_pkey"),
    ("INSERT INTO staff_events_head VALUES (1, 0, '')", "staff_events_head_pkey"),
    ("INSERT INTO staff_recovery VALUES (1, '')", "staff_recovery_pkey"),
    ("INSERT INTO milestones VALUES ('compared', 1)", "milestones_pkey"),
    ("INSERT INTO imports SELECT * FROM imports", "imports_pkey"),
    ("INSERT INTO import_records SELECT * FROM import_records", "import_records_pkey"),
    ("INSERT INTO import_changes SELECT * FROM import_changes", "import_changes_pkey"),
    ("INSERT INTO import_mappings SELECT * FROM import_mappings", "import_mappings_pkey"),
    ("INSERT INTO id_sequences SELECT name, last FROM id_sequences", "id_sequences_pkey"),
    # checks, and what triggers refuse
    ("UPDATE till SET mode = 'play'", "ck_till_mode"),
    ("UPDATE payments SET sandbox = 2", "ck_payments_sandbox"),
    ("UPDATE outbox SET lease = -1", "ck_outbox_counts"),
    (
        insert("refunds", id=2, tag="t", item_id=2, amount=1, state="CONFIRMED", approval_needed=1),
        "ck_refunds_approval",
    ),
    (insert("refunds", id=2, tag="t", item_id=2, state="CONFIRMED"), REFUNDS_WITHIN_PAYMENT),
    ("DELETE FROM payments", "payments_kept"),
    ("UPDATE ledger SET amount = 2", "ledger_fixed"),
    (insert("ledger", seq=5, hash="b" * 64), "ledger_grows"),
    # Without a name: no repository recognises them.
    (insert("order_items", id=2, position=1, order_id=77), None),
    ("UPDATE users SET name = NULL", None),
    ("UPDATE products SET stock = 'many'", None),
]


@pytest.fixture
def engine(database: Path) -> Iterator[Engine]:
    """An engine over a database with a row of each table."""
    made = make_engine(database, reading=False)
    decided = request(id=2, item_id=2, **DECIDED)
    others = (
        request(),
        decided,
        "INSERT INTO milestones VALUES ('compared', 0)",
        insert("products", id=3, plu=7),
        insert("orders", id=3, counter=1, receipt_no="261128-01-0001"),
        insert("option_groups", id=2),
        "INSERT INTO imports VALUES (1, 'a.csv', '', 0, 'till', 1, 0, 0, NULL, '')",
        "INSERT INTO import_records VALUES ('order', 1, 1)",
        "INSERT INTO import_changes VALUES (1, 'user', 1, '{}', '{}')",
        "INSERT INTO import_mappings VALUES ('t', '{}', 0)",
        *CASH_GOOD,
        cash_row("shifts", id=3, closed_at=1, counted=1, expected=1, z_no=7),
        cash_row("cash_receipts", id=5, order_id=9, own_no="CR5", state="UNKNOWN"),
    )
    with made.begin() as connection:
        for statement in (*GOOD, *others):
            connection.exec_driver_sql(statement)
    yield made
    made.dispose()


def refused(engine: Engine, statement: str) -> IntegrityError:
    with pytest.raises(IntegrityError) as error, engine.begin() as connection:
        connection.exec_driver_sql(statement)
    return error.value


@pytest.mark.parametrize(("statement", "name"), VIOLATIONS)
def test_violation_has_the_name_of_its_constraint(
    engine: Engine, statement: str, name: str | None
) -> None:
    assert violated_name(refused(engine, statement)) == name


def test_each_key_and_unique_index_is_violated_above() -> None:
    names = {name for table in metadata.tables.values() for name in unique_names(table).values()}
    # A row of an earlier number is no end of its chain, which a trigger refuses first.
    chained = {"ledger_pkey", "staff_events_pkey", "z_reports_pkey", "z_addenda_pkey"}
    assert names - {name for _, name in VIOLATIONS} == chained


def test_violation_of_an_unnamed_constraint_has_no_name(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE foreign_one (a UNIQUE, b CHECK (b > 0))")
        connection.exec_driver_sql("CREATE UNIQUE INDEX odd ON users (nickname)")
        connection.exec_driver_sql("INSERT INTO foreign_one VALUES (1, 1)")
    for statement in (
        "INSERT INTO foreign_one VALUES (1, 1)",
        "INSERT INTO foreign_one VALUES (2, 0)",
        insert("users", id=2),
    ):
        assert violated_name(refused(engine, statement)) is None


def test_an_error_of_another_driver_has_no_name() -> None:
    assert violated_name(IntegrityError("INSERT", {}, ValueError("uq_attempts_live"))) is None
    assert violated_name(IntegrityError("INSERT", {}, None)) is None  # type: ignore[arg-type]


def test_two_unique_indices_of_the_same_columns_are_an_error() -> None:
    columns = Column("id", Integer, primary_key=True), Column("of", Integer, unique=True)
    table = Table("pairs", MetaData(), *columns)
    assert unique_names(table) == {("id",): "pairs_pkey", ("of",): "pairs_of_key"}
    Index("uq_pairs_of", table.c.of, unique=True)
    with pytest.raises(ValueError, match="pairs"):
        unique_names(table)
    named = UniqueConstraint("id", name="uq_pairs_id")
    with pytest.raises(ValueError, match="pairs"):
        unique_names(Table("pairs", MetaData(), Column("id", Integer, primary_key=True), named))


def test_two_triggers_of_one_message_are_an_error() -> None:
    trigger = "CREATE TRIGGER {} BEFORE DELETE ON a\nBEGIN SELECT RAISE(ABORT, '{}'); END"
    two = trigger.format("a_kept", "a is kept"), trigger.format("b_kept", "b is kept")
    assert refusals(two) == {"a is kept": "a_kept", "b is kept": "b_kept"}
    with pytest.raises(ValueError, match="a is kept"):
        refusals((*two, trigger.format("c_kept", "a is kept")))


def test_no_two_constraints_have_one_name() -> None:
    names = [
        name
        for table in metadata.tables.values()
        for name in (*unique_names(table).values(), *check_names(table))
    ]
    assert len(names) == len(set(names))
    assert "None" not in names


# What the repositories make of them


def a_request(item_id: int) -> Request:
    return Request(
        0, RequestKind.REFUND, RequestState.WAIT, 9, 1, item_id, 1, reason="x", created_at=NOW
    )


def test_attempts_recognise_only_the_second_live_attempt(
    store: SqlStore,
) -> None:
    with store.transaction() as uow:
        uow.attempts.add(attempt())
        with pytest.raises(UserError) as refused:
            uow.attempts.add(attempt("M-2"))
        assert refused.value.code is ErrorCode.ATTEMPT_IN_PROGRESS
        for bug in (attempt(order_id=2), attempt("M-2", order_id=2, checks_after_end=-1)):
            with pytest.raises(IntegrityError):
                uow.attempts.add(bug)


def test_a_payment_recognises_no_violation(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        for bug in (payment(order_id=2), payment("imp_2")):
            with pytest.raises(IntegrityError):
                uow.payments.add(bug)


def test_refunds_recognise_four_violations_and_no_other(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        uow.refunds.add(refund(state=RefundState.SENDING))
        in_flight = refund("[RF-2]", item_id=11, state=RefundState.UNKNOWN)
        of_item = refund("[RF-2]", state=RefundState.CONFIRMED)
        own = refund("[RF-2]", item_id=11, approval_needed=True, approved_by="buyer:1")
        for one, code in (
            (in_flight, ErrorCode.REFUND_IN_FLIGHT),
            (of_item, ErrorCode.REFUND_IN_FLIGHT),
            (own, ErrorCode.REFUND_OWN_APPROVAL),
        ):
            with pytest.raises(UserError) as refused:
                uow.refunds.add(one)
            assert refused.value.code is code
        with pytest.raises(InvalidAmount):
            uow.refunds.add(refund("[RF-2]", item_id=11, amount=Won(4501)))
        for bug in (refund(item_id=11), refund("", item_id=11)):
            with pytest.raises(IntegrityError):
                uow.refunds.add(bug)


def test_requests_recognise_a_second_waiting_one_and_no_other(store: SqlStore) -> None:
    with store.transaction() as uow:
        first = uow.requests.add(a_request(10))
        with pytest.raises(UserError) as refused:
            uow.requests.add(a_request(10))
        assert refused.value.code is ErrorCode.REQUEST_SENT
        ended = {"state": RequestState.CANCEL, "processed_at": NOW}
        with pytest.raises(IntegrityError, match="ck_requests_ended"):
            uow.requests.add(replace(a_request(11), **ended))
        with pytest.raises(IntegrityError, match="ck_requests_ended"):
            uow.requests.save(replace(first, **ended))


def test_the_catalogue_recognises_ids_that_exist_and_no_other_violation(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1)])
        uow.catalogue.add_products([product(1)])
        uow.catalogue.add_orders([order(1)])
        for add, known in (
            (uow.catalogue.add_users, user(1)),
            (uow.catalogue.add_products, product(1)),
            (uow.catalogue.add_orders, order(1)),
        ):
            with pytest.raises(ValueError, match=r"id exists already"):
                add([known])  # type: ignore[operator]
        with pytest.raises(ValueError, match=r"order_items\.id"):
            uow.catalogue.add_orders([order(3, items=(item(10, 3),))])
        with pytest.raises(IntegrityError, match="ck_users_id"):
            uow.catalogue.add_users([user(0)])
        with pytest.raises(IntegrityError, match="ck_order_items_count"):
            uow.catalogue.add_orders([order(4, items=(item(40, 4, count=0),))])
        assert uow.orders.get(4) is None


def test_a_message_alone_is_no_violation(database: Path) -> None:
    """The result code decides of what kind it is, and the message only which one."""
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            "CREATE TRIGGER odd BEFORE INSERT ON users"
            " BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed: attempts.order_id'); END"
        )
        with pytest.raises(sqlite3.IntegrityError) as error:
            connection.execute(insert("users", id=2))
    assert violated_name(IntegrityError("INSERT", {}, error.value)) is None
