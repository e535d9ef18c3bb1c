"""Errors of a file, a row or a cell: codes and parameters, never texts.

The texts are in ``resources/i18n/{ko,en}/importing.toml``; the id of a cause is
``importing.<cause>``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from posapp.domain.text import strip_controls

COMPLAINT_LIMIT = 10_000
"""Maximum number of complaints kept; further ones are only counted."""

VALUE_LIMIT = 60
"""Maximum number of characters shown of a bad value."""


class Cause(StrEnum):
    """Reason why a part of a file is refused."""

    # the file
    FILE_TOO_LARGE = "file_too_large"
    FILE_EMPTY = "file_empty"
    FILE_KIND = "file_kind"
    ENCODING_BROKEN = "encoding_broken"
    ENCODING_MIXED = "encoding_mixed"
    TOO_MANY_ROWS = "too_many_rows"
    JSON_BROKEN = "json_broken"
    JSON_TRUNCATED = "json_truncated"
    JSON_TOO_DEEP = "json_too_deep"
    FORMAT_UNKNOWN = "format_unknown"
    QUOTE_OPEN = "quote_open"
    QUOTE_STRAY = "quote_stray"
    CELL_TOO_LARGE = "cell_too_large"
    NUL_TAIL = "nul_tail"
    FILE_CHANGED = "file_changed"
    WORKBOOK_BROKEN = "workbook_broken"
    WORKBOOK_PASSWORD = "workbook_password"  # noqa: S105 - a cause, not a secret
    WORKBOOK_OLD = "workbook_old"
    WORKBOOK_MACRO = "workbook_macro"
    WORKBOOK_BOMB = "workbook_bomb"
    WORKSHEET_NONE = "worksheet_none"
    WORKSHEET_WIDE = "worksheet_wide"
    # columns and shapes
    COLUMN_UNKNOWN = "column_unknown"
    COLUMN_MISSING = "column_missing"
    COLUMN_TWICE = "column_twice"
    CELLS_EXTRA = "cells_extra"
    WRONG_SHAPE = "wrong_shape"
    COLUMN_NOT_IN_FILE = "column_not_in_file"
    # values
    EMPTY = "empty"
    ROUNDED = "rounded"
    FORMULA_EMPTY = "formula_empty"
    CELL_ERROR = "cell_error"
    ORDER_ID_LONG = "order_id_long"
    TOTAL_INDIVISIBLE = "total_indivisible"
    TOO_LONG = "too_long"
    CONTROL_CHARACTER = "control_character"
    NOT_A_NUMBER = "not_a_number"
    NEGATIVE = "negative"
    DECIMALS = "decimals"
    ID_RANGE = "id_range"
    AMOUNT_RANGE = "amount_range"
    COUNT_RANGE = "count_range"
    STATUS_UNKNOWN = "status_unknown"
    TIME_UNKNOWN = "time_unknown"
    TIME_FUTURE = "time_future"
    TIMES_REVERSED = "times_reversed"
    URL_BAD = "url_bad"
    # records compared with each other
    DUPLICATE = "duplicate"
    ITEM_TWICE = "item_twice"
    CONTRADICTION = "contradiction"
    NEIGHBOUR_UNREADABLE = "neighbour_unreadable"
    USER_UNKNOWN = "user_unknown"
    PRODUCT_UNKNOWN = "product_unknown"
    NOT_A_SELLER = "not_a_seller"
    SELLER_NEW = "seller_new"
    ADMIN_BY_FILE = "admin_by_file"
    ITEMS_NONE = "items_none"
    STATUS_MIXED = "status_mixed"
    ORDER_DIFFERS = "order_differs"
    ITEM_TAKEN = "item_taken"
    PRODUCT_OF_THE_COUNTER = "product_of_the_counter"
    # money
    PAYMENT_MISSING = "payment_missing"
    PAYMENT_UNWANTED = "payment_unwanted"
    PAYMENT_TWICE = "payment_twice"
    PAYMENT_ORDER_UNKNOWN = "payment_order_unknown"
    PAYMENT_TAKEN = "payment_taken"
    PAYMENT_AMOUNT = "payment_amount"
    REFUND_ITEM = "refund_item"
    REFUND_AMOUNT = "refund_amount"
    # exchange and refund requests
    REQUEST_ITEM = "request_item"
    REQUEST_STATE = "request_state"
    REQUEST_TWICE = "request_twice"


@dataclass(frozen=True, slots=True)
class Complaint:
    """One error and its position.

    Attributes:
        line: the line of the file as an editor counts it, from 1; 0 for the file as a whole.
        field: the column as the file calls it, or the path in JSON (``orders[3].items[0].price``).
        value: the value found, on one line and cut; foreign text.
        numbers: further parameters of the cause's text, by name.
    """

    line: int
    cause: Cause
    field: str = ""
    value: str = ""
    numbers: tuple[tuple[str, int], ...] = ()

    @property
    def message_id(self) -> str:
        """The text's id in the catalogue."""
        return f"importing.{self.cause.value}"

    @property
    def parameters(self) -> dict[str, str | int]:
        """The text's parameters."""
        return {"line": self.line, "field": self.field, "value": self.value, **dict(self.numbers)}


@dataclass(slots=True)
class Complaints:
    """Collects complaints in bounded memory."""

    kept: list[Complaint] = field(default_factory=list)
    omitted: int = 0

    def add(
        self, line: int, cause: Cause, field: str = "", value: object = "", **numbers: int
    ) -> None:
        """Add a complaint; beyond ``COMPLAINT_LIMIT`` it is only counted."""
        if len(self.kept) >= COMPLAINT_LIMIT:
            self.omitted += 1
            return
        self.kept.append(make_complaint(line, cause, field, value, **numbers))

    def sorted(self) -> tuple[Complaint, ...]:
        """Return the complaints by line; within a line in the order found."""
        return tuple(sorted(self.kept, key=lambda each: each.line))


class FileUnusable(Exception):
    """The file as a whole cannot be read; carries the reasons. Never leaves this package."""

    def __init__(
        self, cause: Cause, line: int = 0, field: str = "", value: object = "", **numbers: int
    ) -> None:
        super().__init__(cause.value)
        self.complaints: tuple[Complaint, ...] = (
            make_complaint(line, cause, field, value, **numbers),
        )

    @classmethod
    def of(cls, complaints: Sequence[Complaint]) -> FileUnusable:
        """Return the error of several reasons, at least one."""
        error = cls(complaints[0].cause)
        error.complaints = tuple(complaints)
        return error


def make_complaint(
    line: int, cause: Cause, field: str = "", value: object = "", **numbers: int
) -> Complaint:
    """Return a complaint with its texts cut and on one line."""
    place = strip_controls(field[: VALUE_LIMIT * 4])
    return Complaint(line, cause, place, shown_value(value), tuple(numbers.items()))


def shown_value(value: object) -> str:
    """Return foreign text for display: one line, no control characters, at most ``VALUE_LIMIT``."""
    text = "" if value is None or isinstance(value, dict | list) else str(value)
    text = strip_controls(text[: VALUE_LIMIT * 4])
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"
