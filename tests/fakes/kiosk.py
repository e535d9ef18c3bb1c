"""A kiosk's services without its window: real file, fast stand-in of PortOne."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from posapp.portone.checkout import PortOneCheckout
from posapp.sandbox.server import Sandbox
from posapp.services.kiosk.kiosk_policy import KioskPolicy
from posapp.services.kiosk_container import KioskConfig, build_kiosk_container
from posapp.services.payment_ports import PaymentPorts
from posapp.services.ports.gateway import PaymentGateway
from posapp.services.runtime.status_store import SyncStatusStore
from posapp.services.runtime.worker_pool import InlineWorkerPool
from posapp.services.till_config import TillConfig
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.open_store import open_store
from posapp.system.pin_hashing import ArgonPinHasher
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import CHEAP, Till
from tests.fakes.world import FakeClock, FakeIds, FakeSecrets

PINS = ArgonPinHasher(FakeSecrets(), CHEAP)
"""One hasher for a kiosk and the till that opens its folder: they share the secret of PINs."""


class FakeStaffCall:
    """Keeps the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, datetime]] = []
        self.works = True

    def call(self, kiosk: int, at: datetime) -> bool:
        self.calls.append((kiosk, at))
        return self.works


class FakeKiosk:
    """The container of a kiosk, with a clock that tests move."""

    def __init__(
        self,
        path: Path,
        clock: FakeClock,
        *,
        config: KioskConfig | None = None,
        sandbox: Sandbox | None = None,
        gateway: PaymentGateway | None = None,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self.clock = clock
        self.sandbox = sandbox or Sandbox(clock=clock.unix)
        self.books = self.sandbox.books
        self.gateway = gateway or BooksGateway(self.sandbox)
        self.store = open_store(path)
        self.staff_call = FakeStaffCall()
        self.config = config or KioskConfig(number=3)
        ports = PaymentPorts(
            store=self.store,
            gateway=self.gateway,
            checkout=PortOneCheckout(self.gateway, clock),
            clock=clock,
            ids=FakeIds(),
            pool=InlineWorkerPool(),
            status_store=SyncStatusStore(),
            pin_hasher=PINS,
            try_counter=FilePinCounter(pin_counter_path(path)),
            wake=wake,
            access=KioskPolicy(),
        )
        self.container = build_kiosk_container(
            ports,
            TillConfig("하나 베이커리", live=False),
            self.config,
            staff_call=self.staff_call,
        )

    def __getattr__(self, name: str) -> Any:
        if name == "container":
            raise AttributeError(name)
        return getattr(self.container, name)

    stock_shop = Till.stock_shop
    order = Till.order
    ledger_balance = Till.ledger_balance
    portone_balance = Till.portone_balance
    check_books = Till.check_books

    def work(self, steps: int = 1) -> None:
        """Let the engine do what is due."""
        for _ in range(steps):
            self.engine.step()

    def close(self) -> None:
        self.container.close()
