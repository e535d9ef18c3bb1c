"""Output of a figure: ``name: value unit (target …) ok|miss``, one line each."""

from __future__ import annotations

import math
from collections.abc import Sequence

judged = True
"""Whether figures are measured; ``conftest.py`` sets it."""


def report_line(name: str, value: float, unit: str, most: float) -> bool:
    """Print a figure and whether it is within its target; a miss is visible and fails nothing.

    Args:
        most: the target, in the same unit.
    """
    if not judged:
        print(f"\n{name}: not measured")
        return True
    print(f"\n{line_of(name, value, unit, most)}")  # apart from pytest's dots
    return value <= most


def line_of(name: str, value: float, unit: str, most: float) -> str:
    """Return a figure as ``report_line`` prints it."""
    return f"{name}: {value:.{_places(value)}f} {unit} (target ≤ {most:g}) {_label(value <= most)}"


def median(values: Sequence[float]) -> float:
    """Return the middle value, or the mean of the two in the middle.

    Raises:
        ValueError: there are none.
    """
    return quantile(values, 0.5)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the quantile of this ``share``, interpolated linearly between two neighbours.

    Raises:
        ValueError: there are none.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    low, high = ordered[math.floor(place)], ordered[math.ceil(place)]
    return low + (high - low) * (place - math.floor(place))


def _places(value: float) -> int:
    return 2 if value < 10 else 1 if value < 100 else 0


def _label(met: bool) -> str:
    return "ok" if met else "miss"
