"""The key of a send: one for a repeat of the same bytes, another for any change of them."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from posapp.domain.money import Won
from posapp.domain.payment_ref import PaymentRef, Provider
from posapp.services.ports.gateway import RefundCommand

REF = PaymentRef(Provider.PORTONE_V1, "pos-abc", "imp_1")
COMMAND = RefundCommand(REF, Won(3000), Won(10000), "품절 [RF-2S-AAA]", "[RF-2S-AAA]", 1, "김하나")

OTHERS = {
    "ref": [replace(REF, merchant_uid="pos-abd"), replace(REF, provider_id="imp_2")],
    "amount": [Won(3001), Won(300)],
    "expected_balance": [Won(9000), Won(30001)],
    "reason": ["변심 [RF-2S-AAA]", "품절 [RF-2S-AAA] "],
    "tag": ["[RF-2S-AAB]", "RF-2S-AAA"],
    "send_number": [2, 11],
    "refund_holder": ["", "이두리"],
    "tax_free": [Won(1), Won(3000)],
}


def test_a_repeat_of_the_same_send_has_the_same_key():
    """Also by another version of the program, after an update between the two."""
    assert replace(COMMAND).idempotency_key == COMMAND.idempotency_key
    assert COMMAND.idempotency_key == "RF-2S-AAA.1.93b9f2432fb1f26583bc054e59a8b9ac"


@pytest.mark.parametrize(
    "changed",
    [(name, value) for name, values in OTHERS.items() for value in values],
    ids=str,
)
def test_another_content_has_another_key(changed):
    name, value = changed
    other = replace(COMMAND, **{name: value})
    assert other != COMMAND
    assert other.idempotency_key != COMMAND.idempotency_key


def test_no_part_of_a_command_is_missing_from_its_key():
    assert {one.name for one in fields(RefundCommand)} == set(OTHERS)


def test_text_that_moves_from_one_part_to_another_changes_the_key():
    joined = replace(COMMAND, refund_holder="", reason=COMMAND.reason + "김하나")
    assert joined.idempotency_key != COMMAND.idempotency_key


@pytest.mark.parametrize("tag", ["[RF-2S-AAA]", "가나다", "[" + "A" * 500 + "]", "a\r\nb: c"])
def test_a_key_fits_into_a_header(tag):
    key = replace(COMMAND, tag=tag).idempotency_key
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert len(key) <= 100
