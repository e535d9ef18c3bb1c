"""Runs mutants, each in a copy of the tree: the checkout is read once and never written."""

from __future__ import annotations

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from tests.mutants import observer
from tests.mutants.mutant import Mutant, PatchDoesNotApply

COPIED = ("posapp", "resources", "tests", "pyproject.toml")
PATIENCE_S = 180
"""Time limit in seconds for the tests of one mutant: far more than they take on a busy machine."""

BASELINE_PATIENCE_S = 1800

BELIEVED = frozenset({"AssertionError", "Failed", "PosappError"})
"""A failure by one of these, or by a subclass, shows that the test notices the missing guard. Any
other exception (an unknown name, a wrong call) shows only that the patch broke the code."""


class Verdict(StrEnum):
    """Verdict on a mutant."""

    KILLED = "killed"
    SURVIVED = "SURVIVED"
    NOT_APPLIED = "DOES NOT APPLY"
    NOT_RUN = "TESTS DID NOT RUN"


@dataclass(frozen=True, slots=True)
class Result:
    """A mutant's verdict; ``why`` names the tests that killed it, or what is wrong."""

    mutant: Mutant
    verdict: Verdict
    why: str

    @property
    def is_good(self) -> bool:
        """Whether the tests noticed the patch."""
        return self.verdict is Verdict.KILLED

    def __str__(self) -> str:
        if self.is_good:
            return f"{self.mutant.name}: killed by {self.why}"
        return f"{self.mutant.name}: {self.verdict.value}: {self.why}"


@dataclass(frozen=True, slots=True)
class Case:
    """One phase of one test, as ``observer`` wrote it."""

    test: str
    when: str
    outcome: str
    errors: tuple[tuple[str, ...], ...]

    def is_of(self, test: str) -> bool:
        """Whether it is a case of that test."""
        return self.test == test or self.test.startswith((f"{test}[", f"{test}::"))


@dataclass(frozen=True, slots=True)
class Run:
    """Result of a run of pytest: exit status (``None``: it was stopped) and cases."""

    status: int | None
    cases: tuple[Case, ...]
    output: str

    def of(self, test: str) -> tuple[Case, ...]:
        """Return the cases of a test."""
        return tuple(case for case in self.cases if case.is_of(test))


def run_mutants(
    mutants: Sequence[Mutant],
    root: Path,
    *,
    jobs: int = 1,
    report: Callable[[Result], None] = lambda result: None,
) -> tuple[Result, ...]:
    """Run each mutant and return the verdicts, in the order of the list.

    The tests of all mutants run once without a patch; a test that fails then proves nothing later.

    Args:
        root: the repository.
        jobs: number of parallel runs.
        report: called with each result, in the order of the list.
    """
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        first = Workspace.of(root, Path(folder) / "0")
        passed = first.passing(sorted({test for one in mutants for test in one.tests}))
        idle: queue.SimpleQueue[Workspace] = queue.SimpleQueue()
        for number in range(1, jobs):
            idle.put(first.copied(Path(folder) / str(number)))
        idle.put(first)

        def run(mutant: Mutant) -> Result:
            workspace = idle.get()
            try:
                return workspace.judged(mutant, passed)
            finally:
                idle.put(workspace)

        results = []
        with ThreadPoolExecutor(jobs) as pool:
            for result in pool.map(run, mutants):
                report(result)
                results.append(result)
    return tuple(results)


class Workspace:
    """A separate copy of the tree, used by one run at a time.

    ``folder`` also holds what pytest writes: reports, and temporary folders of tests.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        self._plugin = folder / "plugin"
        self._report = folder / "report.jsonl"

    @classmethod
    def of(cls, root: Path, folder: Path) -> Workspace:
        """Copy what tests need, without byte code: another run may be writing it."""
        workspace = cls(folder)
        workspace.tree.mkdir(parents=True)
        for name in COPIED:
            source, target = root / name, workspace.tree / name
            if source.is_dir():
                shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy2(source, target)
        workspace._plugin.mkdir()
        shutil.copy2(observer.__file__, workspace._plugin / "mutant_observer.py")
        return workspace

    def copied(self, folder: Path) -> Workspace:
        """Return a copy of this copy, byte code included."""
        other = Workspace(folder)
        shutil.copytree(self.tree, other.tree)
        shutil.copytree(self._plugin, other._plugin)
        return other

    def passing(self, tests: Sequence[str]) -> frozenset[str]:
        """Return those of these tests that run and pass in the tree as it is.

        A name that pytest does not find stops its whole run: such names are left out first.
        """
        known = [test for test in tests if (self.tree / test.partition("::")[0]).exists()]
        run = self._pytest(known, BASELINE_PATIENCE_S) if known else Run(0, (), "")
        if not any(case.when == "call" for case in run.cases):
            known = self._found(known)
            run = self._pytest(known, BASELINE_PATIENCE_S) if known else Run(0, (), "")
        return frozenset(test for test in known if _passes(run.of(test)))

    def _found(self, tests: Sequence[str]) -> list[str]:
        """Return those of these tests that pytest can collect."""
        run = self._pytest([*tests, "--collect-only"], BASELINE_PATIENCE_S)
        broken = {case.test for case in run.cases if case.when == "collect"}
        unknown = [
            line.partition("not found: ")[2].strip()
            for line in run.output.splitlines()
            if "not found: " in line
        ]
        return [
            test
            for test in tests
            if test.partition("::")[0] not in broken
            and not any(name.endswith(f"/{test}") for name in unknown)
        ]

    def judged(self, mutant: Mutant, passed: frozenset[str]) -> Result:
        """Apply a patch, run its tests, and return the result."""
        try:
            changed = mutant.patched(self.tree)
        except PatchDoesNotApply as error:
            return Result(mutant, Verdict.NOT_APPLIED, str(error))
        unfit = [test for test in mutant.tests if test not in passed]
        if unfit or not mutant.tests:
            why = f"not passing without the patch: {', '.join(unfit) or 'no tests named'}"
            return Result(mutant, Verdict.NOT_RUN, why)
        with self._with(mutant.file, changed):
            run = self._pytest(mutant.tests, PATIENCE_S, keep_byte_code=False)
        return _judge(mutant, run)

    @contextmanager
    def _with(self, file: str, text: str) -> Iterator[None]:
        """Replace the text of a file within a block. Its byte code is removed: Python validates it
        by time in whole seconds and size only, and a patch may keep both."""
        path = self.tree / file
        before, times = path.read_bytes(), path.stat()
        _drop_byte_code(path)
        path.write_text(text, encoding="utf-8")
        try:
            yield
        finally:
            path.write_bytes(before)
            os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))

    def _pytest(
        self, arguments: Iterable[str], patience_s: int, *, keep_byte_code: bool = True
    ) -> Run:
        """Run pytest in the tree, in its own process group, and read its report."""
        self._report.unlink(missing_ok=True)
        command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:cacheprovider"]
        command += ["-p", "mutant_observer", f"--basetemp={self.folder / 'tmp'}", *arguments]
        output = self.folder / "output.txt"
        with output.open("wb") as file:
            process = subprocess.Popen(
                command,
                cwd=self.tree,
                env=self._environment(keep_byte_code=keep_byte_code),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                status: int | None = process.wait(patience_s)
            except subprocess.TimeoutExpired:
                status = None
            finally:
                if process.poll() is None:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
        return Run(status, tuple(_cases(self._report)), output.read_text("utf-8", "replace"))

    def _environment(self, *, keep_byte_code: bool) -> Mapping[str, str]:
        """Return this process's environment without the variables of a pytest run around it."""
        kept = {name: value for name, value in os.environ.items() if "PYTEST" not in name}
        kept |= {"PYTHONPATH": str(self._plugin), observer.REPORT: str(self._report)}
        kept.setdefault("QT_QPA_PLATFORM", "offscreen")
        if not keep_byte_code:
            kept["PYTHONDONTWRITEBYTECODE"] = "1"
        return kept


def _judge(mutant: Mutant, run: Run) -> Result:
    if run.status is None:
        return Result(mutant, Verdict.NOT_RUN, f"no end within {PATIENCE_S} s")
    killers, believed = [], BELIEVED | set(mutant.errors)
    for test in mutant.tests:
        cases = run.of(test)
        ran = [case for case in cases if case.when == "call" and case.outcome != "skipped"]
        failed = [case for case in ran if case.outcome == "failed"]
        if not ran:
            return Result(mutant, Verdict.NOT_RUN, f"{test}: {_last_line(run.output)}")
        if not failed:
            return Result(mutant, Verdict.SURVIVED, f"{test} passes")
        odd = [
            names[0] for case in failed for names in case.errors if not believed.intersection(names)
        ]
        if len(odd) == sum(len(case.errors) for case in failed):
            return Result(mutant, Verdict.NOT_RUN, f"{test}: {', '.join(dict.fromkeys(odd))}")
        killers.append(test)
    return Result(mutant, Verdict.KILLED, ", ".join(killers))


def _passes(cases: Sequence[Case]) -> bool:
    """Whether it ran and no phase of it failed."""
    ran = any(case.when == "call" and case.outcome == "passed" for case in cases)
    return ran and all(case.outcome != "failed" for case in cases)


def _cases(report: Path) -> Iterator[Case]:
    if not report.exists():
        return
    for line in report.read_text("utf-8").splitlines():
        read = json.loads(line)
        errors = tuple(tuple(names) for names in read["errors"])
        yield Case(read["test"], read["when"], read["outcome"], errors)


def _last_line(output: str) -> str:
    lines = [line for line in output.splitlines() if line.strip()]
    return lines[-1] if lines else "no output"


def _drop_byte_code(path: Path) -> None:
    for each in (path.parent / "__pycache__").glob(f"{path.stem}.*.pyc"):
        each.unlink()
