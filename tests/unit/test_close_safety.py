"""The close-safety status of the sync page: from facts to one status, by the rank of each fact."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.errors import GatewayCause
from posapp.services.ports.outbox import PendingTotals
from posapp.services.runtime.status_store import SyncStatus
from posapp.services.sync.close_safety import (
    CloseSafety,
    SafetyInputs,
    SafetyReason,
    close_safety_of,
)

WELL = SyncStatus(online=True, may_send=True)
OFF = replace(WELL, online=False, cause=GatewayCause.OFFLINE)
PORTAL = replace(WELL, online=False, cause=GatewayCause.PORTAL)
NONE, ONE = PendingTotals(), PendingTotals(1, 5_000)
SENDING = PendingTotals(2, 9_000, claimed=1)
PERSON = PendingTotals(2, 9_000, for_person=1, amount_for_person=5_000)
RED, AMBER, GREEN = CloseSafety.RED, CloseSafety.AMBER, CloseSafety.GREEN


@pytest.mark.parametrize(
    ("totals", "mismatches", "status", "safety", "reason"),
    [
        (NONE, 0, WELL, GREEN, SafetyReason.DONE),
        (NONE, 0, SyncStatus(), AMBER, SafetyReason.NOT_COMPARED),
        (NONE, 0, replace(WELL, may_send=False), AMBER, SafetyReason.NOT_COMPARED),
        (NONE, 0, replace(WELL, reconcile_trouble="timeout"), AMBER, SafetyReason.NOT_COMPARED),
        (NONE, 0, OFF, AMBER, SafetyReason.IDLE_OFFLINE),
        (NONE, 0, PORTAL, AMBER, SafetyReason.IDLE_PORTAL),
        (NONE, 0, replace(OFF, may_send=False), AMBER, SafetyReason.IDLE_OFFLINE),
        (ONE, 0, WELL, AMBER, SafetyReason.WAITING),
        (ONE, 0, replace(WELL, may_send=False), AMBER, SafetyReason.COMPARING),
        (ONE, 0, SyncStatus(), AMBER, SafetyReason.COMPARING),
        (ONE, 0, OFF, AMBER, SafetyReason.OFFLINE),
        (ONE, 0, PORTAL, AMBER, SafetyReason.PORTAL),
        (SENDING, 0, WELL, AMBER, SafetyReason.SENDING),
        (SENDING, 0, OFF, AMBER, SafetyReason.OFFLINE),
        (NONE, 0, replace(WELL, backup_trouble="disk_full"), RED, SafetyReason.BACKUP),
        (ONE, 0, replace(OFF, backup_trouble="disk_full"), RED, SafetyReason.BACKUP),
        (NONE, 1, WELL, RED, SafetyReason.MISMATCH),
        (NONE, 1, replace(WELL, backup_trouble="disk_full"), RED, SafetyReason.MISMATCH),
        (PERSON, 0, WELL, RED, SafetyReason.PERSON),
        (PERSON, 1, PORTAL, RED, SafetyReason.PERSON),
        (NONE, 0, replace(WELL, storage_trouble="disk_full"), RED, SafetyReason.STORAGE),
        (PERSON, 3, replace(WELL, storage_trouble="read_only"), RED, SafetyReason.STORAGE),
    ],
)
def test_the_gravest_fact_sets_the_status(totals, mismatches, status, safety, reason):
    assert close_safety_of(SafetyInputs(totals, mismatches, status)) == (safety, reason)


@pytest.mark.parametrize("online", [None, True, False])
@pytest.mark.parametrize("may_send", [True, False])
@pytest.mark.parametrize("totals", [NONE, ONE, SENDING, PERSON])
@pytest.mark.parametrize("mismatches", [0, 1])
@pytest.mark.parametrize("trouble", ["", "disk_full"])
def test_green_only_when_nothing_is_open(online, may_send, totals, mismatches, trouble):
    status = SyncStatus(online=online, may_send=may_send, backup_trouble=trouble)
    safety, _ = close_safety_of(SafetyInputs(totals, mismatches, status))
    quiet = not (totals.count or mismatches or trouble) and may_send and online is not False
    assert (safety is CloseSafety.GREEN) == quiet
    needs = bool(totals.for_person or mismatches or trouble)
    assert (safety is CloseSafety.RED) == needs


@pytest.mark.parametrize("totals", [NONE, ONE, SENDING])
@pytest.mark.parametrize("status", [WELL, OFF, PORTAL, SyncStatus()])
def test_qr_that_may_be_paid_is_always_counted(totals, status):
    assert close_safety_of(SafetyInputs(totals, 0, status, live=1)) == (AMBER, SafetyReason.LIVE)


def test_review_ranks_above_a_live_qr():
    assert close_safety_of(SafetyInputs(PERSON, 0, WELL, live=1)) == (RED, SafetyReason.PERSON)
