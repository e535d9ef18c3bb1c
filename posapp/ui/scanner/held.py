"""Events held until their origin is known: a person's are delivered, a scanner's are not."""

from __future__ import annotations

from dataclasses import dataclass, field

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QApplication, QWidget


@dataclass(slots=True)
class Held:
    """One event and its receiver.

    Attributes:
        writes: it produces text, and is delivered to the field that has the focus by then. Any
            other event goes to its original widget or is dropped: an Enter must not press a button
            that appeared after it was pressed.
    """

    receiver: QObject
    event: QEvent
    writes: bool = False
    had_focus: bool = field(init=False)

    def __post_init__(self) -> None:
        self.had_focus = self.receiver is QApplication.focusWidget()

    def go_on(self) -> None:
        """Deliver the event, if its receiver still exists and can be used."""
        receiver = self._receiver()
        if receiver is not None:
            QApplication.sendEvent(receiver, self.event)

    def _receiver(self) -> QObject | None:
        focused = QApplication.focusWidget()
        if self.writes and focused is not None:
            return focused
        if not shiboken6.isValid(self.receiver):
            return None
        if self.had_focus and self.receiver is not focused:
            return None
        parent = self.receiver
        widget = parent if isinstance(parent, QWidget) else parent.parent()
        if isinstance(widget, QWidget) and not _can_be_used(widget):
            return None
        return self.receiver


def _can_be_used(widget: QWidget) -> bool:
    modal = QApplication.activeModalWidget()
    behind = modal is not None and widget.window() is not modal
    return widget.isVisible() and widget.isEnabled() and not behind


def copy_of_key(event: QKeyEvent) -> QKeyEvent:
    """Return a copy of a key press or release, with its time."""
    copy = QKeyEvent(
        event.type(),
        event.key(),
        event.modifiers(),
        event.nativeScanCode(),
        event.nativeVirtualKey(),
        event.nativeModifiers(),
        event.text(),
        event.isAutoRepeat(),
        event.count(),
    )
    copy.setTimestamp(event.timestamp())
    return copy


def copy_of_shortcut(event: QShortcutEvent) -> QShortcutEvent:
    """Return a copy of a shortcut event."""
    return QShortcutEvent(event.key(), event.shortcutId(), event.isAmbiguous())


def copy_of_input(event: QInputMethodEvent) -> QInputMethodEvent:
    """Return a copy of an input method event."""
    copy = QInputMethodEvent(event.preeditString(), event.attributes())
    copy.setCommitString(event.commitString(), event.replacementStart(), event.replacementLength())
    return copy
