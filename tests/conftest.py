"""What every set of tests shares: a way to tell figures at the end of the run, whichever process
measured them."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest

TOLD = "told"


@pytest.fixture
def tell(record_property: Callable[[str, object], None]) -> Callable[[str], None]:
    """Say a line at the end of the run."""
    return lambda line: record_property(TOLD, line)


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
