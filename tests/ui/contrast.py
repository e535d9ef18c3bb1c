"""Texts and icons of a window that are too faint, by the pixels of its picture."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from posapp.ui.widgets.phase_icon import PhaseIcon
from tests.ui.foundation.picture_sheet import contrast_of_text
from tests.ui.geometry import place_in

LEAST, LEAST_CONTRAST, LEAST_ICON = 4.5, 7.0, 3.0
"""Contrast of a text, of a text in the contrast theme, and of an icon beside it (WCAG 2)."""


def faint(root: QWidget, theme: str) -> list[str]:
    """Return what is seen too faintly in the picture of a window, one line each.

    Args:
        theme: name of the theme that it wears.
    """
    image, found = root.grab().toImage(), []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        least = LEAST_CONTRAST if theme == "contrast" else LEAST
        if isinstance(widget, PhaseIcon):
            least = LEAST_ICON
        area = _area_of(widget, root)
        if not area.isEmpty() and (contrast := contrast_of_text(image, area)) < least:
            found.append(f"{theme}: {_name(widget)} has a contrast of {contrast:.1f} of {least}")
    return found


def _area_of(widget: QWidget, root: QWidget) -> QRect:
    """Return where the text or the icon of a widget is seen, without what is around it."""
    if isinstance(widget, PhaseIcon):
        inside = widget.rect()
    elif isinstance(widget, QLabel) and widget.text():
        inside = widget.contentsRect()
    elif isinstance(widget, QAbstractButton) and widget.text():
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic
        inside = widget.fontMetrics().boundingRect(widget.rect(), flags, widget.text())
    else:
        return QRect()
    seen = inside.intersected(widget.visibleRegion().boundingRect())
    if seen.height() < min(inside.height(), widget.fontMetrics().height()):
        return QRect()  # turned over: less than a line of it is seen
    return seen.translated(place_in(widget, root).topLeft())


def _name(widget: QWidget) -> str:
    text = widget.text() if isinstance(widget, (QAbstractButton, QLabel)) else ""
    return repr(text) if text else type(widget).__name__


def colours_in(root: QWidget, area: QRect) -> set[str]:
    """Return the names of the colours of an area of a window's picture."""
    image = root.grab(area).toImage()
    spots = (QPoint(x, y) for y in range(image.height()) for x in range(image.width()))
    return {image.pixelColor(spot).name() for spot in spots}
