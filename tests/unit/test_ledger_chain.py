"""The chain of the ledger: any change of any row is found, and the first wrong row is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.ledger import (
    GENESIS,
    ChainVerifier,
    LedgerEntry,
    LedgerEvent,
    NewEntry,
    link_entry,
)
from posapp.domain.money import Won

START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(count: int) -> list[LedgerEntry]:
    rows: list[LedgerEntry] = []
    for n in range(1, count + 1):
        fact = NewEntry(
            LedgerEvent.PAYMENT_CAPTURED,
            Won(1000 * n),
            f"buyer:{n}",
            START + timedelta(microseconds=n),
            order_id=n,
            imp_uid=f"imp_{n}",
            reason="커피",
        )
        rows.append(link_entry(n, fact, rows[-1].hash if rows else GENESIS))
    return rows


def first_fault(rows: list[LedgerEntry]) -> tuple[int, str] | None:
    check = ChainVerifier()
    for row in rows:
        fault = check.verify_next(row)
        if fault is not None:
            return fault.seq, fault.what
    return None


def test_an_untouched_chain_holds():
    rows = chain(20)
    assert first_fault(rows) is None
    assert link_entry(1, rows[0].entry, GENESIS).hash == rows[0].hash


@pytest.mark.parametrize(
    "change",
    [
        {"amount": Won(1)},
        {"actor": "buyer:99"},
        {"at": START},
        {"order_id": None},
        {"item_id": 3},
        {"imp_uid": "imp_x"},
        {"reference": "x"},
        {"reason": "차"},
        {"fact": LedgerEvent.REFUND_CONFIRMED},
    ],
)
def test_each_field_is_under_the_hash(change):
    rows = chain(5)
    rows[2] = replace(rows[2], entry=replace(rows[2].entry, **change))
    assert first_fault(rows) == (3, "changed")


@given(st.integers(2, 12), st.data())
def test_taking_out_or_swapping_rows_is_found(count, data):
    rows = chain(count)
    at = data.draw(st.integers(0, count - 2))
    assert first_fault(rows[:at] + rows[at + 1 :]) == (at + 1, "missing")
    swapped = [*rows]
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    assert first_fault(swapped) is not None


def test_a_row_written_anew_with_a_fitting_hash_breaks_the_next_one():
    rows = chain(5)
    rows[1] = link_entry(2, replace(rows[1].entry, amount=Won(1)), rows[0].hash)
    assert first_fault(rows) == (3, "broken_link")


def test_microseconds_count():
    one = link_entry(1, NewEntry(LedgerEvent.ITEM_CANCELLED, Won(0), "till", START), GENESIS)
    later = START + timedelta(microseconds=1)
    other = link_entry(1, NewEntry(LedgerEvent.ITEM_CANCELLED, Won(0), "till", later), GENESIS)
    assert one.hash != other.hash
