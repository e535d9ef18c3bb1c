"""The command ``posapp settings``, and settings as options of ``posapp run``."""

from __future__ import annotations

from pathlib import Path

import pytest

from posapp.cli import main
from posapp.domain.settings import SETTINGS

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in SETTINGS:
        monkeypatch.delenv(f"POSAPP_{setting.name.upper()}", raising=False)


def test_settings_are_listed_changed_and_reset(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str]:
        code = main(["settings", "--home", str(tmp_path), *words])
        return code, capsys.readouterr().out

    code, listed = run("list")
    assert code == 0
    assert [line.split(" = ")[0] for line in listed.splitlines()] == [one.name for one in SETTINGS]
    assert run("set", "link_seconds", "180") == (
        0,
        "설정을 바꿨습니다. QR 시간 300초 → 180초\n프로그램을 다시 시작하면 적용됩니다.\n",
    )
    assert "link_seconds = 180  *\n" in run("list")[1]
    assert run("get", "link_seconds") == (0, "180\n")
    assert run("set", "link_seconds", "180")[1] == "QR 시간 설정은 이미 이 값입니다.\n"
    assert run("set", "link_seconds", "5") == (
        1,
        "link_seconds: 60부터 1,800까지의 정수로 입력해 주세요.\n",
    )
    code, refused = run("set", "mode", "live")
    assert code == 1 and "posapp setup" in refused
    assert run("reset", "link_seconds")[0] == 0
    code, history = run("history")
    assert [line.rpartition(" · ")[2] for line in history.splitlines()] == [
        "QR 시간: 180초 → 300초",
        "QR 시간: 300초 → 180초",
    ]
    document = (ROOT / "docs/settings.md").read_text("utf-8")
    assert document.endswith(f"\n\n{run('table')[1]}")


@pytest.mark.parametrize("words", [("get", "link_seconds"), ("list",), ("table",), ("history",)])
def test_the_folder_is_named_before_or_after_the_subcommand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    home = ["--home", str(tmp_path)]
    assert main(["settings", "set", "link_seconds", "180", *home]) == 0
    assert "link_seconds = 180" in (tmp_path / "settings.toml").read_text("utf-8")
    capsys.readouterr()
    assert main(["settings", *home, *words]) == 0
    before = capsys.readouterr().out
    assert main(["settings", *words, *home]) == 0
    assert capsys.readouterr().out == before


def test_a_variable_that_counts_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSAPP_LINK_SECONDS", "240")
    main(["settings", "--home", str(tmp_path), "set", "link_seconds", "180"])
    assert "환경 변수나 옵션으로 정한 값이 우선합니다." in capsys.readouterr().out


def test_options_of_run_are_settings_and_refused_by_their_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["run", "--home", str(tmp_path), "--link-seconds", "5"]) == 1
    assert "--link-seconds: a whole number from 60 to 1800" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["run", "--home", str(tmp_path), "--imp-key", "x"])
