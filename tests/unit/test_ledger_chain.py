"""The chain of the ledger: any change of any row is found, and the first wrong row is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.actors import TILL, Actor
from posapp.domain.ledger import (
    FIRST_FORM,
    FORM,
    GENESIS,
    SECOND_FORM,
    ChainVerifier,
    LedgerEntry,
    LedgerEvent,
    NewEntry,
    entry_hash,
    link_entry,
)
from posapp.domain.money import Won
from posapp.domain.payment_ref import Provider

START = datetime(2026, 1, 1, tzinfo=UTC)


def chain(count: int) -> list[LedgerEntry]:
    rows: list[LedgerEntry] = []
    for n in range(1, count + 1):
        fact = NewEntry(
            LedgerEvent.PAYMENT_CAPTURED,
            Won(1000 * n),
            Actor.buyer(n),
            START + timedelta(microseconds=n),
            order_id=n,
            imp_uid=f"imp_{n}",
            reason="커피",
            provider=Provider.PORTONE_V1,
            till=1,
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
        {"actor": Actor.buyer(99)},
        {"at": START},
        {"order_id": None},
        {"item_id": 3},
        {"imp_uid": "imp_x"},
        {"reference": "x"},
        {"reason": "차"},
        {"event": LedgerEvent.REFUND_CONFIRMED},
        {"provider": ""},
        {"provider": "portone_v2"},
        {"till": 0},
        {"till": 2},
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


def test_rewritten_row_with_a_valid_hash_breaks_the_next_one():
    rows = chain(5)
    rows[1] = link_entry(2, replace(rows[1].entry, amount=Won(1)), rows[0].hash)
    assert first_fault(rows) == (3, "broken_link")


def test_microseconds_count():
    one = link_entry(1, NewEntry(LedgerEvent.ITEM_CANCELLED, Won(0), TILL, START), GENESIS)
    later = START + timedelta(microseconds=1)
    other = link_entry(1, NewEntry(LedgerEvent.ITEM_CANCELLED, Won(0), TILL, later), GENESIS)
    assert one.hash != other.hash


GOLDEN = {
    FIRST_FORM: "1e5fcd623997a1e441f77a2558c1f3733940f40baf5cf53a9ec755b74caf64cb",
    SECOND_FORM: "12bb416b2ad9702cb9b68cc6f831123bcc3a2aa8ef2e7a718b212d261f54d5f9",
    FORM: "ad09ab39af833c417e349de246ededfa4137e913758abe29a082657f7b223a99",
}
"""Hashes of ``SOLD`` as row 5, of the first two forms by the programs that wrote them."""

SOLD = NewEntry(
    LedgerEvent.REFUND_CONFIRMED,
    Won(-4500),
    "seller:9",
    datetime(2026, 3, 2, 3, 4, 5, 678_901, tzinfo=UTC),
    order_id=7,
    imp_uid="imp_1",
    reference="c-1",
    reason="커피 \ud800",
)
IDENTITY = {"provider": Provider.PORTONE_V1, "till": 3}


@pytest.mark.parametrize("form", GOLDEN)
def test_each_forms_hash_is_fixed_for_ever(form):
    entry = replace(SOLD, **IDENTITY) if form == FORM else SOLD
    assert entry_hash(5, entry, "a" * 64, form) == GOLDEN[form]


def test_there_is_a_golden_hash_for_every_form():
    for form in range(-1, FORM + 5):
        if form in GOLDEN:
            assert entry_hash(5, SOLD, "a" * 64, form)
        else:
            with pytest.raises(ValueError, match="no form"):
                entry_hash(5, SOLD, "a" * 64, form)


@pytest.mark.parametrize("form", [FIRST_FORM, SECOND_FORM])
@pytest.mark.parametrize("change", [{"provider": "portone_v1"}, {"till": 1}])
def test_an_older_form_has_no_provider_and_no_till(form, change):
    """Its hash would not notice a change of them."""
    with pytest.raises(ValueError, match="covers no provider"):
        entry_hash(5, replace(SOLD, **change), "a" * 64, form)


FORMS = st.sampled_from(sorted(GOLDEN))


@given(st.lists(FORMS, min_size=2, max_size=9), st.data())
def test_a_chain_of_any_forms_holds_and_a_changed_identity_is_found(forms, data):
    rows: list[LedgerEntry] = []
    for n, form in enumerate(forms, start=1):
        till = data.draw(st.integers(0, 9)) if form == FORM else 0
        provider = data.draw(st.sampled_from(["", *Provider])) if form == FORM else ""
        entry = replace(SOLD, order_id=n, provider=provider, till=till)
        rows.append(link_entry(n, entry, rows[-1].hash if rows else GENESIS, form))
    assert first_fault(rows) is None
    new = [n for n, form in enumerate(forms) if form == FORM]
    if not new:
        return
    at = data.draw(st.sampled_from(new))
    entry = rows[at].entry
    for change in ({"till": entry.till + 1}, {"provider": entry.provider + "x"}):
        changed = [*rows]
        changed[at] = replace(rows[at], entry=replace(entry, **change))
        assert first_fault(changed) == (at + 1, "changed")
