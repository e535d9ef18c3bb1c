"""A buyer's visit at the kiosk: by touch, its times, its refusals, staff, and what stays of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.errors import ErrorCode
from posapp.domain.payments import AttemptState
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_window import KioskWindow
from tests.ui.kiosk.conftest import FREE, LONG, ORDER, PHONE_END, TOTAL, Kiosk

WRONG = "주문을 찾지 못했습니다. 번호를 확인해 주세요."


def test_a_buyer_pays_by_touch_and_the_next_one_finds_the_first_screen(kiosk: Kiosk):
    kiosk.to_qr()
    assert kiosk.title == "휴대폰으로 QR을 스캔해 결제해 주세요."
    assert kiosk.window.view.amount == TOTAL
    assert kiosk.window.qr.code.is_scannable
    kiosk.pay()
    assert (kiosk.state, kiosk.title) == ("outcome", "결제되었습니다. 감사합니다.")
    assert kiosk.window.view.messages == (f"접수번호 {ORDER}",)
    kiosk.wait(14.9)
    assert kiosk.state == "outcome"
    kiosk.wait(0.2)
    assert kiosk.state == "start"
    assert kiosk.services.order(ORDER).is_paid
    kiosk.services.check_books()


def test_who_scans_the_slip_needs_to_type_nothing_but_the_phone(kiosk: Kiosk):
    kiosk.controller.scanned(f"PO{ORDER}")
    assert kiosk.state == "phone"
    kiosk.tap("back")
    kiosk.controller.scanned(f"ㅖㅐ{ORDER}")  # in Hangul mode
    kiosk.type(PHONE_END)
    kiosk.tap("next")
    assert (kiosk.state, kiosk.window.view.amount) == ("summary", TOTAL)


@pytest.mark.parametrize("code", [str(ORDER), "8801234567893", "PO", "PO" + "9" * 5000, "가나다"])
def test_a_scan_of_anything_else_is_nothing(kiosk: Kiosk, code: str):
    for state in ("start", "order"):
        kiosk.controller.scanned(code)
        assert kiosk.state == state
        if state == "start":
            kiosk.tap("begin")
    assert kiosk.window.view.messages == ()


def test_a_scan_changes_nothing_once_an_order_is_shown(kiosk: Kiosk):
    kiosk.to_summary()
    kiosk.controller.scanned(f"PO{LONG}")
    assert (kiosk.state, kiosk.window.view.amount) == ("summary", TOTAL)
    kiosk.tap("pay")
    kiosk.controller.scanned(f"PO{LONG}")
    assert (kiosk.state, kiosk.window.view.amount) == ("qr", TOTAL)


def test_unknown_numbers_and_wrong_digits_are_refused_in_the_same_words(kiosk: Kiosk):
    kiosk.tap("begin", "9", "next")
    assert (kiosk.state, kiosk.window.view.messages) == ("order", (WRONG,))
    kiosk.type(str(ORDER))
    assert kiosk.window.view.messages == ()
    kiosk.tap("next", *"9999", "next")
    assert (kiosk.state, kiosk.window.view.messages) == ("order", (WRONG,))
    assert kiosk.window.view.entry == ""


def test_an_order_that_is_paid_or_free_is_said_after_the_phone(kiosk: Kiosk):
    kiosk.to_qr()
    kiosk.pay()
    kiosk.tap("done", "begin", *str(ORDER), "next", *PHONE_END, "next")
    assert (kiosk.state, kiosk.window.view.messages) == ("order", ("이미 처리된 주문입니다.",))
    kiosk.tap(*str(FREE), "next", *"0002", "next")
    assert kiosk.window.view.messages == ("결제 금액이 0인 주문입니다.",)


def test_five_wrong_entries_pause_the_whole_kiosk_and_five_more_for_longer(kiosk: Kiosk):
    kiosk.tap("begin")
    for _ in range(5):
        kiosk.tap("9", "next")
    assert kiosk.window.view.messages == ("30초 뒤에 다시 입력할 수 있습니다.",)
    kiosk.tap("9")
    kiosk.controller.scanned(f"PO{ORDER}")
    assert (kiosk.state, kiosk.window.view.entry) == ("order", "")
    kiosk.tap("back", "begin")
    assert kiosk.window.view.messages == ("27초 뒤에 다시 입력할 수 있습니다.",)
    kiosk.wait(27)
    assert kiosk.window.view.messages == ()
    for _ in range(5):
        kiosk.tap("9", "next")
    assert kiosk.window.view.messages == ("60초 뒤에 다시 입력할 수 있습니다.",)


def test_who_has_an_order_guesses_no_longer_for_it_until_it_is_paid(kiosk: Kiosk):
    kiosk.tap("begin")
    for wrong in (2, 2, 0):
        for _ in range(wrong):
            kiosk.tap("9", "next")
        kiosk.controller.scanned(f"PO{ORDER}")
        kiosk.tap(*PHONE_END, "next")
        assert kiosk.state == "summary"
        kiosk.tap("back")
    kiosk.tap("delete", "delete", "delete", "delete", "9", "next")
    assert kiosk.window.view.messages == ("30초 뒤에 다시 입력할 수 있습니다.",)
    kiosk.wait(30)
    kiosk.tap("back")
    kiosk.to_qr()
    kiosk.pay()
    kiosk.tap("done", "begin")
    for _ in range(5):
        kiosk.tap("9", "next")
    assert kiosk.window.view.messages == ("30초 뒤에 다시 입력할 수 있습니다.",)


def test_the_idle_kiosk_asks_counts_down_and_starts_over(kiosk: Kiosk):
    kiosk.tap("begin", "1")
    kiosk.wait(60)
    assert kiosk.title == "계속하시겠습니까? 20초 뒤 처음으로 돌아갑니다."
    kiosk.wait(19)
    assert kiosk.title == "계속하시겠습니까? 1초 뒤 처음으로 돌아갑니다."
    kiosk.wait(1.2)
    assert kiosk.state == "start"


@pytest.mark.parametrize("late_ms", [-50, 100])
def test_a_touch_in_the_last_moment_continues(kiosk: Kiosk, late_ms: int):
    kiosk.tap("begin", "1")
    kiosk.wait(80 + late_ms / 1000)
    QTest.mouseClick(kiosk.window, Qt.MouseButton.LeftButton, pos=QPoint(400, 900))
    QApplication.processEvents()
    kiosk.wait(0.5)
    assert (kiosk.state, kiosk.window.view.layout, kiosk.window.view.entry) == (
        *("order", "entry"),
        "1",
    )


def test_the_countdown_s_own_buttons_work(kiosk: Kiosk):
    kiosk.tap("begin", "1")
    kiosk.wait(62)
    kiosk.tap("continue")
    assert (kiosk.state, kiosk.window.view.layout) == ("order", "entry")
    kiosk.wait(62)
    kiosk.tap("to_start")
    assert kiosk.state == "start"


def test_no_time_ends_a_visit_while_money_may_move(kiosk: Kiosk):
    kiosk.to_qr()
    kiosk.wait(290)
    assert (kiosk.state, kiosk.window.view.layout) == ("qr", "qr")
    kiosk.pay()
    assert kiosk.title == "결제되었습니다. 감사합니다."


def test_stopping_ends_the_qr_and_offers_another_one(kiosk: Kiosk):
    kiosk.to_qr()
    kiosk.tap("stop")
    assert (kiosk.state, kiosk.title) == ("outcome", "결제되지 않았습니다.")
    first = kiosk.merchant_uid
    kiosk.tap("retry")
    assert kiosk.state == "qr"
    assert kiosk.merchant_uid != first
    kiosk.pay()
    assert kiosk.services.order(ORDER).is_paid


def test_an_expired_qr_says_so_and_a_late_payment_is_said_while_it_is_there(kiosk: Kiosk, qtbot):
    entered = kiosk.services.books.open(kiosk.to_qr())
    kiosk.wait(301)
    qtbot.waitUntil(lambda: not kiosk.window.qr.code.is_scannable)
    assert kiosk.title == "결제 결과를 확인하고 있습니다. 다시 결제하지 마세요."
    kiosk.work()
    assert (kiosk.state, kiosk.title) == ("outcome", "결제 시간이 끝났습니다.")
    kiosk.services.books.pay_try(entered.imp_uid, late=True)
    kiosk.clock.advance(seconds=60)
    kiosk.work()
    assert kiosk.services.order(ORDER).is_paid
    assert kiosk.title == "결제되었습니다. 감사합니다."


def test_a_doubtful_result_frees_the_kiosk_while_the_services_go_on(kiosk: Kiosk):
    uid = kiosk.to_qr()
    entered = kiosk.services.books.open(uid)
    kiosk.lose_network()
    kiosk.wait(301)
    kiosk.work()
    assert kiosk.state == "qr"
    assert kiosk.window.call.isVisible()
    kiosk.wait(89)
    kiosk.wait(1)
    assert (kiosk.state, kiosk.window.view.messages) == (
        "outcome",
        (f"확인 중 · 주문번호 {ORDER}",),
    )
    kiosk.wait(31)
    assert kiosk.state == "start"
    kiosk.services.gateway.plan.clear()
    kiosk.services.books.pay_try(entered.imp_uid, late=True)
    for _ in range(30):
        kiosk.clock.advance(seconds=20)
        kiosk.work()
    assert kiosk.services.order(ORDER).is_paid
    assert kiosk.state == "start"
    kiosk.services.check_books()


def test_a_doubtful_payment_that_goes_back_is_said_while_it_is_there(kiosk: Kiosk):
    uid = kiosk.to_qr()
    kiosk.lose_network()
    kiosk.wait(301)
    kiosk.work()
    kiosk.wait(90)
    assert kiosk.title == "결제 결과를 확인하고 있습니다. 다시 결제하지 마세요."
    kiosk.services.gateway.plan.clear()
    kiosk.services.books.pay(uid, 1_000, late=True)
    for _ in range(5):
        kiosk.work()
    assert (kiosk.title, kiosk.window.view.messages) == (
        "결제되지 않았습니다.",
        ("결제된 금액은 환불됩니다. 직원에게 말씀해 주세요.",),
    )


def test_an_order_that_was_paid_while_its_summary_stood_there_is_paid_and_not_offline(kiosk: Kiosk):
    kiosk.to_summary()
    buyer = kiosk.controller.visit.entered.buyer
    elsewhere = kiosk.services.container.payment_service.start(buyer, ORDER)
    kiosk.services.books.pay(elsewhere.attempt.merchant_uid)
    kiosk.work()
    kiosk.tap("pay")
    paid = kiosk.texts(f"errors.{ErrorCode.ORDER_DONE.value}")
    assert (kiosk.state, kiosk.title, kiosk.window.view.messages) == ("outcome", paid, ())
    assert [one.action for one in kiosk.window.view.items] == ["done", "call"]
    kiosk.tap("done")
    assert kiosk.state == "start"
    kiosk.services.check_books()


@pytest.mark.parametrize("size", [(1080, 1920), (1366, 768)])
def test_a_call_leaves_ways_and_action_where_they_are(kiosk: Kiosk, size: tuple[int, int], qtbot):
    kiosk.window.resize(*size)
    kiosk.to_summary()
    QApplication.processEvents()
    parts = (kiosk.window.main, kiosk.window.call, kiosk.window.back, kiosk.window.shop)
    before = [one.geometry() for one in parts]
    kiosk.tap("call")
    assert kiosk.window.banner.isVisible()
    assert [one.geometry() for one in parts] == before
    kiosk.tap("call_end")
    assert not kiosk.window.banner.isVisible()
    assert [one.geometry() for one in parts] == before


def test_offline_says_so_and_staff_can_still_be_called(kiosk: Kiosk):
    offline = "지금은 결제할 수 없습니다. 직원에게 말씀해 주세요."
    kiosk.to_summary()
    kiosk.lose_network()
    kiosk.tap("pay")
    assert (kiosk.state, kiosk.title) == ("outcome", offline)
    kiosk.controller.set_online(False)
    assert not kiosk.window.main.isEnabled()
    kiosk.tap("to_start")
    kiosk.to_summary()
    assert kiosk.window.view.messages == (offline,)
    assert not kiosk.window.main.isEnabled()
    kiosk.tap("call")
    assert len(kiosk.services.staff_call.calls) == 1
    kiosk.controller.set_online(True)
    assert kiosk.window.main.isEnabled()


def test_a_call_lies_over_every_screen_is_repeated_and_ends_when_it_is_ended(kiosk: Kiosk):
    sounded: list[int] = []
    kiosk.controller.calls.called.connect(lambda: sounded.append(1))
    kiosk.tap("call")
    kiosk.to_qr()
    assert kiosk.window.banner.isVisible()
    assert kiosk.controller.flow.state.value == "help"
    kiosk.wait(61)
    kiosk.pay()
    assert kiosk.title == "결제되었습니다. 감사합니다."
    assert kiosk.window.view.banner == "직원을 불렀습니다. 잠시만 기다려 주세요."
    kiosk.tap("call_end")
    assert not kiosk.window.banner.isVisible()
    kiosk.wait(120)
    assert len(sounded) == len(kiosk.services.staff_call.calls) == 2


def test_who_presses_the_call_again_and_again_calls_every_ten_seconds(kiosk: Kiosk):
    calls = kiosk.services.staff_call.calls
    kiosk.tap("call", *["call"] * 5, "call_end", "call")
    assert kiosk.window.banner.isVisible()
    assert len(calls) == 1, "each press is a slip, and seconds of a thread"
    kiosk.wait(2)
    assert len(calls) == 1
    kiosk.wait(1)
    assert len(calls) == 2, "but the last press is not forgotten"
    kiosk.tap("call", "call_end")
    kiosk.wait(120)
    assert len(calls) == 2


def test_a_long_order_is_read_by_buttons_and_every_line_is_shown_once(kiosk: Kiosk):
    kiosk.tap("begin", *str(LONG), "next", *PHONE_END, "next")
    seen: list[str] = []
    assert not kiosk.button("up").isEnabled()
    while True:
        seen += [one.name for one in kiosk.window.view.lines if one.name not in seen]
        if not kiosk.button("down").isEnabled():
            break
        kiosk.tap("down")
    assert seen == [f"상품 {LONG * 10 + at}" for at in range(40)]
    assert kiosk.window.focusWidget() is kiosk.button("up"), "the focus does not get lost"
    last = kiosk.window.view.lines[-1].name
    while kiosk.window.view.lines[-1].name == last:
        kiosk.tap("up")
    kiosk.tap("down")
    assert kiosk.window.view.lines[-1].name == last


WISHES = ("large", "contrast", "low", "voice")


def wishes(kiosk: Kiosk) -> dict[str, object]:
    visit = kiosk.controller.visit
    return {
        "language": kiosk.texts.language,
        "large": visit.enlarged,
        "contrast": visit.contrast,
        "low": visit.low,
        "voice": visit.voice,
        "time": visit.needs_time,
    }


USUAL = {
    **{"language": "ko", "large": 100, "contrast": False, "low": False},
    **{"voice": False, "time": False},
}
CHOSEN = {
    **{"language": "en", "large": 150, "contrast": True, "low": True},
    **{"voice": True, "time": True},
}


def choose_everything(kiosk: Kiosk) -> None:
    kiosk.controller.was_reset.connect(lambda: kiosk.texts.set_language("ko"))
    kiosk.tap("language", *WISHES)
    assert wishes(kiosk) == CHOSEN


def test_what_was_chosen_at_the_start_lasts_for_the_whole_visit(kiosk: Kiosk):
    choose_everything(kiosk)
    font = kiosk.button("begin").font().pixelSize()
    kiosk.to_qr()
    assert wishes(kiosk) == CHOSEN
    kiosk.pay()
    kiosk.tap("done")
    assert wishes(kiosk) == USUAL
    assert kiosk.button("begin").font().pixelSize() < font


def test_whoever_chooses_and_goes_away_leaves_nothing_to_the_next_buyer(kiosk: Kiosk):
    choose_everything(kiosk)
    kiosk.wait(119)
    assert kiosk.window.view.layout == "start"
    kiosk.wait(2)
    assert kiosk.window.view.layout == "idle"
    kiosk.tap("continue")
    assert (wishes(kiosk), kiosk.window.view.layout) == (CHOSEN, "start")
    kiosk.wait(121)
    kiosk.wait(41)
    assert (wishes(kiosk), kiosk.state) == (USUAL, "start")
    kiosk.wait(1_000)
    assert kiosk.window.view.layout == "start", "nothing to be asked"


@pytest.mark.parametrize("wish", WISHES)
def test_each_wish_is_forgotten_and_but_for_contrast_gives_more_time(kiosk: Kiosk, wish: str):
    kiosk.tap(wish)
    more = 100 if wish == "contrast" else 200
    kiosk.tap("begin")
    kiosk.wait(60 * more / 100 - 1)
    assert kiosk.window.view.layout == "entry"
    kiosk.wait(2)
    assert kiosk.window.view.layout == "idle"
    kiosk.wait(20 * more / 100)
    assert (kiosk.state, wishes(kiosk)) == ("start", USUAL)


def test_how_much_more_time_is_a_setting(tmp_path, kiosk: Kiosk):
    controller = KioskController(InlineTaskRunner(), kiosk.clock, idle_s=60, more_time=500)
    controller.attach(kiosk.services.container)
    controller.set_voice(True)
    kiosk.clock.advance(seconds=1)
    controller.press("begin")
    kiosk.clock.advance(seconds=299)
    assert not controller.idle_seconds
    kiosk.clock.advance(seconds=1)
    assert controller.idle_seconds == 100


def test_sizes_go_round(kiosk: Kiosk):
    sizes = []
    for _ in range(4):
        kiosk.tap("large")
        sizes.append((kiosk.controller.visit.enlarged, kiosk.button("large").text()))
    assert sizes == [
        *((150, "✓ 글자 1.5배"), (200, "✓ 글자 2배"), (100, "글자 크게"), (150, "✓ 글자 1.5배")),
    ]


def test_language_and_contrast_are_the_next_buyer_s_again(kiosk: Kiosk, theme):
    kiosk.tap("language", "contrast")
    assert kiosk.title == "Touch to start"
    assert kiosk.controller.visit.contrast
    kiosk.tap("begin", "back")
    assert not kiosk.controller.visit.contrast


def test_two_quick_touches_press_nothing_on_the_next_screen(kiosk: Kiosk):
    kiosk.tap("begin", *str(ORDER), "next", *PHONE_END)
    kiosk.wait(1)
    for _ in range(3):
        QTest.mouseClick(kiosk.window.main, Qt.MouseButton.LeftButton)
        QApplication.processEvents()
    assert kiosk.state == "summary"


def test_a_start_with_a_live_qr_shows_that_one_again(kiosk: Kiosk, texts, theme, qtbot):
    uid = kiosk.to_qr()
    again = Kiosk.__new__(Kiosk)
    again.__dict__.update(kiosk.__dict__)
    again.controller = KioskController(InlineTaskRunner(), kiosk.clock, idle_s=60)
    again.window = KioskWindow(texts, theme, again.controller, shop="하나 베이커리")
    qtbot.addWidget(again.window)
    again.window.show()
    begun: list[str] = []
    again.controller.began.connect(lambda: begun.append(again.state))
    again.controller.attach(kiosk.services.container)
    assert begun == ["qr"], "the worker may record only what is on screen already"
    assert (again.state, again.merchant_uid) == ("qr", uid)
    assert again.window.qr.code.is_scannable
    again.pay()
    assert again.title == "결제되었습니다. 감사합니다."
    again.window.may_close = True


def test_after_crashes_it_takes_no_payments_and_staff_can_be_called(closed_kiosk: Kiosk):
    begun: list[str] = []
    closed_kiosk.controller.began.connect(lambda: begun.append(closed_kiosk.state))
    closed_kiosk.controller.attach(closed_kiosk.services.container, crashing=True)
    assert begun == ["maintenance"]
    assert closed_kiosk.title == "점검 중입니다. 직원에게 말씀해 주세요."
    closed_kiosk.tap("call")
    assert len(closed_kiosk.services.staff_call.calls) == 1
    closed_kiosk.wait(1_000)
    assert closed_kiosk.state == "maintenance"


def test_a_kiosk_without_its_services_says_so_and_tries_again(
    closed_kiosk: Kiosk, monkeypatch, qtbot
):
    monkeypatch.setattr("posapp.ui.kiosk.kiosk_controller.REOPEN_MS", 0)
    asked: list[int] = []
    closed_kiosk.tap("begin", "1", "next")
    assert closed_kiosk.state == "order"
    closed_kiosk.controller.opening_requested.connect(lambda: asked.append(1))
    closed_kiosk.controller.fail(RuntimeError("no database"))
    qtbot.waitUntil(lambda: bool(asked))
    assert closed_kiosk.title == "점검 중입니다. 직원에게 말씀해 주세요."
    closed_kiosk.controller.fail(RuntimeError("no keyring"))
    closed_kiosk.controller.attach(closed_kiosk.services.container)
    assert closed_kiosk.state == "start"
    closed_kiosk.to_qr()


def test_an_attempt_that_was_stopped_is_abandoned_in_the_records(kiosk: Kiosk):
    kiosk.to_qr()
    kiosk.tap("stop")
    progress = kiosk.controller.payment.progress
    assert progress.attempt.state is AttemptState.ABANDONED
