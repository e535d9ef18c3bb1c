"""The window opens where it was, and never larger than the screen."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QScrollArea

from posapp.ui.shell.main_window import BODY, SMALLEST, MainWindow
from posapp.ui.shell.window_place import restore_window_place, save_window_place


@pytest.fixture
def make(qtbot, texts, theme):
    def made() -> MainWindow:
        window = MainWindow(texts, theme, shop="한빛상점", live=False)
        qtbot.addWidget(window)
        return window

    return made


def test_the_first_size_fits_the_screen(make):
    window = make()
    room = window.screen().availableGeometry()
    assert window.width() <= room.width() and window.height() <= room.height()


def test_the_next_start_has_the_size_of_the_last_one(make, tmp_path):
    first, file = make(), tmp_path / "window.ini"
    first.resize(800, 600)
    save_window_place(first, file)
    second = make()
    assert second.size() != first.size()
    assert restore_window_place(second, file)
    assert second.size() == first.size()


@pytest.mark.parametrize("content", [None, b"", b"[window]\ngeometry=17\n", b"\xff\x00" * 500])
def test_a_file_that_says_nothing_usable_leaves_the_window(make, tmp_path, content):
    file = tmp_path / "window.ini"
    if content is not None:
        file.write_bytes(content)
    window = make()
    before = window.geometry()
    assert not restore_window_place(window, file)
    assert window.geometry() == before


def test_a_folder_that_cannot_be_written_stops_nothing(make, tmp_path):
    save_window_place(make(), tmp_path / "missing" / "window.ini" / "x")


def test_below_the_smallest_page_the_body_scrolls_and_the_bars_stay(qtbot, make):
    window = make()
    window.show()
    window.resize(800, 480)
    body = window.findChild(QScrollArea, BODY)
    qtbot.waitUntil(lambda: body.verticalScrollBar().maximum() > 0)
    assert body.horizontalScrollBar().maximum() > 0
    assert window.top_bar.width() == window.status_bar.width() == 800
    assert window.status_bar.geometry().bottom() == 479
    window.resize(*SMALLEST)
    qtbot.waitUntil(lambda: body.verticalScrollBar().maximum() == 0)
    assert body.horizontalScrollBar().maximum() == 0
