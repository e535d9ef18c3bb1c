"""Another theme while every page exists: hidden pages take it when they are shown."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QWidget

from tests.pictures.visits import VISITS, leave, until

pytestmark = pytest.mark.slow

OPENED = {one.route: one for name, one in VISITS.items() if name not in ("pay_qr", "pay_paid")}
"""One state of each page."""

STILL = {"cards", "more", "settings", "appearance", "import", "staff", "order", "receipt", "cancel"}
"""Pages that show no time and nothing that the worker does."""

_GROUPS = QPalette.ColorGroup.Active, QPalette.ColorGroup.Disabled
_ROLES = (
    *(QPalette.ColorRole.Window, QPalette.ColorRole.WindowText, QPalette.ColorRole.Base),
    *(QPalette.ColorRole.Text, QPalette.ColorRole.Button, QPalette.ColorRole.ButtonText),
    *(QPalette.ColorRole.PlaceholderText, QPalette.ColorRole.Highlight),
)


class Styled(QObject):
    """Notes the widgets that are styled anew."""

    def __init__(self) -> None:
        super().__init__()
        self.widgets: list[QWidget] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.StyleChange and isinstance(watched, QWidget):
            self.widgets.append(watched)
        return False


@pytest.fixture
def styled(qapp):
    noted = Styled()
    qapp.installEventFilter(noted)
    yield noted
    qapp.removeEventFilter(noted)


@pytest.fixture
def every_page(shared_from_home):
    """The counter at home, with every page made."""
    counter = shared_from_home
    for visit in OPENED.values():
        visit.open(counter)
        _rest(counter)
        leave(counter)
    return counter


def _rest(counter) -> None:
    until(lambda: counter.runner.busy == 0)
    for _ in range(3):
        QApplication.processEvents()


def _colours(page: QWidget) -> list[object]:
    """What a style sheet gives to a page and each widget in it."""
    return [
        (
            type(one).__name__,
            one.font().toString(),
            *(one.palette().color(group, role).rgba() for group in _GROUPS for role in _ROLES),
            *(one.minimumSize(), one.sizeHint(), one.minimumSizeHint()),
        )
        for one in (page, *page.findChildren(QWidget))
    ]


def _shown(counter, name: str) -> tuple[object, list[object]]:
    counter.window.show_screen(name, is_visit=False)
    _rest(counter)
    counter.window.setFocus()
    page = counter.window.made(name)
    return page.grab().toImage(), _colours(page)


def test_hidden_pages_take_another_theme_when_they_are_shown(every_page, styled, qapp):
    counter = every_page
    hidden = [counter.window.made(name) for name in OPENED if name != "home"]
    counter.theme.set_name("dark")
    assert len(styled.widgets) == len(set(styled.widgets)) > 100
    assert not [one for one in styled.widgets if any(page.isAncestorOf(one) for page in hidden)]
    late = {name: _shown(counter, name) for name in OPENED}
    qapp.setStyleSheet(counter.theme.stylesheet())  # as Qt itself styles all
    for name, (picture, colours) in late.items():
        by_qt, colours_by_qt = _shown(counter, name)
        assert colours == colours_by_qt or name not in STILL, name
        assert picture == by_qt or name not in STILL, name
        assert picture.pixelColor(0, 0) == counter.theme.colour("surface"), name
