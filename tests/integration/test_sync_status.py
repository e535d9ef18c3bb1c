"""The sync desk over a real file: what it reads, and the effect of its actions on outbox and
refund."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import RefundState, RefundTrigger
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.ports.outbox import Mismatch, MismatchKind, OutboxState
from posapp.services.runtime.status_store import SyncEvent, SyncEventKind, SyncStatusStore
from posapp.services.sync.close_safety import CloseSafety, SafetyReason
from posapp.services.sync.sync_status import TAKEN_OVER, SyncService
from posapp.store.open_store import open_store
from posapp.store.repositories.pending_refunds import _LISTED, _TOTALS
from posapp.store.unit_of_work import SqlStore
from tests.fakes.actors import STAFF
from tests.fakes.world import FakeClock
from tests.store.records import order, payment, product, refund, user

DONE = ItemStatus.COMPLETE_PAYMENT


class Shop:
    """Two payments; refunds 1 and 2 are of the first one, 3 is of the second."""

    def __init__(self, path: Path) -> None:
        self.clock, self.status_store = FakeClock(), SyncStatusStore()
        self.store: SqlStore = open_store(path)
        self.calls: list[str] = []
        self.desk = SyncService(
            self.store,
            self.status_store,
            self.clock,
            lambda: self.calls.append("wake"),
            lambda: self.calls.append("reconcile"),
            AccessControl(AllowEverything()),
        )
        with self.store.transaction() as uow:
            uow.catalogue.add_users([user(1, name="김서연"), user(9)])
            uow.catalogue.add_products([product()])
            uow.catalogue.add_orders([order(1, DONE, DONE), order(2, DONE)])
            uow.payments.add(payment("imp_1", 1))
            uow.payments.add(payment("imp_2", 2, merchant_uid="M-2"))
            for n, (imp_uid, item_id) in enumerate([("imp_1", 10), ("imp_1", 11), ("imp_2", 20)]):
                made = refund(f"[RF-{n}]", imp_uid, item_id=item_id, order_id=item_id // 10)
                kept = uow.refunds.add(replace(made, created_at=self.clock.now()))
                uow.outbox.enqueue(kept, self.clock.now() + timedelta(minutes=5))
            uow.commit()
        self.status_store.update(online=True, may_send=True)

    def states(self) -> list[tuple[RefundState, OutboxState]]:
        rows = sorted(self.desk.report().waiting, key=lambda row: row.refund_id)
        return [(row.refund_state, row.state) for row in rows]

    def claim(self):
        with self.store.transaction() as uow:
            entry = uow.outbox.claim(self.clock.now(), self.clock.now() + timedelta(minutes=5))
            uow.commit()
        return entry


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path / "posapp.db")
    yield made
    made.store.close()


WAITING = (RefundState.APPROVED, OutboxState.WAITING)


def test_report_lists_waiting_refunds_with_reasons(shop):
    first, second, third = shop.desk.report().waiting
    assert (first.item_name, first.buyer_name, first.amount) == ("카페 라떼", "김서연", Won(4500))
    assert (first.order_id, first.tag, first.since) == (1, "[RF-0]", shop.clock.now())
    assert first.due_at == shop.clock.now() + timedelta(minutes=5)
    assert (first.waits_behind, second.waits_behind, third.waits_behind) == (None, 1, None)
    report = shop.desk.report()
    assert (report.totals.count, report.totals.amount) == (3, 13_500)
    assert (report.close_safety, report.reason) == (CloseSafety.AMBER, SafetyReason.WAITING)
    assert report.at == shop.clock.now()


def test_a_limit_cuts_the_list_and_not_the_sums(shop):
    report = shop.desk.report(limit=1)
    assert len(report.waiting) == 1 and report.totals.count == 3


def test_reviews_are_first_and_counted_separately(shop):
    shop.desk.take_over(STAFF, 3)
    report = shop.desk.report()
    assert [row.refund_id for row in report.waiting] == [3, 1, 2]
    assert (report.totals.for_person, report.totals.amount_for_person) == (1, 4500)
    assert (report.close_safety, report.reason) == (CloseSafety.RED, SafetyReason.PERSON)
    assert report.waiting[0].why == TAKEN_OVER and report.waiting[0].needs_person


def test_mismatches_and_happenings_are_reported(shop):
    with shop.store.transaction() as uow:
        found = Mismatch(
            0, MismatchKind.FOREIGN_PAYMENT, "m", "imp_9", Won(7000), "e", shop.clock.now()
        )
        uow.mismatches.note(found)
        uow.commit()
    shop.status_store.note(SyncEvent(shop.clock.now(), SyncEventKind.BACK_ONLINE))
    shop.status_store.note(
        SyncEvent(shop.clock.now(), SyncEventKind.POSTPONED, refund_id=2, detail="timeout")
    )
    report = shop.desk.report()
    assert (report.mismatches, report.mismatch_amount) == (1, 7000)
    assert report.close_safety is CloseSafety.RED
    newest, before = report.recent
    assert newest.refund is not None and newest.refund.id == 2 and before.refund is None


def test_trying_now_is_due_at_once_and_wakes(shop):
    assert shop.claim() is None
    shop.desk.try_now(STAFF, 1)
    assert shop.calls == ["wake"]
    entry = shop.claim()
    assert entry is not None and entry.refund_id == 1
    shop.desk.try_now(STAFF, 1)  # it is being sent: no action and no error
    assert shop.states()[0] == (RefundState.APPROVED, OutboxState.CLAIMED)


def test_retrying_all_makes_waiting_entries_due_and_leaves_reviews(shop):
    shop.desk.take_over(STAFF, 3)
    assert shop.desk.try_all(STAFF) == 2
    entry = shop.claim()
    assert entry is not None and entry.refund_id == 1
    assert shop.claim() is None, "the second waits behind the first, the third with a person"


def test_refund_in_review_is_requeued_and_not_retried(shop):
    shop.desk.take_over(STAFF, 3)
    with pytest.raises(UserError) as refused:
        shop.desk.try_now(STAFF, 3)
    assert refused.value.code is ErrorCode.REFUND_NOT_WAITING
    shop.desk.requeue(STAFF, 3)
    assert shop.states()[2] == (RefundState.UNKNOWN, OutboxState.WAITING)
    entry = shop.claim()
    assert entry is not None and entry.refund_id == 3


def test_refund_being_sent_cannot_be_taken_over(shop):
    shop.desk.try_now(STAFF, 1)
    assert shop.claim() is not None
    with pytest.raises(UserError) as refused:
        shop.desk.take_over(STAFF, 1)
    assert refused.value.code is ErrorCode.REFUND_NOT_WAITING
    assert shop.states()[0] == (RefundState.APPROVED, OutboxState.CLAIMED)


def test_refund_queued_behind_another_cannot_be_taken_over(shop):
    """Two open ones of one payment would make the first one's send impossible."""
    with pytest.raises(UserError) as refused:
        shop.desk.take_over(STAFF, 2)
    assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
    assert shop.states() == [WAITING] * 3


def test_refund_interrupted_while_sending_can_be_taken_over(shop):
    with shop.store.transaction() as uow:
        cut = uow.refunds.get(1)
        uow.refunds.save(replace(cut.apply(RefundTrigger.SEND_STARTED), send_count=1))
        uow.commit()
    shop.desk.take_over(STAFF, 1)
    with shop.store.snapshot() as uow:
        taken = uow.refunds.get(1)
    assert taken.state is RefundState.NEEDS_REVIEW
    assert taken.last_unknown_at == shop.clock.now(), "that send may still land"


@pytest.mark.parametrize("action", ["try_now", "requeue", "take_over"])
def test_an_unknown_refund_is_refused(shop, action):
    with pytest.raises(UserError) as refused:
        getattr(shop.desk, action)(STAFF, 99)
    assert refused.value.code is ErrorCode.REFUND_UNKNOWN
    assert shop.calls == []


def test_second_take_over_is_refused(shop):
    shop.desk.take_over(STAFF, 1)
    with pytest.raises(UserError) as refused:
        shop.desk.take_over(STAFF, 1)
    assert refused.value.code is ErrorCode.REFUND_NOT_WAITING


def test_comparing_is_requested_and_the_worker_woken(shop):
    shop.desk.reconcile_now(STAFF)
    assert shop.calls == ["reconcile", "wake"]


def test_list_reads_small_indices_with_many_ended_refunds(shop):
    """No full table scan: settled entries are not read."""
    with shop.store.snapshot() as uow:
        for statement in (_LISTED, _TOTALS):
            text = str(statement.compile(uow.connection))
            plan = uow.connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {text}", tuple(5 for _ in range(text.count("?")))
            )
            walked = [row[3] for row in plan if str(row[3]).startswith("SCAN")]
            assert walked == ["SCAN outbox USING INDEX ix_outbox_payment"]
