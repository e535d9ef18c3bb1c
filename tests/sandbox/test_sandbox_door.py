"""Another user of this machine neither turns the dial nor reads the books."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from posapp.sandbox import Sandbox
from posapp.sandbox.door import SECRET, SHORTEST, Door
from posapp.sandbox.serve import serve

ROOT = Path(__file__).parents[2]
BEHIND = [
    ("GET", "/sandbox/"),
    ("GET", "/sandbox/books"),
    ("GET", "/sandbox/books.json"),
    ("GET", "/sandbox/faults"),
    ("POST", "/sandbox/faults"),
    ("POST", "/sandbox/faults/release"),
    ("DELETE", "/sandbox/faults"),
    ("DELETE", "/sandbox/faults/1"),
    ("POST", "/sandbox/cancel"),
    ("POST", "/sandbox/payments"),
    ("GET", "/sandbox/nothing"),
]


def ask(sandbox, method, path, **kwargs):
    return requests.request(method, sandbox.api + path, timeout=5, allow_redirects=False, **kwargs)


@pytest.mark.parametrize(("method", "path"), BEHIND)
@pytest.mark.parametrize("shown", [None, "", "x", "wrong" * 9, "key", "cookie"])
def test_without_the_secret_nothing_is_shown_and_nothing_done(sandbox, paid, method, path, shown):
    headers = {"Accept": "application/json"}
    if shown == "key":  # the keys of the service open nothing here
        headers["X-Sandbox-Secret"] = sandbox.imp_secret
    elif shown == "cookie":
        headers["Cookie"] = f"sandbox_door={sandbox.dial_secret}"
    elif shown is not None:
        headers["X-Sandbox-Secret"] = shown
    before = sandbox.faults.to_plain()
    body = {"kind": "status", "imp_uid": paid, "amount": 1}
    form = {"data": body} if path == "/sandbox/cancel" else {"json": body}
    answer = ask(sandbox, method, path, headers=headers, **form)
    assert answer.status_code == 401
    assert list(answer.json()) == ["error"]
    assert paid not in answer.text
    assert sandbox.faults.to_plain() == before
    assert (sandbox.books.balance(paid), len(sandbox.books.payments())) == (12_000, 1)


@pytest.mark.parametrize(("method", "path"), BEHIND)
def test_with_the_secret_it_is_open(sandbox, method, path):
    answer = ask(sandbox, method, path, headers={"X-Sandbox-Secret": sandbox.dial_secret})
    assert answer.status_code != 401


def test_a_person_shows_the_secret_once(sandbox, paid):
    browser = requests.Session()
    html = {"Accept": "text/html"}
    closed = browser.get(sandbox.api + "/sandbox/books", headers=html, timeout=5)
    assert (closed.status_code, 'action="/sandbox/enter"' in closed.text) == (401, True)
    assert paid not in closed.text
    enter = sandbox.api + "/sandbox/enter"
    wrong = browser.post(enter, data={"secret": "wrong"}, timeout=5)
    assert (wrong.status_code, "올바르지 않습니다" in wrong.text) == (401, True)
    assert not browser.cookies
    opened = browser.post(enter, data={"secret": f" {sandbox.dial_secret}\n"}, timeout=5)
    assert (opened.status_code, paid in opened.text) == (200, True)
    (cookie,) = browser.cookies
    assert (cookie.path, cookie.has_nonstandard_attr("HttpOnly")) == ("/sandbox/", True)
    assert sandbox.dial_secret not in (cookie.value or "")
    form = {"imp_uid": paid, "amount": "2000"}
    browser.post(sandbox.api + "/sandbox/cancel", data=form, timeout=5)
    assert sandbox.books.balance(paid) == 10_000
    browser.close()


def test_calls_of_buyers_and_tills_stay_open(till, sandbox, paid):
    url = till.link("m-2")
    for address in (url, sandbox.api + "/pages.css"):
        assert requests.get(address, timeout=5).status_code == 200
    assert till.find("m-1").status_code == 200


def test_no_other_page_shows_the_secret(till, sandbox, paid):
    shown = [
        till.get("/sandbox/books").text,
        till.get("/sandbox/books.json").text,
        till.get("/sandbox/faults").text,
        requests.get(till.link("m-2"), timeout=5).text,
        repr(sandbox),
    ]
    assert all(sandbox.dial_secret not in text for text in shown)


def test_another_start_another_secret(tmp_path):
    keep = tmp_path / "books.json"
    first, second = Sandbox(keep=keep), Sandbox(keep=keep)
    assert first.imp_key == second.imp_key
    assert first.dial_secret != second.dial_secret
    assert first.dial_secret not in keep.read_text(encoding="utf-8")
    if os.name == "posix":
        assert keep.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("secret", ["short", "x" * (SHORTEST - 1), "비밀" * 20, "a b" * 20])
def test_a_secret_that_no_header_carries_is_refused(secret):
    with pytest.raises(ValueError, match="visible ASCII"):
        Door(secret)


def test_the_starting_process_hands_the_secret_over():
    secret = "handed-over-by-whoever-starts"
    with subprocess.Popen(
        [sys.executable, "-m", "posapp.sandbox.serve"],
        cwd=ROOT,
        env={**os.environ, SECRET: secret},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            reported = json.loads(process.stdout.readline())
            assert reported["dial_secret"] == secret
            dial = reported["api"] + "/sandbox/faults"
            headers = {"X-Sandbox-Secret": secret}
            assert requests.get(dial, headers=headers, timeout=5).status_code == 200
            assert requests.get(dial, timeout=5).status_code == 401
        finally:
            process.terminate()
            process.wait(10)


def test_a_secret_too_short_ends_with_1(monkeypatch, capsys):
    monkeypatch.setenv(SECRET, "short")
    assert serve([]) == 1
    captured = capsys.readouterr()
    assert ("visible ASCII" in captured.err, "short" in captured.err) == (True, False)
    assert io.StringIO(captured.out).read() == ""
