"""``posapp kiosk`` unchanged on a demo shop, with buyers who scan their order and pay.

Arguments: the start in seconds, the shop's folder, what happens, and of which orders, each with the
share of the time between two polls at which its buyer pays (``12:0.5``). What happens: ``sales``
prints how long each buyer waits after paying; ``crash`` ends like a crash once a QR is painted, and
prints its link; ``resume`` prints the link that is there after such an end, and since when.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QEvent, QObject, QTimer

from posapp import cli
from posapp.app import demo_sandbox, kiosk_app
from posapp.domain.kiosk_times import FRESH_MS
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.kiosk.kiosk_view import Action

BORN, HOME, WHAT = float(sys.argv[1]), sys.argv[2], sys.argv[3]
SALES = [(int(one.partition(":")[0]), float(one.partition(":")[2])) for one in sys.argv[4:]]
TICK_MS = 5
GIVE_UP_S = 60
HAND_S = FRESH_MS / 1000 + 0.1

now = time.monotonic
Step = tuple[str, Callable[[], bool]]
reported: dict[str, Any] = {"waits": []}
sandboxes: list[Any] = []


def note_sandbox(*more: Any, **named: Any) -> Any:
    sandboxes.append(start(*more, **named))
    return sandboxes[-1]


start = demo_sandbox.start_sandbox
demo_sandbox.start_sandbox = note_sandbox


def pay(books: Any, merchant_uid: str, paid: list[float]) -> None:
    """Pay as a buyer does, and note when."""
    paid.append(now())
    books.pay(merchant_uid)


class Paint(QObject):
    """Records when a widget was painted for the first time since it was watched for something."""

    def __init__(self, watched: QObject) -> None:
        super().__init__(watched)
        self._shows: Callable[[], bool] = lambda: False
        self.at = 0.0
        watched.installEventFilter(self)

    def watch(self, shows: Callable[[], bool]) -> Callable[[], bool]:
        """Wait for the next time; return whether it was painted."""
        self._shows, self.at = shows, 0.0
        return lambda: self.at > 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self.at and self._shows():
            QTimer.singleShot(0, self, self._note)
        return False

    def _note(self) -> None:
        self.at = self.at or now()


class Watched(kiosk_app.KioskApp):
    """The running kiosk; its buyers come once it is ready."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.code = Paint(self.window.qr.code)
        self.outcome = Paint(self.window)
        self.story = {"sales": self.sell_all, "crash": self.crash, "resume": self.resume}[WHAT]()
        self.part, self.until = next(self.story)
        self.since = now()
        self.timer = QTimer(self.window)
        self.timer.timeout.connect(self.tick)
        self.timer.start(TICK_MS)

    def tick(self) -> None:
        if self.until():
            self.since = now()
            step = next(self.story, None)
            if step is None:
                self.timer.stop()
                self.window.end()
            else:
                self.part, self.until = step
        elif now() - self.since > GIVE_UP_S:
            raise SystemExit(f"never came: {self.part}")

    def sell_all(self) -> Iterator[Step]:
        for order_id, share in SALES:
            yield from self.show_code(order_id)
            merchant_uid, books = self.progress.attempt.merchant_uid, sandboxes[0].books
            threading.Thread(target=books.open, args=(merchant_uid,)).start()
            yield "the link is opened", lambda: self.progress.phase is PaymentPhase.PAYING
            yield "the buyer reads", self.later(share * self._shop.settings.poll_opened_ms / 1000)
            painted = self.outcome.watch(lambda: self.controller.is_paid)
            paid: list[float] = []
            threading.Thread(target=pay, args=(books, merchant_uid, paid)).start()
            yield "it says that it is paid", painted
            reported["waits"].append(self.outcome.at - paid[0])
            yield "a hand's pause", self.later(HAND_S)
            self.controller.press(Action.DONE)

    def crash(self) -> Iterator[Step]:
        yield from self.show_code(SALES[0][0])
        print(json.dumps({"link": self.progress.attempt.link_url}), flush=True)
        os._exit(0)

    def resume(self) -> Iterator[Step]:
        yield "the QR of before", self.code.watch(lambda: self.window.qr.code.is_scannable)
        reported["link"] = self.progress.attempt.link_url
        reported["back"] = self.code.at - BORN

    def show_code(self, order_id: int) -> Iterator[Step]:
        yield "the kiosk is ready", lambda: self.controller.is_ready and self.state == "start"
        self.controller.scanned(f"PO{order_id}")
        yield "the order is shown", lambda: self.state == "summary"
        yield "a hand's pause", self.later(HAND_S)
        painted = self.code.watch(lambda: self.window.qr.code.is_scannable)
        self.controller.press(Action.PAY)
        yield "the QR is painted", painted

    def later(self, seconds: float) -> Callable[[], bool]:
        due = now() + seconds
        return lambda: now() >= due

    @property
    def state(self) -> str:
        return self.controller.flow.below.value

    @property
    def progress(self) -> Any:
        payment = self.controller.payment
        return payment.progress if payment is not None else None


kiosk_app.KioskApp = Watched  # type: ignore[misc]
cli.main(["kiosk", "--home", HOME, "--mode", "demo"])
print(json.dumps(reported), flush=True)
