"""Rows and columns of widgets, each made in one expression."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:  # not before the first window is painted: see posapp.ui
    from PySide6.QtCore import Qt

    Shared = tuple[QWidget | QLayout, int]
    Aligned = tuple[QWidget, int, Qt.AlignmentFlag]
    Part = QWidget | QLayout | int | Shared | Aligned

Margins = int | tuple[int, int, int, int]
"""Pixels on all sides, or at the left, at the top, at the right and below."""

Box = TypeVar("Box", bound=QBoxLayout)


def row(
    *parts: Part, on: QWidget | None = None, gap: int | None = None, margins: Margins = 0
) -> QHBoxLayout:
    """Return a box with parts from left to right.

    Args:
        parts: widgets and boxes; or pairs of one and its share of the room, with the alignment of
            a widget if there is one; or numbers: empty room of that share.
        on: the widget that it is the layout of; ``None``: it goes into another box.
        gap: pixels between the parts; ``None`` is the style's.
    """
    box = QHBoxLayout(on) if on is not None else QHBoxLayout()
    return _filled(box, parts, gap, margins)


def column(
    *parts: Part, on: QWidget | None = None, gap: int | None = None, margins: Margins = 0
) -> QVBoxLayout:
    """Return a box with parts from top to bottom; see ``row``."""
    box = QVBoxLayout(on) if on is not None else QVBoxLayout()
    return _filled(box, parts, gap, margins)


def _filled(box: Box, parts: tuple[Part, ...], gap: int | None, margins: Margins) -> Box:
    box.setContentsMargins(*(margins if isinstance(margins, tuple) else (margins,) * 4))
    if gap is not None:
        box.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            box.addStretch(part)
        elif isinstance(part, QWidget):
            box.addWidget(part)
        elif isinstance(part, QLayout):
            box.addLayout(part)
        elif isinstance(part[0], QLayout):
            box.addLayout(part[0], part[1])
        else:
            box.addWidget(part[0], *part[1:])
    return box
