"""Every page is whole at every size: nothing cut, nothing covered, nothing too small to touch."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.shell.main_window import BODY
from posapp.ui.shell.routes import COUNTER_SIZES
from tests.conftest import PatientBot
from tests.pictures.records import KINDS, write_records
from tests.pictures.visits import VISITS, leave
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.geometry import problems, scrolls
from tests.ui.scanner.typing_hands import Keyboard

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module", params=KINDS)
def shop(qapp, request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    records = write_records(request.param, folder)
    with demo_counter(PatientBot(request), folder, Keyboard().clock, records=records) as counter:
        yield counter


@pytest.mark.parametrize("state", VISITS)
def test_every_page_fits(qtbot, shop, state):
    VISITS[state].open(shop)
    found = []
    for language in LANGUAGES:
        shop.texts.set_language(language)
        for size in COUNTER_SIZES:
            shop.window.resize(*size)
            qtbot.waitUntil(lambda: shop.runner.busy == 0)
            for _ in range(3):
                QApplication.processEvents()
            body = shop.window.findChild(QScrollArea, BODY)
            here = [*problems(shop.window), scrolls(body)]
            found += [f"{language} {size[0]}×{size[1]} {what}" for what in here if what]
    shop.texts.set_language("ko")
    leave(shop)
    assert found == []
