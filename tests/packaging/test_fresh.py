"""Settings that ``make fresh`` uses from this machine, and its complete removal."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bounds import LONGEST_S
from tests.e2e.deadline import eventually
from tests.fresh import interpreter, machine
from tests.fresh.machine import AptSource

ROOT = Path(__file__).resolve().parents[2]

MIRROR = "http://mirror.example/debian"
SOURCES = [
    AptSource(f"{MIRROR}-security", "bookworm-security", "main"),
    AptSource(MIRROR, "bookworm", "main"),
    AptSource(MIRROR, "bookworm-updates", "main"),
]


def test_the_way_to_the_registries_is_passed_on_and_nothing_else() -> None:
    given = {
        "PIP_INDEX_URL": "https://pypi.example",
        "UV_DEFAULT_INDEX": "https://pypi.example",
        "https_proxy": "http://proxy.example:3128",
        "NO_PROXY": "localhost",
        "SSL_CERT_FILE": "/etc/ssl/certs/ca-certificates.crt",
    }
    others = {"HOME": "/h", "PATH": "/p", "DISPLAY": ":0", "PIP_TARGET": "/t", "TOKEN": "x"}
    assert machine.environment({**given, **others}) == given


def test_places_that_the_configuration_names_are_shown(tmp_path: Path) -> None:
    wheels, index, constraints = tmp_path / "wheels", tmp_path / "index/all", tmp_path / "c.txt"
    wheels.mkdir()
    index.mkdir(parents=True)
    constraints.touch()
    settings = f"[global]\nwheels = {wheels}\n  /is/nowhere\nindex = file://{index}\n"
    given = {"PIP_CONSTRAINT": str(constraints), "HOME": str(tmp_path)}
    found = machine.folders([settings, f'index = "{wheels}"\n'], given)
    assert found == sorted([wheels, index.parent, constraints])


def test_the_machines_own_mirror_serves_its_own_suite_and_others() -> None:
    assert machine.mirror(SOURCES) == MIRROR
    assert machine.sources_list(SOURCES, "bookworm").splitlines() == [
        f"deb {MIRROR}-security bookworm-security main",
        f"deb {MIRROR} bookworm main",
        f"deb {MIRROR} bookworm-updates main",
    ]
    assert machine.sources_list(SOURCES, "trixie") == f"deb {MIRROR} trixie main\n"
    assert machine.sources_list([], "trixie") == f"deb {machine.DEBIAN} trixie main\n"


def test_python_version_comes_from_its_name_or_a_call() -> None:
    assert interpreter.version_of("python3.12") == "3.12"
    assert interpreter.version_of("/opt/python3.13") == "3.13"
    here = ".".join(map(str, sys.version_info[:2]))
    assert interpreter.version_of(sys.executable) == here
    assert interpreter.find("3.1") is None


@pytest.mark.skipif(not shutil.which("make"), reason="no make here")
@pytest.mark.parametrize(
    ("given", "tried"),
    [((), "python3.11 python3.12"), (("PYTHON=python3.12",), "python3.12")],
)
def test_both_pythons_are_tried_unless_one_is_named(given: tuple[str, ...], tried: str) -> None:
    # Without the settings of the make that runs the tests.
    ours = ("PYTHON", "ARGS", "MAKEFLAGS", "MAKEOVERRIDES", "MFLAGS", "MAKELEVEL")
    here = {name: value for name, value in os.environ.items() if name not in ours}
    text = ["make", "--no-print-directory", "-n", "fresh", *given]
    ran = subprocess.run(text, cwd=ROOT, env=here, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["python3", "-m", "tests.fresh", *tried.split()]


def can_be_apart() -> bool:
    try:
        done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], check=False)
    except OSError:
        return False
    return done.returncode == 0


HELD = """
import sys
from tests.fresh.__main__ import end_in_order
from tests.fresh.empty_debian import run_apart
end_in_order()
run_apart(sys.argv[1])
"""


@pytest.mark.skipif(not can_be_apart(), reason="needs root, and Linux")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL, signal.SIGINT])
def test_after_any_end_no_mount_and_no_process_remains(tmp_path: Path, number: int) -> None:
    place, began = tmp_path / "place", tmp_path / "began"
    place.mkdir()
    script = f"mount -t tmpfs tmpfs {place}; sleep 4711 & sleep 4711 & touch {began}; wait"
    with subprocess.Popen([sys.executable, "-c", HELD, script], cwd=ROOT) as running:
        try:
            eventually(began.exists, "it did not begin")
            assert len(sleeping()) == 2
            running.send_signal(number)
            assert running.wait(LONGEST_S) != 0
        finally:
            running.kill()
    eventually(lambda: not sleeping(), "processes are left")
    assert str(place) not in Path("/proc/self/mountinfo").read_text(encoding="utf-8")


def sleeping() -> list[Path]:
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            text = (process / "cmdline").read_bytes()
        except OSError:
            continue  # it has just ended
        if text == b"sleep\x004711\x00":
            found.append(process)
    return found
