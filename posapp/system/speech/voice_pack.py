"""Recordings of a shop: ``voice_pack/ko/kiosk.start.wav`` in the shop's folder.

The name of a file is its clip (``domain.spoken``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path
from typing import Protocol

from posapp.domain.spoken import Phrase
from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.wav_files import Recording, join_recordings, read_wav
from posapp.system.sound.wav_player import WavPlayer

FOLDER = "voice_pack"


class Recordings(Protocol):
    """Recordings that say texts."""

    def find(self, clips: Sequence[str], language: str) -> Sequence[Recording | None]:
        """Return the recording of each clip; ``None``: there is none, or it cannot be played."""
        ...

    def play(self, recordings: Sequence[Recording], volume: int, interrupt: Interrupt) -> None:
        """Play recordings one after the other.

        Raises:
            OutputFailure: they cannot be played.
        """
        ...


class NoRecordings:
    """Recordings of a shop that has none."""

    def find(self, clips: Sequence[str], language: str) -> Sequence[Recording | None]:
        """See ``Recordings``."""
        return (None,) * len(clips)

    def play(self, recordings: Sequence[Recording], volume: int, interrupt: Interrupt) -> None:
        """See ``Recordings``."""


class VoicePack:
    """The recordings in a folder, read anew for each text: they may be replaced at any time."""

    def __init__(self, folder: Path, player: WavPlayer) -> None:
        self._folder, self._player = folder, player

    def find(self, clips: Sequence[str], language: str) -> Sequence[Recording | None]:
        """See ``Recordings``."""
        return [self._read(clip, language) for clip in clips]

    def play(self, recordings: Sequence[Recording], volume: int, interrupt: Interrupt) -> None:
        """See ``Recordings``."""
        for _, run in groupby(recordings, lambda one: (one.channels, one.rate)):
            if not interrupt.is_requested:
                self._player.play(join_recordings(list(run)).at_volume(volume), interrupt)

    def missing(self, phrases: Iterable[Phrase], language: str) -> tuple[str, ...]:
        """Return the clips of which there is no recording that can be played."""
        return tuple(one.clip for one in phrases if self._read(one.clip, language) is None)

    def _read(self, clip: str, language: str) -> Recording | None:
        try:
            return read_wav(self._folder / language / f"{clip}.wav")
        except OutputFailure:
            return None
