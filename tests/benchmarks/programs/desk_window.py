"""The request desk in its window over a file of a million requests, with somebody who looks.

Arguments: the second of birth, the file, how many rounds. Prints what was measured as JSON.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from table_watch import TableWatch, Until

from posapp.domain.requests import RequestKind, RequestState
from posapp.services.exporting import export
from posapp.services.ports.requests import MoneyState
from posapp.services.request_desk import RequestDesk
from posapp.store.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.ui.application import Application
from posapp.ui.background import TaskRunner
from posapp.ui.i18n import Texts
from posapp.ui.main_window import HOME, MainWindow
from posapp.ui.models.requests_asked import Asked, Period
from posapp.ui.models.requests_saved import FilterFile
from posapp.ui.screens.requests import RequestsScreen
from posapp.ui.theme import Theme
from tests.requests.million import NEWEST

FILE, ROUNDS = Path(sys.argv[2]), int(sys.argv[3])
SELLER, SIZE, OPENINGS, JUMPS = 1, 50, 5, 3
SETTLED_MS = 500

OK, WAIT = RequestState.OK, RequestState.WAIT
REFUND, EXCHANGE = RequestKind.REFUND, RequestKind.EXCHANGE
LONG_AGO = NEWEST - timedelta(days=1500)
TYPED = Period.TYPED

FILTERS = {
    "none": Asked(),
    "state": Asked(state=WAIT),
    "kind": Asked(kind=REFUND),
    "state and kind": Asked(state=OK, kind=EXCHANGE),
    "dates": Asked(period=TYPED, since=LONG_AGO - timedelta(days=30), until=LONG_AGO),
    "money": Asked(money=MoneyState.NEEDS_PERSON),
    "number": Asked(number=1_700_000),
    "buyer": Asked(buyer="김민서"),
    "frequent text": Asked(text="라떼"),
    "rare text": Asked(text="누수"),
    "text that is nowhere": Asked(text="붕붕"),
    "text, state and dates": Asked(text="라떼", state=OK, period=TYPED, until=LONG_AGO),
    "oldest first": Asked(oldest_first=True),
}


class StillClock(SystemClock):
    """Time stands where the file's newest request was made."""

    def now(self) -> datetime:
        return NEWEST


def build() -> None:
    """Everything stands as in the program; the table is empty."""
    window.resize(1366, 768)
    window.add_screen(HOME, QWidget())
    window.add_screen("requests", screen)
    application.wear(theme)
    search = SqlRequestSearch(store)
    desk = RequestDesk(store, clock, RandomIds("000000"), lambda: None)
    shelf = FilterFile(Path(os.environ["HOME"]) / "request-filters.json")
    screen.attach(desk, search, shelf, partial(export, search))
    window.show()
    window.show_screen("requests")


def filter_by(asked: Asked) -> None:
    """As when a person has chosen it: bar, panel and chips show it too."""
    screen.sheet.filters.show_asked(asked)
    screen.sheet.filters.asked_for.emit(asked)


def look_around() -> Iterator[Until]:
    for _ in range(OPENINGS):
        yield watch.ask("first page", lambda: screen.open(SELLER))
    view = screen.sheet.view
    yield watch.ask("other size", lambda: screen.turning.set_size(SIZE))
    viewport = view.viewport()
    told["viewport"] = [viewport.width(), viewport.height()]
    told["rows_seen"] = view.rowAt(viewport.height() - 1) + 1
    for _ in range(ROUNDS):
        for name, asked in FILTERS.items():
            yield watch.ask(f"filter {name}", partial(filter_by, asked))
            told["ids"][name] = [row.id for row in screen.model.rows][:5]
    yield watch.ask("back", partial(filter_by, Asked()))
    for _ in range(JUMPS):
        yield watch.ask("oldest row", lambda: screen.turning.turn("last"))
        told["oldest"] = screen.model.rows[-1].id
        yield watch.ask("back", lambda: screen.turning.turn("first"))


def is_idle() -> bool:
    """It is counted, and nothing in the search line waits for a pause: nobody is quicker."""
    return not runner.busy and not screen.sheet.search.is_pausing


def arrived(again: bool) -> None:
    if not again:
        watch.rows_are_here()


application = Application()
texts, theme = Texts("ko"), Theme("light")
application.set_type(theme)
clock, runner, store = StillClock(), TaskRunner(), SqlStore(FILE)
window = MainWindow(texts, theme, shop="소담 공방", live=False)
screen = RequestsScreen(texts, theme, runner, clock)
told: dict[str, Any] = {"ids": {}}
build()
sheet = screen.sheet
watch = TableWatch((sheet.view.viewport(), sheet.empty), look_around(), is_idle)
screen.pages.arrived.connect(arrived)


def begin() -> None:
    gc.freeze()
    watch.begin()


QTimer.singleShot(SETTLED_MS, begin)
application.run()
runner.stop()
store.close()
print(json.dumps(told | watch.figures()), flush=True)
sys.exit(watch.failed or 0)
