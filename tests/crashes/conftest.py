from __future__ import annotations

import pytest

from tests.crashes.walking import Result, report

_RESULTS = pytest.StashKey[list[Result]]()


@pytest.fixture(scope="session")
def crash_results(request) -> list[Result]:
    """The points that were tried in this session, for the line at its end."""
    return request.config.stash.setdefault(_RESULTS, [])


def pytest_terminal_summary(terminalreporter, config):
    """Say how many writes were killed and failed."""
    results = config.stash.get(_RESULTS, [])
    if results:
        terminalreporter.write_line(f"every write, a sample: {report(results)}")
