"""A virtual screen of its own for one program."""

from __future__ import annotations

import os
import select
import subprocess
import time
from types import TracebackType
from typing import Self

from tests.e2e.deadline import PATIENCE
from tests.e2e.picture import Picture
from tests.e2e.x_wire import XClient

HAND_SECONDS = 0.06
"""Between two keys. A scanner's come within 50 ms of each other."""


class VirtualScreen:
    """An Xvfb on a display number that it finds free itself, and somebody at its keyboard."""

    def __init__(self, size: str = "1280x900") -> None:
        reading, writing = os.pipe()
        try:
            words = ["-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), *words],
                pass_fds=(writing,),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            os.close(writing)
            self.display = self._number(reading)
            self._client = XClient(self.display, PATIENCE)
        except BaseException:
            self._end_server()
            raise
        finally:
            os.close(reading)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()
        self._end_server()

    def type(self, *keys: str) -> None:
        """Press keys, one after the other, in the window in front, at the pace of a hand: faster,
        the program would take them for a scanner's.

        Raises:
            AssertionError: there is none that takes the keyboard.
        """
        assert self._client.focus_front(), "no window takes the keyboard"
        for key in keys:
            time.sleep(HAND_SECONDS)
            self._client.press(key)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the screen."""
        self._client.click(x, y)

    def has_window(self) -> bool:
        """A window is to be seen, and has the keyboard now."""
        return self._client.focus_front()

    def close_window(self) -> None:
        """Close the window in front, as by the cross in its corner."""
        self._client.ask_to_close()

    def picture(self) -> Picture:
        """What is on the screen now."""
        return self._client.picture()

    def _number(self, reading: int) -> int:
        written = b""
        while not written.endswith(b"\n"):
            ready, _, _ = select.select([reading], [], [], PATIENCE)
            part = os.read(reading, 16) if ready else b""
            if not part:
                raise AssertionError("Xvfb did not come up")
            written += part
        return int(written)

    def _end_server(self) -> None:
        server = getattr(self, "_server", None)
        if server is not None:
            server.terminate()
            server.wait(PATIENCE)
