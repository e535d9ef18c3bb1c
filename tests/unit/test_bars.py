"""Bars of product codes, read back by zxing-cpp: another make than what makes them."""

from __future__ import annotations

import string

import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.bars import QUIET, is_ean13, modules_of, printed_code
from posapp.domain.product_codes import check_digit, code_key, own_code

PRINTABLE = string.digits + string.ascii_letters + string.punctuation + " "


def read(modules: str) -> list[tuple[str, str]]:
    """Return the symbology and the text of each barcode in some modules."""
    row = "".join(
        ("\x00" if one == "1" else "\xff") * 3 for one in f"{'0' * QUIET}{modules}{'0' * QUIET}"
    ).encode("latin-1")
    picture = memoryview(row * 40).cast("B", (40, len(row)))
    return [(str(one.format), one.text) for one in zxingcpp.read_barcodes(picture)]


@given(st.text("0123456789", min_size=12, max_size=12))
def test_thirteen_digits_are_an_ean13(digits: str) -> None:
    code = f"{digits}{check_digit(digits)}"
    assert is_ean13(code)
    ((kind, text),) = read(modules_of(code))
    assert (kind.replace("-", "").replace(" ", ""), text) == ("EAN13", code)


@pytest.mark.parametrize("at", range(0, len(PRINTABLE), 12))
def test_every_other_code_is_a_code128(at: int) -> None:
    code = f"x{PRINTABLE[at : at + 12].strip()}x"
    assert not is_ean13(code)
    ((kind, text),) = read(modules_of(code))
    assert (kind.replace("-", "").replace(" ", ""), text) == ("Code128", code)


@given(st.text("0123456789abcXYZ{}-", min_size=1, max_size=48).filter(lambda one: len(one) != 13))
def test_a_code_of_any_length_is_read(code: str) -> None:
    assert [text for _, text in read(modules_of(code))] == [code]


def test_stored_codes_are_printed_as_they_are_on_goods() -> None:
    assert printed_code(code_key("8801043014830")) == "8801043014830"
    assert printed_code(code_key(own_code(7))) == own_code(7)
    assert printed_code(code_key("036000291452")) == "0036000291452"  # UPC-A
    assert printed_code(code_key("18801043014837")) == "18801043014837"  # a box: GTIN-14
    assert printed_code(code_key("Cake-1")) == "cake-1"
    assert not is_ean13("8801043014831")


@pytest.mark.parametrize("bad", ["", "한글", "a\nb"])
def test_other_characters_have_no_bars(bad: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        modules_of(bad)
