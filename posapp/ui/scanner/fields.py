"""Saves and restores a field around a scan."""

from __future__ import annotations

from collections.abc import Callable

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit

Field = QLineEdit | QTextEdit | QPlainTextEdit


def field_at(watched: QObject | None) -> Field | None:
    """Return the editable field that receives the keys, or ``None``."""
    fields = (QLineEdit, QTextEdit, QPlainTextEdit)
    if isinstance(watched, fields) and not watched.isReadOnly() and watched.isEnabled():
        return watched
    return None


def memory_of(field: Field) -> Callable[[], None]:
    """Save text, cursor and selection; return a function that restores them."""
    if isinstance(field, QLineEdit):
        return _memory_of_line(field)
    return _memory_of_text(field)


def drop_composing(field: Field) -> None:
    """Discard the composing syllable."""
    QApplication.sendEvent(field, QInputMethodEvent())
    QGuiApplication.inputMethod().reset()


def _memory_of_line(line: QLineEdit) -> Callable[[], None]:
    text, cursor, modified = line.text(), line.cursorPosition(), line.isModified()
    start, length = line.selectionStart(), line.selectionLength()

    def bring_back() -> None:
        if not shiboken6.isValid(line):
            return
        drop_composing(line)
        if line.text() != text:
            line.setText(text)
        if length > 0:
            at_start = cursor == start
            line.setSelection(
                start + length if at_start else start, -length if at_start else length
            )
        else:
            line.setCursorPosition(cursor)
        line.setModified(modified)

    return bring_back


def _memory_of_text(edit: QTextEdit | QPlainTextEdit) -> Callable[[], None]:
    text, cursor = edit.toPlainText(), edit.textCursor()
    position, anchor = cursor.position(), cursor.anchor()

    def bring_back() -> None:
        if not shiboken6.isValid(edit):
            return
        drop_composing(edit)
        if edit.toPlainText() != text:
            edit.setPlainText(text)
        back = edit.textCursor()
        back.setPosition(anchor)
        back.setPosition(position, QTextCursor.MoveMode.KeepAnchor)
        edit.setTextCursor(back)

    return bring_back
