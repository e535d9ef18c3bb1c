"""The database holds its invariants by itself: plain SQL tries to break each of them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from posapp.store.engine import connect

HASH = "a" * 64
GENESIS = "0" * 64


@pytest.fixture
def raw(database: Path) -> Iterator[sqlite3.Connection]:
    with closing(connect(database)) as connection:
        for statement in GOOD:
            connection.execute(statement)
        yield connection


def insert(table: str, **values: object) -> str:
    """An INSERT of a valid row, of which ``values`` replace some."""
    row = {**DEFAULTS[table], **values}
    literals = ", ".join(map(_literal, row.values()))
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({literals})"


def _literal(value: object) -> str:
    if isinstance(value, bytes):
        return f"x'{value.hex()}'"
    return "NULL" if value is None else repr(value)


DEFAULTS: dict[str, dict[str, object]] = {
    "users": dict(id=1, name="", nickname="", email="", phone="", status="COMMON", phone_digits=""),
    "products": dict(
        id=1, seller_id=9, name="", price=1, stock=1, barcode="", category="", active=1
    ),
    "orders": dict(id=1, buyer_id=1, created_at=0),
    "order_items": dict(
        id=1, order_id=1, buyer_id=1, seller_id=9, product_id=1, name="", price=1, count=1,
        status="WAITING_FOR_PAYMENT", cancel_reason="", position=0,
    ),
    "attempts": dict(
        id=1, order_id=1, merchant_uid="M-1", amount=1, created_at=0, state="CREATED",
        link_url="", imp_uid="", reason="", checks_done=0,
    ),
    "payments": dict(
        id=1, imp_uid="imp_1", merchant_uid="M-1", order_id=1, amount=100, paid_at=0,
        standing="ACCEPTED", receipt_url="", sandbox=0, problem="",
    ),
    "refunds": dict(
        id=1, imp_uid="imp_1", order_id=1, item_id=1, origin="ITEM", amount=60, reason="",
        tag="[RF-1]", asked_by="", approved_by="", created_at=0, state="SENDING", sends=0,
        cancellation_id="", raw_text="",
    ),
    "ledger": dict(
        seq=1, fact="PAYMENT_CAPTURED", amount=1, actor="till", at=0, order_id=1, item_id=None,
        imp_uid="", reference="", reason="", previous=GENESIS, hash=HASH, form=2,
    ),
    "outbox": dict(
        id=1, refund_id=1, payment_key="imp_1", state="WAITING", due_at=0, attempts=0, lease=0,
        last_error="", ready_at=0,
    ),
    "payment_claims": dict(
        order_id=9, imp_uid="imp_9", merchant_uid="M-9", amount=1, paid_at=0, source="", content="",
        state="WAITING", due_at=0, checks=0, problem="",
    ),
    "ledger_seals": dict(seq=1, key_id="k", seal=HASH),
    "mismatches": dict(
        id=1, kind="FOREIGN_PAYMENT", merchant_uid="M", imp_uid="i", amount=1, evidence="",
        found_at=0, gap=0, ledger_gap=0, explained_by="", explanation="",
    ),
    "staff": dict(
        id=1, name="A", role="MANAGER", seller_id=None, pin_hash="h", pin_digits=6, active=1,
        tries=0, old_pins="",
    ),
    "staff_events": dict(
        seq=1, event="STAFF_ADDED", at=0, staff_id=1, actor="staff:1", detail="", previous=GENESIS,
        hash=HASH, key_id="", seal="",
    ),
    "approvals": dict(
        id=1, subject="item:1", amount=1, reason="", asked_by=1, approved_by=None, given_at=0,
        given_boot_ms=0, expires_at=1, offline=0,
    ),
    "product_codes": dict(code="08801043014830", product_id=1, pack=1),
    "product_pictures": dict(product_id=1, content=b"RIFF"),
    "option_groups": dict(id=1, name="", least=0, most=1),
    "options": dict(id=1, group_id=1, position=0, name="", price=0),
    "product_options": dict(product_id=1, position=0, group_id=1),
    "carts": dict(
        id=1, state="OPEN", name="", note="", opened_at=0, opened_by="", discount_kind="",
        discount_value=0, discount_reason="", approved_discount=0, approved_by="", order_id=None,
    ),
    "cart_lines": dict(
        id=1, cart_id=1, product_id=1, options="", price=1, count=1, grams=None, label_price=None,
        discount_kind="", discount_value=0, discount_reason="", code="", error="",
    ),
    "print_jobs": dict(
        id=1, paper="receipt 1", roll="{}", created_at=0, state="WAITING", tries=0, error="",
    ),
}  # fmt: skip

GOOD = [*map(insert, DEFAULTS), "UPDATE id_sequences SET last = 5"]

BROKEN = [
    # ids, counts, amounts, states
    *(insert(table, id=0) for table in ("users", "products", "orders")),
    insert("order_items", id=-5, position=9),
    insert("users", id=2, status="KING"),
    insert("products", id=2, stock=-1),
    insert("products", id=2, price=-1),
    insert("products", id=2, price=10**12 + 1),
    insert("products", id=2, price=1.5),
    insert("products", id=2, stock="many"),
    insert("products", id=2, active=2),
    insert("orders", id=2, is_open=5),
    insert("order_items", id=2, position=1, count=0),
    insert("order_items", id=2, position=1, price=-1),
    insert("order_items", id=2, position=1, price=10**12, count=2),
    insert("order_items", id=2, position=1, price=10**12, count=2**62),
    insert("order_items", id=2, position=1, status="LOST"),
    insert("order_items", id=2, position=1, order_id=77),
    insert("order_items", id=2, position=0),
    insert("order_items", id=1, position=1),
    insert("order_items", id=2, position=1, price=5, count=2, discount=11),
    insert("order_items", id=2, position=1, discount=-1),
    insert("order_items", id=2, position=1, tax="NONE"),
    "UPDATE order_items SET discount = 1",
    "UPDATE order_items SET tax = 'EXEMPT'",
    "UPDATE order_items SET options = '1'",
    "UPDATE order_items SET measure = '1kg'",
    "UPDATE orders SET counter = 1",
    insert("products", id=2, tracked=2),
    insert("products", id=2, unit="LITRE"),
    insert("products", id=2, tax="NONE"),
    insert("products", id=2, plu=-1),
    insert("product_codes", code=""),
    insert("product_codes", code="x" * 49),
    *(insert("product_codes", code="x", pack=pack) for pack in (0, 1000)),
    insert("product_codes", code="x", product_id=77),
    "UPDATE product_pictures SET content = x''",
    "UPDATE product_pictures SET content = zeroblob(327681)",
    "UPDATE product_pictures SET content = 'RIFF'",
    insert("product_pictures", product_id=77),
    insert("option_groups", id=2, least=2, most=1),
    insert("option_groups", id=2, least=0, most=0),
    insert("options", id=2, position=1, price=-1),
    insert("options", id=2, position=1, group_id=77),
    insert("product_options", position=1, group_id=77),
    insert("carts", id=2),
    insert("carts", id=2, state="LOST"),
    insert("carts", id=2, state="HELD", order_id=1),
    insert("carts", id=2, state="ORDERED"),
    insert("carts", id=2, state="HELD", discount_kind="PERCENT", discount_value=101),
    insert("carts", id=2, state="HELD", discount_kind="AMOUNT"),
    insert("carts", id=2, state="HELD", discount_value=5),
    "UPDATE carts SET till = 3",
    "DELETE FROM carts",
    insert("cart_lines", id=2, cart_id=77),
    *(insert("cart_lines", id=2, count=count) for count in (0, 10_000)),
    insert("cart_lines", id=2, price=-1),
    insert("cart_lines", id=2, product_id=None),
    insert("cart_lines", id=2, error="UNKNOWN_CODE"),
    *(insert("cart_lines", id=2, grams=grams) for grams in (0, -1)),
    insert("cart_lines", id=2, label_price=0),
    insert("cart_lines", id=2, grams=5, label_price=5),
    insert("cart_lines", id=2, grams=5, count=2),
    insert("cart_lines", id=2, discount_kind="ODD", discount_value=1),
    insert("attempts", id=2, order_id=2, merchant_uid="M-2", amount=0),
    insert("attempts", id=2, order_id=2, merchant_uid="M-2", state="GONE"),
    insert("attempts", id=2, order_id=2, merchant_uid="M-2", checks_done=-1),
    insert("attempts", id=2, order_id=2, merchant_uid=""),
    insert("attempts", id=2, order_id=2, merchant_uid="M" * 41),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, amount=0),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, amount=-1, standing="REJECTED"),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, standing="PERHAPS"),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, sandbox=2),
    insert("payments", id=2, imp_uid="", order_id=2),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", amount=0),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", amount=-1),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", amount=None),
    insert("refunds", id=2, tag="t", item_id=2, state="MAYBE"),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", origin="NOBODY"),
    insert("refunds", id=2, tag="", item_id=2, state="REFUSED"),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", sends=-1),
    insert("outbox", id=2, refund_id=77),
    insert("outbox", id=2, refund_id=1),
    "UPDATE outbox SET lease = -1",
    "UPDATE outbox SET state = 'EATEN'",
    insert("mismatches", id=2, kind="ODD", imp_uid="j"),
    "UPDATE till SET mode = 'play'",
    # one person requests, another approves
    *(
        insert(
            "refunds",
            id=2,
            tag="t",
            item_id=2,
            state="APPROVED",
            amount=1,
            approval_needed=1,
            asked_by=requested,
            approved_by=approved,
        )
        for requested, approved in (
            ("seller:7", "seller:7"),
            ("", "seller:7"),
            ("buyer:1", ""),
            ("staff:3", "staff:3"),
            ("staff:3:seller:7", "staff:3"),
            ("staff:3", "staff:3:buyer:12"),
            ("staff:31:seller:7", "staff:31:seller:70"),
        )
    ),
    insert("refunds", id=2, tag="t", item_id=2, state="APPROVED", amount=1, approval_needed=2),
    "UPDATE refunds SET approval_needed = 1",
    "UPDATE refunds SET approved_by = 'x'",
    "UPDATE refunds SET asked_by = 'x'",
    # staff: the first one and the last one are managers, and everybody has the PIN of their role
    "UPDATE staff SET active = 0",
    "UPDATE staff SET role = 'CASHIER'",
    "UPDATE staff SET role = 'KING'",
    "UPDATE staff SET pin_digits = 4",
    "UPDATE staff SET pin_digits = 5",
    "UPDATE staff SET seller_id = 9",
    "UPDATE staff SET tries = -1",
    "UPDATE staff SET name = ''",
    "UPDATE staff SET id = 2",
    "DELETE FROM staff",
    insert("staff", id=2),
    insert("staff", id=2, name="B", role="SELLER"),
    insert("staff", id=2, name="B", role="SELLER", seller_id=9, pin_digits=4),
    # their events: a chain
    "UPDATE staff_events SET detail = 'x'",
    "DELETE FROM staff_events",
    insert("staff_events", seq=3),
    insert("staff_events", seq=2),
    insert("staff_events", seq=2, previous=HASH, event="LOST"),
    "UPDATE staff_events_head SET seq = 0",
    "DELETE FROM staff_events_head",
    # approvals: by another person, bound, and used once
    insert("approvals", id=2, approved_by=1),
    insert("approvals", id=2, approved_by=77),
    insert("approvals", id=2, amount=0),
    insert("approvals", id=2, expires_at=0),
    "UPDATE approvals SET amount = 2",
    "UPDATE approvals SET subject = 'item:2'",
    "UPDATE approvals SET reason = 'x'",
    "UPDATE approvals SET approved_by = NULL, asked_by = 1",
    "UPDATE approvals SET expires_at = 9",
    "DELETE FROM approvals",
    # what a file claims
    insert("payment_claims", order_id=2),
    insert("payment_claims", imp_uid="imp_8", merchant_uid="M-8"),
    "UPDATE payment_claims SET amount = 0",
    "UPDATE payment_claims SET due_at = NULL",
    "UPDATE payment_claims SET state = 'DENIED'",
    "UPDATE payment_claims SET state = 'PERHAPS'",
    "DELETE FROM payment_claims",
    # uniqueness
    insert("attempts", id=2, order_id=2),
    *(
        insert("attempts", id=2, merchant_uid="M-2", state=state)
        for state in ("CREATED", "WAITING", "UNKNOWN")
    ),
    insert("payments", id=2, order_id=2),
    insert("payments", id=2, imp_uid="imp_2"),
    insert("refunds", id=2, item_id=2, state="REFUSED"),
    *(
        insert("refunds", id=2, tag="t", item_id=2, state=state, amount=1)
        for state in ("SENDING", "UNKNOWN", "NEEDS_PERSON")
    ),
    insert("refunds", id=2, tag="t", state="CONFIRMED", amount=1),
    insert("mismatches", id=2),
    # Σ refunds ≤ captured, when a refund is added and when it is reopened
    insert("refunds", id=2, tag="t", item_id=2, state="CONFIRMED", amount=41),
    insert("refunds", id=2, tag="t", item_id=2, state="CONFIRMED", imp_uid="imp_none"),
    # what never changes
    "UPDATE payments SET amount = 1",
    "UPDATE payments SET imp_uid = 'x'",
    "DELETE FROM payments",
    "UPDATE refunds SET amount = 1",
    "UPDATE refunds SET tag = 'x'",
    "DELETE FROM refunds",
    "UPDATE attempts SET merchant_uid = 'x'",
    "UPDATE attempts SET amount = 5",
    "DELETE FROM attempts",
    "UPDATE order_items SET price = 2",
    "UPDATE order_items SET name = 'x'",
    "UPDATE order_items SET order_id = 1",
    "UPDATE order_items SET ordered_at = 1",
    # the ledger grows at its end
    "UPDATE ledger SET reason = 'x'",
    "UPDATE OR REPLACE ledger SET seq = 5",
    "DELETE FROM ledger",
    insert("ledger", seq=3, previous=HASH),
    insert("ledger", seq=2, previous="b" * 64),
    insert("ledger", seq=1).replace("INSERT", "INSERT OR REPLACE"),
    insert("ledger", seq=2, previous=HASH, hash="short"),
    insert("ledger", seq=2, previous=HASH, fact="RUMOUR"),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64, form=4),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64, provider="bank"),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64, till=-1),
    insert("attempts", id=2, order_id=2, merchant_uid="M-2", provider=""),
    insert("attempts", id=2, order_id=2, merchant_uid="M-2", till=-1),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, provider="bank"),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, tender="CASH"),
    insert("payments", id=2, imp_uid="imp_2", order_id=2, till=-1),
    insert("refunds", id=2, tag="t", item_id=2, state="REFUSED", till=-1),
    insert("outbox", id=2, refund_id=2, till=-1),
    "UPDATE attempts SET provider = 'portone_v1'",
    "UPDATE attempts SET till = 1",
    "UPDATE payments SET provider = 'portone_v1'",
    "UPDATE payments SET tender = 'KAKAOPAY'",
    "UPDATE payments SET till = 1",
    "UPDATE refunds SET till = 1",
    "UPDATE ledger SET till = 1",
    "UPDATE ledger SET provider = 'portone_v1'",
    "UPDATE id_sequences SET last = last - 1",
    "UPDATE id_sequences SET name = 'others' WHERE name = 'refunds'",
    "DELETE FROM id_sequences",
    "INSERT INTO id_sequences VALUES ('refunds', 0)",
    "INSERT INTO id_sequences VALUES ('others', -1)",
    "UPDATE ledger_seals SET seal = 'x'",
    "DELETE FROM ledger_seals",
    insert("ledger_seals"),
    "UPDATE ledger_head SET seq = 0",
    "UPDATE ledger_head SET seq = 2",
    "UPDATE ledger_head SET hash = 'x'",
    "DELETE FROM ledger_head",
    "INSERT INTO ledger_head VALUES (2, 0, '')",
]

ALLOWED = [
    insert("attempts", id=2, merchant_uid="M-2", state="EXPIRED"),
    insert("attempts", id=2, merchant_uid="M-2", order_id=2),
    insert("payments", id=2, imp_uid="imp_2", standing="REJECTED", amount=0),
    insert("refunds", id=2, tag="t", item_id=2, state="CONFIRMED", amount=40),
    insert("refunds", id=2, tag="t", item_id=2, state="APPROVED", amount=40),
    insert("refunds", id=2, tag="t", state="REFUSED", amount=100),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64, form=1),
    insert("ledger", seq=2, previous=HASH, hash="b" * 64, form=3, provider="portone_v1", till=3),
    "UPDATE id_sequences SET last = last + 1 WHERE name = 'refunds'",
    insert(
        "refunds",
        id=2,
        tag="t",
        item_id=2,
        state="APPROVED",
        amount=1,
        approval_needed=1,
        asked_by="buyer:1",
        approved_by="seller:7",
    ),
    "UPDATE payment_claims SET state = 'DENIED', due_at = NULL",
    insert("mismatches", id=2, settled_at=1),
]


@pytest.mark.parametrize("statement", BROKEN)
def test_the_database_refuses(raw: sqlite3.Connection, statement: str) -> None:
    before = list(raw.iterdump())
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute(statement)
    assert list(raw.iterdump()) == before


@pytest.mark.parametrize("statement", ALLOWED)
def test_the_database_allows_the_valid_neighbour(raw: sqlite3.Connection, statement: str) -> None:
    assert raw.execute(statement).rowcount == 1


def test_refused_refund_cannot_reopen_above_the_captured_amount(
    raw: sqlite3.Connection,
) -> None:
    raw.execute("UPDATE refunds SET state = 'REFUSED'")
    raw.execute(insert("refunds", id=2, tag="t", item_id=2, state="CONFIRMED", amount=100))
    with pytest.raises(sqlite3.IntegrityError, match="exceed"):
        raw.execute("UPDATE refunds SET state = 'CONFIRMED' WHERE id = 1")


def test_deleting_users_products_and_orders_succeeds_and_keeps_payments(
    raw: sqlite3.Connection,
) -> None:
    for table in ("users", "products", "orders"):
        raw.execute(f"DELETE FROM {table}")
    left = {table: raw.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in DEFAULTS}
    gone = {"users", "products", "orders", "order_items"}
    gone |= {"product_codes", "product_options", "product_pictures"}
    assert left == {table: int(table not in gone) for table in DEFAULTS}
    # The order of late money does not exist; the money is recorded anyway.
    raw.execute(insert("payments", id=2, imp_uid="imp_2", order_id=5))
    raw.execute("UPDATE refunds SET state = 'CONFIRMED'")


OPEN = "SELECT is_open FROM orders"


def test_an_order_is_open_while_an_item_waits_and_none_is_paid(raw: sqlite3.Connection) -> None:
    def is_open() -> bool:
        return bool(raw.execute(OPEN).fetchone()[0])

    def move(item: int, status: str) -> None:
        raw.execute("UPDATE order_items SET status = ? WHERE id = ?", (status, item))

    assert is_open()
    raw.execute(insert("order_items", id=2, position=1))
    move(1, "CANCEL")
    assert is_open()
    move(2, "COMPLETE_PAYMENT")
    assert not is_open()
    move(1, "WAITING_FOR_PAYMENT")
    assert not is_open()
    raw.execute("DELETE FROM order_items WHERE id = 2")
    assert is_open()
    move(1, "CANCEL")
    assert not is_open()


RACES = [
    (
        "uq_attempts_live",
        "SELECT count(*) FROM attempts WHERE order_id = 2 AND state = 'CREATED'",
        insert("attempts", id=None, order_id=2, merchant_uid="M-A"),
        insert("attempts", id=None, order_id=2, merchant_uid="M-B"),
    ),
    (
        "uq_refunds_in_flight",
        "SELECT count(*) FROM refunds WHERE imp_uid = 'imp_2' AND state = 'SENDING'",
        insert("refunds", id=None, imp_uid="imp_2", tag="A", item_id=2, amount=1),
        insert("refunds", id=None, imp_uid="imp_2", tag="B", item_id=3, amount=1),
    ),
    (
        "uq_payments_accepted",
        "SELECT count(*) FROM payments WHERE order_id = 7 AND standing = 'ACCEPTED'",
        insert("payments", id=None, order_id=7, imp_uid="imp_A"),
        insert("payments", id=None, order_id=7, imp_uid="imp_B"),
    ),
]


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "twin without the index"])
@pytest.mark.parametrize("race", RACES, ids=lambda race: race[0])
def test_of_two_writers_after_equal_reads_one_wins(
    raw: sqlite3.Connection, database: Path, race: tuple[str, str, str, str], guarded: bool
) -> None:
    """Both look, then both write; without the index both are let in."""
    index, check, one, two = race
    raw.execute(insert("payments", id=2, order_id=2, imp_uid="imp_2"))
    if not guarded:
        raw.execute(f"DROP INDEX {index}")
    with closing(connect(database)) as first, closing(connect(database)) as second:
        assert first.execute(check).fetchone() == second.execute(check).fetchone() == (0,)
        first.execute(one)
        if guarded:
            with pytest.raises(sqlite3.IntegrityError):
                second.execute(two)
        else:
            second.execute(two)
        assert first.execute(check).fetchone() == (1 if guarded else 2,)
