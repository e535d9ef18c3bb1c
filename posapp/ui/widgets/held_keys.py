"""Keys of actions that are held down now, on any window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent

_TYPES = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})

_K = Qt.Key
_KEYS = frozenset({_K.Key_F7, _K.Key_F8, _K.Key_Return, _K.Key_Enter, _K.Key_Space})


class HeldKeys(QObject):
    """Follows the presses and releases of F7, F8, Enter and Space in the whole application.

    A press that the scan filter delivers later is not counted again: only the window system's own
    events press a key.
    """

    released = Signal(object)
    """Carries the key that was released."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: set[int] = set()
        self._offered = 0

    @property
    def keys(self) -> frozenset[int]:
        """Return the keys that are down."""
        return frozenset(self._keys)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a press or release; pass every event on."""
        # By class first: every event of the program comes by, and a type is looked up in an enum.
        if not isinstance(event, QKeyEvent):
            return False
        kind = event.type()
        if kind not in _TYPES:
            return False
        key = event.key()
        if key not in _KEYS or event.isAutoRepeat():
            return False
        if kind is QEvent.Type.KeyRelease:
            self._keys.discard(key)
            self.released.emit(key)
        elif kind is QEvent.Type.ShortcutOverride:
            # A key that triggers a shortcut is offered, and its press never arrives.
            self._offered = key if key not in self._keys else self._offered
            self._keys.add(key)
        elif not event.spontaneous() and key == self._offered:
            self._keys.discard(key)  # delivered later: Qt has offered it once more
            self._offered = 0
        return False


def held_keys() -> HeldKeys:
    """Return the application's, as the first of its event filters.

    The scan filter delivers a release later, or never if the focus has moved: the release has to be
    noted before.
    """
    app = QCoreApplication.instance()
    if app is None:
        return HeldKeys()
    found = app.findChild(HeldKeys)
    held = found if isinstance(found, HeldKeys) else HeldKeys(app)
    app.installEventFilter(held)
    return held
