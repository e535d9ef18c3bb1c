"""An import that is killed at any commit is whole or was never there, once the till runs again."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bounds import FOR_EVER_S

ROOT = Path(__file__).resolve().parents[2]

FEWEST = 10
"""Moments at least: before and after each commit."""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
@pytest.mark.parametrize("action", ["apply", "undo"])
def test_killed_at_every_commit(tmp_path: Path, action: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.importing.import_kills", str(tmp_path), action],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=FOR_EVER_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    whole_round, *rounds = [json.loads(line) for line in ended.stdout.splitlines()]
    begun, done = whole_round["before"], whole_round["after"]
    whole = whole_round["again"]
    assert begun != done
    assert len(rounds) > FEWEST
    seen = []
    for one in rounds:
        assert one["ended"] == (0 if one is rounds[-1] else -9)
        assert one["before"] == begun
        assert one["after"] in (begun, done)
        assert one["again"] == whole
        seen.append(one["after"] == done)
    # It is there from one moment on: importing from the last commit on, undoing from the first.
    assert seen == sorted(seen)
    assert seen.count(False) == (len(rounds) - 2 if action == "apply" else 1)
