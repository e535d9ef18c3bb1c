"""Saves and restores a field around a scan, and says what a field does with one."""

from __future__ import annotations

from enum import StrEnum

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QLineEdit,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

Field = QLineEdit | QTextEdit | QPlainTextEdit


class ScanUse(StrEnum):
    """What a scan does while a field has the focus: the field's property ``scan``."""

    PAGE = ""
    """What the page does with it."""

    CODE = "code"
    """The field asks for a code, and takes it."""

    NUMBER = "number"
    """The field counts or is secret: the scan is ignored."""


def scan_use_of(widget: QWidget | None) -> ScanUse:
    """Return the property of the field; spin boxes and secret fields never take a scan."""
    if widget is None:
        return ScanUse.PAGE
    is_secret = isinstance(widget, QLineEdit) and widget.echoMode() != QLineEdit.EchoMode.Normal
    if is_secret or isinstance(widget, QAbstractSpinBox):
        return ScanUse.NUMBER
    return ScanUse(widget.property("scan") or "")


def write_code(field: QWidget, code: str) -> None:
    """Replace the text of a field that asks for a code, as if it was typed."""
    if isinstance(field, QLineEdit):
        field.selectAll()
        field.insert(code)


def field_at(watched: QObject | None) -> Field | None:
    """Return the editable field that receives the keys, or ``None``."""
    fields = (QLineEdit, QTextEdit, QPlainTextEdit)
    if isinstance(watched, fields) and not watched.isReadOnly() and watched.isEnabled():
        return watched
    return None


class LineMemory:
    """Text, cursor and selection of a line before the first key of a burst."""

    def __init__(self, line: QLineEdit) -> None:
        self._line = line
        self._text, self._cursor = line.text(), line.cursorPosition()
        self._start, self._length = line.selectionStart(), line.selectionLength()
        self._modified = line.isModified()
        self._with_key: str | None = None

    def note_first_key(self) -> None:
        """Note the text with the first key, to recognise changes that no key made."""
        if self._with_key is None and shiboken6.isValid(self._line):
            self._with_key = self._line.text()

    def bring_back(self, composed: str) -> None:
        """Restore the field, and keep the syllable that a person was composing.

        A text that the program wrote meanwhile (a page that opens empties its fields) stays.
        """
        line = self._line
        if not shiboken6.isValid(line):
            return
        _drop_composing(line)
        if line.text() not in (self._text, self._with_key):
            return
        if line.text() != self._text:
            line.setText(self._text)
        if self._length > 0:
            start, end = self._start, self._start + self._length
            at_start = self._cursor == start
            line.setSelection(end if at_start else start, start - end if at_start else end - start)
        else:
            line.setCursorPosition(self._cursor)
        line.setModified(self._modified)
        if composed:
            line.insert(composed)


class TextMemory:
    """Text, cursor and selection of a text of several lines: as ``LineMemory``."""

    def __init__(self, edit: QTextEdit | QPlainTextEdit) -> None:
        self._edit = edit
        self._text = edit.toPlainText()
        self._position, self._anchor = edit.textCursor().position(), edit.textCursor().anchor()
        self._with_key: str | None = None

    def note_first_key(self) -> None:
        """Note the text with the first key, to recognise changes that no key made."""
        if self._with_key is None and shiboken6.isValid(self._edit):
            self._with_key = self._edit.toPlainText()

    def bring_back(self, composed: str) -> None:
        """Restore the field, and keep the syllable that a person was composing."""
        edit = self._edit
        if not shiboken6.isValid(edit):
            return
        _drop_composing(edit)
        if edit.toPlainText() not in (self._text, self._with_key):
            return
        if edit.toPlainText() != self._text:
            edit.setPlainText(self._text)
        back = edit.textCursor()
        back.setPosition(self._anchor)
        back.setPosition(self._position, QTextCursor.MoveMode.KeepAnchor)
        if composed:
            back.insertText(composed)
        edit.setTextCursor(back)


FieldMemory = LineMemory | TextMemory


def memory_of(field: Field) -> FieldMemory:
    """Save text, cursor and selection."""
    return LineMemory(field) if isinstance(field, QLineEdit) else TextMemory(field)


def _drop_composing(field: Field) -> None:
    """Discard the composing syllable."""
    QApplication.sendEvent(field, QInputMethodEvent())
    QGuiApplication.inputMethod().reset()
