"""What this process keeps from others on the machine: its files, and its memory with the keys."""

from __future__ import annotations

import ctypes
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

PRIVATE = 0o077
"""The umask of every command: what is written is this user's only, wherever it goes."""

_PR_SET_DUMPABLE = 4


@contextmanager
def private_files() -> Iterator[None]:
    """Let every file and folder that is made inside be readable by this user only: 0600, 0700."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


def keep_memory_private() -> None:
    """Leave no core dump, which would hold the keys, and let no other process of this user read
    the memory. Before a key is loaded; where the system knows neither, nothing happens."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        try:
            done = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        except (OSError, AttributeError):
            done = -1
        if done != 0:
            log.warning("the memory of this process cannot be kept from others")
