from __future__ import annotations

from tests.simulation.machine import Count


def pytest_terminal_summary(terminalreporter):
    """Say how far the simulated shops went."""
    for name, steps in Count.reports.items():
        terminalreporter.write_line(f"simulation, {name}: steps: {steps}")
