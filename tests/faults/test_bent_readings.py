"""Readings and answers altered on purpose: reasons that look like tags, lines that are cut,
renamed, late or gone again, an older reading, an older copy. Either the money is right, or the
difference is recorded and waits for a review."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, GatewayCause, GatewayError, GatewayOutcome, UserError
from posapp.domain.ledger import LedgerEvent
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.refunds import Refund, RefundOrigin, RefundState
from posapp.sandbox.cancelling import CancelOrder, carried_out
from posapp.services.bookkeeping.external_cancellations import record_external_cancellations
from posapp.services.maintenance.recover_journal import recover_journal
from posapp.services.orders.fulfilment import FulfilmentService
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.services.refunds.unresolved_money import AssignmentResult
from posapp.store.files.backup import backup
from posapp.store.files.refund_journal import FileIntentJournal, journal_path
from tests.fakes.access import EVERYTHING
from tests.fakes.actors import STAFF
from tests.fakes.fixtures import clock, sandbox
from tests.fakes.payments import payment_ref
from tests.fakes.till import BUYER, SELLER, STOCK, Till, an_order
from tests.fakes.world import NumberedIds

__all__ = ["clock", "sandbox"]

CANCEL = "/payments/cancel"
ITEM, OTHER, THIRD = 100, 101, 102
LIMIT = "결제취소에 실패하였습니다. 한도 초과"
PAID, CANCELLED = ItemStatus.COMPLETE_PAYMENT, ItemStatus.CANCEL


@pytest.fixture
def make_till(tmp_path, sandbox, clock):
    """Makes tills over one file, closed in the end; each takes the place of the one before."""
    tills: list[Till] = []

    def make(**options) -> Till:
        if tills:
            tills[-1].close()
        tills.append(Till(tmp_path / "posapp.db", sandbox, clock, make_ids=NumberedIds, **options))
        return tills[-1]

    yield make
    tills[-1].close()


@pytest.fixture
def till(make_till):
    return make_till()


@pytest.fixture
def paid(till):
    """A paid order of three items (5,000 + 3,000 + 2 × 1,000 won)."""
    return pay(till, (5000, 1), (3000, 1), (1000, 2))


def pay(till: Till, *lines: tuple[int, int]) -> Till:
    till.stock_shop(an_order(10, *lines), an_order(20, (4000, 1)))
    till.imp_uid = till.paid_order(10)
    return till


def ask(till: Till, item: int = ITEM, amount: int = 5000, reason: str = "단순 변심") -> Refund:
    return till.cancellation_service.refund(Actor.buyer(BUYER), item, reason, amount)


def state(till: Till, refund: Refund) -> RefundState:
    return till.cancellation_service.get_refund(refund.id).refund.state


def refused(till: Till, item: int = ITEM, amount: int = 5000) -> Refund:
    """A refund that PortOne refused in words that are believed."""
    till.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    refund = ask(till, item, amount)
    till.work(1)
    assert state(till, refund) is RefundState.REFUSED
    return refund


def land(till: Till, refund: Refund) -> None:
    """Carry out the send of the refund now; its checksum was compared on arrival."""
    order = CancelOrder(
        imp_uid=refund.imp_uid, amount=int(refund.amount), reason=refund.tagged_reason
    )
    payment = till.books.payment(refund.imp_uid)
    conduct, now = till.sandbox.faults.conduct, int(till.clock.unix())
    till.books._put(carried_out(payment, order, conduct, now))


def compare(till: Till, seconds: int = 1200) -> None:
    till.reconcile_job.request_full()
    till.pass_time(seconds, every=20)


def statuses(till: Till) -> list[ItemStatus]:
    return [item.status for item in till.order(10).items]


def external_cancellations(till: Till) -> list[int]:
    """Won of each cancel that is recorded as external."""
    with till.store.snapshot() as uow:
        refunds = uow.refunds.of_payment(till.imp_uid)
    return [int(one.amount) for one in refunds if one.origin is RefundOrigin.EXTERNAL]


def named(till: Till) -> list[tuple[MismatchKind, int, int]]:
    """Open mismatches: kind, and the won that PortOne holds above the worth of the goods and above
    the ledger."""
    waiting = till.unresolved_money_service.mismatches()
    return [(one.kind, int(one.goods_gap), int(one.ledger_gap)) for one in waiting]


def differs(goods: int, ledger: int) -> list[tuple[MismatchKind, int, int]]:
    return [(MismatchKind.CANCELS_DIFFER, goods, ledger)]


# Reasons that look like what they are not.


def test_text_like_another_items_tag_refunds_the_requested_item(till):
    """PortOne cuts reasons, so that nothing but the buyer's words is left of this one."""
    pay(till, (5000, 1), (5000, 1), (1000, 1))
    text = "[RF-2T-000000]"  # as a tag of OTHER
    till.sandbox.faults.conduct.change(reasons="cut", reason_limit=len(text))
    refund = ask(till, ITEM, 5000, text)
    till.pass_time(3600, every=20)
    assert state(till, refund) is RefundState.CONFIRMED
    assert statuses(till) == [CANCELLED, PAID, PAID]
    assert (till.stock_of(ITEM), till.stock_of(OTHER)) == (STOCK + 1, STOCK)
    assert till.books.balance(till.imp_uid) == 6000
    assert named(till) == []
    till.check_books()


def test_console_cancel_with_tag_of_confirmed_refund_is_recorded_not_sent(
    till,
):
    pay(till, (5000, 1), (3000, 1), (9000, 1))
    first = ask(till, ITEM, 5000)
    till.work(2)
    assert state(till, first) is RefundState.CONFIRMED
    second = ask(till, OTHER, 3000)
    till.books.console_cancel(till.imp_uid, 3000, reason=first.tagged_reason)
    till.work(2)
    assert state(till, second) is RefundState.APPROVED
    assert named(till) == differs(-3000, -3000)
    till.pass_time(3600, every=20)
    assert state(till, second) is RefundState.NEEDS_REVIEW
    assert named(till) == differs(-3000, -3000)
    assert statuses(till) == [CANCELLED, PAID, PAID]
    assert till.books.balance(till.imp_uid) == 9000
    assert till.ledger_balance() == 12_000, "3,000 won more than PortOne holds, as is named"


def test_console_cancel_with_tag_of_refused_refund_is_recorded_not_sent(till):
    pay(till, (5000, 1), (3000, 1), (9000, 1))
    first = refused(till)
    second = ask(till, OTHER, 3000)
    till.books.console_cancel(till.imp_uid, 3000, reason=first.tagged_reason)
    till.work(2)
    assert named(till) == differs(-3000, -3000)
    till.pass_time(3600, every=20)
    assert state(till, first) is RefundState.REFUSED
    assert state(till, second) is RefundState.NEEDS_REVIEW
    assert statuses(till) == [PAID, PAID, PAID]
    assert till.books.balance(till.imp_uid) == 14_000
    assert till.ledger_balance() == 17_000, "3,000 won more than PortOne holds, as is named"


def test_a_cut_tag_beside_another_amount_is_never_taken_for_the_refund(paid):
    refund = ask(paid)
    paid.books.console_cancel(paid.imp_uid, 3000, reason="고객 [RF-2S")
    paid.pass_time(1800, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    with pytest.raises(UserError) as error:
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
    assert error.value.code is ErrorCode.REFUND_AMOUNT_DIFFERS
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert statuses(paid) == [PAID, PAID, PAID]
    assert paid.books.balance(paid.imp_uid) == 7000
    assert paid.ledger_balance() == 10_000, "nothing is entered before a person has decided"


# Differences that end, and begin again.


def test_an_explanation_does_not_cover_the_next_cancel_of_the_same_amount(paid):
    """A console cancel was explained; then a review assigns it to our refund, and nothing differs
    any more. The next cancel of that amount is another."""
    rule = paid.sandbox.faults.add("drop_before", path=CANCEL)
    refund = ask(paid, OTHER, 3000)
    paid.books.console_cancel(paid.imp_uid, 3000, reason="전화 환불")
    compare(paid, 60)
    paid.sandbox.faults.remove(rule)
    paid.pass_time(600, every=20)
    assert named(paid) == differs(-3000, 0)
    paid.explain()
    paid.pass_time(600, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert ended(paid) == 0
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    assert ended(paid) == 1, "the ledger says that it is over, as it said that it was explained"
    assert statuses(paid) == [PAID, CANCELLED, PAID]
    assert named(paid) == []
    paid.check_books()
    paid.books.console_cancel(paid.imp_uid, 3000, reason="또 다른")
    compare(paid)
    assert named(paid) == differs(-3000, 0)
    assert external_cancellations(paid) == [3000, 3000]
    assert paid.books.balance(paid.imp_uid) == 4000
    paid.check_books()


def test_one_of_two_explained_cancels_is_ours_and_no_decision_follows(paid):
    rule = paid.sandbox.faults.add("drop_before", path=CANCEL)
    refund = ask(paid, OTHER, 3000)
    paid.books.console_cancel(paid.imp_uid, 3000, reason="전화 환불")
    paid.books.console_cancel(paid.imp_uid, 1000, reason="서비스")
    compare(paid, 60)
    paid.sandbox.faults.remove(rule)
    paid.pass_time(600, every=20)
    assert named(paid) == differs(-4000, 0)
    paid.explain()
    paid.pass_time(600, every=20)
    assert state(paid, refund) is RefundState.NEEDS_REVIEW
    assert (
        paid.unresolved_money_service.assign_cancellation(STAFF, refund.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    assert statuses(paid) == [PAID, CANCELLED, PAID]
    assert named(paid) == [], "1,000 of what was explained is left"
    compare(paid)
    assert named(paid) == []
    paid.books.console_cancel(paid.imp_uid, 2000, reason="또 다른")
    compare(paid)
    assert named(paid) == differs(-2000, 0)
    paid.check_books()


def ended(till: Till) -> int:
    """How many differences that were explained are over, as the ledger has it."""
    with till.store.snapshot() as uow:
        facts = [row.entry for row in uow.ledger.for_order(10)]
    over = [one for one in facts if one.reason == "differs no more"]
    assert {(one.event, one.amount) for one in over} <= {(LedgerEvent.MISMATCH_EXPLAINED, 0)}
    return len(over)


def test_lost_refund_found_to_be_ours_does_not_cover_the_next_cancel(till):
    pay(till, (5000, 1), (5000, 1), (9000, 1))
    first = refused(till)
    till.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    second = ask(till)
    till.work(1)
    assert state(till, second) is RefundState.UNKNOWN
    land(till, first)
    till.pass_time(2000, every=20)
    assert named(till) == [(MismatchKind.LOST_REFUND, -5000, -5000)]
    assert [one.refund.id for one in till.unresolved_money_service.refunds()] == [second.id]
    assert (
        till.unresolved_money_service.assign_cancellation(STAFF, second.id, ours=True)
        is AssignmentResult.CONFIRMED
    )
    assert statuses(till) == [CANCELLED, PAID, PAID]
    till.check_books()
    till.books.console_cancel(till.imp_uid, 5000)
    compare(till)
    assert named(till) == [(MismatchKind.LOST_REFUND, 0, 0), *differs(-5000, 0)]
    assert external_cancellations(till) == [5000]
    assert till.books.balance(till.imp_uid) == 9000
    till.check_books()


class Vanishing:
    """A gateway that can lose all payments from its readings and lists."""

    def __init__(self, gateway) -> None:
        self._gateway, self.gone = gateway, False

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def get_payment(self, ref):
        return None if self.gone else self._gateway.get_payment(ref)

    def list_payments(self, *window):
        page = self._gateway.list_payments(*window)
        return replace(page, payments=()) if self.gone else page


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
def test_explained_payment_that_disappears_again_is_reported_again(make_till, restarted):
    till = make_till(through=Vanishing)
    pay(till, (5000, 1))
    missing = [(MismatchKind.NOT_AT_PORTONE, -5000, -5000)]
    till.gateway.gone = True
    compare(till, 60)
    assert named(till) == missing
    till.explain()
    till.gateway.gone = False
    compare(till, 60)
    assert named(till) == []
    if restarted:
        till = make_till(through=Vanishing)
    till.gateway.gone = True
    compare(till)
    assert named(till) == missing
    till.check_books()


# Readings that are old, or name lines otherwise.


class Stale:
    """A gateway that repeats its last reading while ``is_stale``."""

    def __init__(self, gateway) -> None:
        self._gateway, self._last, self.is_stale = gateway, None, False

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def get_payment(self, ref):
        if not self.is_stale:
            self._last = self._gateway.get_payment(ref)
        return self._last


@pytest.fixture
def stale(make_till):
    """Three items are paid for, and the readings stay as they are now."""
    till = pay(make_till(through=Stale), (5000, 1), (3000, 1), (1000, 2))
    till.gateway.get_payment(payment_ref(till.imp_uid))
    till.gateway.is_stale = True
    return till


def test_a_reading_older_than_a_refund_that_was_made_refuses_no_other(stale):
    first = ask(stale)
    stale.work(2)
    assert state(stale, first) is RefundState.CONFIRMED
    second = ask(stale, OTHER, 3000)
    stale.pass_time(180, every=20)
    assert state(stale, second) is RefundState.APPROVED
    assert stale.books.balance(stale.imp_uid) == 5000
    stale.check_books()
    stale.gateway.is_stale = False
    stale.pass_time(1200, every=20)
    assert state(stale, second) is RefundState.CONFIRMED
    assert statuses(stale) == [CANCELLED, CANCELLED, PAID]
    assert stale.books.balance(stale.imp_uid) == 2000
    assert named(stale) == []
    stale.check_books()


def test_a_refused_checksum_beside_an_old_reading_proves_nothing(stale):
    """The answer of the first send is lost, and no reading shows yet that it was carried out."""
    stale.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    refund = ask(stale)
    stale.pass_time(1800, every=20)
    assert state(stale, refund) is RefundState.UNKNOWN
    assert stale.books.balance(stale.imp_uid) == 5000
    stale.gateway.is_stale = False
    stale.pass_time(1200, every=20)
    assert state(stale, refund) is RefundState.CONFIRMED
    assert statuses(stale) == [CANCELLED, PAID, PAID]
    assert stale.books.balance(stale.imp_uid) == 5000
    assert named(stale) == []
    stale.check_books()


class Renaming:
    """A gateway of which every reading names the cancels anew."""

    def __init__(self, gateway) -> None:
        self._gateway, self._readings = gateway, 0

    def __getattr__(self, name):
        return getattr(self._gateway, name)

    def get_payment(self, ref):
        reported = self._gateway.get_payment(ref)
        self._readings += 1
        lines = (
            replace(line, cancellation_id=f"{line.cancellation_id}-{self._readings}")
            for line in reported.cancellations
        )
        return replace(reported, history=tuple(lines))


def test_console_cancel_with_changing_number_is_recorded_once(make_till):
    till = pay(make_till(through=Renaming), (5000, 1), (3000, 1), (1000, 2))
    till.books.console_cancel(till.imp_uid, 2000)
    for _ in range(4):
        compare(till, 60)
        assert external_cancellations(till) == [2000]
        assert named(till) == differs(-2000, 0)
        assert till.books.balance(till.imp_uid) == 8000
        till.check_books()


# Sends that are carried out late.


@pytest.mark.parametrize("body", ["code", "page"])
def test_cancel_answered_401_with_other_text_is_made_once(paid, body):
    faults = paid.sandbox.faults
    if body == "code":
        faults.add("envelope", path=CANCEL, uses=1, code=-1, http=401, message="일시적인 오류")
    else:
        faults.add("status", path=CANCEL, uses=1, status=401)
    refund = ask(paid)
    paid.pass_time(30, every=5)
    assert state(paid, refund) is RefundState.UNKNOWN
    assert paid.books.balance(paid.imp_uid) == 10_000, "not sent again"
    land(paid, refund)
    compare(paid, 600)
    assert state(paid, refund) is RefundState.CONFIRMED
    assert statuses(paid) == [CANCELLED, PAID, PAID]
    assert paid.books.balance(paid.imp_uid) == 5000
    assert named(paid) == []
    paid.check_books()


def test_older_copy_waits_for_possible_sends_of_the_newer_file(
    make_till, tmp_path, clock, monkeypatch
):
    """In the copy the refund was refused beside a failed reading, so no send could arrive late. The
    newer file sent it again."""
    path, copy = tmp_path / "posapp.db", tmp_path / "copy.db"
    till = pay(make_till(), (5000, 1), (3000, 1), (1000, 2))
    till.sandbox.faults.add("envelope", path=CANCEL, uses=1, code=-1, message=LIMIT)
    refund = ask(till)
    with monkeypatch.context() as patched:
        patched.setattr(till.client, "get_payment", second_fails(till.client.get_payment))
        till.work(1)
    assert state(till, refund) is RefundState.UNKNOWN
    backup(path, copy)
    till.sandbox.faults.add("drop_before", path=CANCEL, uses=1)
    till.paid_order(20)
    till.pass_time(20, every=5)
    assert till.cancellation_service.get_refund(refund.id).refund.send_count == 2
    recover_journal(till.store, FileIntentJournal(journal_path(path)), clock)
    imp_uid = till.imp_uid
    till.close()
    for each in (path, *path.parent.glob(f"{path.name}-*")):
        each.unlink(missing_ok=True)
    shutil.copyfile(copy, path)
    again = make_till()
    again.imp_uid = imp_uid
    assert recover_journal(
        again.store, FileIntentJournal(journal_path(path)), clock
    ).database_is_older
    compare(again, 60)
    assert again.books.balance(imp_uid) == 10_000, "read, and not sent"
    land(again, refund)
    compare(again, 3600)
    assert state(again, refund) is RefundState.CONFIRMED
    assert statuses(again) == [CANCELLED, PAID, PAID]
    assert again.books.balance(imp_uid) == 5000
    again.check_books()


def second_fails(read: Callable) -> Callable:
    seen: list[str] = []

    def reading(imp_uid: str):
        seen.append(imp_uid)
        if len(seen) == 2:
            raise GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)
        return read(imp_uid)

    return reading


# All that is left of a payment, on its way back.


def test_refund_explained_as_a_mismatch_blocks_no_other_refund(paid):
    """The cancel of the first was recorded as a mismatch before its tag was readable, and was
    explained."""
    first = paid.cancellation_service.refund(Actor.seller(SELLER), OTHER, "변심", 3000)
    second = paid.cancellation_service.refund(Actor.seller(SELLER), THIRD, "변심", 2000)
    paid.books.console_cancel(paid.imp_uid, 3000, first.tagged_reason)
    with paid.store.transaction() as uow:
        payment = uow.payments.get(paid.imp_uid)
        uow.mismatches.note(
            Mismatch(
                id=0,
                kind=MismatchKind.CANCELS_DIFFER,
                merchant_uid=payment.merchant_uid,
                imp_uid=paid.imp_uid,
                amount=Won(3000),
                evidence="",
                found_at=paid.clock.now(),
                goods_gap=Won(-3000),
                ledger_gap=Won(-3000),
            )
        )
        kept = uow.refunds.get(second.id)
        uow.refunds.save(replace(kept, state=RefundState.UNKNOWN, send_count=1))
        uow.commit()
    paid.explain()
    paid.pass_time(1800, every=60)
    assert [state(paid, one) for one in (first, second)] == [RefundState.CONFIRMED] * 2
    assert statuses(paid) == [PAID, CANCELLED, CANCELLED]
    assert paid.books.balance(paid.imp_uid) == 10_000 - 5000
    assert paid.unresolved_money_service.mismatches() == ()
    paid.check_books()


def test_refund_recorded_as_external_blocks_no_other_refund(paid):
    """A newer file had sent the first of two. PortOne showed the line without its reason during the
    review of the second, and shows the tag now."""
    first = paid.cancellation_service.refund(Actor.seller(SELLER), OTHER, "변심", 3000)
    second = paid.cancellation_service.refund(Actor.seller(SELLER), THIRD, "변심", 2000)
    paid.books.console_cancel(paid.imp_uid, 3000, first.tagged_reason)
    paid.sandbox.faults.conduct.change(reasons="null")
    reported = paid.gateway.get_payment(payment_ref(paid.imp_uid))
    paid.sandbox.faults.conduct.change(reasons="kept")
    with paid.store.transaction() as uow:
        (line,) = record_external_cancellations(
            uow, uow.payments.get(paid.imp_uid), reported, paid.clock.now()
        )
        unclear = replace(
            uow.refunds.get(second.id), state=RefundState.UNKNOWN, send_count=1, reviewed_to=line.id
        )
        uow.refunds.save(unclear)
        uow.commit()
    paid.explain()
    paid.pass_time(1800, every=60)
    assert [state(paid, one) for one in (first, second)] == [
        RefundState.REFUSED,  # the other's line is its money, so its item follows
        RefundState.CONFIRMED,
    ]
    assert statuses(paid) == [PAID, CANCELLED, CANCELLED]
    assert paid.books.balance(paid.imp_uid) == 10_000 - 5000
    assert paid.unresolved_money_service.mismatches() == ()
    paid.check_books()


def test_item_in_a_remainder_refund_is_neither_handed_over_nor_refunded(paid):
    paid.sandbox.faults.conduct.refuse_second_partial = (
        "requested cancel amount is bigger than cancelable amount"
    )
    ask(paid)
    paid.work(2)
    part = ask(paid, OTHER, 3000)
    paid.work(2)
    assert state(paid, part) is RefundState.REFUSED
    paid.sandbox.faults.add("drop_after", path=CANCEL, uses=1)
    rest = paid.remainder_service.cancel(Actor.seller(SELLER), part.id, "품절", 5000)
    for item in (OTHER, THIRD):
        with pytest.raises(UserError) as error:
            FulfilmentService(paid.store, paid.clock, EVERYTHING).hand_over(
                Actor.seller(SELLER), item
            )
        assert error.value.code is ErrorCode.REFUND_IN_FLIGHT
    with pytest.raises(UserError) as error:
        ask(paid, THIRD, 2000)
    assert error.value.code is ErrorCode.REFUND_BEYOND
    paid.pass_time(120, every=20)
    assert state(paid, rest) is RefundState.CONFIRMED
    assert statuses(paid) == [CANCELLED] * 3
    assert paid.books.balance(paid.imp_uid) == 0
    assert named(paid) == []
    paid.check_books()
