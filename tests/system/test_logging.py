"""The log: no secret in any of its files, and nothing that ends unseen
(docs/faults.md, rows 67, 71)."""

from __future__ import annotations

import gc
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest

from posapp.domain.errors import EnvironmentProblem
from posapp.system import logging as system_logging
from posapp.system.logging import Redactor, RunningLog, start_log

SECRET = 'sec/ret+"0815 wxyz'
log = logging.getLogger("posapp.tests")


@pytest.fixture
def redactor() -> Redactor:
    made = Redactor()
    made.learn(SECRET)
    return made


@pytest.fixture
def reported() -> list[BaseException]:
    return []


@pytest.fixture
def running(
    tmp_path: Path, redactor: Redactor, reported: list[BaseException]
) -> Iterator[RunningLog]:
    started = start_log(tmp_path, redactor, level=logging.DEBUG, on_error=reported.append)
    yield started
    started.close()


def written(folder: Path) -> str:
    return "".join(path.read_text(encoding="utf-8") for path in sorted(folder.iterdir()))


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer hidden.4711-x",
        "{'Authorization': 'Bearer hidden.4711-x'}",
        "{'Authorization': 'hidden.4711-x'}",
        "('Authorization', 'Bearer hidden.4711-x')",
        "bearer   hidden.4711-x",
        '{"imp_key": "hidden.4711-x", "imp_secret":"hidden.4711-x"}',
        "imp_key=hidden.4711-x&imp_secret=hidden.4711-x&x=1",
        'payload: "{\\"imp_secret\\": \\"hidden.4711-x\\"}"',
        '{"response":{"access_token":"hidden.4711-x","now":1}}',
        'b\'{"access_token":"hidden.4711-x"}\'',
        "IMP_SECRET = hidden.4711-x",
    ],
)
def test_secrets_are_hidden_by_their_names(text: str) -> None:
    cleaned = Redactor().clean(text)
    assert "4711" not in cleaned
    assert "***" in cleaned


@pytest.mark.parametrize(
    "text", [SECRET, quote_plus(SECRET), json.dumps(SECRET), repr(SECRET), f"a{SECRET}b"]
)
def test_secrets_are_hidden_by_their_values_in_every_form(redactor: Redactor, text: str) -> None:
    assert "0815" not in redactor.clean(f"something: {text}")


def test_ordinary_text_stays(redactor: Redactor) -> None:
    text = "POST /payments/cancel: 12 ms, 200 CONFIRMED; tokens: 3; the bearer"
    assert redactor.clean(text) == text
    redactor.learn("ab")  # too short to be hidden by its value
    assert redactor.clean("cab") == "cab"


def test_fault_67_no_secret_reaches_any_file_by_any_way(
    running: RunningLog, tmp_path: Path
) -> None:
    log.info("argument %s", SECRET)
    log.info("mapping %(key)s", {"key": SECRET})
    log.info({"imp_secret": SECRET})
    log.info("stack", stack_info=True)
    log.info("bad %d %s", "not a number", SECRET)
    try:
        raise ValueError(SECRET) from KeyError(SECRET)
    except ValueError:
        log.exception("with its trace")
    thread = threading.Thread(target=lambda: 1 / len({SECRET} - {SECRET}), name=SECRET)
    thread.start()
    thread.join()
    sys.excepthook(RuntimeError, RuntimeError(f"Bearer {SECRET}"), None)
    running.close()
    text = written(tmp_path)
    assert "0815" not in text
    assert text.count("***") >= 7
    assert "ZeroDivisionError" in text
    assert "with its trace" in text


def test_foreign_text_makes_no_entry_of_its_own(running: RunningLog, tmp_path: Path) -> None:
    log.info("reason %s", "x\n2026-01-01T00:00:00.000Z CRITICAL root: forged\r\x1b[31m\u2028")
    log.info("이름 %s", "김하늘 \ud800")
    running.close()
    lines = written(tmp_path).splitlines()
    assert len(lines) == 2
    assert "\\n2026" in lines[0]
    assert "\\x1b" in lines[0]
    assert "김하늘" in lines[1]


def test_fault_71_uncaught_error_is_logged_and_reported(
    running: RunningLog, tmp_path: Path, reported: list[BaseException]
) -> None:
    class Broken:
        def __del__(self) -> None:
            raise RuntimeError("in a finaliser")

    def fail() -> None:
        raise LookupError("in a thread")

    def leave() -> None:
        sys.exit(3)

    sys.excepthook(ValueError, ValueError("in the main thread"), None)
    for work in (fail, leave):
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
    broken: Any = Broken()
    del broken
    gc.collect()
    running.close()
    text = written(tmp_path)
    for caption in ("in the main thread", "in a thread", "in a finaliser", "Broken"):
        assert caption in text
    assert "SystemExit" not in text
    assert [type(each) for each in reported] == [ValueError, LookupError]


def test_an_interrupt_is_no_bug(
    tmp_path: Path,
    redactor: Redactor,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
    running = start_log(tmp_path, redactor)
    sys.excepthook(KeyboardInterrupt, KeyboardInterrupt(), None)
    running.close()
    assert written(tmp_path) == ""
    assert "KeyboardInterrupt" in capsys.readouterr().err


def test_closing_puts_everything_back(tmp_path: Path, redactor: Redactor) -> None:
    root = logging.getLogger()
    before = (
        sys.excepthook,
        threading.excepthook,
        sys.unraisablehook,
        root.level,
        root.handlers[:],
    )
    start_log(tmp_path, redactor).close()
    after = (sys.excepthook, threading.excepthook, sys.unraisablehook, root.level, root.handlers[:])
    assert after == before


def test_files_are_turned_over_and_their_number_is_bounded(
    tmp_path: Path, redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(system_logging, "FILE_BYTES", 2000)
    running = start_log(tmp_path, redactor)
    for number in range(500):
        log.info("line %d of a log that goes on and on", number)
    running.close()
    files = list(tmp_path.glob("posapp.log*"))
    assert len(files) == system_logging.FILES_KEPT + 1
    assert all(path.stat().st_size <= 2000 for path in files)


def test_fault_71_a_crash_of_the_interpreter_leaves_its_trace(tmp_path: Path) -> None:
    program = (
        "import faulthandler, pathlib, sys\n"
        "from posapp.system.logging import Redactor, start_log\n"
        "start_log(pathlib.Path(sys.argv[1]), Redactor())\n"
        "faulthandler._sigabrt()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)],
        capture_output=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert ended.returncode != 0
    assert "Fatal Python error: Aborted" in (tmp_path / "crash.log").read_text()


def test_a_folder_that_cannot_be_written_is_a_problem(tmp_path: Path, redactor: Redactor) -> None:
    with pytest.raises(EnvironmentProblem):
        start_log(tmp_path / "missing", redactor)
