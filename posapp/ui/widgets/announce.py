"""Screen reader announcements of results."""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Announce ``text`` to screen readers; ``urgent`` interrupts the current speech.

    Where Qt has no announcements the widget's accessible name changes instead, which screen readers
    also report.
    """
    if not text:
        return
    make = getattr(QtGui, "QAccessibleAnnouncementEvent", None)  # since Qt 6.8
    if make is None:
        widget.setAccessibleName(text)
        return
    event = make(widget, text)
    politeness = QtGui.QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QtGui.QAccessible.updateAccessibility(event)
