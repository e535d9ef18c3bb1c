"""Protects this process's files, and its memory with the keys, from other users and processes."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

log = logging.getLogger(__name__)

PRIVATE = 0o077
"""Umask of every command: everything it writes is for this user only."""

_PR_SET_DUMPABLE = 4


@contextmanager
def private_files() -> Iterator[None]:
    """Make every file and folder created inside the block readable by this user only: 0600,
    0700."""
    before = os.umask(PRIVATE)
    try:
        yield
    finally:
        os.umask(before)


def keep_memory_private() -> None:
    """Disable core dumps, which would contain the keys, and keep other processes of this user from
    reading the memory. Must run before a key is loaded; does nothing where the system supports
    neither."""
    if sys.platform == "win32":
        return
    import resource

    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        import ctypes  # for this one call: 3 ms

        try:
            done = ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        except (OSError, AttributeError):
            done = -1
        if done != 0:
            log.warning("the memory of this process cannot be kept from others")
