"""Run ``make run`` and ``make test`` on an empty Debian, once for each Python: ``make fresh``."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.fresh import interpreter
from tests.fresh.empty_debian import SUITE, EmptyDebian

ROOT = Path(__file__).resolve().parents[2]

TOOLS = ("debootstrap", "setpriv", "unshare", "chroot", "git")


def main(arguments: Sequence[str] | None = None) -> int:
    """Try each Python; the exit code is 0 if both commands succeeded with all of them."""
    parser = argparse.ArgumentParser(prog="make fresh", description=__doc__)
    parser.add_argument("pythons", nargs="+", metavar="PYTHON", help="python3.12, for example")
    parser.add_argument("--suite", default=SUITE, help="the Debian to be made")
    parser.add_argument("--args", default="", help="ARGS of make test")
    options = parser.parse_args(arguments)
    if problem := _problem():
        print(problem)
        return 2
    if _said("git", "-C", str(ROOT), "status", "--porcelain"):
        print("Something here is not committed: the last commit is tried, without it.")
    end_in_order()
    lines, red = [], False
    with _folder() as folder:
        base = EmptyDebian(folder / "empty")
        print(f"An empty Debian {options.suite} …", flush=True)
        since = time.monotonic()
        base.build(options.suite)
        print(f"fresh, debootstrap: {time.monotonic() - since:.0f} s", flush=True)
        for name in options.pythons:
            for command, code, seconds in _try(base, folder / "tried", name, options.args):
                label = "ok" if code == 0 else f"failed ({code})"
                lines.append(f"fresh, {name}, {command}: {seconds:.0f} s {label}")
                print(lines[-1], flush=True)
                red = red or code != 0
    print("\n".join(["", *lines]))
    return 1 if red else 0


def _try(
    base: EmptyDebian, root: Path, python: str, arguments: str
) -> Iterator[tuple[str, int, float]]:
    """Run both commands in a copy of the empty Debian; yield command, exit code and seconds."""
    version = interpreter.version_of(python)
    own = base.own_python() == version
    found = None if own else interpreter.find(version, python)
    if not own and found is None:
        print(f"There is no {python} in this Debian, and none in a folder of its own here.")
        yield "make run", 127, 0
        return
    debian = base.copy(root)
    try:
        debian.put(ROOT)
        if found is not None:
            debian.show(found)
        named = [] if own else [f"PYTHON=python{version}"]
        for text in (["run"], ["test", *([f"ARGS={arguments}"] if arguments else [])]):
            since = time.monotonic()
            code = debian.run("make", *text, *named)
            yield f"make {text[0]}", code, time.monotonic() - since
    finally:
        _remove(root)


@contextmanager
def _folder() -> Iterator[Path]:
    """Make a temporary folder that only root can enter. It takes some 4 GB, which a /tmp in memory
    may not have."""
    folder = Path(
        tempfile.mkdtemp(prefix="posapp-fresh-", dir=os.environ.get("TMPDIR", "/var/tmp"))
    )
    try:
        yield folder
    finally:
        _remove(folder)


def _remove(folder: Path) -> None:
    """Remove a folder without anything that is mounted in it, though nothing should be."""
    mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8")
    if f" {folder}/" in mounts:
        print(f"Left as it is, since something is mounted there: {folder}")
        return
    for _ in range(5):  # processes just killed may still be writing
        done = subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=False)
        if done.returncode == 0:
            return
        time.sleep(1)


def _problem() -> str:
    """Return what prevents the run here, with advice; install the missing tool where possible."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return "make fresh makes a Debian in a folder: it needs Linux and root (sudo make fresh)."
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing == ["debootstrap"] and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(["apt-get", "install", "-y", "-qq", "debootstrap"], check=False)
        missing = [tool for tool in TOOLS if not shutil.which(tool)]
    return f"make fresh needs {', '.join(missing)}." if missing else ""


def _said(*arguments: str) -> str:
    return subprocess.run(arguments, capture_output=True, text=True, check=False).stdout


def end_in_order() -> None:
    """Let a termination signal clean up from now on."""

    def end(number: int, _: object) -> None:
        raise SystemExit(128 + number)

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, end)


if __name__ == "__main__":
    sys.exit(main())
