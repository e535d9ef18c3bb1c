"""A refund that requires approval has a requester and another approver: the domain checks it, and
once more the database."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import guard_approval
from posapp.services.bookkeeping.refund_records import create_refund
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, paid, refund

PAIRS = [
    (Actor.buyer(1), Actor.seller(7), True),
    (Actor.seller(7), Actor.seller(8), True),
    (Actor.seller(7), Actor.seller(7), False),
    (Actor.parse("staff:3:seller:7"), Actor.staff(4), True),
    (Actor.parse("staff:3:seller:7"), Actor.staff(3), False),
    (Actor.parse("staff:31:seller:7"), Actor.staff(3), True),
    (Actor.staff(3), Actor.parse("staff:3:buyer:1"), False),
    (NOBODY, Actor.seller(7), False),
    (Actor.buyer(1), NOBODY, False),
    (NOBODY, NOBODY, False),
]


@pytest.mark.parametrize(("requested_by", "approved_by", "allowed"), PAIRS)
def test_the_domain_holds_it_and_the_database_agrees(
    store: SqlStore, requested_by: Actor, approved_by: Actor, allowed: bool
) -> None:
    """Both give the same answer; the database is tested past the domain's guard."""
    paid(store)
    people = {"requested_by": requested_by, "approved_by": approved_by}
    outcomes = []
    for needed in (True, False):
        try:
            guard_approval(requested_by, approved_by, needed=needed)
            by_domain = True
        except UserError as refused:
            assert refused.code is ErrorCode.REFUND_OWN_APPROVAL
            by_domain = False
        with store.transaction() as uow:
            try:
                uow.refunds.add(replace(refund(), **people, approval_needed=needed))
                by_database = True
            except UserError as refused:
                assert refused.code is ErrorCode.REFUND_OWN_APPROVAL
                by_database = False
        assert by_domain is by_database
        outcomes.append(by_domain)
    assert outcomes == [allowed, True], "where nobody asks for approval, anybody may"


@pytest.mark.parametrize("requested_by", [Actor.seller(7), NOBODY])
def test_an_intent_that_needs_approval_is_not_kept_for_the_requester(
    store: SqlStore, requested_by: Actor
) -> None:
    paid(store)
    intent = {
        **{"imp_uid": "imp_1", "order_id": 1, "item_id": 11, "amount": Won(100), "reason": "x"},
        **{"tag": "[RF-1]", "now": NOW, "actor": Actor.seller(7)},
    }
    with store.transaction() as uow:
        with pytest.raises(UserError) as refused:
            create_refund(uow, **intent, requested_by=requested_by, approval_needed=True)
        assert refused.value.code is ErrorCode.REFUND_OWN_APPROVAL
        assert uow.ledger.rows(0, 9) == ()
        assert uow.outbox.waiting(9) == ()
        kept = create_refund(uow, **intent, requested_by=Actor.buyer(1), approval_needed=True)
        uow.commit()
    with store.snapshot() as uow:
        found = uow.refunds.get(kept.id)
    assert found == kept
    assert found is not None
    assert (found.approval_needed, found.requested_by, found.approved_by) == (
        True, Actor.buyer(1), Actor.seller(7),
    )  # fmt: skip


def test_without_sign_in_no_refund_needs_approval(store: SqlStore) -> None:
    paid(store)
    with store.transaction() as uow:
        kept = create_refund(
            uow, imp_uid="imp_1", order_id=1, item_id=11, amount=Won(100), reason="x",
            tag="[RF-1]", actor=Actor.seller(7), now=NOW,
        )  # fmt: skip
    assert (kept.approval_needed, kept.requested_by) == (False, Actor.seller(7))
