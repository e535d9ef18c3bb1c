"""A live QR is counted before the window closes, and its payment is announced on every screen."""

from __future__ import annotations

import os
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from posapp.app.shop_config import load_shop
from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.navigation.arrivals import LONG_ENOUGH_MS
from posapp.ui.shell.termination import Termination
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.notice import Notice
from posapp.ui.widgets.roles import Label
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.test_scans_at_the_counter import SCREENS, fill, orders_of
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def counter(qtbot, qapp, tmp_path, keyboard):
    with demo_counter(qtbot, tmp_path, keyboard.clock) as counter:
        counter.beeps = []
        counter.sounds = []
        counter.arrivals._play = lambda sound: hear(counter, sound)
        yield counter


def hear(counter, sound):
    counter.beeps.append(counter.window.current)
    counter.sounds.append(sound)


def with_live_code(qtbot, counter, number: int = 0):
    order = list(orders_of(counter, paid=False))[number]
    pay = counter.screens.pay
    counter.screens.open_order(order.buyer_id, order.id)
    qtbot.waitUntil(lambda: pay.view.qr.pay.isEnabled())
    pay.view.qr.pay.click()
    qtbot.waitUntil(lambda: pay.progress is not None and pay.progress.phase is PaymentPhase.SCAN)
    return order


def the_question(qtbot) -> ConfirmDialog:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), ConfirmDialog))
    return QApplication.activeModalWidget()


def notice_of(counter) -> Notice:
    return counter.window.findChild(Notice)


# Leaving


def test_a_search_at_home_leaves_no_live_qr_for_another_order(qtbot, counter):
    first = with_live_code(qtbot, counter)
    other = list(orders_of(counter, paid=False))[1]
    paid = next(orders_of(counter, paid=True))
    pay, home = counter.screens.pay, counter.home
    counter.window.show_screen("home")
    home.search_requested.emit(str(other.id))
    qtbot.waitUntil(lambda: "결제 중에는" in home.refusal.text())
    qtbot.waitUntil(lambda: home.side.recent.rows[0].summary is not None)
    next(row for row in home.side.recent.rows if row.summary.order_id == other.id).click()
    assert counter.window.current == "home"
    home.search_requested.emit(str(paid.id))
    qtbot.waitUntil(lambda: counter.window.current == "order")
    counter.window.show_screen("home")
    home.search_requested.emit(str(first.id))
    qtbot.waitUntil(lambda: counter.window.current == "pay")
    assert pay.is_live and pay.progress.attempt.order_id == first.id


WAYS_OUT = {
    "cross": lambda counter: counter.window.close(),
    "Ctrl+Q": lambda counter: QTest.keyClick(
        QApplication.focusWidget() or counter.window,
        Qt.Key.Key_Q,
        Qt.KeyboardModifier.ControlModifier,
    ),
    "application": lambda counter: QApplication.sendEvent(
        QApplication.instance(), QEvent(QEvent.Type.Quit)
    ),
    "signal": lambda counter: os.kill(os.getpid(), signal.SIGTERM),
    "session": lambda counter: counter.screens.sync.leaving.session_ends(Session()),
}


class Session:
    """A desktop session that ends, and lets programs ask."""

    def allowsInteraction(self) -> bool:
        return True

    def cancel(self) -> None:
        pass

    def release(self) -> None:
        pass


@pytest.fixture
def signals(counter):
    termination = Termination()
    termination.requested.connect(counter.window.close)
    termination.insisted.connect(counter.window.close_without_asking)
    termination.install()
    yield termination
    termination.remove()


def is_counted(counter, live: int) -> bool:
    report = counter.screens.page("sync").report
    return report is not None and report.live == live


@pytest.mark.parametrize("way", WAYS_OUT)
def test_every_way_out_asks_about_a_live_qr(qtbot, counter, signals, keyboard, way):
    """F11 showed that it was safe to close, and closing from there asked nothing."""
    with_live_code(qtbot, counter)
    qtbot.waitUntil(lambda: is_counted(counter, 1))
    for name in ("pay", "sync", "home", "order"):
        counter.window.show_screen(name)
        keyboard.now += HAND_MS
        signals._no_answer()  # the next one is the first again
        WAYS_OUT[way](counter)
        question = the_question(qtbot)
        assert counter.window.isVisible() and counter.screens.pay.is_live
        assert counter.window.current == "pay", "asked where the QR can be seen"
        question.no.click()
        assert counter.window.isVisible() and counter.screens.pay.is_live
        counter.window.activateWindow()  # there is no window manager that would
        qtbot.waitUntil(counter.window.isActiveWindow)


def agree(qtbot) -> None:
    question = the_question(qtbot)
    qtbot.waitUntil(question.can_agree)
    question.yes.click()


def test_agreeing_leaves_at_once_without_the_network(qtbot, counter):
    """It waited for PortOne's word on the QR, and without a network never closed."""
    with_live_code(qtbot, counter)
    counter.demo.sandbox.stop()
    counter.screens.pay.may_leave()  # a question about leaving that screen alone
    before = the_question(qtbot)
    counter.window.close()
    qtbot.waitUntil(lambda: the_question(qtbot) is not before)
    question = the_question(qtbot)
    assert "QR" in question.windowTitle() and "종료" in question.windowTitle()
    assert "카카오페이" in question.accessibleDescription()
    assert "다음에 시작할 때" in question.accessibleDescription()
    agree(qtbot)
    assert not counter.window.isVisible(), "nothing is waited for"
    attempt = counter.screens.pay.progress.attempt
    with counter.demo.container.store.snapshot() as uow:
        assert uow.attempts.get(attempt.id).is_live, "it is watched on"


def test_disabled_button_shows_its_reason(qtbot, counter, monkeypatch):
    with_live_code(qtbot, counter)
    pay = counter.screens.pay
    monkeypatch.setattr(counter.runner, "run", lambda *_, **__: None)  # PortOne does not answer
    stop = pay.view.qr.stop
    assert stop.text() == "결제 중단"
    stop.click()
    agree(qtbot)
    assert not stop.isEnabled() and stop.text() == "결제 중단 중…"
    pay._show()
    assert not stop.isEnabled() and stop.text() == "결제 중단 중…"


def test_a_qr_that_no_screen_shows_any_more_is_counted_too(qtbot, counter):
    with_live_code(qtbot, counter)
    counter.screens.pay._forget()
    counter.go_home()
    qtbot.waitUntil(lambda: is_counted(counter, 1))
    counter.window.close()
    question = the_question(qtbot)
    assert "QR" in question.windowTitle()
    assert counter.window.isVisible()
    question.no.click()


def test_the_page_and_the_indicator_say_so(qtbot, counter):
    with_live_code(qtbot, counter)
    lamp = counter.window.status_bar.sync
    qtbot.waitUntil(lambda: "QR" in lamp.text())
    assert lamp.tone != "success"
    counter.window.show_screen("sync")
    assert "결제될 수 있습니다" in counter.screens.page("sync").status_strip.safe.text()
    assert "종료해도 됩니다" not in counter.screens.page("sync").status_strip.safe.text()
    counter.screens.pay._stop()
    qtbot.waitUntil(lambda: "QR" not in lamp.text())


def test_repeated_signal_ends_the_program(qtbot, counter, signals):
    with_live_code(qtbot, counter)
    os.kill(os.getpid(), signal.SIGTERM)
    the_question(qtbot)
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: not counter.window.isVisible())


def test_unanswered_question_after_a_signal_ends_the_program(qtbot, counter, signals):
    with_live_code(qtbot, counter)
    os.kill(os.getpid(), signal.SIGTERM)
    the_question(qtbot)
    signals._limit.timeout.emit()
    qtbot.waitUntil(lambda: not counter.window.isVisible())


def test_answered_question_after_a_signal_ends_nothing(qtbot, counter, signals):
    with_live_code(qtbot, counter)
    os.kill(os.getpid(), signal.SIGTERM)
    the_question(qtbot).no.click()
    signals._limit.timeout.emit()
    assert counter.window.isVisible()


def test_a_signal_with_nothing_open_closes(qtbot, counter, signals):
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: not counter.window.isVisible())


# Arrivals


def test_a_payment_is_reported_on_every_screen(qtbot, counter, keyboard):
    for at, name in enumerate(SCREENS):
        counter.beeps.clear()
        a_payment_is_reported_on(name, with_live_code(qtbot, counter, 0), qtbot, counter, keyboard)
        assert counter.arrivals.unseen == (), at
        counter.go_home()


def a_payment_is_reported_on(name, order, qtbot, counter, keyboard) -> None:
    counter.window.show_screen(name)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    focused = QApplication.focusWidget()
    counter.demo.sandbox.books.pay(counter.screens.pay.progress.attempt.merchant_uid)
    qtbot.waitUntil(lambda: len(counter.beeps) == 1)
    notice = notice_of(counter)
    if name == "pay":
        qtbot.waitUntil(lambda: counter.screens.pay.progress.phase is PaymentPhase.DONE)
        assert not notice.isVisible()
        return
    assert notice.isVisible(), name
    assert f"주문 {order.id}" in notice.message
    assert counter._texts.won(order.total) in notice.message
    assert QApplication.focusWidget() is focused, f"{name}: the focus was taken"
    qtbot.waitUntil(lambda: "QR" not in counter.window.status_bar.sync.text())
    keyboard.now += HAND_MS
    target = focused or counter.window
    QTest.keyClick(target, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: counter.window.current == "order")
    page = counter.screens.page("order")
    qtbot.waitUntil(lambda: page._history is not None and page._history.order.id == order.id)
    assert not notice.isVisible()


def test_several_payments_are_reported_newest_first(qtbot, counter):
    numbers, orders = [], []
    for at in range(2):
        orders.append(with_live_code(qtbot, counter, at))
        numbers.append(counter.screens.pay.progress.attempt.merchant_uid)
        counter.screens.pay._forget()
    counter.go_home()
    for number in numbers:
        counter.demo.sandbox.books.pay(number)
        beeps = len(counter.beeps)
        qtbot.waitUntil(lambda before=beeps: len(counter.beeps) > before, timeout=20_000)
    notice = notice_of(counter)
    assert "외 1건" in notice.message
    newest = counter.arrivals.unseen[-1].order_id
    notice.view.click()
    assert counter.window.current == "order"
    assert "외 1건" not in notice.message and str(newest) not in notice.message
    notice.close_button.click()
    assert not notice.isVisible() and counter.arrivals.unseen == ()


def test_a_payment_is_reported_once(qtbot, counter):
    with_live_code(qtbot, counter)
    counter.go_home()
    attempt = counter.screens.pay.progress.attempt
    counter.demo.sandbox.books.pay(attempt.merchant_uid)
    qtbot.waitUntil(lambda: len(counter.beeps) == 1)
    counter.arrivals.attempt_changed(attempt.id)
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    assert len(counter.beeps) == 1


class Ticks:
    """Milliseconds that a test moves."""

    def __init__(self) -> None:
        self.ms = 0

    def now(self):
        return datetime.now(UTC)

    def monotonic(self) -> int:
        return self.ms


PAGE_EDGE = 16
"""Height in pixels of the empty edge at the bottom of every page."""


def covers_no_work(counter, notice) -> None:
    """It lies over the right of the page's head, or where that has no room over the left of the
    status line; over nothing that is pressed or read there."""
    head, line, ground = counter.window.head, counter.window.status_bar, counter.window.ground
    place = notice.geometry()
    if QRect(head.mapTo(ground, QPoint(0, 0)), head.size()).contains(place):
        assert place.left() >= head.width() // 4
    else:
        edge = line.geometry().adjusted(0, -PAGE_EDGE, 0, 0)
        assert edge.contains(place), "it covers no page"
    text = notice.findChild(Label)
    assert text.heightForWidth(text.width()) <= text.height(), "it is read whole"
    for one in (head.back, *head.findChildren(QPushButton), *line.findChildren(QPushButton)):
        if one.isVisible():
            covered = place.intersects(QRect(one.mapTo(ground, QPoint(0, 0)), one.size()))
            assert not covered, one.text()


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (1080, 1920)])
def test_a_notice_covers_no_button_of_any_page(qtbot, counter, size):
    paid = next(orders_of(counter, paid=True))
    fill(counter, next(orders_of(counter, paid=False)), paid)
    counter.window.resize(*size)
    text = counter._texts("window.arrived", order=1200, amount="1,234,500원")
    for name in SCREENS:
        counter.window.show_screen(name)
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        counter.arrivals.notify(0, lambda: text, "success")
        QApplication.processEvents()
        notice = notice_of(counter)
        assert notice.isVisible()
        covers_no_work(counter, notice)
        counter.arrivals._close()


def test_a_notice_covers_nothing_and_leaves(qtbot, counter, keyboard):
    """It covered amounts and buttons, and remained until it was closed."""
    arrivals, notice, screens = counter.arrivals, notice_of(counter), counter.screens
    arrivals._clock = ticks = Ticks()
    first, second = list(orders_of(counter, paid=True))[:2]

    def report(*orders):
        for order in orders:
            arrivals.notify(order.id, lambda order=order: f"주문 {order.id}", "success")

    report(first)
    covers_no_work(counter, notice)
    # Ctrl+W is in no list of keys: it does nothing, and the button closes.
    assert notice.close_button.key == "" and notice.close_button.shortcut().isEmpty()
    keyboard.now += HAND_MS
    qtbot.waitUntil(counter.window.isActiveWindow)
    target = QApplication.focusWidget() or counter.window
    QTest.keyClick(target, Qt.Key.Key_W, Qt.KeyboardModifier.ControlModifier)
    counter._scans.flush()
    assert notice.isVisible()
    QTest.mouseClick(notice.close_button, Qt.MouseButton.LeftButton)
    assert not notice.isVisible()
    assert arrivals.unseen == ()
    # Its order is opened, in each way.
    for way in (
        lambda: counter._routes.to_history.emit(first.id),
        lambda: screens.open_history(first.id),
        lambda: screens.open("receipt", {"order_id": first.id}),
        lambda: screens.open_order(first.buyer_id, first.id),
    ):
        counter.go_home()
        report(first, second)
        way()
        assert [one.order_id for one in arrivals.unseen] == [second.id]
        arrivals._close()
    # It was shown long enough: the next change of screen closes it, and the one below it is shown.
    counter.go_home()
    report(first, second)
    ticks.ms += LONG_ENOUGH_MS - 1
    counter.window.show_screen("sync")
    assert [one.order_id for one in arrivals.unseen] == [first.id, second.id]
    ticks.ms += 1
    assert notice.isVisible(), "not by itself"
    counter.go_home()
    assert [one.order_id for one in arrivals.unseen] == [first.id]
    counter.window.show_screen("sync")
    assert notice.isVisible() and str(first.id) in notice.message
    ticks.ms += LONG_ENOUGH_MS
    counter.go_home()
    assert not notice.isVisible() and arrivals.unseen == ()


@pytest.mark.parametrize("copied", ["before the QR", "with the QR", "after the payment"])
def test_old_payment_is_not_announced_after_a_restore(qtbot, qapp, tmp_path, keyboard, copied):
    """The start after a restore announced an old payment as if it had just arrived."""
    database = load_shop(str(tmp_path), {}, {"mode": "demo"}).home.database
    copy = tmp_path / "copy.sqlite"
    with demo_counter(qtbot, tmp_path, keyboard.clock) as counter:
        counter.arrivals._play = lambda sound: None
        if copied == "before the QR":
            copy_of(database, copy)
        order = with_live_code(qtbot, counter)
        if copied == "with the QR":
            copy_of(database, copy)
        number = counter.screens.pay.progress.attempt.merchant_uid
        counter.demo.sandbox.books.pay(number)
        qtbot.waitUntil(lambda: counter.screens.pay.progress.phase is PaymentPhase.DONE)
        if copied == "after the payment":
            copy_of(database, copy)
        paid_at = counter.screens.pay.progress.payment.paid_at
    for file in database.parent.glob(f"{database.name}*"):
        if file.suffix != ".lock":
            file.unlink()
    copy.rename(database)
    qtbot.waitUntil(lambda: datetime.now(UTC) > paid_at + timedelta(seconds=1))
    beeps, reported = [], []

    def put_behind(counter) -> None:
        with counter.demo.container.store.transaction() as uow:
            uow.checkpoints.set_behind(datetime.now(UTC))
            uow.commit()

    with demo_counter(qtbot, tmp_path, keyboard.clock, before=put_behind) as counter:
        arrivals = counter.arrivals
        arrivals._play = beeps.append
        counter.worker.attempt_changed.connect(reported.append)
        page = counter.screens.page("sync")

        def is_compared() -> bool:
            report = page.report
            return report is not None and not report.is_behind and not report.live

        qtbot.waitUntil(is_compared)
        with counter.demo.container.store.snapshot() as uow:
            assert uow.orders.get(order.id).is_paid
            attempt_id = uow.attempts.by_merchant_uid(number).id
        arrivals.attempt_changed(attempt_id)
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        assert beeps == [] and counter.window.current == "home"
        assert all(one.order_id == 0 for one in arrivals.unseen)
        if copied == "before the QR":
            qtbot.waitUntil(lambda: len(arrivals.unseen) == 1)
            assert "백업 이후" in notice_of(counter).message and "1건" in notice_of(counter).message
            assert "F11" in notice_of(counter).message
            qtbot.waitUntil(counter.window.isActiveWindow)
            keyboard.now += HAND_MS
            target = QApplication.focusWidget() or counter.window
            QTest.keyClick(target, Qt.Key.Key_F11)
            qtbot.waitUntil(lambda: counter.window.current == "sync")
            assert arrivals.unseen == () and not notice_of(counter).isVisible()
            counter.go_home()
            counter.screens.sync.found_again.emit(1)
            notice_of(counter).view.click()
            assert counter.window.current == "sync" and arrivals.unseen == ()


def copy_of(database, copy) -> None:
    with closing(sqlite3.connect(database)) as one, closing(sqlite3.connect(copy)) as other:
        one.backup(other)
