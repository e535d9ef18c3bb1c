"""The first window uses Qt alone: everything else is imported after its first paint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, sys, tempfile
from PySide6 import QtCore, QtGui, QtWidgets
from posapp.app.shop_config import load_shop
from posapp.app.desktop_app import DesktopApp
running = DesktopApp(load_shop(tempfile.mkdtemp(), {}), lambda *_: None, live=False)
window = running.counter.window
window.first_painted.disconnect()
def painted():
    names = [n for n in ("Qt",) if n in vars(QtCore)]
    names += [n for n in ("QStyle", "QCommonStyle") if n in vars(QtWidgets)]
    buttons = window.findChildren(QtWidgets.QAbstractButton)
    families = sorted({QtGui.QFontInfo(each.font()).family() for each in buttons})
    print(json.dumps([sorted(sys.modules), names, families]))
    window.close_without_asking()
window.first_painted.connect(painted)
window.show()
running.app.run()
"""

HEAVY = {
    *("sqlalchemy", "alembic", "requests", "keyring", "qrcode", "flask", "hypothesis", "asyncio"),
    "socket",
}

RECORDS = {"posapp.domain.orders", "posapp.domain.payments", "posapp.domain.refunds"}
"""Records of a shop, of which the first window shows none: importing them takes 15 ms."""


def test_first_paint_imports_nothing_heavy_and_builds_no_large_enum():
    root = Path(__file__).parents[3]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)}
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    modules, names, families = json.loads(ended.stdout)
    tops = {name.partition(".")[0] for name in modules}
    assert "PySide6" in tops and not tops & HEAVY
    assert not set(modules) & RECORDS
    assert names == [], "see posapp/ui/__init__.py"
    assert families == ["Pretendard"]
