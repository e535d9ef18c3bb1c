"""Keys that are held down now, on any window."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent

_TYPES = frozenset({QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride})


class HeldKeys(QObject):
    """Follows the presses and releases of the whole application.

    A press that the scan filter delivers later is not counted again: only the window system's own
    events press a key.
    """

    released = Signal(object)
    """Carries the key that was released."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: set[int] = set()

    @property
    def keys(self) -> frozenset[int]:
        """Return the keys that are down."""
        return frozenset(self._keys)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note a press or release; pass every event on."""
        kind = event.type()
        if kind not in _TYPES or not isinstance(event, QKeyEvent) or event.isAutoRepeat():
            return False
        if kind is QEvent.Type.KeyRelease:
            self._keys.discard(event.key())
            self.released.emit(event.key())
        elif kind is QEvent.Type.ShortcutOverride or event.spontaneous():
            self._keys.add(event.key())
        return False


def held_keys() -> HeldKeys:
    """Return the application's, which is installed at the first call."""
    app = QCoreApplication.instance()
    if app is None:
        return HeldKeys()
    found = app.findChild(HeldKeys)
    if isinstance(found, HeldKeys):
        return found
    made = HeldKeys(app)
    app.installEventFilter(made)
    return made
