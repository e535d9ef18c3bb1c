"""A form, a keyboard on a clock of its own, and the filter between them."""

from __future__ import annotations

import pytest

from posapp.ui.scanner.burst import ScanRules
from posapp.ui.scanner.scan_filter import ScanFilter
from tests.ui.scanner.form import Form
from tests.ui.scanner.typing_hands import Keyboard


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
