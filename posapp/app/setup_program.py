"""The program of an empty folder: the window of the set-up, before there is a shop to open."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posapp.app.desktop_app import REDACTOR
from posapp.app.setup_parts import make_setup
from posapp.domain.settings import Settings
from posapp.system.logging import start_log
from posapp.system.paths import Home
from posapp.system.single_instance import SingleInstance
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import TaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.settings.setup_window import SetupWindow
from posapp.ui.shell.application import Application
from posapp.ui.shell.error_dialog import ErrorDialog


def run_setup_window(root: Path, base: Settings, extra: Mapping[str, Any]) -> bool:
    """Show the set-up until the shop is ready or the window is closed; return whether it is ready.

    Args:
        base: the settings that variables and options give, and the defaults.
        extra: settings from options, which the new shop keeps.

    Raises:
        EnvironmentProblem: another program makes or has this shop open, or the log cannot be
            written.
    """
    home = Home(root)
    with SingleInstance(home.lock, home.database):
        app = Application()
        running_log = start_log(home.logs, REDACTOR)
        texts, theme = Translator(base.language), Theme(base.theme)
        app.set_type(theme)
        runner = TaskRunner()
        try:
            setup = make_setup(root, base, REDACTOR.learn, extra, is_held=True)
            window = SetupWindow(texts, theme, runner, setup)
            texts.translate_qt()
            app.apply_theme(theme)
            errors = ErrorDialog(texts, window, str(home.logs))
            runner.unexpected.connect(errors.report)
            window.ready.connect(window.close)
            window.showMaximized()
            app.collect_garbage()
            app.run()
            return setup.is_finished
        finally:
            runner.stop()
            app.end_collecting()
            running_log.close()
