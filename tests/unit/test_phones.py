"""Phone numbers in every form that people, files and spreadsheets write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.codes import gtin14, normal_barcode
from posapp.domain.phones import is_rounded, normal_phone, phone_digits
from posapp.domain.text import without_coat, without_invisible

MOBILE = (
    "010-1234-5678", "01012345678", "1012345678", "10-1234-5678", "010 1234 5678", "010.1234.5678",
    "010–1234–5678", "010\u00a01234\u00a05678", "０１０－１２３４－５６７８", "+82 10-1234-5678",
    "+821012345678", "82-10-1234-5678", "0082 10 1234 5678", "+82 (0)10-1234-5678",
    '="01012345678"', '="1012345678"', "'01012345678", "’010-1234-5678", '"01012345678"',
    "=01012345678", "1012345678.0", "010\u200b-1234-\ufeff5678", "\t010-1234-5678 ",
)  # fmt: skip


@pytest.mark.parametrize("written", MOBILE)
def test_every_form_of_a_mobile_number_is_the_same_number(written: str) -> None:
    assert normal_phone(written) == "010-1234-5678"
    assert phone_digits(written) == "01012345678"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("02-123-4567", "02-123-4567"),
        ("21234567", "02-123-4567"),
        ("+82-2-1234-5678", "02-1234-5678"),
        ("311234567", "031-123-4567"),
        ("0505-123-4567", "0505-123-4567"),
        ("1588-1234", "1588-1234"),
        ("15881234", "1588-1234"),
        ("+1 212 555 0100", "+1 212 555 0100"),
        ("010-1234-5678 (집)", "010-1234-5678 (집)"),
        ("없음", "없음"),
        ("", ""),
    ],
)
def test_other_numbers_keep_what_they_are(written: str, stored: str) -> None:
    assert normal_phone(written) == stored


@pytest.mark.parametrize(
    "written", ["1.01235E+09", "1.01235e+9", "8.80123E+12", "１.０E+09", "1E9"]
)
def test_what_excel_has_rounded_is_known(written: str) -> None:
    assert is_rounded(written)


@given(st.text(max_size=30))
def test_the_stored_form_stays_and_nothing_is_a_crash(text: str) -> None:
    once = normal_phone(text)
    assert normal_phone(once) == once
    assert phone_digits(once) == phone_digits(text) or phone_digits(text)
    assert without_coat(text) is not None
    assert isinstance(is_rounded(text), bool)


def test_invisible_characters_go_but_for_joined_emoji() -> None:
    assert without_invisible("소금\u200b빵\ufeff\u00ad\u202e\u2060") == "소금빵"
    assert without_invisible("👩\u200d🍳") == "👩\u200d🍳"
    for blank in ("\u3164", "\u200b", "\u2800 \u115f", "\u200d\ufe0f", "\uffa0\u3000"):
        assert without_invisible(blank) == ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12345678905", "0012345678905"),  # UPC-A without its zero, EAN-13
        ("８８０１０４３０１４８３０", "08801043014830"),
        ('="036000291452"', "0036000291452"),
        ("8801043014830.0", "8801043014830"),
    ],
)
def test_barcodes_are_the_same_gtin(one: str, other: str) -> None:
    first = gtin14(normal_barcode(one))
    assert first is not None
    assert first == gtin14(normal_barcode(other))
