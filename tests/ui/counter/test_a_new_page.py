"""Adding a page takes a route, a screen and its texts (docs/architecture.md, "A new page")."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout

from posapp.services.ports.order_search import OrderSummary
from posapp.ui.core.task_runner import TaskResult
from posapp.ui.shell.routes import MORE, RECEIPT, ROUTE, KeyUse, Route
from posapp.ui.shell.screen import Screen, ScreenContext
from posapp.ui.widgets.buttons import Button
from tests.conftest import PatientBot
from tests.ui.counter.demo_counter import demo_counter
from tests.ui.scanner.typing_hands import HAND_MS, Keyboard


class PrintedReceipts(Screen):
    """The receipts of the newest orders; Enter on a row opens one."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.texts, context.theme, context.runner)
        self._read: Callable[[], tuple[OrderSummary, ...]] = lambda: (
            context.services.order_summary_service.recent(5)
        )
        self.reload = Button("quiet", "F5", text=context.texts.bind("printed.reload"))
        self.reload.clicked.connect(self.refresh)
        self.rows: list[Button] = []
        self._column = QVBoxLayout(self)

    @classmethod
    def build(cls, context: ScreenContext) -> Self:
        return cls(context)

    @property
    def head_actions(self) -> Button:
        return self.reload

    def enter(self) -> None:
        self.refresh()

    def status_changed(self) -> None:
        self.refresh()

    def refresh(self) -> None:
        self._runner.run(self._read, self._show, owner=self, key="read")

    def _show(self, outcome: TaskResult[tuple[OrderSummary, ...]]) -> None:
        for row in self.rows:
            row.deleteLater()
        self.rows = []
        for order in outcome.value or ():
            row = Button("row")
            row.set_text(self._texts.won(order.total))
            row.clicked.connect(lambda _=False, id=order.order_id: self.go_to(RECEIPT, order_id=id))
            self._column.addWidget(row)
            self.rows.append(row)
        self.set_head(subtitle=self._texts("printed.count", count=len(self.rows)))


PRINTED = Route(
    "printed",
    "printed.title",
    f"{__name__}:PrintedReceipts",
    parent=MORE,
    keys=(KeyUse("F5", "printed.reload"),),
    is_listed=True,
    summary="printed.summary",
)

TEXTS = {
    "title": "인쇄한 영수증",
    "summary": "최근에 인쇄한 영수증을 봅니다.",
    "reload": "새로고침",
    "count": "{count}장",
}
"""What a file of the catalogue would have, ``resources/i18n/ko/printed.toml``."""


@pytest.fixture
def keyboard():
    return Keyboard()


@pytest.fixture
def counter(qapp, request, tmp_path, keyboard, monkeypatch):
    monkeypatch.setitem(ROUTE, PRINTED.id, PRINTED)
    with demo_counter(PatientBot(request), tmp_path, keyboard.clock) as counter:
        counter.texts._catalogues["printed"] = TEXTS
        yield counter


def test_a_page_is_added_by_a_route_a_screen_and_its_texts(qtbot, counter, keyboard):
    window = counter.window
    window.top_bar.tabs["more"].click()
    row = counter.screens.page("more").rows["printed"]
    assert (row.text(), row.toolTip()) == ("인쇄한 영수증", TEXTS["summary"])
    row.click()
    assert window.current == "printed"
    page = counter.screens.page("printed")
    qtbot.waitUntil(lambda: len(page.rows) == 5)

    # The head, the way back and the keys come from the route.
    assert window.head.title.text() == "인쇄한 영수증"
    assert window.head.subtitle.text() == "5장"
    assert window.head.back.text() == counter.texts("home.more_title")
    assert page.reload.isVisible() and page.reload.window() is window
    read_again_by_key(qtbot, counter, keyboard, page)

    # It leads on by an id and arguments, and Back leads here and then to the tab.
    page.rows[0].click()
    assert window.current == "receipt"
    assert window.head.back.text() == "인쇄한 영수증"
    window.back()
    assert window.current == "printed"
    window.back()
    assert window.current == "more"


def test_its_keys_are_listed_and_work_offline_too(qtbot, counter, keyboard):
    counter.demo.sandbox.stop()
    counter.window.show_screen("printed")
    page = counter.screens.page("printed")
    qtbot.waitUntil(lambda: len(page.rows) == 5)
    read_again_by_key(qtbot, counter, keyboard, page)
    keyboard.press(Qt.Key.Key_F1, HAND_MS, Qt.KeyboardModifier.ShiftModifier)
    counter._scans.flush()
    panel = QApplication.activeModalWidget()
    assert TEXTS["reload"] in [label.text() for label in panel.findChildren(QLabel)]
    panel.reject()


def read_again_by_key(qtbot, counter, keyboard, page: PrintedReceipts) -> None:
    shown = page.rows[0]
    keyboard.press(Qt.Key.Key_F5, HAND_MS)
    counter._scans.flush()
    qtbot.waitUntil(lambda: bool(page.rows) and page.rows[0] is not shown)
