"""A double click that ends."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget


def double_click(widget: QWidget, place: QPoint | None = None) -> None:
    """Press and release twice. ``QTest.mouseDClick`` leaves the button down, and then no other
    widget, of later tests neither, is hovered over."""
    at = place if place is not None else widget.rect().center()
    none = Qt.KeyboardModifier.NoModifier
    QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, none, at)
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, none, at)
