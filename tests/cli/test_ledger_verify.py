"""``posapp ledger verify`` also checks the Z reports of a shop, and their addenda."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from posapp import cli
from posapp.app.demo import open_demo
from posapp.app.shop_config import load_shop
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds


def close_a_shift(folder: Path) -> Path:
    """Make a demo shop that closed one shift without PortOne, and compared later; return its
    database."""
    (folder / "settings.toml").write_text('mode = "demo"\n', "utf-8")
    shop = load_shop(str(folder), {}, {"mode": "demo"})
    demo = open_demo(shop, SystemClock(), RandomIds, lambda: None)
    try:
        till = demo.container
        till.shift_service.open_shift(till.session.actor, 50_000)
        names = {one.key: "x" for one in till.closing_service.open_matters()}
        till.closing_service.close_shift(till.session.actor, {50_000: 1}, "", names)
        till.reconcile_job.run()
    finally:
        demo.close()
    return shop.home.database


def test_z_reports_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = close_a_shift(tmp_path)
    verify = ["ledger", "--home", str(tmp_path), "verify"]
    assert cli.main(verify) == 0
    assert "마감 정산(Z)에 이상이 없습니다. 1건을 확인했습니다." in capsys.readouterr().out
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TRIGGER z_reports_fixed")
        connection.execute("UPDATE z_reports SET body = replace(body, '50000', '40000')")
    assert cli.main(verify) == 1
    out = capsys.readouterr().out
    assert "마감 정산(Z) 1번이 맞지 않습니다: 내용이 바뀌었습니다." in out


def test_addenda_are_checked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = close_a_shift(tmp_path)
    verify = ["ledger", "--home", str(tmp_path), "verify"]
    assert cli.main(verify) == 0
    assert "추가 정산지에 이상이 없습니다. 1건을 확인했습니다." in capsys.readouterr().out
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TRIGGER z_addenda_fixed")
        connection.execute("UPDATE z_addenda SET body = replace(body, '\"found\":[]', '')")
    assert cli.main(verify) == 1
    out = capsys.readouterr().out
    assert "추가 정산지 1번이 맞지 않습니다: 내용이 바뀌었습니다." in out
