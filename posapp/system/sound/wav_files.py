"""WAV files: one after the other, at a volume."""

from __future__ import annotations

import io
import sys
import wave
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posapp.system.sound.output_queue import OutputFailure

_SAMPLE_BYTES = 2
_LARGEST_BYTES = 30 * 2**20
"""Upper limit of a file: minutes of speech."""


@dataclass(frozen=True, slots=True)
class Recording:
    """The samples of a WAV file.

    Attributes:
        channels, rate: of the samples, per second.
        frames: 16-bit samples, little-endian.
    """

    channels: int
    rate: int
    frames: bytes

    @property
    def seconds(self) -> float:
        """Return how long it is heard."""
        return len(self.frames) / (self.channels * _SAMPLE_BYTES * self.rate)

    def at_volume(self, percent: int) -> Recording:
        """Return the recording at a volume from 0 to 100."""
        if percent >= 100:
            return self
        samples = array("h", self.frames)
        _swap_if_big(samples)
        quiet = array("h", (sample * percent // 100 for sample in samples))
        _swap_if_big(quiet)
        return Recording(self.channels, self.rate, quiet.tobytes())

    def file_bytes(self) -> bytes:
        """Return the WAV file of the recording."""
        stream = io.BytesIO()
        with wave.open(stream, "wb") as file:
            file.setnchannels(self.channels)
            file.setsampwidth(_SAMPLE_BYTES)
            file.setframerate(self.rate)
            file.writeframes(self.frames)
        return stream.getvalue()


def read_wav(path: Path) -> Recording:
    """Read a file of 16-bit samples; raises ``OutputFailure``."""
    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise OutputFailure(f"{path.name}: too large")
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != _SAMPLE_BYTES:
                raise OutputFailure(f"{path.name}: no 16-bit samples")
            channels, rate = file.getnchannels(), file.getframerate()
            frames = file.readframes(file.getnframes())
    except (OSError, EOFError, wave.Error) as error:
        raise OutputFailure(f"{path.name}: {str(error) or type(error).__name__}") from error
    whole = len(frames) // (channels * _SAMPLE_BYTES) * channels * _SAMPLE_BYTES
    if not rate or not whole:
        raise OutputFailure(f"{path.name}: nothing in it")
    return Recording(channels, rate, frames[:whole])


def join_recordings(recordings: Sequence[Recording]) -> Recording:
    """Return recordings of one form as one; raises ``OutputFailure`` if their forms differ."""
    first = recordings[0]
    if any((one.channels, one.rate) != (first.channels, first.rate) for one in recordings):
        raise OutputFailure("recordings of different channels or rates")
    return Recording(first.channels, first.rate, b"".join(one.frames for one in recordings))


def _swap_if_big(samples: array[int]) -> None:
    if sys.byteorder == "big":
        samples.byteswap()
