"""Open mismatches of the numbers of one order, among any number of others."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import Actor
from posapp.domain.explanations import Explanation
from posapp.domain.money import Won
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.store.repositories.mismatches import UNDER_BEGINNING, UNDER_NUMBERS
from posapp.store.unit_of_work import SqlStore
from tests.fakes.world import FakeClock

AT = FakeClock().now()
ONE = Mismatch(0, MismatchKind.LOST_PAYMENT, "pos-0a1b2c-k-7", "imp_1", Won(1000), "seen", AT)
KINDS = frozenset({MismatchKind.LOST_PAYMENT, MismatchKind.UNKNOWN_STATUS})


def is_open(store: SqlStore, *numbers: str, beginning: str = "-") -> bool:
    with store.snapshot() as uow:
        return uow.mismatches.is_open_under(KINDS, numbers, beginning)


def note(store: SqlStore, mismatch: Mismatch) -> None:
    with store.transaction() as uow:
        uow.mismatches.note(mismatch)
        uow.commit()


def test_open_mismatches_are_found_by_number_and_prefix(store: SqlStore) -> None:
    assert not is_open(store, ONE.merchant_uid, beginning="pos-0a1b2c-k-")
    note(store, ONE)
    assert is_open(store, "other", ONE.merchant_uid)
    assert is_open(store, beginning="pos-0a1b2c-k-")
    assert is_open(store, "other", beginning="pos-0a1b2c-k-")
    for number in ("", "pos-0a1b2c-k-", "pos-0a1b2c-k-77"):
        assert not is_open(store, number)
    for beginning in ("pos-0a1b2c-j-", "pos-0a1b2c-l-", "pos-0a1b2c-kk-", "pos-0a1b2d-k-"):
        assert not is_open(store, beginning=beginning)


@pytest.mark.parametrize("kind", MismatchKind)
def test_only_the_kinds_that_were_requested_count(store: SqlStore, kind: MismatchKind) -> None:
    note(store, replace(ONE, kind=kind))
    assert is_open(store, ONE.merchant_uid) == (kind in KINDS)
    assert is_open(store, beginning="pos-0a1b2c-k-") == (kind in KINDS)


def test_explained_mismatch_is_not_open(store: SqlStore) -> None:
    note(store, ONE)
    with store.transaction() as uow:
        uow.mismatches.explain(1, Explanation(Actor.seller(7), "확인함", Won(1000)), AT)
        uow.commit()
    assert not is_open(store, ONE.merchant_uid, beginning="pos-0a1b2c-k-")


@pytest.mark.parametrize(
    ("query", "sought"),
    [
        (UNDER_NUMBERS, "(kind=? AND merchant_uid=?)"),
        (UNDER_BEGINNING, "(kind=? AND merchant_uid>? AND merchant_uid<?)"),
    ],
)
def test_both_searches_use_the_index_of_open_mismatches(store: SqlStore, query, sought) -> None:
    values = {"kinds": tuple(KINDS), "numbers": ("a", "b"), "beginning": "a-", "behind": "a."}
    with store.snapshot() as uow:
        compiled = query.params(
            {name: value for name, value in values.items() if name in query.compile().params}
        ).compile(uow.connection, compile_kwargs={"render_postcompile": True})
        marks = tuple("a" for _ in range(str(compiled).count("?")))
        rows = uow.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", marks).all()
    (plan,) = [str(row[3]) for row in rows]
    assert plan.startswith("SEARCH mismatches USING ")
    assert plan.endswith(f"INDEX uq_mismatches_open {sought}")
