"""Finding products by letters and initials."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.product_terms import (
    INITIALS,
    ProductTerm,
    folded_name,
    initial_of,
    initials_of,
)

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.text(
    st.one_of(SYLLABLES, st.sampled_from(INITIALS + "ㄳㅄ aB１é-")), min_size=1, max_size=12
)


def finds(term: str, name: str) -> bool:
    return ProductTerm.of(term).finds(folded_name(name))


@pytest.mark.parametrize(
    ("term", "name", "found"),
    [
        ("사", "사과", True),
        ("ㅅㄱ", "사과", True),
        ("사ㄱ", "사과", True),
        ("ㅅ과", "사과", True),
        ("ㄳ", "감자 사과", False),  # ㄱㅅ: 자 stands between
        ("ㄳ", "감사 카드", True),
        ("ㄱㅅ", "고소미", True),
        ("ㅃ", "단팥빵", True),
        ("ㅂ", "단팥빵", False),
        ("단 팥", "단팥빵", True),
        ("ㄷㅍㅃ", "단 팥빵", True),
        ("LATTE", "Café Latte", True),
        ("ｌａｔｔｅ", "latte", True),
        ("１２", "우유 12개", True),
        ("ㅋㅋ", "ㅋㅋ라면", True),
        ("과사", "사과", False),
        ("", "사과", True),
        ("사과사", "사과", False),
    ],
)
def test_a_term_finds_a_name(term: str, name: str, found: bool) -> None:
    assert finds(term, name) is found


@given(SYLLABLES)
def test_the_initial_of_a_syllable_is_the_one_it_is_written_with(syllable: str) -> None:
    first = unicodedata.normalize("NFD", syllable)[0]
    assert INITIALS[ord(first) - 0x1100] == initial_of(syllable)


@given(NAMES)
def test_a_name_is_found_by_itself_and_by_its_initials(name: str) -> None:
    folded = folded_name(name)
    assert folded_name(folded) == folded
    assert finds(name, name)
    assert finds(initials_of(folded), name)
    assert finds(unicodedata.normalize("NFD", name), name)


@given(NAMES, st.data())
def test_any_part_with_some_initials_finds_the_name(name: str, data: st.DataObject) -> None:
    folded = folded_name(name)
    start = data.draw(st.integers(0, len(folded)))
    part = folded[start : data.draw(st.integers(start, len(folded)))]
    mixed = "".join(initial_of(c) if data.draw(st.booleans()) else c for c in part)
    assert finds(mixed, name)


@given(NAMES, NAMES)
def test_a_term_is_found_where_a_position_fits_letter_by_letter(term: str, name: str) -> None:
    wanted, folded = folded_name(term), folded_name(name)
    fits = any(
        len(folded) - at >= len(wanted)
        and all(
            mine == theirs or (mine in INITIALS and initials_of(theirs) == mine)
            for mine, theirs in zip(wanted, folded[at:], strict=False)
        )
        for at in range(len(folded) + 1)
    )
    assert finds(term, name) is fits
