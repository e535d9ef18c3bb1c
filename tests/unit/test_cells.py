"""Widths and line breaks on a roll: no line is wider than the paper, and only blanks are lost."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posapp.domain.cells import at_right, cells, glyphs, spread, wrapped
from posapp.domain.roll_letters import COLUMNS

IN_CODE_PAGE = "".join(
    bytes(pair).decode("cp949", "ignore")
    for pair in ((lead, trail) for lead in range(0x81, 0xFE) for trail in range(0x41, 0xFF))
)
HARD = "₩–—😀👨\u200d👩🏽ée\u0301一々ｱㅏ ·×…\u3000가각똠힣  ab,0"
SIGNS = st.one_of(st.sampled_from(IN_CODE_PAGE), st.sampled_from(HARD))
TEXTS = st.text(SIGNS, max_size=60)
WIDTHS = st.one_of(st.sampled_from(COLUMNS), st.integers(2, 60))


def without_blanks(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("", 0),
        ("abc 12,000", 10),
        ("12,000원", 8),
        ("가각 똠방각하 뷁 힣", 19),
        ("사업자등록번호", 14),
        ("×·…―", 8),
        ("₩–", 2),
        ("😀", 2),
        ("👨\u200d👩", 2),
        ("👍🏽", 2),
        ("e\u0301", 1),
        ("ｱ", 1),
    ],
)
def test_a_width_is_as_printers_count_it(text: str, width: int) -> None:
    assert cells(text) == width


@pytest.mark.parametrize("sign", ["가", "힣", "뷁", "½", "─", "a", "漢"])
def test_what_the_code_page_has_is_as_wide_as_its_bytes(sign: str) -> None:
    assert cells(sign) == len(sign.encode("cp949"))


def test_the_whole_code_page_is_as_wide_as_its_bytes() -> None:
    assert len(IN_CODE_PAGE) > 17_000
    other = [
        sign
        for sign in set(IN_CODE_PAGE)
        if sum(map(cells, glyphs(sign))) != len(sign.encode("cp949"))
    ]
    assert other == []


@given(TEXTS, WIDTHS)
def test_no_line_is_wider_than_the_paper_and_only_blanks_are_lost(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cells(line) <= width for line in lines)
    assert without_blanks("".join(lines)) == without_blanks(text)
    assert all(lines) or lines == [""]


@given(TEXTS, WIDTHS)
def test_a_text_with_room_stays_one_line(text: str, width: int) -> None:
    if cells(text) <= width:
        assert wrapped(text, width) == [text.rstrip()]


@given(TEXTS, TEXTS, st.sampled_from(COLUMNS))
@example("", "\u200d", 32)
@example("\u200d", "0", 32)
def test_an_amount_ends_at_the_right_edge(left: str, right: str, width: int) -> None:
    right = right.strip()
    lines = spread(left, right, width)
    assert all(cells(line) <= width for line in lines)
    assert without_blanks("".join(lines)) == without_blanks(left + right)
    if right:
        assert cells(lines[-1]) == width and lines[-1].endswith(right[-1])


def test_words_stay_whole_and_long_ones_are_broken_where_the_line_ends() -> None:
    assert wrapped("단팥빵 크림빵 소보로", 14) == ["단팥빵 크림빵", "소보로"]
    assert wrapped("imp_123456789012", 6) == ["imp_12", "345678", "9012"]
    assert wrapped("빵가나다", 5) == ["빵가", "나다"]
    assert wrapped("  1개 x", 10) == ["  1개 x"]


def test_an_amount_without_room_is_below() -> None:
    assert spread("카페라떼", "9,000원", 16) == ["카페라떼 9,000원"]
    assert spread("카페라떼 L", "9,000원", 16) == ["카페라떼 L", "         9,000원"]


def test_a_picture_of_several_signs_is_never_torn() -> None:
    assert list(glyphs("가👨\u200d👩나")) == ["가", "👨\u200d👩", "나"]
    assert at_right("원", 5) == "   원"


def test_a_line_without_room_for_a_syllable_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        wrapped("가", 1)
