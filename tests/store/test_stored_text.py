"""Text that not every database can store: it is replaced in the same way wherever it is stored,
hashed, compared and searched. Rows of before are read as they are."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Text

from posapp.domain.actors import Actor
from posapp.domain.ledger import link_entry
from posapp.domain.money import Won
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.services.ports.order_search import OrderFilter
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.requests import RequestFilter
from posapp.store.columns import TextColumn, to_microseconds, to_storable_text
from posapp.store.engine import connect
from posapp.store.files.ledger_check import check_end, verify_ledger
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.search_tokens import tokens_of
from posapp.store.tables import metadata
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, attempt, entry, item, order, paid, product, refund, user

BAD = "빵\0라떼 \ud83d\0"
STORED = "빵?라떼 ??"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (BAD, STORED),
        ("\0", "?"),
        ("a\0b", "a?b"),
        ("\udfff!", "?!"),
        ("", ""),
        ("<b>'\";\n\t\x01\x7f 🍜", "<b>'\";\n\t\x01\x7f 🍜"),
    ],
)
def test_only_nul_and_half_characters_are_replaced(text: str, stored: str) -> None:
    assert to_storable_text(text) == stored
    assert to_storable_text(stored) == stored


def test_each_text_from_outside_is_of_the_type_that_replaces() -> None:
    """The other texts are made by the program: digits, hashes, codes and names of its own."""
    plain = {
        f"{table.name}.{column.name}"
        for table in metadata.sorted_tables
        for column in table.columns
        if type(column.type) is Text
    }
    assert plain == {
        *("users.phone_digits", "milestones.name", "till.code", "till.mode"),
        *("orders.segment", "orders.goods_text", "orders.buyer_text", "orders.phone_digits"),
        *("ledger.previous", "ledger.hash", "ledger_head.hash", "ledger_seals.key_id"),
        *("ledger_seals.seal", "lineage.generation", "id_sequences.name"),
        *("staff.pin_hash", "staff.old_pins", "staff_recovery.digest", "staff_events_head.hash"),
        *("staff_events.previous", "staff_events.hash", "staff_events.key_id", "staff_events.seal"),
        *("imports.digest", "import_records.kind", "import_changes.kind"),
        "import_mappings.titles",  # a hash of them
        "products.found_by",
        "products.picture",
        *("z_reports.hash", "z_reports.previous", "z_addenda.hash", "z_addenda.previous"),
    }
    assert isinstance(metadata.tables["refunds"].c.raw_text.type, TextColumn)


def test_refund_evidence_is_stored_for_any_json(store: SqlStore) -> None:
    """JSON may say "\\ud800" or "\\u0000", and a refund's evidence must not fail for it."""
    paid(store)
    with store.transaction() as uow:
        new = uow.refunds.add(refund(reason=BAD))
        uow.refunds.save(replace(new, gateway_message=BAD))
        uow.commit()
    with store.snapshot() as uow:
        kept = uow.refunds.get(new.id)
    assert kept is not None
    assert (kept.reason, kept.gateway_message) == (STORED, STORED)


def test_the_ledgers_hash_covers_the_stored_text(store: SqlStore, database: Path) -> None:
    facts = {"actor": Actor.parse(BAD), "imp_uid": BAD, "reference": BAD, "reason": BAD}
    with store.transaction() as uow:
        row = uow.ledger.append(entry(1, **facts))
        assert uow.ledger.rows(0, 1) == (row,)
        uow.commit()
    texts = (str(row.entry.actor), row.entry.imp_uid, row.entry.reference, row.entry.reason)
    assert texts == (STORED,) * 4
    assert verify_ledger(database) == check_end(database) == 1


def test_a_ledger_row_with_nul_of_before_still_verifies(store: SqlStore, database: Path) -> None:
    fact = entry(1, reason="제\0일", reference="a\0", item_id=None)
    row = link_entry(1, fact, "0" * 64, 2)
    values = {
        **{
            "seq": 1,
            "fact": fact.event.value,
            "amount": int(fact.amount),
            "actor": str(fact.actor),
        },
        **{"at": to_microseconds(fact.at), "order_id": 1, "imp_uid": "", "form": row.form},
        **{"reference": fact.reference, "reason": fact.reason},
        **{"previous": row.previous, "hash": row.hash},
    }
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO ledger ({', '.join(values)}) VALUES ({marks})"
    with closing(connect(database)) as connection:
        connection.execute(statement, tuple(values.values()))
    assert verify_ledger(database) == check_end(database) == 1
    with store.transaction() as uow:
        assert uow.ledger.rows(0, 9) == (row,)
        uow.ledger.append(entry(2, reason="b\0"))
        uow.commit()
    assert verify_ledger(database) == check_end(database) == 2


def test_a_record_is_found_by_the_text_that_it_was_stored_with(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        uow.attempts.add(attempt("M-\0"))
        found = uow.attempts.by_merchant_uid("M-\0")
        assert found is not None
        assert found.merchant_uid == "M-?"
        mismatch = Mismatch(0, MismatchKind.LOST_REFUND, "M-1", "imp_1", Won(5), BAD, NOW)
        assert uow.mismatches.note(mismatch)
        assert not uow.mismatches.note(mismatch), "the same evidence is no change"


def a_request(item_id: int, reason: str) -> Request:
    return Request(
        0, RequestKind.REFUND, RequestState.WAIT, 9, 1, item_id, 1, reason=reason, created_at=NOW
    )


def found(store: SqlStore, **filters: str) -> list[int]:
    page = SqlRequestSearch(store).page(9, RequestFilter(**filters), 9)  # type: ignore[arg-type]
    return [row.id for row in page.rows]


def test_request_is_found_by_typed_and_by_shown_text(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1, name=f"김{BAD}")])
        uow.catalogue.add_orders([order(1, items=(item(10, 1, name=BAD),))])
        uow.requests.add(a_request(10, f"환불 {BAD}"))
        uow.commit()
    for text in (BAD, STORED, "빵\0", "빵?", "라떼"):
        assert found(store, text=text) == found(store, buyer=text) == [1]
    with store.transaction() as uow:
        uow.catalogue.update_users([user(1, name="이\0름")])
        uow.commit()
    assert found(store, buyer="라떼") == []
    assert found(store, buyer="이\0름") == found(store, buyer="이?") == [1]


def test_the_index_follows_a_request_with_nul_of_before(store: SqlStore, database: Path) -> None:
    """The old marks are those of the text as it is stored, else the index would keep them."""
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1, name="김하늘")])
        uow.commit()
    columns = "id, kind, state, seller_id, buyer_id, item_id, order_id, reason, created_at," \
        " processed_by, note, product_name, buyer_name, amount, money"  # fmt: skip
    at = to_microseconds(NOW)
    with closing(connect(database)) as connection:
        connection.execute(
            f"INSERT INTO requests ({columns}) VALUES (1, 'REFUND', 'WAIT', 9, 1, 10, 1, ?, ?, '',"
            " '', ?, ?, 1, 'NONE')",
            ("환\0불", at, "빵\0", "김\0하늘"),
        )
        marks = tokens_of(9, 1, at, "빵\0", "환\0불", "김\0하늘")
        connection.execute("INSERT INTO request_words (rowid, marks) VALUES (1, ?)", (marks,))
    with store.transaction() as uow:
        uow.catalogue.update_users([user(1, name="이바다")])
        uow.commit()
    assert found(store, buyer="바다", text="환") == [1]
    with closing(sqlite3.connect(database)) as connection:
        hits = "SELECT count(*) FROM request_words WHERE request_words MATCH ?"
        for mark, count in (("n0", 0), (f"n{ord('김'):x}", 0), ("p0", 1), (f"n{ord('이'):x}", 1)):
            assert connection.execute(hits, (mark,)).fetchone() == (count,)


@pytest.mark.parametrize("text", ["\0", "김\0", "\ud800", "하늘\udfff"])
def test_an_order_search_for_such_text_finds_nothing(store: SqlStore, text: str) -> None:
    with store.transaction() as uow:
        uow.catalogue.add_users([user(1, name="김하늘?")])
        uow.catalogue.add_products([product(1)])
        uow.catalogue.add_orders([order(1)])
        uow.commit()
    search = SqlOrderSearch(store)
    assert search.page(OrderFilter(text), 9).rows == ()
    assert len(search.page(OrderFilter("하늘?"), 9).rows) == 1
