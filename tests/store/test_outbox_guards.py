"""Entries that are being sent, need a review or are over are neither withdrawn nor queued again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.refunds import RefundState, RefundTrigger
from posapp.services.ports.outbox import OutboxState
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, paid, refund

LEASE = timedelta(minutes=20)


def wanted(store: SqlStore) -> int:
    """A refund that is due."""
    paid(store)
    with store.transaction() as uow:
        kept = uow.refunds.add(refund())
        uow.outbox.enqueue(kept, NOW)
        uow.commit()
    return kept.id


def test_entry_being_sent_is_not_withdrawn(store: SqlStore) -> None:
    number = wanted(store)
    with store.transaction() as uow:
        assert uow.outbox.claim(NOW, NOW + LEASE) is not None
        assert not uow.outbox.withdraw(number)
        assert not uow.outbox.close(number)
        assert not uow.outbox.escalate(number, "x")
        assert not uow.outbox.requeue(number, NOW)


def test_entry_in_review_is_not_withdrawn(store: SqlStore) -> None:
    number = wanted(store)
    with store.transaction() as uow:
        assert uow.outbox.escalate(number, "for a person")
        assert not uow.outbox.withdraw(number)


def test_settled_entry_is_not_queued_again(store: SqlStore) -> None:
    number = wanted(store)
    with store.transaction() as uow:
        claimed = uow.outbox.claim(NOW, NOW + LEASE)
        assert claimed is not None
        assert uow.outbox.settle(claimed)
        assert not uow.outbox.requeue(number, NOW)
        assert uow.outbox.claim(NOW + LEASE, NOW + 2 * LEASE) is None
        assert uow.outbox.next_due() is None


def test_a_claim_holds_its_entry_until_its_lease_is_over(store: SqlStore) -> None:
    wanted(store)
    with store.transaction() as uow:
        first = uow.outbox.claim(NOW, NOW + LEASE)
        assert first is not None
        assert first.state is OutboxState.CLAIMED
        assert uow.outbox.claim(NOW + LEASE / 2, NOW + 2 * LEASE) is None
        second = uow.outbox.claim(NOW + LEASE, NOW + 2 * LEASE)
        assert second is not None
        assert second.lease == first.lease + 1


def test_a_second_refund_of_a_payment_in_flight_is_refused_in_text(store: SqlStore) -> None:
    number = wanted(store)
    with store.transaction() as uow:
        first = uow.refunds.get(number)
        assert first is not None
        uow.refunds.save(first.apply(RefundTrigger.SEND_STARTED))
        uow.commit()
    other = refund("[RF-2]", item_id=11, amount=Won(100))
    for state in (RefundState.SENDING, RefundState.UNKNOWN, RefundState.NEEDS_REVIEW):
        with store.transaction() as uow, pytest.raises(UserError) as refused:
            uow.refunds.add(replace(other, state=state))
        assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
    with store.transaction() as uow, pytest.raises(UserError) as refused:
        uow.refunds.add(replace(other, item_id=10))
    assert refused.value.code is ErrorCode.REFUND_IN_FLIGHT
