"""Refunds above a limit: the own PIN once more, or another person; bound, short, and used once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.orders import ItemStatus, Pieces
from posapp.domain.permissions import StaffRole
from posapp.domain.refund_limits import Proof, RefundLimits, RefundSubject
from posapp.domain.refunds import Refund, RefundState
from posapp.domain.requests import Decision, RequestKind
from posapp.domain.staff_events import StaffEventKind
from posapp.sandbox.server import Sandbox
from posapp.services.staff.refund_approvals import PlannedRefund
from posapp.services.staff.staff_policy import StaffPolicy
from posapp.services.till_config import TillConfig
from posapp.ui.core.i18n import Translator
from posapp.ui.unresolved.unresolved_text import UnresolvedEntry, details_of
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import BUYER, OTHER_SELLER, SELLER, Till, an_order
from tests.fakes.world import NumberedIds

MANAGER, KIM, PARK, OTHER, SECOND = 1, 2, 3, 4, 5
PINS = {
    MANAGER: "905182",
    KIM: "270936",
    PARK: "2580",
    OTHER: "581903",
    SECOND: "764205",
}
SMALL, LARGE, HUGE, RISING = 100, 101, 102, 103
"""Items of 30,000, 400,000, 1,100,000 and 60,000 won."""

PRICE = {SMALL: 30_000, LARGE: 400_000, HUGE: 1_100_000, RISING: 60_000}
FOUR = 200
"""Item of four pieces at 20,000 won."""
CHEAP = 201
"""Item of 10,000 won in the same order."""


class Shop(Till):
    """A till with staff: a manager, a seller (KIM), a cashier (PARK), a seller of another number,
    and a second seller of the first number."""

    def __init__(self, folder: Path, clock) -> None:
        sandbox = Sandbox(clock=clock.unix)
        super().__init__(
            folder / "posapp.db",
            sandbox,
            clock,
            gateway=BooksGateway(sandbox),
            make_ids=NumberedIds,
            access=StaffPolicy(),
            config=TillConfig("하나 베이커리", live=False, max_amount=Won(10**7)),
        )
        lines = [(price, 1) for price in PRICE.values()]
        self.stock_shop(an_order(10, *lines), an_order(20, (20_000, 4), (10_000, 1)))
        self.paid_order(20)
        self.paid_order(10)
        directory, boss = self.staff.directory, Actor.staff(MANAGER)
        directory.set_up(Actor.person(), "점장", PINS[MANAGER])
        self.enter(MANAGER)
        directory.add(boss, "김하나", StaffRole.SELLER, PINS[KIM], SELLER)
        directory.add(boss, "박지우", StaffRole.CASHIER, PINS[PARK])
        directory.add(boss, "최다른", StaffRole.SELLER, PINS[OTHER], OTHER_SELLER)
        directory.add(boss, "이둘째", StaffRole.SELLER, PINS[SECOND], SELLER)
        self.enter(KIM)

    def enter(self, staff_id: int) -> None:
        self.staff.sign_in.sign_in(staff_id, PINS[staff_id])

    def actor(self, staff_id: int = KIM) -> Actor:
        return Actor.staff(staff_id).acting_for(Actor.seller(SELLER))

    def refund(self, item: int, reason: str = "변심", actor: Actor | None = None) -> Refund:
        return self.cancellation_service.refund(actor or self.actor(), item, reason, PRICE[item])

    def confirm(self, subject: RefundSubject, staff_id: int = KIM) -> None:
        self.staff.approvals.confirm(self.actor(staff_id), subject, PINS[staff_id])

    def approve(
        self,
        subject: RefundSubject,
        approver: int,
        *,
        requested_by: Actor | None = None,
        manager: bool = False,
    ) -> None:
        self.staff.approvals.approve(
            requested_by or self.actor(), subject, approver, PINS[approver], manager=manager
        )

    def events(self) -> list[StaffEventKind]:
        with self.store.snapshot() as uow:
            return [row.entry.event for row in uow.staff.events(0, 999)]

    def requests(self, *items: int, order: int = 10) -> list[int]:
        known = self.order(order)
        with self.store.transaction() as uow:
            uow.orders.save_items(
                [
                    replace(one, status=ItemStatus.DELIVERY_COMPLETE)
                    for one in known.items
                    if one.id in items
                ]
            )
            uow.commit()
        buyer = Actor.staff(KIM).acting_for(Actor.buyer(BUYER))
        return [
            self.request_service.create(buyer, item, RequestKind.REFUND, "변심").id
            for item in items
        ]


@pytest.fixture
def shop(tmp_path: Path, clock) -> Iterator[Shop]:
    made = Shop(tmp_path, clock)
    yield made
    made.close()


def subject_of(item: int, reason: str = "변심") -> RefundSubject:
    return RefundSubject(f"item:{item}", Won(PRICE[item]), reason)


def refusal(act) -> UserError:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value


def test_small_refund_of_who_signed_in_just_now_needs_nothing(shop: Shop) -> None:
    refund = shop.refund(SMALL)
    assert (refund.approval_needed, refund.requested_by) == (False, shop.actor())
    assert refund.approved_by == shop.actor()


def test_an_approval_is_for_its_count_of_pieces(shop: Shop) -> None:
    """Two pieces of four, and the two that are left, are worth the same."""
    shop.clock.advance(seconds=301)
    some, rest = (RefundSubject(what, Won(40_000), "변심") for what in ("item:200:2", "item:200"))

    def refund(pieces: Pieces | None) -> Refund:
        return shop.cancellation_service.refund(shop.actor(), FOUR, "변심", 40_000, pieces)

    error = refusal(lambda: refund(Pieces(2, 4)))
    assert error.code is ErrorCode.PIN_REQUIRED
    assert error.parameters == {"what": some.what, "amount": 40_000, "reason": "변심"}
    assert len(shop.order(20).items) == 2, "nothing is divided for a refused refund"
    shop.confirm(some)
    shop.confirm(some)
    assert refund(Pieces(2, 4)).amount == 40_000
    error = refusal(lambda: refund(None))
    assert error.parameters["what"] == rest.what
    shop.confirm(rest)
    assert refund(None).item_id == FOUR


def piece_of_four(shop: Shop, of: int) -> Refund:
    return shop.cancellation_service.refund(shop.actor(), FOUR, "변심", 20_000, Pieces(1, of))


def test_an_item_is_not_returned_piece_by_piece_below_a_limit(shop: Shop) -> None:
    """Up to 50,000 won need nothing: two pieces of 20,000, and not the third."""
    assert [piece_of_four(shop, of).amount for of in (4, 3)] == [20_000] * 2
    error = refusal(lambda: piece_of_four(shop, 2))
    assert error.code is ErrorCode.PIN_REQUIRED
    assert error.parameters == {"what": "item:200:1", "amount": 20_000, "reason": "변심"}
    shop.confirm(RefundSubject("item:200:1", Won(20_000), "변심"))
    part = piece_of_four(shop, 2)
    rest = lambda: shop.cancellation_service.refund(shop.actor(), FOUR, "변심", 20_000)  # noqa: E731
    assert refusal(rest).code is ErrorCode.PIN_REQUIRED, "the last one counts with the others"
    assert shop.order(20).items[-1].id == part.item_id


def test_a_request_about_the_rest_counts_with_the_pieces_before(shop: Shop) -> None:
    for of in (4, 3):
        piece_of_four(shop, of)
    (request,) = shop.requests(FOUR, order=20)
    decide = lambda: shop.decision_service.decide(  # noqa: E731
        shop.actor(), request, Decision.APPROVE
    )
    assert refusal(decide).code is ErrorCode.PIN_REQUIRED
    shop.confirm(RefundSubject(f"request:{request}", Won(40_000), "변심"))
    assert decide().refund_id is not None


def test_requests_decided_together_count_with_the_pieces_before(shop: Shop) -> None:
    """50,000 of two requests need nothing; with 40,000 of before they need the own PIN."""
    for of in (4, 3):
        piece_of_four(shop, of)
    requests = [*shop.requests(FOUR, order=20), *shop.requests(CHEAP, order=20)]
    decided = shop.decision_service.decide_many(shop.actor(), requests, Decision.APPROVE)
    assert [one.error.code for one in decided if isinstance(one.error, UserError)] == [
        ErrorCode.PIN_REQUIRED, ErrorCode.PIN_REQUIRED,
    ]  # fmt: skip


def test_a_refused_refund_of_pieces_does_not_count(shop: Shop) -> None:
    refund = piece_of_four(shop, 4)
    with shop.store.transaction() as uow:
        uow.refunds.save(replace(refund, state=RefundState.REFUSED))
        uow.commit()
    assert [piece_of_four(shop, of).amount for of in (3, 2)] == [20_000] * 2


def test_after_five_minutes_it_needs_the_own_pin(shop: Shop) -> None:
    shop.clock.advance(seconds=301)
    error = refusal(lambda: shop.refund(SMALL))
    assert error.code is ErrorCode.PIN_REQUIRED
    assert error.parameters == {"what": "item:100", "amount": 30_000, "reason": "변심"}
    shop.confirm(subject_of(SMALL))
    assert shop.refund(SMALL).state is RefundState.APPROVED


def test_pin_of_another_session_does_not_count(shop: Shop) -> None:
    """Somebody else signed in since: the first one is not at the till any more."""
    shop.enter(SECOND)
    assert refusal(lambda: shop.refund(SMALL)).code is ErrorCode.PIN_REQUIRED


def test_own_pin_is_enough_up_to_its_limit(shop: Shop) -> None:
    assert refusal(lambda: shop.refund(RISING)).code is ErrorCode.PIN_REQUIRED
    shop.confirm(subject_of(RISING))
    shop.refund(RISING)
    error = refusal(lambda: shop.refund(LARGE))
    assert error.code is ErrorCode.APPROVAL_REQUIRED
    shop.confirm(subject_of(LARGE))
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_second_person_approves_and_both_are_recorded(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    refund = shop.refund(LARGE)
    assert refund.approval_needed
    assert (refund.requested_by, refund.approved_by) == (shop.actor(), Actor.staff(SECOND))
    with shop.store.snapshot() as uow:
        last = uow.ledger.for_order(10)[-1].entry
    assert last.actor == Actor.staff(SECOND)
    assert shop.events()[-1] is StaffEventKind.APPROVAL_GIVEN


def test_nobody_approves_their_own_refund(shop: Shop) -> None:
    error = refusal(lambda: shop.approve(subject_of(LARGE), KIM))
    assert error.code is ErrorCode.REFUND_OWN_APPROVAL
    assert shop.events()[-1] is StaffEventKind.APPROVAL_REFUSED
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


@pytest.mark.parametrize("approver", [PARK, OTHER])
def test_approver_needs_the_right_to_that_refund(shop: Shop, approver: int) -> None:
    """A cashier has none, and a seller of another number has it for other items."""
    error = refusal(lambda: shop.approve(subject_of(LARGE), approver))
    assert error.code is ErrorCode.APPROVER_WITHOUT_RIGHT
    assert shop.events()[-1] is StaffEventKind.APPROVAL_REFUSED
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_wrong_pin_of_the_approver_is_counted_and_approves_nothing(shop: Shop) -> None:
    error = refusal(
        lambda: shop.staff.approvals.approve(shop.actor(), subject_of(LARGE), SECOND, "440718")
    )
    assert error.code is ErrorCode.PIN_WRONG
    with shop.store.snapshot() as uow:
        person = uow.staff.get(SECOND)
    assert person is not None and person.tries == 1
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_approval_is_used_once(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    refund = shop.refund(LARGE)
    with shop.store.transaction() as uow:
        found = uow.refunds.get(refund.id)
        uow.refunds.save(replace(found, state=RefundState.REFUSED))
        uow.outbox.close(refund.id)
        uow.commit()
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED
    shop.approve(subject_of(LARGE), SECOND)
    shop.refund(LARGE)


def test_approval_that_was_not_used_stays_when_the_refund_is_rolled_back(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)

    def full(*_: object) -> None:
        raise UserError(ErrorCode.REFUND_BEYOND)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("posapp.services.refunds.cancel_item.create_refund", lambda *a, **k: full())
        refusal(lambda: shop.refund(LARGE))
    assert shop.refund(LARGE).approved_by == Actor.staff(SECOND)


def test_approval_expires_after_two_minutes(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    shop.clock.advance(seconds=120)
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


@pytest.mark.parametrize(
    "other",
    [
        replace(subject_of(LARGE), amount=Won(399_999)),
        replace(subject_of(LARGE), what="item:102"),
        replace(subject_of(LARGE), reason="다른 이유"),
    ],
)
def test_approval_of_anything_else_is_none(shop: Shop, other: RefundSubject) -> None:
    shop.approve(other, SECOND)
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_approval_is_for_its_requester(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), MANAGER, requested_by=shop.actor(SECOND))
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_approver_who_was_removed_meanwhile_does_not_count(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    shop.enter(MANAGER)
    shop.staff.directory.deactivate(Actor.staff(MANAGER), SECOND)
    shop.enter(KIM)
    assert refusal(lambda: shop.refund(LARGE)).code is ErrorCode.APPROVAL_REQUIRED


def test_highest_refunds_need_a_manager(shop: Shop) -> None:
    shop.approve(subject_of(HUGE), SECOND)
    assert refusal(lambda: shop.refund(HUGE)).code is ErrorCode.MANAGER_REQUIRED
    error = refusal(lambda: shop.approve(subject_of(HUGE), SECOND, manager=True))
    assert error.code is ErrorCode.APPROVER_WITHOUT_RIGHT
    shop.approve(subject_of(HUGE), MANAGER, manager=True)
    assert shop.refund(HUGE).approved_by == Actor.staff(MANAGER)


def test_manager_needs_another_manager_for_the_highest(shop: Shop) -> None:
    shop.enter(MANAGER)
    actor = shop.actor(MANAGER)
    assert refusal(lambda: shop.refund(HUGE, actor=actor)).code is ErrorCode.MANAGER_REQUIRED
    assert shop.staff.approvals.approvers(actor, manager=True) == ()
    assert [one.id for one in shop.staff.approvals.approvers(actor, manager=False)] == [KIM, SECOND]


def test_cashier_refunds_with_an_approver_alone(shop: Shop) -> None:
    shop.enter(PARK)
    actor = Actor.staff(PARK).acting_for(Actor.buyer(BUYER))
    subject = subject_of(SMALL)
    assert refusal(lambda: shop.refund(SMALL, actor=actor)).code is ErrorCode.APPROVAL_REQUIRED
    shop.staff.approvals.confirm(actor, subject, PINS[PARK])
    assert refusal(lambda: shop.refund(SMALL, actor=actor)).code is ErrorCode.APPROVAL_REQUIRED
    shop.approve(subject, KIM, requested_by=actor)
    assert shop.refund(SMALL, actor=actor).approved_by == Actor.staff(KIM)


def test_sum_of_a_day_needs_a_manager(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    shop.refund(LARGE)
    limits = RefundLimits(day=Won(429_999))
    guard = shop.staff.access._refunds
    guard._limits = limits
    assert refusal(lambda: shop.refund(SMALL)).code is ErrorCode.MANAGER_REQUIRED
    # Another person's sum is their own.
    shop.enter(SECOND)
    shop.refund(SMALL, actor=shop.actor(SECOND))


def test_sum_of_a_day_begins_anew_with_the_shop_s_day(shop: Shop) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    shop.refund(LARGE)
    shop.staff.access._refunds._limits = RefundLimits(day=Won(429_999))
    shop.clock.advance(hours=24)
    shop.enter(KIM)
    shop.refund(SMALL)


def test_bulk_counts_by_its_sum(shop: Shop) -> None:
    numbers = shop.requests(SMALL, RISING, LARGE)
    results = shop.decision_service.decide_many(shop.actor(), numbers, Decision.APPROVE)
    codes = {one.error.code for one in results if isinstance(one.error, UserError)}
    assert codes == {ErrorCode.APPROVAL_REQUIRED}
    assert len(results) == 3 and shop.refund_states() == []
    what = f"requests:{','.join(map(str, sorted(numbers)))}"
    shop.approve(RefundSubject(what, Won(490_000), ""), SECOND)
    results = shop.decision_service.decide_many(shop.actor(), numbers, Decision.APPROVE)
    assert [one.error for one in results] == [None] * 3
    with shop.store.snapshot() as uow:
        made = uow.refunds.for_order(10)
    assert {(one.approved_by, one.requested_by) for one in made} == {
        (Actor.staff(SECOND), shop.actor())
    }


def test_bulk_approval_is_for_those_requests_alone(shop: Shop) -> None:
    numbers = shop.requests(SMALL, RISING, LARGE)
    what = f"requests:{','.join(map(str, sorted(numbers)))}"
    shop.approve(RefundSubject(what, Won(490_000), ""), SECOND)
    others = shop.decision_service.decide_many(shop.actor(), numbers[1:], Decision.APPROVE)
    assert {one.error.code for one in others if isinstance(one.error, UserError)} == {
        ErrorCode.APPROVAL_REQUIRED
    }


def test_small_bulk_is_decided_at_once(shop: Shop) -> None:
    shop.staff.access._refunds._limits = RefundLimits(without_pin=Won(90_000))
    numbers = shop.requests(SMALL, RISING)
    results = shop.decision_service.decide_many(shop.actor(), numbers, Decision.APPROVE)
    assert [one.error for one in results] == [None] * 2


def test_single_request_above_the_limit_needs_approval(shop: Shop) -> None:
    (number,) = shop.requests(LARGE)
    decide = shop.decision_service.decide
    error = refusal(lambda: decide(shop.actor(), number, Decision.APPROVE))
    assert error.code is ErrorCode.APPROVAL_REQUIRED
    subject = RefundSubject(
        str(error.parameters["what"]),
        Won(int(error.parameters["amount"])),
        str(error.parameters["reason"]),
    )
    shop.approve(subject, SECOND)
    assert decide(shop.actor(), number, Decision.APPROVE).refund_id is not None


def test_remainder_above_the_limit_needs_approval(shop: Shop) -> None:
    number = shop.refund(SMALL).id
    with shop.store.transaction() as uow:
        found = uow.refunds.get(number)
        uow.refunds.save(replace(found, state=RefundState.REFUSED, refused_as="partial"))
        assert uow.outbox.close(number)
        uow.commit()
    total = sum(PRICE.values())
    act = shop.remainder_service.cancel
    error = refusal(lambda: act(shop.actor(), number, "변심", total))
    assert error.code is ErrorCode.MANAGER_REQUIRED
    shop.approve(RefundSubject(f"refund:{number}", Won(total), "변심"), MANAGER, manager=True)
    assert act(shop.actor(), number, "변심", total).approved_by == Actor.staff(MANAGER)


@pytest.mark.parametrize("by", ["retry", "requeue", "assign_cancellation"])
def test_sending_unresolved_money_again_above_the_limit_needs_approval(shop: Shop, by: str) -> None:
    shop.approve(subject_of(LARGE), SECOND)
    number = shop.refund(LARGE).id
    shop.enter(MANAGER)
    boss = Actor.staff(MANAGER)
    shop.sync_service.take_over(boss, number)

    def act() -> None:
        if by == "retry":
            shop.unresolved_money_service.retry(boss, number)
        elif by == "requeue":
            shop.sync_service.requeue(boss, number)
        else:
            shop.unresolved_money_service.assign_cancellation(boss, number, False)

    error = refusal(act)
    assert error.code is ErrorCode.APPROVAL_REQUIRED
    assert error.parameters["what"] == f"resend:{number}"
    shop.approve(RefundSubject(f"resend:{number}", Won(400_000), "변심"), SECOND, requested_by=boss)
    act()
    assert shop.refund_states() == [RefundState.UNKNOWN]


def test_approval_without_a_network_is_marked(shop: Shop) -> None:
    shop.connectivity.online = False
    shop.approve(subject_of(LARGE), SECOND)
    with shop.store.snapshot() as uow:
        (found,) = uow.approvals.unused(KIM, subject_of(LARGE))
    assert found.offline
    shop.refund(LARGE)


def test_who_is_no_staff_confirms_and_approves_nothing(shop: Shop) -> None:
    for act in (
        lambda: shop.staff.approvals.confirm(Actor.seller(SELLER), subject_of(LARGE), "270936"),
        lambda: shop.approve(subject_of(LARGE), SECOND, requested_by=Actor.seller(SELLER)),
    ):
        assert refusal(act).code is ErrorCode.NOT_PERMITTED


def test_staff_are_named_also_after_they_left(shop: Shop) -> None:
    texts = Translator("ko")
    shop.refund(SMALL)
    (asked,) = shop.requests(RISING)
    shop.decision_service.decide(shop.actor(), asked, Decision.REJECT, "개봉")
    shop.enter(MANAGER)
    shop.setting_service.change(Actor.staff(MANAGER), "link_seconds", "180")
    shop.staff.directory.deactivate(Actor.staff(MANAGER), KIM)
    (found,) = shop.unresolved_money_service.refunds()
    facts = details_of(texts, UnresolvedEntry(refund=found), True).facts
    assert [value for _, value in facts].count("직원 김하나 (판매자 7)") == 2
    with pytest.raises(UserError) as refused:
        shop.decision_service.decide(shop.actor(SECOND), asked, Decision.APPROVE)
    assert refused.value.code is ErrorCode.REQUEST_DONE
    assert refused.value.parameters["name"] == "김하나"
    assert shop.setting_service.staff_names()[KIM] == "김하나"


def test_what_a_refund_needs_is_known_before_by_the_same_sums(shop: Shop) -> None:
    def needed(*refunds: PlannedRefund) -> Proof:
        return shop.staff.approvals.needed(shop.actor(), refunds).proof

    piece, small = PlannedRefund(Won(20_000), (FOUR,)), PlannedRefund(Won(40_000))
    assert needed(piece) is Proof.NONE
    shop.cancellation_service.refund(shop.actor(), FOUR, "변심", 40_000, Pieces(2, 4))
    assert needed(piece) is Proof.OWN_PIN, "60,000 won of the item together"
    with pytest.raises(UserError) as refused:
        shop.cancellation_service.refund(shop.actor(), FOUR, "변심", 20_000, Pieces(1, 2))
    assert refused.value.code is ErrorCode.PIN_REQUIRED
    assert needed(small, small) is Proof.NONE, "each counts by itself"
    large = PlannedRefund(Won(600_000))
    assert needed(large) is Proof.SECOND_PERSON
    assert needed(large, large) is Proof.MANAGER, "the day counts both"
