"""Nothing leads out of the kiosk where a window manager has keys, buttons and menus of its own.

A share of the keys by default, all of them by ``--every-place``: every key of the keyboard with
every combination of its modifiers, at three screens of the kiosk (docs/faults.md, row 68).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till
from tests.e2e.deadline import eventually
from tests.e2e.every_key import EVERY, MANAGER_KEYS, MODIFIERS, SHARE, is_own
from tests.e2e.kiosk import ORDER, START, START_EN, KioskProgram
from tests.e2e.managed_screen import OPENBOX, ManagedScreen
from tests.e2e.portone import PortOne

pytestmark = pytest.mark.skipif(not OPENBOX, reason="not here: openbox")

BURST = 5_000
SOON = 20.0


class Cell:
    """The kiosk under a window manager, and what shows that nobody got out."""

    def __init__(self, kiosk: KioskProgram, screen: ManagedScreen) -> None:
        self.kiosk, self.screen, self.x = kiosk, screen, screen.x
        (self.own,) = self.x.numbers("_NET_CLIENT_LIST")
        self.whole = (0, 0, 1080, 1920)
        eventually(self.is_shut, lambda: self.escaped("it does not begin in front"))

    def escape(self) -> str:
        """Return what is open, or nothing."""
        kiosk, x = self.kiosk, self.x
        if kiosk.process.poll() is not None:
            return f"it ended with {kiosk.process.returncode}"
        if x.numbers("_NET_CLIENT_LIST") != (self.own,) or self.screen.others(self.own):
            return f"other windows: {x.numbers('_NET_CLIENT_LIST')}, {self.screen.others(self.own)}"
        if not x.is_viewable(self.own) or x.place_of(self.own) != self.whole:
            return "it does not cover the screen"
        if x.atom("_NET_WM_STATE_FULLSCREEN") not in x.numbers("_NET_WM_STATE", self.own):
            return "it is not full screen"
        if x.numbers("_NET_ACTIVE_WINDOW") != (self.own,) or not kiosk.is_active():
            return "it is not active"
        return ""

    def is_shut(self) -> bool:
        return not self.escape()

    def escaped(self, what: str) -> str:
        return self.kiosk.reported(f"{what}: {self.escape()}")

    def words(self) -> list[str]:
        """Return what is on the screen, without what counts down."""
        seen = (one.text for one in self.kiosk.shown())
        return sorted(one for one in seen if not one.startswith("남은 시간"))

    def check(self, before: list[str], what: str) -> None:
        """Check that nothing changed, or that the kiosk is back at once."""
        eventually(self.is_shut, lambda: self.escaped(what), SOON)
        assert self.words() == before, self.escaped(what)

    def to_start(self) -> None:
        """Go back, as a buyer does."""
        for _ in range(5):
            if self.kiosk.reads(START) or self.kiosk.reads(START_EN):
                return
            self.kiosk.type("Escape")
        raise AssertionError(self.kiosk.reported("no way back to the start"))


@pytest.fixture
def cell(tmp_path: Path, stocked: Path, portone: PortOne) -> Iterator[Cell]:
    with ManagedScreen() as screen:
        kiosk = KioskProgram(another_till(stocked, tmp_path / "home"), portone, screen)
        try:
            yield begun(kiosk, screen)
            assert kiosk.trouble() == []
        finally:
            kiosk.end()


def begun(kiosk: KioskProgram, screen: ManagedScreen) -> Cell:
    kiosk.wait_for_window()
    kiosk.wait_to_read(START)
    return Cell(kiosk, screen)


def go_to(kiosk: KioskProgram, place: str) -> None:
    if place == "order":
        kiosk.touch(START, "다음")
        kiosk.click(str(ORDER))
        kiosk.wait_to_read(str(ORDER))
    elif place == "qr":
        kiosk.touch_to_qr()
        kiosk.wait_for_code()


@pytest.mark.parametrize("place", ["start", "order", "qr"])
def test_fault_68_no_key_with_any_modifiers_leads_past_a_window_manager(
    cell: Cell, place: str, request: pytest.FixtureRequest
) -> None:
    go_to(cell.kiosk, place)
    before = cell.words()
    share = 1 if request.config.getoption("--every-place") else SHARE
    codes = {one: cell.x.code_of(one) for one in MODIFIERS}
    number = 0
    for code, symbols in cell.x.keyboard().items():
        for held in EVERY:
            number += 1
            if not number % share and not is_own(symbols, held):
                cell.x.hit(code, [codes[one] for one in held])
        if symbols:
            cell.check(before, f"key {code} {[hex(one) for one in symbols]}")
    for keys in MANAGER_KEYS:
        cell.screen.type(keys)
        cell.check(before, keys)


def test_fault_68_no_button_wheel_or_double_click_with_any_modifiers_leads_out(cell: Cell) -> None:
    before = cell.words()
    places = [(0, 0), (540, 0), (1079, 0), (0, 960), (1079, 960), (0, 1919), (540, 1919)]
    for button in range(1, 10):
        for held in EVERY:
            codes = [cell.x.code_of(one) for one in held]
            for x, y in places if button == 1 else [*places[:2], (540, 960)]:
                cell.x.press_button(button, x, y, codes)
        cell.check(before, f"button {button}")


def test_fault_68_what_other_programs_ask_of_the_window_is_taken_back_at_once(cell: Cell) -> None:
    before, own, x = cell.words(), cell.own, cell.x
    full, above = x.atom("_NET_WM_STATE_FULLSCREEN"), x.atom("_NET_WM_STATE_BELOW")
    for what, window, kind, numbers in (
        ("close", own, "_NET_CLOSE_WINDOW", (0, 2)),
        ("minimise", own, "WM_CHANGE_STATE", (3,)),
        ("leave full screen", own, "_NET_WM_STATE", (0, full, 0, 2)),
        ("below the others", own, "_NET_WM_STATE", (1, above, 0, 2)),
        ("to another desktop", own, "_NET_WM_DESKTOP", (2, 2)),
        ("another desktop", 0, "_NET_CURRENT_DESKTOP", (0,)),
        ("the desktop alone", 0, "_NET_SHOWING_DESKTOP", (1,)),
    ):
        x.tell(window, kind, *numbers, manager=True)
        cell.check(before, what)


def test_fault_68_a_window_of_another_program_comes_below(cell: Cell) -> None:
    before, x = cell.words(), cell.x
    other = x.open_window(300, 200)
    eventually(lambda: other in x.numbers("_NET_CLIENT_LIST"), "it does not open")

    def is_in_front() -> bool:
        stacked = x.numbers("_NET_CLIENT_LIST_STACKING")
        return stacked[-1] == cell.own and x.numbers("_NET_ACTIVE_WINDOW") == (cell.own,)

    eventually(is_in_front, lambda: cell.escaped("it lies above"), SOON)
    x.close_window(other)
    cell.check(before, "the other window")


def test_fault_68_drops_are_not_taken(cell: Cell) -> None:
    before, x, own = cell.words(), cell.x, cell.own
    other = x.open_window(1, 1)
    uris, copied = x.atom("text/uri-list"), x.atom("XdndActionCopy")
    for _ in range(3):
        x.tell(own, "XdndEnter", other, 5 << 24, uris)
        x.tell(own, "XdndPosition", other, 0, 540 << 16 | 960, 0, copied)
        x.tell(own, "XdndDrop", other, 0, 0)
    x.close_window(other)
    cell.check(before, "a drop")


@pytest.mark.parametrize("seed", [1, 2])
def test_fault_68_a_scanner_gone_mad_leads_nowhere(cell: Cell, seed: int) -> None:
    hand = random.Random(seed)
    control, x = cell.x.code_of("Ctrl"), cell.x
    signs = [*"abcdefghijklmnopqrstuvwxyz0123456789", "Return", "Tab", "Escape", "Up", "Down"]
    codes = [x.code_of(one) for one in signs]
    for _ in range(BURST):
        x.hit(hand.choice(codes), [control] if hand.random() < 0.3 else [])
    eventually(cell.is_shut, lambda: cell.escaped("after the scanner"), SOON)
    cell.to_start()


def test_fault_68_twin_without_the_grab_a_key_of_the_window_manager_leads_out(
    tmp_path: Path, stocked: Path, portone: PortOne
) -> None:
    with ManagedScreen() as screen:
        home = another_till(stocked, tmp_path / "home")
        kiosk = LooseKiosk(home, portone, screen)
        try:
            cell = begun(kiosk, screen)
            cell.screen.type("Super+F2")
            eventually(lambda: cell.escape() != "", "the key of the window manager does nothing")
        finally:
            kiosk.end()


class LooseKiosk(KioskProgram):
    """A kiosk that leaves keyboard and pointer to the window manager."""

    module = "tests.e2e.loose_driver"
