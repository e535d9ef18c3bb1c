import contextlib
import io
import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import requests

from posapp.sandbox.serve import serve
from posapp.sandbox.server import Sandbox, lan_address
from tests.bounds import LONGEST_S

ROOT = Path(__file__).parents[2]
NAMES = {"api", "link_api", "imp_key", "imp_secret", "user_code", "channel_key", "dial_secret"}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGTERM ends a process at once on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_command_prints_one_line_serves_and_ends(tmp_path, number):
    keep = tmp_path / "books.json"
    command = [sys.executable, "-m", "posapp.sandbox.serve", "--keep", str(keep)]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        reported = json.loads(process.stdout.readline())
        assert set(reported) == NAMES
        keys = {"imp_key": reported["imp_key"], "imp_secret": reported["imp_secret"]}
        answer = requests.post(reported["api"] + "/users/getToken", json=keys, timeout=5)
        assert answer.json()["code"] == 0
        process.send_signal(number)
        rest, errors = process.communicate(timeout=LONGEST_S)
    assert (process.returncode, rest, errors) == (0, "", "")
    assert keep.exists()


def test_in_a_thread_until_it_is_stopped():
    stop, out = threading.Event(), io.StringIO()
    codes = []

    def run() -> None:
        with contextlib.redirect_stdout(out):
            codes.append(serve(["--seed-free", "--live"], stop=stop))

    thread = threading.Thread(target=run)
    thread.start()
    while not out.getvalue().endswith("\n"):
        assert thread.is_alive()
    reported = json.loads(out.getvalue())
    secret = {"X-Sandbox-Secret": reported["dial_secret"]}
    dial = requests.get(reported["api"] + "/sandbox/faults", headers=secret, timeout=5).json()
    assert dial["conduct"]["sandbox"] is False
    stop.set()
    thread.join()
    assert codes == [0]


def test_broken_file_is_reported_and_exits_with_1(tmp_path, capsys):
    keep = tmp_path / "books.json"
    keep.write_text("{", encoding="utf-8")
    assert serve(["--keep", str(keep)], stop=threading.Event()) == 1
    reported = capsys.readouterr()
    assert reported.out == ""
    assert "cannot read the kept books" in reported.err
    assert serve(["--port", "70000"], stop=threading.Event()) == 1


def test_in_the_local_network_the_addresses_carry_this_machines():
    with Sandbox(lan=True) as sandbox:
        assert sandbox.api == f"http://{lan_address()}:{sandbox.port}"
        here = f"http://127.0.0.1:{sandbox.port}/sandbox/books"
        secret = {"X-Sandbox-Secret": sandbox.dial_secret}
        assert requests.get(here, headers=secret, timeout=5).status_code == 200
