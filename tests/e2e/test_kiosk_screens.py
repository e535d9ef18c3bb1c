"""A kiosk's screen is turned, exchanged and unplugged below a live QR, which stays."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till
from tests.e2e.deadline import eventually
from tests.e2e.kiosk import START, KioskProgram
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.screen import VirtualScreen
from tests.e2e.test_kiosk import check_paid

pytestmark = pytest.mark.skipif(not shutil.which("xrandr"), reason="not here: xrandr")

UPRIGHT, LYING, SMALL = (0, 0, 1080, 1920), (0, 0, 1920, 1080), (0, 0, 1366, 768)
BESIDE = (1920, 0, 1080, 1920)


class Monitors:
    """The monitors of an X server."""

    def __init__(self, screen: VirtualScreen) -> None:
        self._screen = screen

    def put(self, name: str, place: tuple[int, int, int, int], output: str = "none") -> None:
        """Plug one in."""
        x, y, width, height = place
        size = f"{width}/{width * 254 // 960}x{height}/{height * 254 // 960}+{x}+{y}"
        self._xrandr("--setmonitor", name, size, output)

    def pull(self, name: str) -> None:
        """Unplug one."""
        self._xrandr("--delmonitor", name)

    def _xrandr(self, *words: str) -> None:
        shown = {**os.environ, "DISPLAY": f":{self._screen.display}"}
        subprocess.run(["xrandr", *words], env=shown, check=True, capture_output=True)


@pytest.fixture
def screen() -> Iterator[VirtualScreen]:
    with VirtualScreen("3000x1920") as made:
        yield made


@pytest.fixture
def kiosk(
    tmp_path: Path, stocked: Path, portone: PortOne, screen: VirtualScreen
) -> Iterator[KioskProgram]:
    Monitors(screen).put("first", UPRIGHT, "screen")
    program = KioskProgram(another_till(stocked, tmp_path / "home"), portone, screen)
    try:
        program.wait_for_window()
        yield program
    finally:
        program.end()


def covers(kiosk: KioskProgram, place: tuple[int, int, int, int]) -> bool:
    return kiosk.windows() == [list(place)] and kiosk.is_active()


def test_fault_76_a_screen_that_is_turned_exchanged_or_unplugged_has_the_same_qr(
    kiosk: KioskProgram, screen: VirtualScreen, portone: PortOne, phone: Phone
) -> None:
    monitors = Monitors(screen)
    kiosk.wait_to_read(START)
    assert covers(kiosk, UPRIGHT)
    kiosk.touch_to_qr()
    link = kiosk.wait_for_code()
    names = iter(("turned", "smaller", "again"))
    now = "first"
    for place in (LYING, SMALL, UPRIGHT):
        monitors.pull(now)
        now = next(names)
        monitors.put(now, place, "screen")
        eventually(
            lambda place=place: covers(kiosk, place),
            lambda place=place: kiosk.reported(f"it is at {kiosk.windows()}, not at {place}"),
        )
        assert kiosk.wait_for_code() == link
    monitors.put("*beside", BESIDE)
    eventually(lambda: covers(kiosk, BESIDE), lambda: kiosk.reported("it is not beside"))
    monitors.pull("beside")
    eventually(lambda: covers(kiosk, UPRIGHT), lambda: kiosk.reported("it is not back"))
    assert kiosk.wait_for_code() == link
    phone.open(link)
    phone.press("pay")
    kiosk.wait_to_read("결제되었습니다. 감사합니다.")
    check_paid(kiosk, portone)
    assert kiosk.trouble() == []
