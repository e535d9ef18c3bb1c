"""Port for the ids of new records."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

IDS_PER_TILL = 10_000_000
"""Size of a till's block: its ids are till × 10,000,000 + n, n from 1."""


class RecordKind(StrEnum):
    """Kind of a record whose id the store gives.

    Orders, their items and products come with numbers of files, too: those that are made here have
    a range of their own (``FIRST_OWN``), and get a number of it that no file brought.
    """

    ATTEMPT = "attempts"
    PAYMENT = "payments"
    REFUND = "refunds"
    REQUEST = "requests"
    OUTBOX_ENTRY = "outbox"
    MISMATCH = "mismatches"
    STAFF = "staff"
    APPROVAL = "approvals"
    IMPORT = "imports"
    ORDER = "orders"
    ORDER_ITEM = "order_items"
    PRODUCT = "products"
    OPTION_GROUP = "option_groups"
    OPTION = "options"
    CART = "carts"
    CART_LINE = "cart_lines"
    PRINT_JOB = "print_jobs"
    SHIFT = "shifts"
    CASH_TENDER = "cash_tenders"
    CASH_MOVE = "cash_moves"
    CASH_REFUND = "cash_refunds"
    CASH_RECEIPT = "cash_receipts"


FIRST_OWN = 5_000_001
"""First number of an order or a product that is made here, within a till's block.

Above what files count up to, and below the numbers that platforms give (10 digits and more). It has
seven digits, so that no such number is a barcode.
"""

ITEMS_OF_NUMBER = 1_000
"""Numbers of items for each number of an order: an item's range is that of orders times this. Files
without numbers of items get theirs likewise, of their orders."""

FIRST_BUILT_IN = 990_000_000
"""Numbers from here on are those of the program (a trial payment), and of names in files: orders
and products that are made here have smaller ones."""


class RecordIds(Protocol):
    """Gives each kind of record its ids in order, within the unit of work.

    Attributes:
        till: number of the till that writes; 0 for the only till of a shop.
    """

    till: int

    def next(self, kind: RecordKind) -> int:
        """Return the next id; a unit that is rolled back gives it back.

        Till 0 has no upper bound, because no other till has a block: a shop that sells for
        decades never stops for want of an id. Its first further till gets a number above
        the largest id ÷ 10,000,000.

        Raises:
            OverflowError: the block of a till other than 0 is used up, or there is none left below
                ``FIRST_BUILT_IN``; nothing was written.
        """
        ...

    def has_given(self, kind: RecordKind, number: int) -> bool:
        """Return whether a number was given already, or passed over as a file had brought it.

        Args:
            kind: one that files number, too.
        """
        ...
