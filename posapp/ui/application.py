"""The one QApplication: its look, its messages, its end."""

from __future__ import annotations

import logging

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from posapp.ui.theme import STYLE_ARGUMENTS, Theme

_log = logging.getLogger("qt")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


class Application:
    """Makes the QApplication, before anything else of Qt, and runs its loop."""

    def __init__(self) -> None:
        self.qt = QApplication(["posapp", *STYLE_ARGUMENTS])
        self.qt.setApplicationName("posapp")
        self.qt.setDesktopFileName("posapp")
        qInstallMessageHandler(_take_message)

    def set_type(self, theme: Theme) -> None:
        """Give the application its typeface, before any widget is made."""
        theme.set_type(self.qt)

    def wear(self, theme: Theme) -> None:
        """Give every window this theme."""
        theme.apply(self.qt)

    def run(self) -> int:
        """Run until the last window is closed; the program's exit code."""
        return self.qt.exec()


def _take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Qt's own messages go into the log, through the same redaction as everything else."""
    _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
