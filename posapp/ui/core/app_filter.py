"""An event filter of the whole program."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject


class AppFilter(QObject):
    """Base of those that see every event of the program. Qt asks the newest one first."""

    def install(self) -> None:
        """Begin to filter."""
        app = QCoreApplication.instance()
        if app is not None:
            app.installEventFilter(self)

    def remove(self) -> None:
        """End."""
        app = QCoreApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
