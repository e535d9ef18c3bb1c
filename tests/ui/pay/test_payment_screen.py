"""The pay screen from the order to the outcome."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.users import User
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.payment import payment_screen as pay_module
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.bounds import LONGEST_S
from tests.fakes.world import FakeClock
from tests.ui.pay.payment_scenarios import (
    BUYER,
    LINK,
    WEIRD,
    ErrorCode,
    FakePaymentService,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
    weird_order,
)
from tests.ui.pay.test_qr import read

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def begin(screen: PaymentScreen) -> None:
    """Open the order and press 결제."""
    screen.open(Actor.buyer(BUYER.id), 1024)
    screen.view.ready.pay.click()


def become(screen: PaymentScreen, payment_service: FakePaymentService, phase: PaymentPhase) -> None:
    """The worker saw a change: the screen gets its id."""
    payment_service.become(phase)
    assert payment_service.attempt is not None
    screen.attempt_changed(payment_service.attempt.id)


def text(widget: QWidget) -> str:
    """Everything that can be read on a widget now."""
    seen = [one for one in widget.findChildren(QLabel) if one.isVisible()]
    pressed = [one for one in widget.findChildren(QAbstractButton) if one.isVisible()]
    return "\n".join(one.text() for one in (*seen, *pressed))


def codes(screen: PaymentScreen) -> list[str]:
    """The codes that a phone would read off the whole screen."""
    image: QImage = screen.grab().toImage()
    return [text for text, _ in read(image)]


def test_summary_shows_order_and_buyer(screen: PaymentScreen):
    screen.open(Actor.buyer(BUYER.id), 1024)
    seen = text(screen)
    assert "1024" in seen
    assert "김서연" in seen
    assert "59,900원" in seen
    assert screen.view.ready.pay.text() == "결제"
    model = screen.view.order.table.model()
    lines = [[model.index(row, at).data() for at in range(3)] for row in range(4)]
    assert lines[0] == ["아메리카노", "2개", "9,000원"]
    assert lines[3] == ["유기농 그릭요거트 500g", "1개", "취소"]


def everything_told(widget: QWidget) -> str:
    """Every text of a widget and its children, hidden ones too, with names and tips."""
    told: list[str] = []
    for one in (widget, *widget.findChildren(QWidget)):
        told += [one.toolTip(), one.accessibleName(), one.accessibleDescription()]
        if isinstance(one, (QLabel, QAbstractButton)):
            told.append(one.text())
    return "\n".join(told)


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("phase", [None, *PaymentPhase])
def test_no_page_of_a_payment_tells_the_customer_a_phone_or_member_number(
    screen: PaymentScreen,
    payment_service: FakePaymentService,
    texts: Translator,
    phase: PaymentPhase | None,
    language: str,
):
    texts.set_language(language)
    buyer = User(739_182, "김서연", phone="01055550854")
    payment_service.buyer = buyer
    payment_service.order = replace(payment_service.order, buyer_id=buyer.id)
    screen.open(Actor.buyer(buyer.id), 1024)
    if phase is not None:
        screen.view.ready.pay.click()
        become(screen, payment_service, phase)
    told = everything_told(screen)
    assert "김서연" in told and "010-****-0854" in text(screen.view.order)
    for secret in ("5555", "739182", "739,182"):
        assert secret not in told


def test_an_order_whose_buyer_is_not_known_tells_no_member_number(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    screen.view.order.show_order(replace(payment_service.order, buyer_id=739_182), None)
    assert "739182" not in everything_told(screen)


def test_from_pressing_to_a_code_that_can_be_read(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    assert payment_service.calls[:2] == ["look_up", "start"]
    assert codes(screen) == [LINK]
    seen = text(screen.view.code)
    for part in ("스캔 대기", "한빛상점", "59,900원", "주문번호 1024", "5:00", "결제 중단"):
        assert part in seen


@pytest.mark.parametrize("theme_name", THEMES)
@pytest.mark.parametrize("size", [(1366, 640), (1920, 950), (1080, 1800), (1024, 504)])
def test_the_code_can_be_read_at_every_size_in_every_theme(
    screen: PaymentScreen, room: QWidget, theme: Theme, theme_name: str, size: tuple[int, int]
):
    theme.set_name(theme_name)
    room.resize(*size)
    screen.resize(*size)
    begin(screen)
    QApplication.processEvents()
    assert codes(screen) == [LINK]
    assert screen.view.code.code.module_size() >= 8
    assert_nothing_clipped(screen)


@pytest.mark.parametrize("phase", PaymentPhase)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [(1366, 640), (1080, 1800), (1024, 504)])
def test_every_phase_is_shown_whole(
    screen: PaymentScreen,
    room: QWidget,
    payment_service: FakePaymentService,
    texts: Translator,
    phase: PaymentPhase,
    language: str,
    size: tuple[int, int],
):
    texts.set_language(language)
    room.resize(*size)
    screen.resize(*size)
    begin(screen)
    become(screen, payment_service, phase)
    QApplication.processEvents()
    assert screen.progress is not None
    assert screen.progress.phase is phase
    assert_nothing_clipped(screen)
    if phase not in (PaymentPhase.SCAN, PaymentPhase.PAYING):
        assert codes(screen) == []
    if phase in FINAL_PHASES:
        strong = screen.view.strong_button
        assert strong is not None
        assert strong.isVisible()


def assert_nothing_clipped(screen: QWidget) -> None:
    """Every visible label and button has the room that its words need, inside the screen."""
    for one in (*screen.findChildren(QLabel), *screen.findChildren(QAbstractButton)):
        if not one.isVisible() or not one.text():
            continue
        corner = one.mapTo(screen, one.rect().bottomRight())
        assert screen.rect().contains(corner), one.text()
        least = (
            one.heightForWidth(one.width()) if one.hasHeightForWidth() else one.sizeHint().height()
        )
        assert one.height() >= least, one.text()
        if not (isinstance(one, QLabel) and one.wordWrap()):
            assert one.width() >= one.sizeHint().width(), one.text()


def test_paid_is_reported_with_the_way_to_the_receipt(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    with qtbot.waitSignal(screen.paid) as paid:
        become(screen, payment_service, PaymentPhase.DONE)
    assert paid.args == [1024]
    assert "성공적으로 결제되었습니다." in text(screen.view.end)
    assert codes(screen) == []
    with qtbot.waitSignal(screen.go_requested) as wanted:
        screen.view.end.receipt.click()
    assert wanted.args == ["receipt", {"order_id": 1024}]


def test_paid_is_reported_once(screen: PaymentScreen, payment_service: FakePaymentService):
    reported: list[object] = []
    screen.paid.connect(reported.append)
    begin(screen)
    for _ in range(3):
        become(screen, payment_service, PaymentPhase.DONE)
    assert reported == [1024]


def test_giving_up_shows_portones_text_and_another_try_makes_another_code(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    seen = text(screen.view.end)
    assert "[결제포기] 사용자가 결제를 취소하셨습니다" in seen
    assert "주문은 결제대기 상태로 남아 있습니다." in seen
    payment_service.link = "https://impay.link/second"
    screen.view.end.retry.click()
    assert codes(screen) == ["https://impay.link/second"]


def test_a_changed_link_is_drawn_anew_and_the_same_one_is_not(
    screen: PaymentScreen, payment_service: FakePaymentService, monkeypatch
):
    from posapp.ui.widgets import qr_matrix

    encoded: list[str] = []
    real = qr_matrix.encode
    monkeypatch.setattr(qr_matrix, "encode", lambda link: encoded.append(link) or real(link))
    begin(screen)
    for _ in range(3):
        become(screen, payment_service, PaymentPhase.PAYING)
    assert encoded == [LINK]
    assert codes(screen) == [LINK]


def test_money_going_back_is_followed_by_the_refunds_signal(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.RETURNING)
    assert "확인 중" in text(screen.view.end)
    payment_service.become(PaymentPhase.RETURNED)
    screen.refund_changed(99)  # another refund: no need to look
    assert screen.progress.phase is PaymentPhase.RETURNING
    screen.refund_changed(5)
    assert "결제가 취소되었습니다" in text(screen.view.end)


def test_signals_of_other_attempts_are_not_read(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    count = len(payment_service.calls)
    screen.attempt_changed(999)
    screen.refund_changed(999)
    assert len(payment_service.calls) == count


def test_a_refused_order_is_explained_where_the_person_is(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    payment_service.refusal = UserError(ErrorCode.ORDER_OF_ANOTHER)
    screen.open(Actor.buyer(BUYER.id), 1024)
    seen = text(screen)
    assert "사용자의 주문이 아닙니다" in seen
    assert "order406" in seen
    with qtbot.waitSignal(screen.home_requested):
        screen.view.strong_button.click()


def test_no_network_leaves_the_order_and_can_be_tried_again(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.refusal = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)
    screen.view.ready.pay.click()
    seen = text(screen)
    assert "인터넷 연결이 끊겼습니다" in seen
    assert "주문은 결제대기 상태로 남아 있습니다." in seen
    assert "portone_offline" in seen
    payment_service.refusal = None
    screen.view.end.retry.click()
    assert codes(screen) == [LINK]


def test_a_bug_in_a_service_does_not_leave_the_screen_busy(
    screen: PaymentScreen, payment_service: FakePaymentService, caplog
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.refusal = ZeroDivisionError()
    screen.view.ready.pay.click()
    assert "예상하지 못한 문제" in text(screen)
    payment_service.refusal = None
    screen.view.end.retry.click()
    assert codes(screen) == [LINK]
    caplog.clear()


def test_a_failing_read_is_reported_and_the_code_stays(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    payment_service.refusal = UserError(ErrorCode.ATTEMPT_UNKNOWN)
    screen.attempt_changed(7)
    assert screen.view.banner.message
    assert codes(screen) == [LINK]


# Time.


def test_the_countdown_counts_and_at_its_end_the_code_is_gone(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    begin(screen)
    woken: list[bool] = []
    screen.wake_requested.connect(lambda: woken.append(True))
    clock.advance(seconds=296)
    qtbot.waitUntil(lambda: screen.view.code.left.text() == "0:04")
    assert codes(screen) == [LINK]
    clock.advance(seconds=4)
    qtbot.waitUntil(lambda: not screen.view.code.code.is_scannable)
    assert "만료 · 확인 중" in text(screen.view.end)
    assert woken == [True]
    assert codes(screen) == []
    assert screen.may_leave()


def test_state_after_expiry_is_shown(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    begin(screen)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.view.code.code.is_scannable)
    become(
        screen, payment_service, PaymentPhase.PAYING
    )  # still unclear: the code is not shown again
    assert codes(screen) == []
    become(screen, payment_service, PaymentPhase.DONE)
    assert "성공적으로 결제되었습니다." in text(screen.view.end)


class TwoClocks(FakeClock):
    """A wall clock that can be set without time passing."""

    def set_back(self, seconds: int) -> None:
        self._now -= timedelta(seconds=seconds)


def test_a_clock_set_back_does_not_lengthen_a_code(
    qtbot: QtBot, room: QWidget, texts: Translator, theme: Theme
):
    from posapp.ui.core.task_runner import InlineTaskRunner

    clock = TwoClocks()
    screen = PaymentScreen(
        *(texts, theme, InlineTaskRunner(room), clock, FakePaymentService(clock), Session()),
        shop="한빛상점",
        parent=room,
    )
    begin(screen)
    clock.set_back(3600)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.view.code.code.is_scannable)


def test_expired_code_is_never_shown(
    screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.hold = lambda name: clock.advance(seconds=0)
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    clock.advance(seconds=400)
    screen.show_attempt(payment_service.now_is())
    assert codes(screen) == []
    assert "만료 · 확인 중" in text(screen.view.end)


# Starting again.


def test_an_attempt_from_before_a_restart_is_on_screen_again(
    screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    clock.advance(seconds=60)
    screen.show_attempt(payment_service.now_is())
    assert codes(screen) == [LINK]
    assert "4:00" in text(screen.view.code)
    assert "김서연" in text(screen.view.order)


def test_an_order_with_a_live_code_is_opened_with_that_code(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    payment_service.live_attempt = payment_service.attempt
    payment_service.calls.clear()
    screen.open(Actor.buyer(BUYER.id), 1024)
    assert codes(screen) == [LINK]
    assert screen.progress.attempt.id == payment_service.live_attempt.id


def test_order_with_unclear_attempt_shows_no_pay_button(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    payment_service.become(PaymentPhase.CHECKING)
    payment_service.live_attempt = payment_service.attempt
    payment_service.calls.clear()
    screen.open(Actor.buyer(BUYER.id), 1024)
    assert "확인 중" in text(screen.view.end)
    assert "start" not in payment_service.calls
    assert screen.view.strong_button is None
    assert screen.view.end.stop.isVisible()


# Leaving.


def question(screen: PaymentScreen) -> ConfirmDialog:
    found = [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_leaving_a_live_code_asks_and_watching_on_is_the_default(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    assert not screen.may_leave()
    requested = question(screen)
    assert not screen.may_leave()  # asking twice opens one question
    assert question(screen) is requested
    assert requested.focusWidget() is requested.no
    qtbot.waitUntil(requested.isActiveWindow)
    QTest.keyClick(requested, Qt.Key.Key_Return)
    assert not [one for one in screen.findChildren(ConfirmDialog) if one.isVisible()]
    assert left == []
    assert "stop" not in payment_service.calls
    assert codes(screen) == [LINK]


def agree(qtbot: QtBot, screen: PaymentScreen) -> None:
    asked = question(screen)
    qtbot.waitUntil(asked.can_agree)
    QTest.keyClick(asked, Qt.Key.Key_F8)


def test_agreeing_stops_and_then_leaves(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    screen.may_leave()
    agree(qtbot, screen)
    assert payment_service.calls[-1] == "stop"
    assert left == [True]
    assert codes(screen) == []


def test_payment_during_stop_is_shown_before_leaving(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    payment_service.after_stop = PaymentPhase.DONE
    screen.may_leave()
    agree(qtbot, screen)
    assert left == []
    assert "성공적으로 결제되었습니다." in text(screen.view.end)


def test_paid_while_the_question_is_up_answers_it(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    screen.may_leave()
    requested = question(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    assert not requested.isVisible()
    assert "성공적으로 결제되었습니다." in text(screen.view.end)


@pytest.mark.parametrize(
    "phase",
    [PaymentPhase.CHECKING, PaymentPhase.RETURNING, *sorted(FINAL_PHASES)],
    ids=lambda phase: phase.value,
)
def test_automatic_and_finished_phases_can_be_left(
    screen: PaymentScreen, payment_service: FakePaymentService, phase: PaymentPhase
):
    begin(screen)
    become(screen, payment_service, phase)
    assert screen.may_leave()


def test_stop_closes_the_attempt(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    screen.view.code.stop.click()
    assert "stop" not in payment_service.calls, "it asks first"
    agree(qtbot, screen)
    assert "stop" in payment_service.calls
    assert "결제를 중단했습니다." in text(screen.view.end)


def test_typed_buyer_pays_and_signed_in_user_stops(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, session: Session
):
    begin(screen)
    session.actor = Actor.person("하나")
    screen.view.code.stop.click()
    agree(qtbot, screen)
    assert payment_service.actors == [Actor.buyer(BUYER.id), Actor.person("하나")]


def test_a_stop_that_fails_is_reported_and_the_code_stays(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    payment_service.refusal = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)
    screen.view.code.stop.click()
    agree(qtbot, screen)
    assert screen.view.banner.message
    assert codes(screen) == [LINK]
    assert screen.view.code.stop.isEnabled()


# Keys, and hands that press twice.


def test_a_whole_sale_by_keyboard(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    assert screen.view.ready.pay.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert codes(screen) == [LINK]
    assert screen.view.code.code.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)  # does nothing here
    assert codes(screen) == [LINK]
    become(screen, payment_service, PaymentPhase.DONE)
    assert screen.view.end.receipt.hasFocus()
    with qtbot.waitSignal(screen.go_requested):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter)


def test_f8_asks_as_esc_does_and_stays_on_the_screen(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    """Esc asked before a QR was given up, F8 did not."""
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    screen.may_leave()
    by_esc = question(screen)
    said = (by_esc.windowTitle(), by_esc.yes.text(), by_esc.no.text(), by_esc.facts)
    by_esc.no.click()
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    with qtbot.waitActive(screen):
        screen.activateWindow()
    QTest.keyClick(screen, Qt.Key.Key_F8)
    by_f8 = question(screen)
    assert (by_f8.windowTitle(), by_f8.yes.text(), by_f8.no.text(), by_f8.facts) == said
    amount = screen.progress.attempt.amount
    assert amount and f"{amount:,}원" in by_f8.accessibleDescription()
    assert "stop" not in payment_service.calls and codes(screen) == [LINK]
    agree(qtbot, screen)
    assert payment_service.calls[-2:] == ["stop", "progress"] and left == []
    assert screen.view.page is screen.view.end


def test_enter_presses_the_button_that_has_the_focus_first(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    screen.view.end.home.setFocus()
    QTest.keyClick(screen.view.end.home, Qt.Key.Key_Return)
    assert left == [True]
    assert payment_service.calls.count("start") == 1


def test_the_focus_never_falls_on_the_stop_button_by_itself(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    for phase in PaymentPhase:
        become(screen, payment_service, phase)
        assert QApplication.focusWidget() not in (screen.view.code.stop, screen.view.end.stop)


# A real runner: nothing on the GUI thread, one call for many presses, late answers dropped.


@pytest.fixture
def slow(
    qtbot: QtBot,
    room: QWidget,
    texts: Translator,
    theme: Theme,
    clock: FakeClock,
    payment_service: FakePaymentService,
):
    """A screen whose calls run in threads; a call can be held by its name."""
    gates: dict[str, threading.Event] = {}
    payment_service.hold = lambda name: gates[name].wait(LONGEST_S) if name in gates else None
    runner = TaskRunner()
    made = PaymentScreen(
        *(texts, theme, runner, clock, payment_service, Session()), shop="한빛상점", parent=room
    )
    made.resize(room.size())
    with qtbot.waitExposed(room):
        room.show()
    yield made, gates
    for gate in gates.values():
        gate.set()
    runner.stop()


def test_pressing_many_times_is_one_call_and_none_on_the_gui_thread(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    pay = screen.view.ready.pay
    presses: list[bool] = []
    pay.clicked.connect(lambda: presses.append(True))
    QTest.mouseDClick(pay, Qt.MouseButton.LeftButton)
    for _ in range(20):
        QTest.keyClick(screen, Qt.Key.Key_Return)
        QTest.keyClick(screen, Qt.Key.Key_Space)
        QTest.mouseClick(pay, Qt.MouseButton.LeftButton)
        pay.click()
    assert presses == [True] and pay.is_busy
    for _ in range(20):
        screen.view.ready.pay_requested.emit()  # any press that would reach a busy button
    assert screen.view.ready.busy.is_busy
    gates["start"].set()
    qtbot.waitUntil(lambda: screen.view.page is screen.view.code)
    assert payment_service.calls.count("start") == 1
    assert threading.get_ident() not in payment_service.threads
    assert codes(screen) == [LINK]


def test_stopping_many_times_is_one_call(qtbot: QtBot, slow, payment_service: FakePaymentService):
    screen, gates = slow
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    screen.view.ready.pay.click()
    qtbot.waitUntil(lambda: screen.view.page is screen.view.code)
    gates["stop"] = threading.Event()
    for _ in range(10):
        screen.view.code.stop_requested.emit()
    asked = question(screen)
    qtbot.waitUntil(asked.can_agree)
    for _ in range(10):
        asked.yes.click()
        screen.view.code.stop_requested.emit()
        screen.view.end.retry_requested.emit()
    gates["stop"].set()
    qtbot.waitUntil(lambda: screen.view.page is screen.view.end)
    assert payment_service.calls.count("stop") == 1
    assert payment_service.calls.count("start") == 1


def test_answer_for_a_left_order_is_dropped(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    screen.view.ready.pay.click()
    assert screen.may_leave()  # no code is on screen yet
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    gates["start"].set()
    qtbot.waitUntil(
        lambda: "start" in payment_service.calls and screen._controller._runner.busy == 0
    )
    assert screen.view.page is screen.view.ready
    assert screen.progress is None
    assert screen.view.ready.pay.isEnabled()


def test_payment_before_the_attempt_id_arrives_is_not_missed(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    """The worker's signal arrives before the result of start()."""
    screen, _ = slow
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    real = payment_service.start

    def paid_at_once(user_id: int, order_id: int):
        progress = real(user_id, order_id)
        payment_service.become(PaymentPhase.DONE)
        return progress

    payment_service.start = paid_at_once
    screen._controller._payment_service = payment_service
    screen.view.ready.pay.click()
    screen.attempt_changed(7)
    qtbot.waitUntil(
        lambda: screen.progress is not None and screen.progress.phase is PaymentPhase.DONE
    )


def test_destroyed_while_a_call_is_under_way(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    import shiboken6

    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(lambda: screen.view.page is screen.view.ready)
    runner = screen._controller._runner
    screen.view.ready.pay.click()
    shiboken6.delete(screen)
    gates["start"].set()
    qtbot.waitUntil(lambda: runner.busy == 0)


# Words.


def test_results_are_announced_to_screen_readers(
    screen: PaymentScreen, payment_service: FakePaymentService, monkeypatch
):
    said: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        pay_module, "announce", lambda widget, text, urgent=False: said.append((text, urgent))
    )
    begin(screen)
    become(screen, payment_service, PaymentPhase.PAYING)
    become(screen, payment_service, PaymentPhase.PAYING)
    become(screen, payment_service, PaymentPhase.FAILED)
    assert len(said) == 3
    assert said[0][0].startswith("스캔 대기")
    assert "[결제포기]" in said[-1][0]
    assert said[-1][1] is True


@pytest.mark.parametrize("phase", PaymentPhase)
def test_every_control_has_a_name(
    screen: PaymentScreen, payment_service: FakePaymentService, phase: PaymentPhase
):
    begin(screen)
    become(screen, payment_service, phase)
    assert screen.accessibleName()
    assert screen.view.code.code.accessibleName() == "카카오페이 결제 QR"
    assert "59,900원" in screen.view.code.code.accessibleDescription()
    assert screen.view.order.table.accessibleName()
    for button in screen.findChildren(QAbstractButton):
        if button.isVisible() and button.metaObject().className() == "Button":
            assert button.accessibleName()


def test_the_language_changes_while_a_code_is_up(
    screen: PaymentScreen, payment_service: FakePaymentService, texts: Translator
):
    begin(screen)
    texts.set_language("en")
    assert "Ready to scan" in text(screen)
    assert "₩59,900" in text(screen)
    assert codes(screen) == [LINK]
    become(screen, payment_service, PaymentPhase.FAILED)
    texts.set_language("ko")
    assert "실패" in text(screen)


def test_offline_is_shown_beside_the_code(screen: PaymentScreen):
    begin(screen)
    screen.set_online(False)
    assert "인터넷 연결이 끊겼습니다" in text(screen.view.code)
    assert codes(screen) == [LINK]
    screen.set_online(True)
    assert "인터넷 연결이 끊겼습니다" not in text(screen.view.code)


def test_foreign_names_are_text_and_break_nothing(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    payment_service.order = weird_order()
    payment_service.buyer = replace(BUYER, name="<h1>\u202eاسم\x00</h1>" + "이름" * 3000)
    begin(screen)
    model = screen.view.order.table.model()
    names = [model.index(row, 0).data() for row in range(len(WEIRD))]
    assert names[0].replace("\u200b", "") == WEIRD[0]  # as text, tags and all
    assert all(len(name) <= 260 and name for name in names)
    for bad in ("\x00", "\x07", "\n", "\t", "\u202e"):
        assert not any(bad in name for name in names)
    for row in range(len(WEIRD)):
        tip = model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole)
        assert "<img" not in tip
    QApplication.processEvents()
    assert codes(screen) == [LINK]
    assert screen.view.order.width() <= 416
    assert_nothing_clipped(screen)


def test_no_label_ever_reads_markup(screen: PaymentScreen, payment_service: FakePaymentService):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    for label in screen.findChildren(QLabel):
        if label.pixmap().isNull():
            assert label.textFormat() is not Qt.TextFormat.RichText
            assert label.textFormat() is not Qt.TextFormat.AutoText or not label.text()
