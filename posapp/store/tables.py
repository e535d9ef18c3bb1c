"""Table definitions, with the invariants that the database enforces.

Columns have the order of their dataclass's fields, so that a row becomes its dataclass by position.
Triggers, which SQLAlchemy cannot define, are in ``triggers``. ``migrations`` builds the same schema
step by step; a test compares the two.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    MetaData,
    Table,
    Text,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import CreateIndex

from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.order_segments import OrderSegment
from posapp.domain.orders import IN_FULFILMENT, ItemStatus
from posapp.domain.payment_ref import Provider, Tender
from posapp.domain.payments import LIVE_STATES, MERCHANT_UID_LIMIT, AttemptState, PaymentDisposition
from posapp.domain.products import SaleUnit
from posapp.domain.refunds import IN_FLIGHT, RefundOrigin, RefundState
from posapp.domain.users import UserStatus
from posapp.domain.vat import TaxKind
from posapp.services.ports.outbox import MismatchKind, OutboxState
from posapp.store.columns import (
    ActorColumn,
    BoolColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)

metadata = MetaData()


def _sql_list(states: type[StrEnum] | frozenset[StrEnum]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(state.value for state in states))


def _check(name: str, condition: str) -> CheckConstraint:
    return CheckConstraint(condition, name=name)


def enum_check(table: str, column: str, states: type[StrEnum]) -> CheckConstraint:
    """Return a CHECK that a column holds a value of an enum."""
    return _check(f"ck_{table}_{column}", f"{column} IN ({_sql_list(states)})")


def provider_column(table: str) -> Column[Provider]:
    """Return the column of the payment provider."""
    known = enum_check(table, "provider", Provider)
    default = text(f"'{Provider.PORTONE_V1}'")
    return Column("provider", EnumColumn(Provider), known, nullable=False, server_default=default)


def till_column(table: str) -> Column[int]:
    """Return the column of the till's number; 0 for a shop with one till."""
    whole = _check(f"ck_{table}_till", "till >= 0")
    return Column("till", IntegerColumn, whole, nullable=False, server_default=text("0"))


def tax_column(table: str) -> Column[TaxKind]:
    """Return the column that says whether goods are taxable."""
    known = enum_check(table, "tax", TaxKind)
    default = text(f"'{TaxKind.TAXABLE}'")
    return Column("tax", EnumColumn(TaxKind), known, nullable=False, server_default=default)


def tax_free_column(table: str) -> Column[Won]:
    """Return the column of the part of an amount that is free of tax, in won."""
    part = _check(f"ck_{table}_tax_free", "tax_free BETWEEN 0 AND amount")
    return Column("tax_free", WonColumn, part, nullable=False, server_default=text("0"))


def flag_column(table: str, name: str, *, default: bool) -> Column[bool]:
    """Return a column of 0 and 1 with a default."""
    flag = _check(f"ck_{table}_{name}", f"{name} IN (0, 1)")
    return Column(name, BoolColumn, flag, nullable=False, server_default=text(str(int(default))))


def partial_index(name: str, *columns: str, where: TextClause, unique: bool = False) -> Index:
    """Return an index of the rows that meet a condition, in every database.

    SQLAlchemy ignores a condition that is given for another database only: the index would cover
    all rows, and a unique one would refuse valid rows.
    """
    info = {_CONDITION: where}
    return Index(name, *columns, unique=unique, sqlite_where=where, info=info)


_CONDITION = "condition"


@compiles(CreateIndex, "postgresql")
def _create_index(create: CreateIndex, compiler: Any, **options: Any) -> str:
    """Write the condition for PostgreSQL, too. It is no argument of the index itself: SQLAlchemy
    loads the whole dialect for one with its name, 40 ms of every start on SQLite."""
    where = create.element.info.get(_CONDITION)
    if where is not None:
        create.element.dialect_options["postgresql"]["where"] = where
    written: str = compiler.visit_create_index(create, **options)
    return written


# The conditions of partial indices. SQLite uses such an index only if the query has the same
# condition, so queries take them from here (https://sqlite.org/partialindex.html, "Queries Using
# Partial Indexes").
ATTEMPT_LIVE = text(f"state IN ({_sql_list(frozenset(LIVE_STATES))})")
ATTEMPT_WATCHED = text("next_check_at IS NOT NULL")
REFUND_CONFIRMED = text("confirmed_at IS NOT NULL")
REFUND_IN_FLIGHT = text(f"state IN ({_sql_list(frozenset(IN_FLIGHT))})")
REFUND_OF_ITEM = text("item_id IS NOT NULL AND state <> 'REFUSED'")
PAYMENT_ACCEPTED = text("standing = 'ACCEPTED'")
ORDER_OPEN = text("is_open = 1")
ORDER_CANCELLED = text("has_cancelled = 1")
ITEM_IN_FULFILMENT = text(f"status IN ({_sql_list(frozenset(IN_FULFILMENT))})")
# The same items, said otherwise: a query of one seller's items says it so, and cannot read the
# index of all sellers. SQLite guesses how large a row is from its columns, and would prefer that.
ITEM_OF_SELLER_IN_FULFILMENT = text(
    f"status NOT IN ({_sql_list(frozenset(ItemStatus) - IN_FULFILMENT)})"
)
ITEM_IS_PART = text("part_of IS NOT NULL")
ORDER_RESERVED = text("counter = 1 AND is_open = 1")
ORDER_HAS_RECEIPT = text("receipt_no IS NOT NULL")
PRODUCT_HAS_PLU = text("plu IS NOT NULL")
PRODUCT_IS_VARIANT = text("parent_id IS NOT NULL")
OUTBOX_PENDING = text("state IN ('CLAIMED', 'WAITING')")
OUTBOX_UNSETTLED = text("state <> 'SETTLED'")
MISMATCH_OPEN = text("settled_at IS NULL")
CLAIMED = "CLAIMED"
"""Segment of an order that is not paid, and whose payment a file claims: a list has no such
segment."""
MISMATCH_KEY = ("kind", "merchant_uid", "imp_uid")

_SEGMENTS = ", ".join(f"'{value}'" for value in sorted((*OrderSegment, CLAIMED)))

APPROVED_BY_ANOTHER = (
    "approval_needed IN (0, 1) AND (approval_needed = 0"
    " OR (asked_by <> '' AND approved_by <> '' AND asked_by <> approved_by))"
)
"""If approval is needed, requester and approver are different persons."""

users = Table(
    "users",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("name", TextColumn, nullable=False),
    Column("nickname", TextColumn, nullable=False),
    Column("email", TextColumn, nullable=False),
    Column("phone", TextColumn, nullable=False),
    Column("status", EnumColumn(UserStatus), nullable=False),
    Column("phone_digits", Text, nullable=False),  # for searching
    _check("ck_users_id", "id > 0"),
    enum_check("users", "status", UserStatus),
    sqlite_strict=True,
)

products = Table(
    "products",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    # No foreign key: a deleted user blocks nothing.
    Column("seller_id", IntegerColumn, nullable=False),
    Column("name", TextColumn, nullable=False),
    Column("price", WonColumn, nullable=False),
    Column("stock", IntegerColumn, nullable=False),
    Column("barcode", TextColumn, nullable=False),
    Column("category", TextColumn, nullable=False),
    Column("active", BoolColumn, nullable=False),
    tax_column("products"),
    Column(
        "unit",
        EnumColumn(SaleUnit),
        enum_check("products", "unit", SaleUnit),
        nullable=False,
        server_default=text(f"'{SaleUnit.COUNT}'"),
    ),
    flag_column("products", "tracked", default=True),
    Column("parent_id", IntegerColumn),
    Column("plu", IntegerColumn, _check("ck_products_plu", "plu >= 0")),
    Column("colour", TextColumn, nullable=False, server_default=text("''")),
    flag_column("products", "favourite", default=False),
    # What the search of products reads: pieces sold lately, and the name as it is compared.
    Column("sold", IntegerColumn, nullable=False, server_default=text("0")),
    Column("found_by", Text, nullable=False, server_default=text("''")),
    # Names the content of its row in product_pictures; empty if there is none.
    Column("picture", Text, nullable=False, server_default=text("''")),
    _check("ck_products_id", "id > 0"),
    _check("ck_products_price", f"price BETWEEN 0 AND {MAX_AMOUNT}"),
    _check("ck_products_stock", "stock >= 0"),
    _check("ck_products_active", "active IN (0, 1)"),
    Index("ix_products_barcode", text("lower(barcode)")),
    partial_index("uq_products_plu", "plu", unique=True, where=PRODUCT_HAS_PLU),
    partial_index("ix_products_parent", "parent_id", where=PRODUCT_IS_VARIANT),
    # It ends in the rowid, which is the id.
    Index("ix_products_rank", "active", "favourite", "sold"),
    sqlite_strict=True,
)

orders = Table(
    "orders",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("buyer_id", IntegerColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    # Whether it waits for payment. Triggers derive it from the items, so that the list of open
    # orders reads one small index for any number of orders.
    Column("is_open", BoolColumn, nullable=False, server_default=text("0")),
    # What the search of orders reads. Triggers derive state and amounts from the items; the texts
    # are copies of names as they are compared (``order_marks``).
    Column(
        "segment",
        Text,
        _check("ck_orders_segment", f"segment IN ({_SEGMENTS})"),
        nullable=False,
        server_default=text("'CANCELLED'"),
    ),
    Column(
        "has_cancelled",
        BoolColumn,
        _check("ck_orders_has_cancelled", "has_cancelled IN (0, 1)"),
        nullable=False,
        server_default=text("0"),
    ),
    Column("amount", WonColumn, nullable=False, server_default=text("0")),
    Column("ordered", WonColumn, nullable=False, server_default=text("0")),
    Column("goods_text", Text, nullable=False, server_default=text("''")),
    Column("buyer_text", Text, nullable=False, server_default=text("''")),
    Column("phone_digits", Text, nullable=False, server_default=text("''")),
    flag_column("orders", "counter", default=False),
    Column("note", TextColumn, nullable=False, server_default=text("''")),
    Column("receipt_no", TextColumn, _check("ck_orders_receipt_no", "receipt_no <> ''")),
    _check("ck_orders_id", "id > 0"),
    _check("ck_orders_is_open", "is_open IN (0, 1)"),
    Index("ix_orders_created", "created_at", "id"),
    partial_index("ix_orders_open", "created_at", "id", where=ORDER_OPEN),
    # Each ends in the rowid, which is the id.
    Index("ix_orders_segment", "segment", "created_at"),
    partial_index("ix_orders_cancelled", "created_at", where=ORDER_CANCELLED),
    Index("ix_orders_buyer", "buyer_id", "created_at", "id"),
    partial_index("ix_orders_reserved", "created_at", where=ORDER_RESERVED),
    partial_index("uq_orders_receipt_no", "receipt_no", unique=True, where=ORDER_HAS_RECEIPT),
    sqlite_strict=True,
)

order_items = Table(
    "order_items",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("order_id", ForeignKey("orders.id", ondelete="CASCADE"), nullable=False),
    Column("buyer_id", IntegerColumn, nullable=False),
    Column("seller_id", IntegerColumn, nullable=False),
    Column("product_id", IntegerColumn, nullable=False),
    Column("name", TextColumn, nullable=False),
    Column("price", WonColumn, nullable=False),
    Column("count", IntegerColumn, nullable=False),
    Column("status", EnumColumn(ItemStatus), nullable=False),
    Column("cancel_reason", TextColumn, nullable=False),
    Column("position", IntegerColumn, nullable=False),
    # A copy of the order's time, so that the list of items to ship reads one small index for any
    # number of orders.
    Column("ordered_at", TimestampColumn, nullable=False, server_default=text("0")),
    # The item that it was a part of, and the pieces that it had at first. Triggers take a part's
    # pieces out of its item.
    Column("part_of", IntegerColumn),
    Column("first_count", IntegerColumn, nullable=False, server_default=text("0")),
    Column(
        "discount",
        WonColumn,
        _check("ck_order_items_discount", "discount BETWEEN 0 AND price * count"),
        nullable=False,
        server_default=text("0"),
    ),
    tax_column("order_items"),
    Column("options", TextColumn, nullable=False, server_default=text("''")),
    Column("measure", TextColumn, nullable=False, server_default=text("''")),
    # The discount that it had at first: triggers take a part's share out of its item.
    Column("first_discount", WonColumn, nullable=False, server_default=text("0")),
    UniqueConstraint("order_id", "position", name="uq_order_items_position"),
    _check("ck_order_items_id", "id > 0"),
    _check("ck_order_items_count", "count > 0"),
    _check("ck_order_items_price", f"price >= 0 AND price * count <= {MAX_AMOUNT}"),
    enum_check("order_items", "status", ItemStatus),
    partial_index("ix_order_items_part_of", "part_of", where=ITEM_IS_PART),
    # Each ends in the rowid, which is the id.
    partial_index("ix_order_items_work", "status", "ordered_at", where=ITEM_IN_FULFILMENT),
    partial_index(
        "ix_order_items_work_of_seller",
        "seller_id",
        "status",
        "ordered_at",
        where=ITEM_OF_SELLER_IN_FULFILMENT,
    ),
    sqlite_strict=True,
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("order_id", IntegerColumn, nullable=False),
    Column("merchant_uid", TextColumn, nullable=False, unique=True),
    Column("amount", WonColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("state", EnumColumn(AttemptState), nullable=False),
    Column("link_url", TextColumn, nullable=False),
    Column("expires_at", TimestampColumn),
    Column("opened_at", TimestampColumn),
    Column("closed_at", TimestampColumn),
    Column("imp_uid", TextColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("next_check_at", TimestampColumn),
    Column("checks_done", IntegerColumn, nullable=False),
    provider_column("attempts"),
    till_column("attempts"),
    tax_free_column("attempts"),
    _check("ck_attempts_number", f"length(merchant_uid) BETWEEN 1 AND {MERCHANT_UID_LIMIT}"),
    _check("ck_attempts_amount", f"amount BETWEEN 1 AND {MAX_AMOUNT}"),
    _check("ck_attempts_checks", "checks_done >= 0"),
    enum_check("attempts", "state", AttemptState),
    partial_index("uq_attempts_live", "order_id", unique=True, where=ATTEMPT_LIVE),
    Index("ix_attempts_order", "order_id", "id"),
    partial_index("ix_attempts_due", "next_check_at", "id", where=ATTEMPT_WATCHED),
    sqlite_strict=True,
)

payments = Table(
    "payments",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("imp_uid", TextColumn, nullable=False, unique=True),
    Column("merchant_uid", TextColumn, nullable=False),
    Column("order_id", IntegerColumn, nullable=False),  # money may arrive for a deleted order
    Column("amount", WonColumn, nullable=False),
    Column("paid_at", TimestampColumn, nullable=False),
    Column("standing", EnumColumn(PaymentDisposition), nullable=False),
    Column("receipt_url", TextColumn, nullable=False),
    Column("sandbox", BoolColumn, nullable=False),
    Column("problem", TextColumn, nullable=False),
    provider_column("payments"),
    Column(
        "tender",
        EnumColumn(Tender),
        enum_check("payments", "tender", Tender),
        nullable=False,
        server_default=text(f"'{Tender.KAKAOPAY}'"),
    ),
    till_column("payments"),
    tax_free_column("payments"),
    flag_column("payments", "cash_receipt_issued", default=False),
    _check("ck_payments_imp_uid", "imp_uid <> ''"),
    _check(
        "ck_payments_amount",
        f"amount BETWEEN 0 AND {MAX_AMOUNT} AND (amount > 0 OR standing <> 'ACCEPTED')",
    ),
    _check("ck_payments_sandbox", "sandbox IN (0, 1)"),
    enum_check("payments", "standing", PaymentDisposition),
    partial_index("uq_payments_accepted", "order_id", unique=True, where=PAYMENT_ACCEPTED),
    Index("ix_payments_order", "order_id", "id"),
    Index("ix_payments_paid", "paid_at", "id"),
    sqlite_strict=True,
)

refunds = Table(
    "refunds",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("imp_uid", ForeignKey("payments.imp_uid"), nullable=False),
    Column("order_id", IntegerColumn, nullable=False),
    Column("item_id", IntegerColumn),
    Column("origin", EnumColumn(RefundOrigin), nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("reason", TextColumn, nullable=False),
    Column("tag", TextColumn, nullable=False, unique=True),
    Column("asked_by", ActorColumn, nullable=False),
    Column("approved_by", ActorColumn, nullable=False),
    Column("created_at", TimestampColumn, nullable=False),
    Column("state", EnumColumn(RefundState), nullable=False),
    Column("checksum", WonColumn),
    Column("sends", IntegerColumn, nullable=False),
    Column("sent_at", TimestampColumn),
    Column("unclear_at", TimestampColumn),
    Column("confirmed_at", TimestampColumn),
    Column("cancellation_id", TextColumn, nullable=False),
    Column("raw_code", IntegerColumn),
    Column("raw_text", TextColumn, nullable=False),
    Column(
        "approval_needed",
        BoolColumn,
        _check("ck_refunds_approval", APPROVED_BY_ANOTHER),
        nullable=False,
        server_default=text("0"),
    ),
    Column("refused_as", TextColumn, nullable=False, server_default=text("''")),
    Column("reviewed_to", IntegerColumn, nullable=False, server_default=text("0")),
    Column("follows", IntegerColumn),
    Column("covers", TextColumn, nullable=False, server_default=text("''")),
    till_column("refunds"),
    Column("accepted_line", TextColumn),
    tax_free_column("refunds"),
    _check("ck_refunds_amount", f"amount BETWEEN 1 AND {MAX_AMOUNT}"),
    _check("ck_refunds_tag", "tag <> ''"),
    _check("ck_refunds_sends", "sends >= 0"),
    enum_check("refunds", "origin", RefundOrigin),
    enum_check("refunds", "state", RefundState),
    partial_index("uq_refunds_in_flight", "imp_uid", unique=True, where=REFUND_IN_FLIGHT),
    partial_index("uq_refunds_item", "item_id", unique=True, where=REFUND_OF_ITEM),
    Index("ix_refunds_payment", "imp_uid", "id"),
    Index("ix_refunds_item", "item_id", "id"),
    Index("ix_refunds_order", "order_id", "id"),
    Index("ix_refunds_state", "state", "id"),
    Index("ix_refunds_created", "created_at"),
    partial_index("ix_refunds_confirmed", "confirmed_at", where=REFUND_CONFIRMED),
    sqlite_strict=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("refund_id", ForeignKey("refunds.id"), nullable=False, unique=True),
    Column("payment_key", TextColumn, nullable=False),
    Column("state", EnumColumn(OutboxState), nullable=False),
    Column("due_at", TimestampColumn, nullable=False),
    Column("attempts", IntegerColumn, nullable=False),
    Column("lease", IntegerColumn, nullable=False),
    Column("last_error", TextColumn, nullable=False),
    # When it can be claimed: its due time, or the end of its current lease.
    Column("ready_at", TimestampColumn, nullable=False),
    till_column("outbox"),
    _check("ck_outbox_counts", "attempts >= 0 AND lease >= 0"),
    enum_check("outbox", "state", OutboxState),
    partial_index("ix_outbox_ready", "ready_at", "id", where=OUTBOX_PENDING),
    partial_index("ix_outbox_payment", "payment_key", "id", where=OUTBOX_UNSETTLED),
    sqlite_strict=True,
)

mismatches = Table(
    "mismatches",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("kind", EnumColumn(MismatchKind), nullable=False),
    Column("merchant_uid", TextColumn, nullable=False),
    Column("imp_uid", TextColumn, nullable=False),
    Column("amount", WonColumn, nullable=False),
    Column("evidence", TextColumn, nullable=False),
    Column("found_at", TimestampColumn, nullable=False),
    Column("settled_at", TimestampColumn),
    Column("gap", WonColumn, nullable=False),
    Column("ledger_gap", WonColumn, nullable=False),
    Column("explained_by", ActorColumn, nullable=False),
    Column("explanation", TextColumn, nullable=False),
    enum_check("mismatches", "kind", MismatchKind),
    Index("ix_mismatches_payment", "imp_uid"),
    partial_index("uq_mismatches_open", *MISMATCH_KEY, unique=True, where=MISMATCH_OPEN),
    sqlite_strict=True,
)
