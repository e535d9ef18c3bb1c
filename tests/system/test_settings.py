"""Settings: file, environment and options; refused values; written choices."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from posapp.app.shop_config import till_config_of
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.label_patterns import parse_patterns
from posapp.domain.modes import Mode
from posapp.domain.money import Won
from posapp.domain.sale_rules import SaleRules
from posapp.domain.settings import SETTINGS, Settings, text_of
from posapp.system import atomic_file
from posapp.system.settings import load
from posapp.system.settings_writer import KEPT, KEPT_FOLDER, save_appearance, save_settings


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refused(path: Path, **how: dict[str, str]) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        load(path, **how)
    assert caught.value.code is EnvironmentCode.SETTINGS_BAD
    return caught.value.detail


def test_without_a_file_there_are_the_usual_values(path: Path) -> None:
    assert load(path) == Settings()
    assert Settings().mode is None


def test_options_win_over_the_environment_over_the_file(path: Path) -> None:
    path.write_text('shop_name = "파일"\ntheme = "dark"\npoll_ms = 500\n', encoding="utf-8")
    environ = {"POSAPP_SHOP_NAME": "환경", "POSAPP_POLL_MS": "700", "POSAPP_UNKNOWN": "x"}
    read = load(path, environ, {"shop_name": "옵션"})
    assert (read.shop_name, read.poll_ms, read.theme) == ("옵션", 700, "dark")


def test_every_setting_can_be_given_as_text(path: Path) -> None:
    usual = Settings(mode=Mode.TEST)
    texts = {one.name: text_of(getattr(usual, one.name)) for one in SETTINGS}
    assert load(path, None, texts) == usual
    assert load(path, {f"POSAPP_{name.upper()}": each for name, each in texts.items()}) == usual


@pytest.mark.parametrize(
    ("content", "rules"),
    [
        ("", (50, "")),
        ('scan_gap_ms = 20\nscan_prefix = "AIM"', (20, "AIM")),
        ('scan_gap_ms = 100\nscan_prefix = "~"', (100, "~")),
        ('scan_prefix = "]"', (50, "]")),
    ],
)
def test_settings_of_a_scanner(path: Path, content: str, rules: tuple[int, str]) -> None:
    path.write_text(content, encoding="utf-8")
    read = load(path)
    assert (read.scan_gap_ms, read.scan_prefix) == rules


def test_a_file_of_windows_with_a_mark_at_its_start_is_read(path: Path) -> None:
    path.write_bytes('\ufeffmode = "live"\r\nuser_code = "imp1"\r\n'.encode())
    assert load(path).live


@pytest.mark.parametrize(
    ("content", "name", "value"),
    [
        ('shop_name = "한빛\u200b상점\ufeff"', "shop_name", "한빛상점"),
        ('shop_name = "👩\u200d🍳 빵집"', "shop_name", "👩\u200d🍳 빵집"),
        ('owner_name = "\u3164"', "owner_name", ""),
        ('owner_name = "김\u2060가람"', "owner_name", "김가람"),
        ('printer = " HP 1 "', "printer", " HP 1 "),
    ],
)
def test_invisible_characters_of_a_text_are_dropped(
    path: Path, content: str, name: str, value: str
) -> None:
    path.write_text(content, "utf-8")
    assert getattr(load(path), name) == value


@pytest.mark.parametrize(
    ("content", "reported"),
    [
        ('\n# x\nshopname = "x"', "settings.toml line 3: shopname: unknown"),
        ("[shop]\nname = 'x'", "settings.toml line 1: shop: unknown"),
        ('theme = "dark"\ntheme = "light"\n', "line 2"),
        ("theme = dark", "line 1"),
        ('a = 1\ntheme = "pink"', "a: unknown"),
        ('\ntheme = "pink"', "line 2: theme: one of light, dark, contrast"),
        ("theme = 5", "line 1: theme"),
        ('mode = "real"', "mode: one of demo, test, live"),
        ('language = "KO"', "language"),
        ('shop_name = ""', "shop_name: a text of 1 to 40 characters"),
        ('shop_name = "a\\nb"', "shop_name"),
        *(
            (f'shop_name = "{blank}"', "shop_name: a text of 1 to 40 characters")
            for blank in ("   ", "\u3164", "\u2800", "\u200b", "\uffa0 \u115f", "\u200d\ufe0f")
        ),
        ("poll_ms = 0", "poll_ms: a whole number from 200 to 60000"),
        ("poll_ms = 2000.0", "poll_ms"),
        ("poll_ms = true", "poll_ms"),
        ('poll_ms = "2000"', "poll_ms"),
        ("link_seconds = 999999999999", "link_seconds"),
        ("scan_gap_ms = 19", "scan_gap_ms: a whole number from 20 to 100"),
        ("scan_gap_ms = 101", "scan_gap_ms: a whole number from 20 to 100"),
        *(
            (f'scan_prefix = "{given}"', "scan_prefix: one punctuation mark, AIM, or empty")
            for given in ("aim", "A", "7", " ", "~~", "ㅁ", "’", "]C1")
        ),
        ("scan_prefix = 5", "scan_prefix"),
        ('api_base = "api.iamport.kr"', "api_base"),
        ('api_base = "https://api.iamport.kr/"', "api_base"),
        ('api_base = "https://a@b"', "api_base"),
        ('api_base = "https://a:99999"', "api_base"),
        ('api_base = "ftp://a"', "api_base"),
        ("link_hosts = []", "link_hosts"),
        ('link_hosts = "impay.link"', "link_hosts"),
        ('link_hosts = ["impay.link/x"]', "link_hosts"),
        ("link_hosts = [5]", "link_hosts"),
        (
            'mode = "live"\napi_base = "http://127.0.0.1:1"',
            "api_base: https://api.iamport.kr only when live",
        ),
        (
            'mode = "live"\napi_base = "https://api.iamport.kr.example"',
            "api_base: https://api.iamport.kr",
        ),
        ('mode = "live"\napi_base = "https://api.iamport.co"', "api_base: https://api"),
        ('mode = "live"\napi_base = "https://api.iamport.kr:8443"', "api_base: https://api"),
        (
            'mode = "live"\nlink_base = "https://api.iamport.kr"',
            "link_base: https://api.iamport.co",
        ),
        ('mode = "live"\nlink_hosts = ["http://127.0.0.1:1"]', "link_hosts: https only"),
        ('\nimp_secret = "4711"', "line 2: imp_secret: a secret, which is kept in the keyring"),
        ('business_number = "124-81-00999"', "business_number: a business registration number"),
        ('business_number = "124-81-0099"', "business_number: a business registration number"),
        ("business_number = 1248100998", "business_number"),
        ("round_to = 10", "round_to: one of 1, 10, 100"),
        ("reserve_minutes = 15", "reserve_minutes: a whole number from 16 to 240"),
        ('label_patterns = "21PPPPPVVVVVC"', "label_patterns: patterns like 21PPPPPVVVVVC"),
        ("label_patterns = [21]", "label_patterns: patterns like 21PPPPPVVVVVC"),
        ('label_patterns = ["21PPPPP"]', "label_patterns: 13 letters like 21PPPPPVVVVVC"),
        ('label_patterns = ["21PPPPPVVVVVC", "21PPPPPWWWWWC"]', "label_patterns: no label"),
        (f"label_patterns = {['x'] * 11}", "label_patterns: at most 10 patterns"),
        ('tax_type = "none"', "tax_type: one of general, simplified, exempt"),
    ],
)
def test_a_bad_file_is_named_by_place_and_name(path: Path, content: str, reported: str) -> None:
    path.write_text(content, encoding="utf-8")
    assert reported in refused(path)


def test_bad_variables_and_options_are_named_by_their_names(path: Path) -> None:
    assert refused(path, environ={"POSAPP_THEME": "pink"}).startswith("POSAPP_THEME: ")
    assert refused(path, environ={"POSAPP_POLL_MS": "٣٠٠"}).startswith("POSAPP_POLL_MS: ")
    assert refused(path, options={"link_seconds": "-1"}).startswith("--link-seconds: ")
    assert refused(path, options={"nonsense": "1"}) == "--nonsense: unknown"


@pytest.mark.parametrize(
    "given", ["124-81-00998", "1248100998", "１２４－８１－００９９８", " 124 81 00998 "]
)
def test_a_business_number_is_taken_as_people_write_it(path: Path, given: str) -> None:
    path.write_text(f'business_number = "{given}"', encoding="utf-8")
    assert load(path).business_number == "124-81-00998"


def test_a_secret_in_the_file_is_named_as_one_and_not_repeated(path: Path) -> None:
    path.write_text('imp_key = "4711"\n', encoding="utf-8")
    assert "4711" not in refused(path)
    assert "4711" not in refused(path, options={"imp_secret": "4711"})


def test_a_secret_in_the_wrong_place_is_not_repeated(path: Path) -> None:
    assert "4711" not in refused(path, environ={"POSAPP_API_BASE": "secret 4711"})


def test_a_file_that_is_no_text_is_reported(path: Path) -> None:
    path.write_bytes(b'shop_name = "\xff\xfe"')
    assert "UTF-8" in refused(path)
    path.unlink()
    path.mkdir()
    with pytest.raises(EnvironmentProblem) as caught:
        load(path)
    assert caught.value.code is EnvironmentCode.FILE_UNREADABLE


def test_language_and_theme_are_kept_and_every_other_line_stays(path: Path) -> None:
    before = (
        "# 우리 설정\r\nshop_name = '달빛'   # 이름\r\n"
        "  language = 'ko' # 언어\r\n\r\npoll_ms = 900"
    )
    path.write_bytes(before.encode())
    save_appearance(path, language="en", theme="contrast")
    after = path.read_bytes().decode()
    assert after == before.replace("'ko'", '"en"') + '\r\ntheme = "contrast"\r\n'
    assert (load(path).language, load(path).theme, load(path).poll_ms) == ("en", "contrast", 900)


def test_a_choice_is_kept_without_a_file_too(path: Path) -> None:
    save_appearance(path, theme="dark")
    assert path.read_text() == 'theme = "dark"\n'
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


def test_nothing_is_written_when_nothing_changes(path: Path) -> None:
    path.write_text('theme = "dark"\n')
    before = path.stat().st_ino
    save_appearance(path, theme="dark")
    assert path.stat().st_ino == before


@pytest.mark.parametrize(
    "content",
    [
        'theme = """\ndark"""\n',
        '"theme" = "dark"\n',
        "x = '''\ntheme = \"a\"\n'''\n",
        "theme = [\n",
    ],
)
def test_a_file_that_a_machine_would_damage_is_left_alone(path: Path, content: str) -> None:
    path.write_text(content)
    with pytest.raises(EnvironmentProblem):
        save_appearance(path, theme="light")
    assert path.read_text() == content
    assert list(path.parent.iterdir()) == [path]


def test_a_bad_choice_is_not_written(path: Path) -> None:
    with pytest.raises(EnvironmentProblem):
        save_appearance(path, theme="pink")
    assert not path.exists()


def test_a_full_disk_leaves_the_old_file(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text('theme = "dark"\n')

    def full(descriptor: int) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(atomic_file.os, "fsync", full)
    with pytest.raises(EnvironmentProblem) as caught:
        save_appearance(path, theme="light")
    assert caught.value.code is EnvironmentCode.DISK_FULL
    assert path.read_text() == 'theme = "dark"\n'
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_a_linked_file_stays_a_link_and_keeps_its_mode(tmp_path: Path, path: Path) -> None:
    real = tmp_path / "real.toml"
    real.write_text('theme = "dark"\n')
    real.chmod(0o640)
    path.symlink_to(real)
    save_appearance(path, theme="light")
    assert path.is_symlink()
    assert load(path).theme == "light"
    assert real.stat().st_mode & 0o777 == 0o640


def test_every_kind_of_value_is_written_and_read_again(path: Path) -> None:
    path.write_text(
        "# 매장\nlink_seconds = 300 # 초\nlink_hosts = ['impay.link'] # 주소\n", encoding="utf-8"
    )
    changes = {
        "shop_name": 'a "b" \\ 한글 # 1',
        "link_seconds": 180,
        "link_hosts": ("impay.link", "http://127.0.0.1:5000"),
        "mode": Mode.TEST,
    }
    assert save_settings(path, changes) == load(path)
    read = load(path)
    assert {name: getattr(read, name) for name in changes} == changes
    text = path.read_text("utf-8")
    assert text.startswith("# 매장\nlink_seconds = 180 # 초\n")
    assert "# 주소" in text


def test_the_rules_of_the_counters_own_sale(path: Path) -> None:
    assert till_config_of(Settings()).sale == SaleRules()
    options = {
        "round_to": "100",
        "reserve_minutes": "30",
        "label_patterns": "21pppppvvvvvc, 22PPPPPWWWWWC",
        "discount_percent": "20",
        "discount_won": "10000",
    }
    read = load(path, None, options)
    patterns = ("21PPPPPVVVVVC", "22PPPPPWWWWWC")
    assert read.label_patterns == patterns
    rules = SaleRules(100, 30, 20, Won(10_000), parse_patterns(patterns))
    assert till_config_of(read).sale == rules
    assert save_settings(path, {"label_patterns": patterns}).label_patterns == patterns
    assert save_settings(path, {"label_patterns": ()}).label_patterns == ()
    assert load(path, None, {"label_patterns": ""}).label_patterns == ()


def test_a_setting_without_a_value_has_its_default_again(path: Path) -> None:
    path.write_text("# a\r\npoll_ms = 900 # b\r\ntheme = 'dark'\r\n", newline="")
    save_settings(path, {"poll_ms": None, "language": None})
    assert path.read_bytes() == b"# a\r\ntheme = 'dark'\r\n"
    assert load(path).poll_ms == Settings().poll_ms


def test_all_or_none_are_written(path: Path) -> None:
    path.write_text('theme = "dark"\n')
    with pytest.raises(EnvironmentProblem):
        save_settings(path, {"theme": "light", "poll_ms": 0})
    with pytest.raises(EnvironmentProblem) as caught:
        save_settings(path, {"mode": "live", "api_base": "https://example.com"})
    assert "api_base" in caught.value.detail
    assert path.read_text() == 'theme = "dark"\n'
    assert list(path.parent.iterdir()) == [path]


def test_the_newest_ten_older_files_are_kept(path: Path) -> None:
    for number in range(KEPT + 3):
        save_settings(path, {"poll_ms": 1000 + number})
    folder = path.parent / KEPT_FOLDER
    kept = {each.name: each.read_text() for each in folder.iterdir()}
    newest = KEPT + 1
    assert kept == {
        f"{age}.toml": f"poll_ms = {1000 + newest - age + 1}\n" for age in range(1, KEPT + 1)
    }
    save_appearance(path, theme="dark")
    assert {each.name: each.read_text() for each in folder.iterdir()} == kept


def test_nonsense_by_hand_is_not_written_over(path: Path) -> None:
    path.write_text('theme = "dark"\npoll_ms = "fast"\n')
    with pytest.raises(EnvironmentProblem) as caught:
        save_settings(path, {"theme": "light"})
    assert "line 2: poll_ms" in caught.value.detail
    assert path.read_text() == 'theme = "dark"\npoll_ms = "fast"\n'
