"""A process that does a deed under strace, and what passes between it and this one.

Processes are forked from one that has everything imported, so that one of them costs milliseconds.
The child has one thread: strace counts the calls of each thread on its own.
"""

from __future__ import annotations

import ctypes
import json
import logging
import multiprocessing
import os
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.connection import wait
from pathlib import Path
from typing import TypeVar

from posapp.domain.errors import EnvironmentProblem, UserError
from tests.crashes.tracing import Strace, Trace
from tests.faults.killing import SandboxAddress

T = TypeVar("T")

LONGEST_SECONDS = 90
_SET_PTRACER, _ANY = 0x59616D61, ctypes.c_ulong(-1)
"""prctl(2): where Yama guards it, a process may be traced by whom it names."""

_context = multiprocessing.get_context("forkserver")
_one_at_a_time = threading.Lock()
"""Starting a process looks after those that have ended, and two who ask how one of them ended take
the answer from each other."""


@dataclass(frozen=True)
class Order:
    """What a child is to do: a deed (``deeds.DEEDS``), where, with which PortOne, from when on."""

    deed: str
    folder: Path
    address: SandboxAddress
    now: datetime
    twin: str = ""


@dataclass(frozen=True)
class Ran:
    """How a child ended.

    Attributes:
        told: what it told the people in front of it, as (kind, number or name).
        problems: what it said about its disk: codes of ``EnvironmentProblem``.
        refused: what it answered to a person: codes of ``UserError``.
        bug: the traceback of what nobody had foreseen.
        code: how the process ended; below 0 by that signal.
        ended: it came to its end by itself.
    """

    trace: Trace
    told: tuple[tuple[str, int | str], ...]
    problems: tuple[str, ...]
    refused: tuple[str, ...]
    bug: str
    code: int
    ended: bool

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Talk:
    """The child's side. Goes by ``send``, not ``write``: a disk that fails must not silence it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._heard = line.makefile("r", encoding="utf-8")

    def say(self, kind: str, value: int | str = "") -> None:
        self._line.sendall(json.dumps([kind, value]).encode() + b"\n")

    def ready(self) -> None:
        """Wait until strace looks on."""
        self.say("ready")
        self._wait()

    def ask(self, kind: str, value: int | str = "") -> None:
        """Have something done in the world outside, and wait for it."""
        self.say("asked", json.dumps([kind, value]))
        self._wait()

    def told(self, kind: str, value: int | str) -> None:
        """Somebody was told that this is done."""
        self.say("told", json.dumps([kind, value]))

    def attempt(self, deed: Callable[[], T]) -> T | None:
        """Do what a person asked for; what may go wrong is said in words, and ``None``."""
        try:
            return deed()
        except EnvironmentProblem as problem:
            self.say("problem", problem.code.value)
        except UserError as error:
            self.say("refused", error.code.value)
        return None

    def _wait(self) -> None:
        if not self._heard.readline():
            os._exit(3)


def live(line: socket.socket, order: Order) -> None:
    """The child's life."""
    sys.dont_write_bytecode = True
    logging.getLogger().addHandler(logging.NullHandler())
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANY, 0, 0, 0)
    talk = Talk(line)
    talk.ready()
    from tests.crashes.deeds import DEEDS

    try:
        DEEDS[order.deed](order, talk)
    except EnvironmentProblem as problem:
        talk.say("problem", problem.code.value)
    except BaseException:  # noqa: BLE001 - it is told to the parent, who makes a failure of it
        talk.say("bug", traceback.format_exc())
    talk.say("end")
    os._exit(0)


def run(
    order: Order,
    asked: Callable[[str, int | str], None],
    trace: Path,
    injections: tuple[str, ...] = (),
) -> Ran:
    """Let a child do it.

    Args:
        asked: does what the child asks of the world outside.
        trace: where strace may write.
        injections: strace's words.

    Raises:
        CannotTrace: strace does not do here.
        TimeoutError: the child hung.
    """
    ours, theirs = socket.socketpair()
    ours.settimeout(LONGEST_SECONDS)
    with _one_at_a_time:
        _context.set_forkserver_preload(["tests.crashes.deeds"])
        process = _context.Process(target=live, args=(theirs, order), daemon=True)
        process.start()
    theirs.close()
    try:
        with ours, ours.makefile("r", encoding="utf-8") as heard:
            assert json.loads(heard.readline())[0] == "ready"
            strace = Strace(process.pid or 0, trace, injections)
            ours.sendall(b"go\n")
            said = []
            for text in heard:
                kind, value = json.loads(text)
                said.append((kind, value))
                if kind == "asked":
                    asked(*json.loads(value))
                    ours.sendall(b"done\n")
    finally:
        if not wait([process.sentinel], 30):
            process.kill()
        with _one_at_a_time:
            process.join(30)
            code = process.exitcode
    of = {kind: [v for k, v in said if k == kind] for kind, _ in said}
    return Ran(
        strace.ended(order.folder),
        tuple(tuple(json.loads(each)) for each in of.get("told", [])),
        tuple(of.get("problem", [])),
        tuple(of.get("refused", [])),
        "".join(of.get("bug", [])),
        -1 if code is None else code,
        code == 0 and "end" in of,
    )
