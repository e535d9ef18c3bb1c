"""A form, a keyboard on a clock of its own, and the filter between them."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from posapp.ui.scanner.burst import ScanRules
from posapp.ui.scanner.scan_filter import ScanFilter
from tests.ui.scanner.form import Form
from tests.ui.scanner.typing_hands import Keyboard


@pytest.fixture(autouse=True)
def no_dialog_of_another_test(qapp):
    """Close what earlier files left open: behind a dialog no held key is delivered."""
    while (dialog := QApplication.activeModalWidget()) is not None:
        dialog.hide()
        dialog.deleteLater()


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def rules():
    return ScanRules()


@pytest.fixture
def scans(qapp, keyboard, rules):
    scans = ScanFilter(keyboard.clock, rules=rules)
    scans.found = []
    scans.scanned.connect(scans.found.append)
    scans.install()
    yield scans
    scans.remove()


@pytest.fixture
def form(qtbot):
    form = Form()
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    return form


@pytest.fixture(params=[True, False], ids=["events apart", "one event"])
def hangul(request, keyboard):
    keyboard.method.hangul, keyboard.is_apart = True, request.param
    return keyboard
