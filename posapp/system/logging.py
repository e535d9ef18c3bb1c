"""The log: rotating files without secrets, and handlers for uncaught exceptions.

An uncaught exception (in the main thread, in another, in a finaliser) is logged with its trace; a
crash of the interpreter itself leaves its trace in ``crash.log``.
"""

from __future__ import annotations

import faulthandler
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any, TextIO
from urllib.parse import quote, quote_plus

from posapp.system.disk import disk_problem_of

_log = logging.getLogger(__name__)

FILE_BYTES = 2_000_000
FILES_KEPT = 5
_NUMBERS = range(1, FILES_KEPT + 1)
HIDDEN = "***"
SHORTEST = 4
"""Characters; a shorter secret is not hidden by its value, since that would hide half the log."""

_NAMED = re.compile(
    r"""((?:imp_key|imp_secret|access_token|authorization|api_secret|password)
        [\\"']*\s*[:=,]\s*[\\"'(]*\s*(?:bearer\s+)?)[^\s"'\\,;&}\])]+""",
    re.IGNORECASE | re.VERBOSE,
)
_BEARER = re.compile(r"(\bbearer\s+)[^\s\"'\\,;&}\])]+", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class Redactor(logging.Filter):
    """Hides secrets in text, by their names and by their values. Thread-safe.

    As a filter, it cleans a record and its trace before any handler formats it, and keeps a message
    on one line, so that foreign text cannot imitate another entry.
    """

    def __init__(self) -> None:
        super().__init__()
        self._values: tuple[str, ...] = ()
        self._lock = threading.Lock()

    def learn(self, secret: str) -> None:
        """Hide this value from now on, including its forms in a URL and in JSON."""
        if len(secret) < SHORTEST:
            return
        import json  # no secret is learned before the first paint

        forms = {secret, quote(secret, safe=""), quote_plus(secret)}
        forms |= {json.dumps(secret)[1:-1], repr(secret)[1:-1]}
        with self._lock:
            # The longest first: one secret may be part of another.
            self._values = tuple(sorted({*self._values, *forms}, key=len, reverse=True))

    def clean(self, text: str) -> str:
        """Return the text without secrets."""
        for value in self._values:
            text = text.replace(value, HIDDEN)
        return _BEARER.sub(rf"\1{HIDDEN}", _NAMED.sub(rf"\1{HIDDEN}", text))

    def filter(self, record: logging.LogRecord) -> bool:
        """Clean the record in place; every record passes."""
        record.msg = _CONTROLS.sub(_escaped, self.clean(_message_of(record)))
        record.args = None
        if record.exc_info and not record.exc_text:
            record.exc_text = logging.Formatter().formatException(record.exc_info)
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True


class RotatingFile(logging.FileHandler):
    """A log file; at ``FILE_BYTES`` it becomes ``.1``, and that ``.2``, up to ``FILES_KEPT``.

    As ``logging.handlers.RotatingFileHandler``, whose module also imports sockets and pickle: 5 ms
    before the first paint.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", errors="backslashreplace")

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, into a new file if this one has no room for it."""
        try:
            if not self._has_room(self.format(record)):
                self._begin_anew()
        except Exception:  # noqa: BLE001 - as in every handler: a failing log ends no program
            self.handleError(record)
        else:
            super().emit(record)

    def _has_room(self, line: str) -> bool:
        size = self.stream.seek(0, os.SEEK_END) if self.stream is not None else 0
        return size == 0 or size + len(line.encode("utf-8", "backslashreplace")) < FILE_BYTES

    def _begin_anew(self) -> None:
        if self.stream is not None:
            self.stream.close()
        path = Path(self.baseFilename)
        files = [path, *(path.with_name(f"{path.name}.{number}") for number in _NUMBERS)]
        for newer, older in reversed(list(pairwise(files))):
            if newer.exists():
                newer.replace(older)
        self.stream = self._open()


class RunningLog:
    """A running log; ``close`` restores the previous state."""

    def __init__(
        self,
        folder: Path,
        redactor: Redactor,
        level: int,
        on_error: Callable[[BaseException], None],
    ) -> None:
        self._on_error = on_error
        try:
            self._handler = RotatingFile(folder / "posapp.log")
            self._crash: TextIO = (folder / "crash.log").open("a", encoding="utf-8")
        except OSError as error:
            raise disk_problem_of(error, folder) from error
        form = logging.Formatter("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s: %(message)s")
        form.default_time_format = "%Y-%m-%dT%H:%M:%S"
        form.default_msec_format = None
        form.converter = time.gmtime
        self._handler.setFormatter(form)
        self._handler.addFilter(redactor)
        root = logging.getLogger()
        self._level_before = root.level
        root.setLevel(level)
        root.addHandler(self._handler)
        self._hooks = (sys.excepthook, threading.excepthook, sys.unraisablehook)
        sys.excepthook = self._uncaught
        threading.excepthook = self._uncaught_in_thread
        sys.unraisablehook = self._unraisable
        faulthandler.enable(self._crash)

    def close(self) -> None:
        """Restore the hooks and close the files."""
        sys.excepthook, threading.excepthook, sys.unraisablehook = self._hooks
        faulthandler.disable()
        self._crash.close()
        root = logging.getLogger()
        root.removeHandler(self._handler)
        root.setLevel(self._level_before)
        self._handler.close()

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            self._hooks[0](kind, error, trace)
            return
        _log.critical("nobody caught this", exc_info=(kind, error, trace))
        self._on_error(error)

    def _uncaught_in_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is None or issubclass(args.exc_type, SystemExit):
            return
        name = args.thread.name if args.thread else "?"
        trace = (args.exc_type, args.exc_value, args.exc_traceback)
        _log.critical("nobody caught this in thread %s", name, exc_info=trace)
        self._on_error(args.exc_value)

    def _unraisable(self, args: Any) -> None:
        # Never the object's text: that might run code of a partly destroyed object.
        made_of = args.object
        what = made_of.__qualname__ if isinstance(made_of, FunctionType) else type(made_of).__name__
        value = args.exc_value or args.exc_type()
        trace = (args.exc_type, value, args.exc_traceback)
        _log.error("nobody could catch this in %s", what, exc_info=trace)


def start_log(
    folder: Path,
    redactor: Redactor,
    *,
    level: int = logging.INFO,
    on_error: Callable[[BaseException], None] = lambda error: None,
) -> RunningLog:
    """Log into ``folder``, including uncaught exceptions.

    Args:
        on_error: called with each uncaught exception, in the thread where it happened.

    Raises:
        EnvironmentProblem: the folder cannot be written.
    """
    return RunningLog(folder, redactor, level, on_error)


def _message_of(record: logging.LogRecord) -> str:
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return f"{record.msg!s} {record.args!r}"


def _escaped(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
