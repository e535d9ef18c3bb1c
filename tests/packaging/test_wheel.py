"""The wheel in an environment of its own: nothing of the checkout, only the locked packages.

Building asks no registry, since hatchling is in the development lock. The empty environment takes
the wheels from uv's cache once they are there.
"""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

import pytest

from posapp import __version__

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = "Scripts" if os.name == "nt" else "bin"

BESIDE = frozenset({"screenshots", "setup"})
"""What of resources/ is for the README and for the Makefile."""

pytestmark = pytest.mark.slow


def run(*arguments: str | Path, seconds: int = 120, **how: object) -> str:
    """Run a command that has to succeed, and give back what it printed."""
    ran = subprocess.run(
        [str(label) for label in arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        timeout=seconds,
        check=False,
        **how,
    )
    assert ran.returncode == 0, f"{arguments} failed with {ran.returncode}:\n{ran.stdout}"
    return ran.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel")
    run(*pip, "--no-deps", "--no-build-isolation", "--no-index", "-w", folder, ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an environment's programs, the environment filled by lock and wheel."""
    environment = tmp_path_factory.mktemp("installed") / "environment"
    # The system's certificates, as pip takes them: some networks have one of their own.
    uv = (sys.executable, "-m", "uv", "--quiet", "--system-certs")
    run(*uv, "venv", "--python", sys.executable, environment)
    python = environment / PROGRAMS / "python"
    install = (*uv, "pip", "install", "--python", python, "--no-deps", "--compile-bytecode")
    run(*install, "--require-hashes", "-r", ROOT / "requirements.lock", seconds=600)
    run(*install, wheel)
    return environment / PROGRAMS


@pytest.fixture
def bare(tmp_path: Path) -> dict[str, object]:
    """An empty working folder, and a nearly empty environment."""
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    reported = {"HOME": str(home), "QT_QPA_PLATFORM": "offscreen", "PATH": os.defpath}
    # Windows starts no program without knowing where it is itself.
    reported |= {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
    return {"cwd": here, "env": reported}


def files_under(folder: Path) -> set[PurePosixPath]:
    return {
        PurePosixPath(path.relative_to(folder).as_posix())
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_the_wheel_holds_the_package_and_its_resources_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {PurePosixPath(name) for name in archive.namelist() if not name.endswith("/")}
    package = PurePosixPath("posapp")
    wanted = {package / path for path in files_under(ROOT / "posapp")}
    resources = files_under(ROOT / "resources")
    wanted |= {package / "resources" / path for path in resources if path.parts[0] not in BESIDE}
    manual = files_under(ROOT / "docs" / "manual")
    wanted |= {package / "resources" / "manual" / path for path in manual}
    assert PurePosixPath("posapp/store/migrations/env.py") in wanted
    information = {path for path in held if path.parts[0] == f"posapp-{__version__}.dist-info"}
    assert held - information == wanted
    assert any(path.name == "LICENSE" for path in information)


def test_the_lock_is_all_that_the_wheel_asks_for(installed: Path) -> None:
    run(sys.executable, "-m", "uv", "--quiet", "pip", "check", "--python", installed / "python")


def test_the_installed_command_reports_its_version(
    installed: Path, bare: dict[str, object]
) -> None:
    assert __version__ in run(installed / "posapp", "--version", **bare).split()


def test_the_installed_command_plays_the_tour(
    installed: Path, bare: dict[str, object], tmp_path: Path
) -> None:
    out = tmp_path / "tour"
    run(installed / "posapp", "tour", "--out", out, **bare)
    pictures = sorted(out.rglob("*.png"))
    assert pictures
    assert all(picture.stat().st_size > 1000 for picture in pictures)
    transcripts = [path for path in out.rglob("*") if path.suffix in {".txt", ".md"}]
    assert any(path.read_text(encoding="utf-8").strip() for path in transcripts)
