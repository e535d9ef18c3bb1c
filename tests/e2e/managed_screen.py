"""A virtual screen with a window manager, which has keys, buttons and menus of its own."""

from __future__ import annotations

import shutil
import subprocess
import time
from contextlib import suppress
from types import TracebackType

from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.program import environment
from tests.e2e.screen import VirtualScreen
from tests.e2e.x_wire import XClient, XError

PAUSE = 0.1
"""Seconds that a window manager has to take a window."""

OPENBOX = shutil.which("openbox")


class ManagedScreen(VirtualScreen):
    """An Xvfb with openbox as Debian sets it up: four desktops, and a key for each of a desktop's
    usual actions."""

    def __init__(self, size: str = "1080x1920") -> None:
        super().__init__(size)
        self._manager = subprocess.Popen(
            [str(OPENBOX), "--sm-disable"],
            env=environment(DISPLAY=f":{self.display}"),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            eventually(self._is_managed, "openbox does not run")
        except BaseException:
            self._end_server()
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._manager.terminate()
        self._manager.wait(PATIENCE)
        super().__exit__(kind, error, trace)

    def _is_managed(self) -> bool:
        """Whether a new window is taken: openbox loses those that come while it begins."""
        window = self.x.open_window(10, 10)
        time.sleep(PAUSE)
        is_taken = window in self.x.numbers("_NET_CLIENT_LIST")
        self.x.close_window(window)
        return is_taken

    @property
    def x(self) -> XClient:
        """Return the connection of the tests to the display."""
        return self._client

    def type(self, *keys: str) -> None:
        """Press keys, wherever the window manager leads them."""
        self._press(*keys)

    def has_window(self) -> bool:
        """Whether the window manager has given the focus to a program's window."""
        return any(self.x.numbers("_NET_ACTIVE_WINDOW"))

    def others(self, own: int) -> list[int]:
        """Return what is shown besides a program's window and its frame: windows, menus, boxes."""
        found = []
        for window in self.x.shown():
            with suppress(XError):  # it closed meanwhile
                x, y, width, height = self.x.place_of(window)
                is_out = x + width <= 0 or y + height <= 0
                if not is_out and not self.x.is_inside(own, window):
                    found.append(window)
        return found
