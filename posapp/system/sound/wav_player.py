"""Players of WAV files, by system: ``pw-play`` or ``aplay``, ``winsound``, ``afplay``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.programs import run_until_silent
from posapp.system.sound.wav_files import Recording

SPARE_SECONDS = 4
"""How much longer than the recording a player may take."""

PROGRAMS: dict[str, tuple[tuple[str, ...], ...]] = {
    "linux": (("pw-play",), ("aplay", "-q")),
    "darwin": (("afplay",),),
}
"""Players of each system, the best first; each takes the file as its last argument."""


class WavPlayer(Protocol):
    """Plays a recording and returns at its end or soon after the interrupt."""

    def play(self, recording: Recording, interrupt: Interrupt) -> None:
        """Play a recording; raises ``OutputFailure``."""
        ...


class ProgramPlayer:
    """Plays by the first program that is installed and works."""

    def __init__(
        self,
        programs: tuple[tuple[str, ...], ...],
        which: Callable[[str], str | None] = shutil.which,
    ) -> None:
        self._programs, self._which = programs, which

    def play(self, recording: Recording, interrupt: Interrupt) -> None:
        """See ``WavPlayer``."""
        found = [one for one in self._programs if self._which(one[0])]
        if not found:
            names = ", ".join(one[0] for one in self._programs)
            raise OutputFailure(f"no player of sounds is installed: {names}")
        with _sound_file(recording) as path:
            limit = recording.seconds + SPARE_SECONDS
            for command in found:
                try:
                    run_until_silent((*command, str(path)), "", limit, interrupt)
                except OutputFailure:
                    if command is found[-1]:
                        raise
                else:
                    return


class WindowsPlayer:
    """Plays by ``winsound``. Not run by the tests, which have no Windows."""

    def play(self, recording: Recording, interrupt: Interrupt) -> None:
        """See ``WavPlayer``."""
        if sys.platform == "win32":
            import winsound

            with _sound_file(recording) as path:
                flags = winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT
                try:
                    winsound.PlaySound(str(path), flags)
                    interrupt.wait(recording.seconds)
                    winsound.PlaySound(None, winsound.SND_PURGE)
                except RuntimeError as error:
                    raise OutputFailure(f"winsound: {error}") from error
        else:
            raise OutputFailure("winsound is on Windows only")


@contextmanager
def _sound_file(recording: Recording) -> Iterator[Path]:
    """Hold a recording in a file while the block runs; raises ``OutputFailure``."""
    try:
        with tempfile.TemporaryDirectory(prefix="posapp-sound-") as folder:
            path = Path(folder) / "sound.wav"
            path.write_bytes(recording.file_bytes())
            yield path
    except OSError as error:
        raise OutputFailure(f"no place for a sound: {error.strerror or error}") from error


def player_of(platform: str = sys.platform) -> WavPlayer:
    """Return the player of a system."""
    if platform == "win32":
        return WindowsPlayer()
    return ProgramPlayer(PROGRAMS.get(platform, ()))
