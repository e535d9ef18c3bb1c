"""Every state machine, walked whole: each pair of state and trigger is legal or refused."""

from __future__ import annotations

from enum import StrEnum
from itertools import product

import pytest

from posapp.domain.errors import IllegalTransition
from posapp.domain.kiosk import KIOSK_TRANSITIONS, KioskState, KioskTrigger
from posapp.domain.orders import ITEM_TRANSITIONS, ItemStatus, ItemTrigger
from posapp.domain.payments import ATTEMPT_TRANSITIONS, AttemptState, AttemptTrigger
from posapp.domain.refunds import REFUND_TRANSITIONS, RefundState, RefundTrigger
from posapp.domain.requests import REQUEST_TRANSITIONS, RequestState, RequestTrigger
from posapp.domain.state_machine import StateMachine

# Written out here once more, by hand, from docs/specification.md 3: a change of a table has to be
# made twice.
ITEM = {
    "WAITING_FOR_PAYMENT": {"payment_verified": "COMPLETE_PAYMENT", "item_cancelled": "CANCEL"},
    "COMPLETE_PAYMENT": {
        "delivery_prepared": "WAITING_FOR_DELIVERY",
        "handed_over": "DELIVERY_COMPLETE",
        "refund_confirmed": "CANCEL",
    },
    "WAITING_FOR_DELIVERY": {
        "shipped": "SHIPPING",
        "refund_confirmed": "CANCEL",
        "replacement_stopped": "DELIVERY_COMPLETE",
        "preparation_undone": "COMPLETE_PAYMENT",
    },
    "SHIPPING": {
        "delivered": "DELIVERY_COMPLETE",
        "refund_confirmed": "CANCEL",
        "shipping_undone": "WAITING_FOR_DELIVERY",
    },
    "DELIVERY_COMPLETE": {
        "replacement_sent": "WAITING_FOR_DELIVERY",
        "refund_confirmed": "CANCEL",
        "delivery_undone": "SHIPPING",
        "hand_over_undone": "COMPLETE_PAYMENT",
    },
    "CANCEL": {},
}
ATTEMPT = {
    "CREATED": {
        "link_made": "WAITING",
        "link_refused": "FAILED",
        "link_uncertain": "UNKNOWN",
        "given_up": "ABANDONED",
        "payment_found": "PAID",
    },
    "WAITING": {
        "payment_found": "PAID",
        "payment_failed": "FAILED",
        "time_over": "EXPIRED",
        "given_up": "ABANDONED",
        "answer_lost": "UNKNOWN",
    },
    "UNKNOWN": {
        "payment_found": "PAID",
        "payment_failed": "FAILED",
        "time_over": "EXPIRED",
        "given_up": "ABANDONED",
    },
    "FAILED": {"payment_found": "PAID"},
    "EXPIRED": {"payment_found": "PAID"},
    "ABANDONED": {"payment_found": "PAID"},
    "PAID": {},
}
REFUND = {
    "APPROVED": {
        "send_started": "SENDING",
        "found_done": "CONFIRMED",
        "found_impossible": "REFUSED",
        "given_to_person": "NEEDS_PERSON",
        "withdrawn": "REFUSED",
    },
    "SENDING": {
        "confirmed": "CONFIRMED",
        "found_done": "CONFIRMED",
        "refused": "REFUSED",
        "answer_unclear": "UNKNOWN",
        "not_sent": "APPROVED",
    },
    "UNKNOWN": {
        "found_done": "CONFIRMED",
        "send_started": "SENDING",
        "found_impossible": "REFUSED",
        "given_to_person": "NEEDS_PERSON",
    },
    "NEEDS_PERSON": {
        "found_done": "CONFIRMED",
        "found_impossible": "REFUSED",
        "requeued": "UNKNOWN",
    },
    "CONFIRMED": {},
    "REFUSED": {"found_late": "CONFIRMED"},
}
REQUEST = {
    "WAIT": {"approved": "OK", "rejected": "CANCEL", "withdrawn": "CANCEL"},
    "OK": {"decision_undone": "WAIT"},
    "CANCEL": {"decision_undone": "WAIT"},
}
_OVER = {"called": "help", "exit_wanted": "exit"}
KIOSK = {
    "start": {
        "begun": "order",
        "order_refused": "order",
        "phone_needed": "phone",
        "order_shown": "summary",
        "resumed": "qr",
        "unusable": "maintenance",
        **_OVER,
    },
    "order": {
        "order_refused": "order",
        "phone_needed": "phone",
        "order_shown": "summary",
        "back": "start",
        "reset": "start",
        "unusable": "maintenance",
        **_OVER,
    },
    "phone": {
        "order_refused": "order",
        "order_shown": "summary",
        "back": "order",
        "reset": "start",
        **_OVER,
    },
    "summary": {"pay": "qr", "back": "order", "reset": "start", **_OVER},
    "qr": {"ended": "outcome", "freed": "outcome", **_OVER},
    "outcome": {"ended": "outcome", "pay": "qr", "reset": "start", **_OVER},
    "help": {"exit_wanted": "exit"},
    "exit": {},
    "maintenance": {"usable": "start", **_OVER},
}

MACHINES: list[tuple[StateMachine, type[StrEnum], type[StrEnum], dict]] = [
    (ITEM_TRANSITIONS, ItemStatus, ItemTrigger, ITEM),
    (ATTEMPT_TRANSITIONS, AttemptState, AttemptTrigger, ATTEMPT),
    (REFUND_TRANSITIONS, RefundState, RefundTrigger, REFUND),
    (REQUEST_TRANSITIONS, RequestState, RequestTrigger, REQUEST),
    (KIOSK_TRANSITIONS, KioskState, KioskTrigger, KIOSK),
]
PAIRS = [
    pytest.param(table, state, trigger, expected[state.value], id=f"{state}-{trigger}")
    for table, states, triggers, expected in MACHINES
    for state, trigger in product(states, triggers)
]


@pytest.mark.parametrize(("table", "state", "trigger", "steps"), PAIRS)
def test_each_pair_is_a_step_or_is_refused(table, state, trigger, steps):
    if trigger.value in steps:
        assert table.next_state(state, trigger).value == steps[trigger.value]
        assert table.allows(state, trigger)
    else:
        assert not table.allows(state, trigger)
        with pytest.raises(IllegalTransition) as refused:
            table.next_state(state, trigger)
        assert (refused.value.state, refused.value.trigger) == (state, trigger)


def test_refunded_money_never_moves_again():
    """A confirmed refund and a cancelled item are final. Only PortOne's history can show that a
    refused one was made after all."""
    ways = [pair for pair in REFUND_TRANSITIONS.table if pair[0] is RefundState.REFUSED]
    assert [REFUND_TRANSITIONS.table[pair] for pair in ways] == [RefundState.CONFIRMED]
    for table, end in (
        (REFUND_TRANSITIONS, RefundState.CONFIRMED),
        (ITEM_TRANSITIONS, ItemStatus.CANCEL),
    ):
        assert not [pair for pair in table.table if pair[0] is end]
