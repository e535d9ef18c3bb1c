"""Texts of the screen as they are spoken, and the recordings that say the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.spoken import Spoken
from posapp.domain.spoken_numbers import READERS
from posapp.domain.spoken_text import MessageReader, speak_text

KOREAN = {
    "결제할 금액 58,600원": "결제할 금액 오만 팔천육백 원",
    "−7,600원": "마이너스 칠천육백 원",
    "0원": "영 원",
    "남은 시간 4:59": "남은 시간 사 분 오십구 초",
    "계속하시겠습니까? 20초 뒤 처음으로 돌아갑니다.": (
        "계속하시겠습니까? 이십 초 뒤 처음으로 돌아갑니다."
    ),
    "단팥빵 7개 15,400원": "단팥빵 일곱 개 만 오천사백 원",
    "접수번호 261123-01-0042": "접수번호 이 육 일 일 이 삼, 공 일, 공 공 사 이",
    "확인 중 · 주문번호 1200": "확인 중 · 주문번호 일 이 공 공",
    "전화번호 뒤 4자리를 입력해 주세요.": "전화번호 뒤 4자리를 입력해 주세요.",
    "쌀 1kg A4 100% 12:345": "쌀 1kg A4 100% 12:345",
    "9,999,999,999,999원": "구 구 구 구 구 구 구 구 구 구 구 구 구",
    "": "",
}
ENGLISH = {
    "To pay ₩58,600": "To pay fifty-eight thousand six hundred won",
    "-₩7,600": "minus seven thousand six hundred won",
    "Time left 4:59": "Time left four minutes fifty-nine seconds",
    "Continue? Back to start in 20 s.": "Continue? Back to start in twenty seconds.",
    "Order 1200": "Order one two zero zero",
    "Last 4 digits of your phone.": "Last 4 digits of your phone.",
}


@pytest.mark.parametrize(("text", "spoken"), KOREAN.items())
def test_korean_texts(text, spoken):
    assert speak_text(text, "ko").text == spoken


@pytest.mark.parametrize(("text", "spoken"), ENGLISH.items())
def test_english_texts(text, spoken):
    assert speak_text(text, "en").text == spoken


@given(st.integers(0, MAX_AMOUNT))
def test_every_amount_on_screen_is_read_as_that_amount(amount):
    assert speak_text(f"{amount:,}원", "ko") == READERS["ko"].speak_amount(Won(amount))
    assert speak_text(f"₩{amount:,}", "en") == READERS["en"].speak_amount(Won(amount))


@given(st.text(max_size=80), st.sampled_from(["ko", "en"]))
def test_any_text_is_read(text, language):
    assert isinstance(speak_text(text, language).text, str)


def hidden(spoken):
    return Spoken("비공개")


def test_amounts_can_be_kept_from_bystanders():
    text = "주문 1200, 58,600원, 7개, 남은 시간 4:59"
    said = speak_text(text, "ko", hidden).text
    assert said == "주문 일 이 공 공, 비공개, 일곱 개, 남은 시간 사 분 오십구 초"


MESSAGES = {
    "kiosk.start": "화면을 눌러 시작하세요",
    "kiosk.left": "남은 시간 {left}",
    "kiosk.both": "{left} 가운데 {left} ({total})",
    "kiosk.any": "{all}",
    "kiosk.pause": "{seconds}초 뒤에 다시 입력할 수 있습니다.",
}


@pytest.fixture
def reader():
    return MessageReader(MESSAGES, "ko")


def test_a_message_is_said_by_its_recording(reader):
    assert reader.read("화면을 눌러 시작하세요") == Spoken(
        "화면을 눌러 시작하세요", ("kiosk.start",)
    )


def test_a_message_with_a_value_is_said_by_recordings(reader):
    spoken = reader.read("남은 시간 0:05")
    assert spoken == Spoken("남은 시간 오 초", ("kiosk.left.1", "number.5", "unit.second"))


def test_an_amount_alone_is_said_by_recordings(reader):
    assert reader.read("12,000원") == READERS["ko"].speak_amount(Won(12_000))


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("20초 뒤에 다시 입력할 수 있습니다.", "이십 초 뒤에 다시 입력할 수 있습니다."),
        ("단팥빵 (우유), 정가 100%", "단팥빵 (우유), 정가 100%"),
        ("0:05 가운데 0:05 (3,000원)", "오 초 가운데 오 초 (삼천 원)"),
    ],
)
def test_other_texts_are_left_to_the_engine(reader, text, spoken):
    said = reader.read(text)
    assert said.text == spoken


def test_a_private_amount_has_no_recordings(reader):
    assert reader.read("12,000원", hidden) == Spoken("비공개")
