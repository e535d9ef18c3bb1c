"""The page of products in the real window over a demo shop, with a scanner and a person."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import PatientBot
from tests.pictures.visits import leave
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard


@pytest.fixture(scope="module")
def keyboard():
    return Keyboard()


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory, keyboard):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, keyboard.clock) as counter:
        yield counter


@pytest.fixture
def counter(shared, qtbot):
    shared.window.activateWindow()
    qtbot.waitUntil(shared.window.isActiveWindow)
    shared.window.show_screen("products")
    qtbot.waitUntil(lambda: shared.runner.busy == 0)
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    qtbot.waitUntil(lambda: shared.runner.busy == 0)
    shared.screens.page("products").clear()
    shared.screens.page("products").view.state.choose(True)
    leave(shared)
    shared.window.toast.hide()
    shared._scans.flush()


@pytest.fixture
def page(counter):
    return counter.screens.page("products")


@pytest.fixture
def settle(qtbot, counter, page):
    def settled() -> None:
        qtbot.waitUntil(lambda: counter.runner.busy == 0 and not page.is_busy)
        QApplication.processEvents()

    return settled


@pytest.fixture
def press(counter, keyboard, settle):
    """Press a key where the focus is, as a person does."""

    def pressed(key, *modifiers) -> None:
        keyboard.now += 4 * HAND_MS
        target = QApplication.activeModalWidget() or QApplication.focusWidget() or counter.window
        QTest.keyClick(target, key, *modifiers)
        counter._scans.flush()
        settle()

    return pressed


@pytest.fixture
def scan(keyboard, settle):
    def scanned(code: str) -> None:
        keyboard.scan(code)
        QApplication.processEvents()
        settle()

    return scanned


@pytest.fixture
def goods(counter):
    return counter.demo.container.product_service
