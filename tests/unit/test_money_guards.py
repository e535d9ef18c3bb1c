"""Single guards of money that no wider test misses when they are weakened."""

from __future__ import annotations

from dataclasses import replace

import pytest

from posapp.domain.actors import NOBODY, TILL, Actor
from posapp.domain.cancellation import guard_cancel
from posapp.domain.errors import (
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    InvalidAmount,
    UserError,
)
from posapp.domain.explanations import Explanation
from posapp.domain.hosts import PUBLISHED, is_published
from posapp.domain.ledger import GENESIS, LedgerEvent, NewEntry, entry_hash
from posapp.domain.merchant_numbers import (
    build_merchant_uid,
    build_refund_tag,
    may_be_merchant_uid_of,
    order_id_of,
    trailing_tag,
)
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus
from posapp.domain.payments import (
    ReportedStatus,
)
from posapp.domain.refunds import MAX_REFUND_REASON_LENGTH
from posapp.domain.seals import SealKey
from posapp.domain.users import User, UserStatus
from posapp.domain.verification import PaymentProblem, VerificationAction, verify
from tests.fakes.payments import ATTEMPT, GOOD, ITEM, NOW, ORDER, REFUND, line

BUYER, SELLER = User(1, "김하나"), User(7, "박가게", status=UserStatus.SELLER)
ON_ITS_WAY = [ItemStatus.WAITING_FOR_DELIVERY, ItemStatus.SHIPPING, ItemStatus.DELIVERY_COMPLETE]


def test_cancelled_payment_without_cancel_lines_pays_nothing():
    """A sum that PortOne left out is no money that is kept."""
    cancelled = replace(GOOD, status=ReportedStatus.CANCELLED, history=(line(5000),))
    verdict = verify(cancelled, ATTEMPT, ORDER, recorded=None, live=False)
    assert verdict.problem is PaymentProblem.CANCELLED_EXTERNALLY
    assert verdict.action is not VerificationAction.ACCEPT


@pytest.mark.parametrize("status", ON_ITS_WAY)
def test_each_side_of_the_counter_has_its_own_guard(status):
    """Goods on their way: a seller may send the money back, a buyer has to ask."""
    item = replace(ITEM, status=status)
    assert guard_cancel(Actor.seller(SELLER.id), SELLER, item) == item
    both = replace(item, buyer_id=SELLER.id)
    with pytest.raises(UserError) as refused:
        guard_cancel(Actor.buyer(SELLER.id), SELLER, both)
    assert refused.value.code in (ErrorCode.ITEM_SHIPPING, ErrorCode.ITEM_DELIVERED)


def test_the_seller_s_side_takes_no_buyer():
    with pytest.raises(UserError) as refused:
        guard_cancel(Actor.seller(BUYER.id), BUYER, ITEM)
    assert refused.value.code is ErrorCode.NOT_A_SELLER


def test_a_hash_covers_the_entry_before():
    entry = NewEntry(LedgerEvent.PAYMENT_CAPTURED, Won(5000), TILL, NOW)
    assert entry_hash(2, entry, GENESIS) != entry_hash(2, entry, "f" * 64)


def test_a_number_of_ours_is_ours_whole():
    ours = build_merchant_uid("0a1b2c", 1234, "abc")
    assert order_id_of(ours, "0a1b2c") == 1234
    for other in (f"{ours}!", f"{ours} ", f"{ours}-2", f" {ours}", f"x{ours}", ours.upper()):
        assert order_id_of(other, "0a1b2c") is None, other


def test_no_error_is_a_confirmation():
    with pytest.raises(ValueError, match="no confirmation"):
        GatewayError(GatewayOutcome.CONFIRMED, GatewayCause.REFUSED)


@pytest.mark.parametrize("reason", ["품절", "가" * 10_000, "a [" * 500, "[RF-1-AAAAAA] " * 100])
def test_a_reason_of_any_length_keeps_its_tag(reason):
    """PortOne cuts nothing off that our reading needs: the tag is at the end, whole."""
    refund = replace(REFUND, reason=reason, tag=build_refund_tag(100, "QWERTY"))
    assert trailing_tag(refund.tagged_reason) == refund.tag
    assert len(refund.tagged_reason) <= MAX_REFUND_REASON_LENGTH + 1 + len(refund.tag)


def test_a_whole_number_of_another_till_is_not_ours_cut():
    ours, other = (build_merchant_uid(till, 1234, "abc" * 7) for till in ("0a1b2c", "ffffff"))
    assert may_be_merchant_uid_of(ours, "0a1b2c")
    assert may_be_merchant_uid_of(ours[:9], "0a1b2c")
    assert not may_be_merchant_uid_of(other, "0a1b2c")


def test_explanation_needs_actor_reason_and_amount():
    said = Explanation(Actor.seller(7), "두 번 찍음\n콘솔에서 취소", Won(5000))
    assert (said.by, said.note, said.amount) == (Actor.seller(7), "두 번 찍음 콘솔에서 취소", 5000)
    for by, note in (
        (NOBODY, "말"),
        (Actor.parse(" "), "말"),
        (Actor.seller(7), ""),
        (Actor.seller(7), " \n\u202e"),
    ):
        with pytest.raises(UserError) as refused:
            Explanation(by, note, Won(5000))
        assert refused.value.code is ErrorCode.EXPLANATION_REQUIRED
    with pytest.raises(InvalidAmount):
        Explanation(Actor.seller(7), "말", Won(-1))


def test_a_seal_needs_its_key():
    one, other = SealKey(b"one"), SealKey(b"other")
    assert one.seal(1, "a" * 64) != other.seal(1, "a" * 64)
    assert one.seal(1, "a" * 64) == SealKey(b"one").seal(1, "a" * 64)


@pytest.mark.parametrize("setting", sorted(PUBLISHED))
def test_a_published_host_is_one_over_https_only(setting):
    host = PUBLISHED[setting]
    assert is_published(setting, f"https://{host}")
    for other in (f"http://{host}", f"https://{host}.example.com", f"https://x{host}"):
        assert not is_published(setting, other)
