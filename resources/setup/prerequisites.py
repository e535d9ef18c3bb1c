"""Finds what the app and its tests need of the machine, and installs it where possible.

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

# In the order of preference: the first that the machine has is used.
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
    """One library, program or font that the machine should have."""

    name: str
    reason: str
    packages: Mapping[str, str] = field(default_factory=dict)
    """Name of its package by installer; alternatives are separated by ``|``."""
    required: bool = True
    """Whether it is required; else it is advice."""
    advice: str = ""
    """What to do where no package contains it."""


def missing_for_run() -> list[Prerequisite]:
    """Return what the app itself lacks on this machine; empty when it can start."""
    return [*_missing_environment(), *_missing_libraries(), *_missing_font()]


def missing_for_test() -> list[Prerequisite]:
    """Return what the app lacks, and what its tests lack: a virtual screen, a window manager, a
    browser, strace; and the kiosk's compositor, without which its tests are skipped."""
    screen = _missing_tool("Xvfb", "screen", "the virtual screen of the tests")
    monitors = _missing_tool("xrandr", "monitors", "the monitors that tests plug in and out")
    tracer = _missing_tool("strace", "trace", "the writes that fail in the tests")
    manager = _missing_tool("openbox", "manager", "the window manager of the tests")
    reason = "the kiosk's tests on its own screen (advice only)"
    compositor = _missing_tool("cage", "cage", reason, required=False)
    server = _missing_tool("Xwayland", "xwayland", reason, required=False)
    tools = (*screen, *monitors, *tracer, *manager, *compositor, *server)
    return [*missing_for_run(), *tools, *_missing_browser()]


def install_command(missing: Iterable[Prerequisite], *, as_root: bool = False) -> str | None:
    """Return the one command that installs all of it here; ``None`` where no package is known."""
    installer = _installer()
    names = _package_names(missing, installer) if installer else []
    if not installer or not names:
        return None
    command = shlex.join((*_INSTALLERS[installer], *names))
    return command if as_root else f"sudo {command}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Check, install where allowed, and report; the exit code is 0 if nothing is missing."""
    parser = argparse.ArgumentParser(description="Check what posapp needs of this machine.")
    parser.add_argument("--for", dest="purpose", choices=("run", "test"), default="run")
    parser.add_argument("--install", action="store_true", help="install it, as root on Debian")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done, only")
    options = parser.parse_args(arguments)
    find = missing_for_test if options.purpose == "test" else missing_for_run

    missing = find()
    if not missing:
        return 0
    _report_missing(missing)
    if options.install and _is_root() and _installer() == "apt-get":
        _install_by_apt(missing, dry_run=options.dry_run)
        importlib.invalidate_caches()
        missing = find()
    if not missing:
        print("All of it is there now.")
        return 0
    _report_what_to_do(missing)
    return 1 if any(item.required for item in missing) else 0


def _missing_environment() -> list[Prerequisite]:
    """The part of Python that Debian packages separately; virtual environments need it."""
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
    """The shared libraries that Qt would fail to load, found by loading them as Qt does."""
    if not _is_linux():
        return []
    # Without Wayland's own libraries Qt uses xcb, unless there is no X display.
    only_wayland = os.environ.get("WAYLAND_DISPLAY") and not os.environ.get("DISPLAY")
    groups = ("qt", "wayland") if only_wayland else ("qt",)
    return [
        Prerequisite(name, "the windows (Qt)", packages)
        for group in groups
        for name, packages in _packages(group).items()
        if not _can_load(name)
    ]


def _missing_font() -> list[Prerequisite]:
    """A font with Hangul: advice only, since the app brings its own; phone pages need one."""
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


def _missing_tool(
    program: str, group: str, reason: str, *, required: bool = True
) -> list[Prerequisite]:
    """A program that tests start."""
    if not _is_linux() or shutil.which(program):
        return []
    packages = _packages(group).items()
    return [Prerequisite(name, reason, pack, required=required) for name, pack in packages]


def _missing_browser() -> list[Prerequisite]:
    """The browser that plays the buyer's phone, and the driver that presses its buttons."""
    if not _is_linux():
        return []  # Selenium finds Chrome there by itself.
    programs = {"Chromium": _BROWSERS, "ChromeDriver": _DRIVERS}
    # Ubuntu's packages of these names only install the snap.
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
    """The rows of one group of the table: name, and package by installer."""
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
        listed = subprocess.run(  # noqa: S603  fontconfig's own lister, with fixed arguments
            [lister, ":lang=ko", "family"], capture_output=True, text=True, check=False, timeout=30
        )
        return bool(listed.stdout.strip())
    # Without fontconfig's programs the file names are enough for advice.
    files = (file for folder in _FONT_FOLDERS for file in Path(folder).expanduser().rglob("*.*"))
    return any(
        label in file.name.lower().replace("-", "") for file in files for label in _HANGUL_NAMES
    )


def _is_linux() -> bool:
    return sys.platform.startswith("linux")


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _installer() -> str | None:
    return next((name for name in _FAMILIES if shutil.which(name)), None)


def _distribution() -> str:
    """The distribution's own short name, for example ``debian`` or ``ubuntu``."""
    try:
        lines = Path("/etc/os-release").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    return next((line[3:].strip("\"'") for line in lines if line.startswith("ID=")), "")


def _package_names(missing: Iterable[Prerequisite], installer: str) -> list[str]:
    """Every package once, in alphabetical order, under this system's name for it."""
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
    """Install from the present package lists; if they are too old, update them and retry once."""
    for refresh in (False, True):
        if refresh:
            _run_quietly(["apt-get", "update"])
        names = _package_names(missing, "apt-get")
        if not names:
            return
        text = [*_INSTALLERS["apt-get"], "-o", "DPkg::Lock::Timeout=120", *names]
        print("Would run:" if dry_run else "Running:", shlex.join(text), flush=True)
        if dry_run:
            return
        failure = _run_quietly(text)
        if not failure:
            return
    print(failure)


def _run_quietly(text: list[str]) -> str:
    """Run a command without prompts; return its output if it failed, else an empty text."""
    ran = subprocess.run(  # noqa: S603  the words come from this file and from the table beside it
        text,
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return (ran.stdout.strip() or "it failed without a word") if ran.returncode else ""


def _report_missing(missing: list[Prerequisite]) -> None:
    print("This machine lacks:")
    for reason in dict.fromkeys(item.reason for item in missing):
        names = ", ".join(item.name for item in missing if item.reason == reason)
        print(f"  for {reason}: {names}")


def _report_what_to_do(missing: list[Prerequisite]) -> None:
    command = install_command(missing, as_root=_is_root())
    if command:
        print(f"To install it, run:\n  {command}")
    installer = _installer() or ""
    for advice in dict.fromkeys(item.advice for item in missing if installer not in item.packages):
        print(f"By hand: {advice or 'what this system has for the things named above'}")


if __name__ == "__main__":
    sys.exit(main())
