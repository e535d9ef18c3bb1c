"""What a buyer hears who does not see the kiosk: whole visits as logs, in two languages."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from posapp.services.ports.speaker import SPEEDS, Speaker
from posapp.ui.core.i18n import Translator
from posapp.ui.voice import self_voicing
from posapp.ui.voice.place_announcer import PlaceAnnouncer
from posapp.ui.voice.self_voicing import SelfVoicing
from tests.fakes.speaker import FakeSpeaker


@dataclass
class Screen:
    state: str
    title: str
    outcome: str = ""
    messages: tuple[str, ...] = ()
    digits: str = ""


@dataclass
class Item:
    name: str
    role: str = "button"
    state: str = ""


@pytest.fixture
def speaker():
    made: Speaker = FakeSpeaker()
    return made


@pytest.fixture
def make(qapp, speaker, monkeypatch):
    """Makes the voice in a language, with messages that the kiosk's catalogue would have."""
    read = self_voicing.spoken_messages
    more = {"kiosk.left": "남은 시간 {left}", "kiosk.paid": "결제되었습니다. 감사합니다."}
    monkeypatch.setattr(self_voicing, "spoken_messages", lambda language: read(language) | more)

    def make_one(language="ko", *, is_private=False):
        return SelfVoicing(Translator(language), speaker, is_private=is_private)

    return make_one


KOREAN_VISIT = """\
! 화면을 눌러 시작하세요.
화면을 눌러 시작하세요, 버튼
! 고대비, 버튼, 꺼짐
! 주문번호를 입력하거나 주문서의 코드를 스캔해 주세요.
1, 키
! 다음, 버튼, 사용할 수 없음
! 결제할 금액.
오만 팔천육백 원.
단팥빵 일곱 개 만 오천사백 원.
결제하기, 버튼
! 휴대폰으로 QR을 스캔해 결제해 주세요.
남은 시간 사 분 오십구 초.
직원 호출, 버튼
! 결제되었습니다. 감사합니다.
접수번호 이 육 일 일 이 삼, 공 일, 공 공 사 이.
완료, 버튼
(stop)"""

ENGLISH_VISIT = """\
! Touch to start.
Touch to start, button
! High contrast, button, off
! Enter your order number or scan the slip.
1, key
! Next, button, unavailable
! To pay.
fifty-eight thousand six hundred won.
Bun seven items fifteen thousand four hundred won.
Pay, button
! Scan with your phone.
Time left four minutes fifty-nine seconds.
Call staff, button
! Paid. Thank you.
Receipt no. two six one one two three, zero one, zero zero four two.
Done, button
(stop)"""

VISITS = {
    "ko": (
        KOREAN_VISIT,
        (
            (Screen("start", "화면을 눌러 시작하세요"), Item("화면을 눌러 시작하세요")),
            (None, Item("고대비", state="off")),
            (
                Screen("order", "주문번호를 입력하거나 주문서의 코드를 스캔해 주세요."),
                Item("1", "key"),
            ),
            (None, Item("다음", state="unavailable")),
            (
                Screen(
                    "summary",
                    "결제할 금액",
                    messages=("58,600원", "단팥빵 7개 15,400원"),
                ),
                Item("결제하기"),
            ),
            (
                Screen("qr", "휴대폰으로 QR을 스캔해 결제해 주세요.", messages=("남은 시간 4:59",)),
                Item("직원 호출"),
            ),
            (
                Screen(
                    "outcome",
                    "결제되었습니다. 감사합니다.",
                    outcome="결제되었습니다. 감사합니다.",
                    messages=("접수번호 261123-01-0042",),
                ),
                Item("완료"),
            ),
        ),
    ),
    "en": (
        ENGLISH_VISIT,
        (
            (Screen("start", "Touch to start"), Item("Touch to start")),
            (None, Item("High contrast", state="off")),
            (Screen("order", "Enter your order number or scan the slip."), Item("1", "key")),
            (None, Item("Next", state="unavailable")),
            (
                Screen("summary", "To pay", messages=("₩58,600", "Bun 7 items ₩15,400")),
                Item("Pay"),
            ),
            (
                Screen("qr", "Scan with your phone.", messages=("Time left 4:59",)),
                Item("Call staff"),
            ),
            (
                Screen(
                    "outcome",
                    "Paid. Thank you.",
                    outcome="Paid. Thank you.",
                    messages=("Receipt no. 261123-01-0042",),
                ),
                Item("Done"),
            ),
        ),
    ),
}


@pytest.mark.parametrize("language", VISITS)
def test_a_whole_visit_is_heard(make, speaker, language):
    golden, visit = VISITS[language]
    voice = make(language)
    voice.begin(has_earphone=False)
    for screen, item in visit:
        if screen is not None:
            voice.say_screen(screen)
        voice.say_item(item)
    voice.end()
    assert "\n".join(speaker.log) == golden
    assert speaker.languages == {language}


def test_without_a_voice_the_keys_for_speed_and_volume_change_nothing(make, speaker):
    voice = make()
    voice.change_speed(1)
    voice.change_volume(-1)
    assert (speaker.speed, speaker.volume) == (100, 80)
    voice.begin(has_earphone=True)
    voice.change_speed(1)
    assert speaker.speed == 125, "from the usual one"


def test_a_buyer_who_asked_for_no_voice_hears_nothing(make, speaker):
    voice = make()
    voice.say_screen(Screen("start", "화면을 눌러 시작하세요"))
    voice.say_item(Item("고대비"))
    voice.repeat()
    voice.change_speed(1)
    assert speaker.log == []


def test_beginning_and_f1_say_the_screen_and_the_item_again(make, speaker):
    voice = make()
    voice.say_screen(Screen("order", "주문번호"))
    voice.say_item(Item("1", "key"))
    voice.begin(has_earphone=True)
    voice.repeat()
    assert speaker.log == ["! 주문번호.", "1, 키"] * 2


def test_recordings_say_a_message_with_its_values(make, speaker):
    voice = make()
    voice.begin(has_earphone=True)
    voice.say_screen(Screen("qr", "남은 시간 0:05"))
    assert speaker.clips == ("kiosk.left.1", "number.5", "unit.second")


SUMMARY = Screen("summary", "결제할 금액", messages=("58,600원",))
PHONE = Screen("phone", "전화번호 뒤 4자리를 입력해 주세요.")


@pytest.mark.parametrize(
    ("is_private", "has_earphone", "is_heard"),
    [(True, False, False), (True, True, True), (False, False, True)],
)
def test_a_loudspeaker_says_no_amount_and_no_phone_digits(
    make, speaker, is_private, has_earphone, is_heard
):
    voice = make(is_private=is_private)
    voice.begin(has_earphone=has_earphone)
    voice.say_screen(SUMMARY)
    voice.say_screen(PHONE)
    voice.say_item(Item("7", "key"))
    voice.say_item(Item("지우기"))
    hidden = "이어폰으로만 안내"
    assert speaker.log == [
        "! 결제할 금액.",
        f"{'오만 팔천육백 원' if is_heard else hidden}.",
        "! 전화번호 뒤 4자리를 입력해 주세요.",
        "7, 키" if is_heard else f"{hidden}, 키",
        "! 지우기, 버튼",
    ]


def test_the_earphone_of_one_buyer_does_not_count_for_the_next(make, speaker):
    voice = make(is_private=True)
    voice.begin(has_earphone=True)
    voice.end()
    voice.begin(has_earphone=False)
    voice.say_screen(SUMMARY)
    assert "오만" not in speaker.log[-1]


def test_nothing_of_the_last_buyer_is_said_again(make, speaker):
    voice = make()
    voice.begin(has_earphone=True)
    voice.say_screen(SUMMARY)
    voice.end()
    voice.begin(has_earphone=True)
    voice.repeat()
    assert speaker.log[-1] == "(stop)"


def test_speed_and_volume_have_steps_and_ends_and_are_reset(make, speaker):
    voice = make()
    voice.begin(has_earphone=True)
    speeds, volumes = [], []
    for steps in (1, 1, 1, 1, -1, -1, -1, -1, -1):
        voice.change_speed(steps)
        speeds.append(speaker.speed)
    for steps in (1, 1, -1, -1, -1, -1, -1):
        voice.change_volume(steps)
        volumes.append(speaker.volume)
    assert speeds == [*SPEEDS[2:], SPEEDS[-1], *SPEEDS[3::-1], SPEEDS[0]]
    assert volumes == [100, 100, 80, 60, 40, 20, 20]
    assert "! 속도 칠십오 퍼센트" in speaker.log and speaker.log[-1] == "! 음량 이십 퍼센트"
    assert speaker.clips == ("kiosk_voice.volume.1", "number.2", "number.10", "unit.percent")
    voice.end()
    assert (speaker.speed, speaker.volume) == (100, 80)


# Where the kiosk is


@pytest.fixture
def announcer(qapp, speaker):
    def make_one(every_s):
        return PlaceAnnouncer(Translator("ko"), speaker, every_s)

    return make_one


def test_the_place_is_said_at_the_start_only(announcer, speaker):
    place = announcer(60)
    assert not place.timer.isActive()
    place.set_at_start(True)
    assert place.timer.interval() == 60_000
    place.set_at_start(True)
    place.timer.timeout.emit()
    assert speaker.log == [
        "여기는 무인 결제기입니다. 화면 아래 가운데 키패드를 누르면 음성 안내를 시작합니다."
    ]
    place.set_at_start(False)
    assert not place.timer.isActive()
    assert speaker.log[-1] == "(stop)"


def test_the_place_is_never_said_where_that_is_off(announcer, speaker):
    place = announcer(0)
    place.set_at_start(True)
    place.set_at_start(False)
    assert not place.timer.isActive()
    assert speaker.log == []
