"""``posapp demo`` unchanged, with a simulated cashier and a buyer who pays.

Arguments: the start in seconds, the shop's folder, the number of sales, the seconds for which
PortOne is a black hole in each of them (0: not at all), the number of this run, and of all runs.
Prints the measurements of each sale in milliseconds.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from portone_calls import PortOneCalls
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtTest import QTest

from posapp import cli
from posapp.app import desktop_app
from posapp.domain.order_segments import OrderSegment
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.services.ports.order_search import OrderFilter

HOME, SALES, DARK_S = sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
RUN, RUNS = int(sys.argv[5]), int(sys.argv[6])
TICK_MS = 5
GIVE_UP_S = 60
HAND_S = 0.12
"""Seconds between two keys: faster keys would count as a scanner's."""

now = time.perf_counter


class Paint(QObject):
    """Records the first paint of a widget with its content: the end of its paint event and of those
    of everything on it."""

    def __init__(self, watched: QObject, shows: Callable[[], bool]) -> None:
        super().__init__(watched)
        self._shows = shows
        self.at = 0.0
        watched.installEventFilter(self)

    def forget(self) -> None:
        """Wait for the next time."""
        self.at = 0.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self.at and self._shows():
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        self.at = self.at or now()


class Processor:
    """Time in which this thread was ready while other programs had the processor: that is no gap
    of the till."""

    def __init__(self) -> None:
        try:
            path = f"/proc/self/task/{threading.get_native_id()}/schedstat"
            self._file: int | None = os.open(path, os.O_RDONLY)
        except OSError:  # the system does not count it
            self._file = None

    def taken(self) -> float:
        """Return the seconds since the thread began; 0 where the system does not count them."""
        if self._file is None:
            return 0.0
        return int(os.pread(self._file, 100, 0).split()[1]) / 1e9


class Watched(desktop_app.DesktopApp):
    """The running till; once it is ready, the sales begin."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.counter.ready.connect(self.begin)

    def begin(self) -> None:
        self.counter.window.activateWindow()
        pay = self.counter.screens.pay
        self.code = Paint(pay.view.qr.code, lambda: pay.view.qr.code.is_scannable)
        outcome = pay.view.outcome
        self.refusal = Paint(outcome, lambda: pay.view.panel is outcome)
        self.success = Paint(outcome, lambda: self.phase() is PaymentPhase.DONE)
        self.calls = PortOneCalls()
        self.deliveries: list[float] = []
        self.note_deliveries()
        self.reported: list[dict[str, Any]] = []
        self.story = self.sell_all()
        self.until: Callable[[], bool] = lambda: True
        self.last = self.waiting_since = now()
        self.processor = Processor()
        self.taken = self.processor.taken()
        self.longest, self.longest_wall, self.part, self.where = 0.0, 0.0, "", ""
        self.timer = QTimer(self.counter)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.tick)
        self.timer.start(TICK_MS)

    def tick(self) -> None:
        """Record the gap since the last tick, then continue the scenario if possible."""
        at = now()
        taken = self.processor.taken()
        gap = at - self.last
        own = gap - (taken - self.taken)
        if own > self.longest:
            self.longest, self.where = own, self.part
        self.longest_wall = max(self.longest_wall, gap)
        self.last, self.taken = at, taken
        if self.until():
            self.waiting_since = at
            step = next(self.story, None)
            if step is None:
                self.timer.stop()
                self.counter.window.close_without_asking()
            else:
                self.part, self.until = step
        elif at - self.waiting_since > GIVE_UP_S:
            raise SystemExit(f"never came: {self.part}")

    def sell_all(self) -> Iterator[tuple[str, Callable[[], bool]]]:
        assert self.demo is not None
        rows = self.demo.container.order_search.page(
            OrderFilter(segment=OrderSegment.OPEN), 200
        ).rows
        payable = [row for row in rows if 100 <= row.total <= 2_000_000]
        for number in range(SALES):
            row = payable[number]
            yield from self.sell(row.order_id, (number + (RUN + 0.5) / RUNS) / SALES)

    def sell(self, order_id: int, share: float) -> Iterator[tuple[str, Callable[[], bool]]]:
        """Make one sale, from the first digit to the message of success.

        Args:
            share: when the buyer pays, as a share of the time between two polls of the till: the
                sales of all runs are spread evenly over it.
        """
        demo, pay = self.demo, self.counter.screens.pay
        assert demo is not None
        self.longest, self.longest_wall, self.part, self.where = 0.0, 0.0, "the first digit", ""
        for digit in str(order_id):
            self.press(digit)
            yield "a digit of the order's number", self.later(HAND_S)
        self.press(Qt.Key.Key_Return)
        yield "Enter", self.later(HAND_S)
        yield "the order is shown", lambda: self.can_pay()
        yield "a hand's pause", self.later(HAND_S)
        if DARK_S:
            yield from self.sell_in_the_dark()
        self.code.forget()
        pressed = now()
        self.press(Qt.Key.Key_Return)
        yield "the QR is painted", lambda: self.code.at > 0
        assert pay.progress is not None
        merchant_uid = pay.progress.attempt.merchant_uid
        shown = self.code.at
        delivered = next((at for at in self.deliveries if pressed <= at <= shown), pressed)
        own = shown - delivered - self.waited(delivered, shown)
        buyer = threading.Thread(target=demo.sandbox.books.open, args=(merchant_uid,))
        buyer.start()
        yield "the buyer has opened the link", lambda: self.phase() is PaymentPhase.PAYING
        if DARK_S:
            rule = demo.sandbox.faults.add("drip", bytes_per_second=0)
            yield "PortOne is a black hole", self.later(DARK_S)
            demo.sandbox.faults.remove(rule)
        yield "the buyer reads", self.later(share * self._shop.settings.poll_opened_ms / 1000)
        self.success.forget()
        paid: list[float] = []

        def buy() -> None:
            paid.append(now())
            demo.sandbox.books.pay(merchant_uid)

        threading.Thread(target=buy).start()
        yield "success is painted", lambda: self.success.at > 0
        self.reported.append(
            {
                "held_ms": (delivered - pressed) * 1000,
                "own_ms": own * 1000,
                "to_code_ms": (shown - pressed) * 1000,
                "to_success_ms": (self.success.at - paid[0]) * 1000,
                "gap_ms": self.longest * 1000,
                "gap_with_others_ms": self.longest_wall * 1000,
                "gap_at": self.where,
            }
        )
        self.counter.go_home()
        yield "home", self.later(0.1)

    def sell_in_the_dark(self) -> Iterator[tuple[str, Callable[[], bool]]]:
        """Press 결제 while PortOne does not answer, until the till times out, then once more."""
        demo = self.demo
        assert demo is not None
        rule = demo.sandbox.faults.add("drip", bytes_per_second=0)
        self.refusal.forget()
        self.press(Qt.Key.Key_Return)
        yield "no QR comes", lambda: self.refusal.at > 0
        demo.sandbox.faults.remove(rule)
        yield "another try", lambda: self.can_pay()
        yield "a hand's pause", self.later(HAND_S)

    def note_deliveries(self) -> None:
        """Record when a key that may be a scanner's takes effect: ``ScanFilter`` holds it until no
        other key can follow it."""
        from posapp.ui.scanner.held import HeldEvents

        deliver = HeldEvents.deliver

        def deliver_and_note(held: HeldEvents, *more: Any, **named: Any) -> Any:
            if held:
                self.deliveries.append(now())
            return deliver(held, *more, **named)

        HeldEvents.deliver = deliver_and_note  # type: ignore[method-assign]

    def waited(self, begin: float, end: float) -> float:
        """Return the seconds between two moments in which a call of the cashier's own was waiting,
        each moment once, without the work that this program did in those calls."""
        calls = [one for one in self.calls.made if one.thread.startswith("task-")]
        waiting, until = 0.0, begin
        for one in sorted(calls, key=lambda call: call.begin):
            since = max(one.begin, until)
            until = max(until, min(one.end, end))
            waiting += max(0.0, until - since - one.busy)
        return waiting

    def can_pay(self) -> bool:
        strong = self.counter.screens.pay.view.primary
        return strong is not None and strong.isEnabled() and strong.hasFocus()

    def phase(self) -> PaymentPhase | None:
        progress = self.counter.screens.pay.progress
        return progress.phase if progress is not None else None

    def later(self, seconds: float) -> Callable[[], bool]:
        due = now() + seconds
        return lambda: now() >= due

    def press(self, key: Qt.Key | str) -> None:
        focused = self.counter.window.focusWidget()
        target = focused if focused is not None else self.counter.window
        QTest.keyClick(target, key)


desktop_app.DesktopApp = Watched  # type: ignore[misc]
reported: list[Watched] = []
keep = Watched.begin


def kept(running: Watched) -> None:
    reported.append(running)
    keep(running)


Watched.begin = kept  # type: ignore[method-assign]
os.environ["POSAPP_START_SCREEN"] = "home"  # where the cashier begins
code = cli.main(["demo", "--home", HOME])
print(json.dumps({"sales": reported[0].reported}), flush=True)
sys.exit(code)
