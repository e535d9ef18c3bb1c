"""Fixtures of all tests, and report lines at the end of the run from every process."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from tests.bounds import QT_WAIT_MS
from tests.memory_folder import memory_folder
from tests.replacing import FittingPatch
from tests.slow_places import LONG_FILES, SLOW_FILES

REPORTED = "told"


@pytest.fixture
def report_line(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Print a line at the end of the run."""
    return lambda line: record_property(REPORTED, line)


settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""By default Hypothesis fails an example above 200 ms, and a slow generation of examples."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--measure",
        action="store_true",
        help="run the benchmarks at full size, for their figures, and not only once",
    )
    parser.addoption(
        "--rows", type=int, default=0, help="requests in the desk's file; 0 is the usual number"
    )
    parser.addoption(
        "--every-place",
        action="store_true",
        help="scans and bursts at every widget in every mode, kills at every step, files of every "
        "schema, every twin of the simulated days, every key with every modifiers at the kiosk",
    )
    parser.addoption(
        "--every-size",
        action="store_true",
        help="every page and flow in every theme, scale, size, language and shop, not only a share",
    )
    parser.addoption(
        "--workbook-rows",
        type=int,
        default=0,
        help="rows of the large workbook that is imported; 0 is the usual share of 200,000",
    )
    parser.addoption(
        "--sales", type=int, default=2_000, help="random sales whose amounts are reckoned twice"
    )
    parser.addoption("--monkey", type=int, default=0, help="events of a monkey, by new seeds")
    parser.addoption("--monkey-seed", type=int, default=None, help="play this seed again")
    parser.addoption("--pictures", default="", help="folder in which pictures of controls are kept")


def pytest_configure(config: pytest.Config) -> None:
    """Put temporary files into memory, unless figures of a real disk are wanted."""
    memory = None if config.getoption("--measure") else memory_folder()
    if memory is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of slow files, before tests are chosen by their markers; put the longest files
    first where several processes share them."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix() in SLOW_FILES:
            item.add_marker("slow")
    if hasattr(config, "workerinput"):
        place = {here / name: at for at, name in enumerate(LONG_FILES)}
        items.sort(key=lambda item: place.get(item.path, len(place)))


class PatientBot(QtBot):
    """Waits for the screen as long as a loaded machine may need: pytest-qt's own five seconds are
    the time that a program takes to start beside four busy ones."""

    def waitUntil(self, *given: Any, **how: Any) -> None:
        super().waitUntil(*given, **_patient(how))

    def waitSignal(self, *given: Any, **how: Any) -> Any:
        return super().waitSignal(*given, **_patient(how))

    def waitExposed(self, *given: Any, **how: Any) -> Any:
        return super().waitExposed(*given, **_patient(how))

    def waitActive(self, *given: Any, **how: Any) -> Any:
        return super().waitActive(*given, **_patient(how))


def _patient(how: dict[str, Any]) -> dict[str, Any]:
    return {"timeout": QT_WAIT_MS, **how}


@pytest.fixture(scope="session", autouse=True)
def _shared_setup(pytestconfig: pytest.Config) -> Iterator[None]:
    """Share what a shop's file costs, unless figures are wanted."""
    if pytestconfig.getoption("--measure"):
        yield
        return
    from tests.fakes.shared_setup import shared_setup

    with shared_setup():
        yield


@pytest.fixture(autouse=True)
def _garbage_of_windows(request: pytest.FixtureRequest) -> Iterator[None]:
    """Collect on the GUI thread alone, as the program does, while there are windows; a thread of a
    window that other tests share goes on between them, so only the next test changes that."""
    if "qapp" not in request.fixturenames:
        gc.enable()
        yield
        return
    request.getfixturevalue("qapp")
    from posapp.ui.core.garbage import GuiCollector

    collector = GuiCollector()
    collector.start()
    yield
    collector.collect_due()


@pytest.fixture
def every_migration() -> Iterator[None]:
    """Let new shops go through every migration: for tests of what happens on that way."""
    from tests.fakes.shared_setup import migrated_shops

    with migrated_shops():
        yield


@pytest.fixture
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    """pytest's ``monkeypatch``, which refuses a stand-in of another signature."""
    patch = FittingPatch()
    yield patch
    patch.undo()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's ``qtbot`` with longer timeouts."""
    return PatientBot(request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Escape lone surrogates, which some tests log on purpose: a report goes to another process."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8"))
        for name, text in report.sections
    ]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the report lines of tests, in the order of the tests."""
    ended = [
        report
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
    ]
    for report in sorted(ended, key=lambda each: each.nodeid):
        for name, line in report.user_properties:
            if name == REPORTED:
                terminalreporter.write_line(str(line))
