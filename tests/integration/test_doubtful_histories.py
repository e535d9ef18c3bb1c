"""PortOne's answers omit something, cut something off, or are unreadable: each refund is made once,
and doubtful cases are recorded."""

from __future__ import annotations

import shutil
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import GatewayCause, GatewayError, GatewayOutcome
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import ReportedPayment
from posapp.domain.refunds import RefundAnswer, RefundState
from posapp.portone import payloads
from posapp.services.maintenance.journal_job import JournalJob
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.ports.gateway import PaymentPage, UnreadableLine
from posapp.services.ports.outbox import MismatchKind
from posapp.services.sync.close_safety import CloseSafety, SafetyReason
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.actors import STAFF
from tests.fakes.till import SELLER, Till, an_order
from tests.fakes.world import NumberedIds

ITEM, OTHER = 100, 101


class Bent:
    """A gateway wrapper that alters readings of payments.

    Attributes:
        bend: alters each payment that is read.
        unreadable: payments whose reading ends in an error of PortOne.
    """

    def __init__(self, real) -> None:
        self._real = real
        self.bend = lambda reported: reported
        self.unreadable: set[str] = set()
        self.lost_answers = 0
        self.list_trouble: GatewayError | None = None

    def __getattr__(self, name):
        return getattr(self._real, name)

    def get_payment(self, ref) -> ReportedPayment | None:
        if ref.provider_id in self.unreadable:
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.SERVER)
        found = self._real.get_payment(ref)
        return found and self.bend(found)

    def cancel(self, order) -> RefundAnswer:
        answer = self._real.cancel(order)
        if self.lost_answers:
            self.lost_answers -= 1
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)
        return replace(answer, payment=self.bend(answer.payment))

    def list_payments(self, *arguments) -> PaymentPage:
        if self.list_trouble is not None:
            raise self.list_trouble
        page = self._real.list_payments(*arguments)
        return replace(page, payments=tuple(map(self.bend, page.payments)))


@pytest.fixture
def till(tmp_path, sandbox, clock):
    till = Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds, through=Bent)
    till.stock_shop(an_order(10, (5000, 1), (3000, 1), (1000, 2)), an_order(20, (4000, 1)))
    yield till
    till.close()


def ask_back(till: Till, item: int, amount: int):
    return till.cancellation_service.refund(Actor.seller(SELLER), item, "품절", amount)


def state(till: Till, refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def test_missing_history_is_waited_for_and_nothing_is_sent_twice(till):
    imp_uid = till.paid_order(10)
    till.gateway.bend = lambda one: replace(one, history=())
    refund = ask_back(till, OTHER, 3000)
    till.pass_time(1800, every=20)
    assert till.books.balance(imp_uid) == 7000
    assert state(till, refund) is RefundState.NEEDS_REVIEW
    till.gateway.bend = lambda one: one
    till.unresolved_money_service.retry(STAFF, refund.id)
    till.pass_time(60, every=5)
    assert state(till, refund) is RefundState.CONFIRMED
    assert till.books.balance(imp_uid) == 7000
    till.check_books()


def cut(one: ReportedPayment) -> ReportedPayment:
    """KakaoPay kept the first ten characters of each reason."""
    lines = tuple(replace(line, reason=line.reason[:10]) for line in one.cancellations)
    return replace(one, history=lines)


def test_tag_cut_in_the_middle_is_unassigned_and_not_sent_again(till):
    imp_uid = till.paid_order(10)
    till.gateway.bend = cut
    till.gateway.lost_answers = 1
    refund = ask_back(till, OTHER, 3000)
    till.pass_time(1800, every=20)
    assert till.books.balance(imp_uid) == 7000
    assert state(till, refund) is RefundState.NEEDS_REVIEW
    till.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
    assert state(till, refund) is RefundState.CONFIRMED
    till.check_books()


def unpunctuated(one: ReportedPayment) -> ReportedPayment:
    """KakaoPay keeps letters and digits of a reason."""
    lines = tuple(
        replace(line, reason="".join(c if c.isalnum() or c == " " else "?" for c in line.reason))
        for line in one.cancellations
    )
    return replace(one, history=lines)


def wordless(one: ReportedPayment) -> ReportedPayment:
    lines = tuple(replace(line, reason="") for line in one.cancellations)
    return replace(one, history=lines)


def refunded_before_an_older_copy(till: Till, tmp_path, bend) -> tuple[Till, str]:
    """The item's refund was sent after the copy. Its tag is read back damaged, so the records show
    it as an external cancel, and it is explained as one."""
    imp_uid = till.paid_order(10)
    backup(tmp_path / "posapp.db", tmp_path / "copy.db")
    first = ask_back(till, OTHER, 3000)
    till.pass_time(60, every=5)
    assert state(till, first) is RefundState.CONFIRMED
    till.close()
    for each in tmp_path.glob("posapp.db*"):
        each.unlink()
    shutil.copyfile(tmp_path / "copy.db", tmp_path / "posapp.db")
    till = Till(
        tmp_path / "posapp.db", till.sandbox, till.clock, make_ids=NumberedIds, through=Bent
    )
    till.gateway.bend = bend
    till.work(2)
    till.explain()
    return till, imp_uid


@pytest.mark.parametrize("bend", [unpunctuated, wordless, cut])
def test_explained_cancel_of_the_items_amount_may_still_be_the_item(till, tmp_path, bend):
    till, imp_uid = refunded_before_an_older_copy(till, tmp_path, bend)
    again = ask_back(till, OTHER, 3000)
    till.pass_time(1800, every=20)
    assert till.books.balance(imp_uid) == 7000, "three thousand went back once"
    assert state(till, again) is RefundState.NEEDS_REVIEW
    assert till.cancellation_service.get_refund(again.id).refund.send_count == 0
    till.unresolved_money_service.assign_cancellation(STAFF, again.id, ours=True)
    till.pass_time(600, every=20)
    assert till.order(10).items[1].status is ItemStatus.CANCEL
    assert till.books.balance(imp_uid) == 7000
    assert till.unresolved_money_service.mismatches() == ()
    till.check_books()
    till.close()


def nameless(one: ReportedPayment) -> ReportedPayment:
    """PortOne has not numbered its lines yet (``portone.wire`` names them then)."""
    lines = tuple(
        replace(line, cancellation_id=f"~{int(line.cancelled_at.timestamp())}-{line.amount}-1")
        for line in one.cancellations
    )
    return replace(one, history=lines)


def test_a_line_that_gets_its_number_later_is_the_same_line(till):
    imp_uid = till.paid_order(10)
    till.gateway.bend = nameless
    till.books.console_cancel(imp_uid, 6000)
    till.reconcile_job.request_full()
    till.work(2)
    till.gateway.bend = lambda one: one
    till.explain()
    refund = ask_back(till, OTHER, 3000)
    till.pass_time(60, every=5)
    assert state(till, refund) is RefundState.CONFIRMED
    with till.store.snapshot() as uow:
        assert [one.amount for one in uow.refunds.of_payment(imp_uid)] == [6000, 3000]
    till.check_books()


def test_one_payment_that_cannot_be_read_holds_up_no_other(till):
    unreadable, readable = till.paid_order(10), till.paid_order(20)
    for imp_uid in (unreadable, readable):
        till.books.console_cancel(imp_uid, 1000)
    till.gateway.unreadable.add(unreadable)
    till.reconcile_job.request_full()
    till.work(2)
    with till.store.snapshot() as uow:
        assert uow.refunds.of_payment(readable)
        assert not uow.refunds.of_payment(unreadable)
    assert till.status_store.status.may_send
    assert till.status_store.status.reconcile_trouble == "server"
    till.gateway.unreadable.clear()
    till.pass_time(3600, every=60)
    with till.store.snapshot() as uow:
        assert uow.refunds.of_payment(unreadable), "the same time was looked at again"
    assert till.status_store.status.reconcile_trouble == ""
    till.check_books()


def test_list_without_answers_is_red_and_90_days_are_not_reread_each_time(till):
    requested: list[int] = []

    class Counting:
        def __call__(self, since, until, cursor=None):
            requested.append((until - since).days)
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)

    till.gateway.list_payments = Counting()
    till.pass_time(3 * 3600, every=30)
    desk = till.sync_service
    report = desk.report()
    assert (report.close_safety, report.reason) == (CloseSafety.RED, SafetyReason.CANNOT_COMPARE)
    assert not till.status_store.status.may_send
    assert len(requested) < 250


def test_failing_full_comparison_does_not_stop_short_ones(till):
    till.work(2)
    wide: list[int] = []
    real = till.gateway._real.list_payments

    def listing(since, until, cursor=None):
        if (until - since).days > 7:
            wide.append(1)
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.GARBAGE)
        return real(since, until, cursor)

    till.gateway.list_payments = listing
    till.reconcile_job.request_full()
    till.pass_time(3 * 3600, every=30)
    assert len(wide) < 8
    assert till.status_store.status.reconcile_trouble == ""
    imp_uid = till.paid_order(20)
    till.books.console_cancel(imp_uid)
    till.pass_time(1200, every=30)
    till.check_books()


def test_another_systems_payment_that_cannot_be_believed_is_kept_apart():
    """A dollar sale of the same account has decimals, which no payment of ours has."""
    theirs = {"imp_uid": "imp_7", "merchant_uid": "web-1", "amount": 10.5}
    page = payloads.page({"list": [theirs, {"imp_uid": None}, None], "total": 3, "next": 0})
    assert page.payments == ()
    assert page.unreadable == (
        UnreadableLine("imp_7", "web-1", "amount"),
        UnreadableLine("", "", "amount"),
        UnreadableLine("", "", "payment"),
    )


def test_newer_order_of_a_number_does_not_take_the_older_ones_money(till):
    number = NumberedIds(till_code(till)).merchant_uid(30)
    till.paid_order(20)
    paid = till.books.payments()[0]
    till.books.take_over([replace(paid, imp_uid="imp_lost", merchant_uid=number, amount=5000)])
    till.pass_time(3600, every=600)
    with till.store.transaction() as uow:
        uow.catalogue.add_orders([replace(an_order(30), created_at=till.clock.now())])
        uow.commit()
    till.reconcile_job.request_full()
    till.work(2)
    assert not till.order(30).is_paid
    (found,) = till.unresolved_money_service.mismatches()
    assert (found.kind, found.amount) == (MismatchKind.LOST_PAYMENT, Won(5000))


def till_code(till: Till) -> str:
    with till.store.snapshot() as uow:
        return uow.checkpoints.till_code()


# An older copy, and a journal that knows more.


def keep_journal(till: Till, path) -> None:
    """Run the journal job, as a till does each second."""
    JournalJob(till.store, FileIntentJournal(journal_path(path)), till.clock).run()


def restore_with_journal(till: Till, copy, path) -> Till:
    """The program again on an older copy, its journal as it was."""
    keep_journal(till, path)
    till.close()
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        each.unlink(missing_ok=True)
    shutil.copyfile(copy, path)
    again = Till(path, till.sandbox, till.clock, make_ids=NumberedIds, through=Bent)
    recover_journal(again.store, FileIntentJournal(journal_path(path)), again.clock)
    return again


def test_restored_refund_precedes_refunds_that_waited_in_the_copy(till, tmp_path):
    """Two approved without a network, the copy made between them: neither locks the other."""
    path = tmp_path / "posapp.db"
    imp_uid = till.paid_order(10)
    first = ask_back(till, ITEM, 5000)
    backup(path, tmp_path / "copy.db")
    ask_back(till, OTHER, 3000)
    till = restore_with_journal(till, tmp_path / "copy.db", path)
    till.pass_time(120, every=5)
    (second,) = (
        row.refund for row in till.unresolved_money_service.refunds() if row.refund.id != first.id
    )
    assert second.state is RefundState.NEEDS_REVIEW
    assert state(till, first) is RefundState.APPROVED, "it waits behind what a person has in hand"
    till.unresolved_money_service.retry(STAFF, second.id)
    till.pass_time(1800, every=20)
    assert [state(till, one) for one in (first, second)] == [RefundState.CONFIRMED] * 2
    assert till.books.balance(imp_uid) == 2000
    till.check_books()
    till.close()


def test_refund_unsent_in_an_older_copy_may_have_been_sent(till, tmp_path):
    """It was sent after the copy, and KakaoPay cut the tag off: a review decides whose line it
    is."""
    path = tmp_path / "posapp.db"
    imp_uid = till.paid_order(10)
    refund = ask_back(till, OTHER, 3000)
    backup(path, tmp_path / "copy.db")
    keep_journal(till, path)
    till.pass_time(60, every=5)
    assert state(till, refund) is RefundState.CONFIRMED
    till = restore_with_journal(till, tmp_path / "copy.db", path)
    till.gateway.bend = cut
    till.pass_time(1800, every=20)
    assert till.books.balance(imp_uid) == 7000
    assert state(till, refund) is RefundState.NEEDS_REVIEW
    till.close()


def test_older_copy_raises_no_false_alarm_about_later_sends(till, tmp_path):
    path = tmp_path / "posapp.db"
    till.paid_order(10)
    refund = ask_back(till, OTHER, 3000)
    backup(path, tmp_path / "copy.db")
    keep_journal(till, path)
    till.pass_time(60, every=5)
    till = restore_with_journal(till, tmp_path / "copy.db", path)
    till.pass_time(120, every=5)
    assert state(till, refund) is RefundState.CONFIRMED
    assert till.unresolved_money_service.mismatches() == ()
    till.check_books()
    till.close()
