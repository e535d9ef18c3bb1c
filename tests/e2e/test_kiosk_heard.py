"""A buyer pays at the kiosk's real window without seeing it: by its keypad, and by nothing but what
speech-dispatcher is given to say."""

from __future__ import annotations

import queue
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import another_till
from tests.e2e.deadline import eventually
from tests.e2e.kiosk import A_LOOK, ORDER, PHONE_END, KioskProgram
from tests.e2e.phone import Phone
from tests.e2e.portone import PortOne
from tests.e2e.screen import VirtualScreen
from tests.e2e.test_kiosk import check_paid
from tests.fakes.speech_dispatcher import FakeSpeechDispatcher

KOREAN = {
    "start": "화면을 눌러 시작하세요, 버튼",
    "order": "주문번호를 입력하거나 주문서의 코드를 스캔해 주세요.",
    "1": "일",
    "next": "다음, 버튼",
    "phone": "전화번호 뒤 4자리를 입력해 주세요.",
    "0": "공",
    "2": "이",
    "to pay": "결제할 금액.",
    "amount": "만 구백 원.",
    "pay": "결제하기, 버튼",
    "scan": "휴대폰으로 QR을 스캔해 결제해 주세요.",
    "paying": "결제가 진행 중입니다. 화면을 닫지 마세요.",
    "paid": "결제되었습니다. 감사합니다.",
    "receipt": "접수번호 1.",
    "done": "완료, 버튼",
}
ENGLISH = {
    "start": "Touch to start, button",
    "order": "Enter your order number or scan the slip.",
    "1": "one",
    "next": "Next, button",
    "phone": "Last 4 digits of your phone.",
    "0": "zero",
    "2": "two",
    "to pay": "To pay.",
    "amount": "ten thousand nine hundred won.",
    "pay": "Pay, button",
    "scan": "Scan with your phone.",
    "paying": "Payment in progress.",
    "paid": "Paid. Thank you.",
    "receipt": "Receipt no. 1.",
    "done": "Done, button",
}
"""What has to be heard in a visit, word by word."""


class Ear:
    """Hears what is said, in its order."""

    def __init__(self, daemon: FakeSpeechDispatcher, kiosk: KioskProgram) -> None:
        self._daemon, self._kiosk = daemon, kiosk
        self._log: list[str] = []
        self._at = 0

    def wait_for(self, text: str, patience: float = 60) -> None:
        """Wait until a text is said, after all that was waited for before."""
        why = lambda: self._kiosk.reported(f"{text!r} is not said: {self._log}")  # noqa: E731
        eventually(lambda: self._hears(text), why, patience)

    def press(self, *then: str) -> None:
        """Press the item with the focus, once more if its screen was too new, until a text is
        said."""
        for _ in range(3):
            time.sleep(A_LOOK)
            self._kiosk.type("Return")
            with suppress(AssertionError):
                self.wait_for(then[0], 10)
                break
        else:
            raise AssertionError(self._kiosk.reported(f"{then[0]!r} is not said: {self._log}"))
        for text in then[1:]:
            self.wait_for(text)

    def walk_to(self, item: str, key: str) -> None:
        """Move on until an item is said."""
        for _ in range(40):
            begun = self._count()
            self._kiosk.type(key)
            eventually(
                lambda begun=begun: self._is_quiet_after(begun),
                lambda: self._kiosk.reported(f"nothing is said of {key}: {self._log}"),
            )
            if self._log[-1] == item:
                self._at = len(self._log)
                return
        raise AssertionError(self._kiosk.reported(f"{item!r} is not said: {self._log}"))

    def _is_quiet_after(self, begun: int) -> bool:
        """Whether something was said, and nothing more comes."""
        now = self._count()
        time.sleep(A_LOOK)
        return begun < now == self._count()

    def _count(self) -> int:
        with suppress(queue.Empty):
            while True:
                self._log.append(self._daemon.said.get_nowait())
        return len(self._log)

    def _hears(self, text: str) -> bool:
        self._count()
        if text not in self._log[self._at :]:
            return False
        self._at = self._log.index(text, self._at) + 1
        return True


@pytest.fixture
def daemon() -> Iterator[FakeSpeechDispatcher]:
    made = FakeSpeechDispatcher()
    yield made
    made.close()


@pytest.fixture
def kiosk(
    tmp_path: Path, stocked: Path, portone: PortOne, daemon: FakeSpeechDispatcher
) -> Iterator[KioskProgram]:
    home = another_till(stocked, tmp_path / "home")
    address = {"SPEECHD_ADDRESS": daemon.environ["SPEECHD_ADDRESS"]}
    with VirtualScreen("1080x1920") as screen:
        program = KioskProgram(home, portone, screen, {**portone.settings(), **address})
        try:
            program.wait_for_window()
            yield program
        finally:
            program.end()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_buyer_pays_by_what_is_said_alone(
    kiosk: KioskProgram,
    daemon: FakeSpeechDispatcher,
    portone: PortOne,
    phone: Phone,
    language: str,
) -> None:
    ear, said = Ear(daemon, kiosk), KOREAN if language == "ko" else ENGLISH
    ear.walk_to("영어 English, 버튼", "Down")
    if language == "en":
        ear.press("Touch to start.")
    ear.walk_to(said["start"], "Up")
    ear.press(said["order"])
    kiosk.type(str(ORDER))
    ear.wait_for(said["1"])
    ear.walk_to(said["next"], "Down")
    ear.press(said["phone"])
    for digit in PHONE_END:
        kiosk.type(digit)
        ear.wait_for(said[digit])
    ear.wait_for(said["next"])
    ear.press(said["to pay"], said["amount"], said["pay"])
    ear.press(said["scan"], said["amount"])
    phone.open(kiosk.wait_for_code())
    ear.wait_for(said["paying"])
    phone.press("pay")
    for each in ("paid", "receipt", "done"):
        ear.wait_for(said[each])
    check_paid(kiosk, portone)
    assert kiosk.trouble() == []
