"""What the app and its tests need of the machine itself, found and, where that can be, installed.

Runs before any virtual environment exists, so it is plain standard library and imports nothing of
posapp: ``python3 -P resources/setup/prerequisites.py --for run --install``. It exits with 0 when
nothing required is missing.
"""

from __future__ import annotations

import argparse
import ctypes
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

# In the order of preference: the first that the machine has is how it installs things.
_INSTALLERS: Mapping[str, tuple[str, ...]] = {
    "apt-get": ("apt-get", "install", "-y", "--no-install-recommends"),
    "dnf": ("dnf", "install", "-y"),
    "zypper": ("zypper", "install", "-y"),
    "pacman": ("pacman", "-S", "--needed"),
}
_FAMILIES = tuple(_INSTALLERS)

_PACKAGES = Path(__file__).with_name("linux_packages.txt")

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_DRIVERS = ("chromedriver", "chromium.chromedriver")
_SNAP_COMMAND = "snap install chromium"

_FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
_HANGUL_NAMES = (
    "nanum",
    "cjk",
    "sanskr",
    "serifkr",
    "pretendard",
    "undotum",
    "baekmuk",
    "d2coding",
)


@dataclass(frozen=True)
class Prerequisite:
    """One thing that the machine should have."""

    name: str
    reason: str
    packages: Mapping[str, str] = field(default_factory=dict)
    """The package that brings it, by installer; names to choose from are parted by ``|``."""
    required: bool = True
    """Whether to go on without it makes no sense; else it is advice."""
    advice: str = ""
    """What to do where no package brings it."""


def missing_for_run() -> list[Prerequisite]:
    """Everything the app itself lacks on this machine, an empty list when it can start."""
    return [*_missing_environment(), *_missing_libraries(), *_missing_font()]


def missing_for_test() -> list[Prerequisite]:
    """What the app lacks, and what its tests lack besides: a virtual screen, a browser, strace."""
    screen = _missing_tool("Xvfb", "screen", "the virtual screen of the tests")
    tracer = _missing_tool("strace", "trace", "the writes that fail in the tests")
    return [*missing_for_run(), *screen, *tracer, *_missing_browser()]


def install_command(missing: Iterable[Prerequisite], *, as_root: bool = False) -> str | None:
    """The one command that installs all of it here, or ``None`` where no package is known."""
    installer = _installer()
    names = _package_names(missing, installer) if installer else []
    if not installer or not names:
        return None
    command = shlex.join((*_INSTALLERS[installer], *names))
    return command if as_root else f"sudo {command}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, install where that is allowed, and tell; the exit code says whether all is there."""
    parser = argparse.ArgumentParser(description="Check what posapp needs of this machine.")
    parser.add_argument("--for", dest="purpose", choices=("run", "test"), default="run")
    parser.add_argument("--install", action="store_true", help="install it, as root on Debian")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, only")
    options = parser.parse_args(arguments)
    find = missing_for_test if options.purpose == "test" else missing_for_run

    missing = find()
    if not missing:
        return 0
    _tell_missing(missing)
    if options.install and _is_root() and _installer() == "apt-get":
        _install_by_apt(missing, dry_run=options.dry_run)
        importlib.invalidate_caches()
        missing = find()
    if not missing:
        print("All of it is there now.")
        return 0
    _tell_what_to_do(missing)
    return 1 if any(item.required for item in missing) else 0


def _missing_environment() -> list[Prerequisite]:
    """The part of Python that Debian packs apart: without it no environment can be made."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return []
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return [
        Prerequisite(
            name="Python's venv module",
            reason="the virtual environment",
            packages={"apt-get": f"python{version}-venv"},
            advice=f"install Python {version} with its modules ensurepip and venv",
        )
    ]


def _missing_libraries() -> list[Prerequisite]:
    """The shared libraries that Qt would fail to load, tried as it would load them itself."""
    if not _is_linux():
        return []
    # Without Wayland's own libraries Qt takes xcb, unless that has no screen to go to.
    only_wayland = os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY")
    groups = ("qt", "wayland") if only_wayland else ("qt",)
    return [
        Prerequisite(name, "the windows (Qt)", packages)
        for group in groups
        for name, packages in _packages(group).items()
        if not _can_load(name)
    ]


def _missing_font() -> list[Prerequisite]:
    """A font with Hangul: advice only, since the app shows its own; a phone page has just these."""
    if not _is_linux() or _has_hangul_font():
        return []
    return [
        Prerequisite(
            name="a font with Hangul",
            reason="Korean outside the app, which brings its own font (advice only)",
            packages=_packages("font")["Hangul"],
            required=False,
        )
    ]


def _missing_tool(program: str, group: str, reason: str) -> list[Prerequisite]:
    """A program that tests start."""
    if not _is_linux() or shutil.which(program):
        return []
    return [Prerequisite(name, reason, pack) for name, pack in _packages(group).items()]


def _missing_browser() -> list[Prerequisite]:
    """The browser that stands for the buyer's phone, and the driver that presses its buttons."""
    if not _is_linux():
        return []  # Selenium finds Chrome there by itself.
    programs = {"Chromium": _BROWSERS, "ChromeDriver": _DRIVERS}
    # Ubuntu's packages of these names only lead to the snap.
    snap = _distribution() == "ubuntu"
    return [
        Prerequisite(
            name,
            "the buyer's phone in the tests",
            {} if snap else packages,
            advice=f"{_SNAP_COMMAND} (Ubuntu has Chromium and its driver as a snap)"
            if snap
            else "",
        )
        for name, packages in _packages("browser").items()
        if not any(map(shutil.which, programs[name]))
    ]


def _packages(group: str) -> dict[str, dict[str, str]]:
    """The rows of one group of the table: what it is, and by installer the package that has it."""
    rows = [line.split() for line in _PACKAGES.read_text(encoding="utf-8").splitlines()]
    heads = next(row[3:] for row in rows if row[:2] == ["#", "group"])
    return {row[1]: dict(zip(heads, row[2:], strict=True)) for row in rows if row[0] == group}


def _can_load(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_hangul_font() -> bool:
    if lister := shutil.which("fc-list"):
        listed = subprocess.run(  # noqa: S603  fontconfig's own lister, without any foreign word
            [lister, ":lang=ko", "family"], capture_output=True, text=True, check=False, timeout=30
        )
        return bool(listed.stdout.strip())
    # Without fontconfig's programs the file names tell enough for a piece of advice.
    files = (file for folder in _FONT_FOLDERS for file in Path(folder).expanduser().rglob("*.*"))
    return any(
        word in file.name.lower().replace("-", "") for file in files for word in _HANGUL_NAMES
    )


def _is_linux() -> bool:
    return sys.platform.startswith("linux")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _installer() -> str | None:
    return next((name for name in _FAMILIES if shutil.which(name)), None)


def _distribution() -> str:
    """The distribution's short name as it gives it itself, ``debian`` or ``ubuntu`` for example."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line[3:].strip("\"'") for line in lines if line.startswith("ID=")), "")


def _package_names(missing: Iterable[Prerequisite], installer: str) -> list[str]:
    """Every package once, in alphabetical order, with the name this system knows it by."""
    wanted = {item.packages[installer] for item in missing if installer in item.packages}
    return sorted(_name_known_here(names.split("|")) for names in wanted)


def _name_known_here(names: list[str]) -> str:
    for name in names[:-1]:
        shown = subprocess.run(  # noqa: S603  both words are written in this file
            ["apt-cache", "show", name],  # noqa: S607  as the system's PATH has it
            capture_output=True,
            check=False,
        )
        if shown.returncode == 0:
            return name
    return names[-1]


def _install_by_apt(missing: list[Prerequisite], *, dry_run: bool) -> None:
    """Install by what the package lists say; once more with fresh lists where they were too old."""
    for refresh in (False, True):
        if refresh:
            _run_quietly(["apt-get", "update"])
        names = _package_names(missing, "apt-get")
        if not names:
            return
        words = [*_INSTALLERS["apt-get"], "-o", "DPkg::Lock::Timeout=120", *names]
        print("Would run:" if dry_run else "Running:", shlex.join(words), flush=True)
        if dry_run:
            return
        failure = _run_quietly(words)
        if not failure:
            return
    print(failure)


def _run_quietly(words: list[str]) -> str:
    """Run it without a question, and give back what it said if it failed, else nothing."""
    ran = subprocess.run(  # noqa: S603  the words come from this file and from the table beside it
        words,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return (ran.stdout.strip() or "it failed without a word") if ran.returncode else ""


def _tell_missing(missing: list[Prerequisite]) -> None:
    print("This machine lacks:")
    for reason in dict.fromkeys(item.reason for item in missing):
        names = ", ".join(item.name for item in missing if item.reason == reason)
        print(f"  for {reason}: {names}")


def _tell_what_to_do(missing: list[Prerequisite]) -> None:
    command = install_command(missing, as_root=_is_root())
    if command:
        print(f"To install it, run:\n  {command}")
    installer = _installer() or ""
    for advice in dict.fromkeys(item.advice for item in missing if installer not in item.packages):
        print(f"By hand: {advice or 'what this system has for the things named above'}")


if __name__ == "__main__":
    sys.exit(main())
