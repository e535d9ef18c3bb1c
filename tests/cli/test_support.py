"""``posapp support``: what helps is in it, and nothing secret or personal."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import stat
import zipfile
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

from posapp import __version__
from posapp.app.support_command import _SHOWN_SETTINGS, pack_support
from posapp.cli import main
from posapp.store.files.database_facts import CODES, NAMES_OF_PROGRAM, personal_texts
from posapp.store.schema import SCHEMA_VERSION
from posapp.system.anonymiser import Anonymiser
from posapp.system.clock import SystemClock
from posapp.system.logging import Redactor
from tests.fakes.demo import make_demo

PHONES = ("010-1234-5678", "01012345678", "+82 10-1234-5678", "02-555-1234", "031)555-1234")
SECRETS = (
    "imp_secret=s3cretvalue99",
    "Authorization: Bearer tok3nvalue99",
    "'imp_key': 'k3yvalue99'",
)
MARK = re.compile(
    r"(?i)zq\w*mark|quillfeather|1234|5678|s3cret|tok3n|k3yvalue|chan-secret|mailmark"
)
LEAVES_NO = re.compile(r"[가-힣]|\\u[b-d][0-9a-f]{3}")


def marks_of(table: str, column: str) -> tuple[str, str, str]:
    """A name in Latin letters, a Korean one, and a reason of two lines."""
    name = f"zq{table}{column}mark".replace("_", "")
    return f"{name} Quillfeather", f"홍길동{name}", f"Call {name}\nat 010-1234-5678, a Quillfeather"


@pytest.fixture(scope="module")
def shop(tmp_path_factory) -> tuple[Path, dict[str, list[str]]]:
    """A demo shop of which every text that may be personal is marked."""
    home = tmp_path_factory.mktemp("hanas-shop")
    database = make_demo(home)
    marked: dict[str, list[str]] = {}
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        for (name,) in file.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
        ).fetchall():
            file.execute(f'DROP TRIGGER "{name}"')
        file.execute("PRAGMA ignore_check_constraints = ON")
        names = file.execute(
            "SELECT name, sql LIKE 'CREATE VIRTUAL%' FROM sqlite_schema WHERE type = 'table'"
        ).fetchall()
        indices = ("sqlite", *(name for name, is_index in names if is_index))
        for table, _ in names:
            if table in NAMES_OF_PROGRAM or table.startswith(indices):
                continue
            for _, column, kind, *_ in file.execute(f'PRAGMA table_info("{table}")').fetchall():
                if column in CODES or not kind.upper().startswith(("TEXT", "VARCHAR")):
                    continue
                first, second, third = marks_of(table, column)
                done = file.execute(
                    f'UPDATE "{table}" SET "{column}" = CASE rowid % 3'
                    " WHEN 0 THEN ? WHEN 1 THEN ? ELSE ? END",
                    (first, second, third),
                )
                if done.rowcount:
                    stored = file.execute(f'SELECT DISTINCT "{column}" FROM "{table}"')
                    marked[f"{table}.{column}"] = [text for (text,) in stored]
    logs = home / "logs"
    logs.mkdir(exist_ok=True)
    lines = [
        f"2026-11-29T02:20:55.123Z INFO posapp.x: order 1200, {one}" for one in (*PHONES, *SECRETS)
    ]
    lines.append(
        f"Traceback: File {home}/posapp.db; mail mailmark@example.com channel chan-secret-1"
    )
    for texts in marked.values():
        for text in texts:
            for form in (
                text,
                text.upper(),
                repr(text),
                json.dumps(text),
                quote(text),
                f"({text})",
            ):
                lines.append(
                    f"2026-11-29T02:21:00.000Z WARNING posapp.y: a task failed: {form} end"
                )
    (logs / "posapp.log").write_text("\n".join(lines), "utf-8")
    (logs / "posapp.log.1").write_text("an older line of 홍길동\n", "utf-8")
    (logs / "crash.log").write_text("Fatal Python error: Aborted\n", "utf-8")
    (home / "settings.toml").write_text(
        'mode = "demo"\nshop_name = "홍길동 베이커리"\nchannel_key = "chan-secret-1"\n', "utf-8"
    )
    return home, marked


@pytest.fixture(scope="module")
def packed(shop, tmp_path_factory) -> dict[str, str]:
    home, _ = shop
    file = tmp_path_factory.mktemp("out") / "pack.zip"
    assert pack_support(str(home), {}, file, SystemClock()).code == 0
    return contents(file)


def contents(file: Path) -> dict[str, str]:
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def test_names_phones_reasons_and_more_are_marked(shop):
    _, marked = shop
    expected = {"users.name", "users.phone", "users.email", "requests.reason", "refunds.reason"}
    assert expected <= set(marked), marked


def test_the_marks_would_be_found(shop):
    home, _ = shop
    log = (home / "logs" / "posapp.log").read_text("utf-8")
    assert len(set(MARK.findall(log.casefold()))) > 10 and LEAVES_NO.search(log)


def test_nothing_secret_or_personal_is_in_the_pack(packed, shop):
    home, _ = shop
    for name, text in packed.items():
        assert MARK.findall(text) == [], name
        assert LEAVES_NO.findall(text) == [], name
        assert str(home) not in text, name


def test_what_helps_is_in_the_pack(packed):
    assert set(packed) == {
        *("report.json", "doctor.txt", "logs/posapp.log", "logs/posapp.log.1", "logs/crash.log")
    }
    report = json.loads(packed["report.json"])
    assert report["versions"]["posapp"] == __version__
    assert report["database"]["schema"] == SCHEMA_VERSION
    assert report["database"]["rows"]["orders"] == 200
    assert report["settings"]["mode"] == "demo"
    assert report["settings"]["shop_name"] == report["settings"]["channel_key"] == "***"
    shown = {name for name, value in report["settings"].items() if value not in ("", "***")}
    assert shown <= _SHOWN_SETTINGS, "a new setting is hidden until it is listed"
    assert report["problems"] == {}
    assert "Database" in packed["doctor.txt"]
    assert "2026-11-29T02:21:00.000Z WARNING posapp.y: a task failed: " in packed["logs/posapp.log"]
    assert "order 1200" in packed["logs/posapp.log"], "numbers of orders stay"
    assert "Fatal Python error" in packed["logs/crash.log"]


@pytest.mark.skipif(os.name != "posix", reason="Windows knows no such bits")
def test_the_command_writes_a_file_of_this_user_only(shop, capsys):
    home, _ = shop
    before = os.umask(0)
    try:
        assert main(["support", "--home", str(home)]) == 0
    finally:
        os.umask(before)
    (file,) = (home / "exports").glob("posapp-support-*.zip")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(file) in capsys.readouterr().out
    assert not list((home / "exports").glob("*.part"))


def test_a_shop_that_does_not_open_gets_a_pack_too(tmp_path):
    home = tmp_path / "broken"
    (home / "logs").mkdir(parents=True)
    (home / "settings.toml").write_text('mode = "nonsense of 홍길동"', "utf-8")
    (home / "posapp.db").write_bytes(b"not a database, 010-1234-5678" * 100)
    file = tmp_path / "pack.zip"
    assert pack_support(str(home), {}, file, SystemClock()).code == 0
    packed = contents(file)
    report = json.loads(packed["report.json"])
    assert {"settings", "names", "database"} <= set(report["problems"])
    assert not any(MARK.search(text) or LEAVES_NO.search(text) for text in packed.values())


def test_an_empty_folder_gets_a_pack_too(tmp_path):
    file = tmp_path / "pack.zip"
    assert pack_support(str(tmp_path / "empty"), {}, file, SystemClock()).code == 0
    assert "report.json" in contents(file)


def test_the_logs_are_cleaned_by_what_the_database_knows_and_not_only_by_form():
    """The twin: a name in Latin letters has no form of its own."""
    anonymiser = Anonymiser(Redactor(), (Path("/shops/kim"),), "hana")
    line = "refund of Kim Quillfeather at /shops/kim/posapp.db by hana"
    assert anonymiser.clean(line) == "refund of Kim Quillfeather at ~1/posapp.db by ***"
    anonymiser.learn(["Kim Quillfeather", "Somebody Else", "of"], [line])
    assert anonymiser.clean(line) == "refund *** *** at ~1/posapp.db by ***"
    assert anonymiser.clean("Kimono") == "Kimono"


def test_texts_of_a_new_column_count_as_personal(tmp_path):
    database = make_demo(tmp_path)
    with closing(sqlite3.connect(database, isolation_level=None)) as file:
        file.execute("CREATE TABLE visitors (id INTEGER, nick VARCHAR(20), code INTEGER)")
        file.execute("INSERT INTO visitors VALUES (1, 'person:Quillfeather', 7)")
    assert "Quillfeather" in set(personal_texts(database))
