"""Roles and use cases: one table, and each cell is tried over the real services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posapp.domain.actors import NOBODY, TILL, Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.staff import Staff
from posapp.services.staff.staff_policy import StaffPolicy
from tests.fakes.till import BUYER, OTHER_SELLER, SELLER
from tests.integration import test_permissions as walk
from tests.integration.test_permissions import CASES, CHANGE_NOTHING_HERE, Act, Shop

PREPARE = {case[0].__name__: case[0] for case in CASES if case[0] is not walk.set_up_staff}
"""Every use case but the set-up, which is before there is any staff."""

MANAGER, CASHIER, OWN_SELLER, ANOTHER_SELLER = 11, 12, 13, 14
PEOPLE = {
    "cashier": Staff(CASHIER, "점원", StaffRole.CASHIER, None, "h", 4),
    "seller": Staff(OWN_SELLER, "판매자", StaffRole.SELLER, SELLER, "h", 6),
    "other seller": Staff(ANOTHER_SELLER, "다른 판매자", StaffRole.SELLER, OTHER_SELLER, "h", 6),
    "manager": Staff(MANAGER, "둘째 점장", StaffRole.MANAGER, None, "h", 6),
}

MATRIX = """
                       cashier  seller  other   manager
start                  yes      yes     yes     yes
start_over             yes      yes     yes     yes
abandon                yes      yes     yes     yes
cancel                 no       yes     no      yes
cancel_beside_a_qr     no       yes     no      yes
refund                 ask      yes     yes     yes
refund_of_a_free_item  yes      yes     yes     yes
cancel_remainder       no       yes     no      yes
create_request         yes      yes     yes     yes
withdraw_request       yes      yes     yes     yes
approve_refund         no       yes     no      yes
approve_exchange       no       yes     no      yes
reject                 no       yes     no      yes
decide_many            no       yes     no      yes
undo                   no       yes     no      yes
export                 no       yes     no      yes
read_sales             no       no      no      yes
export_sales           no       no      no      yes
advance                no       yes     no      yes
hand_over              no       yes     no      yes
undo_step              no       yes     no      yes
make_product           no       yes     no      yes
change_product         no       yes     no      yes
stop_product           no       yes     no      yes
set_picture            no       yes     no      yes
make_own_code          no       yes     no      yes
make_options           no       yes     no      yes
scan_product           yes      yes     yes     yes
add_product            yes      yes     yes     yes
choose_product         yes      yes     yes     yes
set_count              yes      yes     yes     yes
remove_line            yes      yes     yes     yes
restore_line           yes      yes     yes     yes
renew_prices           yes      yes     yes     yes
discount_line          yes      yes     yes     yes
discount_sale          yes      yes     yes     yes
note_sale              yes      yes     yes     yes
clear_sale             yes      yes     yes     yes
restore_sale           yes      yes     yes     yes
hold_sale              yes      yes     yes     yes
take_up_sale           yes      yes     yes     yes
drop_sale              yes      yes     yes     yes
order_sale             yes      yes     yes     yes
open_shift             yes      yes     yes     yes
pay_in                 no       yes     yes     yes
pay_out                no       yes     yes     yes
open_drawer            no       yes     yes     yes
close_shift            no       yes     yes     yes
read_reports           no       yes     yes     yes
read_addenda           no       yes     yes     yes
begin_closing          no       yes     yes     yes
keep_count             no       yes     yes     yes
sell_in_cash           yes      yes     yes     yes
take_cash              yes      yes     yes     yes
give_cash_back         yes      yes     yes     yes
hand_cash_out          yes      yes     yes     yes
refund_in_cash         no       ask     no      ask
request_receipt        yes      yes     yes     yes
enter_receipt          yes      yes     yes     yes
enter_receipt_cancel   yes      yes     yes     yes
import_file            no       no      no      yes
read_payment           no       no      no      yes
retry                  no       no      no      yes
assign_cancellation    no       no      no      yes
close_mismatch         no       no      no      yes
try_now                no       yes     yes     yes
try_all                no       yes     yes     yes
requeue                no       no      no      yes
take_over              no       no      no      yes
reconcile_now          no       yes     yes     yes
add_staff              no       no      no      yes
change_staff           no       no      no      yes
reset_pin              no       no      no      yes
deactivate             no       no      no      yes
reactivate             no       no      no      yes
unlock                 no       no      no      yes
renew_recovery_code    no       no      no      yes
undo_import            no       no      no      yes
change_setting         no       no      no      yes
reset_setting          no       no      no      yes
change_keys            no       no      no      yes
begin_trial            no       no      no      yes
give_trial_back        ask      yes     yes     yes
"""
ROWS = [line.split() for line in MATRIX.strip().splitlines()[1:]]
CELLS = [
    (name, person, cell)
    for name, *cells in ROWS
    for person, cell in zip(PEOPLE, cells, strict=True)
]
REFUSED_WITH = {"no": ErrorCode.NOT_PERMITTED, "ask": ErrorCode.APPROVAL_REQUIRED}
NUMBERS: dict[str, int] = {}
"""Number of each person of the last shop."""


@pytest.fixture
def shop(tmp_path: Path, clock) -> Iterator[Shop]:
    made = Shop(tmp_path, clock)
    yield made
    made.close()


def hire(shop: Shop) -> None:
    """Everybody joins the staff, beside the manager of the cases about staff."""
    with shop.store.transaction() as uow:
        if not uow.staff.exist():
            uow.staff.add(replace(PEOPLE["manager"], name="점장"))
        for person in PEOPLE.values():
            added = uow.staff.add(person)
            NUMBERS[person.name] = added.id
        uow.commit()
    shop.policy.is_allowed = StaffPolicy().is_allowed


def act_as(shop: Shop, act: Act, actor: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Do the prepared action as this actor: where it is a buyer's or a seller's, for that user."""
    shop.session.begin(actor, shop.clock.monotonic())
    if actor.staff_id is not None:
        monkeypatch.setattr(walk, "BUYER_ACTOR", actor.acting_for(Actor.buyer(BUYER)))
        monkeypatch.setattr(walk, "SELLER_ACTOR", actor.acting_for(Actor.seller(SELLER)))
    monkeypatch.setattr(walk, "WHO", actor)
    act()


def test_the_table_has_every_use_case() -> None:
    assert {name for name, *_ in ROWS} == set(PREPARE)


@pytest.mark.parametrize(("name", "person", "cell"), CELLS)
def test_cell(
    shop: Shop, name: str, person: str, cell: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    act = PREPARE[name](shop)
    hire(shop)
    before, wakes = shop.content(), shop.wakes
    shop.counted.calls.clear()
    actor = Actor.staff(NUMBERS[PEOPLE[person].name])
    if cell == "yes":
        act_as(shop, act, actor, monkeypatch)
        assert (shop.content() == before) == (PREPARE[name] in CHANGE_NOTHING_HERE)
        return
    with pytest.raises(UserError) as refused:
        act_as(shop, act, actor, monkeypatch)
    assert refused.value.code is REFUSED_WITH[cell]
    assert shop.content() == before
    assert shop.counted.calls == []
    assert shop.wakes == wakes


WITHOUT_RIGHT = ("removed", "locked", "user")


@pytest.mark.parametrize("name", PREPARE)
@pytest.mark.parametrize("who", WITHOUT_RIGHT)
def test_without_a_right_nothing_is_done(
    shop: Shop, name: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A manager who left or whose PIN is locked, and a user of the shop who is not on the staff."""
    act = PREPARE[name](shop)
    hire(shop)
    number = NUMBERS["둘째 점장"]
    with shop.store.transaction() as uow:
        manager = uow.staff.get(number)
        assert manager is not None
        if who == "removed":
            uow.staff.save(replace(manager, active=False))
        if who == "locked":
            uow.staff.save(replace(manager, tries=20))
        uow.commit()
    before = shop.content()
    actor = Actor.seller(SELLER) if who == "user" else Actor.staff(number)
    with pytest.raises(UserError) as refused:
        act_as(shop, act, actor, monkeypatch)
    assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert shop.content() == before


@pytest.mark.parametrize("actor", [Actor.staff(99), Actor.person("김"), TILL, NOBODY])
def test_who_is_not_on_the_staff_is_allowed_nothing(shop: Shop, actor: Actor) -> None:
    hire(shop)
    with shop.store.snapshot() as uow:
        assert not any(StaffPolicy().is_allowed(uow, actor, one) for one in walk.P)


def test_before_there_is_staff_everybody_acts_as_a_manager(shop: Shop) -> None:
    act = walk.take_over(shop)
    shop.policy.is_allowed = StaffPolicy().is_allowed
    act()
    assert StaffPolicy().is_allowed(None, Actor.person(), walk.P.RESTORE) is False
