"""Import costs of the parts: nothing heavy is imported before it is needed
(docs/performance.md)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"requests", "urllib3", "keyring", "sqlalchemy", "PySide6", "flask"}


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("posapp.portone.settings", set()),
        ("posapp.portone.client", {"requests", "urllib3"}),
        ("posapp.system.clock", set()),
        ("posapp.system.ids", set()),
        ("posapp.system.paths", set()),
        ("posapp.system.settings_writer", set()),
        ("posapp.system.logging", set()),
        ("posapp.system.single_instance", set()),
        ("posapp.system.doctor", set()),
        ("posapp.system.keyring_secrets", {"keyring"}),
    ],
)
def test_part_imports_only_its_own_library(module: str, allowed: set[str]) -> None:
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert HEAVY & set(ended.stdout.split()) == allowed
