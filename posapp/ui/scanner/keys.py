"""Classification of keys: producing text, ending a line, or triggering something."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_K, _M = Qt.Key, Qt.KeyboardModifier

_MODIFIERS = frozenset(
    {
        *(_K.Key_Shift, _K.Key_Control, _K.Key_Meta, _K.Key_Alt, _K.Key_AltGr),
        *(_K.Key_CapsLock, _K.Key_NumLock, _K.Key_ScrollLock, _K.Key_Super_L, _K.Key_Super_R),
        *(_K.Key_Hangul, _K.Key_Hangul_Hanja, _K.Key_Hangul_Jamo, _K.Key_Hangul_Romaja),
        *(_K.Key_Hangul_Jeonja, _K.Key_Hangul_Banja, _K.Key_Hangul_Special),
        *(_K.Key_Mode_switch, _K.Key_Multi_key, _K.Key_Kanji),
    }
)
_ENTER = frozenset({_K.Key_Return, _K.Key_Enter})
_STEPS = frozenset(
    {
        *(_K.Key_Up, _K.Key_Down, _K.Key_PageUp, _K.Key_PageDown),
        *(_K.Key_Tab, _K.Key_Backtab),
    }
)
"""Keys that move the focus or a row in a field too."""

_EDITING = frozenset(
    {
        *(_K.Key_Left, _K.Key_Right, _K.Key_Home, _K.Key_End),
        *(_K.Key_Backspace, _K.Key_Delete, _K.Key_Insert),
    }
)
"""Keys that change only the text or the cursor in a field, which a scan restores."""

_MOVES = _STEPS | _EDITING
_KEYPAD_MOVES = (_MOVES | {_K.Key_Clear}) - {_K.Key_Tab, _K.Key_Backtab, _K.Key_Backspace}
_EDITS = frozenset({_K.Key_A, _K.Key_C, _K.Key_V, _K.Key_X, _K.Key_Y, _K.Key_Z})
_LINE_ENDS = frozenset({"\r", "\n", "\r\n", "\t"})
_COMMAND = _M.ControlModifier | _M.AltModifier | _M.MetaModifier


_LEAVES = frozenset({_K.Key_Tab, _K.Key_Backtab})
"""Keys that move the focus; a scanner may send one of them before a code."""


def is_modifier(event: QKeyEvent) -> bool:
    """Return whether it is a modifier key, or a key of the input method (한/영, 한자)."""
    return event.key() in _MODIFIERS


def is_end(event: QKeyEvent) -> bool:
    """Return whether a scanner may end a code with it: Enter, Tab, CR, LF, as keys or as Ctrl+J."""
    return event.key() in _ENTER or event.key() == _K.Key_Tab or event.text() in _LINE_ENDS


def typed_text_of(event: QKeyEvent) -> str:
    """Return the text of the key, or empty."""
    text = event.text()
    return text if text.isprintable() and not event.modifiers() & _COMMAND else ""


def has_to_wait(event: QKeyEvent, *, in_field: bool) -> bool:
    """Return whether the key could trigger something and is therefore held.

    Its repetitions are dropped. ``in_field``: the focus is in a field.
    """
    if event.key() == _K.Key_Space:
        return not in_field
    if typed_text_of(event) or event.key() in _MOVES:
        return False
    return not (in_field and event.modifiers() & _COMMAND and event.key() in _EDITS)


def is_undone_by_nothing(event: QKeyEvent) -> bool:
    """Return whether the key cuts, copies, pastes or undoes: restoring a field does not undo that.

    The clipboard is not the field's, and what Ctrl+Z takes back may be the page's. It is held as
    the first key of a burst, and its repetitions pass.
    """
    is_command = bool(event.modifiers() & _COMMAND)
    return is_command and event.key() in _EDITS and event.key() != _K.Key_A


def is_move(event: QKeyEvent) -> bool:
    """Return whether the key moves the focus, which a scan could not restore.

    It is held as the first key of a burst, and its repetitions pass. Arrows pass at once, so that a
    person sees a list move with the key.
    """
    return event.key() in _LEAVES


def is_keypad_move(event: QKeyEvent) -> bool:
    """Return whether it is a key of the number pad that NumLock would turn into a digit."""
    return bool(event.modifiers() & _M.KeypadModifier) and event.key() in _KEYPAD_MOVES


def is_keypad_digit(event: QKeyEvent) -> bool:
    """Return whether it is a digit of the number pad."""
    return bool(event.modifiers() & _M.KeypadModifier) and event.text().isdigit()
