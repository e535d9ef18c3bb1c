"""A shop's week: days of actions and faults, all drawn from one seed.

Each morning adds orders, starts the program and the actors; faults occur at drawn hours: network,
disk, power, clock, an old copy of the database in the place of the new one. On most evenings faults
end and everything must be right (``Oracle``); on some the shop closes in the middle of the faults
and continues next morning.
"""

from __future__ import annotations

import hashlib
import random
import sqlite3
import tempfile
from collections import Counter, deque
from collections.abc import Callable
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Self
from unittest import mock

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.sandbox.fault_middleware import FaultMiddleware
from posapp.sandbox.server import Sandbox
from posapp.services.ports.record_ids import FIRST_OWN, ITEMS_OF_NUMBER
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.store import unit_of_work
from posapp.store.open_store import open_store
from posapp.store.unit_of_work import SqlStore
from tests.fakes.actors import STAFF
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, OTHER_BUYER, OTHER_SELLER, SELLER, Till, an_order, some_exempt
from tests.fakes.world import FakeClock
from tests.memory_folder import memory_folder
from tests.simulation.actors import Window, at_the_console
from tests.simulation.disk import Disk
from tests.simulation.engines import make_quick_engine
from tests.simulation.files import web_payments
from tests.simulation.misfortunes import Misfortunes, set_aside
from tests.simulation.network import Network, Wire
from tests.simulation.oracle import Oracle
from tests.simulation.pace import NEW, Pace
from tests.simulation.program import (
    TILL_CODE,
    CountedIds,
    Program,
    ScheduledFuture,
    TillClock,
    seeded_numbers,
)
from tests.simulation.receipt_people import close_drawer, do_receipt_tasks
from tests.simulation.scheduler import SECOND, Scheduler
from tests.simulation.sends import Sends
from tests.simulation.truth import Truth

MINUTE, HOUR = 60, 3600
OPEN_FOR = 90 * MINUTE
WINDOWS = 3
ORDERS = 200
"""Number of orders of the week; each morning adds some of them."""
PRICES = (1000, 2000, 3000)
EDGES = (
    [(0, 1), (3000, 1)],
    [(1000, 1), (0, 2), (1000, 1)],
    [(0, 1)],
    [(100, 1)],
    [(100, 1), (100, 1), (1000, 2)],
    [(2_000_000, 1)],
    [(1_000_000, 1), (999_900, 1), (100, 1)],
)
"""Orders with a free item, and at the limits of KakaoPay: (price, count) of each item, in won."""
MAX_DECISION_ROUNDS = 12
"""Rounds of decisions in an evening: one decision may release the next question, as lost refunds of
one payment are entered one after the other."""

COMPARED_BY = 90
MOST_QUIET = 2 * HOUR
KEPT_LINES = 400


class Trace:
    """Events line by line; two runs are the same if their checksums are."""

    def __init__(self) -> None:
        self._sum = hashlib.sha256()
        self.last: deque[str] = deque(maxlen=KEPT_LINES)
        self.lines = 0

    def add(self, line: str) -> None:
        self._sum.update(line.encode() + b"\n")
        self.last.append(line)
        self.lines += 1

    @property
    def sum(self) -> str:
        return self._sum.hexdigest()[:16]


class ScenarioWeek:
    """One shop, one file, one set of books; see the module.

    Attributes:
        actions: number of actions at the windows.
        faults: number of faults, by kind.
        days: number of finished days.
    """

    def __init__(
        self,
        seed: int,
        *,
        pace: Pace = NEW,
        refund_protocol: type[RefundProtocol] = RefundProtocol,
        checked: bool = True,
    ) -> None:
        self.seed, self.pace = seed, pace
        self._chance = random.Random(f"{seed}/week")
        self._folder = tempfile.TemporaryDirectory(dir=memory_folder())
        self.path = Path(self._folder.name) / "shop.db"
        self._patches = [
            seeded_numbers(str(seed)),
            mock.patch.object(unit_of_work, "make_engine", make_quick_engine),
        ]
        for patch in self._patches:
            patch.__enter__()
        self.trace = Trace()
        self.scheduler = ScheduledFuture.scheduler = Scheduler(str(seed))
        self.clock = TillClock(self.scheduler)
        self.sandbox = Sandbox(
            clock=self.clock.unix,
            port=9,
            imp_key="1",
            imp_secret="2",
            user_code="imp3",
            channel_key="channel-key-4",
        )
        self.others = Sandbox(
            clock=self.clock.unix,
            port=9,
            imp_key="5",
            imp_secret="6",
            user_code="imp7",
            channel_key="channel-key-8",
        )
        self.books, self.late = self.sandbox.books, self.sandbox.faults.late
        self.network = Network(self.scheduler, self.sandbox, self._app(), str(seed), self.say)
        self.network.unchecked = not checked
        self.network.others = FaultMiddleware(
            self.others._app(), self.others.faults, self.clock.unix
        )
        self.network.others_key = self.others.imp_key
        Wire.network = self.network
        self.disk = Disk(self.scheduler, str(seed), self.say, lambda: self.misfortunes.power_goes())
        self.network.inside = self.disk.in_unit
        self.ids = CountedIds()
        self._refund_protocol = refund_protocol
        self.actions = self.days = self.orders = 0
        self._calm = False
        self.misfortunes = Misfortunes(self, self._chance)
        self.while_off: list[Callable[[], None]] = []
        self.imported = self._numbered = 0
        self.wrong_keys: Sandbox | None = None
        self.truth = Truth()
        self._open_shop()
        if pace.eventful:
            self.books.take_over(web_payments(self.books.now(), random.Random(f"{seed}/web")))
        self.books.link_address = f"{self.sandbox.api}/{{}}".format
        self._inspect_running()
        self.program = self._switched_on()
        self.witness = Oracle(self)
        if pace.eventful:
            self.network.sends = Sends(self, self.scheduler.fail)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.scheduler.close()
        self._leave_unseen()
        self.program.till.close()
        for patch in self._patches:
            patch.__exit__(None, None, None)
        self._folder.cleanup()

    @property
    def till(self) -> Till:
        return self.program.till

    @property
    def faults(self) -> Counter[str]:
        return self.misfortunes.struck + self.network.struck + self.disk.struck

    def query(self, question: str, *values: object) -> list[tuple]:
        """Query the file itself."""
        return self.eye.execute(question, values).fetchall()

    def say(self, who: str, *what: object) -> None:
        """Add a line to the trace."""
        seconds, micro = divmod(self.scheduler.now, SECOND)
        at = f"{seconds // 86400 + 1}d {timedelta(seconds=seconds % 86400)}.{micro // 1000:03d}"
        self.trace.add(" ".join((at, who, *map(str, what))))

    # A day.

    def day(self) -> None:
        """Run one day, from the morning to the next one.

        Raises:
            AssertionError, and any unexpected exception of the product: a violation.
        """
        chance = self._chance
        if self.pace.quiet and self.days and chance.random() < self.pace.quiet:
            self._quiet_day()
            return
        calm = chance.random() < 0.75
        self._morning()
        closes = self.scheduler.now + OPEN_FOR * SECOND
        self._let_people_in(closes)
        self.network.rate = chance.choice((0, 1, 5, 15))
        console = self.scheduler.spawn(
            "console",
            lambda: at_the_console(self, lambda: chance.expovariate(1 / 2400)),
            owner="console",
        )
        for at, strike in sorted(self.misfortunes.drawn(OPEN_FOR), key=lambda one: one[0]):
            self._until(min(closes, self.scheduler.now + int(at * SECOND)), closes)
            if self.scheduler.now < closes:
                strike()
        self._until(closes, closes)
        self.scheduler.end(console.owner)
        if calm:
            self._evening()
        self.witness.check()
        self.days += 1
        self._calm = calm
        self.say("shop", "closes", "calm" if calm else "in a mess", self._sums())
        self._night()

    def _quiet_day(self) -> None:
        """Open the shop for some minutes, in which it finishes work of the days before."""
        self.say("shop", "opens for a while")
        self.scheduler.pause(self._chance.uniform(1, 10) * MINUTE)
        self.witness.check()
        self.days += 1
        self._calm = False
        self._night()

    def finish(self) -> None:
        """Run the evening of the last day, if that day had none."""
        if not self._calm:
            self._evening()
            self.say("shop", "ends", self._sums())

    def _until(self, at: int, closes: int) -> None:
        """Let time pass; start a killed program again, with its actors."""
        while self.scheduler.now < at:
            left = (at - self.scheduler.now) / SECOND
            if not self.scheduler.wait(self.program.off, min(left, 20 * MINUTE)):
                self.witness.check()
                continue
            self._clear_away()
            self.scheduler.pause(self._chance.choice((1, 30, 600)))
            self._start_again()
            self._let_people_in(closes)
            pause = min(at, self.scheduler.now + COMPARED_BY * SECOND) - self.scheduler.now
            if not self.scheduler.wait(self.program.off, pause / SECOND):
                self.witness.check()
            else:
                self.program.off.is_set = True

    def _clear_away(self) -> None:
        """Clean up after a killed program; its file stays as it is."""
        self.program.close()
        self.disk.clear_up()
        self.witness.check()
        self._apply_changes()

    def _apply_changes(self) -> None:
        """Change the files while they are closed. The next start uses the present file, however the
        program ended: a file that was swapped under it is therefore checked from here on, before
        anything else changes it."""
        if self._file_there() != self._watched:
            self._check_anew()
        while self.while_off:
            self.while_off.pop(0)()

    def _start_again(self) -> None:
        keys, self.wrong_keys = self.wrong_keys, None
        self.program = self._switched_on(keys)

    def _morning(self) -> None:
        """Add the orders of the day."""
        self.orders = min(ORDERS, self.orders + self.pace.orders)
        self.say("shop", "opens", "with", self.orders, "orders")

    def _let_people_in(self, closes: int) -> None:
        for number in range(WINDOWS):
            window = Window(self, f"window {number + 1}", closes)
            self.scheduler.spawn(f"window {number + 1}", window.run, owner=self.program)

    def _evening(self) -> None:
        """End faults, carry out delayed effects, and let time pass until nothing is left to do."""
        self.network.clear_up()
        self.disk.clear_up()
        self.misfortunes.clear_up()
        self.set_clock(timedelta(0))
        self.late.release()
        self.scheduler.pause(20 * MINUTE)
        self.end_wrong_keys()
        if not self.program.runs:
            self._clear_away()
            self._start_again()
        self.late.release()
        self._rest()
        for _ in range(MAX_DECISION_ROUNDS):
            if not self._ask_people():
                break
            self._rest()
        self._reconcile()
        self._rest()
        self.witness.check_over()
        self._do_receipt_tasks()
        self.scheduler.pause(25 * MINUTE)
        self._rest()
        self.scheduler.pause(MINUTE)
        self.witness.check_counter_over()
        self._close_shift()
        self.witness.check()

    def _do_receipt_tasks(self) -> None:
        """Let people do what waits for them; some of it lets something else go on."""
        for _ in range(MAX_DECISION_ROUNDS):
            if not do_receipt_tasks(self.till, self.sandbox):
                return
            self._rest()

    def _close_shift(self) -> None:
        """Count the drawer, sometimes with too much or too little in it, and close the shift."""
        if self.till.shift_service.read() is not None:
            chance = random.Random(f"{self.seed}/closing/{self.scheduler.now}")
            close_drawer(self.till, chance.choice((0, 0, 0, -1_000, 500)), names=True)
            self.say("shop", "closes its drawer")

    def _ask_people(self) -> bool:
        """Decide everything that needs a person: explain mismatches and assign cancels by the
        truth. ``False`` if there was nothing to decide."""
        open_money, is_asked = self.till.unresolved_money_service, False
        for number, *named, amount in self.query(NAMED):
            is_asked = True
            self.truth.explained.add(tuple(named))
            open_money.close_mismatch(STAFF, number, "콘솔에서 처리함", amount)
        for refund, imp_uid, item, tag in self.query(STUCK):
            payment = self.books.payment(imp_uid)
            if payment is not None:
                is_asked = True
                self.truth.answered.add(imp_uid)
                open_money.assign_cancellation(
                    STAFF, refund, self.truth.is_refund(payment, item, tag)
                )
        return is_asked

    def _rest(self) -> None:
        until = self.scheduler.now + MOST_QUIET * SECOND
        while self.query(WORK)[0][0]:
            assert self.scheduler.now < until, "the till finds no rest"
            self.scheduler.pause(20)

    def _reconcile(self) -> None:
        """Compare with PortOne now."""
        since = self.clock.now()
        self.till.reconcile_job.request_full()
        self.till._wake()
        until = self.scheduler.now + HOUR * SECOND
        while not self._compared_since(since):
            assert self.scheduler.now < until, "comparing with PortOne does not end"
            self.scheduler.pause(5)

    def _compared_since(self, since: datetime) -> bool:
        """Whether the full comparison that was requested has ended: a short one may have been under
        way at that moment."""
        status = self.till.status_store.status
        full_ms = self.till.reconcile_job._schedule._full_ms
        is_pending = full_ms is not None and full_ms <= self.clock.monotonic()
        return not is_pending and status.reconciled_at is not None and status.reconciled_at > since

    def _night(self) -> None:
        """Close the program and move to the next day."""
        self.program.close()
        self.disk.clear_up()
        day = 86_400 * SECOND
        self.scheduler.pause((day - self.scheduler.now % day) / SECOND)
        self._apply_changes()
        self._start_again()

    def _sums(self) -> tuple[int, int]:
        return self.books.captured_total(), self.books.cancelled_total()

    # Called by ``Misfortunes``.

    def set_clock(self, off: timedelta) -> None:
        """Set the error of the machine's clock."""
        self.clock.off = off
        self.till._wake()

    def change_files(self, copy: Path) -> None:
        """Replace the closed database by a copy."""
        self._leave_unseen()
        set_aside(self.path, copy, f"{self.days}-{self.scheduler.now}")
        self._number_counter_orders()
        self._inspect_running()
        self.witness.begin_again()

    def try_another_till(self) -> None:
        """Put another till's database in the place of this one's: it must not open beside this
        till's journal; then restore the right one."""
        aside = self.path.with_name("right")
        aside.mkdir()
        self._leave_unseen()
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.rename(aside / each.name)
        self.path.write_bytes(_empty_shop())
        try:
            program = self._switched_on()
        except EnvironmentProblem as problem:
            assert problem.code is EnvironmentCode.DATABASE_OTHER_TILL, problem
        else:
            program.close()
            raise AssertionError("another till's database was opened beside this till's journal")
        for each in self.path.parent.glob(f"{self.path.name}*"):
            each.unlink()
        for each in aside.iterdir():
            each.rename(self.path.with_name(each.name))
        aside.rmdir()
        self._inspect_running()

    def swap_files(self, copy: Path) -> None:
        """Replace the database by a copy while the program has it open: the program continues with
        the old file until it ends."""
        set_aside(self.path, copy, f"{self.days}-{self.scheduler.now}")
        self._number_counter_orders()

    def take_wrong_keys(self) -> None:
        """Use another account's keys from the program's next start on."""
        self.wrong_keys = self.others

    def end_wrong_keys(self) -> None:
        """Enter the right keys and start the program again."""
        if self.program.keys is not None:
            self.program.kill()

    def lose_journal(self) -> None:
        """Delete the journal while it is closed."""
        for each in self.path.parent.glob("journal*"):
            each.unlink()

    # Opening.

    def _switched_on(self, keys: Sandbox | None = None) -> Program:
        program = Program(
            self.scheduler,
            self.path,
            self.sandbox,
            self.clock,
            self.ids,
            self.disk,
            self.pace,
            refund_protocol=self._refund_protocol,
            keys=keys,
        )
        self.say("shop", "is switched on", *(("with wrong keys",) if keys else ()))
        return program

    def _inspect_running(self) -> None:
        """Open connections to the file that are not the program's."""
        address = f"{self.path.as_uri()}?mode=ro"
        self.eye = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        self.beside = SqlStore(self.path)
        self._watched = self._file_there()

    def _check_anew(self) -> None:
        """Start checking anew: the database is another file."""
        self.witness.remember()
        self._leave_unseen()
        self._inspect_running()
        self.witness.begin_again()

    def _file_there(self) -> tuple[int, int]:
        """Return the identity of the database file: a file that was set aside keeps its own."""
        status = self.path.stat()
        return status.st_dev, status.st_ino

    def _leave_unseen(self) -> None:
        self.eye.close()
        self.beside.close()

    def _open_shop(self) -> None:
        """Add all orders, of 1 to 6 items; several prices occur more than once, on purpose."""
        self.path.write_bytes(_empty_shop())
        till = Till(self.path, self.sandbox, FakeClock(), gateway=BooksGateway(self.sandbox))
        chance, orders = random.Random(f"{self.seed}/orders"), []
        for number in range(1, ORDERS + 1):
            lines = [
                (chance.choice(PRICES), chance.choice((1, 1, 2)))
                for _ in range(chance.choice((1, 1, 2, 2, 3, 4, 6)))
            ]
            if number % 4 == 0:  # many pieces, of which some go back; the draws stay what they were
                lines = [(price, 5 if count > 1 else count) for price, count in lines]
            if self.pace.eventful and number % 6 == 0:
                lines = chance.choice(EDGES)
            buyer = (BUYER, OTHER_BUYER)[number % 2]
            seller = (SELLER, OTHER_SELLER)[number % 3 == 0]
            orders.append(some_exempt(an_order(number, *lines, buyer=buyer, seller=seller)))
        till.stock_shop(*orders)
        till.close()
        with closing(sqlite3.connect(self.path)) as file, file:
            file.execute("UPDATE till SET code = ?", (TILL_CODE,))
        self._number_counter_orders()

    def _number_counter_orders(self) -> None:
        """Give the counter's orders numbers that neither a file nor a lost newer database has: what
        was done to an item is told apart by its number, in every file together."""
        self._numbered += 1
        first = FIRST_OWN + 100_000 * self._numbered
        with closing(sqlite3.connect(self.path)) as file, file:
            for name, number in (("orders", first), ("order_items", ITEMS_OF_NUMBER * first)):
                file.execute("UPDATE id_sequences SET last = ? WHERE name = ?", (number, name))

    def _app(self) -> FaultMiddleware:
        return FaultMiddleware(self.sandbox._app(), self.sandbox.faults, self.clock.unix)


@cache
def _empty_shop() -> bytes:
    """Return an empty file with today's schema; made once a process."""
    with tempfile.TemporaryDirectory(dir=memory_folder()) as folder:
        path = Path(folder) / "empty.db"
        open_store(path).close()
        return path.read_bytes()


STUCK = "SELECT id, imp_uid, item_id, tag FROM refunds WHERE state = 'NEEDS_PERSON'"
NAMED = """SELECT id, kind, merchant_uid, imp_uid, amount FROM mismatches
WHERE settled_at IS NULL ORDER BY id"""
WORK = """SELECT (SELECT count(*) FROM attempts WHERE next_check_at IS NOT NULL)
  + (SELECT count(*) FROM outbox o WHERE state IN ('WAITING', 'CLAIMED')
     AND NOT EXISTS (SELECT 1 FROM outbox e WHERE e.payment_key = o.payment_key AND e.id < o.id
                     AND e.state <> 'SETTLED')
     AND NOT EXISTS (SELECT 1 FROM refunds r WHERE r.imp_uid = o.payment_key
                     AND r.id <> o.refund_id AND r.state = 'NEEDS_PERSON'))
  + (SELECT count(*) FROM cash_receipts c WHERE by_hand = 0
     AND state NOT IN ('ISSUED', 'REFUSED', 'CANCEL_REFUSED', 'CANCELLED')
     AND NOT EXISTS (SELECT 1 FROM cash_receipts h WHERE h.order_id = c.order_id
                     AND h.id <> c.id AND (h.state = 'CANCEL_REFUSED'
                       OR h.by_hand AND h.state = 'CANCEL_REQUESTED')))"""
"""Work that the till still does by itself; it excludes what waits for a person's decision."""
