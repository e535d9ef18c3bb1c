"""A pay screen in a window, driven by a FakePaying."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from posapp.ui.background import InstantRunner
from posapp.ui.fonts import application_font, load_fonts
from posapp.ui.i18n import Texts
from posapp.ui.screens.pay import PayScreen
from posapp.ui.theme import Theme
from tests.fakes.world import FakeClock
from tests.ui.pay.stories import FakePaying


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application with its own typeface."""
    load_fonts()
    qapp.setFont(application_font(16))
    return qapp


@pytest.fixture
def theme(dressed: QApplication) -> Iterator[Theme]:
    made = Theme("light")
    made.apply(dressed)
    yield made
    dressed.setStyleSheet("")


@pytest.fixture
def texts(dressed: QApplication) -> Texts:
    return Texts("ko")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def paying(clock: FakeClock) -> FakePaying:
    return FakePaying(clock)


@pytest.fixture
def room(qtbot: QtBot, theme: Theme) -> QWidget:
    """The window in which screens are shown."""
    window = QWidget()
    window.resize(1366, 640)
    qtbot.addWidget(window)
    return window


@pytest.fixture
def screen(
    qtbot: QtBot, room: QWidget, texts: Texts, theme: Theme, clock: FakeClock, paying: FakePaying
) -> PayScreen:
    """On screen, without an order yet; its calls are made at once."""
    made = PayScreen(texts, theme, InstantRunner(room), clock, shop="한빛상점", parent=room)
    made.resize(room.size())
    made.attach(paying)
    with qtbot.waitExposed(room):
        room.show()
    return made
