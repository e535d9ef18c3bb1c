"""The kiosk's program on its own screen."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from posapp.domain.kiosk_times import FRESH_MS
from tests.e2e.deadline import eventually
from tests.e2e.portone import PortOne
from tests.e2e.program import DrivenProgram
from tests.e2e.screen import VirtualScreen
from tests.e2e.shop import Books, read_books

ORDER = 1
PHONE_END = "0012"
A_LOOK = FRESH_MS / 1000 + 0.05
"""Seconds that a person looks at a screen; a press in its first moments counts for nothing."""

START, START_EN = "화면을 눌러 시작하세요", "Touch to start"


class KioskProgram(DrivenProgram):
    """``posapp kiosk`` on the folder of a shop, connected to PortOne's stand-in."""

    def __init__(
        self,
        home: Path,
        portone: PortOne,
        screen: VirtualScreen,
        settings: dict[str, str] | None = None,
    ) -> None:
        self.home = home
        text = ("kiosk", "--home", str(home))
        super().__init__(text, screen, home.parent, settings or portone.settings(), portone.keys)

    def touch(self, text: str, then: str) -> None:
        """Touch a button, once more if its screen was too new, until the next screen is there."""
        for _ in range(3):
            time.sleep(A_LOOK)
            self.click(text)
            with suppress(AssertionError):
                eventually(lambda: self.reads(then), lambda: "", 10)
                return
        raise AssertionError(self.reported(f"{text!r} does not lead to {then!r}"))

    def enter(self, then: str) -> None:
        """Press Enter, once more if its screen was too new, until the next screen is there."""
        for _ in range(3):
            time.sleep(A_LOOK)
            self.type("Return")
            with suppress(AssertionError):
                eventually(lambda: self.reads(then), lambda: "", 10)
                return
        raise AssertionError(self.reported(f"Enter does not lead to {then!r}"))

    def walk_to(self, action: str) -> None:
        """Move the focus down until it is at a button; its services may just have come."""
        for _ in range(40):
            if self._ask()["focus"][0] == f"kiosk-{action}":
                return
            self.move("Down")
        raise AssertionError(self.reported(f"the keys do not lead to {action!r}"))

    def books(self) -> Books:
        """Read the database file."""
        return read_books(self.home, ORDER)

    def touch_to_qr(self) -> None:
        """Touch from the start to a QR, in the language of the shop."""
        self.touch(START, "다음")
        self.click(str(ORDER))
        self.touch("다음", "전화번호 뒤 4자리를 입력해 주세요.")
        for digit in PHONE_END:
            self.click(digit)
        self.touch("다음", "결제할 금액")
        self.touch("결제하기", "결제 중단")
