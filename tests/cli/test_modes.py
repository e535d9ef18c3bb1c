"""A folder without settings is no demo shop, and demo, test and live share no database."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from posapp.app.container import open_container
from posapp.app.demo import open_demo
from posapp.app.shop_config import gateway_settings_of, load_shop, till_config_of
from posapp.app.start_refusal import has_screen
from posapp.cli import main
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.store.shop_mode import mode_of
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from tests.fakes.demo import make_demo

ROOT = Path(__file__).resolve().parents[2]


def run_till(home: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    plain = {name: value for name, value in os.environ.items() if not name.startswith("POSAPP_")}
    return subprocess.run(
        [sys.executable, "-m", "posapp", "run", "--home", str(home)],
        cwd=ROOT,
        env={**plain, "QT_QPA_PLATFORM": "offscreen", **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("check", ["", 'language = "ko"\ntheme = "dark"\nshop_name = "가게"\n'])
def test_a_folder_without_settings_opens_nothing_and_names_the_two_ways(
    tmp_path: Path, check: str
) -> None:
    """Settings without a mode open no shop; the window keeps its look in the same file."""
    if check:
        (tmp_path / "settings.toml").write_text(check, "utf-8")
    done = run_till(tmp_path)
    assert done.returncode == 1
    assert "posapp demo" in done.stdout
    assert "posapp setup" in done.stdout
    assert str(tmp_path / "settings.toml") in done.stdout
    assert "mode" in done.stdout
    assert not (tmp_path / "posapp.db").exists()
    assert not (tmp_path / "sandbox.json").exists()


def test_the_set_up_opens_in_a_window_where_there_is_a_screen() -> None:
    assert has_screen("linux", {"DISPLAY": ":0"})
    assert has_screen("linux", {"WAYLAND_DISPLAY": "wayland-0"})
    assert has_screen("win32", {})
    assert not has_screen("linux", {})
    assert not has_screen("linux", {"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"})


def test_a_database_that_the_demo_made_is_refused_in_test_and_live(tmp_path: Path) -> None:
    make_demo(tmp_path)
    database = tmp_path / "posapp.db"
    assert mode_of(database) is Mode.DEMO
    for mode in ("test", "live"):
        shop = load_shop(str(tmp_path), {}, {"mode": mode})
        with pytest.raises(EnvironmentProblem) as problem:
            open_container(
                database,
                gateway_settings_of(shop.settings),
                till_config_of(shop.settings),
                _NoSecrets(),
                SystemClock(),
                RandomIds,
                lambda: None,
                mode=shop.mode,
                pin_secrets=_NoSecrets(),
            )
        assert problem.value.code is EnvironmentCode.DATABASE_OTHER_MODE
    make_demo(tmp_path)


def test_a_database_of_a_real_shop_is_refused_in_the_demo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('mode = "test"\n', "utf-8")
    lines = ROOT / "resources" / "demo" / "order_lines.csv"
    command = ["import", "orders", str(lines), "--home", str(tmp_path), "--sellers"]
    main(command)
    capsys.readouterr()
    assert mode_of(tmp_path / "posapp.db") is Mode.TEST
    with pytest.raises(EnvironmentProblem) as problem:
        open_demo(load_shop(str(tmp_path), {}), SystemClock(), RandomIds, lambda: None)
    assert problem.value.code is EnvironmentCode.DATABASE_OTHER_MODE
    with closing(sqlite3.connect(tmp_path / "posapp.db")) as file:
        assert file.execute("SELECT count(*) FROM payments").fetchone() == (0,)
    # A command, too, touches no database of another mode, and says it in words.
    (tmp_path / "settings.toml").write_text('mode = "live"\n', "utf-8")
    assert main(command) == 1
    assert "새 폴더" in capsys.readouterr().err


def test_doctor_reports_missing_setup_and_database_of_another_mode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("POSAPP_MODE", raising=False)
    assert main(["doctor", "--home", str(tmp_path)]) == 1
    reported = capsys.readouterr().out
    assert "✗ 설정" in reported
    assert "posapp demo" in reported
    make_demo(tmp_path)
    main(["doctor", "--home", str(tmp_path)])
    assert "데모 모드" in capsys.readouterr().out
    monkeypatch.setenv("POSAPP_MODE", "live")
    assert main(["doctor", "--home", str(tmp_path)]) == 1
    assert "✗ 데이터베이스" in capsys.readouterr().out


class _NoSecrets:
    def get(self, name: str) -> str:
        raise AssertionError(f"nobody may ask for {name}")

    def put(self, name: str, value: str) -> None:
        raise AssertionError(f"nobody may keep {name}: {value}")
