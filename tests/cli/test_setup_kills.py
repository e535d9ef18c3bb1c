"""A set-up that is killed before a question or a write goes on, and ends as if it had not been.

At every fourth of them; ``--every-place``: at each."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posapp.sandbox import Sandbox
from tests.bounds import FOR_EVER_S
from tests.fakes.setup_person import MANAGER

ROOT = Path(__file__).resolve().parents[2]

SHARE = 4

FEWEST = 30
"""Moments at least: questions, files on the disk and in place, keys."""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no fork there")
def test_every_moment_can_be_the_last_one(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    step = 1 if request.config.getoption("--every-place") else SHARE
    with Sandbox().start() as sandbox:
        wanted = {
            "mode": "test",
            "shop_name": "하나",
            "theme": "dark",
            "printer": "영수증",
            "user_code": sandbox.user_code,
            "channel_key": sandbox.channel_key,
        }
        given = {
            "variables": {
                "POSAPP_API_BASE": sandbox.api,
                "POSAPP_LINK_BASE": sandbox.link_api,
                "POSAPP_LINK_HOSTS": sandbox.api,
            },
            "answers": {
                **{"language": "1", "theme": "2", "start": "2", "shop_name": "하나"},
                **{"business_number": "", "owner_name": "", "shop_address": "", "shop_phone": ""},
                **{"tax_type": "1", "imp_key": sandbox.imp_key, "imp_secret": sandbox.imp_secret},
                **{"user_code": sandbox.user_code, "channel_key": "1"},
                **MANAGER,
                "printer": "영수증",
            },
            "settings": list(wanted),
        }
        ended = subprocess.run(
            [sys.executable, "-m", "tests.cli.setup_kills", str(tmp_path), str(step)],
            cwd=ROOT,
            input=json.dumps(given),
            capture_output=True,
            text=True,
            timeout=FOR_EVER_S,
            check=False,
        )
        host = sandbox.api.removeprefix("http://")
        keys = {f"imp_key@{host}": sandbox.imp_key, f"imp_secret@{host}": sandbox.imp_secret}
    assert ended.returncode == 0, ended.stdout[-2000:] + ended.stderr[-2000:]
    rounds = [json.loads(line) for line in ended.stdout.splitlines()]
    assert len(rounds) > FEWEST / step
    for number, one in enumerate(rounds, start=1):
        is_last = number == len(rounds)
        assert (one["first"], one["second"]) == ((0, None) if is_last else (-9, 0)), number
        assert one["settings"] == wanted, number
        pepper = one["keys"].pop("pin_pepper")
        assert len(pepper) == 64, number
        assert (one["keys"], one["left"], one["shop"]) == (keys, [], "test"), number
        assert one["staff"] == [["이서준", "MANAGER"]], number
