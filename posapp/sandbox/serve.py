"""The command ``posapp sandbox`` (also ``python -m posapp.sandbox.serve``)."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from .door import handed_over
from .server import Sandbox
from .storage import StorageFileError


def parser() -> argparse.ArgumentParser:
    """Build the parser of the command's options."""
    made = argparse.ArgumentParser(
        prog="posapp sandbox",
        description="PortOne V1 and KakaoPay to practise with: no real money moves.",
    )
    made.add_argument("--port", type=int, default=0, help="port (default: a free one)")
    made.add_argument("--lan", action="store_true", help="let phones in this network reach it")
    made.add_argument("--keep", type=Path, default=None, metavar="FILE", help="keep the books here")
    made.add_argument("--live", action="store_true", help="payments of a live channel")
    made.add_argument(
        "--seed-free", action="store_true", help="faults by chance differ from run to run"
    )
    made.add_argument("--access-log", action="store_true", help="log each request to stderr")
    return made


def serve(arguments: Sequence[str] = (), *, stop: threading.Event | None = None) -> int:
    """Serve until SIGINT or SIGTERM, or until ``stop`` is set; return the exit code.

    Once it listens, it prints one line of JSON with ``api``, ``link_api``, the keys and
    ``dial_secret`` to stdout: only the starting process can use the dial. The secret is the
    environment's ``POSAPP_SANDBOX_SECRET`` if that is set, else a new one.
    1: the port is taken, the stored books are unreadable or the secret is too short; 2 (by
    SystemExit): wrong options.
    Signals are handled only when called on the main thread.
    """
    options = parser().parse_args(list(arguments))
    if options.access_log:
        logging.basicConfig(level=logging.INFO)
    ending = stop if stop is not None else threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: ending.set())
    try:
        sandbox = Sandbox(
            port=options.port,
            lan=options.lan,
            keep=options.keep,
            live=options.live,
            fault_seed=None if options.seed_free else 0,
            access_log=options.access_log,
            dial_secret=handed_over(os.environ),
        )
        with sandbox:
            urls = {"api": sandbox.api, "link_api": sandbox.link_api}
            secret = {"dial_secret": sandbox.dial_secret}
            print(json.dumps({**urls, **sandbox.keys(), **secret}), flush=True)
            ending.wait()
    except (OSError, OverflowError, ValueError, StorageFileError) as error:
        print(f"posapp sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(serve(sys.argv[1:]))
