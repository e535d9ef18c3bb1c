"""The check of the machine, on machines of other kinds than the one it runs on."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from resources.setup import prerequisites

TOOLS = frozenset({"Xvfb", "xrandr", "strace", "openbox", "cage", "Xwayland"})
"""Programs that tests start, besides the browser."""

SCRIPT = Path(prerequisites.__file__)


class Machine:
    """A described machine: its programs, its user, and the commands that were run on it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.programs = {"apt-get", *TOOLS, "chromium", "chromedriver"}
        self.lacking: set[str] = set()
        self.known_packages: set[str] = set()
        self.ran: list[list[str]] = []
        self.failing: list[str] = []
        self.heals = True
        patch.setattr(prerequisites, "_is_linux", lambda: True)
        patch.setattr(prerequisites, "_can_load", lambda name: name not in self.lacking)
        patch.setattr(prerequisites, "_has_hangul_font", lambda: "font" not in self.lacking)
        patch.setattr(prerequisites, "_name_known_here", self._choose)
        patch.setattr(prerequisites, "_run_quietly", self._run)
        patch.setattr(prerequisites.shutil, "which", self._which)
        patch.setattr(prerequisites.importlib.util, "find_spec", self._find)
        self._patch = patch
        self.be(root=False, distribution="debian")

    def be(self, *, root: bool, distribution: str = "debian") -> None:
        self._patch.setattr(prerequisites, "_is_root", lambda: root)
        self._patch.setattr(prerequisites, "_distribution", lambda: distribution)

    def _which(self, name: str) -> str | None:
        return name if name in self.programs else None

    def _find(self, name: str) -> object | None:
        return None if name in self.lacking else object()

    def _choose(self, names: list[str]) -> str:
        return next((name for name in names if name in self.known_packages), names[-1])

    def _run(self, arguments: list[str]) -> str:
        self.ran.append(arguments)
        if arguments[1] == "install" and self.failing:
            return self.failing.pop(0)
        if arguments[1] == "install" and self.heals:
            self.lacking.clear()
        return ""


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    return Machine(monkeypatch)


def installed_by(text: list[str]) -> list[str]:
    return [label for label in text[5:] if not label.startswith("DPkg")]


def test_complete_machine_prints_nothing(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert prerequisites.main(["--for", "test", "--install"]) == 0
    assert capsys.readouterr().out == ""
    assert machine.ran == []


def test_root_on_debian_installs_missing_packages(machine: Machine) -> None:
    machine.be(root=True)
    machine.lacking = {"libxcb-icccm.so.4", "libEGL.so.1", "ensurepip", "font"}
    assert prerequisites.main(["--install"]) == 0
    (text,) = machine.ran
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert installed_by(text) == [
        "fonts-nanum",
        "libegl1",
        "libxcb-icccm4",
        f"python{version}-venv",
    ]


def test_old_package_lists_are_made_fresh_once(machine: Machine) -> None:
    machine.be(root=True)
    machine.lacking = {"libEGL.so.1"}
    machine.failing = ["E: Unable to locate package libegl1"]
    assert prerequisites.main(["--install"]) == 0
    assert [text[1] for text in machine.ran] == ["install", "update", "install"]


def test_failed_installation_shows_reason_and_command(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.be(root=True)
    machine.lacking = {"libEGL.so.1"}
    machine.failing = ["E: first", "E: no such network"]
    assert prerequisites.main(["--install"]) == 1
    said = capsys.readouterr().out
    assert "E: no such network" in said
    assert "apt-get install -y --no-install-recommends libegl1" in said


def test_a_dry_run_runs_nothing(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.be(root=True)
    machine.lacking = {"libEGL.so.1"}
    assert prerequisites.main(["--install", "--dry-run"]) == 1
    assert machine.ran == []
    assert "Would run: apt-get install" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("installer", "command"),
    [
        ("apt-get", "sudo apt-get install -y --no-install-recommends libegl1 libglib2.0-0"),
        ("dnf", "sudo dnf install -y glib2 libglvnd-egl"),
        ("zypper", "sudo zypper install -y libEGL1 libglib-2_0-0"),
        ("pacman", "sudo pacman -S --needed glib2 libglvnd"),
    ],
)
def test_on_other_systems_the_one_command_is_printed(
    machine: Machine, capsys: pytest.CaptureFixture[str], installer: str, command: str
) -> None:
    machine.programs = {installer}
    machine.lacking = {"libEGL.so.1", "libglib-2.0.so.0"}
    assert prerequisites.main(["--install"]) == 1
    assert command in capsys.readouterr().out.splitlines()[-1]
    assert machine.ran == []


def test_a_renamed_package_is_taken_by_the_name_known_here(machine: Machine) -> None:
    machine.known_packages = {"libglib2.0-0t64"}
    machine.lacking = {"libglib-2.0.so.0", "libgthread-2.0.so.0"}
    command = prerequisites.install_command(prerequisites.missing_for_run())
    assert command is not None
    assert command.endswith("--no-install-recommends libglib2.0-0t64")


def test_on_ubuntu_chromium_is_reported_as_a_snap(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.be(root=True, distribution="ubuntu")
    machine.programs = {"apt-get", *TOOLS}
    assert prerequisites.main(["--for", "test", "--install"]) == 1
    assert "snap install chromium" in capsys.readouterr().out
    assert machine.ran == []


def test_a_missing_font_is_advice_and_stops_nothing(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.lacking = {"font"}
    assert prerequisites.main([]) == 0
    assert "fonts-nanum" in capsys.readouterr().out


def test_without_a_known_installer_missing_parts_are_listed(
    machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    machine.programs = set()
    machine.lacking = {"libEGL.so.1"}
    assert prerequisites.main([]) == 1
    said = capsys.readouterr().out
    assert "libEGL.so.1" in said
    assert "By hand" in said


@pytest.mark.parametrize(("display", "matters"), [("", True), (":0", False)])
def test_waylands_libraries_matter_only_where_there_is_no_other_screen(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, display: str, matters: bool
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    monkeypatch.setenv("DISPLAY", display)
    machine.lacking = {"libwayland-client.so.0"}
    assert bool(prerequisites.missing_for_run()) is matters


@pytest.mark.parametrize(
    "find", [prerequisites.missing_for_run, prerequisites.missing_for_test], ids=["run", "test"]
)
def test_every_prerequisite_names_a_package_for_every_installer(
    machine: Machine, find: Callable[[], list[prerequisites.Prerequisite]]
) -> None:
    machine.programs = set()
    machine.lacking = {*prerequisites._packages("qt"), "font"}
    missing = find()
    assert len(missing) >= len(machine.lacking)
    assert all(set(item.packages) == set(prerequisites._INSTALLERS) for item in missing)


def test_the_machine_these_tests_run_on_has_everything() -> None:
    assert [item for item in prerequisites.missing_for_test() if item.required] == []


def test_it_runs_before_any_environment_and_loads_nothing_of_posapp() -> None:
    code = (
        "import runpy, sys; sys.argv = ['prerequisites.py', '--dry-run']\n"
        "try:\n    runpy.run_path(sys.stdin.readline().strip(), run_name='__main__')\n"
        "except SystemExit as left:\n    assert left.code == 0\n"
        "assert not [name for name in sys.modules if name.startswith(('posapp', 'PySide6'))]\n"
    )
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        input=f"{SCRIPT}\n",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
