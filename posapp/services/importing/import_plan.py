"""Plan of an import: compares a batch with the store's current state."""

from __future__ import annotations

from dataclasses import dataclass, field

from posapp.domain.claims import ClaimState, PaymentClaim
from posapp.domain.orders import Order, OrderItem, Product
from posapp.domain.payments import Payment
from posapp.domain.users import User, UserStatus
from posapp.services.importing.import_errors import Cause, Complaints
from posapp.services.importing.known_orders import is_same_order, is_same_purchase
from posapp.services.importing.payment_rows import find_money_problem
from posapp.services.importing.rows import Batch, ImportOrderRow, ProductRow, UserRow
from posapp.services.importing.titles import NAMES
from posapp.services.ports.record_ids import RecordKind
from posapp.services.ports.unit_of_work import UnitOfWork

CHUNK = 1000
"""Maximum number of known orders held in memory at a time."""


@dataclass(slots=True)
class Plan:
    """Records to write, and counts of those that are already in the store."""

    new_users: list[User] = field(default_factory=list)
    changed_users: list[User] = field(default_factory=list)
    same_users: int = 0
    new_products: list[Product] = field(default_factory=list)
    changed_products: list[Product] = field(default_factory=list)
    same_products: int = 0
    new_orders: list[ImportOrderRow] = field(default_factory=list)
    same_orders: int = 0
    claims_again: list[ImportOrderRow] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Number of records to write."""
        users = len(self.new_users) + len(self.changed_users)
        products = len(self.new_products) + len(self.changed_products)
        return users + products + len(self.new_orders)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.size or self.claims)

    @property
    def claims(self) -> list[ImportOrderRow]:
        """Orders whose payment must be verified at PortOne: new ones, and known ones with a denied
        claim."""
        return [*(row for row in self.new_orders if row.payment is not None), *self.claims_again]


def make_plan(work: UnitOfWork, batch: Batch, complaints: Complaints, *, sellers: bool) -> Plan:
    """Compare a batch with the store; reads only.

    Args:
        sellers: whether the file may grant the seller status.
    """
    return _Planner(work, batch, complaints, sellers=sellers).make()


def is_payment_known(work: UnitOfWork, payment: Payment) -> bool:
    """Return whether a payment, attempt or claim has one of its ids, or its order is paid."""
    return bool(
        work.payments.get(payment.imp_uid)
        or work.payments.accepted_of_order(payment.order_id)
        or work.attempts.by_merchant_uid(payment.merchant_uid)
        or work.claims.of_numbers(payment.imp_uid, payment.merchant_uid)
    )


class _Planner:
    def __init__(
        self, work: UnitOfWork, batch: Batch, complaints: Complaints, *, sellers: bool
    ) -> None:
        self._sellers = sellers
        self._sellers_by_file: set[int] = set()
        self._work = work
        self._batch = batch
        self._complaints = complaints
        self._plan = Plan()
        self._people: dict[int, User] = {}
        self._goods: dict[int, Product] = {}

    def make(self) -> Plan:
        known_users = self._find_people()
        known_goods = self._find_goods()
        self._decide_orders()
        # Users and products of order lines are created only for accepted orders.
        items = [item for row in self._plan.new_orders for item in row.order.items]
        products = {item.product_id for item in items}
        users = {row.order.buyer_id for row in self._plan.new_orders}
        users |= {item.seller_id for item in items}
        for product_row in self._batch.products:
            if product_row.listed or product_row.id in products or product_row.id in known_goods:
                users.add(product_row.seller_id)
                self._note_product(product_row, known_goods.get(product_row.id))
        for user_row in self._batch.users:
            if user_row.listed or user_row.id in users or user_row.id in known_users:
                self._note_user(user_row, known_users.get(user_row.id))
        return self._plan

    def _find_people(self) -> dict[int, User]:
        ids = {row.id for row in self._batch.users}
        ids |= {row.seller_id for row in self._batch.products}
        for row in self._batch.orders:
            ids.add(row.order.buyer_id)
            ids.update(item.seller_id for item in row.order.items)
        known = self._work.catalogue.existing_users(ids)
        self._people = dict(known)
        for user_row in self._batch.users:
            user = user_row.onto(known.get(user_row.id))
            if user.name and self._may_have_status(user_row, user, known.get(user.id)):
                self._people[user.id] = user
        return known

    def _may_have_status(self, row: UserRow, user: User, known: User | None) -> bool:
        """Whether the file may set this status. Sellers decide on refunds, so a seller change needs
        ``sellers``; an administrator change is always refused."""
        before = known.status if known is not None else UserStatus.COMMON
        if user.status is before:
            return True
        if UserStatus.ADMIN in (user.status, before):
            self._complain(row.line, Cause.ADMIN_BY_FILE, row.where, "status", user.id)
            return False
        if self._sellers:
            return True
        self._sellers_by_file.add(user.id)
        if row.listed:
            self._complain(row.line, Cause.SELLER_NEW, row.where, "status", user.id)
        return False

    def _find_goods(self) -> dict[int, Product]:
        ids = {row.id for row in self._batch.products}
        for row in self._batch.orders:
            ids.update(item.product_id for item in row.order.items)
        known = self._work.catalogue.existing_products(ids)
        self._goods = dict(known)
        made_here = self._find_made_here(known)
        for product_row in self._batch.products:
            if not product_row.listed and product_row.id in known:
                continue
            if product_row.id in made_here:
                self._keep_made_here(product_row, known[product_row.id])
                continue
            # Products from order lines are checked with their orders.
            if not product_row.listed or self._is_seller(
                product_row.seller_id, product_row.line, product_row.where, "seller_id"
            ):
                self._goods[product_row.id] = product_row.onto(known.get(product_row.id))
            else:
                self._goods.pop(product_row.id, None)
        return known

    def _find_made_here(self, known: dict[int, Product]) -> set[int]:
        """Return the known products that this shop made."""
        given = {one for one in known if self._work.record_ids.has_given(RecordKind.PRODUCT, one)}
        return given - self._work.imports.added_products(given)

    def _keep_made_here(self, row: ProductRow, known: Product) -> None:
        """Complain unless the file has the product as it is: another one of its number is not the
        one that this shop made."""
        if row.onto(known) != known:
            self._complain(row.line, Cause.PRODUCT_OF_THE_COUNTER, row.where, "id", known.id)
            self._goods.pop(known.id, None)

    def _note_user(self, row: UserRow, known: User | None) -> None:
        user = self._people.get(row.id)
        if user is None:
            return
        if known is None:
            self._plan.new_users.append(user)
        elif user != known:
            self._plan.changed_users.append(user)
        else:
            self._plan.same_users += 1

    def _note_product(self, row: ProductRow, known: Product | None) -> None:
        product = self._goods.get(row.id)
        if product is None:
            return
        if known is None:
            self._plan.new_products.append(product)
        elif product != known:
            self._plan.changed_products.append(product)
        else:
            self._plan.same_products += 1

    def _decide_orders(self) -> None:
        for start in range(0, len(self._batch.orders), CHUNK):
            rows = self._batch.orders[start : start + CHUNK]
            known = self._work.catalogue.existing_orders(row.order.id for row in rows)
            new = [row for row in rows if row.order.id not in known]
            taken = self._work.catalogue.existing_items(
                item.id for row in new for item in row.order.items
            )
            for row in rows:
                order = known.get(row.order.id)
                if order is not None:
                    self._compare(row, order)
                elif self._can_be_added(row, taken):
                    self._plan.new_orders.append(row)

    def _compare(self, row: ImportOrderRow, known: Order) -> None:
        """Leave a known order unchanged; complain if the file's order of this number differs."""
        claim = self._work.claims.for_order(known.id)
        open_claim = claim if claim and claim.state is not ClaimState.CONFIRMED else None
        if row.payment is not None and open_claim is not None:
            self._compare_claim(row, known, open_claim)
            return
        same = is_same_order(row.order, known, any_time=self._batch.shifted)
        if same and row.payment is not None:
            payment = self._work.payments.accepted_of_order(known.id)
            same = payment is not None and (
                (payment.imp_uid, payment.amount) == (row.payment.imp_uid, row.payment.amount)
            )
        if same:
            self._plan.same_orders += 1
        else:
            self._complain(row.line, Cause.ORDER_DIFFERS, row.where, "id", known.id)

    def _compare_claim(self, row: ImportOrderRow, known: Order, claim: PaymentClaim) -> None:
        """Compare with an unconfirmed claim. An identical waiting claim is unchanged; a denied
        claim may be repeated, also with corrected data, if the order is the same."""
        same = is_same_purchase(row.order, known, any_time=self._batch.shifted)
        if same and claim.state is ClaimState.WAITING:
            payment = row.payment
            given = payment and (payment.imp_uid, payment.merchant_uid, payment.amount)
            same = given == (claim.imp_uid, claim.merchant_uid, claim.amount)
        elif same and known.items == row.before_payment().items and self._has_sound_money(row):
            self._plan.claims_again.append(row)
        else:
            same = False
        if same:
            self._plan.same_orders += 1
        else:
            self._complain(row.line, Cause.ORDER_DIFFERS, row.where, "id", known.id)

    def _can_be_added(self, row: ImportOrderRow, taken: dict[int, OrderItem]) -> bool:
        sound = self._has_sound_money(row)
        if row.order.buyer_id not in self._people:
            self._complain(row.line, Cause.USER_UNKNOWN, row.where, "buyer_id", row.order.buyer_id)
            sound = False
        for position, item in enumerate(row.order.items):
            line, where = row.item_place(position)
            if item.product_id not in self._goods:
                self._complain(line, Cause.PRODUCT_UNKNOWN, where, "product_id", item.product_id)
                sound = False
            if item.id in taken:
                self._complain(line, Cause.ITEM_TAKEN, where, "item_id", item.id)
                sound = False
            sound = self._is_seller(item.seller_id, line, where, "seller_id") and sound
        return sound

    def _has_sound_money(self, row: ImportOrderRow) -> bool:
        if not row.order.items:
            self._complain(row.line, Cause.ITEMS_NONE, row.where, "items", row.order.id)
            return False
        problem = find_money_problem(row)
        if problem is not None:
            cause, numbers = problem
            self._complain(row.line, cause, row.where, "status", row.order.id, **numbers)
            return False
        if row.payment is None:
            return True
        if is_payment_known(self._work, row.payment):
            self._complain(row.line, Cause.PAYMENT_TAKEN, row.where, "imp_uid", row.payment.imp_uid)
            return False
        return True

    def _is_seller(self, user_id: int, line: int, where: str, field: str) -> bool:
        user = self._people.get(user_id)
        if user_id in self._sellers_by_file:
            self._complain(line, Cause.SELLER_NEW, where, field, user_id)
            return False
        if user is None:
            self._complain(line, Cause.USER_UNKNOWN, where, field, user_id)
            return False
        if not user.is_seller:
            self._complain(line, Cause.NOT_A_SELLER, where, field, user_id)
            return False
        return True

    def _complain(
        self, line: int, cause: Cause, where: str, field: str, value: object, **numbers: int
    ) -> None:
        path = f"{where}.{field}" if where else self._title(field)
        self._complaints.add(line, cause, path, value, **numbers)

    def _title(self, field: str) -> str:
        """Return the column as the file calls it."""
        columns = self._batch.columns
        key = "order_id" if field == "id" else field
        return columns.title(key) if columns is not None and key in NAMES else field
