"""States of cash receipts: every pair, and what holds in all of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.actors import TILL
from posapp.domain.cash_receipts import (
    AT_PORTONE,
    OVER,
    OWN_NO_LIMIT,
    RECEIPT_TRANSITIONS,
    SEALED_STATES,
    TO_SEND,
    CashReceipt,
    ReceiptProblem,
    ReceiptState,
    ReceiptTaskKind,
    ReceiptTrigger,
    ReportedReceipt,
    build_own_no,
    following_no,
    is_ours,
    task_of,
)
from posapp.domain.errors import IllegalTransition
from posapp.domain.merchant_numbers import build_merchant_uid
from posapp.domain.money import Won
from posapp.domain.receipt_identity import ReceiptPurpose

NOW = datetime(2026, 11, 30, tzinfo=UTC)
RECEIPT = CashReceipt(
    1,
    7,
    ReceiptPurpose.PERSONAL,
    Won(5_000),
    Won(0),
    "CR1",
    TILL,
    NOW,
    NOW + timedelta(days=5),
    NOW,
    sealed=b"sealed",
)


@pytest.mark.parametrize("state", ReceiptState)
@pytest.mark.parametrize("trigger", ReceiptTrigger)
def test_every_pair_is_in_the_table_or_refused(
    state: ReceiptState, trigger: ReceiptTrigger
) -> None:
    receipt = replace(RECEIPT, state=state)
    if not RECEIPT_TRANSITIONS.allows(state, trigger):
        with pytest.raises(IllegalTransition):
            receipt.apply(trigger)
        return
    after = receipt.apply(trigger)
    assert (after.sealed is not None) == (after.state in SEALED_STATES)


@given(st.lists(st.sampled_from(list(ReceiptTrigger)), max_size=12))
def test_the_number_never_comes_back(triggers: list[ReceiptTrigger]) -> None:
    receipt, was_dropped = RECEIPT, False
    for trigger in triggers:
        if RECEIPT_TRANSITIONS.allows(receipt.state, trigger):
            receipt = receipt.apply(trigger)
        was_dropped = was_dropped or receipt.sealed is None
        assert (receipt.sealed is None) == was_dropped


def test_groups_of_states() -> None:
    assert {ReceiptState.CANCELLED, ReceiptState.REFUSED} == OVER
    assert set(ReceiptState) == AT_PORTONE | OVER | {ReceiptState.REQUESTED}
    assert {ReceiptState.REQUESTED} == TO_SEND - AT_PORTONE


def test_only_a_receipt_as_it_was_asked_for_is_ours() -> None:
    shown = ReportedReceipt("CR1", "123456789", Won(5_000), False)
    assert is_ours(RECEIPT, shown)
    assert not is_ours(RECEIPT, replace(shown, own_no="CR2"))
    assert not is_ours(RECEIPT, replace(shown, amount=Won(5_001)))
    assert not is_ours(RECEIPT, replace(shown, is_company=True))


@pytest.mark.parametrize(
    ("changes", "days", "kind"),
    [
        ({}, 0, None),
        ({}, 5, ReceiptTaskKind.CHECK),
        ({"by_hand": True}, 0, ReceiptTaskKind.ISSUE),
        ({"state": ReceiptState.SENDING}, 0, None),
        ({"state": ReceiptState.UNKNOWN}, 0, ReceiptTaskKind.CHECK),
        ({"state": ReceiptState.REFUSED}, 0, ReceiptTaskKind.ISSUE),
        ({"state": ReceiptState.ISSUED, "approval_no": "1"}, 9, None),
        ({"state": ReceiptState.CANCEL_REQUESTED}, 9, None),
        ({"state": ReceiptState.CANCEL_REQUESTED, "by_hand": True}, 0, ReceiptTaskKind.CANCEL),
        ({"state": ReceiptState.CANCEL_UNKNOWN}, 0, ReceiptTaskKind.CHECK),
        ({"state": ReceiptState.CANCEL_REFUSED}, 0, ReceiptTaskKind.CANCEL),
        (
            {
                "state": ReceiptState.CANCEL_UNKNOWN,
                "approval_no": "1",
                "problem": ReceiptProblem.MISSING,
            },
            0,
            ReceiptTaskKind.CANCEL,
        ),
        ({"state": ReceiptState.CANCELLED}, 9, None),
    ],
)
def test_what_a_person_has_to_do(changes, days: int, kind: ReceiptTaskKind | None) -> None:
    """Nothing, while the background works on it; what is unclear or late is shown as well."""
    assert task_of(replace(RECEIPT, **changes), NOW + timedelta(days=days)) is kind


def test_overdue() -> None:
    assert not RECEIPT.is_overdue(NOW)
    assert RECEIPT.is_overdue(NOW + timedelta(days=5))
    assert not replace(RECEIPT, state=ReceiptState.ISSUED).is_overdue(NOW + timedelta(days=9))
    assert RECEIPT.is_over is False


@given(st.integers(1, 10**8), st.from_regex(r"[a-z2-7]{28}", fullmatch=True), st.integers(1, 99))
def test_own_numbers(order_id: int, random: str, count: int) -> None:
    number = build_own_no(build_merchant_uid("0a1b2c", order_id, random))
    following = following_no(number, count)
    for each in (number, following):
        assert each.isascii() and each.isalnum() and len(each) <= OWN_NO_LIMIT
    assert number.startswith("CRpos0a1b2c")
    assert number != following != following_no(number, count + 1)
    assert random[:16] in number
