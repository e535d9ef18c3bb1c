"""The sale page in the real window over a demo shop, with a scanner and a person."""

from __future__ import annotations

from dataclasses import replace

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
    """The counter at an empty cart."""
    shared.window.activateWindow()
    shared.window.show_screen("sale")
    qtbot.waitUntil(lambda: shared.runner.busy == 0)
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    page = shared.screens.page("sale")
    qtbot.waitUntil(lambda: shared.runner.busy == 0 and not page.is_busy)
    leave(shared)
    shared.window.toast.hide()
    shared._scans.flush()


@pytest.fixture
def page(counter):
    return counter.screens.page("sale")


@pytest.fixture
def press(counter, keyboard):
    """Press a key where the focus is, as a person does."""

    def pressed(key, *modifiers) -> None:
        keyboard.now += 4 * HAND_MS
        target = QApplication.activeModalWidget() or QApplication.focusWidget() or counter.window
        QTest.keyClick(target, key, *modifiers)
        counter._scans.flush()
        QApplication.processEvents()

    return pressed


@pytest.fixture
def scan(qtbot, counter, keyboard, page):
    """Scan codes one after another, and wait until they are stored."""

    def scanned(*codes: str) -> None:
        for code in codes:
            keyboard.scan(code)
            QApplication.processEvents()
        qtbot.waitUntil(lambda: counter.runner.busy == 0 and not page.is_busy)

    return scanned


@pytest.fixture
def change(counter):
    """Change fields of a product behind the cart's back, until the test ends."""
    store, before = counter.demo.container.store, []

    def write(product) -> None:
        with store.transaction() as uow:
            uow.catalogue.update_products([product])
            uow.commit()

    def changed(product_id: int, **fields) -> None:
        with store.snapshot() as uow:
            known = uow.orders.product(product_id)
        before.append(known)
        write(replace(known, **fields))

    yield changed
    for product in reversed(before):
        write(product)
