"""Tables of the counter's own sale: codes and options of products, and carts."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    LargeBinary,
    Table,
    UniqueConstraint,
    text,
)

from posapp.domain.carts import CartState, LineError
from posapp.domain.codes import LONGEST_BARCODE
from posapp.domain.money import MAX_AMOUNT
from posapp.domain.products import MOST_PICTURE_BYTES
from posapp.store.columns import (
    ActorColumn,
    EnumColumn,
    IntegerColumn,
    TextColumn,
    TimestampColumn,
    WonColumn,
)
from posapp.store.tables import enum_check, metadata, partial_index, till_column

CART_OPEN = text("state = 'OPEN'")
CART_HELD = text("state = 'HELD'")


def _discount_columns(table: str) -> tuple[Column[str] | Column[int], ...]:
    """Return the columns of a discount as it was given; an empty kind for none."""
    known = CheckConstraint(
        "discount_kind = '' AND discount_value = 0"
        " OR discount_kind = 'AMOUNT' AND discount_value > 0"
        " OR discount_kind = 'PERCENT' AND discount_value BETWEEN 1 AND 100",
        name=f"ck_{table}_discount",
    )
    return (
        Column("discount_kind", TextColumn, nullable=False),
        Column("discount_value", IntegerColumn, known, nullable=False),
        Column("discount_reason", TextColumn, nullable=False),
    )


product_codes = Table(
    "product_codes",
    metadata,
    # As ``domain.product_codes.code_key`` writes it.
    Column("code", TextColumn, primary_key=True, nullable=False),
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), nullable=False),
    Column("pack", IntegerColumn, nullable=False),
    CheckConstraint(f"length(code) BETWEEN 1 AND {LONGEST_BARCODE}", name="ck_product_codes_code"),
    CheckConstraint("pack BETWEEN 1 AND 999", name="ck_product_codes_pack"),
    Index("ix_product_codes_product", "product_id", "code"),
    sqlite_strict=True,
)

product_pictures = Table(
    "product_pictures",
    metadata,
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    CheckConstraint(
        f"length(content) BETWEEN 1 AND {MOST_PICTURE_BYTES}", name="ck_product_pictures_content"
    ),
    sqlite_strict=True,
)

option_groups = Table(
    "option_groups",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("name", TextColumn, nullable=False),
    Column("least", IntegerColumn, nullable=False),
    Column("most", IntegerColumn, nullable=False),
    CheckConstraint("0 <= least AND least <= most AND most > 0", name="ck_option_groups_counts"),
    sqlite_strict=True,
)

options = Table(
    "options",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("group_id", ForeignKey("option_groups.id", ondelete="CASCADE"), nullable=False),
    Column("position", IntegerColumn, nullable=False),
    Column("name", TextColumn, nullable=False),
    Column("price", WonColumn, nullable=False),
    UniqueConstraint("group_id", "position", name="uq_options_position"),
    CheckConstraint(f"price BETWEEN 0 AND {MAX_AMOUNT}", name="ck_options_price"),
    sqlite_strict=True,
)

product_options = Table(
    "product_options",
    metadata,
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("position", IntegerColumn, primary_key=True),
    Column("group_id", ForeignKey("option_groups.id", ondelete="CASCADE"), nullable=False),
    UniqueConstraint("product_id", "group_id", name="uq_product_options_group"),
    sqlite_strict=True,
)

carts = Table(
    "carts",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("state", EnumColumn(CartState), nullable=False),
    Column("name", TextColumn, nullable=False),
    Column("note", TextColumn, nullable=False),
    Column("opened_at", TimestampColumn, nullable=False),
    Column("opened_by", ActorColumn, nullable=False),
    *_discount_columns("carts"),
    # Up to this, somebody with the right to it gave discounts above the limit.
    Column("approved_discount", WonColumn, nullable=False),
    Column("approved_by", ActorColumn, nullable=False),
    Column("order_id", IntegerColumn),
    till_column("carts"),
    enum_check("carts", "state", CartState),
    CheckConstraint("(state = 'ORDERED') = (order_id IS NOT NULL)", name="ck_carts_order"),
    partial_index("uq_carts_open", "till", unique=True, where=CART_OPEN),
    partial_index("ix_carts_held", "till", "id", where=CART_HELD),
    sqlite_strict=True,
)

cart_lines = Table(
    "cart_lines",
    metadata,
    Column("id", IntegerColumn, primary_key=True),
    Column("cart_id", ForeignKey("carts.id"), nullable=False),
    # No foreign key: a product can be deleted while it is in a cart.
    Column("product_id", IntegerColumn),
    Column("options", TextColumn, nullable=False),
    Column("price", WonColumn, nullable=False),
    Column("count", IntegerColumn, nullable=False),
    Column("grams", IntegerColumn),
    Column("label_price", WonColumn),
    *_discount_columns("cart_lines"),
    Column("code", TextColumn, nullable=False),
    Column("error", EnumColumn(LineError), nullable=False),
    CheckConstraint("count BETWEEN 1 AND 9999", name="ck_cart_lines_count"),
    CheckConstraint(
        f"price BETWEEN 0 AND {MAX_AMOUNT} AND price * count <= {MAX_AMOUNT}",
        name="ck_cart_lines_price",
    ),
    CheckConstraint("(error = '') = (product_id IS NOT NULL)", name="ck_cart_lines_product"),
    CheckConstraint(
        "grams IS NULL AND label_price IS NULL"
        " OR count = 1 AND (grams > 0 AND label_price IS NULL"
        " OR label_price > 0 AND grams IS NULL)",
        name="ck_cart_lines_label",
    ),
    enum_check("cart_lines", "error", LineError),
    Index("ix_cart_lines_cart", "cart_id", "id"),
    sqlite_strict=True,
)
