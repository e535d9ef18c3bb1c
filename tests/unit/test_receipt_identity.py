"""Numbers of cash receipts: which are taken for what, and what of them is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.receipt_identity import (
    UNNAMED_NUMBER,
    IdentityKind,
    ReceiptIdentity,
    ReceiptPurpose,
    has_resident_form,
    parse_identity,
    without_numbers,
)

PERSONAL, BUSINESS, UNNAMED = ReceiptPurpose


def refusal(purpose: ReceiptPurpose, text: str) -> ErrorCode:
    with pytest.raises(UserError) as refused:
        parse_identity(purpose, text)
    return refused.value.code


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("010-1234-5678", "01012345678"),
        (" 010 1234 5678 ", "01012345678"),
        ("０１０１２３４５６７８", "01012345678"),
        ("011-123-4567", "0111234567"),
        ("010.1234.5678", "01012345678"),
    ],
)
def test_phones(text: str, digits: str) -> None:
    found = parse_identity(PERSONAL, text)
    assert (found.kind, found.digits) == (IdentityKind.PHONE, digits)


@pytest.mark.parametrize("digits", ["1234567890123456789", "1000000000000", "5409-2600-1234-5678"])
def test_cards(digits: str) -> None:
    assert parse_identity(PERSONAL, digits).kind is IdentityKind.CARD


@pytest.mark.parametrize("text", ["220-81-62517", "2208162517"])
def test_businesses(text: str) -> None:
    found = parse_identity(BUSINESS, text)
    assert (found.kind, found.digits) == (IdentityKind.BUSINESS, "2208162517")


@pytest.mark.parametrize(
    ("purpose", "text"),
    [
        (PERSONAL, ""),
        (PERSONAL, "02-123-4567"),
        (PERSONAL, "012-1234-5678"),
        (PERSONAL, "010-1234-567x"),
        (PERSONAL, "123456789012"),
        (PERSONAL, "1" * 20),
        (PERSONAL, "220-81-62517"),
        (BUSINESS, "220-81-62518"),
        (BUSINESS, "010-1234-5678"),
        (BUSINESS, ""),
        (UNNAMED, "5409-2600-1234-5678"),
    ],
)
def test_wrong_numbers(purpose: ReceiptPurpose, text: str) -> None:
    assert refusal(purpose, text) is ErrorCode.RECEIPT_NUMBER


@pytest.mark.parametrize("purpose", list(ReceiptPurpose))
@pytest.mark.parametrize("text", ["900101-1234567", "9001011234567", "000229 3234567"])
def test_a_resident_number_is_refused_by_its_shape(purpose: ReceiptPurpose, text: str) -> None:
    assert refusal(purpose, text) is ErrorCode.RECEIPT_RESIDENT


@pytest.mark.parametrize("digits", ["9013011234567", "9002301234567", "900101123456", "9" * 13])
def test_other_thirteen_digits_are_no_resident_number(digits: str) -> None:
    assert not has_resident_form(digits)


def test_the_number_for_nobody_is_valid() -> None:
    assert parse_identity(UNNAMED, UNNAMED_NUMBER).kind is IdentityKind.PHONE


@pytest.mark.parametrize(
    ("kind", "digits", "masked"),
    [
        (IdentityKind.PHONE, "01012345678", "010-****-5678"),
        (IdentityKind.PHONE, "0111234567", "011-***-4567"),
        (IdentityKind.CARD, "5409260012345678", "****-****-****-5678"),
        (IdentityKind.BUSINESS, "2208162517", "220-81-*****"),
    ],
)
def test_masks(kind: IdentityKind, digits: str, masked: str) -> None:
    identity = ReceiptIdentity(kind, digits)
    assert identity.masked == masked
    assert digits not in repr(identity)


@given(
    st.sampled_from(list(ReceiptPurpose)), st.text(max_size=30) | st.from_regex(r"[0-9 -]{0,22}")
)
def test_whatever_is_taken_is_no_resident_number_and_is_masked(
    purpose: ReceiptPurpose, text: str
) -> None:
    try:
        found = parse_identity(purpose, text)
    except UserError as error:
        assert error.code in (ErrorCode.RECEIPT_NUMBER, ErrorCode.RECEIPT_RESIDENT)
        return
    assert found.digits.isascii() and found.digits.isdigit()
    assert not has_resident_form(found.digits)
    shown = "".join(one for one in found.masked if one.isdigit())
    assert len(shown) <= 7 and len(shown) < len(found.digits)
    assert without_numbers(f"오류 {found.digits} {text}").count(found.digits) == 0


def test_short_numbers_stay_in_foreign_text() -> None:
    assert without_numbers("오류 1234: 010-1234-5678, 5") == "오류 1234: …, 5"
