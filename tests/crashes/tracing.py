"""strace: its options, and its output about the calls that change files."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath

WRITES = (
    *("write", "writev", "pwrite64", "pwritev", "pwritev2", "copy_file_range", "sendfile"),
    *("fsync", "fdatasync", "sync_file_range", "ftruncate", "truncate", "fallocate"),
    *("open", "openat", "creat", "mkdir", "mkdirat", "link", "linkat", "symlink", "symlinkat"),
    *("rename", "renameat", "renameat2", "unlink", "unlinkat", "rmdir"),
    *("chmod", "fchmod", "fchmodat"),
)
"""Calls that can change a file, a name or their durability. Of the opening calls only those that
write count, see ``_OPENED_TO_WRITE``."""

_SAYING = ("sendto", "sendmsg")
"""Calls by which people and PortOne learn something."""

_OPENED_TO_WRITE = re.compile(r"\bO_(WRONLY|RDWR|CREAT|TRUNC)\b")
_GROWING = frozenset({"write", "writev", "pwrite64", "pwritev", "pwritev2"})
_CHANGING = _GROWING | {"copy_file_range", "sendfile", "ftruncate", "truncate", "fallocate"}
_SYNCING = frozenset({"fsync", "fdatasync"})
_RENAMING = frozenset({"rename", "renameat", "renameat2"})
_LINE = re.compile(r"(?P<pid>\d+) +(?P<name>\w+)\((?P<rest>.*)")
_OF_NUMBER = re.compile(r"\d+<(?P<path>/[^>]*)>")
_QUOTED = re.compile(r'"(?P<path>/[^"]*)"')


class CannotTrace(RuntimeError):
    """This machine does not allow tracing, or has no strace: the test proves nothing."""


class Fault(StrEnum):
    """Fault at a write: the process ends there; the call fails once; or the disk is full from that
    write on (writes of its kind fail until the process ends)."""

    KILL = "KILL"
    ENOSPC = "ENOSPC"
    EIO = "EIO"
    FULL = "FULL"

    def can_hit(self, call: Call) -> bool:
        """Whether the fault can occur at this call: a full disk refuses what makes files longer."""
        return self is not Fault.FULL or call.name in _GROWING

    def injection(self, call: Call) -> str:
        """Return the options that make strace inject it."""
        action = {
            Fault.KILL: "signal=KILL",
            Fault.EIO: "error=EIO",
        }.get(self, "error=ENOSPC")
        last = "+" if self is Fault.FULL else ""
        return f"inject={call.name}:{action}:when={call.number}{last}"


@dataclass(frozen=True)
class Call:
    """One write to the shop's folder.

    Attributes:
        number: ordinal among all calls of its name, to any file, as strace counts.
        path: the file, within the shop's folder.
        injected: whether strace made it fail.
    """

    name: str
    number: int
    path: str
    injected: bool = False

    def __str__(self) -> str:
        return f"{self.name} {self.number} ({self.path})"


@dataclass(frozen=True)
class Trace:
    """The writes of one run.

    Attributes:
        counts: number of all calls, by name.
        unsynced: files that were written and not yet on the disk when the program sent something to
            PortOne or to a person: a power failure would have lost them.
    """

    writes: tuple[Call, ...]
    counts: Counter[str]
    threads: int
    unsynced: frozenset[str]

    @property
    def hit(self) -> Call | None:
        """Return the first write that strace made fail."""
        return next((call for call in self.writes if call.injected), None)

    @property
    def last(self) -> Call | None:
        """Return the last write, at which a killed process ended."""
        return self.writes[-1] if self.writes else None


class Strace:
    """strace on one existing process; ends with it."""

    def __init__(self, pid: int, trace: Path, injections: Sequence[str]) -> None:
        program = shutil.which("strace")
        if program is None:
            raise CannotTrace("strace is not installed (on Debian: apt-get install strace)")
        self._file = trace
        text = [program, "-f", "-y", "-s", "1", "-o", str(trace)]
        text += ["-e", "trace=" + ",".join(f"?{name}" for name in (*WRITES, *_SAYING))]
        for injection in injections:
            text += ["-e", injection]
        self._process = subprocess.Popen(
            [*text, "-p", str(pid)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stderr is not None
        said = self._process.stderr.readline()
        if "attached" not in said:
            said += self._process.communicate(timeout=30)[1]
            raise CannotTrace(
                "strace cannot trace a process of its own user here (in a container it takes"
                f" SYS_PTRACE, and kernel.yama.ptrace_scope below 2): {said.strip()}"
            )

    def ended(self, folder: Path) -> Trace:
        """Wait for its end and read its output about calls on this folder."""
        self._process.communicate(timeout=30)
        return read_trace(self._file.read_text(encoding="utf-8", errors="replace"), folder)


def read_trace(text: str, folder: Path) -> Trace:
    """Parse strace's output (``-f -y``)."""
    counts: Counter[str] = Counter()
    writes, threads, memory = [], set(), _Memory()
    for line in text.splitlines():
        found = _LINE.match(line)
        if found is None:
            continue
        threads.add(found["pid"])
        name, rest = found["name"], found["rest"]
        counts[name] += 1
        if name in _SAYING:
            memory.said()
            continue
        if name in ("open", "openat") and not _OPENED_TO_WRITE.search(rest):
            continue
        path = _path_within(folder, name, rest)
        if path is not None:
            writes.append(Call(name, counts[name], path, "(INJECTED)" in rest))
            memory.wrote(writes[-1])
    return Trace(tuple(writes), counts, len(threads), frozenset(memory.unsynced))


class _Memory:
    """Tracks what is in the system's memory only. Two things need not be on the disk: SQLite's
    -shm, which every start makes anew, and the removal of a name."""

    def __init__(self) -> None:
        self._pending: set[str] = set()
        self.unsynced: set[str] = set()

    def wrote(self, call: Call) -> None:
        if call.name in _CHANGING and not call.path.endswith("-shm"):
            self._pending.add(call.path)
        elif call.name in _RENAMING:
            self._pending.discard(call.path)
            self._pending.add(str(PurePosixPath(call.path).parent))
        elif call.name in _SYNCING or call.name.startswith("unlink"):
            self._pending.discard(call.path)

    def said(self) -> None:
        self.unsynced |= self._pending


def _path_within(folder: Path, name: str, rest: str) -> str | None:
    """Return the path: of ``openat(AT_FDCWD</here>, "/shop/x", …`` the name, of
    ``fsync(3</shop/x>`` the file of the descriptor."""
    quoted = [one["path"] for one in _QUOTED.finditer(rest)]
    numbered = _OF_NUMBER.match(rest)
    for path in quoted if quoted and not numbered else [numbered["path"]] if numbered else []:
        if path == str(folder):
            return "."
        if path.startswith(f"{folder}/"):
            return path.removeprefix(f"{folder}/")
    return None
