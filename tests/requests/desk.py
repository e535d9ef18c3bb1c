"""A shop with delivered items, and the actions of its request desk."""

from __future__ import annotations

from dataclasses import replace

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEntry, LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Order, OrderItem, Product
from posapp.domain.payments import Payment, PaymentDisposition
from posapp.domain.refunds import Refund
from posapp.domain.requests import Request, RequestKind
from posapp.domain.users import User, UserStatus
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.requests.create_request import RequestService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.fakes.world import FakeClock, FakeIds

BUYER, OTHER_BUYER, SELLER, OTHER_SELLER = 1, 2, 7, 8
STOCK = 10

PEOPLE = (
    User(BUYER, "김하나"),
    User(OTHER_BUYER, "이두리"),
    User(SELLER, "박가게", status=UserStatus.SELLER),
    User(OTHER_SELLER, "최상점", status=UserStatus.SELLER),
)


class Desk:
    """Orders are paid for when they are made; their items are delivered unless it is said."""

    def __init__(self, store: SqlStore, clock: FakeClock) -> None:
        self.store, self.clock = store, clock
        self.ids = FakeIds()
        self.wakes = 0
        self.desk = RequestDecisionService(store, clock, self.ids, self._wake, EVERYTHING)
        self.request_service = RequestService(store, clock, EVERYTHING)
        self.fulfilment_service = FulfilmentService(store, clock, EVERYTHING)
        self.search = SqlRequestSearch(store)
        with store.transaction() as uow:
            uow.catalogue.add_users(PEOPLE)
            uow.commit()

    def _wake(self) -> None:
        self.wakes += 1

    def sell(
        self,
        order_id: int,
        *prices: int,
        status: ItemStatus = ItemStatus.DELIVERY_COMPLETE,
        seller: int = SELLER,
        buyer: int = BUYER,
        count: int = 2,
    ) -> Order:
        """An order with an item for each price; item and product ids are order id × 10 + n."""
        items = tuple(
            OrderItem(
                order_id * 10 + n, order_id, buyer, seller, order_id * 10 + n,
                f"상품 {order_id * 10 + n}", Won(price), count, status,
            )
            for n, price in enumerate(prices or (5000,))
        )  # fmt: skip
        order = Order(order_id, buyer, self.clock.now(), items)
        with self.store.transaction() as uow:
            uow.catalogue.add_products(
                [Product(i.product_id, seller, i.name, i.price, STOCK) for i in items]
            )
            uow.catalogue.add_orders([order])
            if status is not ItemStatus.WAITING_FOR_PAYMENT:
                uow.payments.add(
                    Payment(
                        f"imp_{order_id}", f"M-{order_id}", order_id, order.total,
                        self.clock.now(), PaymentDisposition.ACCEPTED,
                    )
                )  # fmt: skip
            uow.commit()
        return order

    def ask(
        self, item_id: int, kind: RequestKind = RequestKind.REFUND, reason: str = "파손"
    ) -> Request:
        item = self.item(item_id)
        return self.request_service.create(Actor.buyer(item.buyer_id), item_id, kind, reason)

    def item(self, item_id: int) -> OrderItem:
        with self.store.snapshot() as uow:
            item = uow.orders.item(item_id)
        assert item is not None
        return item

    def put(self, item_id: int, status: ItemStatus) -> None:
        """Something else happened to an item."""
        with self.store.transaction() as uow:
            uow.orders.save_items([replace(self.item(item_id), status=status)])
            uow.commit()

    def stock_of(self, product_id: int) -> int:
        with self.store.snapshot() as uow:
            product = uow.orders.product(product_id)
        assert product is not None
        return product.stock

    def request(self, request_id: int) -> Request:
        with self.store.snapshot() as uow:
            request = uow.requests.get(request_id)
        assert request is not None
        return request

    def refunds(self, item_id: int) -> tuple[Refund, ...]:
        with self.store.snapshot() as uow:
            return uow.refunds.of_item(item_id)

    def ledger(self) -> tuple[LedgerEntry, ...]:
        with self.store.snapshot() as uow:
            return uow.ledger.rows(0, 1000)

    def facts(self) -> list[tuple[LedgerEvent, Actor]]:
        """The facts in the ledger, each with its actor."""
        return [(row.entry.event, row.entry.actor) for row in self.ledger()]
