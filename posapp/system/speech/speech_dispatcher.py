"""Speech on Linux: speech-dispatcher, by its text protocol SSIP over a socket.

https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/ssip.html
"""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.speech.engine import ANSWER_SECONDS, Utterance
from posapp.system.speech.line_channel import LineChannel, connect

NAME = "speech-dispatcher"

SPAWN_SECONDS = 10
"""Limit for starting the daemon."""

RATES = {75: -47, 100: 0, 125: 15, 150: 30, 200: 61}
"""Percent of the usual speed → SSIP's rate. Its espeak-ng module has 80 to 449 words a minute, 170
at rate 0, and interpolates."""

_ANSWER = re.compile(r"(?P<code>[1-7][0-9]{2})(?P<more>[- ])(?P<text>.*)")
_ENDS = ("702", "703")
_BEGINS_EVENT = "7"
_VOICE_SECONDS = 15


class SpeechDispatcher:
    """A connection to speech-dispatcher."""

    def __init__(self, channel: LineChannel) -> None:
        self._channel = channel
        self._ended: set[str] = set()
        self._event: list[str] = []
        self._command("SET SELF CLIENT_NAME posapp:posapp:kiosk")
        self._command("SET SELF NOTIFICATION END ON")
        self._command("SET SELF NOTIFICATION CANCEL ON")

    def speak(self, utterance: Utterance, interrupt: Interrupt) -> None:
        """See ``SpeechEngine``."""
        text = utterance.line
        if not text:
            return
        self._command(f"SET SELF LANGUAGE {utterance.language}")
        self._command(f"SET SELF RATE {RATES[utterance.speed]}")
        self._command(f"SET SELF VOLUME {utterance.volume * 2 - 100}")
        self._command("SPEAK")
        self._ended.clear()
        number = self._command("." + text if text.startswith(".") else text, ".")[0]
        until = time.monotonic() + utterance.limit_seconds
        while number not in self._ended:
            line = self._channel.receive(until, interrupt)
            if line is None:
                self._command("CANCEL SELF")
                return
            self._take_event(*self._parse(line))

    def voices(self) -> frozenset[str]:
        """See ``SpeechEngine``."""
        lines = self._command("LIST SYNTHESIS_VOICES", seconds=_VOICE_SECONDS)
        tags = (line.split("\t")[1] for line in lines if line.count("\t"))
        return frozenset(re.split("[-_]", tag)[0].lower() for tag in tags)

    def close(self) -> None:
        """See ``SpeechEngine``."""
        self._channel.close()

    def _command(self, *lines: str, seconds: float = ANSWER_SECONDS) -> list[str]:
        """Send a command; return what its answer says before its last line."""
        self._channel.send(*lines)
        until = time.monotonic() + seconds
        said: list[str] = []
        while True:
            code, is_last, text = self._parse(self._channel.receive(until) or "")
            if code.startswith(_BEGINS_EVENT):
                self._take_event(code, is_last, text)
            elif not code.startswith("2"):
                raise OutputFailure(f"{NAME}: {code} {text}"[:100])
            elif is_last:
                return said or [""]
            else:
                said.append(text)

    def _take_event(self, code: str, is_last: bool, text: str) -> None:
        """Keep the number of a message that has ended: the first line of an event."""
        if not code.startswith(_BEGINS_EVENT):
            return
        if not is_last:
            self._event.append(text)
            return
        if code in _ENDS and self._event:
            self._ended.add(self._event[0])
        self._event.clear()

    def _parse(self, line: str) -> tuple[str, bool, str]:
        found = _ANSWER.fullmatch(line)
        if found is None:
            raise OutputFailure(f"{NAME}: an answer that is no SSIP")
        return found["code"], found["more"] == " ", found["text"]


def open_speech_dispatcher(environ: Mapping[str, str]) -> SpeechDispatcher:
    """Connect to the user's speech-dispatcher; start it if it does not run.

    Raises:
        OutputFailure: it is not installed, or does not answer.
    """
    family, address = address_of(environ)
    try:
        return _connected(family, address)
    except OutputFailure:
        if family != socket.AF_UNIX or not _spawn(str(address), environ):
            raise
    return _connected(family, address)


def address_of(environ: Mapping[str, str]) -> tuple[int, str | tuple[str, int]]:
    """Return family and address of the daemon's socket, as its own library finds them."""
    method, _, place = environ.get("SPEECHD_ADDRESS", "").partition(":")
    if method == "inet_socket":
        host, _, port = place.partition(":")
        return socket.AF_INET, (host or "localhost", int(port) if port.isdigit() else 6560)
    runtime = environ.get("XDG_RUNTIME_DIR") or str(Path.home() / ".cache")
    default = str(Path(runtime) / "speech-dispatcher" / "speechd.sock")
    return socket.AF_UNIX, place if method == "unix_socket" and place else default


def _connected(family: int, address: str | tuple[str, int]) -> SpeechDispatcher:
    channel = connect(NAME, family, address)
    try:
        return SpeechDispatcher(channel)
    except OutputFailure:
        channel.close()
        raise


def _spawn(address: str, environ: Mapping[str, str]) -> bool:
    """Start the daemon as its own library does; return whether it says that it runs."""
    program = shutil.which(NAME, path=environ.get("PATH", ""))
    if program is None:
        return False
    command = (program, "--spawn", "--communication-method", "unix_socket", "--socket-path")
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            (*command, address),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=SPAWN_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0
