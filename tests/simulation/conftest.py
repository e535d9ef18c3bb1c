from __future__ import annotations

from tests.simulation.machine import Count
from tests.simulation.simulate import reports


def pytest_terminal_summary(terminalreporter):
    """Say how far the simulated shops went."""
    for name, steps in Count.reports.items():
        terminalreporter.write_line(f"simulation, {name}: steps: {steps}")
    for report in reports:
        terminalreporter.write_line(f"simulation, {report}")
