"""The QApplication: style, log messages, event loop."""

from __future__ import annotations

import gc
import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from posapp.ui.core.garbage import GuiCollector
from posapp.ui.core.theme import STYLE_ARGUMENTS, Theme

_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Application:
    """Creates the QApplication, before anything else of Qt, and runs its loop.

    A process has one: the shop's window takes over that of the set-up.
    """

    def __init__(self) -> None:
        made = QApplication.instance()
        if not isinstance(made, QApplication):
            made = QApplication(["posapp", *STYLE_ARGUMENTS])
        self.qt = made
        self.qt.setApplicationName("posapp")
        self.qt.setDesktopFileName("posapp")
        qInstallMessageHandler(_take_message)
        self._collector = GuiCollector()

    def set_type(self, theme: Theme) -> None:
        """Set the application font, before any widget is created."""
        theme.set_font(self.qt)

    def apply_theme(self, theme: Theme) -> None:
        """Apply a theme to all windows."""
        theme.apply(self.qt)

    def collect_garbage(self) -> None:
        """Collect garbage from now on, on the GUI thread, without all current objects: they live
        until the end, and a full collection of them would take 70 ms."""
        gc.freeze()
        self._collector.start()

    def end_collecting(self) -> None:
        """Let Python collect by itself again, once no thread works any more."""
        self._collector.stop()

    def run(self) -> int:
        """Run until the last window is closed; return the program's exit code."""
        return self.qt.exec()


def _take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write Qt's own messages to the log, through the same redaction as all others."""
    _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
