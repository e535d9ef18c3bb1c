"""A request desk in a window, over a desk and a search that the test drives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.actors import Actor
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.decision_dialog import DecisionDialog
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.requests.row_picture import RowPicture
from posapp.ui.shell.main_window import HOME, MainWindow
from posapp.ui.widgets import action_guard
from posapp.ui.widgets.undo import UndoStack
from tests.ui.requests.desk_records import (
    NOW,
    SELLER,
    FakeClock,
    FakeDesk,
    FakeExport,
    FakeFilterStore,
)


@pytest.fixture(autouse=True)
def no_bounce(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test waits until a bounce is over."""
    monkeypatch.setattr(action_guard, "GUARD_MS", 0)


@pytest.fixture(autouse=True)
def clean_desk(qapp: QCoreApplication) -> None:
    """Let Qt delete what the test before has left."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def texts(qapp: QApplication) -> Translator:
    return Translator("ko", now=lambda: NOW)


@dataclass
class Desk:
    """The screen in its window, with a user's actions."""

    window: MainWindow
    screen: RequestDeskScreen
    desk: FakeDesk
    clock: FakeClock
    filter_store: FakeFilterStore
    export: FakeExport
    wait: Callable[..., None]

    def key(
        self,
        key: Qt.Key,
        modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press a key wherever the focus is."""
        self.wait(lambda: QApplication.focusWidget() is not None)
        focused = QApplication.focusWidget()
        QTest.keyClick(focused if focused is not None else self.window, key, modifier)
        QApplication.processEvents()

    def type(self, text: str) -> None:
        """Type into the focused field; Hangul is inserted as an input method commits it."""
        focused = QApplication.focusWidget()
        assert focused is not None
        for sign in text:
            if sign.isascii():
                QTest.keyClicks(focused, sign)
            else:
                focused.insert(sign)  # type: ignore[attr-defined]
        QApplication.processEvents()

    def ids(self) -> list[int]:
        return [row.id for row in self.screen.model.rows]

    def question(self) -> DecisionDialog:
        self.wait(lambda: isinstance(QApplication.activeModalWidget(), DecisionDialog))
        question = QApplication.activeModalWidget()
        assert isinstance(question, DecisionDialog)
        self.wait(question.no.hasFocus)
        return question

    def agree(self, note: str = "") -> None:
        """Answer the question by keys, and wait until it is closed."""
        self.press_yes(note)
        self.back_at_the_table()

    def press_yes(self, note: str = "") -> DecisionDialog:
        """Answer the question by keys: the note with Enter, which moves to the action, and the
        action's own key."""
        question = self.question()
        if note:
            self.tab_to(question.note.line)
            self.type(note)
            self.key(Qt.Key.Key_Return)
            assert question.yes.hasFocus()
        self.wait(question.can_agree)
        self.key({"F7": Qt.Key.Key_F7, "F8": Qt.Key.Key_F8}[question.yes.key])
        return question

    def decline(self) -> None:
        """Answer the question by Esc."""
        self.key(Qt.Key.Key_Escape)
        self.back_at_the_table()

    def back_at_the_table(self) -> None:
        self.wait(lambda: QApplication.activeModalWidget() is None)
        self.window.activateWindow()  # which a window manager does, and there is none offscreen
        self.wait(self.screen.view.view.hasFocus)

    def tab_to(self, widget: QWidget) -> None:
        """Press Tab until a widget has the focus."""
        for _ in range(60):
            if widget.hasFocus():
                return
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"no Tab leads to {widget}")

    def process_events(self) -> None:
        """Count what was painted, and run a pending read of changed rows."""
        self.screen._again.stop() if not self.screen._again.isActive() else self._read_now()
        QApplication.processEvents()

    def _read_now(self) -> None:
        self.screen._again.stop()
        self.screen._read_again()


def painted_row(desk: Desk, at: int) -> RowPicture:
    """Return the texts and icons of a row as they are painted."""
    view = desk.screen.view.view
    row = view.painter_of_rows.measure(at)
    row.fit(view.rowHeight(at))
    return row


@pytest.fixture
def make_desk(qtbot, texts: Translator, theme: Theme, instant: TaskRunner) -> Iterator[Callable]:
    made: list[Desk] = []

    def make(
        runner: TaskRunner | None = None,
        exports: Path | None = None,
        size: tuple[int, int] = (1366, 768),
        **more,
    ) -> Desk:
        clock = FakeClock()
        fake = FakeDesk(clock, **more)
        filter_store, export = FakeFilterStore(), FakeExport()
        window = MainWindow(texts, theme, shop="오늘의 커피", live=False)
        window.resize(*size)
        undo = UndoStack(clock, window)
        window.status_bar.offer_undo(undo)
        screen = RequestDeskScreen(
            *(texts, theme, runner or instant, fake, fake, filter_store, export, clock),
            exports=exports,
            undo=undo,
        )
        window.add_screen(HOME, QWidget())
        window.add_screen("requests", screen)
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        window.show_screen("requests")
        qtbot.waitExposed(window)
        screen.open(Actor.seller(SELLER.id))
        QApplication.processEvents()
        desk = Desk(window, screen, fake, clock, filter_store, export, qtbot.waitUntil)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.screen.decisions.drop_question()


@pytest.fixture
def desk(make_desk: Callable[..., Desk]) -> Desk:
    return make_desk()
