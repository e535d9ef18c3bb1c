"""What a child does: the flows as a shop has them, on a clock that it moves itself.

Who is told by the disk that something could not be kept tries once more, as a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import alembic.command
import alembic.config  # noqa: F401 - imported before the fork, not at each one after it
import requests  # noqa: F401

from posapp.domain.cancelling import Side
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState
from posapp.domain.requests import Decision
from posapp.services.progress import Phase
from posapp.store.backup import FolderCopies, backup_folder
from posapp.store.opening import open_store
from tests.crashes import twins
from tests.crashes.children import Order, Talk
from tests.crashes.shops import (
    ASKED,
    FILE,
    OLD_COPY,
    PAID,
    REFUNDED_ITEM,
    UNPAID,
    Program,
)
from tests.fakes.till import BUYER, SELLER, Till
from tests.fakes.world import FakeClock

TRIES = 2
MOST_STEPS = 12


def _open(order: Order) -> Program:
    if order.twin in twins.BEGIN:
        twins.BEGIN[order.twin]()
    return Program(
        order.folder / FILE,
        order.address,
        FakeClock(order.now),
        "child",
        twins.REFUNDING[order.twin],
    )


def pay(order: Order, talk: Talk) -> None:
    """A QR is shown, the buyer pays, the till sees it."""
    till = _open(order)
    for _ in range(TRIES):
        progress = talk.attempt(lambda: till.paying.start(BUYER, UNPAID))
        if progress is not None:
            break
    else:
        return _close(till, talk)
    talk.told("shown", progress.attempt.merchant_uid)
    talk.ask("pay", progress.attempt.merchant_uid)
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=3)
        talk.attempt(till.work)
        seen = talk.attempt(lambda: till.paying.progress(progress.attempt.id))
        if seen is not None and seen.phase is Phase.DONE:
            talk.told("paid", UNPAID)
            break
    return _close(till, talk)


def refund(order: Order, talk: Talk) -> None:
    """결제취소 of an item of a paid order, until PortOne has carried it out."""
    till = _open(order)
    for _ in range(TRIES):
        kept = talk.attempt(
            lambda: till.cancelling.refund(Side.BUYER, BUYER, REFUNDED_ITEM, "단순 변심", 5000)
        )
        if kept is not None:
            talk.told("kept", REFUNDED_ITEM)
            break
    _work_until_refunded(till, talk, {REFUNDED_ITEM})
    return _close(till, talk)


def approve(order: Order, talk: Talk) -> None:
    """승인 of three requests with the network away; what can be sent is tried all the same."""
    till = _open(order)
    desk = twins.DESK[order.twin](till.store, till.clock, till.ids, lambda: None)
    for request_id in ASKED:
        for _ in range(TRIES):
            decided = talk.attempt(
                lambda number=request_id: desk.decide(SELLER, number, Decision.APPROVE)
            )
            if decided is not None:
                talk.told("decided", request_id)
                break
    for _ in range(4):
        till.clock.advance(seconds=10)
        talk.attempt(till.work)
    return _close(till, talk)


def drain(order: Order, talk: Talk) -> None:
    """What was approved while the network was away is sent."""
    till = _open(order)
    _work_until_refunded(till, talk, set(PAID))
    return _close(till, talk)


def migrate(order: Order, talk: Talk) -> None:
    """A file with the first schema, or one that is not there yet, is opened by today's program."""
    for _ in range(TRIES):
        store = talk.attempt(lambda: open_store(order.folder / FILE))
        if store is not None:
            talk.told("migrated", FILE)
            store.close()
            break


def back_up(order: Order, talk: Talk) -> None:
    """A shop that is open is copied: over an older copy, then beside it."""
    till = _open(order)
    path = order.folder / FILE
    copy = twins.BACKUP[order.twin]
    if talk.attempt(lambda: copy(path, backup_folder(path) / OLD_COPY)) is not None:
        talk.told("copied", OLD_COPY)
    made = talk.attempt(lambda: FolderCopies(path).make(order.now))
    if made is not None:
        talk.told("copied", made.name)
    return _close(till, talk)


def _work_until_refunded(till: Till, talk: Talk, items: set[int]) -> None:
    for _ in range(MOST_STEPS):
        till.clock.advance(seconds=3)
        talk.attempt(till.work)
        gone = talk.attempt(lambda wanted=items: _refunded(till, wanted))
        for item in sorted(gone or ()):
            talk.told("refunded", item)
        items = items - (gone or set())
        if not items:
            return


def _refunded(till: Till, items: set[int]) -> set[int]:
    """Those whose money is back, as a screen would say it."""
    with till.store.reading() as uow:
        return {
            number
            for number in items
            if (item := uow.orders.item(number)) is not None
            and item.status is ItemStatus.CANCEL
            and any(one.state is RefundState.CONFIRMED for one in uow.refunds.of_item(number))
        }


def _close(till: Till, talk: Talk) -> None:
    talk.attempt(till.close)


DEEDS: Mapping[str, Callable[[Order, Talk], None]] = {
    "pay": pay,
    "refund": refund,
    "approve": approve,
    "drain": drain,
    "migrate": migrate,
    "backup": back_up,
}
