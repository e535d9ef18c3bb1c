"""A virtual screen for one program."""

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
"""Seconds between two keys. A scanner's keys are at most 50 ms apart."""

SCAN_PAUSE_SECONDS = 0.3
"""Seconds before a scan: an Enter right after one is dropped as its own."""


class VirtualScreen:
    """An Xvfb on a free display number that it finds itself, with keyboard input."""

    def __init__(self, size: str = "1280x900") -> None:
        reading, writing = os.pipe()
        try:
            text = ["-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset"]
            self._server = subprocess.Popen(
                ["Xvfb", "-displayfd", str(writing), *text],
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
        """Press keys one after another in the front window, at the pace of a hand: faster keys
        would count as a scanner's.

        Raises:
            AssertionError: no window accepts the focus.
        """
        assert self._client.focus_front(), "no window takes the keyboard"
        self._press(*keys)

    def scan(self, code: str) -> None:
        """Type a code and Enter as fast as a scanner.

        Raises:
            AssertionError: no window accepts the focus.
        """
        assert self._client.focus_front(), "no window takes the keyboard"
        time.sleep(SCAN_PAUSE_SECONDS)
        self._client.press_at_once(*code, "Return")

    def _press(self, *keys: str) -> None:
        for key in keys:
            time.sleep(HAND_SECONDS)
            self._client.press(key)

    def click(self, x: int, y: int) -> None:
        """Click at a place of the screen."""
        self._client.click(x, y)

    def has_window(self) -> bool:
        """Whether a window is visible and has the focus now."""
        return self._client.focus_front()

    def close_window(self) -> None:
        """Close the front window, as by its close button."""
        self._client.ask_to_close()

    def picture(self) -> Picture:
        """Take a picture of the screen."""
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
