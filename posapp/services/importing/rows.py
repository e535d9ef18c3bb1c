"""Rows read from a file before any store access, and the batch that holds them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from posapp.domain.claims import before_payment
from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.orders import Order, Product
from posapp.domain.payments import Payment
from posapp.domain.refunds import Refund
from posapp.domain.requests import Request
from posapp.domain.users import User, UserStatus
from posapp.services.importing.columns import NO_CHOICE, ColumnChoice, Columns
from posapp.services.importing.fields import FieldError
from posapp.services.importing.import_errors import Cause, Complaint, Complaints

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True)
class BadCell:
    """A cell of a worksheet that has no value, but not because it is empty."""

    cause: Cause

    def __str__(self) -> str:
        """Return nothing: there is no value to show."""
        return ""


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in the file. ``None``: the file does not set the value.

    Attributes:
        listed: the file has a record of the user; else an order line names the user, which creates
            an unknown user but never changes a known one.
        where: the path in JSON; empty for a line of CSV.
    """

    line: int
    id: int
    name: str | None
    nickname: str | None = None
    email: str | None = None
    phone: str | None = None
    status: UserStatus | None = None
    listed: bool = True
    where: str = ""

    def onto(self, known: User | None) -> User:
        """Return the user after this row is applied."""
        base = known or User(self.id, "")
        if known is not None and not self.listed:
            return known
        return User(
            self.id,
            _said(self.name, base.name),
            _said(self.nickname, base.nickname),
            _said(self.email, base.email),
            _said(self.phone, base.phone),
            _said(self.status, base.status),
        )


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product of the file; ``None``, ``listed`` and ``where`` as in ``UserRow``."""

    line: int
    id: int
    seller_id: int
    name: str
    price: Won
    stock: int | None = None
    barcode: str | None = None
    category: str | None = None
    active: bool | None = None
    listed: bool = True
    where: str = ""

    def onto(self, known: Product | None) -> Product:
        """Return the product after this row is applied. The till counts a known product's stock; a
        file never changes it. An unknown product starts with the file's stock, or 0."""
        if known is not None and not self.listed:
            return known
        base = known or Product(self.id, self.seller_id, self.name, self.price, self.stock or 0)
        return replace(
            base,
            seller_id=self.seller_id,
            name=self.name,
            price=self.price,
            barcode=_said(self.barcode, base.barcode),
            category=_said(self.category, base.category),
            active=_said(self.active, base.active),
        )


@dataclass(frozen=True, slots=True)
class ImportOrderRow:
    """An order in the file, with its captured payment, confirmed refunds and requests, if any.

    ``item_lines`` holds the line numbers of the items, in their order.
    """

    line: int
    order: Order
    item_lines: tuple[int, ...]
    payment: Payment | None = None
    refunds: tuple[Refund, ...] = ()
    requests: tuple[Request, ...] = ()
    where: str = ""

    def before_payment(self) -> Order:
        """Return the order as stored until PortOne has confirmed the claimed payment."""
        if self.payment is None:
            return self.order
        return replace(self.order, items=before_payment(self.order.items, self.refunds))

    def item_place(self, position: int) -> tuple[int, str]:
        """Return the line and path of an item."""
        path = f"{self.where}.items[{position}]" if self.where else ""
        return self.item_lines[position], path


@dataclass(frozen=True, slots=True)
class Batch:
    """A file's content: the rows that are valid in themselves, and every complaint.

    Attributes:
        unusable: the file could not be read completely: nothing is imported.
        source: the file's name, for display.
        shifted: its times were moved; times are then ignored when orders are compared.
        omitted: number of complaints beyond the kept ones.
        columns: the columns of a table; ``None`` for a shop and for a table without a usable
            header line.
        titles: the titles of a table's header line.
        choice: how a person mapped the columns.
        digest: SHA-256 of the file.
    """

    users: tuple[UserRow, ...] = ()
    products: tuple[ProductRow, ...] = ()
    orders: tuple[ImportOrderRow, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    omitted: int = 0
    unusable: bool = False
    source: str = ""
    shifted: bool = False
    columns: Columns | None = None
    titles: tuple[str, ...] = ()
    digest: str = ""
    choice: ColumnChoice = NO_CHOICE

    @property
    def newest(self) -> datetime | None:
        """The latest time of any order, payment, refund or request (UTC)."""
        times = [each.order.created_at for each in self.orders]
        times += [each.payment.paid_at for each in self.orders if each.payment]
        times += [
            refund.confirmed_at
            for each in self.orders
            for refund in each.refunds
            if refund.confirmed_at
        ]
        for each in self.orders:
            times += [request.processed_at or request.created_at for request in each.requests]
        return max(times, default=None)


class RowReader:
    """Reads the values of one row; a bad value adds a complaint and marks the row bad."""

    __slots__ = ("_complaints", "bad", "line", "where")

    def __init__(self, complaints: Complaints, line: int, where: str = "") -> None:
        self._complaints = complaints
        self.line = line
        self.where = where
        self.bad = False

    def read(self, field: str, value: object, read: Callable[[object], T], default: D) -> T | D:
        """Return ``read(value)``, or ``default`` after a complaint."""
        if isinstance(value, BadCell):
            self.complain(value.cause, field)
            return default
        try:
            return read(value)
        except FieldError as error:
            self.complain(error.cause, field, value, **error.numbers)
            return default

    def read_said(
        self, field: str, record: Mapping[str, object], read: Callable[[object], T]
    ) -> T | None:
        """Like ``read``, but ``None`` if the record's value is missing or null."""
        value = record.get(field)
        if value is None:
            return None
        return self.read(field, value, read, None)

    def refuse_vast(self, field: str, price: Won, count: int) -> None:
        """Complain of an item whose total exceeds ``MAX_AMOUNT``."""
        if int(price) * count > MAX_AMOUNT:
            self.complain(Cause.AMOUNT_RANGE, field, int(price), highest=MAX_AMOUNT)

    def complain(self, cause: Cause, field: str = "", value: object = "", **numbers: int) -> None:
        """Add a complaint about this row and mark it bad."""
        self.bad = True
        path = f"{self.where}.{field}" if self.where and field else self.where or field
        self._complaints.add(self.line, cause, path, value, **numbers)


def _said(value: T | None, default: T) -> T:
    return default if value is None else value
