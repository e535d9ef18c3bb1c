"""The pay screen from the order to the outcome."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.orders import ItemStatus
from posapp.domain.users import User
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.payment import payment_screen as pay_module
from posapp.ui.payment import qr_panel as qr_module
from posapp.ui.payment.order_card import FACTS
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.widgets import qr_matrix
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.qr_matrix import encode
from tests.bounds import LONGEST_S
from tests.fakes.world import FakeClock
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import agree, become, begin, codes, question, text
from tests.ui.pay.payment_scenarios import (
    BUYER,
    LINK,
    WEIRD,
    ErrorCode,
    FakeCash,
    FakePaymentService,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    NoReceipts,
    UserError,
    weird_order,
)


def test_summary_shows_order_and_buyer(screen: PaymentScreen):
    screen.open(Actor.buyer(BUYER.id), 1024)
    seen = text(screen)
    assert "1024" in seen
    assert "김서연" in seen
    assert "59,900원" in seen
    assert screen.view.qr.pay.text() == "결제"
    assert lines_of(screen)[0] == ("아메리카노", "2개", "9,000원")
    assert len(lines_of(screen)) == 3


def lines_of(screen: PaymentScreen) -> list[tuple[str, str, str]]:
    """Name, count and amount of the items that are shown."""
    rows = screen.view.order.items.rows
    items = [rows.item(at) for at in range(rows.rowCount())]
    return [(item.text(), *item.data(FACTS)[:2]) for item in items]


def test_cancelled_items_are_last_and_folded(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    first, *others = payment_service.order.items
    gone = replace(first, status=ItemStatus.CANCEL)
    payment_service.order = replace(payment_service.order, items=(gone, *others))
    screen.open(Actor.buyer(BUYER.id), 1024)
    order = screen.view.order
    assert [name for name, _, _ in lines_of(screen)] == ["수제 딸기 케이크 1호", "제주 감귤 3kg"]
    assert order.cancelled.text() == "취소 2개 보기"
    order.cancelled.click()
    assert lines_of(screen)[2:] == [
        ("아메리카노", "2개", "취소"),
        ("유기농 그릭요거트 500g", "1개", "취소"),
    ]
    assert order.cancelled.text() == "취소 2개 접기"
    order.cancelled.click()
    assert len(lines_of(screen)) == 2
    payment_service.order = replace(payment_service.order, items=tuple(others[:2]))
    screen.open(Actor.buyer(BUYER.id), 1024)
    assert not order.cancelled.isVisible()


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
        screen.view.qr.pay.click()
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
    seen = text(screen.view.qr)
    for part in ("스캔 대기", "한빛상점", "59,900원", "5:00", "결제 중단"):
        assert part in seen
    assert "주문번호 1024" in text(screen.view.order)


def test_paid_is_reported_with_the_way_to_the_order(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)
    assert codes(screen) == []
    with qtbot.waitSignal(screen.go_requested) as wanted:
        screen.view.outcome.order.click()
    assert wanted.args == ["order", {"order_id": 1024}]


def test_paid_is_announced_once(
    screen: PaymentScreen, payment_service: FakePaymentService, monkeypatch
):
    said: list[str] = []
    monkeypatch.setattr(
        pay_module, "announce", lambda widget, text, *, urgent=False: said.append(text)
    )
    begin(screen)
    for _ in range(3):
        become(screen, payment_service, PaymentPhase.DONE)
    assert len([text for text in said if "성공적으로 결제되었습니다." in text]) == 1


def test_giving_up_shows_portones_text_and_another_try_makes_another_code(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    seen = text(screen.view.outcome)
    assert "[결제포기] 사용자가 결제를 취소하셨습니다" in seen
    assert "주문은 결제대기 상태로 남아 있습니다." in seen
    payment_service.link = "https://impay.link/second"
    screen.view.outcome.next.click()
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
    assert "확인 중" in text(screen.view.outcome)
    payment_service.become(PaymentPhase.RETURNED)
    screen.refund_changed(99)  # another refund: no need to look
    assert screen.progress.phase is PaymentPhase.RETURNING
    screen.refund_changed(5)
    assert "결제가 취소되었습니다" in text(screen.view.outcome)


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
        screen.view.primary.click()


def test_no_network_leaves_the_order_and_can_be_tried_again(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.refusal = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)
    screen.view.qr.pay.click()
    seen = text(screen)
    assert "인터넷 연결이 끊겼습니다" in seen
    assert "주문은 결제대기 상태로 남아 있습니다." in seen
    assert "portone_offline" in seen
    payment_service.refusal = None
    screen.view.outcome.next.click()
    assert codes(screen) == [LINK]


def test_a_bug_in_a_service_does_not_leave_the_screen_busy(
    screen: PaymentScreen, payment_service: FakePaymentService, caplog
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.refusal = ZeroDivisionError()
    screen.view.qr.pay.click()
    assert "예상하지 못한 문제" in text(screen)
    payment_service.refusal = None
    screen.view.outcome.next.click()
    assert codes(screen) == [LINK]
    caplog.clear()


def test_a_failing_read_is_reported_and_the_code_stays(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    payment_service.refusal = UserError(ErrorCode.ATTEMPT_UNKNOWN)
    where = screen.view.qr.code.geometry()
    screen.attempt_changed(7)
    assert "attempt404" in screen.view.qr.notice.text()
    assert codes(screen) == [LINK]
    assert screen.view.qr.code.geometry() == where
    payment_service.refusal = None
    become(screen, payment_service, PaymentPhase.PAYING)
    assert "attempt404" not in screen.view.qr.notice.text()


def test_a_failing_read_after_the_end_is_reported_beside_the_result(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    become(screen, payment_service, PaymentPhase.RETURNING)
    payment_service.refusal = UserError(ErrorCode.ATTEMPT_UNKNOWN)
    screen.attempt_changed(7)
    assert "attempt404" in text(screen.view.outcome)
    assert "확인 중" in text(screen.view.outcome)


# Time.


def test_the_countdown_counts_and_at_its_end_the_code_is_gone(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    begin(screen)
    woken: list[bool] = []
    screen.wake_requested.connect(lambda: woken.append(True))
    clock.advance(seconds=296)
    qtbot.waitUntil(lambda: screen.view.qr.left.text() == "0:04")
    assert codes(screen) == [LINK]
    clock.advance(seconds=4)
    qtbot.waitUntil(lambda: not screen.view.qr.code.is_scannable)
    assert "만료 · 확인 중" in text(screen.view.qr)
    assert woken == [True]
    assert codes(screen) == []
    assert screen.may_leave()


def test_the_last_30_seconds_are_a_warning(
    qtbot: QtBot, screen: PaymentScreen, clock: FakeClock, monkeypatch
):
    said: list[str] = []
    monkeypatch.setattr(
        qr_module, "announce", lambda widget, text, *, urgent=False: said.append(text)
    )
    begin(screen)
    qr = screen.view.qr
    clock.advance(seconds=269)
    qtbot.waitUntil(lambda: qr.left.text() == "0:31")
    assert not qr.last.isVisible() and said == []
    clock.advance(seconds=1)
    qtbot.waitUntil(lambda: qr.left.text() == "0:30")
    assert qr.last.isVisible(), "told by a shape, too"
    clock.advance(seconds=1)
    qtbot.waitUntil(lambda: qr.left.text() == "0:29")
    assert said == ["30초 남았습니다."]
    assert codes(screen) == [LINK]


def test_state_after_expiry_is_shown(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    begin(screen)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.view.qr.code.is_scannable)
    become(
        screen, payment_service, PaymentPhase.PAYING
    )  # still unclear: the code is not shown again
    assert codes(screen) == []
    become(screen, payment_service, PaymentPhase.DONE)
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)


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
        *(texts, theme, InlineTaskRunner(room), clock, FakePaymentService(clock)),
        *(Session(), FakeHistories()),
        cash=FakeCash(FakePaymentService(clock)),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
        parent=room,
    )
    begin(screen)
    clock.set_back(3600)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.view.qr.code.is_scannable)


def test_expired_code_is_never_shown(
    screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    screen.open(Actor.buyer(BUYER.id), 1024)
    payment_service.hold = lambda name: clock.advance(seconds=0)
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    clock.advance(seconds=400)
    screen.show_attempt(payment_service.now_is())
    assert codes(screen) == []
    assert "만료 · 확인 중" in text(screen.view.qr)


# Starting again.


def test_an_attempt_from_before_a_restart_is_on_screen_again(
    screen: PaymentScreen, payment_service: FakePaymentService, clock: FakeClock
):
    payment_service.start(Actor.buyer(BUYER.id), 1024)
    clock.advance(seconds=60)
    screen.show_attempt(payment_service.now_is())
    assert codes(screen) == [LINK]
    assert "4:00" in text(screen.view.qr)
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
    assert "확인 중" in text(screen.view.qr)
    assert "start" not in payment_service.calls
    assert screen.view.primary is None
    assert screen.view.qr.stop.isVisible() and screen.view.qr.stop.isEnabled()


# Leaving.


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
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)


def test_paid_while_the_question_is_up_answers_it(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    screen.may_leave()
    requested = question(screen)
    become(screen, payment_service, PaymentPhase.DONE)
    assert not requested.isVisible()
    assert "성공적으로 결제되었습니다." in text(screen.view.outcome)


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


def test_typed_buyer_pays_and_signed_in_user_stops(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService, session: Session
):
    begin(screen)
    session.actor = Actor.person("하나")
    screen.view.qr.stop.click()
    agree(qtbot, screen)
    assert payment_service.actors == [Actor.buyer(BUYER.id), Actor.person("하나")]


def test_a_stop_that_fails_is_reported_and_the_code_stays(
    qtbot: QtBot, screen: PaymentScreen, payment_service: FakePaymentService
):
    begin(screen)
    where = screen.view.qr.code.geometry()
    payment_service.refusal = GatewayError(GatewayOutcome.UNKNOWN, GatewayCause.TIMEOUT)
    screen.view.qr.stop.click()
    agree(qtbot, screen)
    assert "portone_timeout" in screen.view.qr.notice.text()
    assert codes(screen) == [LINK]
    assert screen.view.qr.code.geometry() == where
    assert screen.view.qr.stop.isEnabled()


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
        *(texts, theme, runner, clock, payment_service, Session(), FakeHistories()),
        cash=FakeCash(payment_service),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
        parent=room,
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
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    pay = screen.view.qr.pay
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
        screen.view.qr.pay_requested.emit()  # any press that would reach a busy button
    assert screen.view.qr.code.busy.is_busy
    assert screen.view.qr.state_label.text() == "준비 중"
    gates["start"].set()
    qtbot.waitUntil(lambda: screen.is_live)
    assert payment_service.calls.count("start") == 1
    assert threading.get_ident() not in payment_service.threads
    assert codes(screen) == [LINK]


def test_stopping_many_times_is_one_call(qtbot: QtBot, slow, payment_service: FakePaymentService):
    screen, gates = slow
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    screen.view.qr.pay.click()
    qtbot.waitUntil(lambda: screen.is_live)
    gates["stop"] = threading.Event()
    for _ in range(10):
        screen.view.qr.stop.click()
    agree(qtbot, screen)
    for _ in range(10):
        screen._controller.stop()
        screen.view.qr.stop.click()
        screen.view.outcome.retry_requested.emit()
    assert not screen.view.qr.stop.isEnabled()
    assert screen.view.qr.stop.text() == "결제 중단 중…"
    gates["stop"].set()
    qtbot.waitUntil(lambda: screen.view.panel is screen.view.outcome)
    assert payment_service.calls.count("stop") == 1
    assert payment_service.calls.count("start") == 1


def test_answer_for_a_left_order_is_dropped(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    screen.view.qr.pay.click()
    assert screen.may_leave()  # no code is on screen yet
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    gates["start"].set()
    qtbot.waitUntil(
        lambda: "start" in payment_service.calls and screen._controller._runner.busy == 0
    )
    assert screen.progress is None
    assert screen.view.primary is screen.view.qr.pay
    assert screen.view.qr.pay.isEnabled() and not screen.view.qr.pay.is_busy


def test_payment_before_the_attempt_id_arrives_is_not_missed(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    """The worker's signal arrives before the result of start()."""
    screen, _ = slow
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    real = payment_service.start

    def paid_at_once(user_id: int, order_id: int, link_made):
        progress = real(user_id, order_id, link_made)
        payment_service.become(PaymentPhase.DONE)
        return progress

    payment_service.start = paid_at_once
    screen._controller._payment_service = payment_service
    screen.view.qr.pay.click()
    screen.attempt_changed(7)
    qtbot.waitUntil(
        lambda: screen.progress is not None and screen.progress.phase is PaymentPhase.DONE
    )


def test_link_is_encoded_before_its_record_is_written_and_shown_after_that(
    qtbot: QtBot, slow, payment_service: FakePaymentService, monkeypatch: pytest.MonkeyPatch
):
    encoded: list[str] = []

    def note(link: str):
        encoded.append(link)
        return encode(link)

    monkeypatch.setattr(qr_matrix, "encode", note)
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    screen.view.qr.pay.click()
    qtbot.waitUntil(lambda: encoded == [LINK])
    assert screen._controller.matrix is None
    gates["start"].set()
    qtbot.waitUntil(lambda: screen._controller.matrix == encode(LINK))
    assert encoded == [LINK]  # once


@pytest.mark.parametrize("made", ["https://impay.link/another", "x" * 1001])
def test_code_is_that_of_the_recorded_link(
    qtbot: QtBot, slow, payment_service: FakePaymentService, made: str
):
    payment_service.made_link = made
    screen, _ = slow
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    screen.view.qr.pay.click()
    qtbot.waitUntil(lambda: screen._controller.matrix is not None)
    assert screen._controller.matrix == encode(LINK)


def test_destroyed_while_a_call_is_under_way(
    qtbot: QtBot, slow, payment_service: FakePaymentService
):
    import shiboken6

    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open(Actor.buyer(BUYER.id), 1024)
    qtbot.waitUntil(screen.view.qr.pay.isEnabled)
    runner = screen._controller._runner
    screen.view.qr.pay.click()
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
    code = screen.view.qr.code
    if code.is_scannable:
        assert code.accessibleName() == "카카오페이 결제 QR"
        assert "59,900원" in code.accessibleDescription()
    elif screen.view.panel is screen.view.qr:
        assert code.accessibleName() == screen.view.qr.state_label.text()
    assert screen.view.order.items.accessibleName()
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
    assert "인터넷 연결이 끊겼습니다" in text(screen.view.qr)
    assert codes(screen) == [LINK]
    screen.set_online(True)
    assert "인터넷 연결이 끊겼습니다" not in text(screen.view.qr)


def test_offline_is_shown_before_the_code(screen: PaymentScreen):
    screen.open(Actor.buyer(BUYER.id), 1024)
    screen.set_online(False)
    assert screen.view.qr.notice.text() == "카카오페이는 인터넷이 연결되어야 합니다."
    assert screen.view.qr.pay.isEnabled(), "PortOne may be reachable again by now"


def test_an_older_copy_takes_no_payment(screen: PaymentScreen, payment_service: FakePaymentService):
    screen.open(Actor.buyer(BUYER.id), 1024)
    screen.set_behind(True)
    assert screen.view.qr.pay.text() == "확인 중"
    assert "백업" in screen.view.qr.notice.text()
    screen.view.qr.pay.click()
    QTest.keyClick(screen, Qt.Key.Key_Return)
    assert payment_service.calls == ["look_up"]
    screen.set_behind(False)
    assert screen.view.qr.pay.text() == "결제" and screen.view.qr.pay.isEnabled()


def test_foreign_names_are_text_and_break_nothing(
    screen: PaymentScreen, payment_service: FakePaymentService
):
    payment_service.order = weird_order()
    payment_service.buyer = replace(BUYER, name="<h1>\u202eاسم\x00</h1>" + "이름" * 3000)
    begin(screen)
    rows = screen.view.order.items.rows
    names = [rows.item(at).text() for at in range(len(WEIRD))]
    assert names[0].replace("\u200b", "") == WEIRD[0]  # as text, tags and all
    assert all(len(name) <= 260 and name for name in names)
    for bad in ("\x00", "\x07", "\n", "\t", "\u202e"):
        assert not any(bad in name for name in names)
    assert not any("<img" in rows.item(at).toolTip() for at in range(len(WEIRD)))
    QApplication.processEvents()
    assert codes(screen) == [LINK]
    assert screen.view.order.width() == 416


def test_no_label_ever_reads_markup(screen: PaymentScreen, payment_service: FakePaymentService):
    begin(screen)
    become(screen, payment_service, PaymentPhase.FAILED)
    for label in screen.findChildren(QLabel):
        if label.pixmap().isNull():
            assert label.textFormat() is not Qt.TextFormat.RichText
            assert label.textFormat() is not Qt.TextFormat.AutoText or not label.text()
