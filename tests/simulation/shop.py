"""A shop in fast motion: the real services on a real file, PortOne's books beside it, and hands
that do what buyers, cashiers, PortOne's console, the network and the power supply do.

Every hand can be called at any time. What a person or the network may refuse is part of the day;
anything else that comes out of the services is a bug and comes out of here.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path

from posapp.domain.cancelling import Side
from posapp.domain.errors import GatewayError, UserError
from posapp.domain.orders import ItemTrigger
from posapp.sandbox.answers import Refusal
from posapp.sandbox.entering import GRACE, CannotPay
from posapp.sandbox.records import Status
from posapp.sandbox.server import Sandbox
from posapp.services.refunding import Refunding
from tests.fakes.books_gateway import BooksGateway, Fault
from tests.fakes.till import BUYER, SELLER, Till, an_order
from tests.fakes.world import FakeClock, FakeIds
from tests.faults.killing import KillingGateway, KillingStore

ORDERS = 12
"""Order n has 1 to 6 items; several prices occur more than once, on purpose."""

QUIET_ROUNDS = 100
LULL = 20
"""Seconds between two rounds at the least: nobody needs every poll of a QR that is left alone."""


class Killed(BaseException):
    """The power went: nothing after this runs."""


class Fuse:
    """Blows at the nth moment before or after a call to PortOne or a commit."""

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
    """One file, one set of books; tills come and go.

    Attributes:
        eye: a connection of its own that looks into the file.
    """

    def __init__(
        self,
        path: Path,
        *,
        refunding: type[Refunding] = Refunding,
        gateway: Callable[[Sandbox], BooksGateway] = BooksGateway,
        ids: FakeIds | None = None,
    ) -> None:
        self.path = path
        self.clock = FakeClock()
        self.sandbox = Sandbox(clock=self.clock.unix)
        self.books, self.late = self.sandbox.books, self.sandbox.faults.late
        self.gateway = gateway(self.sandbox)
        self.fuse = Fuse()
        self._ids = ids or FakeIds()
        self._refunding = refunding
        self.open_again()

    def close(self) -> None:
        self.eye.close()
        self.till.close()

    def open_again(self) -> None:
        """Open the file, which may be another one now."""
        self.till = self._switched_on()
        self.eye = sqlite3.connect(f"{self.path.as_uri()}?mode=ro", uri=True, isolation_level=None)

    def _switched_on(self) -> Till:
        return Till(
            self.path,
            self.sandbox,
            self.clock,
            ids=self._ids,
            gateway=self.gateway,
            refunding=self._refunding,
            through=lambda real: KillingGateway(real, self.fuse),
            around_store=lambda real: KillingStore(real, self.fuse),
        )

    def look(self, question: str, *values: object) -> list[tuple]:
        """Ask the file itself."""
        return self.eye.execute(question, values).fetchall()

    def _pick(self, pick: int, question: str, *values: object) -> tuple | None:
        found = self.look(question, *values)
        return found[pick % len(found)] if found else None

    def _do(self, deed: Callable[[], object]) -> None:
        try:
            deed()
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
        self._do(lambda: self.till.paying.start(row[1], row[0]))
        return True

    def stop(self, pick: int) -> bool:
        """Give up a QR that is on a screen."""
        row = self._pick(pick, f"SELECT id FROM attempts WHERE state IN ({LIVE}) ORDER BY id")
        if row is None:
            return False
        self._do(lambda: self.till.paying.stop(row[0]))
        return True

    def sell(self, pick: int) -> bool:
        """A sale without trouble, from the QR to the receipt."""
        row = self._pick(pick, "SELECT id, buyer_id FROM orders WHERE is_open ORDER BY id")
        if row is None or self.fuse.left or self.gateway.plan or self.gateway.aimed:
            return False
        try:
            progress = self.till.paying.start(row[1], row[0])
            self.books.pay(progress.attempt.merchant_uid)
        except (UserError, CannotPay):
            return True
        self.clock.advance(seconds=2)
        self.work()
        return True

    def scan(self, pick: int, deed: str) -> bool:
        """A buyer does something with a QR that was shown, if KakaoPay lets them."""
        now = self.books.now()
        shown = [
            (number, url.rpartition("/")[2])
            for number, url in self.look(
                "SELECT merchant_uid, link_url FROM attempts WHERE link_url <> '' ORDER BY id"
            )
        ]
        useful = [one for one in shown if now < self.books.link(one[1]).ends_at + GRACE]
        if not useful:
            return False
        number, link_id = useful[pick % len(useful)]
        inside = [each for each in self.books.tries(number) if each.status is Status.READY]
        try:
            if deed == "open":
                self.books.open_link(link_id)
            elif deed == "pay":
                self.books.pay(number)
            elif deed == "pay_other":
                asked = self.books.link(link_id).amount
                self.books.pay(number, asked + random.Random(pick).choice((-100, 100, 1000)))
            elif deed == "pay_again":
                self.books.pay_try(self.books.open_link(link_id, again=True).imp_uid)
            elif deed == "pay_late":
                one = inside[-1] if inside else self.books.enter_late(link_id)
                self.books.pay_try(one.imp_uid)
            elif deed == "fail":
                self.books.fail(number)
            else:
                self.books.close_page(number)
        except CannotPay:
            return False
        return True

    def cancel_unpaid(self, pick: int, side: Side) -> bool:
        """주문취소 of an item that waits for payment."""
        row = self._pick(
            pick,
            "SELECT id, buyer_id, seller_id FROM order_items"
            " WHERE status = 'WAITING_FOR_PAYMENT' ORDER BY id",
        )
        if row is None:
            return False
        user = row[1] if side is Side.BUYER else row[2]
        self._do(lambda: self.till.cancelling.cancel(side, user, row[0], ""))
        return True

    def refund(self, pick: int, side: Side, most: int = 1) -> bool:
        """결제취소 of a paid item, and of up to ``most`` items of its order; now and then of one
        whose money is on its way already."""
        fresh = "" if pick % 8 == 0 else f" AND NOT EXISTS ({ASKED})"
        first = self._pick(
            pick, f"SELECT id, order_id FROM order_items i WHERE {PAID}{fresh} ORDER BY id"
        )
        if first is None:
            return False
        rows = self.look(
            f"SELECT id, buyer_id, seller_id, price * count FROM order_items"
            f" WHERE {PAID} AND order_id = ? ORDER BY id < ?, id",
            first[1],
            first[0],
        )
        for item, buyer, seller, total in rows[:most]:
            user = buyer if side is Side.BUYER else seller
            self._ask_back(side, user, item, total)
        return True

    def _ask_back(self, side: Side, user: int, item: int, total: int) -> None:
        self._do(lambda: self.till.cancelling.refund(side, user, item, "변심", total))

    def hand_over(self, pick: int) -> bool:
        """The goods leave the counter."""
        row = self._pick(
            pick, "SELECT id FROM order_items WHERE status = 'COMPLETE_PAYMENT' ORDER BY id"
        )
        if row is None:
            return False

        def deed() -> None:
            with self.till.store.writing() as uow:
                item = uow.orders.item(row[0])
                uow.orders.save_items([item.after(ItemTrigger.HANDED_OVER)])
                uow.commit()

        self._do(deed)
        return True

    def try_again(self, pick: int) -> bool:
        """A person has an open refund tried again."""
        row = self._pick(
            pick, "SELECT id FROM refunds WHERE state NOT IN ('CONFIRMED', 'REFUSED') ORDER BY id"
        )
        if row is None:
            return False
        self._do(lambda: self.till.open_money.try_again(row[0]))
        return True

    # The world around.

    def console(self, pick: int, won: int | None) -> bool:
        """Somebody cancels in PortOne's console: all, or so much."""
        paid = [each for each in self.books.payments() if each.balance > 0]
        if not paid:
            return False
        try:
            self.books.console_cancel(paid[pick % len(paid)].imp_uid, won)
        except Refusal:
            return False
        return True

    def trouble(self, faults: Sequence[Fault | None]) -> None:
        """The next calls to PortOne go wrong."""
        self.gateway.plan.clear()
        self.gateway.plan.extend(faults)

    def trouble_with(self, call: str, faults: Sequence[Fault | None]) -> None:
        """The next calls of one kind go wrong."""
        self.gateway.aimed[call] = deque(faults)

    def release(self) -> bool:
        """What PortOne was late with lands now."""
        return self.late.release() > 0

    def sleep(self, seconds: int) -> None:
        """Time goes by, and the till does nothing: it was suspended."""
        while seconds > 0:
            piece = min(seconds, 60)
            self.clock.advance(seconds=piece)
            self.late.land_due()
            seconds -= piece

    def work(self, steps: int = 1) -> None:
        """The worker beside the screens does what is due."""
        for _ in range(steps):
            self._do(self.till.synchroniser.step)

    def kill_at(self, moment: int) -> None:
        """The power will go, that many moments from now."""
        self.fuse.left = moment

    def restart(self) -> None:
        """The till is closed and opened again."""
        self.fuse.left = 0
        self.till.close()
        self.till = self._switched_on()

    # The end of a day.

    def calm_down(self) -> bool:
        """Faults end, what is late lands, and time goes by until nothing is left to do. ``False``
        if the till finds no rest."""
        self.gateway.plan.clear()
        self.gateway.aimed.clear()
        self.fuse.left = 0
        self.late.release()
        for _ in range(QUIET_ROUNDS):
            self.work()
            (soonest,) = self.look(SOONEST)[0]
            if soonest is None:
                return True
            now = int(self.clock.now().timestamp() * 1_000_000)
            self.sleep(max(LULL, -(-(soonest - now) // 1_000_000)))
        return False

    def reconcile(self) -> None:
        """A person has everything looked at again that is open, and the till compares its records
        with PortOne's, as far back as it does; what that makes it send goes out."""
        for (refund,) in self.look("SELECT id FROM refunds WHERE state = 'NEEDS_PERSON'"):
            self.till.open_money.try_again(refund)
        self.calm_down()
        self.till.reconciling.ask()
        self._do(self.till.reconciling.run)
        trouble = self.till.board.standing.reconcile_trouble
        assert not trouble, f"comparing did not come to its end: {trouble}"
        self.calm_down()


ASKED = "SELECT 1 FROM refunds r WHERE r.item_id = i.id AND r.state <> 'REFUSED'"
OPEN = ("APPROVED", "SENDING", "UNKNOWN", "NEEDS_PERSON")
LIVE = "'CREATED', 'WAITING', 'UNKNOWN'"
PAID = "status NOT IN ('WAITING_FOR_PAYMENT', 'CANCEL')"
SOONEST = """SELECT min(at) FROM (
  SELECT min(next_check_at) AS at FROM attempts
  UNION ALL SELECT min(ready_at) FROM outbox o WHERE state IN ('WAITING', 'CLAIMED')
    AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.payment_key = o.payment_key AND e.id < o.id
                    AND e.state <> 'SETTLED'))"""


def make_template(path: Path) -> None:
    """A shop that has its orders and has sold nothing yet; copied for every run."""
    till = Till(path, Sandbox(), FakeClock(), gateway=BooksGateway(Sandbox()))
    orders = []
    for number in range(1, ORDERS + 1):
        lines = [((n + number) % 3 * 1000 + 1000, 1 + n % 2) for n in range(1 + number % 6)]
        orders.append(an_order(number, *lines, buyer=BUYER, seller=SELLER))
    till.stock_shop(*orders)
    till.close()


def open_shop(template: Path, path: Path, **choices) -> Shop:
    """A shop on a fresh copy."""
    shutil.copyfile(template, path)
    return Shop(path, **choices)
