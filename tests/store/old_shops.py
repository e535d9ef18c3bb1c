"""A shop that traded with each earlier schema: every table has rows, in every state."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

from posapp.domain.ledger import NewEntry
from posapp.domain.money import Won
from posapp.domain.seals import SealKey
from posapp.store.columns import to_microseconds
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.order_marks import IndexedOrder, folded, goods_text, phone_key
from posapp.store.product_marks import IndexedProduct
from posapp.store.search_tokens import tokens_of
from tests.store.cash_rows import CASH_DEFAULTS, cash_row
from tests.store.records import LedgerEvent, append_as_before, later

KEY = SealKey(b"k" * 32)
EARLIER = tuple(f"{number:04}" for number in range(1, 25))
"""The schemas before this one that shops may have."""

LAST_IDS = {"attempts": 55, "payments": 12, "refunds": 40, "outbox": 31, "mismatches": 9}
"""Largest ids; ``requests`` have them from schema 0002 on."""

OWN_IDS = {"orders": 8, "order_items": 803, "products": 1}
"""Largest ids that files brought, where the sequences of schema 0015 began."""

CASH_IDS = dict.fromkeys(("shifts", "cash_tenders", "cash_moves", "cash_refunds"), 1)
LATER_TABLES = {"cash_receipts", "z_addenda", "count_drafts"}
"""Tables of cash that came after schema 0020."""

COUNTER_IDS = {"carts": 4, "cart_lines": 4, "option_groups": 1, "options": 1}
LAST_REQUEST = 17
T = to_microseconds(later(0))
MINUTE = 60_000_000

ATTEMPT_STATES = ("PAID", "CREATED", "WAITING", "FAILED", "EXPIRED", "ABANDONED", "UNKNOWN", "PAID")
ATTEMPT_IDS = (3, 5, 8, 13, 21, 34, 54, 55)
REFUNDS = (
    # id, imp_uid, item, origin, won, state, sends, cancellation, outbox state (None: it has none)
    (2, "imp_1", 101, "ITEM", 4500, "CONFIRMED", 1, "c-1", "SETTLED"),
    (3, "imp_1", 102, "ITEM", 4500, "SENDING", 1, "", "CLAIMED"),
    (5, "imp_1", 103, "ITEM", 4500, "APPROVED", 0, "", "WAITING"),
    (7, "imp_8", 801, "ITEM", 4500, "UNKNOWN", 2, "", "WAITING"),
    (11, "imp_8", 802, "ITEM", 4500, "REFUSED", 1, "", "SETTLED"),
    (13, "imp_2", None, "REJECTED_PAYMENT", 7000, "NEEDS_PERSON", 3, "", "ABANDONED"),
    (40, "imp_8", None, "ELSEWHERE", 1000, "CONFIRMED", 0, "c-9", None),
)


def _fill(connection: sqlite3.Connection, table: str, **values: object) -> None:
    """Insert a row, of which only the columns of this schema are taken."""
    known = {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
    row = {name: value for name, value in values.items() if name in known}
    marks = ", ".join("?" * len(row))
    connection.execute(
        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})", tuple(row.values())
    )


def make_old_shop(path: Path, version: str) -> Path:
    """Make a file of this schema and let the shop trade: by SQL, as the program of that time."""
    open_store(path, MigrationPlan(OUR_STEPS.folder, version)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN")
        _goods(connection)
        _money(connection)
        if version >= "0002":
            _requests(connection, version)
        if version >= "0003":
            _fill(connection, "milestones", name="reconciled", at=T)
        if version >= "0004":
            connection.execute("UPDATE till SET mode = 'live'")
            _claims(connection)
        if version >= "0005":
            connection.execute("UPDATE lineage SET generation = 'g-1', last_attempt = 55")
        if version >= "0008":
            for name, last in {**LAST_IDS, "requests": LAST_REQUEST}.items():
                connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, name))
        if version >= "0010":
            _people(connection)
        if version >= "0011":
            _orders_found(connection)
        if version >= "0012":
            _imports(connection)
        if version >= "0015":
            _counter_sale(connection)
        if version >= "0019":
            _print_job(connection)
        if version >= "0020":
            _cash(connection)
        if version >= "0021":
            _cash_receipt(connection)
        if version >= "0023":
            for table in ("z_addenda", "count_drafts"):
                connection.execute(cash_row(table))
        if version >= "0024":
            _fill(connection, "product_pictures", product_id=1, content=b"RIFF")
        connection.execute("COMMIT")
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    _ledger(path, version)
    return path


def _print_job(connection: sqlite3.Connection) -> None:
    _fill(
        connection, "print_jobs", id=2, paper="receipt:1", roll="{}", created_at=T, state="WAITING",
        tries=0, begun_at=None, error="", requested_at=None,
    )  # fmt: skip
    connection.execute("UPDATE id_sequences SET last = 2 WHERE name = 'print_jobs'")


def _imports(connection: sqlite3.Connection) -> None:
    _fill(
        connection, "imports", id=3, source="orders.json", digest="d", imported_at=T,
        imported_by="person:Kim", orders=1, users=0, products=1, undone_at=None, undone_by="",
    )  # fmt: skip
    _fill(connection, "import_records", kind="order", record_id=1, import_id=3)
    changed = {"import_id": 3, "kind": "product", "record_id": 1}
    _fill(connection, "import_changes", **changed, old_fields="{}", new_fields="{}")
    _fill(connection, "import_mappings", titles="t", mapping="{}", kept_at=T)
    connection.execute("UPDATE id_sequences SET last = 3 WHERE name = 'imports'")


def _counter_sale(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE products SET found_by = '카페라떼'")
    marks = IndexedProduct(1, "카페라떼").marks
    connection.execute("INSERT INTO product_words (rowid, marks) VALUES (1, ?)", (marks,))
    _fill(connection, "product_codes", code="box-1", product_id=1, pack=12)
    _fill(connection, "option_groups", id=1, name="추가", least=0, most=2)
    _fill(connection, "options", id=1, group_id=1, position=0, name="샷 추가", price=500)
    _fill(connection, "product_options", product_id=1, position=0, group_id=1)
    for id, state, order in ((1, "ORDERED", 8), (2, "DROPPED", None), (3, "HELD", None),
                             (4, "OPEN", None)):  # fmt: skip
        _fill(
            connection, "carts", id=id, state="OPEN", name="", note="", opened_at=T,
            opened_by="staff:3", discount_kind="PERCENT", discount_value=10,
            discount_reason="단골", approved_discount=0, approved_by="", order_id=None, till=0,
        )  # fmt: skip
        _fill(
            connection, "cart_lines", id=id, cart_id=id, product_id=1, options="1", price=5000,
            count=2, grams=None, label_price=None, discount_kind="", discount_value=0,
            discount_reason="", code="", error="",
        )  # fmt: skip
        connection.execute(
            "UPDATE carts SET state = ?, order_id = ? WHERE id = ?", (state, order, id)
        )
    sequences = {**OWN_IDS, **COUNTER_IDS}
    for name, last in sequences.items():
        connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, name))


def _goods(connection: sqlite3.Connection) -> None:
    person = {"nickname": "", "email": "", "phone": "010-1234-5678", "phone_digits": "01012345678"}
    _fill(connection, "users", id=1, name="김하늘", status="COMMON", **person)
    _fill(connection, "users", id=9, name="박판매", status="SELLER", **person)
    _fill(
        connection, "products", id=1, seller_id=9, name="카페 라떼", price=4500, stock=10,
        barcode="8801234567893", category="커피", active=1,
    )  # fmt: skip
    for order in range(1, 9):
        _fill(connection, "orders", id=order, buyer_id=1, created_at=T + order)
        for position, number in enumerate(range(order * 100 + 1, order * 100 + 4)):
            is_paid = order in (1, 8)
            status = "COMPLETE_PAYMENT" if is_paid else "WAITING_FOR_PAYMENT"
            _fill(
                connection, "order_items", id=number, order_id=order, buyer_id=1, seller_id=9,
                product_id=1, name="카페 라떼", price=4500, count=1, first_count=1,
                status="CANCEL" if number == 101 else status,
                cancel_reason="변심" if number == 101 else "", position=position,
                ordered_at=T + order, **dict.fromkeys(
                    ("discount", "first_discount"), 500 if number == 803 else 0
                ),
            )  # fmt: skip


def _money(connection: sqlite3.Connection) -> None:
    for number, (id, state) in enumerate(zip(ATTEMPT_IDS, ATTEMPT_STATES, strict=True), start=1):
        _fill(
            connection, "attempts", id=id, order_id=number, merchant_uid=f"M-{number}",
            amount=13_500, created_at=T, state=state, link_url="https://pay/1", expires_at=T + 5,
            opened_at=T + 1, closed_at=T + 9 if state != "WAITING" else None,
            imp_uid=f"imp_{number}" if state == "PAID" else "", reason="사유",
            next_check_at=T + 7 if state in ("WAITING", "CREATED") else None, checks_done=2,
        )  # fmt: skip
    for id, order, amount, standing in ((4, 1, 13_500, "ACCEPTED"), (9, 2, 7000, "REJECTED"),
                                        (12, 8, 13_500, "ACCEPTED")):  # fmt: skip
        _fill(
            connection, "payments", id=id, imp_uid=f"imp_{order}", merchant_uid=f"M-{order}",
            order_id=order, amount=amount, paid_at=T + order, standing=standing,
            receipt_url="https://x.kr/영수증", sandbox=0,
            problem="verify_amount" if standing == "REJECTED" else "",
            tender="UNKNOWN" if standing == "REJECTED" else "KAKAOPAY",
        )  # fmt: skip
    for id, imp_uid, item, origin, amount, state, sends, line, sending in REFUNDS:
        _fill(
            connection, "refunds", id=id, imp_uid=imp_uid, order_id=int(imp_uid[4:]), item_id=item,
            origin=origin, amount=amount, reason="변심", tag=f"[RF-{id}]", asked_by="buyer:1",
            approved_by="seller:9", created_at=T + id, state=state, checksum=amount, sends=sends,
            sent_at=T if sends else None, unclear_at=T if state == "UNKNOWN" else None,
            confirmed_at=T if state == "CONFIRMED" else None, cancellation_id=line,
            raw_code=-1 if state == "REFUSED" else None, raw_text="", approval_needed=1,
            refused_as="", reviewed_to=2, follows=None, covers="801 802" if id == 11 else "",
        )  # fmt: skip
        if sending is not None:
            _fill(
                connection, "outbox", id=id + 18, refund_id=id, payment_key=imp_uid, state=sending,
                due_at=T, attempts=sends, lease=sends, last_error="offline", ready_at=T + MINUTE,
            )  # fmt: skip
    named = {"gap": 500, "ledger_gap": 0, "explained_by": "", "explanation": ""}
    _fill(
        connection, "mismatches", id=6, kind="FOREIGN_PAYMENT", merchant_uid="M-77",
        imp_uid="imp_77", amount=500, evidence="paid 500", found_at=T, **named,
    )  # fmt: skip
    _fill(
        connection, "mismatches", id=9, kind="UNKNOWN_STATUS", merchant_uid="M-1", imp_uid="imp_1",
        amount=500, evidence="frozen", found_at=T, settled_at=T + MINUTE,
        **{**named, "explained_by": "김", "explanation": "확인함"},
    )  # fmt: skip


def _requests(connection: sqlite3.Connection, version: str) -> None:
    rows = [
        # id, kind, state, item, ended_by, refund, money
        (4, "REFUND", "OK", 101, "SELLER", 2, "REFUNDED"),
        (6, "REFUND", "OK", 102, "SELLER", 3, "CHECKING"),
        (9, "EXCHANGE", "OK", 301, "SELLER", None, "NONE"),
        (15, "REFUND", "CANCEL", 302, "BUYER", None, "NONE"),
        (17, "EXCHANGE", "WAIT", 303, None, None, "NONE"),
    ]
    if version >= "0005":
        rows.append((16, "REFUND", "CANCEL", 803, "PORTONE", None, "NONE"))
    for id, kind, state, item, ended_by, refund_id, money in rows:
        _fill(
            connection, "requests", id=id, kind=kind, state=state, seller_id=9, buyer_id=1,
            item_id=item, order_id=item // 100, reason="맛이 이상함", created_at=T + id,
            processed_at=None if ended_by is None else T + MINUTE, processed_by="", note="",
            ended_by=ended_by, refund_id=refund_id, product_name="카페 라떼", buyer_name="김하늘",
            amount=4500, money=money,
        )  # fmt: skip
        marks = tokens_of(9, 1, T + id, "카페 라떼", "맛이 이상함", "김하늘")
        connection.execute("INSERT INTO request_words (rowid, marks) VALUES (?, ?)", (id, marks))


def _claims(connection: sqlite3.Connection) -> None:
    refund = {
        "id": 0, "imp_uid": "imp_3", "order_id": 3, "item_id": 301, "origin": "ITEM",
        "amount": 4500, "reason": "변심", "tag": "[RF-A]", "asked_by": "import",
        "approved_by": "import", "created_at": T, "state": "CONFIRMED", "checksum": None,
        "sends": 1, "sent_at": T, "unclear_at": None, "confirmed_at": T, "cancellation_id": "c-3",
        "raw_code": None, "raw_text": "",
    }  # fmt: skip
    content = json.dumps({"items": [], "refunds": [refund], "requests": []})
    for order, state in ((3, "WAITING"), (4, "CONFIRMED"), (5, "DENIED")):
        _fill(
            connection, "payment_claims", order_id=order, imp_uid=f"imp_{order}",
            merchant_uid=f"W-{order}", amount=13_500, paid_at=T, source="orders.json:3",
            content=content, state=state, due_at=T if state == "WAITING" else None, checks=1,
            problem="claim_not_at_portone" if state == "DENIED" else "",
        )  # fmt: skip


def _cash(connection: sqlite3.Connection) -> None:
    """A shift in which order 8 was paid in cash, too, and a piece of it goes back."""
    for table, values in CASH_DEFAULTS.items():
        if table not in LATER_TABLES:
            of_order = {name: 8 for name in ("order_id",) if name in values}
            of_item = {name: 801 for name in ("item_id",) if name in values}
            connection.execute(cash_row(table, **of_order, **of_item))
    for name, last in CASH_IDS.items():
        connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, name))


def _cash_receipt(connection: sqlite3.Connection) -> None:
    """The receipt of the cash of order 8, which waits for a person."""
    connection.execute(cash_row("cash_receipts", order_id=8, by_hand=1))
    connection.execute("UPDATE id_sequences SET last = 1 WHERE name = 'cash_receipts'")


def _orders_found(connection: sqlite3.Connection) -> None:
    rows = connection.execute("SELECT id, created_at, amount, ordered FROM orders").fetchall()
    for id, at, amount, ordered in rows:
        texts = (goods_text(["카페 라떼"] * 3), folded("김하늘"), phone_key("010-1234-5678"))
        connection.execute(
            "UPDATE orders SET goods_text = ?, buyer_text = ?, phone_digits = ? WHERE id = ?",
            (*texts, id),
        )
        marks = IndexedOrder(id, at, amount, ordered, *texts, (1,)).marks
        connection.execute("INSERT INTO order_words (rowid, marks) VALUES (?, ?)", (id, marks))


def _people(connection: sqlite3.Connection) -> None:
    for id, name, role, seller, digits in ((1, "이점장", "MANAGER", None, 6),
                                           (2, "박판매", "SELLER", 9, 6),
                                           (3, "최점원", "CASHIER", None, 4)):  # fmt: skip
        _fill(
            connection, "staff", id=id, name=name, role=role, seller_id=seller, pin_digits=digits,
            pin_hash="$argon2id$", active=int(id < 3), tries=0, tried_at=None, tried_boot_ms=None,
            old_pins="[]",
        )  # fmt: skip
    hashes = [str(number) * 64 for number in range(3)]
    for seq, event in enumerate(("STAFF_ADDED", "SIGNED_IN"), start=1):
        _fill(
            connection, "staff_events", seq=seq, event=event, at=T, staff_id=1, actor="staff:1",
            detail="", previous=hashes[seq - 1], hash=hashes[seq], key_id="", seal="",
        )  # fmt: skip
    _fill(
        connection, "approvals", id=1, subject="item:101", amount=4500, reason="변심", asked_by=2,
        approved_by=1, given_at=T, given_boot_ms=5, expires_at=T + MINUTE, offline=0, used_at=T,
    )  # fmt: skip
    for name, last in (("staff", 3), ("approvals", 1)):
        connection.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (last, name))


def _entries(version: str) -> list[NewEntry]:
    facts = [
        (LedgerEvent.PAYMENT_CAPTURED, 13_500, 1, None, "M-1"),
        (LedgerEvent.PAYMENT_REJECTED, 7000, 2, None, "M-2"),
        (LedgerEvent.REFUND_APPROVED, 0, 1, 101, "[RF-2]"),
        (LedgerEvent.REFUND_CONFIRMED, -4500, 1, 101, "c-1"),
        (LedgerEvent.PAYMENT_CAPTURED, 13_500, 8, None, "M-8"),
        (LedgerEvent.CANCELLED_EXTERNALLY, -1000, 8, None, "c-9"),
        (LedgerEvent.REFUND_REFUSED, 0, 8, 802, "[RF-11]"),
        (LedgerEvent.ITEM_CANCELLED, 0, 8, 803, ""),
    ]
    if version >= "0002":
        facts.append((LedgerEvent.REQUEST_APPROVED, 0, 1, 101, ""))
    if version >= "0005":
        facts.append((LedgerEvent.MISMATCH_EXPLAINED, 0, 1, None, "mismatch:9"))
    return [
        NewEntry(
            fact, Won(amount), "seller:9", later(number), order, item, f"imp_{order}", text, "변심"
        )
        for number, (fact, amount, order, item, text) in enumerate(facts)
    ]


def _ledger(path: Path, version: str) -> None:
    rows = append_as_before(path, _entries(version))
    if version >= "0004":
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for row in rows:
                seal = KEY.seal(row.seq, row.hash)
                _fill(connection, "ledger_seals", seq=row.seq, key_id=KEY.id, seal=seal)
