"""One undo for the whole program: newest first, once, for some seconds, in the status line."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import HOME, MORE
from posapp.ui.widgets.search_field import SearchField
from posapp.ui.widgets.undo import UndoStack
from tests.ui.requests.desk_records import FakeClock

FIVE = timedelta(seconds=5)
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def stack(qapp, clock) -> UndoStack:
    return UndoStack(clock)


@pytest.fixture
def taken() -> list:
    return []


def offer(stack, owner, taken, *ids: int) -> None:
    stack.offer(owner, ids, lambda: f"{ids}", taken.append, until=FIVE)


def test_two_pages_share_it_and_the_newest_comes_first(stack, clock, taken):
    desk, deliveries = QObject(), QObject()
    offer(stack, desk, taken, 1, 2)
    clock.advance(seconds=1)
    offer(stack, deliveries, taken, 1)
    for _ in range(3):
        stack.take_back()
    assert taken == [(1,), (1, 2)]


def test_what_was_taken_back_in_its_row_is_not_offered_again(stack, taken):
    desk, deliveries = QObject(), QObject()
    offer(stack, deliveries, taken, 1)
    offer(stack, desk, taken, 1, 2)
    stack.drop(desk, 1)
    assert stack.newest.ids == (2,)
    stack.drop(desk, 2)
    assert stack.newest.owner is deliveries
    stack.clear(deliveries)
    assert stack.newest is None and stack.seconds == 0


def test_it_ends_with_its_seconds(qtbot, stack, clock, taken):
    offer(stack, QObject(), taken, 1)
    clock.advance(seconds=4)
    stack.tick()
    assert stack.seconds == 1
    clock.advance(seconds=1)
    with qtbot.waitSignal(stack.expired):
        stack.take_back()
    assert taken == [] and stack.newest is None


@pytest.fixture
def window(qtbot, texts, theme, stack) -> MainWindow:
    made = MainWindow(texts, theme, shop="아주 긴 이름의 하나 베이커리 본점", live=False)
    qtbot.addWidget(made)
    for name in (HOME, MORE):
        page = QLabel(name)
        page.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        made.add_screen(name, page)
    made.status_bar.offer_undo(stack)
    made.resize(1024, 600)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    return made


def test_the_status_line_offers_it_on_every_page_by_one_key(qtbot, window, stack, taken):
    undo = window.status_bar.undo
    assert not undo.isVisible()
    offer(stack, QObject(), taken, 7)
    assert undo.isVisible() and undo.message == "(7,)"
    assert undo.button.text() == "되돌리기 (5초)"
    window.show_screen(MORE)
    assert undo.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert taken == [(7,)] and not undo.isVisible()
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Z, CONTROL)
    assert taken == [(7,)]


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_fits_beside_the_lamps_and_a_notice_does_not_cover_it(
    qtbot, window, texts, stack, taken, language
):
    texts.set_language(language)
    bar = window.status_bar
    stack.offer(
        *(QObject(), (1,)),
        texts.bind("requests.decided_short", item=123456, deed=texts("requests.decided_APPROVE")),
        taken.append,
        until=FIVE,
    )
    for _ in range(3):
        QApplication.processEvents()
    label, button = bar.undo.text_label, bar.undo.button
    assert label.width() >= label.sizeHint().width()
    right = button.mapTo(bar, button.rect().topRight()).x()
    assert right < bar.open_money.x() and bar.rect().contains(bar.undo.geometry())
    assert bar.free_left <= button.mapTo(bar, button.rect().topLeft()).x()
    stack.take_back()
    assert bar.free_left == bar.open_money.x()


def test_lamps_leave_their_texts_out_while_an_undo_needs_the_room(
    qtbot, window, texts, stack, taken
):
    texts.set_language("en")
    bar, said = window.status_bar, "Waiting for the network with 12 unsent refunds"
    bar.show_sync("warning", said, "Opens the sync page.")
    assert bar.sync.text() == said
    offer(stack, QObject(), taken, 123456, 123457)
    for _ in range(3):
        QApplication.processEvents()
    assert bar.sync.text() == "" and bar.sync.accessibleName() == said
    assert said in bar.sync.toolTip() and bar.sync.tone == "warning"
    for part in (bar.undo.text_label, bar.undo.button, bar.sync, bar.open_money):
        assert part.width() >= part.sizeHint().width()
    stack.take_back()
    assert bar.sync.text() == said


def test_a_typed_text_undoes_itself_first(qtbot, window, theme, stack, taken):
    search = SearchField(theme, window.ground)
    search.show()
    search.setFocus()
    offer(stack, QObject(), taken, 1)
    qtbot.keyClicks(search, "latte")
    QTest.keyClick(search, Qt.Key.Key_Z, CONTROL)
    assert search.text() == "" and taken == []
    QTest.keyClick(search, Qt.Key.Key_Z, CONTROL)
    assert taken == [(1,)]
