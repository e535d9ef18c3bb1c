"""Reader of a shop's JSON file: users, products, orders with their items, captured payments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from posapp.domain.money import ZERO
from posapp.domain.orders import ItemStatus, Order, OrderItem
from posapp.domain.requests import Request, RequestKind, RequestState
from posapp.services.importing.fields import (
    read_barcode,
    read_count,
    read_flag,
    read_id,
    read_item_status,
    read_name,
    read_phone,
    read_reason,
    read_short,
    read_stock,
    read_time,
    read_user_status,
    read_won,
)
from posapp.services.importing.import_errors import Cause, Complaints, FileUnusable
from posapp.services.importing.located_json import Located, read_json
from posapp.services.importing.payment_rows import ImportedPayment, read_captured
from posapp.services.importing.record_lists import RecordLists, unique
from posapp.services.importing.request_rows import read_request
from posapp.services.importing.rows import ImportOrderRow, ProductRow, RowReader, UserRow

FORMAT = "posapp-shop-1"
LISTS = ("users", "products", "orders", "payments", "requests")

ONCE = {
    RequestKind.EXCHANGE: (RequestState.WAIT,),
    RequestKind.REFUND: (RequestState.WAIT, RequestState.OK),
}
"""An item has at most one waiting request, of either kind, and at most one approved refund."""

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ShopFile:
    """Content of a JSON file: the records that are valid in themselves."""

    users: tuple[UserRow, ...]
    products: tuple[ProductRow, ...]
    orders: tuple[ImportOrderRow, ...]


def read_shop_file(text: str, complaints: Complaints) -> ShopFile:
    """Read a shop.

    Raises:
        FileUnusable: invalid JSON, or JSON of another structure or format.
    """
    root = read_json(text)
    if not isinstance(root, Located):
        raise FileUnusable(Cause.WRONG_SHAPE, 1)
    if root.get("format", FORMAT) != FORMAT:
        raise FileUnusable(Cause.FORMAT_UNKNOWN, root.line, "format", root["format"])
    for key in root.twice:
        raise FileUnusable(Cause.COLUMN_TWICE, root.line, key[:60])
    for key in root:
        if key not in (*LISTS, "format"):
            complaints.add(root.line, Cause.COLUMN_UNKNOWN, key[:60])
    return _ShopReader(root, complaints).read()


class _ShopReader:
    def __init__(self, root: Located, complaints: Complaints) -> None:
        self._root = root
        self._lists = RecordLists(complaints)
        self._item_places: dict[int, tuple[int, int]] = {}
        self._all_orders: set[int] = set()
        self._bad_orders: set[int] = set()

    def read(self) -> ShopFile:
        users = unique(self._user(*each) for each in self._lists.walk("users", self._root))
        products = unique(self._product(*each) for each in self._lists.walk("products", self._root))
        orders = unique(self._order(*each) for each in self._lists.walk("orders", self._root))
        for order_id, captured in self._captured(orders).items():
            order = orders[order_id]
            orders[order_id] = replace(order, payment=captured.payment, refunds=captured.refunds)
        for order_id, requests in self._requests_by_order(orders).items():
            orders[order_id] = replace(orders[order_id], requests=tuple(requests))
        good = (order for key, order in orders.items() if key not in self._bad_orders)
        return ShopFile(tuple(users.values()), tuple(products.values()), tuple(good))

    @staticmethod
    def _user(row: RowReader, of: Located) -> tuple[RowReader, int, UserRow]:
        user = UserRow(
            row.line,
            row.read("id", of.get("id"), read_id, 0),
            row.read("name", of.get("name"), read_name, ""),
            row.read_said("nickname", of, read_short),
            row.read_said("email", of, read_short),
            row.read_said("phone", of, read_phone),
            row.read_said("status", of, read_user_status),
            where=row.where,
        )
        return row, user.id, user

    @staticmethod
    def _product(row: RowReader, of: Located) -> tuple[RowReader, int, ProductRow]:
        product = ProductRow(
            row.line,
            row.read("id", of.get("id"), read_id, 0),
            row.read("seller_id", of.get("seller_id"), read_id, 0),
            row.read("name", of.get("name"), read_name, ""),
            row.read("price", of.get("price"), read_won, ZERO),
            row.read_said("stock", of, read_stock),
            row.read_said("barcode", of, read_barcode),
            row.read_said("category", of, read_short),
            row.read_said("active", of, read_flag),
            where=row.where,
        )
        return row, product.id, product

    def _order(self, row: RowReader, of: Located) -> tuple[RowReader, int, ImportOrderRow]:
        order_id = row.read("id", of.get("id"), read_id, 0)
        self._all_orders.add(order_id)
        buyer_id = row.read("buyer_id", of.get("buyer_id"), read_id, 0)
        created_at = row.read("created_at", of.get("created_at"), read_time, _NEVER)
        items = tuple(self._items(row, of, order_id, buyer_id))
        lines = tuple(line for line, _ in items)
        order = Order(order_id, buyer_id, created_at, tuple(item for _, item in items))
        return row, order_id, ImportOrderRow(row.line, order, lines, where=row.where)

    def _items(
        self, order: RowReader, of: Located, order_id: int, buyer_id: int
    ) -> Iterator[tuple[int, OrderItem]]:
        records = of.get("items")
        if not isinstance(records, list):
            order.complain(Cause.WRONG_SHAPE, "items", records)
            return
        found = 0
        for row, record in self._lists.walk("items", of, order.where):
            found += not row.bad
            yield row.line, self._item(row, record, order_id, buyer_id)
            order.bad = order.bad or row.bad
        order.bad = order.bad or found < len(records)

    def _item(self, row: RowReader, of: Located, order_id: int, buyer_id: int) -> OrderItem:
        item_id = row.read("id", of.get("id"), read_id, 0)
        item = OrderItem(
            item_id,
            order_id,
            buyer_id,
            row.read("seller_id", of.get("seller_id"), read_id, 0),
            row.read("product_id", of.get("product_id"), read_id, 0),
            row.read("name", of.get("name"), read_name, ""),
            row.read("price", of.get("price"), read_won, ZERO),
            row.read("count", of.get("count"), read_count, 1),
            row.read("status", of.get("status"), read_item_status, ItemStatus.CANCEL),
            row.read("cancel_reason", of.get("cancel_reason"), read_reason, ""),
        )
        row.refuse_vast("price", item.price, item.count)
        if item_id and item_id in self._item_places:
            line, other_order = self._item_places[item_id]
            self._bad_orders.add(other_order)
            row.complain(Cause.DUPLICATE, "id", item_id, first_line=line)
        self._item_places[item_id] = (row.line, order_id)
        return item

    def _requests_by_order(self, orders: dict[int, ImportOrderRow]) -> dict[int, list[Request]]:
        """Return each order's requests, oldest first; a wrong one makes its order bad."""
        items = {item.id: item for row in orders.values() for item in row.order.items}
        paid_back = {r.item_id for row in orders.values() for r in row.refunds if r.item_id}
        found: dict[int, list[Request]] = {}
        only: set[tuple[int, str]] = set()
        for row, record in self._lists.walk("requests", self._root):
            item_id = row.read("item_id", record.get("item_id"), read_id, 0)
            item = items.get(item_id)
            if item is None:
                if item_id and item_id not in self._item_places:
                    row.complain(Cause.REQUEST_ITEM, "item_id", item_id)
                continue
            request = read_request(row, record, item, paid_back)
            if request is not None and request.state in ONCE.get(request.kind, ()):
                if (item_id, request.state) in only:
                    row.complain(Cause.REQUEST_TWICE, "item_id", item_id)
                only.add((item_id, request.state))
            if request is None or row.bad:
                self._bad_orders.add(item.order_id)
            else:
                found.setdefault(item.order_id, []).append(request)
        for requests in found.values():
            requests.sort(key=lambda each: each.created_at)
        return found

    def _captured(self, orders: dict[int, ImportOrderRow]) -> dict[int, ImportedPayment]:
        """Return each order's payment; a wrong one makes its order bad."""
        found: dict[int, ImportedPayment] = {}
        numbers: set[str] = set()
        for row, record in self._lists.walk("payments", self._root):
            order_id = row.read("order_id", record.get("order_id"), read_id, 0)
            order = orders.get(order_id)
            if order is None:
                if order_id and order_id not in self._all_orders:
                    row.complain(Cause.PAYMENT_ORDER_UNKNOWN, "order_id", order_id)
                continue
            if order_id in found:
                row.complain(Cause.PAYMENT_TWICE, "order_id", order_id)
            cancellations = list(self._lists.walk("cancellations", record, row.where))
            captured = read_captured(row, record, order.order, cancellations, numbers)
            if captured is None:
                self._bad_orders.add(order_id)
            else:
                found[order_id] = captured
        return found
