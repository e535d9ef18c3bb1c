"""The ``SoundPlayer`` of a running program: the files of ``resources/sounds``, one at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posapp.services.ports.sound_player import Sound
from posapp.system.sound.output_queue import Interrupt, OutputQueue
from posapp.system.sound.wav_files import Recording, read_wav
from posapp.system.sound.wav_player import WavPlayer

STALE_SECONDS = 5
"""A signal that waited longer says nothing about now."""


@dataclass(frozen=True, slots=True)
class _Signal:
    sound: Sound
    volume: int
    wanted_at: float


class SignalPlayer:
    """Plays signals in a thread of its own.

    Args:
        folder: of the files.
        player: plays a recording.
        volume: percent; 0 plays nothing.
        now: returns seconds that never jump back.
    """

    def __init__(
        self,
        folder: Path,
        player: WavPlayer,
        volume: int,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._player, self._now = player, now
        self._volume = 0
        self.set_volume(volume)
        self._queue: OutputQueue[_Signal] = OutputQueue(
            self._perform, "posapp-sound", now=now, is_stale=self._is_stale
        )
        # A file is read, and made quieter, once.
        self._recording = cache(lambda sound, volume: _read(folder, sound, volume))

    def play(self, sound: Sound) -> None:
        """See ``SoundPlayer``."""
        if self._volume:
            self._queue.put(_Signal(sound, self._volume, self._now()))

    def set_volume(self, percent: int) -> None:
        """See ``SoundPlayer``."""
        self._volume = min(max(percent, 0), 100)

    @property
    def problem(self) -> str:
        """See ``SoundPlayer``."""
        return self._queue.problem

    def close(self) -> None:
        """See ``SoundPlayer``."""
        self._queue.close()

    def _is_stale(self, signal: _Signal) -> bool:
        return self._now() - signal.wanted_at > STALE_SECONDS

    def _perform(self, signal: _Signal, interrupt: Interrupt) -> None:
        self._player.play(self._recording(signal.sound, signal.volume), interrupt)


def _read(folder: Path, sound: Sound, volume: int) -> Recording:
    return read_wav(folder / f"{sound}.wav").at_volume(volume)
