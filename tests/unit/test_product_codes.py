"""Codes of products: typed, scanned and made."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.codes import LONGEST_BARCODE, is_gtin
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.product_codes import (
    MOST_OWN_CODES,
    check_digit,
    code_key,
    own_code,
    scanned_code,
    scanned_key,
    typed_code,
)

GTIN_DIGITS = st.sampled_from([7, 11, 12, 13]).flatmap(
    lambda length: st.text("0123456789", min_size=length, max_size=length)
)


@given(GTIN_DIGITS)
def test_the_check_digit_makes_a_number_of_gs1(digits: str) -> None:
    code = f"{digits}{check_digit(digits)}"
    assert is_gtin(code)
    assert typed_code(code) == code.zfill(14)


@given(GTIN_DIGITS, st.integers(1, 9))
def test_a_typed_number_with_another_check_digit_names_the_right_one(
    digits: str, beside: int
) -> None:
    right = check_digit(digits)
    with pytest.raises(UserError) as refused:
        typed_code(f"{digits}{(right + beside) % 10}")
    assert refused.value.code is ErrorCode.CODE_CHECK_DIGIT
    assert refused.value.parameters == {"digit": right}


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("8801043014830", "08801043014830"),
        (" 8801043014830 ", "08801043014830"),
        ("８８０１０４３０１４８３０", "08801043014830"),
        ('="8801043014830"', "08801043014830"),
        ("036000291452", "00036000291452"),  # UPC-A
        ("96385074", "00000096385074"),  # EAN-8
        ("18801043014837", "18801043014837"),  # GTIN-14
        ("ABC-12/x", "abc-12/x"),
        ("1234567890", "1234567890"),  # ten digits are no length of GS1
    ],
)
def test_a_typed_code_is_stored_in_one_spelling(typed: str, key: str) -> None:
    assert typed_code(typed) == key


@pytest.mark.parametrize("text", ["", " ", "가나다", "a\nb", "x" * (LONGEST_BARCODE + 1), "a–b"])
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(UserError) as refused:
        typed_code(text)
    assert refused.value.code is ErrorCode.CODE_FORM


def test_a_scanned_number_without_a_check_digit_is_a_text() -> None:
    assert scanned_key("8801043014831") == "8801043014831"
    assert code_key("8801043014830") == "08801043014830"


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ("]C18801043014830", "8801043014830"),
        ("]E08801043014830", "8801043014830"),
        ("8801\x1d043\x00014830\r\n", "8801043014830"),
        ("x" * 5_000, "x" * LONGEST_BARCODE),
        ("]", "]"),
        ("\x1d\r\n", ""),
    ],
)
def test_what_a_scanner_sends_is_cut_to_a_code(sent: str, code: str) -> None:
    assert scanned_code(sent) == code


@given(st.integers(1, MOST_OWN_CODES - 1))
def test_an_own_code_is_a_number_that_gs1_leaves_to_shops(number: int) -> None:
    code = own_code(number)
    assert len(code) == 13
    assert code.startswith("20")
    assert is_gtin(code)
    assert int(code[2:12]) == number


@pytest.mark.parametrize("number", [0, -1, MOST_OWN_CODES])
def test_other_numbers_make_no_own_code(number: int) -> None:
    with pytest.raises(ValueError, match="own code"):
        own_code(number)
