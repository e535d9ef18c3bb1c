"""Lines to and from a speech engine: the socket of a daemon, or the pipes of a child process."""

from __future__ import annotations

import os
import queue
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress

from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.programs import NO_WINDOW, end

LONGEST_LINE = 4_000
"""Bytes; a longer line is no answer of an engine, and a shorter one fits into any pipe."""

_MOST_LINES = 1_000
_WRITE_SECONDS = 3


class LineChannel:
    """Sends lines and receives lines, with a limit of time for each.

    A thread reads, so that waiting for a line can be interrupted on every system.

    Args:
        name: of the engine, for messages.
        write: sends bytes; raises ``OSError``, also if it takes too long.
        read: returns the next bytes, empty at the end; raises ``OSError``.
        close: closes both directions and ends ``read``.
    """

    def __init__(
        self,
        name: str,
        write: Callable[[bytes], object],
        read: Callable[[], bytes],
        close: Callable[[], None],
    ) -> None:
        self.name = name
        self._write, self._read, self._close = write, read, close
        self._lines: queue.Queue[str | None] = queue.Queue(_MOST_LINES)
        self._end = ""
        self._is_closed = threading.Event()
        threading.Thread(target=self._read_lines, name="posapp-speech-lines", daemon=True).start()

    def send(self, *lines: str) -> None:
        """Send lines; raises ``OutputFailure``."""
        sent = b"".join(line.encode(errors="replace") + b"\r\n" for line in lines)
        try:
            self._write(sent)
        except OSError as error:
            raise OutputFailure(f"{self.name}: {error.strerror or error}") from error

    def receive(self, until: float, interrupt: Interrupt | None = None) -> str | None:
        """Return the next line; ``None``: the interrupt was requested.

        Args:
            until: the latest time, by ``time.monotonic``.

        Raises:
            OutputFailure: the engine is gone, silent for too long, or sends no lines.
        """
        if interrupt is None:
            return self._next_line(until, lambda: False)
        with interrupt.calling(self._wake):
            return self._next_line(until, lambda: interrupt.is_requested)

    def close(self) -> None:
        """Close the channel."""
        self._is_closed.set()
        self._close()

    def _next_line(self, until: float, is_interrupted: Callable[[], bool]) -> str | None:
        while not is_interrupted():
            try:
                line = self._lines.get(timeout=max(0, until - time.monotonic()))
            except queue.Empty:
                raise OutputFailure(f"{self.name}: no answer in time") from None
            if line is not None:
                return line
            if self._end:
                self._wake()  # for those that ask again
                raise OutputFailure(f"{self.name}: {self._end}")
        return None

    def _wake(self) -> None:
        with suppress(queue.Full):
            self._lines.put_nowait(None)

    def _read_lines(self) -> None:
        pending = b""
        while not self._is_closed.is_set():
            try:
                received = self._read()
            except OSError as error:
                received, self._end = b"", str(error.strerror or error)
            *lines, pending = (pending + received).split(b"\n")
            for line in lines:
                self._keep(line.removesuffix(b"\r").decode(errors="replace"))
            if not received or len(pending) > LONGEST_LINE:
                break
        self._end = self._end or ("is gone" if not pending else "sends no lines")
        self._wake()

    def _keep(self, line: str) -> None:
        """Put a line into the queue; an engine that nobody listens to waits."""
        while not self._is_closed.is_set():
            with suppress(queue.Full):
                self._lines.put(line, timeout=1)
                return


def connect(name: str, family: int, address: str | tuple[str, int]) -> LineChannel:
    """Connect to a daemon.

    Raises:
        OutputFailure: nobody answers there.
    """
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.settimeout(_WRITE_SECONDS)
    try:
        sock.connect(address)
    except (OSError, ValueError) as error:
        sock.close()
        raise OutputFailure(f"{name}: {getattr(error, 'strerror', '') or error}") from error

    def read() -> bytes:
        while True:
            with suppress(TimeoutError):
                return sock.recv(4096)

    def close() -> None:
        with suppress(OSError):
            sock.shutdown(socket.SHUT_RDWR)  # ends recv in the reading thread
        sock.close()

    return LineChannel(name, sock.sendall, read, close)


def start_child(name: str, command: Sequence[str]) -> LineChannel:
    """Start a program that reads lines from its input and writes lines to its output.

    No line to it may be longer than ``LONGEST_LINE``, and none may follow before the answer to the
    one before: then a pipe takes it whole, and writing never waits.

    Raises:
        OutputFailure: it cannot be started.
    """
    try:
        child = subprocess.Popen(  # noqa: S603 - a fixed program, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            creationflags=NO_WINDOW,
            bufsize=0,
        )
    except OSError as error:
        raise OutputFailure(f"{name}: {error.strerror or error}") from error
    given, answered = child.stdin, child.stdout
    if given is None or answered is None:
        raise AssertionError("both are pipes")
    return LineChannel(
        name, given.write, lambda: os.read(answered.fileno(), 4096), lambda: end(child)
    )
