"""The commands as a shop owner types them: exit codes, words, and folders left in order."""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posapp import __version__, cli
from posapp.app.command_parser import build_parser
from posapp.cli import main
from tests.bounds import LONGEST_S
from tests.fakes.demo import make_demo
from tests.fakes.world import FakeClock

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "resources" / "demo"


def run(capsys, *arguments: str) -> tuple[int, str, str]:
    code = main(list(arguments))
    reported = capsys.readouterr()
    return code, reported.out, reported.err


def test_version_is_reported_without_loading_the_rest():
    answer = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "posapp", "--version"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=True,
    )
    assert __version__ in answer.stdout.split()
    for heavy in ("PySide6", "sqlalchemy", "requests", "flask", "keyring"):
        assert f" {heavy}\n" not in answer.stderr


def test_a_csv_is_imported_once_and_again_nothing_changes(capsys, tmp_path):
    file = DEMO / "order_lines.csv"
    code, out, _ = run(capsys, "import", "orders", str(file), "--sellers", "--home", str(tmp_path))
    assert code == 0
    assert "가져왔습니다" in out
    code, out, _ = run(capsys, "import", "orders", str(file), "--sellers", "--home", str(tmp_path))
    assert code == 0
    assert "주문 0건이 추가되었습니다" in out


def test_bad_row_is_reported_and_nothing_is_imported(capsys, tmp_path):
    good = (DEMO / "order_lines.csv").read_text("utf-8-sig").splitlines()
    columns = good[0].split(",")
    price = next(n for n, name in enumerate(columns) if name in ("price", "가격"))
    row = good[2].split(",")
    row[price] = "공짜"
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([*good[:2], ",".join(row), *good[3:]]), "utf-8")
    code, out, _ = run(
        capsys, "import", "orders", str(file), "--sellers", "--home", str(tmp_path / "shop")
    )
    assert code == 1
    assert "3행" in out
    assert "공짜" in out
    assert "아무것도 가져오지 않았습니다" in out
    database = sqlite3.connect(tmp_path / "shop" / "posapp.db")
    assert database.execute("SELECT count(*) FROM orders").fetchone() == (0,)
    database.close()


def test_the_good_rows_are_taken_when_requested(capsys, tmp_path):
    lines = (DEMO / "order_lines.csv").read_text("utf-8-sig").splitlines()
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([*lines, "x" + lines[-1]]), "utf-8")
    command = ("import", "orders", str(file), "--sellers", "--home", str(tmp_path / "shop"))
    code, out, _ = run(capsys, *command, "--on-error", "skip")
    assert code == 1
    assert "가져왔습니다" in out
    database = sqlite3.connect(tmp_path / "shop" / "posapp.db")
    assert database.execute("SELECT count(*) FROM orders").fetchone()[0] > 0
    database.close()


def test_a_check_writes_nothing(capsys, tmp_path):
    file = DEMO / "order_lines.csv"
    code, out, _ = run(
        capsys, "import", "orders", str(file), "--sellers", "--home", str(tmp_path), "--check"
    )
    assert code == 0
    assert "확인만" in out
    assert "추가됩니다" in out
    assert "가져왔습니다" not in out
    database = sqlite3.connect(tmp_path / "posapp.db")
    assert database.execute("SELECT count(*) FROM orders").fetchone() == (0,)
    database.close()


def test_check_reports_what_the_import_would_do_with_a_bad_row(capsys, tmp_path):
    lines = (DEMO / "order_lines.csv").read_text("utf-8-sig").splitlines()
    file = tmp_path / "orders.csv"
    file.write_text("\n".join([*lines, "x" + lines[-1]]), "utf-8")
    command = ("import", "orders", str(file), "--sellers", "--home", str(tmp_path / "shop"))
    code, out, _ = run(capsys, *command, "--check")
    assert code == 1
    assert "이대로는 가져올 수 없습니다" in out
    assert "추가됩니다" not in out
    code, out, _ = run(capsys, *command, "--check", "--on-error", "skip")
    assert code == 1
    assert "추가됩니다" in out
    assert "이대로는" not in out


def test_a_file_that_is_not_there_is_reported(capsys, tmp_path):
    code, _, err = run(
        capsys, "import", "orders", str(tmp_path / "none.csv"), "--home", str(tmp_path)
    )
    assert code == 1
    assert "none.csv" in err


def test_the_ledger_is_verified_and_the_first_wrong_row_is_named(capsys, tmp_path):
    home = str(tmp_path)
    make_demo(tmp_path)
    code, out, _ = run(capsys, "ledger", "verify", "--home", home)
    assert code == 0
    assert "장부에 이상이 없습니다" in out
    database = sqlite3.connect(tmp_path / "posapp.db")
    for (trigger,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger'"
    ).fetchall():
        database.execute(f'DROP TRIGGER "{trigger}"')
    database.execute("UPDATE ledger SET amount = amount + 1 WHERE seq = 7")
    database.commit()
    database.close()
    code, out, _ = run(capsys, "ledger", "verify", "--home", home)
    assert code == 1
    assert "7행" in out


def test_the_doctor_checks_a_demo_shop(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("POSAPP_MODE", "demo")
    code, out, _ = run(capsys, "doctor", "--home", str(tmp_path))
    assert code == 0, out
    assert "✓ 설정" in out
    assert "✓ 한글 글꼴" in out
    assert "데모 모드" in out


def test_doctor_gives_advice_when_portone_is_unreachable(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("POSAPP_MODE", "test")
    monkeypatch.setenv("POSAPP_API_BASE", "http://127.0.0.1:9")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    code, out, _ = run(capsys, "doctor", "--home", str(tmp_path))
    assert code == 1
    assert "✗ 키 보관함" in out
    assert "→" in out


@pytest.mark.parametrize("command", [["doctor"], ["ledger", "verify"]])
def test_bad_settings_are_named_with_their_line(capsys, tmp_path, command):
    (tmp_path / "settings.toml").write_text('shop_name = "가게"\npoll_ms = "soon"\n', "utf-8")
    code, _, err = run(capsys, *command, "--home", str(tmp_path))
    assert code == 1
    assert "poll_ms" in err
    assert "line 2" in err


def test_a_shop_that_is_open_in_another_program_is_not_touched(capsys, tmp_path):
    from posapp.system.single_instance import SingleInstance

    with SingleInstance(tmp_path / "posapp.lock"):
        code, _, err = run(
            capsys, "import", "orders", str(DEMO / "order_lines.csv"), "--home", str(tmp_path)
        )
    assert code == 1
    assert err
    assert not (tmp_path / "posapp.db").exists()


def test_usage_errors_end_with_2():
    with pytest.raises(SystemExit) as ended:
        main(["sell"])
    assert ended.value.code == 2


def test_the_sandbox_reports_its_address_in_one_line_of_json(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "posapp", "sandbox", "--home", str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        wanted = {"api", "link_api", "imp_key", "imp_secret", "user_code", "channel_key"}
        assert wanted <= set(reported)
    finally:
        process.terminate()
        process.wait(LONGEST_S)
        process.stdout.close()
    assert process.returncode == 0
    assert (tmp_path / "sandbox.json").exists()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_requests_are_exported_as_the_table_shows_them(capsys, tmp_path, ending):
    home = str(tmp_path / "shop")
    make_demo(Path(home))
    file = tmp_path / f"requests.{ending}"
    command = ("export", "requests", str(file), "--home", home, "--seller", "3")
    code, out, _ = run(capsys, *command)
    assert code == 0
    assert "저장했습니다" in out
    whole = file.stat().st_size
    code, out, _ = run(capsys, *command, "--state", "WAIT", "--kind", "REFUND")
    assert code == 0
    assert 0 < file.stat().st_size < whole


def test_export_for_a_user_without_sales_is_refused(capsys, tmp_path):
    home = str(tmp_path / "shop")
    make_demo(Path(home))
    file = tmp_path / "requests.csv"
    for seller, text in (("999999", "가입되지 않은 회원입니다."), ("101", "판매자가 아닙니다.")):
        code, _, err = run(
            capsys, "export", "requests", str(file), "--home", home, "--seller", seller
        )
        assert code == 1
        assert text in err
    assert not file.exists()


def test_invalid_date_is_reported(capsys, tmp_path):
    code, _, err = run(
        capsys,
        *("export", "requests", str(tmp_path / "r.csv"), "--home", str(tmp_path)),
        *("--seller", "3", "--from", "yesterday"),
    )
    assert code == 2
    assert "yesterday" in err


@pytest.mark.parametrize(
    "given",
    [["run"], ["demo"], ["run", "--home", "a b"], ["demo", "--home", "x"]],
    ids=" ".join,
)
def test_a_plain_start_is_parsed_as_by_the_parser(given: list[str]) -> None:
    assert cli._plain_start(given) == build_parser().parse_args(given)


@pytest.mark.parametrize(
    "given",
    [
        *([], ["run", "--home"], ["run", "--home", ""], ["run", "--home", "--help"], ["run", "-h"]),
        *(["run", "--home=x"], ["demo", "x"], ["doctor"], ["doctor", "--home", "x"], ["--version"]),
    ],
    ids=" ".join,
)
def test_all_else_is_left_to_the_parser(given: list[str]) -> None:
    assert cli._plain_start(given) is None


def leaves(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """Return the parsers that read the last words of a command."""
    acts = [one for one in parser._actions if isinstance(one, argparse._SubParsersAction)]
    below = [leaf for act in acts for one in act.choices.values() for leaf in leaves(one)]
    return below or [parser]


def test_every_command_takes_the_folder_after_its_last_word() -> None:
    parsers = leaves(build_parser())
    assert len(parsers) > 20
    without = [one.prog for one in parsers if "--home" not in one.format_help()]
    assert without == ["posapp sandbox"]  # which translates it: ``_without_home``


def test_the_last_day_of_an_export_is_in_it(capsys, tmp_path):
    """As the window reads it: a day to its last instant, a minute to its last."""
    home = str(tmp_path / "shop")
    make_demo(tmp_path / "shop")

    def times(*options: str) -> list[str]:
        file = tmp_path / "requests.csv"
        command = ("export", "requests", str(file), "--seller", "3", "--home", home)
        assert run(capsys, *command, *options)[0] == 0
        return [row[1] for row in csv.reader(file.read_text("utf-8-sig").splitlines()[1:])]

    every = times()
    day = every[0][:10]
    wanted = [at for at in every if at.startswith(day)]
    assert wanted
    for since, until in (
        (day, day),
        (day.replace("-", "/"), day.replace("-", ". ")),
        (f"{day} 00:00", f"{day}T23:59"),
        (f"{day} 오전 12:00", f"{day} 오후 11:59"),
        (f"{day}T00:00:00+09:00", wanted[0]),
    ):
        assert times("--from", since, "--to", until) == wanted


@pytest.mark.parametrize(
    ("until", "items"),
    [
        ("2026-11-28T23:59", ["102", "101", "100"]),
        ("2026-11-28", ["102", "101", "100"]),
        ("2026-11-28T23:58", ["101", "100"]),
        ("2026-11-27", ["100"]),
    ],
)
def test_a_request_in_the_last_minute_of_an_export_is_in_it(capsys, tmp_path, until, items):
    """The file's last request is of 23:59:30."""
    file = ROOT / "tests" / "importing" / "data" / "10-export-last-day.json"
    records = tmp_path / "records.json"
    # Requests come in once their payment is confirmed: here by a demo's stand-in for PortOne.
    text = file.read_text("utf-8").replace('"paid_at"', '"sandbox": true, "paid_at"')
    records.write_text(text, "utf-8")
    now = datetime(2026, 11, 28, 14, 59, 30, tzinfo=UTC)
    make_demo(tmp_path / "shop", records, FakeClock(now))
    home = ("--home", str(tmp_path / "shop"))
    file = tmp_path / "requests.csv"
    command = ("export", "requests", str(file), "--seller", "7", "--to", until)
    assert run(capsys, *command, *home)[0] == 0
    rows = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    item = rows[0].index("주문상품번호")
    assert [row[item] for row in rows[1:]] == items


EXPORT = ("export", "requests", "{home}/r.csv")
BAD_NUMBERS = ("9" * 20, "0", "-3", "abc", "9" * 5000)


@pytest.mark.parametrize(
    ("command", "option", "value"),
    [
        *((EXPORT, "--seller", value) for value in (*BAD_NUMBERS, "")),
        *(
            ((*EXPORT, "--seller", "3"), "--from", value)
            for value in ("yesterday", "2026-13-01", "28.11.2026")
        ),
        *(
            ((*EXPORT, "--seller", "3"), "--to", value)
            for value in ("2026-11-28 25:00", "2026-11-28T14:30+99:99")
        ),
        *((("staff", "add", "김하나"), "--seller", value) for value in (*BAD_NUMBERS, "")),
        *(
            (("import", "orders", str(DEMO / "order_lines.csv")), "--seller", value)
            for value in BAD_NUMBERS
        ),
        *((("import", "orders"), "--undo", value) for value in BAD_NUMBERS),
    ],
)
def test_a_bad_option_is_named_by_its_name(capsys, tmp_path, command, option, value):
    words = [part.format(home=tmp_path) for part in command]
    code, _, err = run(capsys, words[0], "--home", str(tmp_path), *words[1:], f"{option}={value}")
    assert code == 2
    assert option in err
    assert "Traceback" not in err and "설정" not in err
    assert not (tmp_path / "posapp.db").exists()


ON_A_CONSOLE = (
    ("doctor",),
    ("restore", "--list"),
    ("ledger", "verify"),
    ("backup",),
    ("import", "orders", "{data}/12-emoji-complaint.csv", "--on-error", "skip", "--sellers"),
    ("import", "orders", "--list"),
    ("export", "requests", "{home}/🍓.csv", "--seller", "3"),
    ("run",),
    ("kiosk",),
    ("--help",),
    ("import", "orders", "--help"),
    ("staff", "list"),
    ("settings", "list"),
    ("settings", "history"),
    ("support", "--to", "{home}/🍓.zip"),
    ("help",),
    ("setup",),
)
WITH_A_WINDOW = {"demo", "tour"}
"""Commands that stay open until their window is closed."""


def test_every_command_is_tried_on_a_narrow_console():
    tried = {command[0] for command in ON_A_CONSOLE if command != ("--help",)}
    assert sorted(tried | WITH_A_WINDOW) == sorted(cli._COMMANDS)
    assert not tried & WITH_A_WINDOW


@pytest.mark.parametrize("encoding", ["cp949", "ascii"])
@pytest.mark.parametrize("command", ON_A_CONSOLE)
def test_no_console_is_too_narrow_for_a_command(tmp_path, monkeypatch, encoding, command):
    monkeypatch.chdir(tmp_path)
    data = ROOT / "tests" / "importing" / "data"
    main(["import", "orders", str(data / "16-gift-zero-won.csv"), "--sellers", "--home",
          str(tmp_path)])  # fmt: skip
    main(["backup", "--home", str(tmp_path)])
    written = {}
    for name in ("stdout", "stderr"):
        written[name] = io.BytesIO()
        stream = io.TextIOWrapper(written[name], encoding=encoding, write_through=True)
        monkeypatch.setattr(sys, name, stream)
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    words = [part.format(data=data, home=tmp_path) for part in command]
    try:
        home = () if "--help" in words else ("--home", str(tmp_path))
        code = main([words[0], *home, *words[1:]])
    except SystemExit as end:
        code = end.code
    assert code in (0, 1)
    assert written["stdout"].getvalue() or written["stderr"].getvalue()


def test_columns_stand_in_the_help_and_a_template_can_be_filled(capsys, tmp_path):
    with pytest.raises(SystemExit):
        main(["import", "orders", "--help"])
    help_text = capsys.readouterr().out
    assert "order_id" in help_text and "주문번호" in help_text
    home = ("--home", str(tmp_path / "shop"))
    for name in ("a.csv", "a.xlsx"):
        file = tmp_path / name
        assert run(capsys, "import", "orders", "--template", str(file), *home)[0] == 0
        code, out, _ = run(capsys, "import", "orders", str(file), "--preview", "--sellers", *home)
        assert (code, "주문 1건이 추가됩니다" in out) == (0, True)
        # A file that is there is never overwritten.
        assert run(capsys, "import", "orders", "--template", str(file), *home)[0] == 1


def test_an_import_is_listed_and_taken_back(capsys, tmp_path):
    home = ("--home", str(tmp_path))
    file = DEMO / "order_lines.csv"
    code, out, _ = run(capsys, "import", "orders", str(file), "--sellers", *home)
    assert (code, "--undo 1" in out) == (0, True)
    assert "order_lines.csv" in run(capsys, "import", "orders", "--list", *home)[1]
    code, out, _ = run(capsys, "import", "orders", "--undo", "1", *home)
    assert (code, "되돌렸습니다" in out) == (0, True)
    code, _, err = run(capsys, "import", "orders", "--undo", "1", *home)
    assert (code, "이미 되돌렸습니다" in err) == (1, True)
    assert "되돌림" in run(capsys, "import", "orders", "--list", *home)[1]


def test_columns_are_mapped_by_options(capsys, tmp_path):
    home = ("--home", str(tmp_path / "shop"))
    assert (
        run(capsys, "import", "orders", str(DEMO / "order_lines.csv"), "--sellers", *home)[0] == 0
    )
    file = tmp_path / "other.csv"
    file.write_text("Order,When,Who,Goods,Won,Pieces\n77,2026-01-05,김민서,라떼,4500,1\n", "utf-8")
    maps = (
        "order_id=Order",
        "주문시각=When",
        "구매자=Who",
        "상품=Goods",
        "가격=Won",
        "수량=Pieces",
    )
    sets = ("buyer_id=auto", "product_id=auto", "상태=결제대기")
    options = [word for one in maps for word in ("--map", one)]
    options += [word for one in sets for word in ("--set", one)]
    with sqlite3.connect(tmp_path / "shop" / "posapp.db") as database:
        (seller,) = database.execute("SELECT min(id) FROM users WHERE status='SELLER'").fetchone()
    database.close()
    options += ["--seller", str(seller)]
    code, out, err = run(capsys, "import", "orders", str(file), *options, *home)
    assert (code, err) == (0, "")
    assert "주문 1건이 추가되었습니다" in out
    for bad in (("--map", "무엇=Order"), ("--map", "Order"), ("--set", "=1"), ("--seller", "x")):
        code, _, err = run(capsys, "import", "orders", str(file), *bad, *home)
        assert (code, bad[0] in err) == (2, True)
    code, _, err = run(capsys, "import", "orders", *home)
    assert (code, "FILE" in err) == (2, True)


@pytest.mark.parametrize("option", [(), ("--sellers",)])
def test_the_option_that_allows_sellers_is_named_where_it_would_help(capsys, tmp_path, option):
    file = ROOT / "tests" / "importing" / "data" / "12-emoji-complaint.csv"
    _, out, _ = run(capsys, "import", "orders", str(file), *option, "--home", str(tmp_path))
    assert ("--sellers" in out) == (option == ())
