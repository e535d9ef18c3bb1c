"""What every set of tests shares: a way to tell figures at the end of the run, whichever process
measured them."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from tests.bounds import QT_WAIT_MS
from tests.replacing import FittingPatch

TOLD = "told"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line at the end of the run."""
    return lambda line: record_property(TOLD, line)


settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
"""Hypothesis fails what takes 200 ms otherwise, and what is slow to make its examples."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--measure",
        action="store_true",
        help="run the benchmarks at full size, for their figures, and not only once",
    )


class PatientBot(QtBot):
    """Waits for the screen as long as a loaded machine may need: five seconds, pytest-qt's own
    patience, is what it takes to start a program beside four busy ones."""

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


@pytest.fixture
def monkeypatch() -> Iterator[pytest.MonkeyPatch]:
    """pytest's, which takes no stand-in of another signature."""
    patch = FittingPatch()
    yield patch
    patch.undo()


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with more patience."""
    return PatientBot(request)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """What a test logged goes to another process: half a character pair, which some tests log on
    purpose, is written out."""
    report = yield
    report.sections = [
        (name, text.encode("utf-8", "backslashreplace").decode("utf-8"))
        for name, text in report.sections
    ]
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The lines that tests had to tell, in the order of the tests."""
    ended = [
        report
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
    ]
    for report in sorted(ended, key=lambda each: each.nodeid):
        for name, line in report.user_properties:
            if name == TOLD:
                terminalreporter.write_line(str(line))
