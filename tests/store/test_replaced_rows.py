"""Rows that a later save replaces: checkpoints, claims, and open mismatches."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from posapp.domain.claims import ClaimState, PaymentClaim
from posapp.domain.explanations import Explanation
from posapp.domain.money import ZERO, Won
from posapp.services.ports.outbox import Mismatch, MismatchKind
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, item, later, refund

CLAIM = PaymentClaim(
    1, "imp_1", "web-1", Won(9000), NOW, "shop.json:3", (item(10, 1),), (refund(),), (),
    due_at=later(5),
)  # fmt: skip
FOUND = Mismatch(
    0, MismatchKind.CANCELS_DIFFER, "M-1", "imp_1", Won(5), "seen", NOW, goods_gap=Won(-5)
)  # fmt: skip


def test_a_checkpoint_is_replaced_and_its_neighbour_is_not(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.checkpoints.set("one", NOW)
        uow.checkpoints.set("other", later(1))
        uow.checkpoints.set("one", later(2))
        uow.commit()
    with store.snapshot() as uow:
        assert uow.checkpoints.get("one") == later(2)
        assert uow.checkpoints.get("other") == later(1)
        assert uow.checkpoints.get("third") is None


def test_an_orders_claim_is_replaced_as_a_whole(store: SqlStore) -> None:
    other = replace(CLAIM, order_id=2, imp_uid="imp_2", merchant_uid="web-2")
    denied = replace(
        CLAIM, imp_uid="imp_3", merchant_uid="web-3", amount=Won(7), paid_at=later(1),
        source="x", items=(), refunds=(), state=ClaimState.DENIED, due_at=None, checks=3,
        problem="claim_cancels_differ",
    )  # fmt: skip
    with store.transaction() as uow:
        uow.claims.save(CLAIM)
        uow.claims.save(other)
        assert uow.claims.for_order(1) == CLAIM
        uow.claims.save(denied)
        assert uow.claims.for_order(1) == denied
        assert uow.claims.for_order(2) == other
        assert uow.claims.waiting() == (other,)


def test_a_claim_of_another_orders_payment_is_a_bug(store: SqlStore) -> None:
    with store.transaction() as uow:
        uow.claims.save(CLAIM)
        for taken in ({"imp_uid": "imp_2"}, {"merchant_uid": "web-2"}):
            with pytest.raises(IntegrityError):
                uow.claims.save(replace(CLAIM, order_id=2, **taken))
        assert uow.claims.waiting() == (CLAIM,)


def test_an_open_mismatch_grows_and_an_explained_one_of_its_key_does_not(store: SqlStore) -> None:
    more = replace(
        FOUND, amount=Won(9), goods_gap=Won(-9), evidence="seen again", found_at=later(9)
    )
    with store.transaction() as uow:
        assert uow.mismatches.note(FOUND)
        assert uow.mismatches.explain(1, Explanation("seller:7", "a discount", ZERO), later(1))
        (explained,) = uow.mismatches.of_payment("imp_1")
        assert uow.mismatches.note(replace(FOUND, evidence="seen twice", found_at=later(2)))
        assert uow.mismatches.note(more)
        assert not uow.mismatches.note(replace(more, found_at=later(10)))
        grown = replace(more, id=2, found_at=later(2))
        assert uow.mismatches.of_payment("imp_1") == (explained, grown)


def test_mismatch_of_another_key_does_not_change(store: SqlStore) -> None:
    others = [
        replace(FOUND, kind=MismatchKind.LOST_REFUND),
        replace(FOUND, merchant_uid="M-2"),
        replace(FOUND, imp_uid="imp_2"),
    ]
    with store.transaction() as uow:
        for one in (*others, FOUND):
            assert uow.mismatches.note(one)
        assert uow.mismatches.note(replace(FOUND, amount=Won(6)))
        kept = [replace(one, id=n) for n, one in enumerate(others, start=1)]
        assert uow.mismatches.open(9) == (*kept, replace(FOUND, id=4, amount=Won(6)))


def test_evidence_that_is_stored_differently_is_no_change(store: SqlStore) -> None:
    half = replace(FOUND, evidence="half \ud800")
    with store.transaction() as uow:
        assert uow.mismatches.note(half)
        assert not uow.mismatches.note(half)
