"""What a code names: an order, or a product by its barcode."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.codes import (
    barcode_spellings,
    is_gtin,
    is_order_code,
    order_code,
    order_number,
    typed_number,
)

GTINS = ("8801043014830", "8801234567893", "2112345012988", "036000291452", "96385074")
widths = st.sampled_from([8, 12, 13, 14])


@pytest.mark.parametrize("code", GTINS)
def test_each_wrong_digit_is_found(code):
    assert is_gtin(code)
    for at, digit in enumerate(code):
        for other in set("0123456789") - {digit}:
            assert not is_gtin(code[:at] + other + code[at + 1 :])


@given(widths, st.data())
def test_one_check_digit_of_ten_fits(width, data):
    digits = data.draw(st.text("0123456789", min_size=width - 1, max_size=width - 1))
    assert sum(is_gtin(f"{digits}{check}") for check in range(10)) == 1


@given(st.text())
def test_any_other_text_is_no_gtin(text):
    assert is_gtin(text) <= (text.isascii() and text.isdigit() and len(text) in (8, 12, 13, 14))


@pytest.mark.parametrize(
    ("code", "stored"),
    [
        ("0036000291452", "036000291452"),  # EAN-13 and UPC-A
        ("036000291452", "36000291452"),  # a spreadsheet took the zero off
        ("08801043014830", "8801043014830"),
        ("96385074", "00000096385074"),
        ("ABC-12/x", "abc-12/x"),
        ("12", "12"),
    ],
)
def test_a_barcode_is_found_however_it_is_spelled(code, stored):
    assert stored in barcode_spellings(code)


@pytest.mark.parametrize("code", ["", "가", "１２", "1\x002", "9" * 49, "\ud800"])
def test_what_is_no_barcode_is_not_looked_for(code):
    assert barcode_spellings(code) == ()


@given(st.sampled_from(GTINS), st.sampled_from(GTINS))
def test_two_numbers_share_no_spelling(one, other):
    shared = set(barcode_spellings(one)) & set(barcode_spellings(other))
    assert bool(shared) == (one == other)


@pytest.mark.parametrize(
    ("code", "number", "only"),
    [
        *(("PO1200", 1200, True), ("po1200", 1200, True), ("1200", 1200, False)),
        *(("PO", None, False), ("POX", None, False), ("ABC", None, False), ("", None, False)),
    ],
)
def test_the_order_that_a_code_names(code, number, only):
    assert (order_number(code), is_order_code(code)) == (number, only)


@pytest.mark.parametrize(
    "text",
    ["1200", " 1200 ", "1,200", "1200번", "1,200 번", "No.1200", "no. 1200", "NO 1200", "№1200",
     "#1200", "１２００", "주문 1200", "주문번호 1200", "주문 번호 1200번", "0001200"],
)  # fmt: skip
def test_an_order_number_is_read_however_people_type_it(text):
    assert typed_number(text) == 1200


@pytest.mark.parametrize(
    "text",
    ["", "번", "No.", "0", "12,00", "1,2000", ",200", "1200번지", "-1200", "1200.5", "1200원",
     "PO1200", "홍길동 1200", "9" * 5000, "१२००", "1200\x00", "9223372036854775808", "12 00"],
)  # fmt: skip
def test_what_is_no_order_number_is_none(text):
    assert typed_number(text) is None


@given(st.integers(1, 2**63 - 1))
def test_every_order_number_is_read_in_each_spelling(number):
    for text in (f"{number}", f"{number:,}", f"{number}번", f"No. {number:,}"):
        assert typed_number(text) == number


@given(st.integers(1, 2**63 - 1))
def test_the_code_on_a_paper_names_its_order_only(number):
    code = order_code(number)
    assert code == f"PO{number}"
    assert is_order_code(code) and order_number(code) == number
