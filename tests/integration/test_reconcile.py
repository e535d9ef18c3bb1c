"""PortOne's list against our records, over real HTTP: a rule corrects what it can, other
differences are recorded as mismatches, and nothing is sent before the first comparison."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import PaymentDisposition
from posapp.domain.refunds import RefundOrigin, RefundState
from posapp.services.ports.outbox import MismatchKind
from posapp.services.reconciliation.reconcile_schedule import EVERY_MS
from posapp.services.refunds.unresolved_money import AssignmentResult
from posapp.services.runtime.status_store import SyncEventKind
from posapp.store.files.backup import backup
from posapp.store.files.ledger_check import verify_ledger
from tests.fakes.actors import STAFF
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

LIST = "/payments/status"
ITEM, OTHER, THIRD = 100, 101, 102


@pytest.fixture
def path(tmp_path):
    return tmp_path / "posapp.db"


@pytest.fixture
def till(path, sandbox, clock):
    till = Till(path, sandbox, clock, make_ids=NumberedIds)
    till.stock_shop(
        an_order(10, (5000, 1), (3000, 1), (1000, 2)), an_order(20, (4000, 1)), an_order(30)
    )
    yield till
    till.close()


def reopened(till: Till, path) -> Till:
    """The program again, at the same PortOne."""
    till.close()
    return Till(path, till.sandbox, till.clock, make_ids=NumberedIds)


def restore_from(copy, path) -> None:
    """An older copy takes the place of the file."""
    for each in path.parent.glob(f"{path.name}*"):
        each.unlink()
    shutil.copyfile(copy, path)


def reconcile(till: Till) -> None:
    """Request a comparison and run it."""
    till.reconcile_job.request_full()
    till.work(2)


def ask_back(till: Till, item: int, amount: int):
    return till.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def kinds(till: Till) -> list[MismatchKind]:
    return [one.kind for one in till.unresolved_money_service.mismatches()]


def refunds_of(till: Till, imp_uid: str):
    with till.store.snapshot() as uow:
        return uow.refunds.of_payment(imp_uid)


def payment(till: Till, imp_uid: str):
    with till.store.snapshot() as uow:
        return uow.payments.get(imp_uid)


def test_it_runs_at_the_start_and_every_ten_minutes(till):
    assert till.status_store.status.reconciled_at is None
    till.work(1)
    first = till.status_store.status.reconciled_at
    assert first == till.clock.now()
    till.pass_time(EVERY_MS // 1000 - 60)
    assert till.status_store.status.reconciled_at == first
    till.pass_time(120)
    assert till.status_store.status.reconciled_at > first


def test_a_start_sends_nothing_before_it_has_compared(till, path):
    till.paid_order(10)
    refund = ask_back(till, ITEM, 5000)
    till = reopened(till, path)
    till.sandbox.faults.add("status", path=f"{LIST}/*", status=500)
    till.pass_time(300)
    assert not till.status_store.status.may_send
    assert till.status_store.status.reconcile_trouble
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.APPROVED
    till.sandbox.faults.clear()
    till.pass_time(90)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    till.check_books()
    till.close()


def test_a_cancel_in_the_console_is_found_by_itself(till):
    imp_uid = till.paid_order(10)
    till.books.console_cancel(imp_uid)
    till.pass_time(EVERY_MS // 1000 + 60)
    (found,) = refunds_of(till, imp_uid)
    assert (found.origin, found.amount) == (RefundOrigin.EXTERNAL, 10_000)
    till.check_books()
    assert SyncEventKind.RECONCILED in [one.what for one in till.status_store.recent()]


def test_partial_cancel_of_an_old_payment_is_found_by_the_full_comparison(till):
    imp_uid = till.paid_order(10)
    till.pass_time(3 * 86_400, every=43_200)
    till.books.console_cancel(imp_uid, 3000)
    till.pass_time(EVERY_MS // 1000 + 60)
    assert refunds_of(till, imp_uid) == (), "filed under its old time: not in the short window"
    reconcile(till)
    assert [one.amount for one in refunds_of(till, imp_uid)] == [3000]
    till.check_books()


def test_approved_refund_without_remaining_balance_is_refused_with_reason(till):
    imp_uid = till.paid_order(10)
    refund = ask_back(till, ITEM, 5000)
    till.books.console_cancel(imp_uid)
    reconcile(till)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.REFUSED
    till.check_books()


def test_fault_31_payment_captured_after_the_last_poll_is_attached(till):
    progress = till.payment_service.start(Actor.buyer(BUYER), 20)
    till.books.open(progress.attempt.merchant_uid)
    till.pass_time(25 * 60, every=60)
    with till.store.snapshot() as uow:
        assert uow.attempts.get(progress.attempt.id).next_check_at is None, "nobody looks any more"
    paid = till.books.pay(progress.attempt.merchant_uid, late=True)
    till.pass_time(EVERY_MS // 1000 + 60)
    assert till.order(20).is_paid
    assert payment(till, paid.imp_uid).disposition is PaymentDisposition.ACCEPTED
    till.check_books()


def test_fault_32_second_payment_long_after_the_first_is_refunded(till):
    till.paid_order(20)
    with till.store.snapshot() as uow:
        (attempt,) = uow.attempts.for_order(20)
    till.pass_time(20 * 60, every=60)
    second = till.books.pay(attempt.merchant_uid, late=True, again=True)
    till.pass_time(EVERY_MS // 1000 + 120)
    assert payment(till, second.imp_uid).disposition is PaymentDisposition.REJECTED
    assert till.books.balance(second.imp_uid) == 0
    till.check_books()


def test_payment_unknown_at_portone_is_recorded_once(till):
    imp_uid = till.paid_order(20)
    with till.books._storage.changing():
        del till.books._storage.payments[imp_uid]
    for _ in range(3):
        reconcile(till)
    assert kinds(till) == [MismatchKind.NOT_AT_PORTONE]
    assert payment(till, imp_uid) is not None, "nothing is silently mended"


def of_another(till: Till, number: str, imp_uid: str, **changes) -> None:
    """PortOne's list has a payment like ours under another number."""
    one = till.books.payments()[0]
    till.books.take_over([replace(one, imp_uid=imp_uid, merchant_uid=number, **changes)])


def test_another_systems_payment_in_the_same_account_is_left_alone(till):
    till.paid_order(20)
    of_another(till, "web-0001", "imp_online")
    reconcile(till)
    assert kinds(till) == []
    assert payment(till, "imp_online") is None


def test_another_till_in_the_account_is_recorded_once_and_grows(till):
    """Unknown payments under our prefix are never ignored."""
    till.paid_order(20)
    for number in (1, 2):
        of_another(till, f"pos-ffffff-k-{number:020d}", f"imp_till_{number}")
    of_another(till, "pos-0123", "imp_older_form")
    reconcile(till)
    named = {one.merchant_uid: one for one in till.unresolved_money_service.mismatches()}
    assert {one.kind for one in named.values()} == {MismatchKind.ANOTHER_TILL}
    assert {number: one.amount for number, one in named.items()} == {
        "pos-ffffff": 8000,
        "pos-?": 4000,
    }
    assert "2 payments" in named["pos-ffffff"].evidence
    assert payment(till, "imp_till_1") is None, "its money is not ours to move"
    of_another(till, "pos-ffffff-k-00000000000000000003", "imp_till_3")
    reconcile(till)
    grown = {one.merchant_uid: one.amount for one in till.unresolved_money_service.mismatches()}
    assert grown == {"pos-ffffff": 12_000, "pos-?": 4000}
    till.pass_time(EVERY_MS // 1000 + 60)
    assert len(till.unresolved_money_service.mismatches()) == 2


def test_till_explained_once_stays_known(till):
    till.paid_order(20)
    of_another(till, "pos-ffffff-k-00000000000000000001", "imp_till_1")
    reconcile(till)
    till.explain()
    of_another(till, "pos-ffffff-k-00000000000000000002", "imp_till_2")
    of_another(till, "pos-eeeeee-k-00000000000000000001", "imp_till_3")
    reconcile(till)
    assert [one.merchant_uid for one in till.unresolved_money_service.mismatches()] == [
        "pos-eeeeee"
    ]


def test_many_pages_are_read_to_their_end(till, monkeypatch):
    monkeypatch.setattr("posapp.portone.payment_list.PAGE", 2)
    made = [till.paid_order(number) for number in (10, 20, 30)]
    for imp_uid in made:
        till.books.console_cancel(imp_uid)
    reconcile(till)
    assert all(refunds_of(till, imp_uid) for imp_uid in made)
    till.check_books()


# An older copy in the place of the file.


def test_fault_58_actions_after_the_copy_are_restored(till, path, tmp_path):
    """Paid and refunded after the copy: both come back by their numbers, and none is done again."""
    old = till.paid_order(20)
    till.work(1)
    backup(path, tmp_path / "copy.db")
    new = till.paid_order(10)
    refund = ask_back(till, ITEM, 5000)
    earlier = ask_back(till, 200, 4000)
    till.pass_time(60, every=5)
    states = [
        till.cancellation_service.get_refund(one.id).refund.state for one in (refund, earlier)
    ]
    assert states == [RefundState.CONFIRMED] * 2
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    assert not till.order(10).is_paid
    till.work(2)
    assert payment(till, new).disposition is PaymentDisposition.ACCEPTED
    items = till.order(10).items
    assert [one.status for one in items] == [
        ItemStatus.CANCEL,
        ItemStatus.COMPLETE_PAYMENT,
        ItemStatus.COMPLETE_PAYMENT,
    ]
    assert till.stock_of(ITEM) == STOCK + 1
    assert till.order(20).items[0].status is ItemStatus.CANCEL
    assert [one.state for one in refunds_of(till, old)] == [RefundState.CONFIRMED]
    assert kinds(till) == []
    till.pass_time(1200, every=60)
    assert till.books.balance(new) == 5000
    till.check_books()
    assert isinstance(verify_ledger(path), int)
    till.close()


def test_fault_58_refund_made_after_the_copy_is_not_sent_again(till, path, tmp_path):
    imp_uid = till.paid_order(10)
    refund = ask_back(till, OTHER, 3000)
    backup(path, tmp_path / "copy.db")
    till.pass_time(60, every=5)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.APPROVED
    till.pass_time(60, every=5)
    assert till.cancellation_service.get_refund(refund.id).refund.state is RefundState.CONFIRMED
    assert till.books.balance(imp_uid) == 7000
    till.check_books()
    till.close()


def refunded_again_after_an_older_copy(till, path, tmp_path, monkeypatch) -> tuple[Till, str]:
    """An item of an old payment is refunded after the copy. In the copy it is approved once more
    before the books were compared (without the guard that forbids it)."""
    monkeypatch.setattr("posapp.services.refunds.cancel_item.guard_reconciled", lambda uow: None)
    imp_uid = till.paid_order(10)
    till.pass_time(3 * 86_400, every=43_200)
    backup(path, tmp_path / "copy.db")
    ask_back(till, OTHER, 3000)
    till.pass_time(60, every=5)
    till.close()
    restore_from(tmp_path / "copy.db", path)
    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    ask_back(till, OTHER, 3000)
    till.pass_time(120, every=5)
    return till, imp_uid


def test_fault_58_the_same_item_is_not_refunded_twice_under_two_tags(
    till, path, tmp_path, monkeypatch
):
    till, imp_uid = refunded_again_after_an_older_copy(till, path, tmp_path, monkeypatch)
    assert till.books.balance(imp_uid) == 7000, "three thousand went back once"
    states = sorted(one.state for one in refunds_of(till, imp_uid))
    assert states == [RefundState.CONFIRMED, RefundState.REFUSED]
    till.check_books()
    till.close()


def test_fault_58_twin_without_the_tags_it_is_refunded_twice(till, path, tmp_path, monkeypatch):
    for where in ("bookkeeping.external_cancellations", "refunds.complete_refund"):
        monkeypatch.setattr(f"posapp.services.{where}.restore_refunds", lambda *_, name=True: None)
    monkeypatch.setattr("posapp.domain.refund_evidence.names_item", lambda *_: False)
    for where in ("bookkeeping.payment_records", "refunds.refund_protocol"):
        monkeypatch.setattr(f"posapp.services.{where}.is_in_doubt", lambda *_: False)
    till, imp_uid = refunded_again_after_an_older_copy(till, path, tmp_path, monkeypatch)
    assert till.books.balance(imp_uid) == 4000, "the same three thousand went back twice"
    till.close()


def test_fault_58_automatic_refund_is_not_repeated(till, path, tmp_path):
    """A second payment was returned after the copy: it is no sale in the copy's eyes either."""
    backup(path, tmp_path / "copy.db")
    first = till.paid_order(20)
    with till.store.snapshot() as uow:
        (attempt,) = uow.attempts.for_order(20)
    second = till.books.pay(attempt.merchant_uid, late=True, again=True).imp_uid
    till.pass_time(EVERY_MS // 1000 + 120)
    assert till.books.balance(second) == 0
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    till.pass_time(EVERY_MS // 1000 + 120)
    assert payment(till, first).disposition is PaymentDisposition.ACCEPTED
    assert payment(till, second).disposition is PaymentDisposition.REJECTED
    assert till.books.balance(first) == 4000
    till.check_books()
    till.close()


def test_fault_58_matching_payment_of_a_lost_number_pays_the_order(till, path, tmp_path):
    """Seed 77007 of the simulator: a payment of another amount was made first under that number and
    refunded."""
    backup(path, tmp_path / "copy.db")
    number = till.payment_service.start(Actor.buyer(BUYER), 20).attempt.merchant_uid
    other = till.books.pay(number, 5000).imp_uid
    till.pass_time(60, every=5)
    right = till.books.pay(number, late=True, again=True).imp_uid
    till.pass_time(EVERY_MS // 1000 + 120)
    assert till.order(20).is_paid
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    till.pass_time(EVERY_MS // 1000 + 120)
    assert payment(till, other).disposition is PaymentDisposition.REJECTED
    assert payment(till, right).disposition is PaymentDisposition.ACCEPTED
    assert kinds(till) == []
    till.check_books()
    till.close()


def test_fault_58_payment_that_fits_no_order_is_recorded_and_not_refunded(till, path, tmp_path):
    """After the copy one item was cancelled and the rest paid: the copy expects another sum."""
    backup(path, tmp_path / "copy.db")
    till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, "품절")
    imp_uid = till.paid_order(10)
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    till.pass_time(1800, every=60)
    (found,) = till.unresolved_money_service.mismatches()
    assert (found.kind, found.imp_uid) == (MismatchKind.LOST_PAYMENT, imp_uid)
    assert found.amount == Won(5000)
    assert till.books.balance(imp_uid) == 5000, "nobody but a person sends it back"
    with till.store.snapshot() as uow:
        facts = [row.entry.event for row in uow.ledger.rows(0, 100)]
    assert LedgerEvent.PAYMENT_CAPTURED not in facts
    till.close()


@pytest.mark.parametrize("said", ["melted", "cancelled"])
@pytest.mark.parametrize("paid", [False, True], ids=["failed", "paid"])
def test_unclear_status_pays_no_restored_order(till, path, tmp_path, said, paid):
    """Read with an unknown status, or as cancelled with nothing cancelled: whether the buyer paid
    is unknown until PortOne shows it."""
    backup(path, tmp_path / "copy.db")
    number = till.payment_service.start(Actor.buyer(BUYER), 10).attempt.merchant_uid
    imp_uid = (till.books.pay(number) if paid else till.books.fail(number)).imp_uid
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    till.sandbox.faults.add("lie", fields={"status": said}, method="GET", path="/payments/*")
    till.sandbox.faults.add(
        "lie", fields={"response.list.0.status": said}, method="GET", path="/payments/status/*"
    )
    till.pass_time(600, every=60)
    assert not till.order(10).is_paid
    (found,) = till.unresolved_money_service.mismatches()
    assert (found.kind, found.imp_uid) == (MismatchKind.LOST_PAYMENT, imp_uid)
    till.sandbox.faults.clear()
    till.pass_time(1300, every=60)
    assert till.order(10).is_paid == paid
    assert till.ledger_balance() == till.portone_balance() == (10_000 if paid else 0)
    till.close()


def test_mismatch_after_an_explained_opposite_is_reported_again(till, path, tmp_path):
    """The same difference was explained before, but a later explanation cancelled that out."""
    backup(path, tmp_path / "copy.db")
    till.cancellation_service.cancel(Actor.seller(SELLER), ITEM, "품절")
    imp_uid = till.paid_order(10)
    till.close()
    restore_from(tmp_path / "copy.db", path)

    till = Till(path, till.sandbox, till.clock, make_ids=NumberedIds)
    conduct, gaps = till.sandbox.faults.conduct, []
    for zero in (False, True, False, True, False):
        conduct.change(zero_paid=zero)
        till.pass_time(1800, every=60)
        reconcile(till)
        (found,) = till.unresolved_money_service.mismatches()
        assert (found.kind, found.imp_uid) == (MismatchKind.LOST_PAYMENT, imp_uid)
        gaps.append(found.ledger_gap)
        till.explain()
        reconcile(till)
        assert till.unresolved_money_service.mismatches() == (), "just that was explained"
    assert gaps == [5000, -5000, 5000, -5000, 5000]
    with till.store.snapshot() as uow:
        explained = sum(one.ledger_gap for one in uow.mismatches.of_payment(imp_uid))
    assert explained == till.books.balance(imp_uid) == 5000
    till.close()


def test_fault_58_tag_of_no_item_is_recorded_and_counted(till):
    imp_uid = till.paid_order(10)
    till.books.console_cancel(imp_uid, 1234, f"x {NumberedIds('').refund_tag(ITEM)}")
    reconcile(till)
    assert kinds(till) == [MismatchKind.LOST_REFUND]
    (found,) = refunds_of(till, imp_uid)
    assert (found.origin, found.amount) == (RefundOrigin.EXTERNAL, 1234)
    assert till.order(10).items[0].status is ItemStatus.COMPLETE_PAYMENT
    till.check_books()


def test_taken_over_refund_made_in_the_console_is_not_repeated(till):
    """Console cancels have no tag of ours: a review decides whether that cancel was this refund."""
    imp_uid = till.paid_order(10)
    desk = till.sync_service
    refund = ask_back(till, OTHER, 3000)
    desk.take_over(STAFF, refund.id)
    till.books.console_cancel(imp_uid, 3000, "고객 요청")
    reconcile(till)
    assert [one.state for one in refunds_of(till, imp_uid)] == [RefundState.NEEDS_REVIEW]
    desk.requeue(STAFF, refund.id)
    till.pass_time(600)
    assert till.books.balance(imp_uid) == 7000, "three thousand went back once"
    assert (
        till.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    assert till.books.balance(imp_uid) == 7000
    till.check_books()
