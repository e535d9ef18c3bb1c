"""A visit as it is heard: by the keypad alone, in the real window, without a look at the screen."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import Qt

from posapp.app.voice_phrases import voice_phrases
from posapp.domain.kiosk_keys import read_keys
from posapp.services.ports.sound_player import NoSounds, Sound
from posapp.system.sound.output_queue import Interrupt
from posapp.system.sound.wav_files import Recording
from posapp.system.speech.engine import Utterance
from posapp.system.speech.queued_speaker import QueuedSpeaker
from posapp.ui.kiosk.input_guard import InputGuard
from posapp.ui.voice.kiosk_voice import KioskVoice
from posapp.ui.voice.self_voicing import clip_texts
from tests.bounds import LONGEST_S
from tests.fakes.speaker import FakeSpeaker
from tests.ui.kiosk.conftest import ORDER, PHONE_END, Kiosk
from tests.ui.kiosk.test_kiosk_keypad import GOLDEN, visit
from tests.ui.kiosk.test_kiosk_lock_down import set_up_managers

DIGITS = ("일", "이,", "삼", "사,", "오,", "육", "칠", "팔", "구", "영", *"0123456789")
UP, DOWN, OK, F1 = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_F1


@dataclass
class Sounds(NoSounds):
    """Keeps what is played."""

    played: list[Sound] = field(default_factory=list)

    def play(self, sound: Sound) -> None:
        self.played.append(sound)


class Voiced:
    """A kiosk that speaks, and what was heard."""

    def __init__(self, kiosk: Kiosk, *, is_private: bool = True, locate_every_s: int = 60) -> None:
        self.kiosk, self.speaker, self.sounds = kiosk, FakeSpeaker(), Sounds()
        self.voice = KioskVoice(
            *(kiosk.texts, self.speaker, self.sounds, kiosk.window, kiosk.controller),
            is_private=is_private,
            locate_every_s=locate_every_s,
        )

    @property
    def log(self) -> list[str]:
        return self.speaker.log


@pytest.fixture
def voiced(kiosk: Kiosk) -> Voiced:
    return Voiced(kiosk)


def keys_of(digits: str) -> tuple[Qt.Key, ...]:
    return tuple(Qt.Key(Qt.Key.Key_0.value + int(digit)) for digit in digits)


def test_a_whole_visit_by_the_keypad_is_heard(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.key(DOWN)
    assert voiced.voice.voice.is_on and not voiced.voice.place.timer.isActive()
    assert voiced.log[-1] == "! 영어 English, 버튼"
    kiosk.key(UP, OK)
    assert "! 주문번호를 입력하거나 주문서의 코드를 스캔해 주세요." in voiced.log
    kiosk.key(*keys_of(str(ORDER)), OK, *keys_of(PHONE_END), OK)
    assert kiosk.state == "summary"
    assert "만 오천사백 원." in voiced.log
    kiosk.window.focus_main()
    kiosk.key(OK)
    assert kiosk.state == "qr"
    kiosk.pay()
    assert kiosk.state == "outcome"
    assert "! 결제되었습니다. 감사합니다." in voiced.log
    assert voiced.sounds.played == [Sound.PAID]
    kiosk.key(F1)
    assert voiced.sounds.played == [Sound.PAID], "F1 repeats what is said, and no sound"
    kiosk.window.focus_main()
    kiosk.key(OK)
    assert kiosk.state == "start"
    assert voiced.log[-1] == "(stop)" and not voiced.voice.voice.is_on
    assert voiced.voice.place.timer.isActive()


def test_the_first_key_after_hours_moves_the_focus_at_the_start(voiced: Voiced) -> None:
    """It turns the voice on, which the next buyer is not to find: that did count from the last
    touch, and asked at once whether anybody is there."""
    kiosk = voiced.kiosk
    kiosk.wait(3 * 3_600)
    kiosk.key(DOWN)
    assert kiosk.window.view.layout == "start"
    assert kiosk.window.focused_item().name.startswith("영어")


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_visit_by_keys_alone_is_heard_as_recorded(voiced: Voiced, language: str) -> None:
    visit(voiced.kiosk, language)
    golden = GOLDEN / f"heard_{language}.txt"
    assert voiced.log == golden.read_text("utf-8").splitlines()


def test_the_button_speaks_by_the_loudspeaker_without_amounts(voiced: Voiced) -> None:
    voiced.kiosk.tap("voice")
    assert voiced.log[:2] == ["(stop)", "! 화면을 눌러 시작하세요."]
    voiced.kiosk.to_summary()
    assert "이어폰으로만 안내." in voiced.log
    assert not any("오천사백" in text for text in voiced.log)


def test_typed_digits_are_heard_and_those_of_an_order_again_by_f1(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.key(DOWN, UP, OK)
    before = len(voiced.log)
    kiosk.key(*keys_of("120"), F1)
    order = "주문번호를 입력하거나 주문서의 코드를 스캔해 주세요."
    assert voiced.log[before:] == [
        *("! 일", "다음, 버튼", "! 이", "! 공"),
        *(f"! {order}", "일 이 공", "다음, 버튼"),
    ]
    kiosk.key(*keys_of("0"), OK)
    before = len(voiced.log)
    kiosk.key(*keys_of("0001"), F1)
    assert voiced.log[before:] == [
        *("! 공", "! 공", "! 공", "! 일", "다음, 버튼"),
        *("! 전화번호 뒤 4자리를 입력해 주세요.", "다음, 버튼"),
    ], "a whole phone number is not repeated to whoever comes by"


def test_the_loudspeaker_names_the_digits_of_an_order_and_none_of_a_phone(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.tap("voice", "begin")
    before = len(voiced.log)
    kiosk.tap(*str(ORDER))
    assert voiced.log[before:] == ["! 일", "! 이", "! 공", "! 공"]
    kiosk.tap("next")
    before = len(voiced.log)
    kiosk.tap(*PHONE_END)
    assert voiced.log[before:] == ["! 이어폰으로만 안내"] * 4


def test_a_touch_does_not_begin_the_voice(voiced: Voiced) -> None:
    voiced.kiosk.to_summary()
    assert voiced.log == ["(stop)"], "only the announcement of the place ended"


def test_the_keys_of_a_pin_neither_begin_the_voice_nor_are_said(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.controller.ask_exit()
    kiosk.key(DOWN, DOWN, *keys_of("12"))
    assert not voiced.voice.voice.is_on


def test_the_earphone_of_a_buyer_does_not_hear_the_pin(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    set_up_managers(kiosk)
    kiosk.key(DOWN)
    kiosk.controller.ask_exit()
    before = len(voiced.log)
    for digit in "111111":
        for _ in range(30):
            if kiosk.window.focused_item().name == digit:
                break
            kiosk.key(DOWN)
        kiosk.key(OK)
    assert kiosk.window.view.messages == ("PIN이 맞지 않습니다.",)
    said = voiced.log[before:]
    assert "! 키" in said
    assert [one for one in said if any(digit in one for digit in DIGITS)] == []


def test_keys_change_speed_and_volume_and_the_next_buyer_has_the_usual_ones(voiced: Voiced):
    kiosk, speaker = voiced.kiosk, voiced.speaker
    key = Qt.Key
    kiosk.key(
        key.Key_Right, key.Key_Right, key.Key_Left, key.Key_Plus, key.Key_Minus, key.Key_Minus
    )
    assert (speaker.speed, speaker.volume) == (125, 60)
    assert voiced.log[-6:] == [
        *("! 속도 백이십오 퍼센트", "! 속도 백오십 퍼센트", "! 속도 백이십오 퍼센트"),
        *("! 음량 백 퍼센트", "! 음량 팔십 퍼센트", "! 음량 육십 퍼센트"),
    ]
    kiosk.key(OK)
    assert kiosk.state == "order", "the keys press nothing"
    kiosk.key(Qt.Key.Key_Escape)
    assert (speaker.speed, speaker.volume) == (100, 80)
    kiosk.key(key.Key_Plus, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert speaker.volume == 100, "where + needs Shift"
    kiosk.controller.reset()
    assert (speaker.speed, speaker.volume) == (100, 80)


def test_a_keypad_with_other_keys_is_told_by_the_setting(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.guard.remove()
    kiosk.guard = InputGuard(
        *(kiosk.window, kiosk.controller, read_keys("louder=VolumeUp, repeat=F13, faster=A")),
    )
    kiosk.guard.install()
    kiosk.key(DOWN, Qt.Key.Key_VolumeUp, Qt.Key.Key_A)
    assert (voiced.speaker.volume, voiced.speaker.speed) == (100, 125)
    before = len(voiced.log)
    kiosk.key(Qt.Key.Key_F13)
    assert voiced.log[before:] == ["! 화면을 눌러 시작하세요.", "영어 English, 버튼"]
    kiosk.key(Qt.Key.Key_Plus)
    assert voiced.speaker.volume == 100
    kiosk.key(Qt.Key.Key_B)
    assert voiced.log[-1] == "! 음량 백 퍼센트", "any other key is nothing"


END = "끝"
"""Said after each text, to know that it was heard."""


class Heard:
    """A pack without some recordings, and the engine that speaks what it does not have."""

    def __init__(self, missing: frozenset[str]) -> None:
        self.missing, self.ended = missing, threading.Semaphore(0)
        self.log: list[str] = []

    def find(self, clips: Sequence[str], language: str) -> list[Recording | None]:
        return [None if one in self.missing else Recording(1, 1, one.encode()) for one in clips]

    def play(self, found: Sequence[Recording], volume: int, interrupt: Interrupt) -> None:
        self.log += [one.frames.decode() for one in found]

    def speak(self, utterance: Utterance, interrupt: Interrupt) -> None:
        if utterance.text == END:
            self.ended.release()
        else:
            self.log.append(f"({utterance.text})")

    def voices(self) -> frozenset[str]:
        return frozenset({"ko"})

    def close(self) -> None:
        """Nothing is open."""


def test_a_missing_recording_is_spoken_and_all_others_are_heard(voiced: Voiced) -> None:
    """A whole visit, as its buyer hears it: the engine says the missing pieces alone, and the names
    of goods, which nobody recorded."""
    kiosk = voiced.kiosk
    kiosk.key(DOWN, UP, OK, *keys_of(str(ORDER)), OK, *keys_of(PHONE_END), OK)
    kiosk.key(DOWN)
    heard = Heard(frozenset({"number.5", "kiosk.call"}))
    speaker = QueuedSpeaker(lambda: heard, heard, clip_texts)
    for spoken in voiced.speaker.spoken:
        speaker.say(spoken, "ko")
        speaker.say(END, "ko")
        assert heard.ended.acquire(timeout=LONGEST_S)
    speaker.close()
    said = " ".join(heard.log)
    assert "kiosk.to_pay number.10000 (오) number.1000 number.4 number.100 unit.won" in said
    assert "(직원 호출) kiosk_voice.role_button" in said
    assert "kiosk.order" in heard.log and "kiosk.pay" in heard.log
    assert [one for one in heard.log if "주문번호를" in one or "결제할 금액" in one] == []


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_word_of_the_kiosk_can_be_recorded(language: str) -> None:
    clips = {one.clip for one in voice_phrases(language)}
    assert {"kiosk.large", "kiosk.large_200", "kiosk.low", "kiosk_voice.speed.1"} <= clips
    assert {"kiosk_voice.volume.1", "unit.percent"} <= clips


def test_a_call_is_heard(voiced: Voiced) -> None:
    voiced.kiosk.tap("call")
    assert voiced.sounds.played == [Sound.CALL]


def test_hearing_takes_twice_the_time(voiced: Voiced) -> None:
    kiosk = voiced.kiosk
    kiosk.tap("voice", "begin")
    kiosk.wait(100)
    assert not kiosk.controller.idle_seconds
    kiosk.wait(25)
    assert kiosk.controller.idle_seconds
