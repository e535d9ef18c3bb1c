"""Notices that a screen is plugged in or out, turned, moved, or scaled by other settings."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication, QScreen


class ScreenWatch(QObject):
    """Emits ``changed`` for every change of the screens, from its making on.

    A window gets its next screen after the signal: whoever places windows does so later.
    """

    changed = Signal()
    """A screen came, went, became the first one, or has another size, place or scale."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.screenAdded.connect(self._added)
            app.screenRemoved.connect(self.changed)
            app.primaryScreenChanged.connect(self.changed)
        for screen in QGuiApplication.screens():
            self._follow(screen)

    @Slot(QScreen)
    def _added(self, screen: QScreen) -> None:
        self._follow(screen)
        self.changed.emit()

    def _follow(self, screen: QScreen) -> None:
        screen.geometryChanged.connect(self.changed)
        screen.availableGeometryChanged.connect(self.changed)
        screen.logicalDotsPerInchChanged.connect(self.changed)
