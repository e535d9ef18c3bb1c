"""The first window is made of Qt alone: everything else is imported behind it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import json, sys
from PySide6 import QtCore, QtWidgets
app = QtWidgets.QApplication(["posapp", "-style", "fusion"])
from posapp.ui.i18n import Texts
from posapp.ui.theme import Theme
from posapp.ui.main_window import MainWindow
from posapp.ui.screens.home import HomeScreen
texts, theme = Texts(), Theme()
theme.apply(app)
window = MainWindow(texts, theme, shop="한빛상점", live=False)
window.add_screen("home", HomeScreen(texts, theme))
def painted():
    names = [n for n in ("Qt",) if n in vars(QtCore)]
    names += [n for n in ("QStyle", "QCommonStyle") if n in vars(QtWidgets)]
    print(json.dumps([sorted(sys.modules), names]))
    app.quit()
window.first_painted.connect(painted)
window.show()
app.exec()
"""

HEAVY = ("sqlalchemy", "alembic", "requests", "keyring", "qrcode", "flask", "hypothesis", "asyncio")


def test_nothing_heavy_is_imported_and_no_great_enum_is_made_before_the_first_paint():
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
    modules, names = json.loads(ended.stdout)
    tops = {name.partition(".")[0] for name in modules}
    assert "PySide6" in tops and not tops & set(HEAVY)
    assert names == [], "see posapp/ui/__init__.py"
