"""The request desk in its window over a file of a million requests, with a simulated user.

Arguments: the start in seconds, the file, the number of rounds. Prints the measurements as JSON.
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

from posapp.domain.actors import Actor
from posapp.domain.requests import RequestKind, RequestState
from posapp.services.ports.requests import RefundProgress
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.requests.export_requests import RequestExportService
from posapp.store.search.request_search import SqlRequestSearch
from posapp.store.unit_of_work import SqlStore
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.requests.request_desk_screen import RequestDeskScreen
from posapp.ui.requests.request_filter_state import Period, RequestFilterState
from posapp.ui.requests.saved_filters import JsonFilterStore
from posapp.ui.shell.application import Application
from posapp.ui.shell.main_window import HOME, MainWindow
from tests.fakes.access import EVERYTHING
from tests.requests.million import NEWEST

FILE, ROUNDS = Path(sys.argv[2]), int(sys.argv[3])
SELLER, SIZE, OPENINGS, JUMPS = 1, 50, 5, 10
FAR = 20
"""A page of the middle, also where there are few rows."""

STEADY_MS = 500

OK, WAIT = RequestState.OK, RequestState.WAIT
REFUND, EXCHANGE = RequestKind.REFUND, RequestKind.EXCHANGE
LONG_AGO = NEWEST - timedelta(days=1500)
TYPED = Period.TYPED

FILTERS = {
    "none": RequestFilterState(),
    "state": RequestFilterState(state=WAIT),
    "kind": RequestFilterState(kind=REFUND),
    "state and kind": RequestFilterState(state=OK, kind=EXCHANGE),
    "dates": RequestFilterState(period=TYPED, since=LONG_AGO - timedelta(days=30), until=LONG_AGO),
    "money": RequestFilterState(money=RefundProgress.NEEDS_REVIEW),
    "number": RequestFilterState(number=1_700_000),
    "buyer": RequestFilterState(buyer="김민서"),
    "frequent text": RequestFilterState(text="라떼"),
    "rare text": RequestFilterState(text="누수"),
    "text that is nowhere": RequestFilterState(text="붕붕"),
    "text, state and dates": RequestFilterState(
        text="라떼", state=OK, period=TYPED, until=LONG_AGO
    ),
    "oldest first": RequestFilterState(oldest_first=True),
}


class StillClock(SystemClock):
    """A clock that stays at the time of the file's newest request."""

    def now(self) -> datetime:
        return NEWEST


def build() -> None:
    """Build everything as in the program, with an empty table."""
    window.resize(1366, 768)
    window.add_screen(HOME, QWidget())
    window.add_screen("requests", screen)
    application.apply_theme(theme)
    window.show()
    window.show_screen("requests", is_visit=False)


def filter_by(requested: RequestFilterState) -> None:
    """Set the filter as a person does: bar, panel and chips show it too."""
    screen.view.filters.show_filters(requested)
    screen.view.filters.filters_changed.emit(requested)


def scroll_through() -> Iterator[Until]:
    for _ in range(OPENINGS):
        yield watch.ask("first page", lambda: screen.open(Actor.seller(SELLER)))
    view = screen.view.view
    yield watch.ask("other size", lambda: screen.turning.set_size(SIZE))
    viewport = view.viewport()
    reported["viewport"] = [viewport.width(), viewport.height()]
    reported["rows_seen"] = view.rowAt(viewport.height() - 1) + 1
    for _ in range(ROUNDS):
        for name, requested in FILTERS.items():
            yield watch.ask(f"filter {name}", partial(filter_by, requested))
            reported["ids"][name] = [row.id for row in screen.model.rows][:5]
            if screen.pages.has_next:
                yield watch.ask(f"next page of {name}", lambda: screen.turning.go("next"))
    yield watch.ask("back", partial(filter_by, RequestFilterState()))
    for _ in range(JUMPS if ROUNDS > 1 else 1):
        yield watch.ask("jump to the oldest", lambda: screen.turning.go("last"))
        reported["oldest"] = screen.model.rows[-1].id
        yield watch.ask("page before", lambda: screen.turning.go("previous"))
        yield watch.ask("jump to the newest", lambda: screen.turning.go("first"))
        yield watch.ask("jump to a page by its number", lambda: screen.turning.show_page(FAR))
        yield watch.ask("back", lambda: screen.turning.go("first"))


def is_idle() -> bool:
    """Whether the count has ended and the search field has no pending input."""
    return not runner.busy and not screen.view.search.is_pausing


def arrived(again: bool) -> None:
    if not again:
        watch.rows_are_here()


application = Application()
texts, theme = Translator("ko"), Theme("light")
application.set_type(theme)
clock, runner, store = StillClock(), TaskRunner(), SqlStore(FILE)
window = MainWindow(texts, theme, shop="소담 공방", live=False)
search = SqlRequestSearch(store)
screen = RequestDeskScreen(
    texts,
    theme,
    runner,
    RequestDecisionService(store, clock, RandomIds("000000"), lambda: None, EVERYTHING),
    search,
    JsonFilterStore(Path(os.environ["HOME"]) / "request-filters.json"),
    RequestExportService(store, search, EVERYTHING).export,
    clock,
)
reported: dict[str, Any] = {"ids": {}}
build()
layout = screen.view
watch = TableWatch((layout.view.viewport(), layout.empty), scroll_through(), is_idle)
screen.pages.arrived.connect(arrived)


def begin() -> None:
    gc.freeze()
    watch.begin()


QTimer.singleShot(STEADY_MS, begin)
application.run()
runner.stop()
store.close()
print(json.dumps(reported | watch.figures()), flush=True)
sys.exit(watch.failed or 0)
