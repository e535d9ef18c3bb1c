"""Writes the signals of the shop: ``python resources/sounds/make_sounds.py``, from Python 3.11 on.

It makes the WAV files beside itself, always the same bytes: whole numbers only, since the sine of
one machine may differ from another's in the last bit. A signal is a row of struck notes. Rising
means success, falling failure, and the call repeats, as a bell at a counter does.
"""

from __future__ import annotations

import argparse
import struct
import wave
from pathlib import Path

RATE = 22_050
"""Samples per second."""

PEAK = 22_000
"""Largest sample of a note: two thirds of what 16 bits hold, as a note fades into the next."""

ATTACK_MS = 4
"""How long a note rises; without it, it begins with a click."""

HALF_LIFE_MS = 110
"""After so long a note is half as loud."""

END_MS = 30
"""How long the signal fades at its end; without it, it ends with a click."""

A5, B5, D6, E5, E6, G4, G5, C5 = 880, 988, 1175, 659, 1319, 392, 784, 523
"""Frequencies in hertz."""

Notes = tuple[tuple[int, int, int], ...]
"""Each: when it is struck (ms), its frequency (hertz), its loudness (percent)."""

SIGNALS: dict[str, tuple[int, Notes]] = {
    "paid": (620, ((0, A5, 80), (110, E6, 100))),
    "failed": (700, ((0, C5, 100), (200, G4, 100))),
    "call": (1_800, ((0, D6, 100), (260, B5, 100), (800, D6, 100), (1_060, B5, 100))),
    "notice": (420, ((0, G5, 100),)),
}
"""Length in milliseconds and notes of each signal."""


def sine(position: int, period: int) -> int:
    """Return 10,000 × the sine of a position in a period, by Bhaskara's formula (error < 0.2 %)."""
    degrees = position * 360_000 // period % 360_000
    sign = 1 if degrees < 180_000 else -1
    half = degrees % 180_000
    product = half * (180_000 - half) // 1_000_000
    return sign * 40_000 * product // (40_500 - product)


def samples_of(length_ms: int, notes: Notes) -> list[int]:
    """Return the samples of a signal."""
    count = length_ms * RATE // 1_000
    samples = [0] * count
    for at_ms, hertz, percent in notes:
        start = at_ms * RATE // 1_000
        for index in range(start, count):
            since = index - start
            loudness = loudness_of(since) * percent // 100
            period = RATE * 1_000
            wave_form = sine(since * hertz * 1_000, period) * 4 + sine(
                since * hertz * 2_000, period
            )
            samples[index] += loudness * wave_form // 50_000
    fade = END_MS * RATE // 1_000
    for index in range(count - fade, count):
        samples[index] = samples[index] * (count - index) // fade
    return [max(-32_767, min(32_767, sample)) for sample in samples]


def loudness_of(since: int) -> int:
    """Return the largest sample of a note, so many samples after it was struck."""
    attack = ATTACK_MS * RATE // 1_000
    if since < attack:
        return PEAK * since // attack
    half_life = HALF_LIFE_MS * RATE // 1_000
    halvings, rest = divmod(since - attack, half_life)
    # Between two halvings a straight line, which is close enough to a curve to be heard as one.
    return (PEAK >> halvings) * (2 * half_life - rest) // (2 * half_life)


def write_signal(path: Path, samples: list[int]) -> None:
    """Write samples as a WAV file of one channel."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(samples)}h", *samples))


def main() -> None:
    """Write all signals."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent, help="folder")
    folder = parser.parse_args().out
    for name, (length_ms, notes) in SIGNALS.items():
        write_signal(folder / f"{name}.wav", samples_of(length_ms, notes))


if __name__ == "__main__":
    main()
