"""The QApplication: style, log messages, event loop."""

from __future__ import annotations

import gc
import logging
import os

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from posapp.ui.core.garbage import GuiCollector
from posapp.ui.core.theme import STYLE_ARGUMENTS, Theme

_log = logging.getLogger("qt")

USUAL_SIZE = "100"
"""Percent of the usual size of everything."""

_SCALE = "QT_SCALE_FACTOR"
"""Qt reads this variable once, when its application is made."""

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

    Args:
        text_size: percent of the usual size of everything, on top of the system's scale. It is
            fixed with the first one of a process.
    """

    def __init__(self, text_size: str = USUAL_SIZE) -> None:
        made = QApplication.instance()
        if not isinstance(made, QApplication):
            made = _make_application(text_size)
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


def _make_application(text_size: str) -> QApplication:
    """Make the application; a scale that the variable has already is kept."""
    is_given = _SCALE in os.environ
    if text_size != USUAL_SIZE and not is_given:
        os.environ[_SCALE] = f"{int(text_size) / 100:g}"
    try:
        return QApplication(["posapp", *STYLE_ARGUMENTS])
    finally:
        if not is_given:
            os.environ.pop(_SCALE, None)  # of this program, not of those that it starts


def _take_message(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    """Write Qt's own messages to the log, through the same redaction as all others."""
    _log.log(_LEVELS.get(kind, logging.WARNING), "%s", message)
