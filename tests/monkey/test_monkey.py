"""Whatever is pressed, pasted or scanned: no exception, no warning, no freeze, balanced books.

``make monkey ARGS="--monkey 1000000"`` plays more, ``--monkey-seed 7`` one seed again.
"""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import Iterator
from itertools import count
from random import Random

import pytest
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.ledger import CASH_EVENTS
from posapp.store.files.ledger_check import verify_ledger
from posapp.ui.core.theme import Theme
from posapp.ui.shell.routes import ROUTE
from tests.conftest import PatientBot
from tests.monkey.monkey import ACTIONS, FREEZE_MS, SHARED_FREEZE_MS, Monkey, _chosen
from tests.ui.counter.demo_counter import demo_counter

EVENTS = 50_000
"""Events of ``make test``, over all shares."""

SHARES = 5
SEEDS = tuple(range(1, SHARES + 1))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" not in metafunc.fixturenames:
        return
    config = metafunc.config
    wanted, one = config.getoption("--monkey"), config.getoption("--monkey-seed")
    if one is not None:
        seeds = [one]
    else:
        seeds = [secrets.randbelow(10**9) for _ in SEEDS] if wanted else list(SEEDS)
    metafunc.parametrize("seed", seeds, ids=lambda seed: f"seed {seed}")


class Nowhere(QObject):
    """Opens folders and addresses in place of the system: not at all."""

    @Slot(QUrl)
    def open(self, url: QUrl) -> None: ...


@pytest.fixture
def theme(qapp):
    return Theme("light")


@pytest.fixture
def nowhere(qapp):
    made = Nowhere()
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, made, "open")
    yield
    for scheme in ("file", "http", "https"):
        QDesktopServices.unsetUrlHandler(scheme)


@pytest.fixture
def own_garbage() -> Iterator[None]:
    """Leave to the till its own garbage: the GUI thread collects, and a collection of all that
    earlier tests keep takes hundreds of milliseconds."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.slow
@pytest.mark.usefixtures("own_garbage")
@pytest.mark.qt_log_ignore(
    "This plugin does not support (propagateSizeHints|raise|grabbing the keyboard)"
)
def test_a_monkey_at_the_till(qtbot, request, tmp_path, nowhere, report_line, seed):
    """A fresh shop for each share. Real file, real threads, PortOne's stand-in over HTTP."""
    wanted = request.config.getoption("--monkey")
    events, most = (wanted, FREEZE_MS) if wanted else (EVENTS, SHARED_FREEZE_MS)
    with demo_counter(PatientBot(request), tmp_path, count(1_000, 40).__next__) as counter:
        found = Monkey(counter, seed, most).play(events // SHARES)
        balanced(qtbot, counter)
        held = sum(one.balance for one in counter.demo.sandbox.books.payments())
        with counter.demo.container.store.snapshot() as uow:
            entered = sum(
                row.entry.amount
                for row in uow.ledger.rows(0, 1_000_000)
                if row.entry.event not in CASH_EVENTS
            )
    report_line(
        f"monkey seed {seed}: {found.actions.total()} actions,"
        f" longest {found.longest_ms:.0f} ms of the GUI thread"
    )
    assert "\n".join(found.errors) == ""
    assert "\n".join(found.freezes) == "", f"more than {most} ms of the GUI thread"
    assert isinstance(verify_ledger(tmp_path / "posapp.db"), int)
    assert entered == held
    if events == EVENTS:
        assert set(found.visits) == set(ROUTE), "some page was never visited"


def balanced(qtbot, counter) -> None:
    """End every dialog and QR, and wait until what was decided is carried out."""
    while (
        over := QApplication.activePopupWidget() or QApplication.activeModalWidget()
    ) is not None:
        over.close()
        QApplication.processEvents()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    pay = counter.window.made("pay")
    if pay is not None and pay.is_live:
        pay._stop()
        qtbot.waitUntil(lambda: not pay.is_live)
    sync = counter.demo.container.sync_service
    counter.worker.wake()

    def is_over() -> bool:
        report = sync.report(1)
        return not report.live and report.totals.count == report.totals.for_person

    qtbot.waitUntil(is_over)


# The twins


class Broken(QWidget):
    """A field that fails in one way at each key."""

    def __init__(self, how: str) -> None:
        super().__init__()
        self.how = how

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.how == "error":
            logging.getLogger("posapp.ui").error("a task failed")
        else:
            sum(range(20_000_000))

    def show_screen(self, name: str) -> None:
        """Has no pages."""


class OneField:
    """As much of a counter as a monkey needs."""

    def __init__(self, theme, widget: QWidget) -> None:
        self.window, self.theme = widget, theme
        widget.current = "home"
        self._exports = None
        self._may_close = lambda: True


@pytest.mark.parametrize("how", ["error", "freeze"])
def test_an_error_and_a_freeze_are_found(qtbot, theme, monkeypatch, how):
    widget = Broken(how)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    monkeypatch.setattr("tests.monkey.monkey.ACTIONS", ((Monkey.type_text, 1),))
    widget.setFocus()
    found = Monkey(OneField(theme, widget), 1).play(20)
    assert bool(found.errors) == (how == "error")
    assert bool(found.freezes) == (how == "freeze")
    assert all(line.startswith("action 0 (type_text)") for line in found.errors[:1])


def test_a_seed_plays_the_same_again():
    """What an action finds changes none of the later ones: each has its own source of chance."""
    first, second = ([_chosen(Random(f"7:{at}"))[0] for at in range(500)] for _ in range(2))
    assert first == second
    assert set(first) == {act.__name__ for act, _ in ACTIONS}
