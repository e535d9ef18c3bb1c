"""The benchmarks of another commit and of this tree in turns, and the ratio of each figure.

``python -m tests.benchmarks.against REF [--rounds N] [arguments of pytest]``. The other commit is
checked out into a temporary worktree and measured by its own benchmarks, each tree in a process of
its own: other load slows both. A line that only one of them has is listed without a ratio.
"""

from __future__ import annotations

import argparse
import compileall
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.benchmarks.figures import median

ROOT = Path(__file__).parents[2]
ALL = "tests/benchmarks"
ROUNDS = 3

_LINE = re.compile(r"^(?P<name>\S.*): (?P<value>-?[\d.]+) (?P<unit>.+) \(target .*\) (?:ok|miss)$")

Figures = dict[str, tuple[str, list[float]]]
"""The unit and the values of each line."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure both trees in turns; return 1 if one of them measured nothing."""
    parser = argparse.ArgumentParser(prog="tests.benchmarks.against", description=__doc__)
    parser.add_argument("ref", help="the commit to compare with")
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options, wanted = parser.parse_known_args(arguments)
    before: Figures = {}
    after: Figures = {}
    with _worktree(options.ref) as other:
        for number in range(options.rounds):
            for tree, figures in ((other, before), (ROOT, after)):
                print(f"round {number + 1} of {options.rounds}: {tree.name}", file=sys.stderr)
                collect(_measure(tree, wanted or [ALL]), figures)
    for line in compare(before, after):
        print(line)
    return 0 if before and after else 1


def collect(output: str, figures: Figures) -> None:
    """Add the lines of one run to those of a tree."""
    for line in output.splitlines():
        if found := _LINE.match(line):
            figures.setdefault(found["name"], (found["unit"], []))[1].append(float(found["value"]))


def compare(before: Figures, after: Figures) -> Iterator[str]:
    """Yield a line a figure: the medians, and the new one as a part of the old one."""
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        unit = (new or old or ("", []))[0]
        values = [f"{median(side[1]):.2f}" if side else "–" for side in (old, new)]
        ratio = ""
        if old and new and median(old[1]) > 0:
            ratio = f" (× {median(new[1]) / median(old[1]):.2f})"
        yield f"{name}: {values[0]} → {values[1]} {unit}{ratio}"


@contextmanager
def _worktree(ref: str) -> Iterator[Path]:
    """Check a commit out into a temporary folder, byte-compiled as after ``make``."""
    with tempfile.TemporaryDirectory(prefix="posapp-bench-") as folder:
        tree = Path(folder) / "before"
        _git("worktree", "add", "--quiet", "--detach", str(tree), ref)
        try:
            compileall.compile_dir(str(tree / "posapp"), quiet=2)
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True)


def _measure(tree: Path, wanted: Sequence[str]) -> str:
    """Run a tree's benchmarks and return their output, also of those before a failure."""
    command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:xdist", "--measure", *wanted]
    ended = subprocess.run(
        command,
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        print("\n".join(ended.stdout.splitlines()[-15:]), ended.stderr, file=sys.stderr)
    return ended.stdout


if __name__ == "__main__":
    sys.exit(main())
