"""A child process that carries out an action under strace, and its messages to this process.

Children are forked from a process that has everything imported, so that each costs milliseconds.
A child has one thread: strace counts the calls of each thread separately.
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
from tests.faults.kill_points import SandboxAddress

T = TypeVar("T")

LONGEST_SECONDS = 90
_SET_PTRACER, _ANY = 0x59616D61, ctypes.c_ulong(-1)
"""prctl(2): under Yama, a process is traced only by the process that it names."""

_context = multiprocessing.get_context("forkserver")
_one_at_a_time = threading.Lock()
"""Starting a process reaps ended children; of two threads that wait for one child, only one gets
its exit status."""


@dataclass(frozen=True)
class Order:
    """Order for a child: an action (``ACTIONS``), folder, address of PortOne, starting time."""

    action: str
    folder: Path
    address: SandboxAddress
    now: datetime
    twin: str = ""


@dataclass(frozen=True)
class Ran:
    """Result of a child.

    Attributes:
        reported: what it reported to people, as (kind, number or name).
        problems: codes of its ``EnvironmentProblem`` errors.
        refused: codes of its ``UserError`` errors.
        bug: the traceback of an unexpected exception.
        code: exit code of the process; below 0 the signal that ended it.
        ended: whether it reached its end by itself.
    """

    trace: Trace
    reported: tuple[tuple[str, int | str], ...]
    problems: tuple[str, ...]
    refused: tuple[str, ...]
    bug: str
    code: int
    ended: bool

    @property
    def killed(self) -> bool:
        return self.code == -signal.SIGKILL


class Talk:
    """The child's side. Uses ``send``, not ``write``, so that a failing disk does not affect it."""

    def __init__(self, line: socket.socket) -> None:
        self._line = line
        self._received = line.makefile("r", encoding="utf-8")

    def say(self, kind: str, value: int | str = "") -> None:
        self._line.sendall(json.dumps([kind, value]).encode() + b"\n")

    def ready(self) -> None:
        """Wait until strace is attached."""
        self.say("ready")
        self._wait()

    def ask(self, kind: str, value: int | str = "") -> None:
        """Request an action of the world outside, and wait for it."""
        self.say("asked", json.dumps([kind, value]))
        self._wait()

    def reported(self, kind: str, value: int | str) -> None:
        """Report to people that this is done."""
        self.say("told", json.dumps([kind, value]))

    def attempt(self, action: Callable[[], T]) -> T | None:
        """Carry out a person's action; an expected error is reported and returns ``None``."""
        try:
            return action()
        except EnvironmentProblem as problem:
            self.say("problem", problem.code.value)
        except UserError as error:
            self.say("refused", error.code.value)
        return None

    def _wait(self) -> None:
        if not self._received.readline():
            os._exit(3)


def live(line: socket.socket, order: Order) -> None:
    """Run the child."""
    sys.dont_write_bytecode = True
    logging.getLogger().addHandler(logging.NullHandler())
    ctypes.CDLL(None).prctl(_SET_PTRACER, _ANY, 0, 0, 0)
    talk = Talk(line)
    talk.ready()
    from tests.crashes.actions import ACTIONS

    try:
        ACTIONS[order.action](order, talk)
    except EnvironmentProblem as problem:
        talk.say("problem", problem.code.value)
    except BaseException:  # noqa: BLE001 - reported to the parent, which makes it a failure
        talk.say("bug", traceback.format_exc())
    talk.say("end")
    os._exit(0)


def run(
    order: Order,
    requested: Callable[[str, int | str], None],
    trace: Path,
    injections: tuple[str, ...] = (),
) -> Ran:
    """Run an order in a child.

    Args:
        requested: carries out the child's requests to the world outside.
        trace: file for strace's output.
        injections: strace's options for fault injection.

    Raises:
        CannotTrace: strace does not work here.
        TimeoutError: the child hung.
    """
    ours, theirs = socket.socketpair()
    ours.settimeout(LONGEST_SECONDS)
    with _one_at_a_time:
        _context.set_forkserver_preload(["tests.crashes.actions"])
        process = _context.Process(target=live, args=(theirs, order), daemon=True)
        process.start()
    theirs.close()
    try:
        with ours, ours.makefile("r", encoding="utf-8") as received:
            assert json.loads(received.readline())[0] == "ready"
            strace = Strace(process.pid or 0, trace, injections)
            ours.sendall(b"go\n")
            said = []
            for text in received:
                kind, value = json.loads(text)
                said.append((kind, value))
                if kind == "asked":
                    requested(*json.loads(value))
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
