"""Import costs of the parts: nothing heavy is imported before it is needed
(docs/performance.md)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bounds import FOR_EVER_S

HEAVY = {
    *("PySide6", "sqlalchemy", "requests", "urllib3", "keyring"),
    *("alembic", "mako", "flask", "werkzeug", "qrcode"),
}


@pytest.mark.parametrize(
    ("module", "allowed"),
    [
        ("posapp.portone.settings", set()),
        ("posapp.portone.client", set()),
        ("posapp.portone.transport", {"requests", "urllib3"}),
        ("posapp.app.container", {"sqlalchemy"}),
        ("posapp.system.clock", set()),
        ("posapp.system.ids", set()),
        ("posapp.system.paths", set()),
        ("posapp.system.settings_writer", set()),
        ("posapp.system.logging", set()),
        ("posapp.system.single_instance", set()),
        ("posapp.system.doctor", set()),
        ("posapp.system.keyring_secrets", {"keyring"}),
    ],
)
def test_part_imports_only_its_own_library(module: str, allowed: set[str]) -> None:
    program = f"import sys, {module}; print(*{{name.partition('.')[0] for name in sys.modules}})"
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert HEAVY & set(ended.stdout.split()) == allowed


COLLECTS, PRIVATE = "(collects)", "(private)"

_START = """
import sys
from PySide6.QtCore import QTimer
from posapp import cli
from posapp.app import desktop_app
from posapp.ui.core.garbage import GuiCollector
from posapp.ui.shell import application


opener = desktop_app.open_live_shop


def open_live_shop(*arguments):
    print("opening", *["(private)"] * is_private())
    return opener(*arguments)


def is_private():
    import ctypes, resource
    PR_GET_DUMPABLE = 3
    kept = resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    return kept and (sys.platform != "linux" or ctypes.CDLL(None).prctl(PR_GET_DUMPABLE) == 0)


desktop_app.open_live_shop = open_live_shop


class Watched(desktop_app.CounterWindow):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.window.first_painted.connect(lambda: print_modules("painted"))
        self.ready.connect(self.end)

    def show_problem(self, error):
        raise SystemExit(repr(error))

    def end(self):
        print_modules("ready")
        QTimer.singleShot(0, self.end_later)  # after the program's own work at this moment

    def end_later(self):
        print_modules("after")
        self.window.close_without_asking()


def print_modules(moment):
    names = {name.partition(".")[0] for name in sys.modules}
    print(moment, *names, *["(collects)"] * len(collecting))


collecting = []


class Noted(GuiCollector):
    def start(self):
        super().start()
        collecting.append(self)


application.GuiCollector = Noted
desktop_app.CounterWindow = Watched
sys.exit(cli.main(["run", "--home", sys.argv[1]]))
"""
_SHOP = {
    "POSAPP_MODE": "test",
    "POSAPP_API_BASE": "http://127.0.0.1:9",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    "QT_QPA_PLATFORM": "offscreen",
}


def _start(home: Path) -> dict[str, set[str]]:
    """Start a shop's till until its services are attached; return the heavy packages imported at
    each moment, and whether garbage is collected then."""
    ended = subprocess.run(
        [sys.executable, "-c", _START, str(home)],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env=os.environ | _SHOP,
        timeout=FOR_EVER_S,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = [line.split() for line in ended.stdout.splitlines()]
    return {moment: (HEAVY | {COLLECTS, PRIVATE}) & set(names) for moment, *names in lines}


def test_start_of_an_opened_shop_imports_no_alembic_flask_or_requests(tmp_path: Path) -> None:
    """The first start is the twin: it creates the database by migrations."""
    first, again = _start(tmp_path), _start(tmp_path)
    assert {"alembic", "mako"} <= first["ready"]
    assert first["painted"] == again["painted"] == {"PySide6"}
    assert again["ready"] == {"PySide6", "sqlalchemy", "keyring"}
    assert COLLECTS in first["after"] & again["after"]


@pytest.mark.skipif(sys.platform == "win32", reason="nothing to set there")
def test_memory_is_private_before_the_services_read_a_key(tmp_path: Path) -> None:
    assert _start(tmp_path)["opening"] == {PRIVATE}


def test_pyside_keeps_no_source_of_what_is_imported_after_it() -> None:
    """Its own import would read, and keep, each module's source: 20 MiB until a till is ready."""
    program = (
        "import builtins, linecache\n"
        "import posapp.app.desktop_app, posapp.app.container\n"
        "import sqlalchemy, PySide6.QtCore\n"
        "print(builtins.__import__.__name__)\n"
        "ours = [n for n in linecache.cache if n.endswith('.py') and 'posapp' in n]\n"
        "print(*ours, *[n for n in linecache.cache if n.endswith('sqlalchemy/engine/base.py')])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert ended.stdout.splitlines() == ["__import__", ""]
