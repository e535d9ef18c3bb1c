"""Speech on macOS: the program ``say``, once for each text.

Not run by the tests, which have no macOS: they put a stand-in on the path.
"""

from __future__ import annotations

import re
import subprocess

from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.programs import run_until_silent
from posapp.system.speech.engine import ANSWER_SECONDS, Utterance

NAME = "say"

USUAL_RATE = 175
"""Words per minute at the usual speed."""

_VOICE = re.compile(r"(?P<name>\S.*?) {2,}(?P<language>[a-z]{2,3})[_-]\w+ +#.*")


class MacSpeech:
    """The voices of ``say``."""

    def __init__(self) -> None:
        self._voices = _voices()

    def speak(self, utterance: Utterance, interrupt: Interrupt) -> None:
        """See ``SpeechEngine``."""
        if utterance.language not in self._voices:
            raise OutputFailure(f"{NAME}: no voice of the language")
        rate = str(USUAL_RATE * utterance.speed // 100)
        voice = self._voices[utterance.language]
        # Commands to the synthesiser are in double brackets; a text has none of its own.
        text = utterance.line.replace("[", " ").replace("]", " ")
        volume = f"[[volm {utterance.volume // 100}.{utterance.volume % 100:02}]]"
        command = (NAME, "-v", voice, "-r", rate, "-f", "-")
        run_until_silent(command, f"{volume} {text}", utterance.limit_seconds, interrupt)

    def voices(self) -> frozenset[str]:
        """See ``SpeechEngine``."""
        return frozenset(self._voices)

    def close(self) -> None:
        """See ``SpeechEngine``."""


def _voices() -> dict[str, str]:
    """Return the first voice of each language; raises ``OutputFailure``."""
    try:
        done = subprocess.run(  # noqa: S603 - a fixed program, no shell
            (NAME, "-v", "?"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=ANSWER_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise OutputFailure(f"{NAME}: {type(error).__name__}") from error
    found: dict[str, str] = {}
    for line in done.stdout.decode(errors="replace").splitlines():
        voice = _VOICE.fullmatch(line)
        if voice is not None:
            found.setdefault(voice["language"], voice["name"])
    return found
