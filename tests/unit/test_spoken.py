"""Numbers and messages as they are spoken, against independent naive readings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.money import MAX_AMOUNT, Won
from posapp.domain.spoken import Phrase, Spoken, join_spoken, phrases_of, speak_message
from posapp.domain.spoken_numbers import READERS, phrase_list

KOREAN, ENGLISH = READERS["ko"], READERS["en"]
LANGUAGES = ("ko", "en")

KOREAN_AMOUNTS = {
    0: "영 원",
    1: "일 원",
    10: "십 원",
    16: "십육 원",
    110: "백십 원",
    1_000: "천 원",
    1_111: "천백십일 원",
    10_000: "만 원",
    12_000: "만 이천 원",
    58_600: "오만 팔천육백 원",
    100_000: "십만 원",
    110_001: "십일만 일 원",
    10_000_000: "천만 원",
    100_000_000: "일억 원",
    100_010_000: "일억 일만 원",
    1_234_567_890: "십이억 삼천사백오십육만 칠천팔백구십 원",
    MAX_AMOUNT: "일조 원",
    -7_600: "마이너스 칠천육백 원",
}
ENGLISH_AMOUNTS = {
    0: "zero won",
    12_000: "twelve thousand won",
    58_600: "fifty-eight thousand six hundred won",
    100_010: "one hundred thousand ten won",
    1_000_021: "one million twenty-one won",
    MAX_AMOUNT: "one trillion won",
    -7_600: "minus seven thousand six hundred won",
}


@pytest.mark.parametrize(("amount", "text"), KOREAN_AMOUNTS.items())
def test_korean_amounts(amount, text):
    assert KOREAN.speak_amount(Won(amount)).text == text


@pytest.mark.parametrize(("amount", "text"), ENGLISH_AMOUNTS.items())
def test_english_amounts(amount, text):
    assert ENGLISH.speak_amount(Won(amount)).text == text


AMOUNTS = st.one_of(
    st.integers(-MAX_AMOUNT, MAX_AMOUNT),
    st.builds(lambda head, zeros: min(head * 10**zeros, MAX_AMOUNT), *[st.integers(0, 12)] * 2),
)


@given(AMOUNTS)
def test_a_korean_amount_reads_back_as_itself(amount):
    assert evaluate_korean(KOREAN.speak_amount(Won(amount)).text) == amount


@given(AMOUNTS)
def test_an_english_amount_reads_back_as_itself(amount):
    assert evaluate_english(ENGLISH.speak_amount(Won(amount)).text) == amount


@given(AMOUNTS)
def test_no_korean_group_says_a_needless_one(amount):
    text = KOREAN.speak_amount(Won(amount)).text
    assert not any(word in text for word in ("일십", "일백", "일천"))
    assert not text.startswith("일만")


def evaluate_korean(text):
    """The value of a Sino-Korean number, word by word and sign by sign."""
    sign, total = 1, 0
    for word in text.removesuffix(" 원").split():
        if word == "마이너스":
            sign = -1
            continue
        group = digit = 0
        for letter in word:
            if letter in "영일이삼사오육칠팔구":
                digit = "영일이삼사오육칠팔구".index(letter)
            elif letter in "십백천":
                group += (digit or 1) * {"십": 10, "백": 100, "천": 1_000}[letter]
                digit = 0
            else:
                total += (group + digit or 1) * {"만": 10**4, "억": 10**8, "조": 10**12}[letter]
                group = digit = 0
        total += group + digit
    return sign * total


def evaluate_english(text):
    words = text.removesuffix(" won").replace("-", " ").split()
    sign = -1 if words[0] == "minus" else 1
    total = group = 0
    for word in words[sign == -1 :]:
        if word in SIZES:
            total, group = total + group * SIZES[word], 0
        elif word == "hundred":
            group *= 100
        else:
            group += VALUES[word]
    return sign * (total + group)


SIZES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
VALUES = {
    **{ENGLISH.PIECES[f"number.{number}"]: number for number in range(20)},
    **{ENGLISH.PIECES[f"number.{tens}"]: tens for tens in range(20, 100, 10)},
}


def test_pieces_say_what_their_clips_name():
    """The independent reading above takes the English words from the table that it checks."""
    numbers = {clip: text for clip, text in ENGLISH.PIECES.items() if clip.startswith("number.")}
    assert [numbers[f"number.{number}"] for number in (0, 5, 12, 13, 15, 19)] == (
        "zero five twelve thirteen fifteen nineteen".split()
    )
    assert [numbers[f"number.{tens}"] for tens in range(20, 100, 10)] == (
        "twenty thirty forty fifty sixty seventy eighty ninety".split()
    )


@pytest.mark.parametrize(
    ("count", "korean", "english"),
    [
        (0, "영 개", "zero items"),
        (1, "한 개", "one item"),
        (7, "일곱 개", "seven items"),
        (10, "열 개", "ten items"),
        (20, "스무 개", "twenty items"),
        (21, "스물한 개", "twenty-one items"),
        (99, "아흔아홉 개", "ninety-nine items"),
        (100, "백 개", "one hundred items"),
        (120, "백스무 개", "one hundred twenty items"),
        (1_203, "천이백세 개", "one thousand two hundred three items"),
        (10_000, "만 개", "ten thousand items"),
    ],
)
def test_counts(count, korean, english):
    assert KOREAN.speak_count(count).text == korean
    assert ENGLISH.speak_count(count).text == english


COUNTED = (
    "한 두 세 네 다섯 여섯 일곱 여덟 아홉".split(),
    "열 스물 서른 마흔 쉰 예순 일흔 여든 아흔".split(),
)


def test_every_count_below_100_is_its_tens_and_its_ones():
    ones, tens = COUNTED
    for count in range(1, 100):
        expected = (["", *tens][count // 10] + ["", *ones][count % 10]).removesuffix("스물")
        expected = "스무" if count == 20 else expected
        assert KOREAN.speak_count(count).text == f"{expected} 개"


@given(st.text("0123456789", min_size=1, max_size=20))
def test_digits_are_read_one_by_one(digits):
    korean, english = KOREAN.speak_digits(digits), ENGLISH.speak_digits(digits)
    assert korean.text.split() == ["공일이삼사오육칠팔구"[int(one)] for one in digits]
    assert len(english.text.split()) == len(korean.clips) == len(english.clips) == len(digits)


def test_signs_between_digits_are_a_pause_and_letters_cannot_be_recorded():
    assert KOREAN.speak_digits("010-1200").text == "공 일 공, 일 이 공 공"
    assert KOREAN.speak_digits("-12-").text == "일 이"
    assert ENGLISH.speak_digits("PO1") == Spoken("P O one")
    assert KOREAN.speak_digits("") == Spoken("")


def test_order_numbers():
    assert KOREAN.speak_order_number(1200).text == "일 이 공 공 번"
    assert ENGLISH.speak_order_number(1200).text == "number one two zero zero"


@pytest.mark.parametrize(
    ("seconds", "korean", "english"),
    [
        (0, "영 초", "zero seconds"),
        (1, "일 초", "one second"),
        (59, "오십구 초", "fifty-nine seconds"),
        (60, "일 분", "one minute"),
        (299, "사 분 오십구 초", "four minutes fifty-nine seconds"),
        (300, "오 분", "five minutes"),
        (3_600, "육십 분", "sixty minutes"),
    ],
)
def test_times(seconds, korean, english):
    assert KOREAN.speak_seconds(seconds).text == korean
    assert ENGLISH.speak_seconds(seconds).text == english


@given(AMOUNTS, st.integers(0, 100_000), st.integers(0, 10_000), st.sampled_from(LANGUAGES))
def test_clips_say_exactly_the_text(amount, count, seconds, language):
    reader = READERS[language]
    for spoken in (
        reader.speak_amount(Won(amount)),
        reader.speak_count(count),
        reader.speak_seconds(seconds),
        reader.speak_order_number(count),
        reader.speak_digits(f"{seconds}-{count}"),
    ):
        said = "".join(reader.PIECES[clip] for clip in spoken.clips)
        assert said.replace(" ", "") == letters_of(spoken.text)


def letters_of(text):
    return "".join(letter for letter in text if letter.isalnum())


def test_a_message_without_values_is_one_recording():
    assert speak_message("kiosk.start", "화면을 눌러 시작하세요", {}) == Spoken(
        "화면을 눌러 시작하세요", ("kiosk.start",)
    )
    assert phrases_of("kiosk.start", "화면을 눌러 시작하세요") == (
        Phrase("kiosk.start", "화면을 눌러 시작하세요"),
    )


def test_values_divide_a_message_into_recordings():
    template = "결제할 금액은 {amount}이며, 남은 시간은 {left}."
    values = {"amount": KOREAN.speak_amount(Won(2_500)), "left": KOREAN.speak_seconds(5)}
    spoken = speak_message("kiosk.pay", template, values)
    assert spoken.text == "결제할 금액은 이천오백 원이며, 남은 시간은 오 초."
    assert spoken.clips == (
        *("kiosk.pay.1", "number.2", "number.1000", "number.5", "number.100", "unit.won"),
        *("kiosk.pay.2", "number.5", "unit.second"),
    )
    assert [one.clip for one in phrases_of("kiosk.pay", template)] == ["kiosk.pay.1", "kiosk.pay.2"]


def test_a_value_that_nobody_recorded_leaves_the_message_to_the_synthesiser():
    assert speak_message("kiosk.item", "상품 {name}", {"name": Spoken("단팥빵")}) == Spoken(
        "상품 단팥빵"
    )


def test_a_missing_value_is_refused():
    with pytest.raises(KeyError):
        speak_message("kiosk.item", "상품 {name}", {})


def test_joined_texts_keep_their_recordings_if_all_have_some():
    first, second = Spoken("하나", ("one",)), Spoken("둘", ("two",))
    assert join_spoken(first, Spoken(""), second) == Spoken("하나 둘", ("one", "two"))
    assert join_spoken(first, Spoken("셋"), separator=". ") == Spoken("하나. 셋")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_phrases_has_every_clip_once(language):
    phrases = phrase_list(language, {"kiosk.start": "Touch", "kiosk.pay": "{amount} to pay"})
    clips = [one.clip for one in phrases]
    assert len(clips) == len(set(clips))
    assert clips[:2] == ["kiosk.start", "kiosk.pay.1"]
    assert set(READERS[language].PIECES) < set(clips)
    assert all(one.text.strip() == one.text != "" for one in phrases)
