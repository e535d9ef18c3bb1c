"""A stand-in for speech-dispatcher: SSIP on a real unix socket, with a fault to choose."""

from __future__ import annotations

import queue
import socket
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from enum import StrEnum
from pathlib import Path


class Fault(StrEnum):
    """What is wrong with the daemon."""

    NONE = "none"
    SILENT = "silent"
    """It takes connections and answers nothing."""
    GARBAGE = "garbage"
    ENDLESS_LINE = "endless line"
    REFUSES = "refuses"
    DIES = "dies"
    """It closes the connection in place of saying a text."""
    NO_END = "no end"
    """It takes a text and never says that it has ended."""
    ONE_LETTER = "one letter"
    """It sends its answers letter by letter."""


class FakeSpeechDispatcher:
    """Takes connections until ``close``; keeps each command, and says texts at once.

    Attributes:
        commands: every line that was received.
        said: texts in the order in which they began.
        fault: of the connections to come.
        holds: whether a text goes on until ``finish`` or a cancel.
    """

    def __init__(self, fault: Fault = Fault.NONE, *, holds: bool = False) -> None:
        self.fault, self.holds = fault, holds
        self.commands: list[str] = []
        self.said: queue.Queue[str] = queue.Queue()
        self.cancelled: queue.Queue[str] = queue.Queue()
        self._folder = tempfile.TemporaryDirectory(prefix="ssip-")
        self.path = str(Path(self._folder.name) / "s")
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(self.path)
        self._server.listen()
        self._open: list[socket.socket] = []
        self.finish: Callable[[], None] = lambda: None
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._is_closing = False
        self._threads[0].start()

    @property
    def environ(self) -> dict[str, str]:
        """The environment of a program that speaks to this daemon."""
        return {"SPEECHD_ADDRESS": f"unix_socket:{self.path}", "PATH": ""}

    def close(self) -> None:
        """End the daemon and its connections."""
        self._is_closing = True
        with socket.socket(socket.AF_UNIX) as last:
            last.connect(self.path)
        self._threads[0].join()
        for each in self._open:  # also of the last one
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        for each in (*self._open, self._server):
            each.close()
        self._folder.cleanup()

    def _serve(self) -> None:
        while not self._is_closing:
            taken, _ = self._server.accept()
            self._open.append(taken)
            with suppress(OSError):
                if self.fault is Fault.GARBAGE:
                    taken.sendall(b"\x00\xff HTTP/1.1 400\r\n" * 3)
                if self.fault is Fault.ENDLESS_LINE:
                    taken.sendall(b"2" * 9_000)
            talking = threading.Thread(target=self._talk, args=(taken, self.fault), daemon=True)
            self._threads.append(talking)
            talking.start()

    def _talk(self, taken: socket.socket, fault: Fault) -> None:
        with suppress(OSError), taken.makefile("r", encoding="utf-8", newline="\n") as lines:
            before = ""
            for line in lines:
                self._obey(taken, before, line.removesuffix("\r\n"), fault)
                before = line.removesuffix("\r\n")

    def _obey(self, taken: socket.socket, before: str, line: str, fault: Fault) -> None:
        self.commands.append(line)
        if fault in (Fault.SILENT, Fault.GARBAGE, Fault.ENDLESS_LINE):
            return
        if fault is Fault.REFUSES:
            _send(taken, "300 ERR UNKNOWN")
            return
        if line == "." and before != "SPEAK":
            self._say(taken, before, fault)
        elif before == "SPEAK" and line != "CANCEL SELF":
            return  # the text
        elif line == "SPEAK":
            if fault is Fault.DIES:
                taken.shutdown(socket.SHUT_RDWR)
                return
            _send(taken, "230 OK RECEIVING DATA")
        elif line == "CANCEL SELF":
            self.cancelled.put(line)
            _send(taken, "210 OK CANCELED", "703-1", "703-1", "703 CANCELED")
        elif line == "LIST SYNTHESIS_VOICES":
            _send(taken, "249-Korean\tko\tnone", "249-English\ten-US\tnone", "249 OK VOICES")
        else:
            step = 1 if fault is Fault.ONE_LETTER else 1_000
            _send(taken, "208 OK SET", step=step)

    def _say(self, taken: socket.socket, text: str, fault: Fault) -> None:
        _send(taken, "225-7", "225 OK MESSAGE QUEUED", "701-7", "701-1", "701 BEGIN")

        def finish() -> None:
            _send(taken, "702-7", "702-1", "702 END")

        self.finish = finish
        if fault is not Fault.NO_END and not self.holds:
            finish()
        self.said.put(text)


def _send(taken: socket.socket, *lines: str, step: int = 1_000) -> None:
    sent = "".join(f"{line}\r\n" for line in lines).encode()
    for start in range(0, len(sent), step):
        taken.sendall(sent[start : start + step])
