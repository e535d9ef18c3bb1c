"""Recordings of a shop: ``voice_pack/ko/kiosk.start.wav`` in the shop's folder.

The name of a file is its clip (``domain.spoken``). A text whose recordings are not all there, or
not of one form, is left to the speech engine: half a sentence in another voice is hard to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from posapp.domain.spoken import Phrase
from posapp.system.sound.output_queue import Interrupt, OutputFailure
from posapp.system.sound.wav_files import join_recordings, read_wav
from posapp.system.sound.wav_player import WavPlayer

FOLDER = "voice_pack"


class Recordings(Protocol):
    """Recordings that say texts."""

    def play(self, clips: Sequence[str], language: str, volume: int, interrupt: Interrupt) -> bool:
        """Play the recordings of a text; return whether all are there.

        Raises:
            OutputFailure: they cannot be played.
        """
        ...


class VoicePack:
    """The recordings in a folder, read anew for each text: they may be replaced at any time."""

    def __init__(self, folder: Path, player: WavPlayer) -> None:
        self._folder, self._player = folder, player

    def play(self, clips: Sequence[str], language: str, volume: int, interrupt: Interrupt) -> bool:
        """See ``Recordings``."""
        paths = [self._path(clip, language) for clip in clips]
        if not paths or not all(path.is_file() for path in paths):
            return False
        joined = join_recordings([read_wav(path) for path in paths])
        self._player.play(joined.at_volume(volume), interrupt)
        return True

    def missing(self, phrases: Iterable[Phrase], language: str) -> tuple[str, ...]:
        """Return the clips of which there is no recording that can be played."""
        return tuple(one.clip for one in phrases if not self._is_readable(one.clip, language))

    def _is_readable(self, clip: str, language: str) -> bool:
        try:
            read_wav(self._path(clip, language))
        except OutputFailure:
            return False
        return True

    def _path(self, clip: str, language: str) -> Path:
        return self._folder / language / f"{clip}.wav"
