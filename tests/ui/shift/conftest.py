"""The page of the shift in the real window over a demo shop, with a printer at a socket."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.app.receipt_printer import roll_printing_of
from posapp.domain.settings import Settings
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.shift.shift_screen import ShiftScreen
from tests.conftest import PatientBot
from tests.fakes.receipt_printer import FakeReceiptPrinter
from tests.pictures.cash import undo_cash
from tests.pictures.visits import close_shift, leave, open_shift, shift_of
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard

Press = Callable[..., None]


@pytest.fixture(scope="module")
def keyboard() -> Keyboard:
    return Keyboard()


@pytest.fixture(scope="module")
def roll(qapp) -> Iterator[RollPrinting]:
    """Prints on whatever printer is chosen; at first the shop has none."""
    made = roll_printing_of(Settings(receipt_columns="42"))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory, keyboard, roll) -> Iterator[CounterWindow]:
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, keyboard.clock, roll=roll) as counter:
        yield counter


@pytest.fixture
def counter(shared, roll, qtbot) -> Iterator[CounterWindow]:
    """The counter at home, without an open shift."""
    shared.window.resize(1366, 768)
    shared.window.activateWindow()
    undo_cash(shared)
    close_shift(shared)
    shared.go_home()
    qtbot.waitUntil(lambda: shared.runner.busy == 0)
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    leave(shared)
    roll.choose("receipt_printer", "")
    shared.window.toast.hide()
    shared._scans.flush()


@pytest.fixture
def page(counter) -> ShiftScreen:
    """The page, with an open shift whose drawer has 138,000 won."""
    return shift_of(counter)


@pytest.fixture
def closed_page(counter) -> ShiftScreen:
    """The page without an open shift."""
    open_shift(counter)
    return shift_of(counter, is_open=False)


@pytest.fixture
def printer(counter, roll) -> Iterator[FakeReceiptPrinter]:
    """The shop's receipt printer."""
    with FakeReceiptPrinter(42) as made:
        roll.choose("receipt_printer", made.address)
        yield made


@pytest.fixture
def settle(qtbot, counter) -> Callable[[], None]:
    def settled() -> None:
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        for _ in range(3):
            QApplication.processEvents()
        qtbot.waitUntil(lambda: counter.runner.busy == 0)

    return settled


@pytest.fixture
def press(counter, keyboard, settle) -> Press:
    """Press a key where the focus is, as a person does, and wait for what comes of it."""

    def pressed(key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        keyboard.now += 4 * HAND_MS
        target = QApplication.activeModalWidget() or QApplication.focusWidget() or counter.window
        QTest.keyClick(target, key, *modifiers)
        counter._scans.flush()
        settle()

    return pressed


@pytest.fixture
def write(counter, keyboard) -> Callable[[str], None]:
    """Type where the focus is."""

    def written(text: str) -> None:
        place: QWidget | None = QApplication.focusWidget()
        assert place is not None
        for letter in text:
            keyboard.now += HAND_MS
            QTest.keyClicks(place, letter)
        counter._scans.flush()

    return written


@pytest.fixture
def said(qtbot: QtBot, counter) -> Callable[[], str]:
    """Return what the window says in passing."""

    def message() -> str:
        qtbot.waitUntil(counter.window.toast.isVisible)
        return str(counter.window.toast.message)

    return message
