"""A simulated shop: the real services on a real file, PortOne's books beside it, and methods for
the actions of buyers, cashiers, PortOne's console, the network and the power supply.

Every method can be called at any time. A refusal by a rule or the network is part of the day; any
other exception of the services is a bug and is raised.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from posapp.domain.actors import Actor, ActorKind
from posapp.domain.errors import GatewayError, UserError
from posapp.domain.orders import ItemTrigger, Pieces
from posapp.domain.receipt_identity import ReceiptPurpose
from posapp.domain.sale_amounts import Discount, DiscountKind
from posapp.domain.vat import KakaoPayTax
from posapp.sandbox.envelopes import ApiRefusal
from posapp.sandbox.link_access import GRACE, PaymentNotAllowed
from posapp.sandbox.records import Status
from posapp.sandbox.server import Sandbox
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.till_config import TillConfig
from posapp.system.identity_vault import ENTRY, KEY_BYTES, KeyringVault
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.till import BUYER, SELLER, Till, an_order, some_exempt
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets
from tests.faults.kill_points import KillingGateway, KillingStore
from tests.simulation.receipt_people import NUMBERS, close_drawer, do_receipt_tasks

ORDERS = 12
"""Number of orders. Each has 1 to 6 items; several prices occur more than once, on purpose."""

QUIET_ROUNDS = 100
LULL = 20
"""Least seconds between two rounds: not every poll of an idle QR is needed."""


class Killed(BaseException):
    """The power failed: nothing after this runs."""


class Fuse:
    """Raises at the nth moment before or after a call to PortOne or a commit."""

    def __init__(self) -> None:
        self.left = 0

    def around(self, call):
        def fused(*arguments, **named):
            self._moment()
            result = call(*arguments, **named)
            self._moment()
            return result

        return fused

    def _moment(self) -> None:
        if self.left:
            self.left -= 1
            if not self.left:
                raise Killed


class Shop:
    """One file and one set of books, used by one till after another.

    Attributes:
        eye: a separate connection that reads the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        refund_protocol: type[RefundProtocol] = RefundProtocol,
        gateway: Callable[[Sandbox], BooksGateway] = BooksGateway,
        ids: FakeIds | None = None,
    ) -> None:
        self.path = path
        self.clock = FakeClock()
        self.sandbox = Sandbox(clock=self.clock.unix)
        self.books, self.late = self.sandbox.books, self.sandbox.faults.late
        self.gateway = gateway(self.sandbox)
        self.fuse = Fuse()
        # One keyring, as all programs of a person have.
        self._vault = KeyringVault(FakeSecrets(**{ENTRY: "5c" * KEY_BYTES}))
        self._ids = ids or FakeIds()
        self._refund_protocol = refund_protocol
        self.open_again()

    def close(self) -> None:
        self.eye.close()
        self.till.close()

    def open_again(self) -> None:
        """Open the file, which may have been replaced."""
        self.till = self._switched_on()
        self.eye = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    def _switched_on(self) -> Till:
        return Till(
            self.path,
            self.sandbox,
            self.clock,
            ids=self._ids,
            config=TillConfig("하나 베이커리", live=False, kakaopay_tax=KakaoPayTax.MIXED),
            gateway=self.gateway,
            refund_protocol=self._refund_protocol,
            through=lambda real: KillingGateway(real, self.fuse),
            through_receipts=lambda real: KillingGateway(real, self.fuse),
            vault=self._vault,
            around_store=lambda real: KillingStore(real, self.fuse),
        )

    def query(self, question: str, *values: object) -> list[tuple]:
        """Query the file itself."""
        return self.eye.execute(question, values).fetchall()

    def _pick(self, pick: int, question: str, *values: object) -> tuple | None:
        found = self.query(question, *values)
        return found[pick % len(found)] if found else None

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except (UserError, GatewayError):
            pass
        except Killed:
            self.restart()

    # Cashier and buyer at the counter.

    def start(self, pick: int) -> bool:
        """Make a QR of an order that waits."""
        row = self._pick(pick, "SELECT id, buyer_id FROM orders WHERE is_open ORDER BY id")
        if row is None:
            return False
        self._do(lambda: self.till.payment_service.start(Actor.buyer(row[1]), row[0]))
        return True

    def ring_up(self, pick: int, count: int, percent: int) -> bool:
        """Add pieces to the open cart, perhaps give a discount, and make the order of it."""
        row = self._pick(pick, "SELECT id FROM products ORDER BY id")
        if row is None:
            return False

        def action() -> None:
            view = self.till.cart_service.add(STAFF, row[0], count=count)
            if percent:
                discount = Discount(DiscountKind.PERCENT, percent, "단골")
                view = self.till.cart_service.discount_sale(STAFF, discount)
            self.till.checkout_service.order(STAFF, int(view.amounts.payable))

        self._do(action)
        return True

    def sell_in_cash(self, pick: int, count: int, tendered: str) -> bool:
        """Ring up a sale and take cash: the exact amount, a note, or a first part of it."""
        row = self._pick(pick, "SELECT id FROM products ORDER BY id")
        if row is None:
            return False

        def action() -> None:
            if self.till.shift_service.read() is None:
                self.till.shift_service.open_shift(STAFF, 50_000, is_sure=True)
            view = self.till.cart_service.add(STAFF, row[0], count=count)
            due = int(view.amounts.payable)
            received = {"exact": due, "note": due + 7_000, "part": due // 2}[tendered]
            self.till.cash_service.sell(STAFF, due, received, rest_by_qr=tendered == "part")

        self._do(action)
        return True

    def settle_cash(self, pick: int, way: str) -> bool:
        """Take the rest of a sale in cash, or give its first part back."""
        row = self._pick(pick, HELD_ORDERS)
        if row is None:
            return False

        def action() -> None:
            held = self.till.cash_service.held_of(row[0])
            if held is None:
                return
            if way == "rest":
                self.till.cash_service.take(STAFF, row[0], int(held.rest), int(held.rest))
            else:
                self.till.cash_service.give_back(STAFF, row[0], int(held.amount))

        self._do(action)
        return True

    def hand_out(self) -> bool:
        """Give back in cash what KakaoPay refused for good, and hand out the cash of refunds whose
        part by QR is back."""
        for number, won, seller in self.query(REFUSED_FOR_GOOD):
            who = Actor.seller(seller)
            self._do(partial(self.till.cash_instead_service.move, who, number, won))
        due = self.till.cash_service.open_cash().to_hand_out
        for one in due:
            self._do(lambda number=one.id: self.till.cash_service.hand_out(STAFF, number))
        return bool(due)

    def ask_receipt(self, pick: int, purpose: ReceiptPurpose) -> bool:
        """Ask for the cash receipt of a sale, in a buyer's number or for nobody."""
        row = self._pick(pick, KEPT_ORDERS)
        if row is None:
            return False
        number = NUMBERS[purpose]
        self._do(lambda: self.till.cash_receipt_service.request(STAFF, row[0], purpose, number))
        return True

    def refuse_receipts(self, call: str | None) -> None:
        """Let the payment company refuse issuing or cancelling, or nothing."""
        self.gateway.conduct.change(
            refuse_receipt="식별번호 오류" if call == "issue" else None,
            refuse_receipt_cancel="취소 가능 기간 경과" if call == "cancel" else None,
        )

    def do_receipt_tasks(self) -> bool:
        """Issue and cancel elsewhere what waits for a person."""
        done = False

        def action() -> None:
            nonlocal done
            done = do_receipt_tasks(self.till, self.sandbox)

        self._do(action)
        return done

    def look_at_shift(self) -> bool:
        """Read the X report, which changes nothing."""
        self._do(lambda: self.till.closing_service.x_report(STAFF))
        return True

    def move_cash(self, won: int) -> bool:
        """Put cash into the drawer, or take some out."""
        shifts = self.till.shift_service
        if won > 0:
            self._do(lambda: shifts.pay_in(STAFF, won, "잔돈"))
        else:
            self._do(lambda: shifts.pay_out(STAFF, -won, "우유"))
        return True

    def close_shift(self, over: int, *, names: bool = True) -> bool:
        """Count the drawer, with too much or too little in it, name what is open, and close."""
        if self.till.shift_service.read() is None:
            return False
        self._do(lambda: close_drawer(self.till, over, names=names))
        return True

    def stop(self, pick: int) -> bool:
        """Abandon a QR that is on a screen."""
        row = self._pick(pick, f"SELECT id FROM attempts WHERE state IN ({LIVE}) ORDER BY id")
        if row is None:
            return False
        self._do(lambda: self.till.payment_service.abandon(Actor.person(), row[0]))
        return True

    def sell(self, pick: int) -> bool:
        """Make a sale without faults, from the QR to the receipt."""
        row = self._pick(pick, "SELECT id, buyer_id FROM orders WHERE is_open ORDER BY id")
        if row is None or self.fuse.left or self.gateway.plan or self.gateway.aimed:
            return False
        try:
            progress = self.till.payment_service.start(Actor.buyer(row[1]), row[0])
            self.books.pay(progress.attempt.merchant_uid)
        except (UserError, PaymentNotAllowed):
            return True
        self.clock.advance(seconds=2)
        self.work()
        return True

    def scan(self, pick: int, action: str) -> bool:
        """Let a buyer act on a QR that was shown, if KakaoPay allows it."""
        now = self.books.now()
        shown = [
            (number, url.rpartition("/")[2])
            for number, url in self.query(
                "SELECT merchant_uid, link_url FROM attempts WHERE link_url <> '' ORDER BY id"
            )
        ]
        useful = [one for one in shown if now < self.books.link(one[1]).ends_at + GRACE]
        if not useful:
            return False
        number, link_id = useful[pick % len(useful)]
        inside = [each for each in self.books.tries(number) if each.status is Status.READY]
        try:
            if action == "open":
                self.books.open_link(link_id)
            elif action == "pay":
                self.books.pay(number)
            elif action == "pay_other":
                requested = self.books.link(link_id).amount
                self.books.pay(number, requested + random.Random(pick).choice((-100, 100, 1000)))
            elif action == "pay_again":
                self.books.pay_try(self.books.open_link(link_id, again=True).imp_uid)
            elif action == "pay_late":
                one = inside[-1] if inside else self.books.enter_late(link_id)
                self.books.pay_try(one.imp_uid)
            elif action == "fail":
                self.books.fail(number)
            else:
                self.books.close_page(number)
        except PaymentNotAllowed:
            return False
        return True

    def cancel_unpaid(self, pick: int, kind: ActorKind) -> bool:
        """Cancel an item that waits for payment (주문취소)."""
        row = self._pick(
            pick,
            "SELECT id, buyer_id, seller_id FROM order_items"
            " WHERE status = 'WAITING_FOR_PAYMENT' ORDER BY id",
        )
        if row is None:
            return False
        actor = Actor(kind, str(row[1] if kind is ActorKind.BUYER else row[2]))
        self._do(lambda: self.till.cancellation_service.cancel(actor, row[0], ""))
        return True

    def refund(self, pick: int, kind: ActorKind, most: int = 1) -> bool:
        """Refund a paid item (결제취소), and up to ``most`` items of its order; sometimes one whose
        refund is already open."""
        fresh = "" if pick % 8 == 0 else f" AND NOT EXISTS ({REQUESTED})"
        first = self._pick(
            pick, f"SELECT id, order_id FROM order_items i WHERE {PAID}{fresh} ORDER BY id"
        )
        if first is None:
            return False
        rows = self.query(
            f"SELECT id, buyer_id, seller_id, price, count, part_of, discount FROM order_items"
            f" WHERE {PAID} AND order_id = ? ORDER BY id < ?, id",
            first[1],
            first[0],
        )
        for item, buyer, seller, price, count, part_of, off in rows[:most]:
            user = buyer if kind is ActorKind.BUYER else seller
            # Of some seeds a part of the pieces, drawn from what was drawn already.
            pieces = 1 + pick % count if part_of is None and pick % 3 == 0 else count
            won = price * pieces - off * pieces // count
            self._ask_back(Actor(kind, str(user)), item, won, Pieces(pieces, count))
        return True

    def _ask_back(self, actor: Actor, item: int, won: int, pieces: Pieces) -> None:
        self._do(lambda: self.till.cancellation_service.refund(actor, item, "변심", won, pieces))

    def hand_over(self, pick: int) -> bool:
        """Hand goods over."""
        row = self._pick(
            pick, "SELECT id FROM order_items WHERE status = 'COMPLETE_PAYMENT' ORDER BY id"
        )
        if row is None:
            return False

        def action() -> None:
            with self.till.store.transaction() as uow:
                item = uow.orders.item(row[0])
                uow.orders.save_items([item.apply(ItemTrigger.HANDED_OVER)])
                uow.commit()

        self._do(action)
        return True

    def try_again(self, pick: int) -> bool:
        """Retry an open refund."""
        row = self._pick(
            pick, "SELECT id FROM refunds WHERE state NOT IN ('CONFIRMED', 'REFUSED') ORDER BY id"
        )
        if row is None:
            return False
        self._do(lambda: self.till.unresolved_money_service.retry(STAFF, row[0]))
        return True

    # The world outside.

    def console(self, pick: int, won: int | None) -> bool:
        """Cancel in PortOne's console: all, or this many won."""
        paid = [each for each in self.books.payments() if each.balance > 0]
        if not paid:
            return False
        try:
            self.books.console_cancel(paid[pick % len(paid)].imp_uid, won)
        except ApiRefusal:
            return False
        return True

    def trouble(self, faults: Sequence[Fault | None]) -> None:
        """Let the next calls to PortOne fail."""
        self.gateway.plan.clear()
        self.gateway.plan.extend(faults)

    def trouble_with(self, call: str, faults: Sequence[Fault | None]) -> None:
        """Let the next calls of one kind fail."""
        self.gateway.aimed[call] = deque(faults)

    def release(self) -> bool:
        """Carry out PortOne's delayed effects now."""
        return self.late.release() > 0

    def sleep(self, seconds: int) -> None:
        """Let time pass while the till does nothing, as when suspended."""
        while seconds > 0:
            piece = min(seconds, 60)
            self.clock.advance(seconds=piece)
            self.late.land_due()
            seconds -= piece

    def work(self, steps: int = 1) -> None:
        """Let the background worker do what is due."""
        for _ in range(steps):
            self._do(self.till.sync_engine.step)

    def kill_at(self, moment: int) -> None:
        """Let the power fail after this many moments."""
        self.fuse.left = moment

    def restart(self) -> None:
        """Close the till and open it again."""
        self.fuse.left = 0
        self.till.close()
        self.till = self._switched_on()

    # The end of a day.

    def calm_down(self) -> bool:
        """End faults, carry out delayed effects, and let time pass until nothing is left to do.
        ``False`` if the till never becomes idle."""
        self.gateway.plan.clear()
        self.gateway.aimed.clear()
        self.refuse_receipts(None)
        self.fuse.left = 0
        self.late.release()
        for _ in range(QUIET_ROUNDS):
            self.work()
            (soonest,) = self.query(SOONEST)[0]
            if soonest is None:
                return True
            now = int(self.clock.now().timestamp() * 1_000_000)
            self.sleep(max(LULL, -(-(soonest - now) // 1_000_000)))
        return False

    def reconcile(self) -> None:
        """Retry everything that is open, run the full comparison with PortOne, and send what
        follows from it."""
        for (refund,) in self.query("SELECT id FROM refunds WHERE state = 'NEEDS_PERSON'"):
            self.till.unresolved_money_service.retry(STAFF, refund)
        self.calm_down()
        self.till.reconcile_job.request_full()
        self._do(self.till.reconcile_job.run)
        trouble = self.till.status_store.status.reconcile_trouble
        assert not trouble, f"comparing did not come to its end: {trouble}"
        self.calm_down()

    def close_the_counter(self) -> None:
        """Give back the cash that waits, hand out what is due, and let the time of every order of
        the counter pass that nobody paid."""
        for (number,) in self.query(HELD_ORDERS):
            held = self.till.cash_service.held_of(number)
            assert held is not None
            self.till.cash_service.give_back(STAFF, number, int(held.amount))
        self.hand_out()
        self.do_receipt_tasks()
        self.calm_down()
        self.sleep(1_300)
        self.work(2)
        self.calm_down()
        self.sleep(60)
        self.work(2)


KEPT_ORDERS = "SELECT DISTINCT order_id FROM cash_tenders WHERE state = 'KEPT' ORDER BY 1"
HELD_ORDERS = "SELECT DISTINCT order_id FROM cash_tenders WHERE state = 'RECEIVED' ORDER BY 1"
REFUSED_FOR_GOOD = """SELECT r.id, i.price * i.count - i.discount, i.seller_id
FROM refunds r JOIN order_items i ON i.id = r.item_id JOIN orders o ON o.id = r.order_id
WHERE o.counter AND r.state = 'REFUSED' AND r.refused_as = 'limit' AND i.status <> 'CANCEL'
ORDER BY r.id"""
REQUESTED = "SELECT 1 FROM refunds r WHERE r.item_id = i.id AND r.state <> 'REFUSED'"
OPEN = ("APPROVED", "SENDING", "UNKNOWN", "NEEDS_PERSON")
LIVE = "'CREATED', 'WAITING', 'UNKNOWN'"
PAID = "status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')"
SOONEST = """SELECT min(at) FROM (
  SELECT min(next_check_at) AS at FROM attempts
  UNION ALL SELECT min(ready_at) FROM outbox o WHERE state IN ('WAITING', 'CLAIMED')
    AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.payment_key = o.payment_key AND e.id < o.id
                    AND e.state <> 'SETTLED')
  UNION ALL SELECT min(next_at) FROM cash_receipts c WHERE by_hand = 0
    AND state NOT IN ('ISSUED', 'REFUSED', 'CANCEL_REFUSED', 'CANCELLED')
    AND NOT EXISTS (SELECT 1 FROM cash_receipts h WHERE h.order_id = c.order_id
                    AND h.id <> c.id AND (h.state = 'CANCEL_REFUSED'
                      OR h.by_hand AND h.state = 'CANCEL_REQUESTED')))"""


def make_template(path: Path) -> None:
    """Make a shop with its orders and no sale; copied for every run."""
    till = Till(path, Sandbox(), FakeClock(), gateway=BooksGateway(Sandbox()))
    orders = []
    for number in range(1, ORDERS + 1):
        lines = [((n + number) % 3 * 1000 + 1000, 1 + n % 2) for n in range(1 + number % 6)]
        orders.append(some_exempt(an_order(number, *lines, buyer=BUYER, seller=SELLER)))
    till.stock_shop(*orders)
    till.close()


def open_shop(template: Path, path: Path, **choices) -> Shop:
    """Open a shop on a fresh copy."""
    shutil.copyfile(template, path)
    return Shop(path, **choices)
