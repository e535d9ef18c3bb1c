"""The program with a guard removed: the walk has to detect it."""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from unittest import mock

from posapp.domain.actors import Actor
from posapp.domain.cash_receipts import CashReceipt, ReceiptTrigger
from posapp.domain.orders import Order
from posapp.domain.receipt_identity import ReceiptPurpose, parse_identity
from posapp.domain.requests import Decision, Request
from posapp.services import cash_receipt_services, container
from posapp.services.bookkeeping import cash_records
from posapp.services.bookkeeping.receipt_records import record_issued, revise_receipt
from posapp.services.cash_receipts.receipt_service import CashReceiptService
from posapp.services.ports.cash_receipts import IssueCommand
from posapp.services.refunds.cancel_item import CancellationService
from posapp.services.refunds.refund_protocol import RefundProtocol
from posapp.services.refunds.refund_strategy import StepResult
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.sale.checkout import WALK_IN_BUYER, CheckoutService
from posapp.services.sale.expire_reservations import ReservationJob
from posapp.store import engine
from posapp.store.files.backup import backup
from posapp.store.repositories.orders import SqlOrders

RECORDED_FIRST = "settled first"
OUTBOX_LATER = "outbox later"
COPIED_IN_PLACE = "copied in place"
UNSYNCED = "unsynced"
STOCK_LATER = "stock later"
RESTOCKED_LATER = "restocked later"
ISSUED_FIRST = "issued first"
REVISED_LATER = "revised later"


class RecordedFirst(RefundProtocol):
    """The outbox drops a refund before PortOne has answered."""

    def run_once(self, refund_id: int, rounds: int) -> StepResult:
        with self._store.transaction() as uow:
            uow.connection.exec_driver_sql(
                "UPDATE outbox SET state = 'SETTLED' WHERE refund_id = ?", (refund_id,)
            )
            uow.commit()
        return super().run_once(refund_id, rounds)


class OutboxLater(RequestDecisionService):
    """Decision and refund are committed first, the outbox entry in the next transaction."""

    def decide(self, actor: Actor, request_id: int, decision: Decision, note: str = "") -> Request:
        now = self._clock.now()
        with self._store.transaction() as uow:
            request = self._waiting(uow, actor, request_id)
            decided = self._approve_refund(uow, request, actor, note, now, None)
            ask = uow.connection.exec_driver_sql
            entry = ask("SELECT * FROM outbox WHERE refund_id = ?", (decided.refund_id,)).one()
            ask("DELETE FROM outbox WHERE refund_id = ?", (decided.refund_id,))
            uow.commit()
        with self._store.transaction() as uow:
            places = ", ".join("?" * len(entry))
            uow.connection.exec_driver_sql(f"INSERT INTO outbox VALUES ({places})", tuple(entry))
            uow.commit()
        return decided


class StockLater(CheckoutService):
    """The order is committed first, its pieces are taken off the stock one by one afterwards."""

    def order(self, actor: Actor, payable: int, buyer: Actor = WALK_IN_BUYER) -> Order:
        with mock.patch.object(SqlOrders, "take_stock"):
            made = super().order(actor, payable, buyer)
        for item in made.items:
            for _ in range(item.count):
                with self._store.transaction() as uow:
                    uow.orders.take_stock(item.product_id, 1)
                    uow.commit()
        return made


class RestockedLater(ReservationJob):
    """Unpaid items are cancelled first, their pieces go back one by one afterwards."""

    def _end(self, number: int, now: datetime) -> bool:
        with mock.patch.object(SqlOrders, "restock"):
            ended = super()._end(number, now)
        with self._store.snapshot() as uow:
            order = uow.orders.get(number)
        for item in order.items:
            for _ in range(item.count):
                with self._store.transaction() as uow:
                    uow.orders.restock(item.product_id, 1)
                    uow.commit()
        return ended


class IssuedFirst(CashReceiptService):
    """A receipt is issued, and recorded once PortOne has answered."""

    def request(
        self, actor: Actor, order_id: int, purpose: ReceiptPurpose, number: str = ""
    ) -> CashReceipt:
        identity = parse_identity(purpose, number)
        now = self._clock.now()
        with self._store.transaction() as uow:
            made = self._requests.ask_named(uow, actor, order_id, purpose, identity, now)
        command = IssueCommand(made.own_no, made.amount, made.tax_free, "빵", False, identity)
        issued = self._issuer.issue(command)
        with self._store.transaction() as uow:
            kept = uow.cash_receipts.add(made)
            found = ReceiptTrigger.FOUND_ISSUED
            kept = record_issued(uow, kept, found, issued.approval_no, now, actor, now)
            uow.commit()
        return kept


def issue_first() -> None:
    """Let every till that is built issue its receipts so."""
    cash_receipt_services.CashReceiptService = IssuedFirst


def revise_later() -> None:
    """Let cash go back in one transaction, and its receipt follow in the next one."""
    refund = CancellationService.refund

    def refund_first(self: CancellationService, *given: Any, **named: Any) -> object:
        with mock.patch.object(cash_records, "revise_receipt") as revise:
            made = refund(self, *given, **named)
        for call in revise.call_args_list:
            with self._store.transaction() as uow:
                revise_receipt(uow, *call.args[1:])
                uow.commit()
        return made

    CancellationService.refund = refund_first


def restock_later() -> None:
    """Let every till that is built end its orders so."""
    container.ReservationJob = RestockedLater


def copy_in_place(database: Path, to: Path) -> object:
    """Write the copy under its final name from its first page on."""
    pages = database.read_bytes()
    with to.open("wb", buffering=0) as copy:
        for start in range(0, len(pages), 4096):
            copy.write(pages[start : start + 4096])
        os.fsync(copy.fileno())
    return to


def trust_the_memory() -> None:
    """Report a commit while it is in the system's memory only: a killed program loses nothing by
    that, a power cut everything."""
    connect = engine.connect

    def unsynced(*given: Any, **named: Any) -> sqlite3.Connection:
        connection = connect(*given, **named)
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    engine.connect = unsynced


BEGIN: Mapping[str, Callable[[], None]] = {
    UNSYNCED: trust_the_memory,
    RESTOCKED_LATER: restock_later,
    ISSUED_FIRST: issue_first,
    REVISED_LATER: revise_later,
}
REFUNDING: Mapping[str, type[RefundProtocol]] = defaultdict(
    lambda: RefundProtocol, {RECORDED_FIRST: RecordedFirst}
)
DESK: Mapping[str, type[RequestDecisionService]] = defaultdict(
    lambda: RequestDecisionService, {OUTBOX_LATER: OutboxLater}
)
CHECKOUT: Mapping[str, type[CheckoutService]] = defaultdict(
    lambda: CheckoutService, {STOCK_LATER: StockLater}
)
BACKUP: Mapping[str, Callable[[Path, Path], object]] = defaultdict(
    lambda: backup, {COPIED_IN_PLACE: copy_in_place}
)
