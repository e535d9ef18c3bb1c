"""One running program a database (docs/faults.md, row 59)."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.system.single_instance import SingleInstance

HOLDER = (
    "import pathlib, sys, time\n"
    "from posapp.system.single_instance import SingleInstance\n"
    "lock = SingleInstance(pathlib.Path(sys.argv[1]))\n"
    "print('held', flush=True)\n"
    "sys.stdin.read()\n"
)


def holder(path: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_fault_59_second_start_names_the_first_and_a_kill_leaves_no_lock(
    tmp_path: Path,
) -> None:
    path = tmp_path / "posapp.lock"
    with holder(path) as process:
        with pytest.raises(EnvironmentProblem) as caught:
            SingleInstance(path)
        assert caught.value.code is EnvironmentCode.DATABASE_IN_USE
        assert caught.value.detail.split()[0] == str(process.pid)
        process.send_signal(getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()
        assert path.exists()
        with SingleInstance(path):
            assert path.read_text().split()[0] == str(os.getpid())


def test_a_second_one_in_the_same_program_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "posapp.lock"
    with SingleInstance(path), pytest.raises(EnvironmentProblem):
        SingleInstance(path)
    again = SingleInstance(path)
    again.release()
    again.release()


def test_two_databases_are_two_programs(tmp_path: Path) -> None:
    with SingleInstance(tmp_path / "a.lock"), SingleInstance(tmp_path / "b.lock"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="children inherit nothing there")
def test_a_child_process_does_not_keep_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "posapp.lock"
    lock = SingleInstance(path)
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"],
                          stdin=subprocess.PIPE) as child:  # fmt: skip
        lock.release()
        SingleInstance(path).release()
        child.communicate()


def test_a_lock_that_cannot_be_made_is_a_problem_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentProblem) as caught:
        SingleInstance(tmp_path / "missing" / "posapp.lock")
    assert caught.value.code is EnvironmentCode.FILE_UNREADABLE
