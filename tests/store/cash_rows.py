"""Valid rows of the tables of cash, in plain SQL: an order of the counter that cash paid."""

from __future__ import annotations

from tests.store.test_store_constraints import GENESIS, HASH

CASH_DEFAULTS: dict[str, dict[str, object]] = {
    "shifts": dict(
        id=1, business_date="2026-11-30", opened_at=0, opened_by="staff:1", opening_float=100,
        closed_at=None, closed_by="", counted=None, expected=None, reason="", z_no=None,
    ),
    "z_reports": dict(
        z_no=1, shift_id=1, made_at=0, body="{}", hash=HASH, previous=GENESIS
    ),
    "z_addenda": dict(
        number=1, z_no=1, made_at=0, body="{}", hash=HASH, previous=GENESIS
    ),
    "count_drafts": dict(shift_id=1, counts="{}", counted_at=0),
    "cash_tenders": dict(
        id=1, order_id=50, part=1, amount=60, received=100, change=40, tax_free=0, state="KEPT",
        shift_id=1, received_at=0,
    ),
    "cash_moves": dict(
        id=1, shift_id=1, kind="IN", amount=5, reason="x", moved_by="staff:1", moved_at=0
    ),
    "cash_refunds": dict(
        id=1, item_id=51, order_id=50, amount=10, tax_free=0, state="WAITING", reason="",
        asked_by="staff:1", approved_by="staff:1", approval_needed=0, created_at=0, shift_id=None,
        paid_at=None, refund_id=None,
    ),
    "cash_receipts": dict(
        id=1, order_id=50, purpose="UNNAMED", amount=60, tax_free=0, own_no="CR1",
        asked_by="till", created_at=0, due_at=0, next_at=0, kind=None, masked="", sealed=None,
        by_hand=0, state="REQUESTED", approval_no="", issued_at=None, cancelled_at=None,
        replaces_id=None, cancel_wanted=0, sends=0, unclear_at=None, problem="", raw_code=None,
        raw_text="",
    ),
}  # fmt: skip


def cash_row(table: str, **values: object) -> str:
    """An INSERT of a valid row, of which ``values`` replace some."""
    row = {**CASH_DEFAULTS[table], **values}
    literals = ", ".join("NULL" if v is None else repr(v) for v in row.values())
    return f"INSERT INTO {table} ({', '.join(row)}) VALUES ({literals})"


def counter_item(number: int, position: int, status: str = "WAITING_FOR_PAYMENT") -> str:
    return (
        "INSERT INTO order_items (id, order_id, buyer_id, seller_id, product_id, name, price,"
        " count, status, cancel_reason, position)"
        f" VALUES ({number}, 50, 1, 9, 1, '', 50, 1, '{status}', '', {position})"
    )


CASH_GOOD = (
    "INSERT INTO orders (id, buyer_id, created_at, counter) VALUES (50, 1, 0, 1)",
    counter_item(51, 0),
    counter_item(52, 1),
    *map(cash_row, CASH_DEFAULTS),
)
"""Two items of 50 won; 60 won of them are kept in cash."""
