"""Events held until their origin is known: a person's are delivered, a scanner's are not."""

from __future__ import annotations

from dataclasses import dataclass, field

import shiboken6
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QShortcutEvent
from PySide6.QtWidgets import QApplication, QWidget

from posapp.ui.scanner.keys import is_move, typed_text_of


@dataclass(slots=True)
class Held:
    """One event and its receiver.

    Attributes:
        writes: it produces text, and is delivered to the field that has the focus by then. Any
            other event goes to its original widget or is dropped: an Enter must not press a button
            that appeared after it was pressed.
        moves: it is a key that may move the focus, and later events follow it there.
    """

    receiver: QObject
    event: QEvent
    writes: bool = False
    moves: bool = False
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


class HeldEvents:
    """Held events in the order of their arrival."""

    def __init__(self) -> None:
        self._held: list[Held] = []

    def __bool__(self) -> bool:
        return bool(self._held)

    def add_key(self, receiver: QWidget, event: QKeyEvent) -> None:
        """Hold a key press or release."""
        writes, moves = bool(typed_text_of(event)), is_move(event)
        self._held.append(Held(receiver, _copy_of_key(event), writes=writes, moves=moves))

    def add_shortcut(self, receiver: QObject, event: QShortcutEvent) -> None:
        """Hold what a key triggers."""
        copy = QShortcutEvent(event.key(), event.shortcutId(), event.isAmbiguous())
        self._held.append(Held(receiver, copy))

    def add_input(self, receiver: QWidget, event: QInputMethodEvent) -> None:
        """Hold a step of an input method."""
        self._held.append(Held(receiver, _copy_of_input(event), writes=True))

    def clear(self) -> None:
        """Drop all."""
        self._held.clear()

    def deliver(self) -> QWidget | None:
        """Deliver all, and return the widget to which a key such as Tab moved the focus, if any.

        What was pressed after that key was meant for the widget that has the focus then.
        """
        held, self._held = self._held, []
        moved_to = None
        for at, one in enumerate(held):
            before = QApplication.focusWidget()
            one.go_on()
            focused = QApplication.focusWidget()
            if one.moves and focused is not None and focused is not before:
                moved_to = focused
                for later in held[at + 1 :]:
                    if later.receiver is before:
                        later.receiver = focused
        return moved_to


def _can_be_used(widget: QWidget) -> bool:
    modal = QApplication.activeModalWidget()
    behind = modal is not None and widget.window() is not modal
    return widget.isVisible() and widget.isEnabled() and not behind


def _copy_of_key(event: QKeyEvent) -> QKeyEvent:
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


def _copy_of_input(event: QInputMethodEvent) -> QInputMethodEvent:
    copy = QInputMethodEvent(event.preeditString(), event.attributes())
    copy.setCommitString(event.commitString(), event.replacementStart(), event.replacementLength())
    return copy
