"""The till's window while PortOne goes away, refunds are approved, and PortOne is reachable again.

Arguments: the start in seconds, a folder, the number of refunds, milliseconds of latency, the kind
of the outage: ``open`` (connections refused) or ``dark`` (a black hole), and its length in seconds.
Prints the measurements.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from portone_calls import PortOneCalls
from PySide6.QtCore import Qt, QTimer
from table_watch import Waiting

from posapp.app import desktop_app
from posapp.app.container import open_container
from posapp.app.demo_sandbox import EmbeddedSecrets
from posapp.app.payment_parts import WORKERS
from posapp.app.shop_config import gateway_settings_of, load_shop, till_config_of
from posapp.domain.actors import Actor
from posapp.domain.modes import Mode
from posapp.services.container import Container
from posapp.services.importing import ImportService
from tests.fakes.access import EVERYTHING
from tests.fakes.payments import payment_ref

HOME, COUNT, LATENCY, HOW = sys.argv[2], int(sys.argv[3]), sys.argv[4], sys.argv[5]
AWAY_S = float(sys.argv[6])
TICK_MS = 5
GIVE_UP_S = 240
BUYER, SELLER, PRODUCT, AMOUNT = 1, 7, 100, 1000

now = time.perf_counter


class Far:
    """The process of the sandbox and its proxy."""

    def __init__(self) -> None:
        program = str(Path(__file__).with_name("far_portone.py"))
        self._process = subprocess.Popen(
            [sys.executable, program, "0", str(COUNT), LATENCY],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.reported = self._answer()

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def report(self, label: str) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{label}\n")
        self._process.stdin.flush()
        return self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(20)


far, calls = Far(), PortOneCalls()


def first_send(since: float) -> float | None:
    """Return when the first refund was sent; None if none was."""
    begun = [one.begin for one in calls.made if one.path == "/payments/cancel"]
    return min((begin for begin in begun if begin >= since), default=None)


def a_shop() -> dict[str, Any]:
    """Make the shop with paid orders of one item."""
    at = datetime.now().astimezone().isoformat()
    numbers = range(1, COUNT + 1)
    item = {"product_id": PRODUCT, "seller_id": SELLER, "name": "빵", "price": AMOUNT, "count": 1}
    return {
        "users": [
            {"id": BUYER, "name": "김하나"},
            {"id": SELLER, "name": "박가게", "status": "SELLER"},
        ],
        "products": [
            {"id": PRODUCT, "seller_id": SELLER, "name": "빵", "price": AMOUNT, "stock": 10}
        ],
        "orders": [
            {
                "id": n,
                "buyer_id": BUYER,
                "created_at": at,
                "items": [{**item, "id": n, "status": "COMPLETE_PAYMENT"}],
            }
            for n in numbers
        ],
        "payments": [
            {
                "order_id": n,
                "imp_uid": f"imp_{n:012d}",
                "merchant_uid": f"bench-{n}",
                "amount": AMOUNT,
                "paid_at": at,
                "sandbox": True,
            }
            for n in numbers
        ],
    }


def opened(
    shop: Any, clock: Any, make_ids: Any, wake: Callable[[], None]
) -> desktop_app.OpenedShop:
    """Open the shop as ``open_live_shop`` does, connected to the other process."""
    settings = replace(
        gateway_settings_of(shop.settings),
        api_base=far.reported["api"],
        link_base=far.reported["link"],
        user_code=far.reported["user_code"],
        channel_key=far.reported["channel_key"],
    )
    till = open_container(
        shop.home.database,
        settings,
        replace(till_config_of(shop.settings), live=False),
        EmbeddedSecrets(**far.reported["keys"]),
        clock,
        make_ids,
        wake,
        mode=Mode.TEST,
        pin_secrets=EmbeddedSecrets(),
    )
    file = Path(HOME) / "shop.json"
    file.write_text(json.dumps(a_shop()), encoding="utf-8")
    importing = ImportService(till.store, clock, EVERYTHING, sellers=True)
    assert importing.apply(Actor.person(), importing.read(file)).written
    numbers = [claim.imp_uid for claim in till.claim_verification.waiting()]
    till.claim_verification.resolve(
        {number: till.gateway.get_payment(payment_ref(number)) for number in numbers}
    )
    tills.append(till)
    return desktop_app.OpenedShop(till, till.close, desktop_app.filters_of(shop))


tills: list[Container] = []
figures: dict[str, Any] = {"lanes": WORKERS}


class Watched(desktop_app.DesktopApp):
    """The running till; once it is ready, the scenario begins."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.counter.ready.connect(self.begin)

    def begin(self) -> None:
        self.till = tills[0]
        self.until: Callable[[], bool] = lambda: True
        self.part = ""
        self.story = self.go_through()
        self.waiting = Waiting()
        self.last = self.since = now()
        self.waited = self.waiting.seconds()
        self.longest = self.longest_wall = 0.0
        self.timer = QTimer(self.counter)
        self.timer.setTimerType(Qt.TimerType.PreciseTimer)
        self.timer.timeout.connect(self.tick)
        self.timer.start(TICK_MS)

    def tick(self) -> None:
        at, waited = now(), self.waiting.seconds()
        gap = at - self.last
        self.longest_wall = max(self.longest_wall, gap)
        own = gap - (waited - self.waited)
        if own > self.longest:
            self.longest, figures["gap_at"] = own, self.part
        self.last, self.waited = at, waited
        if self.until():
            self.since = at
            step = next(self.story, None)
            if step is None:
                self.timer.stop()
                self.counter.window.close_without_asking()
            else:
                self.part, self.until = step
        elif at - self.since > GIVE_UP_S:
            raise SystemExit(f"never came: {self.part}")

    def beside(self, work: Callable[[], object]) -> Callable[[], bool]:
        """Run work in another thread; return a function that says whether it has ended."""
        thread = threading.Thread(target=work)
        thread.start()
        return lambda: not thread.is_alive()

    def approve(self, numbers: range) -> None:
        for number in numbers:
            self.till.cancellation_service.refund(Actor.seller(SELLER), number, "품절", AMOUNT)

    def go_through(self) -> Iterator[tuple[str, Callable[[], bool]]]:
        status = lambda: self.till.status_store.status  # noqa: E731 - read again and again
        yield "on line", lambda: status().online is True and status().may_send
        yield "settled", self.later(1.0)
        self.longest = self.longest_wall = 0.0
        yield "away", self.beside(lambda: far.report("refuse"))
        away = now()
        yield "the first refund is approved", self.beside(lambda: self.approve(range(1, 2)))
        yield "off line", lambda: status().online is False
        failed = min(one.end for one in calls.made if one.begin >= away)
        figures["offline_s"] = now() - failed
        yield "the others", self.beside(lambda: self.approve(range(2, COUNT + 1)))
        figures["approved_gap_ms"] = self.longest * 1000
        if HOW == "dark":
            yield "dark", self.beside(lambda: far.report("swallow"))
        yield "a while", self.later(AWAY_S)
        reported: list[float] = []

        def come_back() -> None:
            reported.append(now())
            far.report("good")

        yield "back", self.beside(come_back)
        yield "the first is sent", lambda: first_send(reported[0]) is not None
        first = first_send(reported[0])
        assert first is not None
        figures["first_send_s"] = first - reported[0]
        yield "all are sent", lambda: self.are_sent()
        figures["drained_s"] = now() - reported[0]
        figures["gap_ms"] = self.longest * 1000
        figures["gap_with_others_ms"] = self.longest_wall * 1000

    checked = 0.0

    def are_sent(self) -> bool:
        """Whether all are sent; read in another thread, twice a second, as this one is measured."""
        if now() - self.checked < 0.5:
            return self.sent
        self.checked = now()
        threading.Thread(target=self.count).start()
        return self.sent

    sent = False

    def count(self) -> None:
        with self.till.store.snapshot() as uow:
            self.sent = not uow.outbox.waiting(1)

    def later(self, seconds: float) -> Callable[[], bool]:
        due = now() + seconds
        return lambda: now() >= due


shop = load_shop(HOME, {"POSAPP_LIVE": "false"})
code = Watched(shop, opened, live=False).run()
back = far.report("books")
far.close()
figures["refunded_once"] = back == [AMOUNT] * COUNT
print(json.dumps(figures), flush=True)
sys.exit(code)
