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

from posapp.services.progress import OVER, Phase
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.screens import pay as pay_module
from posapp.ui.screens.pay import PayScreen
from posapp.ui.theme import THEMES, Theme
from posapp.ui.widgets.question import Question
from tests.bounds import LONGEST_S
from tests.fakes.world import FakeClock
from tests.ui.pay.stories import (
    BUYER,
    LINK,
    WEIRD,
    ErrorCode,
    FakePaying,
    GatewayCause,
    GatewayError,
    Outcome,
    UserError,
    weird_order,
)
from tests.ui.pay.test_qr import read

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def begin(screen: PayScreen) -> None:
    """Open the order and press 결제."""
    screen.open_order(BUYER.id, 1024)
    screen.stage.ready.pay.click()


def become(screen: PayScreen, paying: FakePaying, phase: Phase) -> None:
    """The worker saw something: the screen is told by id."""
    paying.become(phase)
    assert paying.attempt is not None
    screen.attempt_changed(paying.attempt.id)


def words(widget: QWidget) -> str:
    """Everything that can be read on a widget now."""
    seen = [one for one in widget.findChildren(QLabel) if one.isVisible()]
    pressed = [one for one in widget.findChildren(QAbstractButton) if one.isVisible()]
    return "\n".join(one.text() for one in (*seen, *pressed))


def codes(screen: PayScreen) -> list[str]:
    """What a phone would read off the whole screen."""
    image: QImage = screen.grab().toImage()
    return [text for text, _ in read(image)]


def test_the_summary_says_what_is_paid_and_by_whom(screen: PayScreen):
    screen.open_order(BUYER.id, 1024)
    seen = words(screen)
    assert "1024" in seen
    assert "김서연" in seen
    assert "59,900원" in seen
    assert screen.stage.ready.pay.text() == "결제"
    model = screen.stage.order.table.model()
    lines = [[model.index(row, at).data() for at in range(3)] for row in range(4)]
    assert lines[0] == ["아메리카노", "2개", "9,000원"]
    assert lines[3] == ["유기농 그릭요거트 500g", "1개", "취소"]


def test_from_pressing_to_a_code_that_can_be_read(screen: PayScreen, paying: FakePaying):
    begin(screen)
    assert paying.calls[:2] == ["look_up", "start"]
    assert codes(screen) == [LINK]
    seen = words(screen.stage.code)
    for part in ("스캔 대기", "한빛상점", "59,900원", "주문번호 1024", "5:00", "그만두기"):
        assert part in seen


@pytest.mark.parametrize("theme_name", THEMES)
@pytest.mark.parametrize("size", [(1366, 640), (1920, 950), (1080, 1800), (1024, 504)])
def test_the_code_can_be_read_at_every_size_in_every_theme(
    screen: PayScreen, room: QWidget, theme: Theme, theme_name: str, size: tuple[int, int]
):
    theme.set_name(theme_name)
    room.resize(*size)
    screen.resize(*size)
    begin(screen)
    QApplication.processEvents()
    assert codes(screen) == [LINK]
    assert screen.stage.code.code.module_size() >= 8
    assert_nothing_clipped(screen)


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", [(1366, 640), (1080, 1800), (1024, 504)])
def test_every_phase_is_shown_whole(
    screen: PayScreen,
    room: QWidget,
    paying: FakePaying,
    texts: Texts,
    phase: Phase,
    language: str,
    size: tuple[int, int],
):
    texts.set_language(language)
    room.resize(*size)
    screen.resize(*size)
    begin(screen)
    become(screen, paying, phase)
    QApplication.processEvents()
    assert screen.progress is not None
    assert screen.progress.phase is phase
    assert_nothing_clipped(screen)
    if phase not in (Phase.SCAN, Phase.PAYING):
        assert codes(screen) == []
    if phase in OVER:
        strong = screen.stage.strong_button
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


def test_paid_is_told_with_the_way_to_the_receipt(
    qtbot: QtBot, screen: PayScreen, paying: FakePaying
):
    begin(screen)
    with qtbot.waitSignal(screen.paid) as paid:
        become(screen, paying, Phase.DONE)
    assert paid.args == [1024]
    assert "성공적으로 결제되었습니다." in words(screen.stage.end)
    assert codes(screen) == []
    with qtbot.waitSignal(screen.receipt_requested) as wanted:
        screen.stage.end.receipt.click()
    assert wanted.args == [1024]


def test_paid_is_told_once(screen: PayScreen, paying: FakePaying):
    told: list[object] = []
    screen.paid.connect(told.append)
    begin(screen)
    for _ in range(3):
        become(screen, paying, Phase.DONE)
    assert told == [1024]


def test_giving_up_shows_portones_words_and_another_try_makes_another_code(
    screen: PayScreen, paying: FakePaying
):
    begin(screen)
    become(screen, paying, Phase.FAILED)
    seen = words(screen.stage.end)
    assert "[결제포기] 사용자가 결제를 취소하셨습니다" in seen
    assert "주문은 결제대기 그대로입니다." in seen
    paying.link = "https://impay.link/second"
    screen.stage.end.retry.click()
    assert codes(screen) == ["https://impay.link/second"]


def test_a_changed_link_is_drawn_anew_and_the_same_one_is_not(
    screen: PayScreen, paying: FakePaying, monkeypatch
):
    from posapp.ui.widgets import qr_matrix

    encoded: list[str] = []
    real = qr_matrix.encode
    monkeypatch.setattr(qr_matrix, "encode", lambda link: encoded.append(link) or real(link))
    begin(screen)
    for _ in range(3):
        become(screen, paying, Phase.PAYING)
    assert encoded == [LINK]
    assert codes(screen) == [LINK]


def test_money_going_back_is_followed_by_the_refunds_signal(screen: PayScreen, paying: FakePaying):
    begin(screen)
    become(screen, paying, Phase.RETURNING)
    assert "확인 중" in words(screen.stage.end)
    paying.become(Phase.RETURNED)
    screen.refund_changed(99)  # another refund: no need to look
    assert screen.progress.phase is Phase.RETURNING
    screen.refund_changed(5)
    assert "결제가 취소되었습니다" in words(screen.stage.end)


def test_signals_of_other_attempts_are_not_looked_at(screen: PayScreen, paying: FakePaying):
    begin(screen)
    count = len(paying.calls)
    screen.attempt_changed(999)
    screen.refund_changed(999)
    assert len(paying.calls) == count


def test_a_refused_order_is_explained_where_the_person_is(
    qtbot: QtBot, screen: PayScreen, paying: FakePaying
):
    paying.refusal = UserError(ErrorCode.ORDER_OF_ANOTHER)
    screen.open_order(BUYER.id, 1024)
    seen = words(screen)
    assert "사용자의 주문이 아닙니다" in seen
    assert "order406" in seen
    with qtbot.waitSignal(screen.home_requested):
        screen.stage.strong_button.click()


def test_no_network_leaves_the_order_and_can_be_tried_again(screen: PayScreen, paying: FakePaying):
    screen.open_order(BUYER.id, 1024)
    paying.refusal = GatewayError(Outcome.RETRY_SAFE, GatewayCause.OFFLINE)
    screen.stage.ready.pay.click()
    seen = words(screen)
    assert "인터넷에 연결되어 있지 않습니다" in seen
    assert "주문은 결제대기 그대로입니다." in seen
    assert "portone_offline" in seen
    paying.refusal = None
    screen.stage.end.retry.click()
    assert codes(screen) == [LINK]


def test_a_bug_in_a_service_does_not_leave_the_screen_busy(
    screen: PayScreen, paying: FakePaying, caplog
):
    screen.open_order(BUYER.id, 1024)
    paying.refusal = ZeroDivisionError()
    screen.stage.ready.pay.click()
    assert "예상하지 못한 문제" in words(screen)
    paying.refusal = None
    screen.stage.end.retry.click()
    assert codes(screen) == [LINK]
    caplog.clear()


def test_a_failing_read_is_told_and_the_code_stays(screen: PayScreen, paying: FakePaying):
    begin(screen)
    paying.refusal = UserError(ErrorCode.ATTEMPT_UNKNOWN)
    screen.attempt_changed(7)
    assert screen.stage.banner.words
    assert codes(screen) == [LINK]


# Time.


def test_the_countdown_counts_and_at_its_end_the_code_is_gone(
    qtbot: QtBot, screen: PayScreen, paying: FakePaying, clock: FakeClock
):
    begin(screen)
    woken: list[bool] = []
    screen.wake_requested.connect(lambda: woken.append(True))
    clock.advance(seconds=296)
    qtbot.waitUntil(lambda: screen.stage.code.left.text() == "0:04")
    assert codes(screen) == [LINK]
    clock.advance(seconds=4)
    qtbot.waitUntil(lambda: not screen.stage.code.code.is_scannable)
    assert "만료 · 확인 중" in words(screen.stage.end)
    assert woken == [True]
    assert codes(screen) == []
    assert screen.may_leave()


def test_what_the_service_says_after_the_end_of_time_is_shown(
    qtbot: QtBot, screen: PayScreen, paying: FakePaying, clock: FakeClock
):
    begin(screen)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.stage.code.code.is_scannable)
    become(screen, paying, Phase.PAYING)  # still not settled: the code does not come back
    assert codes(screen) == []
    become(screen, paying, Phase.DONE)
    assert "성공적으로 결제되었습니다." in words(screen.stage.end)


class TwoClocks(FakeClock):
    """A wall clock that can be set without time passing."""

    def set_back(self, seconds: int) -> None:
        self._now -= timedelta(seconds=seconds)


def test_a_clock_set_back_does_not_lengthen_a_code(
    qtbot: QtBot, room: QWidget, texts: Texts, theme: Theme
):
    from posapp.ui.background import InstantRunner

    clock = TwoClocks()
    screen = PayScreen(texts, theme, InstantRunner(room), clock, shop="한빛상점", parent=room)
    screen.attach(FakePaying(clock))
    begin(screen)
    clock.set_back(3600)
    clock.advance(seconds=301)
    qtbot.waitUntil(lambda: not screen.stage.code.code.is_scannable)


def test_a_code_that_is_over_when_it_arrives_is_never_shown(
    screen: PayScreen, paying: FakePaying, clock: FakeClock
):
    screen.open_order(BUYER.id, 1024)
    paying.hold = lambda name: clock.advance(seconds=0)
    paying.start(BUYER.id, 1024)
    clock.advance(seconds=400)
    screen.show_attempt(paying.now_is())
    assert codes(screen) == []
    assert "만료 · 확인 중" in words(screen.stage.end)


# Starting again.


def test_an_attempt_from_before_a_restart_is_on_screen_again(
    screen: PayScreen, paying: FakePaying, clock: FakeClock
):
    paying.start(BUYER.id, 1024)
    clock.advance(seconds=60)
    screen.show_attempt(paying.now_is())
    assert codes(screen) == [LINK]
    assert "4:00" in words(screen.stage.code)
    assert "김서연" in words(screen.stage.order)


def test_an_order_with_a_live_code_is_opened_with_that_code(screen: PayScreen, paying: FakePaying):
    paying.start(BUYER.id, 1024)
    paying.live_attempt = paying.attempt
    paying.calls.clear()
    screen.open_order(BUYER.id, 1024)
    assert codes(screen) == [LINK]
    assert screen.progress.attempt.id == paying.live_attempt.id


def test_an_order_whose_attempt_is_not_clear_shows_that_and_no_button_to_pay_again(
    screen: PayScreen, paying: FakePaying
):
    paying.start(BUYER.id, 1024)
    paying.become(Phase.CHECKING)
    paying.live_attempt = paying.attempt
    paying.calls.clear()
    screen.open_order(BUYER.id, 1024)
    assert "확인 중" in words(screen.stage.end)
    assert "start" not in paying.calls
    assert screen.stage.strong_button is None
    assert screen.stage.end.stop.isVisible()


def test_asked_before_the_service_stands_is_done_when_it_does(
    qtbot: QtBot, room: QWidget, texts: Texts, theme: Theme, clock: FakeClock, paying: FakePaying
):
    from posapp.ui.background import InstantRunner

    screen = PayScreen(texts, theme, InstantRunner(room), clock, shop="한빛상점", parent=room)
    screen.open_order(BUYER.id, 1024)
    assert paying.calls == []
    screen.attach(paying)
    assert paying.calls == ["look_up"]
    assert screen.stage.page is screen.stage.ready


# Leaving.


def question(screen: PayScreen) -> Question:
    found = [one for one in screen.findChildren(Question) if one.isVisible()]
    assert len(found) == 1
    return found[0]


def test_leaving_a_live_code_asks_and_watching_on_is_the_default(
    qtbot: QtBot, screen: PayScreen, paying: FakePaying
):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    assert not screen.may_leave()
    asked = question(screen)
    assert not screen.may_leave()  # asking twice opens one question
    assert question(screen) is asked
    assert asked.no.isDefault()
    qtbot.waitUntil(asked.isActiveWindow)
    QTest.keyClick(asked, Qt.Key.Key_Return)
    assert not [one for one in screen.findChildren(Question) if one.isVisible()]
    assert left == []
    assert "stop" not in paying.calls
    assert codes(screen) == [LINK]


def test_agreeing_stops_and_then_leaves(screen: PayScreen, paying: FakePaying):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    screen.may_leave()
    question(screen).yes.click()
    assert paying.calls[-1] == "stop"
    assert left == [True]
    assert codes(screen) == []


def test_paid_while_it_is_being_given_up_is_seen_before_anybody_leaves(
    screen: PayScreen, paying: FakePaying
):
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    begin(screen)
    paying.after_stop = Phase.DONE
    screen.may_leave()
    question(screen).yes.click()
    assert left == []
    assert "성공적으로 결제되었습니다." in words(screen.stage.end)


def test_paid_while_the_question_is_up_answers_it(screen: PayScreen, paying: FakePaying):
    begin(screen)
    screen.may_leave()
    asked = question(screen)
    become(screen, paying, Phase.DONE)
    assert not asked.isVisible()
    assert "성공적으로 결제되었습니다." in words(screen.stage.end)


@pytest.mark.parametrize(
    "phase", [Phase.CHECKING, Phase.RETURNING, *sorted(OVER)], ids=lambda phase: phase.value
)
def test_what_goes_on_by_itself_or_is_over_can_be_left(
    screen: PayScreen, paying: FakePaying, phase: Phase
):
    begin(screen)
    become(screen, paying, phase)
    assert screen.may_leave()


def test_stop_closes_the_attempt(screen: PayScreen, paying: FakePaying):
    begin(screen)
    screen.stage.code.stop.click()
    assert "stop" in paying.calls
    assert "결제를 그만두었습니다." in words(screen.stage.end)


def test_a_stop_that_fails_is_told_and_the_code_stays(screen: PayScreen, paying: FakePaying):
    begin(screen)
    paying.refusal = GatewayError(Outcome.UNKNOWN, GatewayCause.TIMEOUT)
    screen.stage.code.stop.click()
    assert screen.stage.banner.words
    assert codes(screen) == [LINK]
    assert screen.stage.code.stop.isEnabled()


# Keys, and hands that press twice.


def test_a_whole_sale_by_keyboard(qtbot: QtBot, screen: PayScreen, paying: FakePaying):
    screen.open_order(BUYER.id, 1024)
    assert screen.stage.ready.pay.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    assert codes(screen) == [LINK]
    assert screen.stage.code.code.hasFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)  # does nothing here
    assert codes(screen) == [LINK]
    become(screen, paying, Phase.DONE)
    assert screen.stage.end.receipt.hasFocus()
    with qtbot.waitSignal(screen.receipt_requested):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Enter)


def test_f8_stops(qtbot: QtBot, screen: PayScreen, paying: FakePaying):
    begin(screen)
    QTest.keyClick(screen, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: "stop" in paying.calls)


def test_enter_presses_the_button_that_has_the_focus_first(screen: PayScreen, paying: FakePaying):
    begin(screen)
    become(screen, paying, Phase.FAILED)
    left: list[bool] = []
    screen.home_requested.connect(lambda: left.append(True))
    screen.stage.end.home.setFocus()
    QTest.keyClick(screen.stage.end.home, Qt.Key.Key_Return)
    assert left == [True]
    assert paying.calls.count("start") == 1


def test_the_focus_never_falls_on_the_stop_button_by_itself(screen: PayScreen, paying: FakePaying):
    begin(screen)
    for phase in Phase:
        become(screen, paying, phase)
        assert QApplication.focusWidget() not in (screen.stage.code.stop, screen.stage.end.stop)


# A real runner: nothing on the GUI thread, one call for many presses, late answers dropped.


@pytest.fixture
def slow(
    qtbot: QtBot, room: QWidget, texts: Texts, theme: Theme, clock: FakeClock, paying: FakePaying
):
    """A screen whose calls are made in threads; a call can be held by its name."""
    gates: dict[str, threading.Event] = {}
    paying.hold = lambda name: gates[name].wait(LONGEST_S) if name in gates else None
    runner = TaskRunner()
    made = PayScreen(texts, theme, runner, clock, shop="한빛상점", parent=room)
    made.resize(room.size())
    made.attach(paying)
    with qtbot.waitExposed(room):
        room.show()
    yield made, gates
    for gate in gates.values():
        gate.set()
    runner.stop()


def test_pressing_many_times_is_one_call_and_none_on_the_gui_thread(
    qtbot: QtBot, slow, paying: FakePaying
):
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    pay = screen.stage.ready.pay
    QTest.mouseDClick(pay, Qt.MouseButton.LeftButton)
    for _ in range(20):
        QTest.keyClick(screen, Qt.Key.Key_Return)
        QTest.keyClick(screen, Qt.Key.Key_Space)
        screen.stage.ready.pay_requested.emit()  # whatever gets past a button that is off
    assert not pay.isEnabled()
    assert screen.stage.ready.busy.is_busy
    gates["start"].set()
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.code)
    assert paying.calls.count("start") == 1
    assert threading.get_ident() not in paying.threads
    assert codes(screen) == [LINK]


def test_stopping_many_times_is_one_call(qtbot: QtBot, slow, paying: FakePaying):
    screen, gates = slow
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    screen.stage.ready.pay.click()
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.code)
    gates["stop"] = threading.Event()
    for _ in range(10):
        screen.stage.code.stop_requested.emit()
        screen.stage.end.retry_requested.emit()
    gates["stop"].set()
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.end)
    assert paying.calls.count("stop") == 1
    assert paying.calls.count("start") == 1


def test_the_answer_of_an_order_that_was_left_is_dropped(qtbot: QtBot, slow, paying: FakePaying):
    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    screen.stage.ready.pay.click()
    assert screen.may_leave()  # no code is on screen yet
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    gates["start"].set()
    qtbot.waitUntil(lambda: "start" in paying.calls and screen._errands._runner.busy == 0)
    assert screen.stage.page is screen.stage.ready
    assert screen.progress is None
    assert screen.stage.ready.pay.isEnabled()


def test_paid_before_the_screen_knew_the_attempts_number_is_not_missed(
    qtbot: QtBot, slow, paying: FakePaying
):
    """The worker's signal comes while start() is still on its way home."""
    screen, _ = slow
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    real = paying.start

    def paid_at_once(user_id: int, order_id: int):
        progress = real(user_id, order_id)
        paying.become(Phase.DONE)
        return progress

    paying.start = paid_at_once
    screen._errands._paying = paying
    screen.stage.ready.pay.click()
    screen.attempt_changed(7)
    qtbot.waitUntil(lambda: screen.progress is not None and screen.progress.phase is Phase.DONE)


def test_destroyed_while_a_call_is_under_way(qtbot: QtBot, slow, paying: FakePaying):
    import shiboken6

    screen, gates = slow
    gates["start"] = threading.Event()
    screen.open_order(BUYER.id, 1024)
    qtbot.waitUntil(lambda: screen.stage.page is screen.stage.ready)
    runner = screen._errands._runner
    screen.stage.ready.pay.click()
    shiboken6.delete(screen)
    gates["start"].set()
    qtbot.waitUntil(lambda: runner.busy == 0)


# Words.


def test_outcomes_are_spoken(screen: PayScreen, paying: FakePaying, monkeypatch):
    said: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        pay_module, "announce", lambda widget, words, urgent=False: said.append((words, urgent))
    )
    begin(screen)
    become(screen, paying, Phase.PAYING)
    become(screen, paying, Phase.PAYING)
    become(screen, paying, Phase.FAILED)
    assert len(said) == 3
    assert said[0][0].startswith("스캔 대기")
    assert "[결제포기]" in said[-1][0]
    assert said[-1][1] is True


@pytest.mark.parametrize("phase", Phase)
def test_every_control_has_a_name(screen: PayScreen, paying: FakePaying, phase: Phase):
    begin(screen)
    become(screen, paying, phase)
    assert screen.accessibleName()
    assert screen.stage.code.code.accessibleName() == "카카오페이 결제 QR"
    assert "59,900원" in screen.stage.code.code.accessibleDescription()
    assert screen.stage.order.table.accessibleName()
    for button in screen.findChildren(QAbstractButton):
        if button.isVisible() and button.metaObject().className() == "Button":
            assert button.accessibleName()


def test_the_language_changes_while_a_code_is_up(
    screen: PayScreen, paying: FakePaying, texts: Texts
):
    begin(screen)
    texts.set_language("en")
    assert "Ready to scan" in words(screen)
    assert "₩59,900" in words(screen)
    assert codes(screen) == [LINK]
    become(screen, paying, Phase.FAILED)
    texts.set_language("ko")
    assert "실패" in words(screen)


def test_offline_is_said_beside_the_code(screen: PayScreen):
    begin(screen)
    screen.set_online(False)
    assert "인터넷 연결이 끊겼습니다" in words(screen.stage.code)
    assert codes(screen) == [LINK]
    screen.set_online(True)
    assert "인터넷 연결이 끊겼습니다" not in words(screen.stage.code)


def test_foreign_names_are_text_and_break_nothing(screen: PayScreen, paying: FakePaying):
    paying.order = weird_order()
    paying.buyer = replace(BUYER, name="<h1>\u202eاسم\x00</h1>" + "이름" * 3000)
    begin(screen)
    model = screen.stage.order.table.model()
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
    assert screen.stage.order.width() <= 416
    assert_nothing_clipped(screen)


def test_no_label_ever_reads_markup(screen: PayScreen, paying: FakePaying):
    begin(screen)
    become(screen, paying, Phase.FAILED)
    for label in screen.findChildren(QLabel):
        if label.pixmap().isNull():
            assert label.textFormat() is not Qt.TextFormat.RichText
            assert label.textFormat() is not Qt.TextFormat.AutoText or not label.text()
