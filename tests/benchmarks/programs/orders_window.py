"""The list of orders in its window over a file of a million orders, with a simulated user.

Arguments: the start in seconds, the file, the number of rounds. Prints the measurements as JSON.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from table_watch import TableWatch, Until

from posapp.domain.order_segments import OrderSegment
from posapp.services.session import Session
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from posapp.ui.core.i18n import Translator
from posapp.ui.core.periods import Period
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.orders.order_list_filter import OrderListFilter
from posapp.ui.orders.order_list_model import OrderReading
from posapp.ui.orders.order_list_screen import OrderListScreen
from posapp.ui.shell.application import Application
from posapp.ui.shell.main_window import HOME, MainWindow
from tests.requests.million import NEWEST

FILE, ROUNDS = Path(sys.argv[2]), int(sys.argv[3])
STEADY_MS = 500
LONG_AGO = NEWEST - timedelta(days=1000)
ALL, TYPED = Period.ALL, Period.TYPED

FILTERS = {
    "today": OrderListFilter(),
    "every day": OrderListFilter(chosen=ALL),
    **{f"state {one.value}": OrderListFilter("", one, ALL) for one in OrderSegment},
    "7 days": OrderListFilter(chosen=Period.WEEK),
    "30 days": OrderListFilter(chosen=Period.MONTH),
    "a month long ago": OrderListFilter(
        chosen=TYPED, since=LONG_AGO - timedelta(days=30), until=LONG_AGO
    ),
    "number": OrderListFilter("900123"),
    "amount": OrderListFilter("36,000원"),
    "name": OrderListFilter("김민서"),
    "one letter of a name": OrderListFilter("김"),
    "last four digits": OrderListFilter("4821"),
    "whole phone": OrderListFilter("010-1234-5678"),
    "frequent product": OrderListFilter("라떼"),
    "product and name": OrderListFilter("라떼 김민서"),
    "product of cancelled orders": OrderListFilter("라떼", OrderSegment.CANCELLED),
    "product in 30 days": OrderListFilter("라떼", chosen=Period.MONTH),
    "letters that no order has": OrderListFilter("붕붕"),
}


def build() -> None:
    """Build everything as in the program, with an empty table."""
    window.resize(1366, 768)
    window.add_screen(HOME, QWidget())
    window.add_screen("orders", screen)
    application.apply_theme(theme)
    window.show()
    window.show_screen("orders", is_visit=False)


def filter_by(wanted: OrderListFilter) -> None:
    """Set the filter as a person does: search field and bar show it too."""
    screen.search.show_text(wanted.text)
    screen._ask(wanted)


def scroll_through() -> Iterator[Until]:
    for _ in range(ROUNDS):
        for name, wanted in FILTERS.items():
            yield watch.ask(f"filter {name}", partial(filter_by, wanted))
            reported["ids"][name] = [row.order_id for row in screen.model.rows][:5]
            if not screen.model.is_complete:
                before = screen.model.rowCount()
                yield watch.ask(f"more of {name}", screen.table.scrollToBottom)
                reported["scrolled"] |= screen.model.rowCount() > before
        yield watch.ask("back to today", partial(filter_by, replace(OrderListFilter())))


def is_idle() -> bool:
    """Whether rows and counts are here."""
    return not runner.busy and not screen.search.is_pausing


def arrived() -> None:
    if screen.model.reading is OrderReading.READY:
        watch.rows_are_here()


class StillTime:
    """The time of the file's newest order."""

    @staticmethod
    def now() -> datetime:
        return NEWEST


application = Application()
texts, theme = Translator("ko"), Theme("light")
application.set_type(theme)
runner, store = TaskRunner(), SqlStore(FILE)
window = MainWindow(texts, theme, shop="소담 공방", live=False)
# What a press of its buttons would need; none is pressed.
unused = Mock()
screen = OrderListScreen(
    *(texts, theme, runner, SqlOrderSearch(store), unused, unused, unused, Session()),
    now=StillTime.now,
)
reported: dict[str, Any] = {"ids": {}, "scrolled": False}
watch = TableWatch((screen.table.viewport(), screen.view.empty), scroll_through(), is_idle)
screen.model.changed.connect(arrived)
build()


def begin() -> None:
    gc.freeze()
    watch.begin()


QTimer.singleShot(STEADY_MS, begin)
application.run()
runner.stop()
store.close()
print(json.dumps(reported | watch.figures()), flush=True)
sys.exit(watch.failed or 0)
