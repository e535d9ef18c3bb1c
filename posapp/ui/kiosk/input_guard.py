"""What a buyer's hands can do: the few keys of the kiosk, and touches. All else is nothing.

Installed for the whole application before the scan filter, which Qt then asks first: what it
delivers as a person's keys comes by here, and no widget gets a key itself.
"""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.kiosk_keys import STANDARD_KEYS, KeyAct
from posapp.ui.core.app_filter import AppFilter
from posapp.ui.kiosk.kiosk_controller import KioskController
from posapp.ui.kiosk.kiosk_window import KioskWindow

_K, _M, _E = Qt.Key, Qt.KeyboardModifier, QEvent.Type

_PLAIN = (_M.NoModifier, _M.KeypadModifier)
_SIGNS = frozenset({_K.Key_Asterisk, _K.Key_NumberSign, _K.Key_Plus})
"""Keys that need Shift on most keyboards."""

_EXIT = _M.ControlModifier | _M.AltModifier

_KEYS = frozenset({_E.KeyPress, _E.KeyRelease, _E.ShortcutOverride, _E.Shortcut, _E.InputMethod})
_MOUSE = frozenset({_E.MouseButtonPress, _E.MouseButtonRelease, _E.MouseButtonDblClick})
_NEVER = frozenset(
    {
        *(_E.ContextMenu, _E.ToolTip, _E.WhatsThis, _E.QueryWhatsThis, _E.HelpRequest),
        *(_E.DragEnter, _E.DragMove, _E.Drop, _E.Wheel, _E.Quit),
        *(_E.Gesture, _E.GestureOverride, _E.NativeGesture),
    }
)
"""Events that no part of the kiosk gets."""


class InputGuard(AppFilter):
    """Hands the kiosk's keys and touches on, and swallows every other event of a hand.

    Args:
        keys: what the keys of the keypad do, by their names.
    """

    def __init__(
        self,
        window: KioskWindow,
        controller: KioskController,
        keys: Mapping[str, KeyAct] = STANDARD_KEYS,
    ) -> None:
        super().__init__(window)
        self._window, self._controller = window, controller
        self._acts = {_K[f"Key_{name}"]: act for name, act in keys.items()}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Decide on an event of a hand; pass all others on."""
        kind = event.type()
        if kind in _NEVER and not (kind is _E.Quit and self._window.may_close):
            event.ignore()
            return True
        if kind in _MOUSE and isinstance(event, QMouseEvent):
            return isinstance(watched, QWidget) and self._is_no_touch(event)
        if kind not in _KEYS or not isinstance(watched, QWidget):
            return False
        event.accept()
        if kind is _E.KeyPress and isinstance(event, QKeyEvent):
            self._take_key(event)
        return True

    def _is_no_touch(self, event: QMouseEvent) -> bool:
        if event.button() is not Qt.MouseButton.LeftButton:
            return True
        if event.type() is _E.MouseButtonRelease:
            QTimer.singleShot(0, self._controller, self._controller.touched)
        else:
            self._controller.hold()
        return False

    def _take_key(self, event: QKeyEvent) -> None:
        key, modifiers = _K(event.key()), event.modifiers()
        if key is _K.Key_K and modifiers == _EXIT and not event.isAutoRepeat():
            self._controller.touched()
            self._controller.ask_exit()
            return
        is_sign = key in _SIGNS and modifiers == _M.ShiftModifier
        if event.isAutoRepeat() or not (modifiers in _PLAIN or is_sign):
            return
        act = self._acts.get(key)
        if act is None and not _is_digit(key):
            return
        is_question = self._window.view.layout == "idle"
        self._controller.hold()  # what the key chooses does not count from the last touch
        if act is not KeyAct.BACK:
            self._window.keyed.emit()
        if act is KeyAct.PRESS:
            self._window.press_focused()
        elif act is KeyAct.BACK:
            if self._window.back.isVisible() and self._window.back.isEnabled():
                self._window.back.click()
        elif not is_question:
            self._act(act, key)
        self._controller.touched()

    def _act(self, act: KeyAct | None, key: Qt.Key) -> None:
        match act:
            case KeyAct.PREVIOUS | KeyAct.NEXT:
                self._window.move(1 if act is KeyAct.NEXT else -1)
            case KeyAct.REPEAT:
                self._window.repeat()
            case KeyAct.LOUDER | KeyAct.SOFTER:
                self._window.volume_stepped.emit(1 if act is KeyAct.LOUDER else -1)
            case KeyAct.FASTER | KeyAct.SLOWER:
                self._window.speed_stepped.emit(1 if act is KeyAct.FASTER else -1)
            case _:
                self._controller.type_digit(chr(key.value))
                self._window.focus_main()


def _is_digit(key: Qt.Key) -> bool:
    return _K.Key_0.value <= key.value <= _K.Key_9.value
