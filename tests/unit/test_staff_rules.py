"""Staff: actors, the table of roles, and the limits of refunds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from posapp.domain.actors import NOBODY, Actor, ActorKind
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.permissions import Grant, Permission, StaffRole, grant_of
from posapp.domain.refund_limits import Approval, Proof, RefundLimits, RefundSubject, expiry
from posapp.domain.staff import MAX_NAME, Staff, least_digits, require_name
from posapp.services.session import Session
from tests.fakes.world import START

KIM = Staff(3, "김하나", StaffRole.SELLER, 12, "hash", 6)


@pytest.mark.parametrize("text", ["staff:3", "staff:3:seller:12", "staff:3:buyer:5"])
def test_staff_keep_their_text(text: str) -> None:
    actor = Actor.parse(text)
    assert (str(actor), actor.kind, actor.staff_id) == (text, ActorKind.STAFF, 3)


@pytest.mark.parametrize(
    "text",
    [
        "staff",
        "staff:",
        "staff:x",
        "staff:3:",
        "staff:3:seller",
        "staff:3:seller:",
        "staff:3:cat:5",
    ],
)
def test_other_texts_are_no_staff(text: str) -> None:
    actor = Actor.parse(text)
    assert (str(actor), actor.kind, actor.staff_id) == (text, ActorKind.OTHER, None)


def test_staff_act_for_a_user() -> None:
    acting = Actor.staff(3).acting_for(Actor.seller(12))
    assert (acting.acts_as, acting.user_id, acting.is_user) == (ActorKind.SELLER, 12, True)
    assert acting.user == Actor.seller(12)
    assert acting.acting_for(Actor.buyer(5)) == Actor.parse("staff:3:buyer:5")
    alone = Actor.staff(3)
    assert (alone.acts_as, alone.is_user) == (ActorKind.STAFF, False)
    with pytest.raises(ValueError, match="no user"):
        _ = alone.user_id
    with pytest.raises(ValueError, match="no user"):
        alone.acting_for(Actor.person("김"))
    assert Actor.person().acting_for(Actor.buyer(5)) == Actor.buyer(5)


def test_one_person_for_whomever_they_act() -> None:
    kim, for_seller = Actor.staff(3), Actor.parse("staff:3:seller:12")
    assert kim.is_same_person(for_seller)
    assert for_seller.is_same_person(Actor.parse("staff:3:buyer:1"))
    assert not kim.is_same_person(Actor.staff(33))
    assert not for_seller.is_same_person(Actor.seller(12))
    assert not Actor.seller(12).is_same_person(for_seller)
    assert Actor.seller(12).is_same_person(Actor.seller(12))
    assert not NOBODY.is_same_person(kim)


TABLE = """
sell            yes           yes yes
give_discount   with_approver yes yes
take_payment    yes           yes yes
open_shift      yes           yes yes
move_cash       no            yes yes
close_shift     no            yes yes
see_expected_cash no          no  yes
cancel_order    yes           yes yes
refund          with_approver yes yes
create_request  yes           yes yes
decide_request  no            yes yes
fulfil          no            yes yes
resolve_money   no            no  yes
sync            no            yes yes
import          no            no  yes
export          no            yes yes
back_up         no            no  yes
restore         no            no  yes
manage_staff    no            no  yes
manage_products no            yes yes
change_settings no            no  yes
print           yes           yes yes
see_figures     no            no  yes
act_for_others  no            no  yes
"""


def test_the_table_of_roles() -> None:
    rows = [line.split() for line in TABLE.strip().splitlines()]
    assert [row[0] for row in rows] == [permission.value for permission in Permission]
    for name, *grants in rows:
        found = [grant_of(role, Permission(name)) for role in StaffRole]
        assert found == [Grant(one) for one in grants], name


@pytest.mark.parametrize("changes", [{"active": False}, {"tries": 20}])
def test_removed_and_locked_people_have_no_right(changes: dict[str, object]) -> None:
    one = replace(KIM, **changes)
    assert {one.grant(permission) for permission in Permission} == {Grant.NO}
    assert replace(KIM, tries=19).grant(Permission.REFUND) is Grant.YES


def test_a_seller_acts_for_their_own_number_alone() -> None:
    own, other = Actor.parse("staff:3:seller:12"), Actor.parse("staff:3:seller:13")
    assert KIM.may_act_as(own)
    assert not KIM.may_act_as(other)
    assert KIM.may_act_as(Actor.parse("staff:3:buyer:13"))
    assert KIM.may_act_as(Actor.staff(3))
    cashier = replace(KIM, role=StaffRole.CASHIER, seller_id=None)
    assert not cashier.may_act_as(own)
    manager = replace(KIM, role=StaffRole.MANAGER, seller_id=None)
    assert manager.may_act_as(own)


def test_who_may_refund_needs_six_digits() -> None:
    assert [least_digits(role) for role in StaffRole] == [4, 6, 6]


def test_last_three_pins_are_kept() -> None:
    person = KIM
    for number in range(1, 6):
        person = person.with_pin(f"h{number}", 6)
    assert person.known_pins == ("h5", "h4", "h3")
    assert replace(KIM, pin_hash="").with_pin("h1", 6).known_pins == ("h1",)


def test_names() -> None:
    assert require_name(" 김\n하나 ") == "김 하나"
    assert require_name("김\u200b하\u2060나\ufeff") == "김하나"
    assert require_name("하나 👩\u200d🍳") == "하나 👩\u200d🍳"
    blank = ("\u3164", "\u2800", "\u200b", "\uffa0 \u115f", "\u200d\ufe0f", "\u3000")
    for bad in ("", " \t", "가" * (MAX_NAME + 1), *blank):
        with pytest.raises(UserError) as refused:
            require_name(bad)
        assert refused.value.code is ErrorCode.STAFF_NAME


@pytest.mark.parametrize(
    ("grant", "amount", "of_day", "fresh", "proof"),
    [
        (Grant.YES, 50_000, 0, True, Proof.NONE),
        (Grant.YES, 50_000, 0, False, Proof.OWN_PIN),
        (Grant.YES, 50_001, 0, True, Proof.OWN_PIN),
        (Grant.YES, 300_000, 0, True, Proof.OWN_PIN),
        (Grant.YES, 300_001, 0, True, Proof.SECOND_PERSON),
        (Grant.YES, 1_000_000, 0, True, Proof.SECOND_PERSON),
        (Grant.YES, 1_000_001, 0, True, Proof.MANAGER),
        (Grant.YES, 100, 999_900, True, Proof.NONE),
        (Grant.YES, 101, 999_900, True, Proof.MANAGER),
        (Grant.WITH_APPROVER, 1, 0, True, Proof.SECOND_PERSON),
        (Grant.WITH_APPROVER, 1_000_001, 0, True, Proof.MANAGER),
    ],
)
def test_limits(grant: Grant, amount: int, of_day: int, fresh: bool, proof: Proof) -> None:
    found = RefundLimits().proof_for(grant, Won(amount), Won(of_day), is_fresh=fresh)
    assert found is proof


SUBJECT = RefundSubject("item:100", Won(400_000), "변심")
APPROVAL = Approval(1, "item:100", Won(400_000), "변심", 3, 5, START, 500, expiry(START))


@pytest.mark.parametrize(
    ("subject", "seconds", "boot_ms", "valid"),
    [
        (SUBJECT, 0, 500, True),
        (SUBJECT, 119, 119_500, True),
        (SUBJECT, 120, 119_500, False),
        (SUBJECT, 1, 120_500, False),  # the wall clock was set back
        (SUBJECT, -1, 1_500, False),
        (SUBJECT, 1, 0, False),  # the machine was started since
        (replace(SUBJECT, what="item:101"), 0, 500, False),
        (replace(SUBJECT, amount=Won(400_001)), 0, 500, False),
        (replace(SUBJECT, reason="다른 이유"), 0, 500, False),
    ],
)
def test_approval_is_for_exactly_one_refund(
    subject: RefundSubject, seconds: int, boot_ms: int, valid: bool
) -> None:
    now = START + timedelta(seconds=seconds)
    assert APPROVAL.is_valid_for(subject, now, boot_ms) is valid
    assert not replace(APPROVAL, used_at=START).is_valid_for(subject, now, boot_ms)


def test_session_is_fresh_for_who_signed_in_and_idle_after_its_time() -> None:
    session = Session()
    assert not session.is_fresh(3, 300, 0)
    assert not session.is_idle(10**9)
    session.begin(Actor.staff(3), 1_000, seller_id=12)
    assert session.seller_id == 12
    assert session.is_fresh(3, 300, 301_000)
    assert not session.is_fresh(3, 300, 301_001)
    assert not session.is_fresh(4, 300, 1_000)
    assert session.acting_for(Actor.seller(12)) == Actor.parse("staff:3:seller:12")
    assert not session.is_idle(180_999)
    assert session.is_idle(181_000)
    session.touch(100_000)
    assert not session.is_idle(181_000)
    session.end()
    assert not session.is_fresh(3, 300, 1_000)
    assert session.acting_for(Actor.buyer(5)) == Actor.buyer(5)
    assert session.actor == Actor.person()
