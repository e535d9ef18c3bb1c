"""The kiosk alone on a screen of cage, as on the machine of docs/kiosk.md: headless, by a user
without rights. Keys come by cage's own X server, so that cage itself gets none of them."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till
from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.every_key import EVERY, MANAGER_KEYS, MODIFIERS, is_own
from tests.e2e.kiosk import START, KioskProgram
from tests.e2e.picture import Picture
from tests.e2e.portone import PortOne
from tests.e2e.screen import VirtualScreen
from tests.e2e.x_wire import XClient

LACKING = [one for one in ("cage", "Xwayland", "setpriv") if not shutil.which(one)]

pytestmark = pytest.mark.skipif(bool(LACKING), reason=f"not here: {', '.join(LACKING)}")

NOBODY = 65_534
WHOLE = [0, 0, 1280, 720]
"""The headless screen."""

SHARE = 40
"""One of so many combinations is pressed."""

WITHOUT_RIGHTS = (
    *("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"),
    *("--inh-caps=-all,+dac_read_search", "--ambient-caps=-all,+dac_read_search"),
)
"""Cage refuses root. Reading is all that is left, as Python may lie where only root looks."""

INSIDE = 'echo "$DISPLAY" > "$PLACE"; export QT_QPA_PLATFORM=$PLATFORM; exec "$@"'


class CageScreen(VirtualScreen):
    """The X server that cage has for its program, once it runs."""

    def __init__(self, place: Path) -> None:
        self._place = place

    display = -1

    @property
    def x(self) -> XClient:
        if not hasattr(self, "_client"):
            eventually(lambda: self._place.exists() and self._place.read_text().strip(), "no cage")
            number = int(self._place.read_text().strip().removeprefix(":"))
            user = os.geteuid()
            os.seteuid(NOBODY if user == 0 else user)  # it lets its own user in alone
            try:
                self._client = XClient(number, PATIENCE)
            finally:
                os.seteuid(user)
        return self._client

    def type(self, *keys: str) -> None:
        self._press(*keys)

    def has_window(self) -> bool:
        return True

    def picture(self) -> Picture:
        """Return none: what is on a screen of cage, X does not see."""
        return Picture(1, 1, b"\0")


class CagedKiosk(KioskProgram):
    """The kiosk as the one program of cage."""

    def command(self, arguments: tuple[str, ...]) -> list[str]:
        rights = WITHOUT_RIGHTS if os.getuid() == 0 else ()
        return [*rights, "cage", "--", "sh", "-c", INSIDE, "sh", *super().command(arguments)]


@pytest.fixture(params=["xcb", "wayland"])
def caged(
    tmp_path: Path,
    stocked: Path,
    portone: PortOne,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[CagedKiosk]:
    home = another_till(stocked, tmp_path / "home")
    running = tmp_path / "running"
    running.mkdir(mode=0o700)
    if os.getuid() == 0:
        for one in (tmp_path, *tmp_path.rglob("*")):
            os.chown(one, NOBODY, NOBODY)
    place = running / "display"
    for name, value in {
        **{"WLR_BACKENDS": "headless", "WLR_LIBINPUT_NO_DEVICES": "1", "WLR_RENDERER": "pixman"},
        **{"XDG_RUNTIME_DIR": str(running), "HOME": str(running), "PLACE": str(place)},
        "PLATFORM": request.param,
    }.items():
        monkeypatch.setenv(name, value)
    kiosk = CagedKiosk(home, portone, CageScreen(place))
    try:
        eventually(lambda: kiosk.reads(START), lambda: kiosk.reported("it does not begin"))
        yield kiosk
    finally:
        kiosk.end()


@pytest.mark.parametrize("caged", ["xcb"], indirect=True)
def test_fault_68_no_key_leads_out_of_cage(caged: CagedKiosk) -> None:
    screen = caged.screen
    assert isinstance(screen, CageScreen)
    x = screen.x
    before = words(caged)
    codes = {one: x.code_of(one) for one in MODIFIERS}
    number = 0
    for code, symbols in x.keyboard().items():
        for held in EVERY:
            number += 1
            if not number % SHARE and not is_own(symbols, held):
                x.hit(code, [codes[one] for one in held])
        assert (words(caged), caged.is_active()) == (before, True), (code, symbols)
    for keys in MANAGER_KEYS:
        screen.type(keys)
        assert (words(caged), caged.is_active()) == (before, True), keys
    assert caged.windows() == [WHOLE]
    assert errors_of(caged) == []


def test_the_kiosk_fills_a_screen_of_cage_and_ends_by_a_signal(caged: CagedKiosk) -> None:
    eventually(caged.is_active, "it is not active")
    assert caged.windows() == [WHOLE]
    os.kill(program_in(caged.process.pid), signal.SIGTERM)
    assert caged.process.wait(PATIENCE) == 0, "cage ends with 0 whatever its program ends with"
    assert errors_of(caged) == []


def program_in(cage: int) -> int:
    """Return the process of the kiosk, which cage started beside its X server."""
    started = Path(f"/proc/{cage}/task/{cage}/children").read_text().split()
    driver = b"tests.e2e.driver"
    (found,) = [one for one in started if driver in Path(f"/proc/{one}/cmdline").read_bytes()]
    return int(found)


def errors_of(kiosk: CagedKiosk) -> list[str]:
    """Return the errors of the kiosk's own log: cage writes of itself to the same output."""
    lines = (kiosk.home / "logs" / "posapp.log").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if " ERROR " in line or " CRITICAL " in line]


def words(kiosk: CagedKiosk) -> list[str]:
    return sorted(one.text for one in kiosk.shown())
