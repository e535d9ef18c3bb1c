"""The code of a scan, in any mode of the keyboard."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.ui.scanner.code import keys_of, order_of
from tests.ui.scanner.two_set import written_in_hangul_mode

codes = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=48)
"""Whatever a barcode can hold and a keyboard can send."""

INITIALS = dict(zip("rRseEfaqQtTdwWczxvg", range(19), strict=True))
VOWELS = (
    *("k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl"),
    *("y", "n", "nj", "np", "nl", "b", "m", "ml", "l"),
)
FINALS = (
    *("", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg"),
    *("a", "q", "qt", "t", "T", "d", "w", "c", "z", "x", "v", "g"),
)
syllables = st.tuples(
    st.sampled_from("rRseEfaqQtTdwWczxvg"), st.sampled_from(VOWELS), st.sampled_from(FINALS)
)


@given(st.lists(syllables))
def test_a_syllable_is_the_keys_that_made_it(typed):
    hangul = "".join(
        chr(0xAC00 + (INITIALS[i] * 21 + VOWELS.index(v)) * 28 + FINALS.index(f))
        for i, v, f in typed
    )
    assert keys_of(hangul) == "".join(i + v + f for i, v, f in typed)


@given(codes)
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_a_code_is_the_same_after_hangul_mode(form, code):
    written = unicodedata.normalize(form, written_in_hangul_mode(code))
    assert keys_of(written).casefold() == code.casefold()


@given(st.text("qwertyuiopasdfghjklzxcvbnmQWERTOP"))
def test_letters_that_shift_changes_keep_their_case(code):
    assert keys_of(written_in_hangul_mode(code)) == code


def test_the_input_method_of_these_tests_writes_korean():
    typed = {
        "gksqlc": "한빛",
        "rkqtdmf": "값을",
        "dksrhkdkf": "안과알",
        "dlfrdj": "읽어",
        "Rhc": "꽃",
    }
    assert {keys: written_in_hangul_mode(keys) for keys in typed} == typed
    assert written_in_hangul_mode("880abQ-12kr") == "880뮤ㅃ-12ㅏㄱ"  # as seen with ibus-hangul


@given(st.text(st.characters(max_codepoint=0x7E)))
def test_text_without_hangul_does_not_change(text):
    assert keys_of(text) == text


def test_a_code_scanned_in_hangul_mode_as_it_arrived_once():
    assert keys_of("880뮤ㅃ-12ㅏㄱ") == "880abQ-12kr"


@pytest.mark.parametrize(
    ("scanned", "order"),
    [
        *(("1200", 1200), (" 1200 ", 1200), ("１２００", 1200), ("001200", 1200)),
        *(("PO1200", 1200), ("po1200", 1200), ("ㅖㅒ1200", 1200), ("ㅔㅐ1200", 1200)),
        *(("]C11200", 1200), ("]C1PO1200", 1200), ("9223372036854775807", 2**63 - 1)),
        *(("", None), ("PO", None), ("abc", None), ("12-00", None), ("9" * 5_000, None)),
        *(("0", None), ("-5", None), ("PO PO1", None), ("안녕", None), ("1\x002", None)),
    ],
)
def test_order_number_of_a_code(scanned, order):
    assert order_of(scanned) == order
