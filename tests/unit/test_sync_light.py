"""The light of the sync page: from facts to one word, each fact in its rank."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.errors import GatewayCause
from posapp.services.ports.outbox import UnsentTotals
from posapp.services.sync_board import Standing
from posapp.services.sync_light import Facts, Light, Reason, light_of

WELL = Standing(online=True, may_send=True)
OFF = replace(WELL, online=False, cause=GatewayCause.OFFLINE)
PORTAL = replace(WELL, online=False, cause=GatewayCause.PORTAL)
NONE, ONE = UnsentTotals(), UnsentTotals(1, 5_000)
SENDING = UnsentTotals(2, 9_000, claimed=1)
PERSON = UnsentTotals(2, 9_000, for_person=1, amount_for_person=5_000)
RED, AMBER, GREEN = Light.RED, Light.AMBER, Light.GREEN


@pytest.mark.parametrize(
    ("totals", "mismatches", "standing", "light", "reason"),
    [
        (NONE, 0, WELL, GREEN, Reason.DONE),
        (NONE, 0, Standing(), AMBER, Reason.NOT_COMPARED),
        (NONE, 0, replace(WELL, may_send=False), AMBER, Reason.NOT_COMPARED),
        (NONE, 0, replace(WELL, reconcile_trouble="timeout"), AMBER, Reason.NOT_COMPARED),
        (NONE, 0, OFF, AMBER, Reason.IDLE_OFFLINE),
        (NONE, 0, PORTAL, AMBER, Reason.IDLE_PORTAL),
        (NONE, 0, replace(OFF, may_send=False), AMBER, Reason.IDLE_OFFLINE),
        (ONE, 0, WELL, AMBER, Reason.WAITING),
        (ONE, 0, replace(WELL, may_send=False), AMBER, Reason.COMPARING),
        (ONE, 0, Standing(), AMBER, Reason.COMPARING),
        (ONE, 0, OFF, AMBER, Reason.OFFLINE),
        (ONE, 0, PORTAL, AMBER, Reason.PORTAL),
        (SENDING, 0, WELL, AMBER, Reason.SENDING),
        (SENDING, 0, OFF, AMBER, Reason.OFFLINE),
        (NONE, 0, replace(WELL, backup_trouble="disk_full"), RED, Reason.BACKUP),
        (ONE, 0, replace(OFF, backup_trouble="disk_full"), RED, Reason.BACKUP),
        (NONE, 1, WELL, RED, Reason.MISMATCH),
        (NONE, 1, replace(WELL, backup_trouble="disk_full"), RED, Reason.MISMATCH),
        (PERSON, 0, WELL, RED, Reason.PERSON),
        (PERSON, 1, PORTAL, RED, Reason.PERSON),
        (NONE, 0, replace(WELL, storage_trouble="disk_full"), RED, Reason.STORAGE),
        (PERSON, 3, replace(WELL, storage_trouble="read_only"), RED, Reason.STORAGE),
    ],
)
def test_the_gravest_fact_sets_the_light(totals, mismatches, standing, light, reason):
    assert light_of(Facts(totals, mismatches, standing)) == (light, reason)


@pytest.mark.parametrize("online", [None, True, False])
@pytest.mark.parametrize("may_send", [True, False])
@pytest.mark.parametrize("totals", [NONE, ONE, SENDING, PERSON])
@pytest.mark.parametrize("mismatches", [0, 1])
@pytest.mark.parametrize("trouble", ["", "disk_full"])
def test_green_is_said_only_when_nothing_is_left_for_anybody(
    online, may_send, totals, mismatches, trouble
):
    standing = Standing(online=online, may_send=may_send, backup_trouble=trouble)
    light, _ = light_of(Facts(totals, mismatches, standing))
    quiet = not (totals.count or mismatches or trouble) and may_send and online is not False
    assert (light is Light.GREEN) == quiet
    needs = bool(totals.for_person or mismatches or trouble)
    assert (light is Light.RED) == needs


@pytest.mark.parametrize("totals", [NONE, ONE, SENDING])
@pytest.mark.parametrize("standing", [WELL, OFF, PORTAL, Standing()])
def test_a_qr_that_may_be_paid_is_never_passed_over(totals, standing):
    assert light_of(Facts(totals, 0, standing, live=1)) == (AMBER, Reason.LIVE)


def test_what_needs_a_person_is_graver_than_a_live_qr():
    assert light_of(Facts(PERSON, 0, WELL, live=1)) == (RED, Reason.PERSON)
