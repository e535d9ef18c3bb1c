from __future__ import annotations

from tests.soak.test_soak import REPORTS


def pytest_terminal_summary(terminalreporter):
    """Say what the till held before and after."""
    for report in REPORTS:
        terminalreporter.write_line(f"soak: {report}")
