"""A kiosk's services: orders by number and phone, payments without a counter, the manager's PIN."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.payments import AttemptState
from posapp.domain.permissions import Permission, StaffRole
from posapp.services.bookkeeping.print_log import PrintRecord
from posapp.services.kiosk.kiosk_policy import KioskPolicy
from posapp.services.kiosk_container import KioskConfig
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.store.files.ledger_check import verify_staff_events
from posapp.store.repositories.staff import SqlStaff
from tests.fakes.kiosk import PINS, FakeKiosk
from tests.fakes.till import BUYER, OTHER_BUYER, Till, an_order

PIN = "739164"


@pytest.fixture
def kiosk(tmp_path, clock):
    made = FakeKiosk(tmp_path / "posapp.db", clock)
    made.stock_shop(an_order(10, (5000, 1)), an_order(11, (0, 1), buyer=OTHER_BUYER))
    yield made
    made.close()


def pay(kiosk: FakeKiosk, order_id: int):
    entered = kiosk.order_entry.find(str(order_id))
    return kiosk.payment_service.start(entered.buyer, order_id)


def test_an_order_is_found_by_its_number_and_shown_by_the_end_of_the_phone(kiosk):
    for text in ("10", "PO10", "po10"):
        entered = kiosk.order_entry.find(text)
        assert (entered.order_id, entered.buyer, entered.asks_phone) == (
            *(10, Actor.buyer(BUYER)),
            True,
        )
    kiosk.order_entry.confirm(entered, "0001")


@pytest.mark.parametrize("text", ["12", "0", "", "8801234567893", "P10", "10x", "9" * 40, "१०"])
def test_whatever_is_no_order_is_refused_in_the_same_words(kiosk, text):
    with pytest.raises(UserError) as refused:
        kiosk.order_entry.find(text)
    assert refused.value.code is ErrorCode.ORDER_UNKNOWN


@pytest.mark.parametrize("digits", ["0002", "", "1", "00001"])
def test_wrong_digits_are_refused_like_an_unknown_number(kiosk, digits):
    with pytest.raises(UserError) as refused:
        kiosk.order_entry.confirm(kiosk.order_entry.find("10"), digits)
    assert refused.value.code is ErrorCode.ORDER_UNKNOWN


def test_the_shop_may_leave_the_phone_out(tmp_path, clock):
    kiosk = FakeKiosk(tmp_path / "posapp.db", clock, config=KioskConfig(asks_phone=False))
    kiosk.stock_shop(an_order(10))
    assert not kiosk.order_entry.find("10").asks_phone
    kiosk.close()


def test_a_payment_is_found_and_recorded_without_any_counter(kiosk, clock):
    attempt = pay(kiosk, 10).attempt
    kiosk.books.pay(attempt.merchant_uid)
    clock.advance(seconds=3)
    kiosk.work(2)
    assert kiosk.payment_service.get_progress(attempt.id).phase is PaymentPhase.DONE
    assert kiosk.order(10).is_paid
    kiosk.check_books()


def test_a_payment_after_the_kiosk_moved_on_is_recorded_all_the_same(kiosk, clock):
    attempt = pay(kiosk, 10).attempt
    entered = kiosk.books.open(attempt.merchant_uid)
    clock.advance(seconds=301)
    kiosk.work(2)
    assert kiosk.payment_service.get_progress(attempt.id).phase is PaymentPhase.EXPIRED
    kiosk.books.pay_try(entered.imp_uid, late=True)
    for _ in range(10):
        clock.advance(seconds=60)
        kiosk.work(2)
    assert kiosk.order(10).is_paid
    kiosk.check_books()


def test_a_second_payment_waits_for_the_counter_that_sends_it_back(kiosk, clock, tmp_path):
    """A kiosk records what has to go back, and sends nothing: the counter that opens the folder
    does, after it has compared."""
    attempt = pay(kiosk, 10).attempt
    payments = [
        kiosk.books.pay(attempt.merchant_uid),
        kiosk.books.pay(attempt.merchant_uid, again=True),
    ]
    clock.advance(seconds=3)
    kiosk.work(4)
    assert sum(kiosk.books.balance(one.imp_uid) for one in payments) == 10_000
    with kiosk.store.snapshot() as uow:
        assert uow.outbox.pending_totals().count == 1
    kiosk.close()
    till = Till(
        tmp_path / "posapp.db", kiosk.sandbox, clock, gateway=kiosk.gateway, pin_hasher=PINS
    )
    till.pass_time(120)
    assert sorted(till.books.balance(one.imp_uid) for one in payments) == [0, 5000]
    till.check_books()
    till.close()


def test_a_kiosk_allows_a_buyer_to_pay_and_nothing_else(kiosk):
    policy = KioskPolicy()
    actors = [Actor.buyer(1), Actor.seller(7), Actor.staff(1), Actor.person("Kim"), Actor("till")]
    allowed = [
        (actor, permission)
        for actor in actors
        for permission in Permission
        if policy.is_allowed(None, actor, permission)
    ]
    assert allowed == [(Actor.buyer(1), Permission.TAKE_PAYMENT)]
    with pytest.raises(UserError) as refused:
        kiosk.payment_service.abandon(Actor.person(), pay(kiosk, 10).attempt.id)
    assert refused.value.code is ErrorCode.NOT_PERMITTED


def test_a_buyer_stops_their_qr_although_the_shop_has_staff(kiosk, clock, tmp_path):
    with_manager(kiosk, clock, tmp_path)
    attempt = pay(kiosk, 10).attempt
    stopped = kiosk.payment_service.abandon(Actor.buyer(BUYER), attempt.id)
    assert stopped.attempt.state is AttemptState.ABANDONED


def with_manager(kiosk: FakeKiosk, clock, tmp_path) -> int:
    """Set the staff up at a counter that opens the kiosk's folder."""
    till = Till(
        tmp_path / "posapp.db", kiosk.sandbox, clock, gateway=kiosk.gateway, pin_hasher=PINS
    )
    till.staff.directory.set_up(Actor.person(), "이하은", PIN)
    manager = till.staff.sign_in.find("이하은")
    till.store.close()
    return manager


def test_only_the_manager_s_pin_ends_the_program(kiosk, clock, tmp_path):
    kiosk.kiosk_exit.leave(None, "")  # before there is staff
    manager = with_manager(kiosk, clock, tmp_path)
    (shown,) = kiosk.kiosk_exit.managers()
    assert (shown.id, shown.name, shown.pin_digits) == (manager, "이하은", 6)
    for wrong_id, pin in ((None, ""), (manager, "111111"), (manager + 1, PIN), (None, PIN)):
        with pytest.raises(UserError) as refused:
            kiosk.kiosk_exit.leave(wrong_id, pin)
        assert refused.value.code is ErrorCode.PIN_WRONG
    kiosk.kiosk_exit.leave(manager, PIN)
    left = [one for one in events_of(kiosk) if one[0] == "KIOSK_EXIT"]
    assert left == [
        ("KIOSK_EXIT", None, "", "no staff"),
        ("KIOSK_EXIT", manager, f"staff:{manager}", ""),
    ]


def events_of(kiosk) -> list[tuple[str, int | None, str, str]]:
    """Return kind, person, actor and detail of the events of staff."""
    with kiosk.store.snapshot() as uow:
        found = [one.entry for one in uow.staff.events(0, 100)]
    return [(one.event.value, one.staff_id, str(one.actor), one.detail) for one in found]


def test_a_call_and_its_end_are_recorded_once_however_often_it_is_repeated(kiosk):
    for _ in range(3):
        kiosk.staff_calls.call()
    kiosk.staff_calls.end()
    kiosk.staff_calls.call()
    assert [(one[0], one[3]) for one in events_of(kiosk)] == [
        ("KIOSK_CALLED", "kiosk 3"),
        ("KIOSK_ANSWERED", "kiosk 3, calls: 3"),
        ("KIOSK_CALLED", "kiosk 3"),
    ]
    assert isinstance(verify_staff_events(kiosk.store.path), int)


def test_a_call_is_made_though_it_cannot_be_recorded(kiosk, monkeypatch, caplog):
    def fail(self, event):
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, "posapp.db")

    monkeypatch.setattr(SqlStaff, "append", fail)
    assert kiosk.staff_calls.call()
    assert kiosk.staff_call.calls == [(3, kiosk.clock.now())]
    assert "KIOSK_CALLED of kiosk 3 is not recorded" in caplog.text


def test_a_cashier_does_not_end_the_program(kiosk, clock, tmp_path):
    manager = with_manager(kiosk, clock, tmp_path)
    with kiosk.store.transaction() as uow:
        person = uow.staff.get(manager)
        assert person is not None
        cashier = uow.staff.add(replace(person, id=0, name="김하나", role=StaffRole.CASHIER))
        uow.staff.save(replace(cashier, pin_hash=PINS.hash(cashier.id, PIN)))
        uow.commit()
    with pytest.raises(UserError) as refused:
        kiosk.kiosk_exit.leave(cashier.id, PIN)
    assert refused.value.code is ErrorCode.PIN_WRONG


def test_staff_are_called_by_the_kiosk_s_number_and_each_call_is_in_the_log(kiosk, caplog):
    caplog.set_level("INFO")
    assert kiosk.staff_calls.call()
    kiosk.staff_call.works = False
    assert not kiosk.staff_calls.call()
    kiosk.staff_calls.end()
    assert kiosk.staff_call.calls == [(3, kiosk.clock.now())] * 2
    said = [one.getMessage() for one in caplog.records if one.name.endswith("staff_calls")]
    assert said == [
        "kiosk 3 calls staff, handed over: True",
        "kiosk 3 calls staff, handed over: False",
        "the call of kiosk 3 is over",
    ]


def test_the_receipt_of_a_payment_is_read_without_the_buyer_s_name(kiosk, clock):
    attempt = pay(kiosk, 10).attempt
    for order_id in (10, 9_999):
        with pytest.raises(UserError) as refused:
            kiosk.receipts.read(order_id)
        assert refused.value.code is ErrorCode.ORDER_UNKNOWN, "nothing of it is paid"
    kiosk.books.pay(attempt.merchant_uid)
    clock.advance(seconds=3)
    kiosk.work(2)
    found = kiosk.receipts.read(10)
    assert (found.receipt.shop, found.receipt.buyer) == ("하나 베이커리", None)
    assert found.receipt.payment.amount == kiosk.order(10).total
    assert found.printed is None
    kiosk.receipts.note_printed(10, clock.now())
    assert kiosk.receipts.read(10).printed == PrintRecord(1, clock.now())
    kiosk.check_books()
