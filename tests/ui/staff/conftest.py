"""A real counter of a demo shop with staff."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.conftest import PatientBot
from tests.pictures.visits import leave
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import Keyboard
from tests.ui.staff.staff_counter import MANAGER, add_staff, settle, sign_in


@pytest.fixture(scope="module")
def keyboard():
    return Keyboard()


@pytest.fixture(scope="module")
def shared(qapp, request, tmp_path_factory, keyboard):
    folder = tmp_path_factory.mktemp("shop")
    with demo_counter(PatientBot(request), folder, keyboard.clock) as counter:
        assert counter.window.top_bar.person.isHidden() and not counter.window.locking.is_locked
        add_staff(counter)
        counter.lock.begin()
        yield counter


@pytest.fixture
def locked(shared, qtbot):
    """Nobody is signed in, and the window is active."""
    shared.window.activateWindow()
    qtbot.waitUntil(shared.window.isActiveWindow)
    shared.lock.lock()
    settle(qtbot, shared)
    yield shared
    dialog = QApplication.activeModalWidget()
    if dialog is not None:
        dialog.reject()
    shared.window.activateWindow()  # there is no window manager that would
    qtbot.waitUntil(shared.window.isActiveWindow)
    settle(qtbot, shared)
    if shared.window.locking.is_locked:
        sign_in(qtbot, shared, MANAGER)
    leave(shared)
