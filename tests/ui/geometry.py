"""What is wrong with the geometry of a window as it is shown now: cut, covered, too small."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

TARGET = 48
"""Smallest height in pixels of what is pressed."""

MAY_ELIDE = "mayElide"
"""Property of a label that may end in an ellipsis: its whole text is in its tooltip."""


def place_in(widget: QWidget, root: QWidget) -> QRect:
    """Return where a widget is, in the coordinates of the root."""
    return QRect(widget.mapTo(root, QPoint(0, 0)), widget.size())


def problems(root: QWidget) -> list[str]:
    """Return what is wrong with the visible widgets below the root, one line each."""
    found = []
    for widget in root.findChildren(QWidget):
        if widget.isVisible() and not _is_foreign(widget):
            found += [f"{_name(widget)}: {what}" for what in _wrong(widget, root)]
    return found


def _wrong(widget: QWidget, root: QWidget) -> Iterator[str]:
    here, parent = place_in(widget, root), widget.parentWidget()
    is_scrolled = _is_scrolled(widget, root)
    if not is_scrolled and not root.rect().contains(here):
        yield f"outside the window {here.getRect()}"
    elif parent is not None and not (_is_viewport(parent) or place_in(parent, root).contains(here)):
        yield f"outside its parent {here.getRect()} {place_in(parent, root).getRect()}"
    yield from _covered(widget)
    if isinstance(widget, QScrollArea):
        yield from _cut_sideways(widget)
    if isinstance(widget, QLabel):
        yield from _cut(widget)
    if isinstance(widget, (QAbstractButton, QLineEdit)) and parent is not None:
        yield from _pressed_with(widget, parent)
    if isinstance(widget, QAbstractButton) and widget.text():
        least = widget.minimumSizeHint()
        if least.width() > widget.width() or least.height() > widget.height():
            yield f"cut: {widget.size().toTuple()} of {least.toTuple()} ({widget.text()})"
    if isinstance(widget, (QAbstractButton, QLineEdit)) and widget.height() < TARGET:
        yield f"only {widget.height()} pixels high"


def _cut(label: QLabel) -> Iterator[str]:
    text = label.text()
    if not text:
        return
    if label.wordWrap():
        needed = label.heightForWidth(label.width())
        if needed > label.height():
            yield f"cut: {label.height()} of {needed} pixels high ({text[:40]})"
        return
    width = label.sizeHint().width()
    if width > label.width() and not label.property(MAY_ELIDE):
        yield f"cut: {label.width()} of {width} pixels wide ({text[:40]})"
    if label.sizeHint().height() > label.height():
        yield f"cut: {label.height()} of {label.sizeHint().height()} pixels high ({text[:40]})"


def _cut_sideways(area: QScrollArea) -> Iterator[str]:
    """Contents that are wider than an area without a bar to scroll them: an amount ends there."""
    inside, off = area.widget(), Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if inside is None or area.horizontalScrollBarPolicy() is not off:
        return
    room = area.viewport().width()
    if inside.width() > room:
        yield f"shows {room} of {inside.width()} pixels"


def _covered(widget: QWidget) -> Iterator[str]:
    """Pairs of neighbours in one layout that overlap; each pair is named once."""
    parent = widget.parentWidget()
    layout = parent.layout() if parent is not None else None
    if layout is None or layout.indexOf(widget) < 0 or type(layout).__name__ == "QStackedLayout":
        return
    for at in range(layout.indexOf(widget) + 1, layout.count()):
        other = layout.itemAt(at).widget()
        if (
            other is not None
            and other.isVisible()
            and other.geometry().intersects(widget.geometry())
        ):
            yield f"overlaps {_name(other)}"


def _pressed_with(widget: QWidget, parent: QWidget) -> Iterator[str]:
    """Buttons and fields of one parent that overlap, whatever layouts they are in; each pair is
    named once."""
    others = [
        one
        for one in parent.children()
        if isinstance(one, (QAbstractButton, QLineEdit)) and one.isVisible()
    ]
    for other in others[others.index(widget) + 1 :]:
        if other.geometry().intersects(widget.geometry()):
            yield f"overlaps {_name(other)}, which is pressed, too"


def _is_scrolled(widget: QWidget, root: QWidget) -> bool:
    """Return whether a widget is in what scrolls, below the root."""
    parent = widget.parentWidget()
    while parent is not None and parent is not root:
        if isinstance(parent, QAbstractScrollArea):
            return True
        parent = parent.parentWidget()
    return False


def _is_viewport(widget: QWidget) -> bool:
    """Return whether a widget shows a part of what is in it, and scrolls the rest."""
    area = widget.parentWidget()
    return isinstance(area, QAbstractScrollArea) and area.viewport() is widget


def _is_foreign(widget: QWidget) -> bool:
    """Return whether Qt made the widget itself, as part of another one."""
    parent = widget.parentWidget()
    return (
        isinstance(widget, QScrollBar)
        or widget.objectName().startswith("qt_")
        or isinstance(parent, QAbstractItemView)
    )


def _name(widget: QWidget) -> str:
    names = []
    at: QWidget | None = widget
    while at is not None and len(names) < 3:
        names.append(at.objectName() or type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)


def scrolls(area: QScrollArea) -> str:
    """Return by how many pixels the contents of an area do not fit, or empty."""
    down, right = area.verticalScrollBar().maximum(), area.horizontalScrollBar().maximum()
    return f"scrolls by {right} × {down} pixels" if down or right else ""
