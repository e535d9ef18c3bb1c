"""Where files are saved: the shop's own folder, named and opened."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths, Qt

from posapp.ui.core.save_folder import first_folder, folder_text, open_folder
from posapp.ui.widgets.saved_bar import SavedBar
from tests.ui.conftest import FileManager

PROGRAM = """
import sys
from posapp.app.shop_config import load_shop
from posapp.app.desktop_app import DesktopApp
running = DesktopApp(load_shop(sys.argv[1], {}), lambda *_: None, live=False)
print(running.counter._exports)
"""


def test_the_programs_window_saves_in_the_home_it_was_started_with(tmp_path: Path):
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "매장")],
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.strip() == str(tmp_path / "매장" / "exports")


def test_the_shops_folder_is_first_and_made_if_it_is_missing(tmp_path: Path):
    folder = tmp_path / "shop" / "exports"
    assert first_folder(folder) == str(folder)
    assert folder.is_dir()
    assert first_folder(folder) == str(folder)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_a_folder_that_is_made_is_private(tmp_path: Path):
    folder = Path(first_folder(tmp_path / "exports"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_made_gives_way_to_the_documents(tmp_path: Path, qapp):
    blocked = tmp_path / "exports"
    blocked.write_text("a file")
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert first_folder(blocked) == first_folder(None) == documents


def test_a_long_path_shows_its_end():
    path = Path("/srv") / ("매장" * 80) / "exports"
    shown = folder_text(path).replace("\u200b", "")
    assert shown.startswith("…") and shown.endswith("/exports") and len(shown) == 120
    assert folder_text(Path("/srv/한빛/exports")) == str(Path("/srv/한빛/exports"))


def test_a_path_with_control_characters_is_one_line():
    assert "\n" not in folder_text(Path("/srv/a\nb\u202ec"))


def test_a_folder_is_opened_by_the_systems_file_manager(file_manager: FileManager, tmp_path: Path):
    folder = tmp_path / "매장 #1 100%"
    folder.mkdir()
    assert open_folder(folder)
    assert file_manager.opened == [folder]


def test_a_folder_that_is_gone_is_not_opened(file_manager: FileManager, tmp_path: Path):
    assert not open_folder(tmp_path / "gone")
    assert file_manager.opened == []


def test_the_bar_opens_the_folder_without_a_key_of_its_own_and_follows_the_language(
    qtbot, texts, theme, file_manager: FileManager, tmp_path: Path
):
    bar = SavedBar(texts, theme)
    qtbot.addWidget(bar)
    bar.show_saved(lambda: texts("order_page.pdf_saved", name="a.pdf", folder=tmp_path), tmp_path)
    assert bar.isVisible()
    assert bar.button.key == "" and bar.button.shortcut().isEmpty()
    assert bar.button.focusPolicy() & Qt.FocusPolicy.TabFocus
    assert bar.text_label.text() == f"a.pdf에 저장했습니다. 폴더: {tmp_path}"
    assert bar.button.text() == "폴더 열기"
    bar.button.click()
    assert file_manager.opened == [tmp_path]
    texts.set_language("en")
    assert bar.button.text() == "Open folder"
    assert bar.text_label.text() == f"Saved as a.pdf. Folder: {tmp_path}"
    bar._timer.timeout.emit()
    assert not bar.isVisible()


def test_the_bar_tells_that_a_folder_cannot_be_opened(
    qtbot, texts, theme, file_manager: FileManager, tmp_path: Path
):
    bar = SavedBar(texts, theme)
    qtbot.addWidget(bar)
    gone = tmp_path / "gone"
    bar.show_saved(lambda: "saved", gone)
    bar.button.click()
    assert bar.text_label.text().replace("\u200b", "") == f"폴더를 열지 못했습니다: {gone}"
    assert bar.property("tone") == "error" and not bar.button.isVisible()
    assert file_manager.opened == []
