"""What a screen reader is told without being asked: outcomes."""

from __future__ import annotations

from PySide6 import QtGui
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, words: str, *, urgent: bool = False) -> None:
    """Let a screen reader say ``words``; ``urgent`` interrupts what it is saying.

    Where Qt has no announcements the widget's name changes instead, which readers notice too.
    """
    if not words:
        return
    make = getattr(QtGui, "QAccessibleAnnouncementEvent", None)  # Qt 6.8 has it
    if make is None:
        widget.setAccessibleName(words)
        return
    event = make(widget, words)
    politeness = QtGui.QAccessible.AnnouncementPoliteness
    event.setPoliteness(politeness.Assertive if urgent else politeness.Polite)
    QtGui.QAccessible.updateAccessibility(event)
