"""A real counter of a demo shop, with a scanner and a person at one keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import (
    QApplication,
)

from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.counter.scan_places import (
    orders_of,
)
from tests.ui.scanner.typing_hands import Keyboard


@pytest.fixture(scope="module")
def keyboard():
    return Keyboard()


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory, keyboard):
    with demo_counter(
        PatientBot(request), tmp_path_factory.mktemp("shop"), keyboard.clock
    ) as counter:
        yield counter


@pytest.fixture
def shared_from_home(shared):
    """The counter at home, in one size; language and theme are set back after the test."""
    shared.window.resize(1024, 600)
    shared.go_home()
    shared.window.activateWindow()
    yield shared
    shared._scans.flush()
    shared.texts.set_language("ko")
    shared.theme.set_name("light")
    shared.go_home()


@pytest.fixture
def counter(shared, qtbot):
    shared.window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    yield shared
    dialog = QApplication.activeModalWidget()
    while dialog is not None:
        dialog.reject()
        QApplication.processEvents()
        dialog = QApplication.activeModalWidget()
    pay = shared.screens.pay
    if pay.is_live:
        pay._stop()
        qtbot.waitUntil(lambda: not pay.is_live)
    shared.screens.page("cancel").view.form.form.reason_field.clear()
    shared.window.toast.hide()
    shared.go_home()
    # The next test begins long after this one's last key.
    shared._scans.flush()


@pytest.fixture
def unpaid(counter):
    return next(orders_of(counter, paid=False))


@pytest.fixture
def paid(counter):
    return next(orders_of(counter, paid=True))


MODES = {"Latin": (False, True), "Hangul, events apart": (True, True), "Hangul": (True, False)}


@pytest.fixture(params=MODES.values(), ids=MODES)
def any_mode(request, keyboard):
    """A keyboard in Latin mode, and in both kinds of Hangul mode."""
    method = keyboard.method
    method.hangul, keyboard.is_apart = request.param
    yield keyboard
    method.flush()
    method.hangul = False


@pytest.fixture
def scanned(counter):
    """What is scanned; it leads nowhere: that is another test's."""
    codes: list[str] = []
    counter._scans.scanned.disconnect(counter._take_scan)
    counter._scans.scanned.connect(codes.append)
    yield codes
    counter._scans.scanned.disconnect(codes.append)
    counter._scans.scanned.connect(counter._take_scan)
