"""A screen is unplugged, turned or scaled: the window stays on one, fits it, and shows its QR."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from PySide6.QtCore import QPoint, QSize

from posapp.ui.shell.main_window import LEAST, MainWindow
from tests.ui.counter.scaled_pages import ROOT, one_screen
from tests.ui.counter.screens_that_change import LIBRARY, NAMES

pytestmark = pytest.mark.slow


@pytest.mark.skipif(not LIBRARY.exists(), reason="Qt's library has another name here")
@pytest.mark.parametrize("state", ["home", "order", "requests", "pay_qr"])
def test_the_window_stays_on_a_screen_and_fits_it(tmp_path, state):
    """In a process of its own, whose platform has two screens; the second has a scale of 2."""
    screens = [
        one_screen(1366, 768, name=NAMES[0]),
        one_screen(3840, 2160, name=NAMES[1], x=1366, scale=2),
    ]
    described = tmp_path / "screens.json"
    described.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-m", "tests.ui.counter.screens_that_change", state],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={described}"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_window_beside_its_screen_comes_back_whole(qtbot, texts, theme):
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    room = window.screen().availableGeometry()
    window.setGeometry(room.translated(room.width() - 40, room.height() - 40))
    window.resize(room.size() + QSize(300, 200))
    window._screen_fit.fit()
    assert room.contains(window.frameGeometry())
    window.resize(*LEAST)
    window.move(QPoint(-90, -70))
    window._screen_fit.fit()
    assert room.contains(window.frameGeometry())
    assert window.size() == QSize(*LEAST).boundedTo(window.size()), "it is no smaller than it was"
