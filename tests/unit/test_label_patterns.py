"""Labels with a price or a weight, by the shop's patterns."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.label_patterns import LabelPattern, LabelReading, parse_patterns, read_label
from posapp.domain.money import Won
from posapp.domain.product_codes import check_digit

PRICED, WEIGHED = "21PPPPPVVVVVC", "22PPPPPWWWWWC"


def test_the_offered_patterns() -> None:
    patterns = parse_patterns([PRICED, WEIGHED])
    assert read_label(patterns, "2112345012988") == LabelReading(12345, price=Won(1298))
    weighed = "220000700532"
    assert read_label(patterns, f"{weighed}{check_digit(weighed)}") == LabelReading(7, grams=532)
    assert read_label(patterns, "8801043014830") is None
    assert read_label((), "2112345012988") is None


@given(st.integers(0, 99_999), st.integers(0, 99_999))
def test_a_label_is_read_as_it_was_printed(plu: int, value: int) -> None:
    for text, field in ((PRICED, "price"), (WEIGHED, "grams")):
        digits = f"{text[:2]}{plu:05}{value:05}"
        found = LabelPattern.parse(text).read(f"{digits}{check_digit(digits)}")
        assert found is not None
        assert (found.plu, getattr(found, field)) == (plu, value)


@given(st.integers(0, 9))
def test_a_wrong_check_digit_is_no_label(digit: int) -> None:
    found = LabelPattern.parse(PRICED).read(f"211234501298{digit}")
    assert (found is not None) == (digit == 8)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "21PPPPPVVVVV",  # twelve
        "21PPPPPVVVVVCC",
        "11PPPPPVVVVVC",  # a prefix of GS1
        "30PPPPPVVVVVC",
        "P1PPPPPVVVVVC",
        "21PPPPPVVVVVV",  # no check digit
        "21PPPPPVVVVCX",
        "21PPPPPXXXXXC",  # neither price nor weight
        "21PPPPPVVVWWC",
        "21XXXXXVVVVVC",  # no product
        "21PPVPPVVVVVC",  # PLU apart
        "21PPPPPVVXVVC",
        "21PPPPPVVVVYC",
        "２1PPPPPVVVVVC",
    ],
)
def test_what_is_no_pattern_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="13 letters"):
        LabelPattern.parse(text)


def test_patterns_that_one_label_could_fit_both_are_refused() -> None:
    with pytest.raises(ValueError, match="both"):
        parse_patterns([PRICED, "21PPPPPPWWWWC"])
    assert len(parse_patterns(["210PPPPVVVVVC", "211PPPPVVVVVC", WEIGHED])) == 3


@given(st.data())
def test_patterns_that_do_not_overlap_read_no_label_both(data: st.DataObject) -> None:
    heads = st.text("0123456789", min_size=0, max_size=3)
    texts = [
        f"2{data.draw(st.integers(0, 9))}{data.draw(heads)}".ljust(7, "P") + letter * 5 + "C"
        for letter in "VW"
    ]
    one, another = map(LabelPattern.parse, texts)
    digits = f"2{data.draw(st.text('0123456789', min_size=11, max_size=11))}"
    code = f"{digits}{check_digit(digits)}"
    if one.read(code) and another.read(code):
        assert one.overlaps(another)
        assert another.overlaps(one)
