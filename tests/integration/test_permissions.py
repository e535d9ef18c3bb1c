"""Every action is refused without its permission, before it writes or sends anything."""

from __future__ import annotations

import ast
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.permissions import Permission, StaffRole
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.settings import Settings
from posapp.sandbox.server import Sandbox
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.bookkeeping.receipt_records import ask_cancel
from posapp.services.goods.product_service import ProductDraft
from posapp.services.importing import ImportService
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.orders.sales_report import MovementLabels
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.ports.requests import RequestFilter
from posapp.services.ports.settings import SettingPorts
from posapp.services.refunds.trial_payment import TRIAL_NUMBER
from posapp.services.settings.setting_service import SettingService, build_setting_service
from posapp.system.setting_changes import FileSettingChanges
from posapp.system.settings_file import TomlSettingsFile
from tests.fakes.access import Denying
from tests.fakes.actors import WHO
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.setup_world import CHANNEL, Account, Keyring
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds

SERVICES = Path(__file__).resolve().parents[2] / "posapp" / "services"
ITEM, FREE = 100, 102
BUYER_ACTOR, SELLER_ACTOR = Actor.buyer(BUYER), Actor.seller(SELLER)


class Counted:
    """A gateway that counts the calls."""

    def __init__(self, real: BooksGateway) -> None:
        self.real, self.calls = real, []

    def __getattr__(self, name: str) -> Any:
        self.calls.append(name)
        return getattr(self.real, name)


class Shop(Till):
    """A till with one order, and a policy that a test turns."""

    def __init__(self, folder: Path, clock) -> None:
        self.folder, self.policy = folder, Denying()
        sandbox = Sandbox(clock=clock.unix)
        self.counted = Counted(BooksGateway(sandbox))
        super().__init__(
            folder / "posapp.db",
            sandbox,
            clock,
            gateway=self.counted.real,
            through=lambda gateway: self.counted,
            make_ids=NumberedIds,
            access=self.policy,
        )
        self.stock_shop(an_order(10, (5000, 1), (3000, 1), (0, 1)))

    def content(self) -> dict[str, list[tuple]]:
        """Every row of every table, and every file beside the database."""
        with closing(sqlite3.connect(self.folder / "posapp.db")) as connection:
            names = connection.execute(
                "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
            ).fetchall()
            found = {
                name: connection.execute(f"SELECT * FROM [{name}]").fetchall() for (name,) in names
            }
        files = sorted(path.name for path in self.folder.rglob("*") if ".db" not in path.name)
        return {**found, "files": [tuple(files)]}

    def refund(self) -> int:
        """Pay the order and ask for the refund of an item; return its id."""
        self.paid_order(10)
        return self.cancellation_service.refund(SELLER_ACTOR, ITEM, "품절", 5000).id

    def refund_in_review(self) -> int:
        refund = self.refund()
        self.sync_service.take_over(WHO, refund)
        return refund

    def delivered(self) -> None:
        self.paid_order(10)
        item = self.order(10).items[0]
        with self.store.transaction() as uow:
            uow.orders.save_items([replace(item, status=ItemStatus.DELIVERY_COMPLETE)])
            uow.commit()

    def request(self, kind: RequestKind = RequestKind.REFUND) -> int:
        """Return the id of a waiting request about a delivered item."""
        self.delivered()
        return self.request_service.create(BUYER_ACTOR, ITEM, kind, "변심").id


@pytest.fixture
def shop(tmp_path: Path, clock) -> Iterator[Shop]:
    made = Shop(tmp_path, clock)
    yield made
    made.close()


Act = Callable[[], object]


def start(shop: Shop) -> Act:
    return lambda: shop.payment_service.start(BUYER_ACTOR, 10)


def start_over(shop: Shop) -> Act:
    """The QR is over: starting reads it once more, and makes another."""
    shop.payment_service.start(BUYER_ACTOR, 10)
    shop.clock.advance(seconds=3600)
    return lambda: shop.payment_service.start(BUYER_ACTOR, 10)


def abandon(shop: Shop) -> Act:
    attempt = shop.payment_service.start(BUYER_ACTOR, 10).attempt.id
    return lambda: shop.payment_service.abandon(BUYER_ACTOR, attempt)


def cancel(shop: Shop) -> Act:
    return lambda: shop.cancellation_service.cancel(SELLER_ACTOR, ITEM, "품절")


def cancel_beside_a_qr(shop: Shop) -> Act:
    """The QR is closed at PortOne first."""
    shop.payment_service.start(BUYER_ACTOR, 10)
    return lambda: shop.cancellation_service.cancel(SELLER_ACTOR, ITEM, "품절")


def refund(shop: Shop) -> Act:
    shop.paid_order(10)
    return lambda: shop.cancellation_service.refund(BUYER_ACTOR, ITEM, "변심", 5000)


def refund_of_a_free_item(shop: Shop) -> Act:
    shop.paid_order(10)
    return lambda: shop.cancellation_service.refund(BUYER_ACTOR, FREE, "변심", 0)


def cancel_remainder(shop: Shop) -> Act:
    number = shop.refund()
    with shop.store.transaction() as uow:
        found = uow.refunds.get(number)
        uow.refunds.save(replace(found, state=RefundState.REFUSED, refused_as="partial"))
        assert uow.outbox.close(number)
        uow.commit()
    return lambda: shop.remainder_service.cancel(SELLER_ACTOR, number, "품절", 8000)


def create_request(shop: Shop) -> Act:
    shop.delivered()
    return lambda: shop.request_service.create(BUYER_ACTOR, ITEM, RequestKind.REFUND, "변심")


def withdraw_request(shop: Shop) -> Act:
    shop.request()
    return lambda: shop.request_service.withdraw(BUYER_ACTOR, ITEM)


def approve_refund(shop: Shop) -> Act:
    number = shop.request()
    return lambda: shop.decision_service.decide(SELLER_ACTOR, number, Decision.APPROVE)


def approve_exchange(shop: Shop) -> Act:
    number = shop.request(RequestKind.EXCHANGE)
    return lambda: shop.decision_service.decide(SELLER_ACTOR, number, Decision.APPROVE)


def reject(shop: Shop) -> Act:
    number = shop.request()
    return lambda: shop.decision_service.decide(SELLER_ACTOR, number, Decision.REJECT, "기간 지남")


def decide_many(shop: Shop) -> Act:
    number = shop.request(RequestKind.EXCHANGE)

    def act() -> None:
        (result,) = shop.decision_service.decide_many(SELLER_ACTOR, [number], Decision.APPROVE)
        if result.error is not None:
            raise result.error

    return act


def undo(shop: Shop) -> Act:
    number = shop.request()
    shop.decision_service.decide(SELLER_ACTOR, number, Decision.APPROVE)
    return lambda: shop.decision_service.undo(SELLER_ACTOR, number)


def export(shop: Shop) -> Act:
    shop.request()
    path = shop.folder / "out.csv"
    return lambda: shop.export(SELLER_ACTOR, RequestFilter(), path, lambda rows: True)


def _hour(shop: Shop) -> tuple[datetime, datetime]:
    now = shop.clock.now()
    return now - timedelta(hours=1), now


def read_sales(shop: Shop) -> Act:
    return lambda: shop.sales_report.read(WHO, *_hour(shop))


def export_sales(shop: Shop) -> Act:
    path, labels = shop.folder / "out.csv", MovementLabels("", ("",), "", "", {})
    return lambda: shop.sales_report.export(WHO, *_hour(shop), path, labels)


def advance(shop: Shop) -> Act:
    shop.paid_order(10)
    return lambda: shop.fulfilment_service.advance(SELLER_ACTOR, ITEM)


def hand_over(shop: Shop) -> Act:
    shop.paid_order(10)
    return lambda: shop.fulfilment_service.hand_over(SELLER_ACTOR, ITEM)


def undo_step(shop: Shop) -> Act:
    shop.paid_order(10)
    shop.fulfilment_service.advance(SELLER_ACTOR, ITEM)
    return lambda: shop.fulfilment_service.undo_step(SELLER_ACTOR, ITEM)


def import_file(shop: Shop) -> Act:
    path = shop.folder / "shop.json"
    path.write_text('{"users": [{"id": 77, "name": "새 손님"}]}', "utf-8")
    service = ImportService(shop.store, shop.clock, AccessControl(shop.policy))
    batch = service.read(path)
    return lambda: service.apply(WHO, batch)


def undo_import(shop: Shop) -> Act:
    import_file(shop)()
    service = UndoImportService(shop.store, shop.clock, AccessControl(shop.policy))
    (done,) = service.newest(1)
    return lambda: service.undo(WHO, done.id)


def settings_of(shop: Shop) -> SettingService:
    """Settings in a file, with the record of their changes beside it."""
    account, keyring = Account(), Keyring()
    ports = SettingPorts(
        TomlSettingsFile(shop.folder / "settings.toml"),
        FileSettingChanges(shop.folder / "settings-changes.jsonl"),
        Settings(),
        keyring,
        account,
        CHANNEL.key,
    )
    return build_setting_service(ports, shop.store, shop.clock, AccessControl(shop.policy))


def change_setting(shop: Shop) -> Act:
    service = settings_of(shop)
    return lambda: service.change(WHO, "link_seconds", "180")


def reset_setting(shop: Shop) -> Act:
    change_setting(shop)()
    service = settings_of(shop)
    return lambda: service.reset(WHO, "link_seconds")


def change_keys(shop: Shop) -> Act:
    service = settings_of(shop)
    return lambda: service.change_keys(WHO, "1" * 16, "x" * 40)


def without_orders(shop: Shop) -> None:
    with closing(sqlite3.connect(shop.folder / "posapp.db")) as connection:
        connection.execute("DELETE FROM order_items")
        connection.execute("DELETE FROM orders")
        connection.commit()


def begin_trial(shop: Shop) -> Act:
    without_orders(shop)
    return lambda: shop.trial_payment_service.begin(WHO, "테스트 결제")


def give_trial_back(shop: Shop) -> Act:
    begin_trial(shop)()
    shop.paid_order(TRIAL_NUMBER)
    return lambda: shop.trial_payment_service.give_back(WHO, "테스트 결제")


def read_payment(shop: Shop) -> Act:
    shop.refund()
    (found,) = shop.unresolved_money_service.refunds()
    return lambda: shop.unresolved_money_service.read_payment(WHO, found.refund.imp_uid, "")


def retry(shop: Shop) -> Act:
    number = shop.refund()
    shop.clock.advance(seconds=1)
    return lambda: shop.unresolved_money_service.retry(WHO, number)


def assign_cancellation(shop: Shop) -> Act:
    number = shop.refund_in_review()
    return lambda: shop.unresolved_money_service.assign_cancellation(WHO, number, False)


def close_mismatch(shop: Shop) -> Act:
    kind, now = MismatchKind.FOREIGN_PAYMENT, shop.clock.now()
    with shop.store.transaction() as uow:
        uow.mismatches.note(Mismatch(0, kind, "pos-x", "imp_9", Won(700), "why", now))
        uow.commit()
    (found,) = shop.unresolved_money_service.mismatches()
    return lambda: shop.unresolved_money_service.close_mismatch(WHO, found.id, "확인함", 700)


def try_now(shop: Shop) -> Act:
    number = shop.refund()
    shop.clock.advance(seconds=1)
    return lambda: shop.sync_service.try_now(WHO, number)


def try_all(shop: Shop) -> Act:
    shop.refund()
    with shop.store.transaction() as uow:
        uow.outbox.shift_times(timedelta(minutes=5))
        uow.commit()
    return lambda: shop.sync_service.try_all(WHO)


def requeue(shop: Shop) -> Act:
    number = shop.refund_in_review()
    return lambda: shop.sync_service.requeue(WHO, number)


def take_over(shop: Shop) -> Act:
    number = shop.refund()
    return lambda: shop.sync_service.take_over(WHO, number)


def reconcile_now(shop: Shop) -> Act:
    return lambda: shop.sync_service.reconcile_now(WHO)


def a_product(shop: Shop) -> int:
    """Make a product of the seller and return its number."""
    draft = ProductDraft("단팥빵", 2_200, SELLER, stock=30)
    return shop.product_service.create(SELLER_ACTOR, draft).product.id


def make_product(shop: Shop) -> Act:
    return lambda: a_product(shop)


def change_product(shop: Shop) -> Act:
    number, draft = a_product(shop), ProductDraft("소금빵", 2_400, SELLER, stock=30)
    return lambda: shop.product_service.change(SELLER_ACTOR, number, draft, 30)


def stop_product(shop: Shop) -> Act:
    number = a_product(shop)
    return lambda: shop.product_service.set_on_sale(SELLER_ACTOR, number, is_on_sale=False)


def set_picture(shop: Shop) -> Act:
    number = a_product(shop)
    return lambda: shop.product_service.set_picture(SELLER_ACTOR, number, b"RIFF")


def make_own_code(shop: Shop) -> Act:
    number = a_product(shop)
    return lambda: shop.product_service.add_own_code(SELLER_ACTOR, number)


def make_options(shop: Shop) -> Act:
    return lambda: shop.product_service.add_group(SELLER_ACTOR, "추가", [("버터", 500)])


def a_line(shop: Shop) -> int:
    """Begin a sale with bread and return its line."""
    return shop.cart_service.add(WHO, a_product(shop)).lines[0].line.id


def an_error_line(shop: Shop) -> tuple[int, int]:
    """Scan a code that nothing has, and return its line and the product that has it then."""
    line = shop.cart_service.scan(WHO, "9999").line_id
    draft = ProductDraft("단팥빵", 2_200, SELLER, stock=30, codes=[("9999", 1)])
    return line, shop.product_service.create(SELLER_ACTOR, draft).product.id


def scan_product(shop: Shop) -> Act:
    return lambda: shop.cart_service.scan(WHO, "9999")


def add_product(shop: Shop) -> Act:
    number = a_product(shop)
    return lambda: shop.cart_service.add(WHO, number)


def choose_product(shop: Shop) -> Act:
    line, number = an_error_line(shop)
    return lambda: shop.cart_service.choose(WHO, line, number)


def set_count(shop: Shop) -> Act:
    line = a_line(shop)
    return lambda: shop.cart_service.set_count(WHO, line, 2)


def remove_line(shop: Shop) -> Act:
    line = a_line(shop)
    return lambda: shop.cart_service.remove(WHO, line)


def restore_line(shop: Shop) -> Act:
    number = a_line(shop)
    (line,) = shop.cart_service.read().lines
    shop.cart_service.remove(WHO, number)
    return lambda: shop.cart_service.restore_line(WHO, line.line)


def renew_prices(shop: Shop) -> Act:
    a_line(shop)
    (product,) = shop.product_service.find("단팥빵", 1)
    draft = ProductDraft("단팥빵", 2_400, SELLER, stock=30)
    shop.product_service.change(SELLER_ACTOR, product.id, draft, 30)
    return lambda: shop.cart_service.renew_prices(WHO)


TENTH = Discount(DiscountKind.PERCENT, 10)


def discount_line(shop: Shop) -> Act:
    line = a_line(shop)
    return lambda: shop.cart_service.discount_line(WHO, line, TENTH)


def discount_sale(shop: Shop) -> Act:
    a_line(shop)
    return lambda: shop.cart_service.discount_sale(WHO, TENTH)


def note_sale(shop: Shop) -> Act:
    a_line(shop)
    return lambda: shop.cart_service.set_note(WHO, "봉투")


def clear_sale(shop: Shop) -> Act:
    a_line(shop)
    return lambda: shop.cart_service.clear(WHO)


def restore_sale(shop: Shop) -> Act:
    a_line(shop)
    cart = shop.cart_service.read()
    clear_sale(shop)()
    return lambda: shop.cart_service.restore(WHO, cart.cart.id)


def hold_sale(shop: Shop) -> Act:
    a_line(shop)
    return lambda: shop.cart_service.hold(WHO)


def a_held_sale(shop: Shop) -> int:
    hold_sale(shop)()
    (held,) = shop.cart_service.held()
    return held.cart.id


def take_up_sale(shop: Shop) -> Act:
    number = a_held_sale(shop)
    return lambda: shop.cart_service.take_up(WHO, number)


def drop_sale(shop: Shop) -> Act:
    number = a_held_sale(shop)
    return lambda: shop.cart_service.drop(WHO, number)


def order_sale(shop: Shop) -> Act:
    a_line(shop)
    return lambda: shop.checkout_service.order(WHO, 2_200)


def open_shift(shop: Shop) -> Act:
    return lambda: shop.shift_service.open_shift(WHO, 100_000)


def with_shift(shop: Shop) -> None:
    shop.shift_service.open_shift(WHO, 100_000)


def pay_in(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.shift_service.pay_in(WHO, 1_000, "거스름돈")


def pay_out(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.shift_service.pay_out(WHO, 1_000, "우유")


def open_drawer(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.shift_service.note_drawer_opened(WHO, "동전 교환")


def close_shift(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.closing_service.close_shift(WHO, {50_000: 2})


def read_reports(shop: Shop) -> Act:
    return lambda: shop.closing_service.reports(WHO)


def read_addenda(shop: Shop) -> Act:
    return lambda: shop.closing_service.addenda(WHO)


def begin_closing(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.closing_service.begin_closing(WHO)


def keep_count(shop: Shop) -> Act:
    with_shift(shop)
    return lambda: shop.closing_service.keep_count(WHO, 1, {10_000: 3})


def sell_in_cash(shop: Shop) -> Act:
    with_shift(shop)
    a_line(shop)
    return lambda: shop.cash_service.sell(WHO, 2_200, 3_000)


def take_cash(shop: Shop) -> Act:
    with_shift(shop)
    a_line(shop)
    made = shop.checkout_service.order(WHO, 2_200)
    return lambda: shop.cash_service.take(WHO, made.id, 2_200, 3_000)


def give_cash_back(shop: Shop) -> Act:
    with_shift(shop)
    a_line(shop)
    made = shop.cash_service.sell(WHO, 2_200, 1_000, rest_by_qr=True)
    return lambda: shop.cash_service.give_back(WHO, made.order.id, 1_000)


def refund_in_cash(shop: Shop) -> Act:
    with_shift(shop)
    a_line(shop)
    made = shop.checkout_service.order(WHO, 2_200)
    shop.paid_order(made.id)
    number = shop.cancellation_service.refund(SELLER_ACTOR, made.items[0].id, "변심", 2_200).id
    with shop.store.transaction() as uow:
        found = uow.refunds.get(number)
        uow.refunds.save(replace(found, state=RefundState.REFUSED, refused_as="limit"))
        assert uow.outbox.close(number)
        uow.commit()
    return lambda: shop.cash_instead_service.move(SELLER_ACTOR, number, 2_200)


def hand_cash_out(shop: Shop) -> Act:
    with_shift(shop)
    a_line(shop)
    made = shop.cash_service.sell(WHO, 2_200, 1_000, rest_by_qr=True).order
    shop.paid_order(made.id)
    (item,) = shop.order(made.id).items
    shop.cancellation_service.refund(SELLER_ACTOR, item.id, "변심", 2_200)
    shop.work(3)
    (due,) = shop.cash_service.open_cash().to_hand_out
    return lambda: shop.cash_service.hand_out(WHO, due.id)


def with_staff(shop: Shop) -> None:
    shop.staff.directory.set_up(WHO, "점장", "905182")


def set_up_staff(shop: Shop) -> Act:
    return lambda: shop.staff.directory.set_up(WHO, "점장", "905182")


def add_staff(shop: Shop) -> Act:
    with_staff(shop)
    return lambda: shop.staff.directory.add(WHO, "김하나", StaffRole.CASHIER, "2580")


def change_staff(shop: Shop) -> Act:
    with_staff(shop)
    return lambda: shop.staff.directory.change(WHO, 1, "새 이름", StaffRole.MANAGER)


def reset_pin(shop: Shop) -> Act:
    with_staff(shop)
    return lambda: shop.staff.directory.reset_pin(WHO, 1, "581903")


def deactivate(shop: Shop) -> Act:
    add_staff(shop)()
    return lambda: shop.staff.directory.deactivate(WHO, 2)


def reactivate(shop: Shop) -> Act:
    deactivate(shop)()
    return lambda: shop.staff.directory.reactivate(WHO, 2, "581903")


def unlock(shop: Shop) -> Act:
    add_staff(shop)()
    return lambda: shop.staff.directory.unlock(WHO, 2)


def renew_recovery_code(shop: Shop) -> Act:
    with_staff(shop)
    return lambda: shop.staff.directory.renew_recovery_code(WHO)


def cash_sale(shop: Shop) -> int:
    """Take cash for a sale; return its order."""
    if shop.shift_service.read() is None:
        shop.shift_service.open_shift(WHO, 100_000)
    a_line(shop)
    return shop.cash_service.sell(WHO, 2_200, 2_200).order.id


def request_receipt(shop: Shop) -> Act:
    number = cash_sale(shop)
    purpose = ReceiptPurpose.UNNAMED
    return lambda: shop.cash_receipt_service.request(WHO, number, purpose)


def a_receipt_by_hand(shop: Shop) -> int:
    made = request_receipt(shop)()
    with shop.store.transaction() as uow:
        uow.cash_receipts.save(replace(made, by_hand=True))
        uow.commit()
    return made.id


def enter_receipt(shop: Shop) -> Act:
    number = a_receipt_by_hand(shop)
    return lambda: shop.cash_receipt_service.enter_approval(WHO, number, "123456789")


def enter_receipt_cancel(shop: Shop) -> Act:
    number = a_receipt_by_hand(shop)
    issued = shop.cash_receipt_service.enter_approval(WHO, number, "123456789")
    with shop.store.transaction() as uow:
        ask_cancel(uow, issued, shop.clock.now())
        uow.commit()
    return lambda: shop.cash_receipt_service.enter_cancel(WHO, number)


P = Permission
ACTIONS: dict[str, tuple[tuple[Callable[[Shop], Act], *tuple[Permission, ...]], ...]] = {
    "PaymentService.start": ((start, P.TAKE_PAYMENT), (start_over, P.TAKE_PAYMENT)),
    "PaymentService.abandon": ((abandon, P.TAKE_PAYMENT),),
    "CancellationService.cancel": (
        (cancel, P.CANCEL_ORDER),
        (cancel_beside_a_qr, P.CANCEL_ORDER),
    ),
    "CancellationService.refund": ((refund, P.REFUND), (refund_of_a_free_item, P.REFUND)),
    "RemainderCancellationService.cancel": ((cancel_remainder, P.REFUND),),
    "RequestService.create": ((create_request, P.CREATE_REQUEST),),
    "RequestService.withdraw": ((withdraw_request, P.CREATE_REQUEST),),
    "RequestDecisionService.decide": (
        (approve_refund, P.DECIDE_REQUEST, P.REFUND),
        (approve_exchange, P.DECIDE_REQUEST),
        (reject, P.DECIDE_REQUEST),
    ),
    "RequestDecisionService.decide_many": ((decide_many, P.DECIDE_REQUEST),),
    "RequestDecisionService.undo": ((undo, P.DECIDE_REQUEST),),
    "RequestExportService.export": ((export, P.EXPORT),),
    "SalesReportService.read": ((read_sales, P.SEE_FIGURES),),
    "SalesReportService.export": ((export_sales, P.SEE_FIGURES),),
    "FulfilmentService.advance": ((advance, P.FULFIL),),
    "FulfilmentService.hand_over": ((hand_over, P.FULFIL),),
    "FulfilmentService.undo_step": ((undo_step, P.FULFIL),),
    "ImportService.apply": ((import_file, P.IMPORT),),
    "UndoImportService.undo": ((undo_import, P.IMPORT),),
    "ProductService.create": ((make_product, P.MANAGE_PRODUCTS),),
    "ProductService.change": ((change_product, P.MANAGE_PRODUCTS),),
    "ProductService.set_on_sale": ((stop_product, P.MANAGE_PRODUCTS),),
    "ProductService.set_picture": ((set_picture, P.MANAGE_PRODUCTS),),
    "ProductService.add_own_code": ((make_own_code, P.MANAGE_PRODUCTS),),
    "ProductService.add_group": ((make_options, P.MANAGE_PRODUCTS),),
    "CartService.scan": ((scan_product, P.SELL),),
    "CartService.add": ((add_product, P.SELL),),
    "CartService.choose": ((choose_product, P.SELL),),
    "CartService.set_count": ((set_count, P.SELL),),
    "CartService.remove": ((remove_line, P.SELL),),
    "CartService.restore_line": ((restore_line, P.SELL),),
    "CartService.renew_prices": ((renew_prices, P.SELL),),
    "CartService.discount_line": ((discount_line, P.SELL),),
    "CartService.discount_sale": ((discount_sale, P.SELL),),
    "CartService.set_note": ((note_sale, P.SELL),),
    "CartService.clear": ((clear_sale, P.SELL),),
    "CartService.restore": ((restore_sale, P.SELL),),
    "CartService.hold": ((hold_sale, P.SELL),),
    "CartService.take_up": ((take_up_sale, P.SELL),),
    "CartService.drop": ((drop_sale, P.SELL),),
    "CheckoutService.order": ((order_sale, P.SELL),),
    "ShiftService.open_shift": ((open_shift, P.OPEN_SHIFT),),
    "ShiftService.pay_in": ((pay_in, P.MOVE_CASH),),
    "ShiftService.pay_out": ((pay_out, P.MOVE_CASH),),
    "ShiftService.note_drawer_opened": ((open_drawer, P.MOVE_CASH),),
    "ClosingService.close_shift": ((close_shift, P.CLOSE_SHIFT),),
    "ClosingService.reports": ((read_reports, P.CLOSE_SHIFT),),
    "ClosingService.addenda": ((read_addenda, P.CLOSE_SHIFT),),
    "ClosingService.begin_closing": ((begin_closing, P.CLOSE_SHIFT),),
    "ClosingService.keep_count": ((keep_count, P.CLOSE_SHIFT),),
    "CashService.sell": ((sell_in_cash, P.TAKE_PAYMENT, P.SELL),),
    "CashService.take": ((take_cash, P.TAKE_PAYMENT),),
    "CashService.give_back": ((give_cash_back, P.TAKE_PAYMENT),),
    "CashService.hand_out": ((hand_cash_out, P.TAKE_PAYMENT),),
    "CashInsteadService.move": ((refund_in_cash, P.REFUND),),
    "CashReceiptService.request": ((request_receipt, P.SELL),),
    "CashReceiptService.enter_approval": ((enter_receipt, P.SELL),),
    "CashReceiptService.enter_cancel": ((enter_receipt_cancel, P.SELL),),
    "SettingService.change": ((change_setting, P.CHANGE_SETTINGS),),
    "SettingService.reset": ((reset_setting, P.CHANGE_SETTINGS),),
    "SettingService.change_keys": ((change_keys, P.CHANGE_SETTINGS),),
    "TrialPaymentService.begin": ((begin_trial, P.CHANGE_SETTINGS),),
    "UnresolvedMoneyService.read_payment": ((read_payment, P.RESOLVE_MONEY),),
    "UnresolvedMoneyService.retry": ((retry, P.RESOLVE_MONEY),),
    "UnresolvedMoneyService.assign_cancellation": ((assign_cancellation, P.RESOLVE_MONEY),),
    "UnresolvedMoneyService.close_mismatch": ((close_mismatch, P.RESOLVE_MONEY),),
    "SyncService.try_now": ((try_now, P.SYNC),),
    "SyncService.try_all": ((try_all, P.SYNC),),
    "SyncService.requeue": ((requeue, P.RESOLVE_MONEY),),
    "SyncService.take_over": ((take_over, P.RESOLVE_MONEY),),
    "SyncService.reconcile_now": ((reconcile_now, P.SYNC),),
    "StaffDirectory.set_up": ((set_up_staff, P.MANAGE_STAFF),),
    "StaffDirectory.add": ((add_staff, P.MANAGE_STAFF),),
    "StaffDirectory.change": ((change_staff, P.MANAGE_STAFF),),
    "StaffDirectory.reset_pin": ((reset_pin, P.MANAGE_STAFF),),
    "StaffDirectory.deactivate": ((deactivate, P.MANAGE_STAFF),),
    "StaffDirectory.reactivate": ((reactivate, P.MANAGE_STAFF),),
    "StaffDirectory.unlock": ((unlock, P.MANAGE_STAFF),),
    "StaffDirectory.renew_recovery_code": ((renew_recovery_code, P.MANAGE_STAFF),),
}
"""Each use case that acts: how its cases are prepared, and every permission that they need."""

BY_ANOTHER = {"TrialPaymentService.give_back": (give_trial_back, P.REFUND)}
"""They act by another service, which checks the permission in its transaction."""

CASES = [case for cases in ACTIONS.values() for case in cases]
CASES += BY_ANOTHER.values()
DENIALS = [(prepare, permission) for prepare, *needed in CASES for permission in needed]
CHANGE_NOTHING_HERE = {
    reconcile_now,
    read_payment,
    read_sales,
    read_reports,
    read_addenda,
    begin_closing,
}
"""Cases whose effect comes later, in the background, or that only read at the provider."""

READING = {
    "ClosingService.x_report",
    "PaymentService.get_summary",
    "CancellationService.get_item",
    "BuyerLists.requestable_items",
    "BuyerLists.requests",
    "RequestService.of_buyer",
    "RequestDecisionService.get_seller",
    "RequestDecisionService.preview",
    "WorkCountService.read",
    "TodayFiguresService.read",
    "TrialPaymentService.read",
    "RefundApprovals.approvers",
    "RefundApprovals.needed",
    "StaffDirectory.needs_pin",
    "Session.acting_for",
    "Session.begin",
}
"""Use cases that take an actor and only read."""

AFTER_THE_FACT = {
    *("OrderHistoryService.note_printed", "KioskReceipts.note_printed"),
    "SignIn.record_end",
}
"""They record what is done already: refused, the next paper would be an original once more, and
nobody would know of a sign-out."""

BY_PIN = {
    "KioskExit.leave",
    "PinCheck.begin_recovery",
    "PinCheck.check",
    "RefundApprovals.confirm",
    "RefundApprovals.approve",
    "StaffDirectory.change_own_pin",
    "StaffDirectory.recover",
}
"""Use cases that check a PIN or the recovery code; tests/integration/test_sign_in.py,
tests/integration/test_refund_approvals.py and tests/integration/test_kiosk_services.py have their
refusals."""

OF_THE_SETUP = {"StaffDirectory.set_up_again"}
"""Before anybody signed in for the first time; tests/integration/test_staff_directory.py."""

OF_THE_TILL = {
    "AttemptPoller",
    "ClaimVerification",
    "ClockJumpDetector",
    "OtherTills",
    "PaymentComparison",
    "PaymentEngine",
    "PaymentRecorder",
    "PrintQueue",
    "ReconcileJob",
    "ReservationJob",
    "ReceiptJob",
    "ReceiptProtocol",
    "RefundCompletion",
    "RefundDispatcher",
    "RefundProtocol",
    "RefundWorker",
    "StaffCalls",
    "TakeBack",
    "UnreadableLines",
}
"""Classes by which the till itself acts, in the background or for whoever stands at a kiosk: for
nobody in particular."""


@pytest.mark.parametrize(("prepare", "permission"), DENIALS)
def test_without_its_permission_an_action_does_nothing(
    shop: Shop, prepare: Callable[[Shop], Act], permission: Permission
) -> None:
    act = prepare(shop)
    before, wakes = shop.content(), shop.wakes
    shop.counted.calls.clear()
    shop.policy.denied = permission
    with pytest.raises(UserError) as refused:
        act()
    assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert shop.content() == before
    assert shop.counted.calls == [], "nothing is sent, nor even read"
    assert shop.wakes == wakes


@pytest.mark.parametrize(("prepare", "needed"), [(case[0], case[1:]) for case in CASES])
def test_the_twin_with_it_the_action_is_done(shop: Shop, prepare, needed) -> None:
    """Only the permission stopped it; it checks these permissions inside a unit of work."""
    act = prepare(shop)
    before = shop.content()
    shop.policy.asked.clear()
    act()
    assert {permission for _, _, permission in shop.policy.asked} == set(needed)
    assert all(in_work for in_work, _, _ in shop.policy.asked)
    actors = {WHO, BUYER_ACTOR, SELLER_ACTOR, Actor.buyer(TRIAL_NUMBER)}
    assert {actor for _, actor, _ in shop.policy.asked} <= actors
    assert len({actor for _, actor, _ in shop.policy.asked}) == 1
    assert (shop.content() == before) == (prepare in CHANGE_NOTHING_HERE)


@pytest.mark.parametrize("prepare", [start, cancel, assign_cancellation])
def test_permission_is_checked_again_in_the_transaction(shop: Shop, prepare) -> None:
    """An action allowed at its start is refused in the transaction that acts."""
    act = prepare(shop)
    before = shop.content()
    ((needed,),) = {case[1:] for case in CASES if case[0] is prepare}
    shop.policy.denied, shop.policy.allowed_before = needed, 1
    with pytest.raises(UserError) as refused:
        act()
    assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert shop.content() == before


# No use case forgets it.


def use_cases(root: Path) -> dict[str, bool]:
    """Public methods of classes under ``root`` that take an actor first or open a transaction, and
    whether they open one."""
    found: dict[str, bool] = {}
    for path in sorted(root.rglob("*.py")):
        module = ast.parse(path.read_text("utf-8"))
        functions = {one.name: one for one in module.body if isinstance(one, ast.FunctionDef)}
        for made in module.body:
            if isinstance(made, ast.ClassDef):
                methods = {one.name: one for one in made.body if isinstance(one, ast.FunctionDef)}
                for name, method in methods.items():
                    opens = "transaction" in reached(method, {**functions, **methods}, set())
                    if not name.startswith("_") and (opens or takes_actor(method)):
                        found[f"{made.name}.{name}"] = opens
    return found


def takes_actor(method: ast.FunctionDef) -> bool:
    of_it = [ast.unparse(one.annotation) for one in method.args.args[:2] if one.annotation]
    return "Actor" in of_it


def reached(
    function: ast.FunctionDef, known: dict[str, ast.FunctionDef], seen: set[str]
) -> set[str]:
    """Names of everything that a function calls, also through functions of its own module."""
    calls = {
        node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    }
    new = {name for name in calls if name in known and name not in seen}
    for name in new:
        calls |= reached(known[name], known, seen | new)
    return calls


def of_the_till(name: str) -> bool:
    return name.partition(".")[0] in OF_THE_TILL


def test_every_use_case_that_acts_is_in_the_walk() -> None:
    found = {name: opens for name, opens in use_cases(SERVICES).items() if not of_the_till(name)}
    acting = set(ACTIONS) | set(BY_ANOTHER) | AFTER_THE_FACT | BY_PIN | OF_THE_SETUP
    assert set(found) == acting | READING
    assert not any(found[name] for name in READING)
    assert {name.partition(".")[0] for name in use_cases(SERVICES) if of_the_till(name)} == (
        OF_THE_TILL
    )


def test_every_permission_of_a_service_is_in_the_walk() -> None:
    closed = {Permission.BACK_UP, Permission.RESTORE}  # commands, while the database is closed
    # Of an approver, and of whoever acts for no user: tests/integration/test_discount_approvals.py
    # and tests/integration/test_products.py.
    # SEE_EXPECTED_CASH refuses nothing: tests/integration/test_closing.py.
    beside = {P.GIVE_DISCOUNT, P.ACT_FOR_OTHERS, P.SEE_EXPECTED_CASH}
    screens = {P.PRINT} | beside
    assert {permission for _, permission in DENIALS} == set(Permission) - closed - screens


def test_the_scan_finds_unchecked_use_cases(tmp_path: Path) -> None:
    (tmp_path / "new.py").write_text(
        "class Service:\n"
        "    def act(self, number): self._write(number)\n"
        "    def _write(self, number): _deeper(self._store)\n"
        "    def ask(self, actor: Actor, number): pass\n"
        "    def read(self, number): self._store.snapshot()\n"
        "def _deeper(store): store.transaction()\n"
    )
    assert use_cases(tmp_path) == {"Service.act": True, "Service.ask": False}
