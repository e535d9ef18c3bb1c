"""A plain QSqlTableModel in a QTableView over a file of a million requests: the desk's reference.

Arguments: the start in seconds, the file, the number of rounds, and the width and height of the
desk's table. Prints the measurements as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtSql import QSqlDatabase, QSqlTableModel
from PySide6.QtWidgets import QApplication, QTableView
from table_watch import TableWatch, Until

from posapp.store.columns import to_microseconds
from tests.requests.million import NEWEST

FILE, ROUNDS = sys.argv[2], int(sys.argv[3])
VIEWPORT = QSize(int(sys.argv[4]), int(sys.argv[5]))
OPENINGS, JUMPS = 5, 3
ROW_HEIGHT = 64
STEADY_MS = 500

SELLER = "seller_id = 1"
LONG_AGO = to_microseconds(NEWEST - timedelta(days=1500))
BEFORE = to_microseconds(NEWEST - timedelta(days=1530))


def text(caption: str) -> str:
    return f"(product_name LIKE '%{caption}%' OR reason LIKE '%{caption}%')"


FILTERS = {
    "none": SELLER,
    "state": f"{SELLER} AND state = 'WAIT'",
    "kind": f"{SELLER} AND kind = 'REFUND'",
    "state and kind": f"{SELLER} AND state = 'OK' AND kind = 'EXCHANGE'",
    "dates": f"{SELLER} AND created_at BETWEEN {BEFORE} AND {LONG_AGO}",
    "money": f"{SELLER} AND money = 'NEEDS_PERSON'",
    "number": f"{SELLER} AND (item_id = 1700000 OR order_id = 1700000)",
    "buyer": f"{SELLER} AND buyer_name LIKE '%김민서%'",
    "frequent text": f"{SELLER} AND {text('라떼')}",
    "rare text": f"{SELLER} AND {text('누수')}",
    "text that is nowhere": f"{SELLER} AND {text('붕붕')}",
    "text, state and dates": f"{SELLER} AND {text('라떼')} AND state = 'OK'"
    f" AND created_at <= {LONG_AGO}",
    "oldest first": SELLER,
}


def filter_by(name: str) -> None:
    """Set the filter; that selects at once, in the order set before."""
    ascending = name == "oldest first"
    order = Qt.SortOrder.AscendingOrder if ascending else Qt.SortOrder.DescendingOrder
    model.setSort(model.fieldIndex("created_at"), order)
    model.setFilter(FILTERS[name])
    view.scrollToTop()
    watch.rows_are_here()
    view.viewport().update()  # an empty view that stays empty is not painted by itself


def open_first() -> None:
    model.select()
    view.scrollToTop()
    watch.rows_are_here()


def to_the_oldest() -> None:
    while model.canFetchMore():
        model.fetchMore()
    view.scrollToBottom()
    watch.rows_are_here()


def id_at(row: int) -> int:
    return int(model.data(model.index(row, 0)))


def scroll_through() -> Iterator[Until]:
    for _ in range(OPENINGS):
        yield watch.ask("first page", open_first)
    viewport = view.viewport()
    reported["viewport"] = [viewport.width(), viewport.height()]
    reported["rows_seen"] = view.rowAt(viewport.height() - 1) + 1
    for _ in range(ROUNDS):
        for name in FILTERS:
            yield watch.ask(f"filter {name}", partial(filter_by, name))
            reported["ids"][name] = [id_at(row) for row in range(min(5, model.rowCount()))]
    yield watch.ask("back", partial(filter_by, "none"))
    for _ in range(JUMPS):
        yield watch.ask("oldest row", to_the_oldest)
        reported["oldest"] = id_at(model.rowCount() - 1)
        yield watch.ask("back", open_first)


app = QApplication([])
base = QSqlDatabase.addDatabase("QSQLITE")
base.setDatabaseName(FILE)
if not base.open():
    sys.exit(base.lastError().text())
model = QSqlTableModel()
model.setTable("requests")
model.setSort(model.fieldIndex("created_at"), Qt.SortOrder.DescendingOrder)
model.setFilter(SELLER)
view = QTableView()
view.setModel(model)
view.verticalHeader().hide()  # visible, it blocks the view for seconds after a jump
view.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
view.resize(VIEWPORT)
view.show()
view.resize(VIEWPORT + VIEWPORT - view.viewport().size())
reported: dict[str, Any] = {"ids": {}}
watch = TableWatch((view.viewport(),), scroll_through(), lambda: True)
QTimer.singleShot(STEADY_MS, watch.begin)
app.exec()
print(json.dumps(reported | watch.figures()), flush=True)
sys.exit(watch.failed or 0)
