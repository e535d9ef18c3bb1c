"""Lines of a history that refunded nothing: failed ones, and requested ones."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.money import Won
from posapp.domain.payments import (
    CancellationState,
    ReportedCancellation,
    ReportedPayment,
    ReportedStatus,
)
from posapp.domain.refund_evidence import (
    Records,
    RefundCheck,
    adds_up,
    check_refund,
    find_new_cancellation,
    is_refund_confirmed,
    shows_nothing_moved,
    unattributed_cancellations,
)
from posapp.domain.refunds import RefundAnswer, RefundState, find_own_cancellation
from posapp.domain.verification import PaymentProblem, VerificationAction, verify
from tests.fakes.payments import ATTEMPT, GOOD, ORDER, PAID, PAYMENT, REFUND, answered, line

RECORDS = Records(PAYMENT)
SUCCEEDED, REQUESTED, FAILED = (
    CancellationState.SUCCEEDED,
    CancellationState.REQUESTED,
    CancellationState.FAILED,
)
REASONS = [REFUND.tagged_reason, "[RF-2S-OTHER]", "[RF-3-AAA]", "[RF-2", "콘솔 취소", ""]
"""Our tag, another one of our item, one of another item, a part of a tag, and none."""


def a_line(state: CancellationState, amount: int, reason: str, number: str = "c1"):
    return replace(line(amount, reason, number), state=state)


def history(*lines: ReportedCancellation) -> ReportedPayment:
    done = sum((one.amount for one in lines if one.state is SUCCEEDED), Won(0))
    return replace(PAID, cancelled=done, history=lines)


@pytest.mark.parametrize("amount", [1, 3000, 10_000])
@pytest.mark.parametrize("reason", REASONS)
def test_a_failed_line_is_in_no_sum_and_is_no_evidence(reason, amount):
    failed = history(a_line(FAILED, amount, reason))
    assert failed.cancellations == failed.requested_cancellations == ()
    assert (failed.refundable_balance, failed.held) == (10_000, 10_000)
    assert adds_up(failed)
    assert not failed.is_unclear
    assert find_own_cancellation(REFUND, failed) is None
    assert find_new_cancellation(REFUND, PAID, failed) is None
    assert unattributed_cancellations(REFUND, failed, RECORDS) == ()
    assert check_refund(REFUND, failed, RECORDS) is RefundCheck.POSSIBLE
    assert not is_refund_confirmed(REFUND, PAID, answered(failed))
    assert shows_nothing_moved(REFUND, PAID, failed)


def test_a_failed_line_makes_no_money_of_a_try_that_was_never_paid():
    unpaid = replace(history(a_line(FAILED, 3000, "")), status=ReportedStatus.FAILED)
    assert not unpaid.was_captured
    assert not unpaid.is_unclear
    cancelled = replace(unpaid, status=ReportedStatus.CANCELLED)
    assert cancelled.is_unclear
    assert cancelled.contradicts_held_money


OURS = REFUND.tagged_reason


@pytest.mark.parametrize(
    ("named", "sends", "lines", "found"),
    [
        ("", 1, (), RefundCheck.ACCEPTED),
        ("", 1, (a_line(FAILED, 3000, "[RF-2S-OTHER]"),), RefundCheck.ACCEPTED),
        ("", 1, (a_line(FAILED, 1, OURS),), RefundCheck.ACCEPTED),
        ("", 1, (a_line(FAILED, 3000, OURS),), RefundCheck.POSSIBLE),
        ("", 2, (a_line(FAILED, 3000, OURS),), RefundCheck.ACCEPTED),
        ("", 2, (a_line(FAILED, 3000, OURS), a_line(FAILED, 3000, OURS)), RefundCheck.POSSIBLE),
        ("", 0, (), RefundCheck.ACCEPTED),
        ("c2", 2, (a_line(FAILED, 3000, OURS),), RefundCheck.ACCEPTED),
        ("c1", 2, (a_line(FAILED, 3000, ""),), RefundCheck.POSSIBLE),
        ("c1", 1, (a_line(REQUESTED, 3000, OURS),), RefundCheck.PENDING),
        ("c1", 1, (a_line(SUCCEEDED, 3000, OURS),), RefundCheck.DONE),
        ("c1", 1, (a_line(SUCCEEDED, 9000, "콘솔 취소"),), RefundCheck.ACCEPTED),
    ],
)
def test_an_accepted_send_is_over_only_when_its_line_failed(named, sends, lines, found):
    """Fails before: nothing of it was kept, and 20 minutes made each of these a POSSIBLE one."""
    accepted = replace(REFUND, state=RefundState.UNKNOWN, send_count=sends, accepted_line=named)
    assert check_refund(accepted, history(*lines), RECORDS) is found


@pytest.mark.parametrize("amount", [1, 3000, 10_000])
@pytest.mark.parametrize("reason", REASONS)
def test_a_requested_line_is_neither_done_nor_free(reason, amount):
    """Ours or not: a payment has only one cancel in progress at a time."""
    requested = history(a_line(REQUESTED, amount, reason))
    assert requested.cancellations == ()
    assert requested.is_unclear
    assert check_refund(REFUND, requested, RECORDS) is RefundCheck.PENDING
    assert find_own_cancellation(REFUND, requested) is None
    assert not is_refund_confirmed(REFUND, PAID, answered(requested))
    assert not shows_nothing_moved(REFUND, PAID, requested)


def test_a_requested_line_of_another_payment_is_not_waited_for():
    other = replace(history(a_line(REQUESTED, 3000, "")), merchant_uid="another")
    assert check_refund(REFUND, other, RECORDS) is RefundCheck.UNCLEAR


def test_a_refund_is_done_while_another_is_requested():
    both = history(
        a_line(SUCCEEDED, 3000, REFUND.tagged_reason), a_line(REQUESTED, 1000, "", number="c2")
    )
    assert check_refund(REFUND, both, RECORDS) is RefundCheck.DONE
    assert is_refund_confirmed(REFUND, PAID, answered(both))


def test_payment_with_a_pending_cancel_pays_no_order():
    requested = replace(GOOD, history=(a_line(REQUESTED, 5000, ""),))
    for reported in (requested, requested.before_cancellations()):
        verdict = verify(reported, ATTEMPT, ORDER, recorded=None, live=False)
        assert verdict.action is VerificationAction.REVIEW
        assert verdict.problem is PaymentProblem.UNCLEAR
    failed = replace(GOOD, history=(a_line(FAILED, 5000, ""),))
    verdict = verify(failed, ATTEMPT, ORDER, recorded=None, live=False)
    assert verdict.action is VerificationAction.ACCEPT


@pytest.mark.parametrize("state", [REQUESTED, FAILED])
@pytest.mark.parametrize("reason", [REFUND.tagged_reason, "잘림"])
def test_answer_with_an_unfinished_cancel_confirms_nothing(state, reason):
    """Not even where the payment beside it shows it: such an answer contradicts itself."""
    after = history(a_line(SUCCEEDED, 3000, reason))
    assert is_refund_confirmed(REFUND, PAID, RefundAnswer(SUCCEEDED, after))
    assert not is_refund_confirmed(REFUND, PAID, RefundAnswer(state, after))


def test_an_answer_without_its_payment_confirms_nothing():
    named = a_line(SUCCEEDED, 3000, REFUND.tagged_reason)
    assert not is_refund_confirmed(REFUND, PAID, RefundAnswer(SUCCEEDED, None, named))


def test_without_our_tag_the_line_that_is_named_has_to_be_the_new_one():
    new = a_line(SUCCEEDED, 3000, "잘림", number="c7")
    other = replace(new, cancellation_id="c8")
    assert is_refund_confirmed(REFUND, PAID, RefundAnswer(SUCCEEDED, history(new), new))
    assert not is_refund_confirmed(REFUND, PAID, RefundAnswer(SUCCEEDED, history(new), other))
