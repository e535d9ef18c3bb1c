"""Kills an import, or its undoing, before and after each commit, and starts the till again.

``python -m tests.importing.import_kills FOLDER ACTION``, ``apply`` or ``undo``. Each round is a
shop of its own: a first process kills itself (SIGKILL) at the n-th moment; then the till's job
runs, and the file is imported once more. The last round is the one that ends before its moment.
Writes one line of JSON a round.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from posapp.domain.actors import Actor
from posapp.services.importing import ImportService, short_transactions, take_back, write_plan
from posapp.services.importing.take_back import TakeBack
from posapp.services.importing.undo_import import UndoImportService
from posapp.services.importing.unfinished_imports import UnfinishedImportJob
from posapp.services.ports.order_search import OrderFilter
from posapp.store.open_store import open_store
from posapp.store.search.order_search import SqlOrderSearch
from posapp.store.unit_of_work import SqlStore
from tests.fakes.access import EVERYTHING
from tests.importing.conftest import StillClock, paid_shop, small_shop

MOST = 60
PERSON = Actor.person("김")

TABLES = {
    "orders": "*",
    "order_items": "*",
    "users": "*",
    "products": "*",
    "import_records": "kind, record_id",
    "payment_claims": "order_id, imp_uid, state",
}
"""What a shop holds, by table. Claims are kept for ever: denied ones count for nothing."""


def small_steps() -> None:
    """Let a small file take many transactions."""
    short_transactions.MOST_RECORDS = 2
    write_plan.STEP_SIZE = take_back.STEP_SIZE = 2


def the_file(path: Path) -> Path:
    """A paid order, unpaid ones, new users and products, and changed ones."""
    shop = paid_shop()
    shop["users"] += [{"id": 13, "name": "박새롬"}, {"id": 14, "name": "최다온"}]
    shop["users"][1]["name"] = "김민지"
    shop["products"][0]["price"] = 9999
    shop["products"] += [{"id": 23, "seller_id": 3, "name": "식빵", "price": 5000, "stock": 3}]
    unpaid = small_shop()["orders"][0]
    for number in (8, 9, 10, 11, 12):
        items = [{**one, "id": one["id"] + number * 10} for one in unpaid["items"]]
        shop["orders"].append({**unpaid, "id": number, "buyer_id": 13, "items": items})
    path.write_text(json.dumps(shop, ensure_ascii=False), "utf-8")
    return path


def known_before(path: Path) -> Path:
    """A user and a product that the file changes."""
    shop = small_shop()
    shop["orders"] = []
    del shop["products"][1]
    path.write_text(json.dumps(shop, ensure_ascii=False), "utf-8")
    return path


def content(store: SqlStore) -> str:
    """Fingerprint of what a shop holds, and of what its search finds."""
    search = SqlOrderSearch(store)
    found: dict[str, Any] = {
        text: [row.order_id for row in search.page(OrderFilter(text), 20).rows]
        for text in ("소금빵", "박새롬", "김민지")
    }
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("INSERT INTO order_words (order_words) VALUES ('integrity-check')")
        for table, columns in TABLES.items():
            query = f"SELECT {columns} FROM {table} ORDER BY 1, 2"
            found[table] = connection.execute(query).fetchall()
    found["payment_claims"] = [one for one in found["payment_claims"] if one[2] != "DENIED"]
    return sha256(repr(found).encode()).hexdigest()


class KillingStore:
    """Ends this process without a word before or after its n-th commit."""

    def __init__(self, real: SqlStore, moment: int) -> None:
        self._real, self._left = real, moment
        self.snapshot = real.snapshot

    @contextmanager
    def transaction(self) -> Iterator[object]:
        with self._real.transaction() as work:
            commit = work.commit

            def killed() -> None:
                self._pass_by()
                commit()
                self._pass_by()

            work.commit = killed
            yield work

    def _pass_by(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def in_a_process(act: Callable[[], None]) -> int:
    child = os.fork()
    if child == 0:
        act()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def prepare(root: Path, action: str) -> tuple[str, Path, Path]:
    """Make a shop that the action begins with; return its content, its database and the file."""
    root.mkdir()
    database, path = root / "shop.db", the_file(root / "file.json")
    store = open_store(database)
    service = ImportService(store, StillClock(), EVERYTHING, sellers=True)
    service.apply(PERSON, service.read(known_before(root / "before.json")))
    if action == "undo":
        shop = json.loads(path.read_text("utf-8"))
        del shop["payments"], shop["orders"][0]  # a claim holds its import
        path.write_text(json.dumps(shop, ensure_ascii=False), "utf-8")
        service.apply(PERSON, service.read(path))
    before = content(store)
    store.close()
    return before, database, path


def act(database: Path, path: Path, action: str, moment: int) -> None:
    store = KillingStore(open_store(database), moment)
    service = ImportService(store, StillClock(), EVERYTHING, sellers=True)
    if action == "undo":
        undoing = UndoImportService(store, StillClock(), EVERYTHING)
        undoing.undo(PERSON, undoing.newest(1)[0].id)
    else:
        service.apply(PERSON, service.read(path))


def start_again(database: Path, path: Path) -> tuple[str, str]:
    """Let the job run, then import once more; return both contents."""
    store = open_store(database)
    taking_back = TakeBack(store, StillClock())
    UnfinishedImportJob(taking_back, StillClock()).run()
    with store.snapshot() as work:
        assert not work.imports.unfinished()
    after = content(store)
    service = ImportService(store, StillClock(), EVERYTHING, taking_back, sellers=True)
    service.apply(PERSON, service.read(path))
    again = content(store)
    store.close()
    return after, again


def main() -> None:
    folder, action = Path(sys.argv[1]), sys.argv[2]
    small_steps()
    for moment in range(MOST):
        before, database, path = prepare(folder / str(moment), action)
        ended = in_a_process(lambda a=database, b=path, m=moment: act(a, b, action, m))
        after, again = start_again(database, path)
        row = {"ended": ended, "before": before, "after": after, "again": again}
        sys.stdout.write(json.dumps(row) + "\n")
        sys.stdout.flush()
        if moment and ended == 0:
            return


if __name__ == "__main__":
    main()
