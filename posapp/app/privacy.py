"""Privacy of a command, set up before it writes a file or loads a key."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from posapp.system.hardening import keep_memory_private, private_files


@contextmanager
def keep_private(*, memory: bool = True) -> Iterator[None]:
    """Protect files and memory of this process from the other users of the machine.

    Args:
        memory: ``False`` leaves the memory to the caller, who protects it before a key is read.
    """
    if memory:
        keep_memory_private()
    with private_files():
        yield
