"""Clock, numbers and folders."""

from __future__ import annotations

import re
import stat
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.system import Clock, IdGenerator
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.system.paths import Home, default_root, resolve_home


def test_wall_clock_is_aware_and_monotonic_clock_only_rises() -> None:
    clock: Clock = SystemClock()
    assert clock.now().utcoffset() == timedelta(0)
    times = [clock.monotonic() for _ in range(1000)]
    assert times == sorted(times)
    assert all(type(each) is int for each in times)


def test_numbers_fit_portone_and_are_unguessable() -> None:
    ids: IdGenerator = RandomIds("0a1b2c")
    numbers = {ids.merchant_uid(46_655) for _ in range(2000)}
    assert len(numbers) == 2000
    for number in numbers:
        assert re.fullmatch(r"pos-0a1b2c-zzz-[a-z2-7]{25}", number)
        assert len(number) <= 40
    # Every place takes nearly every character: 26 places of 5 bits, 128 of them random.
    for place in range(15, 39):
        assert len({number[place] for number in numbers}) == 32


def test_tags_are_short_and_unique() -> None:
    tags = {RandomIds("0a1b2c").refund_tag(71) for _ in range(2000)}
    assert len(tags) == 2000
    assert all(re.fullmatch(r"\[RF-1Z-[A-Z2-7]{16}\]", tag) for tag in tags)


def test_a_home_holds_one_shop(tmp_path: Path) -> None:
    home = resolve_home(str(tmp_path / "가게"), {})
    home.make()
    home.make()
    root = tmp_path / "가게"
    assert (home.settings, home.database) == (root / "settings.toml", root / "posapp.db")
    assert (home.logs, home.exports, home.backups) == (
        root / "logs",
        root / "exports",
        root / "backups",
    )
    assert home.lock.parent == root
    if sys.platform != "win32":
        assert stat.S_IMODE(home.logs.stat().st_mode) == 0o700


def test_the_option_wins_over_the_environment_over_the_users_own(tmp_path: Path) -> None:
    environ = {"POSAPP_HOME": str(tmp_path / "b")}
    assert resolve_home(str(tmp_path / "a"), environ).root == tmp_path / "a"
    assert resolve_home(None, environ).root == tmp_path / "b"
    assert resolve_home(None, {}).root.name == "posapp"
    assert resolve_home("relative", {}).root.is_absolute()


@pytest.mark.parametrize(
    ("platform", "environ", "expected"),
    [
        ("linux", {}, "/u/.local/share/posapp"),
        ("linux", {"XDG_DATA_HOME": "/x"}, "/x/posapp"),
        ("linux", {"XDG_DATA_HOME": "x"}, "/u/.local/share/posapp"),
        ("darwin", {}, "/u/Library/Application Support/posapp"),
        ("win32", {"LOCALAPPDATA": "/l"}, "/l/posapp"),
        ("win32", {}, "/u/AppData/Local/posapp"),
    ],
)
def test_each_system_has_its_own_place(
    platform: str, environ: dict[str, str], expected: str
) -> None:
    assert default_root(platform, environ, Path("/u")) == Path(expected)


def test_a_file_in_the_way_is_reported(tmp_path: Path) -> None:
    (tmp_path / "logs").write_text("")
    with pytest.raises(EnvironmentProblem) as caught:
        Home(tmp_path).make()
    assert caught.value.code is EnvironmentCode.FILE_UNREADABLE
    assert "logs" in caught.value.detail
