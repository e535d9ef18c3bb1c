"""The size of everything: chosen on two pages and in the set-up, used by the next start."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posapp import cli
from posapp.app.shop_config import load_shop
from posapp.domain.modes import Mode
from posapp.services.session import Session
from posapp.system.settings_writer import save_settings
from posapp.ui.core.theme import Theme
from posapp.ui.home.appearance_screen import AppearanceScreen

SCALE = """
import os
from posapp.ui.shell.application import Application
app = Application({size!r})
print(app.qt.primaryScreen().devicePixelRatio(), os.environ.get("QT_SCALE_FACTOR", "-"))
"""


@pytest.mark.parametrize(
    ("size", "given", "said"),
    [
        ("100", "", "1.0 -"),
        ("125", "", "1.25 -"),
        ("150", "", "1.5 -"),
        ("150", "2", "2.0 2"),
    ],
)
def test_everything_grows_with_the_size_of_texts(size: str, given: str, said: str) -> None:
    environ = {key: value for key, value in os.environ.items() if key != "QT_SCALE_FACTOR"}
    environ |= {"QT_QPA_PLATFORM": "offscreen"} | ({"QT_SCALE_FACTOR": given} if given else {})
    command = [sys.executable, "-c", SCALE.format(size=size)]
    run = subprocess.run(command, env=environ, capture_output=True, text=True, check=True)
    assert run.stdout.split() == said.split(), "children of the program get no scale of ours"


def test_the_page_chooses_a_size_and_follows_another_choice(
    qtbot, texts, theme: Theme, instant
) -> None:
    page = AppearanceScreen(texts, theme, instant, None, Session())
    qtbot.addWidget(page)
    assert page.text_size.key == "100"
    with qtbot.waitSignal(theme.text_size_chosen):
        page.text_size.segments[1].click()
    assert theme.text_size == "125"
    theme.choose_text_size("150")
    assert page.text_size.key == "150"


@pytest.mark.parametrize(("size", "starts"), [("100", []), ("150", [["run", "--home", "HOME"]])])
def test_a_size_chosen_in_the_set_up_begins_the_program_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: str, starts: list[list[str]]
) -> None:
    def make_shop(home: str, _given: object) -> bool:
        save_settings(Path(home) / "settings.toml", {"mode": Mode.TEST, "text_size": size})
        return True

    begun: list[list[str]] = []
    opened: list[str] = []
    monkeypatch.setattr(sys, "argv", ["posapp", "run", "--home", str(tmp_path)])
    monkeypatch.setattr(cli, "_make_shop", make_shop)
    monkeypatch.setattr("posapp.app.start_refusal.has_screen", lambda *_: True)
    monkeypatch.setattr(cli, "_run_window", lambda shop: opened.append(shop.settings.text_size))
    monkeypatch.setattr(os, "execv", lambda program, words: begun.append([program, *words]))
    monkeypatch.setattr(cli, "_start_again", _stop_after(cli._start_again))
    try:
        cli._run(cli._parse(["run", "--home", str(tmp_path)]))
    except SystemExit:
        assert opened == []
    else:
        assert opened == [size]
    words = [[word.replace("HOME", str(tmp_path)) for word in line] for line in starts]
    assert begun == [[sys.executable, sys.executable, "-m", "posapp", *line] for line in words]
    assert load_shop(str(tmp_path), {}).settings.text_size == size


def _stop_after(act):
    """What execv does: nothing comes after it."""

    def acted(arguments: list[str]) -> None:
        act(arguments)
        raise SystemExit

    return acted
