"""A plugin of pytest that writes the outcome of each test with the names of raised exceptions.

It is copied out of the repository and loaded by its own name, so it imports nothing of the
repository.
"""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

REPORT = "MUTANT_REPORT"
"""Environment variable with the name of the file to write, one JSON object a line."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    raised = [] if call.excinfo is None else list(_leaves(call.excinfo.value))
    _write(
        {
            "test": item.nodeid,
            "when": report.when,
            "outcome": report.outcome,
            "errors": [[kind.__name__ for kind in type(each).__mro__] for each in raised],
        }
    )
    return report


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.failed:
        _write({"test": report.nodeid, "when": "collect", "outcome": "failed", "errors": []})


def _leaves(error: BaseException) -> Iterator[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        for each in error.exceptions:
            yield from _leaves(each)
    else:
        yield error


def _write(record: dict[str, object]) -> None:
    with Path(os.environ[REPORT]).open("a", encoding="utf-8") as file:
        file.write(json.dumps(record) + "\n")
