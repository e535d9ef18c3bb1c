"""The test page of a receipt printer: a sample in each way to write Hangul, to choose one by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from posapp.domain.cells import spread, wrapped
from posapp.domain.roll import Roll, RollCode, RollLine, RollPart
from posapp.domain.roll_letters import Hangul

SAMPLE = "가각 똠방각하 뷁 힣"
"""Syllables of KS X 1001, and some that it does not have."""

_CODE = "TEST"


def sample_roll(lines: Sequence[str], columns: int) -> Roll:
    """Return the page: the first line large, the others below it, the samples, a line of the full
    width with an amount at its end, and a QR."""
    return Roll(tuple(_parts(lines, columns)), columns)


def _parts(lines: Sequence[str], columns: int) -> Iterator[RollPart]:
    for at, text in enumerate(lines):
        for line in wrapped(text, columns if at else columns // 2):
            yield RollLine(line, is_bold=not at, is_large=not at, is_centred=True)
    yield RollLine("-" * columns)
    for hangul in Hangul:
        for line in spread(hangul.value, SAMPLE, columns):
            yield RollLine(line, hangul=hangul)
    yield RollLine("-" * columns)
    for line in spread(f"{columns}", "12,000원", columns):
        yield RollLine(line)
    yield RollLine()
    yield RollCode(_CODE)
    yield RollLine()
