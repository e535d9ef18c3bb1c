"""Closing with unsent refunds: the question lists them, and nothing is dropped."""

from __future__ import annotations

from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.ui.core.i18n import Translator
from posapp.ui.core.record_reader import RecordReader
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import SYNC
from posapp.ui.sync import close_guard as leaving_module
from posapp.ui.sync.sync_screen import SyncScreen
from posapp.ui.sync.sync_status_controller import LISTED, SyncStatusController
from tests.fakes.actors import SESSION
from tests.fakes.world import FakeClock
from tests.ui.sync.pending_records import (
    NOW,
    PERSON,
    SENDING,
    TRIED,
    FakeDesk,
    a_report,
)


class Till:
    """A window with the sync page, its lamps and its question."""

    def __init__(self, qtbot, theme, runner, desk=None, clock=None) -> None:
        self.texts = Translator("ko", now=lambda: NOW)
        self.window = MainWindow(self.texts, theme, shop="한빛상점", live=False)
        qtbot.addWidget(self.window)
        self.home = QWidget()
        self.window.add_screen("home", self.home)
        self.desk = desk or FakeDesk()
        clock = clock or FakeClock(NOW)
        self.reports = RecordReader(runner, partial(self.desk.report, LISTED), self.window)
        self.watch = SyncStatusController(
            *(self.texts, runner, self.desk, self.reports, self.window)
        )
        self.leaving, self.lamp = self.watch.leaving, self.window.status_bar.sync
        self.window.make_pages_by(
            lambda name: (
                SyncScreen(self.texts, theme, runner, self.desk, self.reports, SESSION, clock)
                if name == SYNC
                else None
            )
        )
        self.window.guard_closing(self.leaving.may_close)
        self.reports.refresh()
        self.window.show()
        qtbot.waitExposed(self.window)

    @property
    def screen(self) -> SyncScreen:
        """The page; it is made now if it was not shown yet."""
        return self.window.screen_named(SYNC)

    def show(self, *arguments, **named) -> None:
        self.show_report(a_report(*arguments, **named))

    def show_report(self, report) -> None:
        self.desk.found = report
        self.reports.refresh()


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
