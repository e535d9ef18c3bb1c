"""Closing with unsent refunds: the question lists them, and nothing is dropped; and the indicator
beside it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.sync.close_safety import CloseSafety
from posapp.ui.core.i18n import Translator
from posapp.ui.core.sync_worker import SyncWorker
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.sync import close_guard as leaving_module
from posapp.ui.sync.sync_status_controller import SyncStatusController
from posapp.ui.widgets.status_indicator import IndicatorState
from tests.fakes.actors import SESSION
from tests.fakes.world import FakeClock
from tests.ui.sync.pending_records import (
    NOW,
    OFFLINE,
    PERSON,
    PORTAL,
    SENDING,
    TRIED,
    WELL,
    FakeDesk,
    a_report,
)


class Till:
    """A window with the sync page, its lamp and its question."""

    def __init__(self, qtbot, theme, runner, desk=None) -> None:
        self.texts = Translator("ko", now=lambda: NOW)
        self.window = MainWindow(self.texts, theme, shop="한빛상점", live=False)
        qtbot.addWidget(self.window)
        self.home = QWidget()
        self.window.add_screen("home", self.home)
        self.desk = desk or FakeDesk()
        self.watch = SyncStatusController(
            *(self.texts, theme, runner, self.desk, SESSION, self.window, FakeClock(NOW))
        )
        self.leaving, self.indicator = self.watch.leaving, self.watch.safety_button
        self.window.guard_closing(self.leaving.may_close)
        self.watch.screen.refresh()
        self.window.show()
        qtbot.waitExposed(self.window)

    def show(self, *arguments, **named) -> None:
        self.desk.found = a_report(*arguments, **named)
        self.watch.screen.refresh()


@pytest.fixture
def till(qtbot, theme, instant) -> Till:
    return Till(qtbot, theme, instant)


def agree(qtbot, till: Till) -> None:
    question = till.leaving.question
    qtbot.waitUntil(question.can_agree)
    question.yes.click()


# Closing


def test_fault_70_question_shows_the_newest_list(qtbot, till):
    """A refund that was decided a moment ago is on the list before any signal of it."""
    till.desk.found = a_report((TRIED, SENDING))
    till.window.close()
    question = till.leaving.question
    assert till.window.isVisible() and len(question.rows) == 2
    texts = [label.text() for label in question.findChildren(QWidget) if hasattr(label, "text")]
    assert any("종료해도 기록은 남으며" in text for text in texts)
    assert [amount for amount, _ in question.facts] == ["18,000원", "24,000원"]
    assert "예가체프" in question.facts[0][1] and "주문 1024" in question.facts[0][1]
    agree(qtbot, till)
    assert not till.window.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_fault_70_enter_and_esc_stay(qtbot, till, key):
    till.desk.found = a_report((TRIED,))
    till.window.close()
    question = till.leaving.question
    assert question.focusWidget() is question.no
    qtbot.keyClick(question.focusWidget(), key)
    assert till.window.isVisible() and till.leaving.question is None


def test_fault_70_question_names_reviews(qtbot, till):
    till.desk.found = a_report((PERSON, TRIED))
    till.window.close()
    text = " ".join(
        label.text() for label in till.leaving.question.findChildren(QWidget) if _is_label(label)
    )
    assert "그중 1건" in text


def test_fault_70_sending_continues_during_the_question(qtbot, till):
    """A refund sent meanwhile leaves the list; the decision remains the user's."""
    till.desk.found = a_report((TRIED, SENDING))
    till.window.close()
    question = till.leaving.question
    till.show((TRIED,))
    assert [row.refund_id for row in question.rows] == [7]
    assert "1건" in question.windowTitle()
    till.show(())
    assert question.windowTitle() == "미전송 없음" and question.isVisible()
    agree(qtbot, till)
    assert not till.window.isVisible()


def _is_label(widget: QWidget) -> bool:
    return bool(widget.property("role")) and hasattr(widget, "text")


def test_nothing_unsent_closes_without_a_question(qtbot, till):
    till.window.close()
    qtbot.waitUntil(lambda: not till.window.isVisible())
    assert till.leaving.question is None


def test_a_disk_that_hangs_does_not_keep_the_window_open(qtbot, theme, held, monkeypatch):
    """The question then uses the last list that was read."""
    monkeypatch.setattr(leaving_module, "PATIENCE_MS", 20)
    till = Till(qtbot, theme, held)
    till.desk.found = a_report((TRIED,))
    held.held.pop()()
    till.window.close()
    till.window.close()
    assert len(held.held) == 1, "the list is being read, once"
    qtbot.waitUntil(lambda: till.leaving.question is not None)
    held.held.pop()()  # too late: no second question
    assert len(till.leaving.question.rows) == 1
    agree(qtbot, till)
    assert not till.window.isVisible()


def test_unreadable_records_ask_with_the_last_list(qtbot, till):
    till.show((TRIED,))
    till.desk.found = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    till.window.close()
    assert till.leaving.question is not None


class Session:
    """A desktop session that ends."""

    def __init__(self, *, asks: bool) -> None:
        self.asks = asks
        self.cancelled = False

    def allowsInteraction(self) -> bool:
        return self.asks

    def cancel(self) -> None:
        self.cancelled = True

    def release(self) -> None:
        pass


def test_fault_70_logging_out_is_held_up_for_the_question(qtbot, till):
    till.show((TRIED,))
    session = Session(asks=True)
    till.leaving.session_ends(session)
    assert session.cancelled and till.leaving.question is not None


@pytest.mark.parametrize(("asks", "rows"), [(False, (TRIED,)), (True, ())])
def test_fault_70_logout_is_not_blocked_without_need(qtbot, till, asks, rows):
    """When no question is allowed, or nothing is unsent: the records are saved either way."""
    till.show(rows)
    session = Session(asks=asks)
    till.leaving.session_ends(session)
    assert not session.cancelled and till.leaving.question is None
    assert till.desk.calls == []


def test_the_application_announces_the_end_of_the_session(qapp, till):
    """The guard is connected to Qt's own signal."""
    assert till.leaving.receivers is not None
    assert qapp.receivers("2commitDataRequest(QSessionManager&)") >= 1


# The lamp


def test_indicator_shows_close_safety_by_shape_text_and_colour(till):
    seen = []
    for report in (a_report(), a_report((TRIED,)), a_report((PERSON,))):
        till.desk.found = report
        till.watch.screen.refresh()
        seen.append(
            (till.indicator.safety, till.indicator.text(), till.indicator.property("light"))
        )
    assert seen == [
        (CloseSafety.GREEN, "미전송 없음", "green"),
        (CloseSafety.AMBER, "전송 대기 환불 1건", "amber"),
        (CloseSafety.RED, "확인 필요 환불 1건", "red"),
    ]
    assert "퇴근 전에" in till.indicator.accessibleDescription()


def test_the_indicator_opens_the_page_by_click_and_key(qtbot, till):
    with qtbot.waitActive(till.window):
        till.window.activateWindow()
    till.indicator.click()
    assert till.window.current == "sync"
    till.window.back()
    qtbot.keyClick(till.window, Qt.Key.Key_F11)
    assert till.window.current == "sync"


def test_the_indicator_takes_no_room_that_was_not_kept(qtbot, theme, instant):
    """Nothing moves when it appears, half a second after the first paint."""
    texts = Translator("ko")
    plain = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(plain)
    plain.add_screen("home", QWidget())
    plain.show()
    before = plain.screen_named("home").geometry()
    SyncStatusController(texts, theme, instant, FakeDesk(), SESSION, plain, FakeClock(NOW))
    plain.layout().activate()
    qtbot.wait(1)
    assert plain.screen_named("home").geometry() == before


def test_the_indicator_follows_the_language(till):
    till.show((TRIED,))
    till.texts.set_language("en")
    assert till.indicator.text() == "Refunds waiting: 1"


def test_records_that_cannot_be_read_turn_the_indicator_red(till):
    till.desk.found = EnvironmentProblem(EnvironmentCode.DATABASE_IO)
    till.watch.screen.refresh()
    assert till.indicator.safety is CloseSafety.RED
    till.show(())
    assert till.indicator.safety is CloseSafety.GREEN


def test_the_headers_indicator_names_a_portal(till):
    till.show((), PORTAL)
    indicator = till.window.status_bar.indicator
    assert (indicator.state, indicator.caption) == (IndicatorState.PORTAL, "인터넷 로그인 필요")
    till.show((), OFFLINE)
    assert indicator.state is IndicatorState.OFFLINE
    till.show(())
    assert indicator.state is IndicatorState.ONLINE


def test_the_page_and_the_indicator_follow_the_worker(qtbot, till):
    worker = SyncWorker()
    till.watch.follow(worker)
    for signal, arguments in (
        (worker.status_changed, ()),
        (worker.refund_changed, (7,)),
        (worker.attempt_changed, (3,)),
        (worker.connectivity_changed, (False,)),
    ):
        till.desk.found = replace(a_report((TRIED,)), at=NOW)
        before = till.desk.reads
        signal.emit(*arguments)
        qtbot.waitUntil(lambda before=before: till.desk.reads > before)
    assert till.indicator.safety is CloseSafety.AMBER
    assert WELL.online
