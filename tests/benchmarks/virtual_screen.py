"""A virtual screen: windows are painted by the platform's own plugin, not offscreen."""

from __future__ import annotations

import os
import select
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

SIZE = "1366x768x24"
PATIENCE_S = 20


@contextmanager
def virtual_screen() -> Iterator[str]:
    """Start Xvfb on a free display and yield the display's name; ends it afterwards.

    Raises:
        RuntimeError: it did not start.
    """
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-screen", "0", SIZE, "-nolisten", "tcp"]
    with subprocess.Popen(
        command, pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        os.close(writing)
        try:
            yield f":{_number(reading)}"
        finally:
            os.close(reading)
            server.terminate()


def _number(reading: int) -> int:
    reported = b""
    while not reported.endswith(b"\n"):
        ready, _, _ = select.select([reading], [], [], PATIENCE_S)
        part = os.read(reading, 16) if ready else b""
        if not part:
            raise RuntimeError("Xvfb did not come up")
        reported += part
    return int(reported)
