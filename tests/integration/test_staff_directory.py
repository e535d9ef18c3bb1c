"""Changes of the staff: by a manager whose PIN was given a short time ago, and each on record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread

import pytest

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import ErrorCode
from posapp.domain.permissions import StaffRole
from posapp.domain.pins import LOCKED_AT, PinTries
from posapp.domain.staff_events import StaffEventKind
from posapp.services.staff.pin_check import UNKNOWN
from tests.fakes.till import SELLER
from tests.integration import test_sign_in as signing
from tests.integration.test_sign_in import (
    BOSS,
    BOSS_PIN,
    KIM,
    KIM_PIN,
    PARK,
    PARK_PIN,
    Shop,
    code_of,
    refusal,
)

shop = signing.shop

E = StaffEventKind
NEW = "581903"
FIVE_MINUTES = 300

CHANGES: dict[str, Callable[[Shop], object]] = {
    "add": lambda shop: shop.directory.add(shop.boss, "이서준", StaffRole.CASHIER, "7412"),
    "change": lambda shop: shop.directory.change(shop.boss, PARK, "박지우", StaffRole.CASHIER),
    "reset_pin": lambda shop: shop.directory.reset_pin(shop.boss, PARK, NEW),
    "unlock": lambda shop: shop.directory.unlock(shop.boss, PARK),
    "deactivate": lambda shop: shop.directory.deactivate(shop.boss, PARK),
    "reactivate": lambda shop: shop.directory.reactivate(shop.boss, KIM, NEW),
    "renew_recovery_code": lambda shop: shop.directory.renew_recovery_code(shop.boss),
}


def rows(shop: Shop) -> tuple[object, ...]:
    """All that is stored of the staff."""
    with shop.store.snapshot() as uow:
        return uow.staff.all(), uow.staff.recovery_digest(), len(uow.staff.events(0, 9_999))


@pytest.fixture
def staffed(shop: Shop) -> Shop:
    """The seller left; the manager has just given the PIN."""
    shop.hire()
    shop.directory.deactivate(shop.boss, KIM)
    return shop


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_asks_for_the_own_pin_five_minutes_after_it(staffed: Shop, name: str) -> None:
    staffed.clock.advance(seconds=FIVE_MINUTES + 1)
    before = rows(staffed)
    assert staffed.directory.needs_pin(staffed.boss)
    assert code_of(lambda: CHANGES[name](staffed)) is ErrorCode.OWN_PIN_REQUIRED
    assert rows(staffed) == before
    staffed.sign_in.confirm(BOSS_PIN)
    assert not staffed.directory.needs_pin(staffed.boss)
    CHANGES[name](staffed)
    assert rows(staffed) != before


def test_a_wrong_own_pin_is_counted_and_confirms_nothing(staffed: Shop) -> None:
    staffed.clock.advance(seconds=FIVE_MINUTES + 1)
    assert code_of(lambda: staffed.sign_in.confirm(KIM_PIN)) is ErrorCode.PIN_WRONG
    assert staffed.person(BOSS).tries == 1
    assert code_of(lambda: CHANGES["unlock"](staffed)) is ErrorCode.OWN_PIN_REQUIRED
    staffed.sign_in.end()
    assert code_of(lambda: staffed.sign_in.confirm(BOSS_PIN)) is ErrorCode.NOT_PERMITTED


def test_a_confirmed_change_makes_no_refund_need_less(staffed: Shop) -> None:
    staffed.clock.advance(seconds=FIVE_MINUTES + 1)
    staffed.sign_in.confirm(BOSS_PIN)
    now = staffed.clock.monotonic()
    assert staffed.session.is_confirmed(BOSS, FIVE_MINUTES, now)
    assert not staffed.session.is_fresh(BOSS, FIVE_MINUTES, now)


def test_the_pin_of_another_person_confirms_nothing_for_the_manager(staffed: Shop) -> None:
    staffed.sign_in.sign_in(PARK, PARK_PIN)
    assert code_of(lambda: CHANGES["unlock"](staffed)) is ErrorCode.OWN_PIN_REQUIRED
    staffed.session.confirm(BOSS, staffed.clock.monotonic())
    assert code_of(lambda: CHANGES["unlock"](staffed)) is ErrorCode.OWN_PIN_REQUIRED


def test_unlocking_begins_the_count_anew_in_the_database_and_beside_it(staffed: Shop) -> None:
    tries = PinTries(LOCKED_AT, staffed.clock.now(), staffed.clock.monotonic())
    staffed.directory._counter.set(PARK, tries)
    assert code_of(lambda: staffed.sign_in.sign_in(PARK, PARK_PIN)) is ErrorCode.PIN_LOCKED
    staffed.directory.unlock(staffed.boss, PARK)
    assert staffed.person(PARK).tries == staffed.directory._counter.get(PARK).count == 0
    assert staffed.events(1) == [(E.STAFF_CHANGED, PARK, "staff:1", f"박지우 {LOCKED_AT} → 0")]
    assert staffed.sign_in.sign_in(PARK, PARK_PIN).name == "박지우"


def test_who_comes_back_has_the_old_role_and_a_new_pin(staffed: Shop) -> None:
    reactivate = staffed.directory.reactivate
    again = code_of(lambda: reactivate(staffed.boss, KIM, KIM_PIN))
    assert again is ErrorCode.PIN_USED
    assert code_of(lambda: reactivate(staffed.boss, KIM, "2580")) is ErrorCode.PIN_FORM
    assert code_of(lambda: reactivate(staffed.boss, PARK, NEW)) is ErrorCode.STAFF_UNKNOWN
    assert not staffed.person(KIM).active
    reactivate(staffed.boss, KIM, NEW)
    back = staffed.person(KIM)
    assert (back.active, back.role, back.seller_id) == (True, StaffRole.SELLER, SELLER)
    assert staffed.events(1) == [(E.STAFF_ADDED, KIM, "staff:1", "김하나 SELLER")]
    assert staffed.sign_in.sign_in(KIM, NEW).id == KIM


def test_nobody_comes_back_under_the_name_of_another(staffed: Shop) -> None:
    staffed.directory.add(staffed.boss, "김하나", StaffRole.CASHIER, "7412")
    taken = code_of(lambda: staffed.directory.reactivate(staffed.boss, KIM, NEW))
    assert taken is ErrorCode.STAFF_NAME_TAKEN
    assert not staffed.person(KIM).active


def test_a_new_recovery_code_ends_the_one_before(shop: Shop) -> None:
    old = shop.hire()
    shop.ids.recovery_letters = lambda: "Z" * 24
    new = shop.directory.renew_recovery_code(shop.boss)
    assert new != old
    assert code_of(lambda: shop.directory.recover(old, BOSS, NEW)) is ErrorCode.RECOVERY_CODE
    shop.directory.recover(new, BOSS, NEW)
    assert (E.STAFF_CHANGED, BOSS, "staff:1", "recovery code") in shop.events(3)


def test_wrong_recovery_codes_are_counted_delayed_and_never_locked(shop: Shop) -> None:
    code = shop.hire()
    recover, delay = shop.directory.recover, ErrorCode.PIN_DELAY
    for _ in range(3):
        assert code_of(lambda: recover("ABCD", BOSS, NEW)) is ErrorCode.RECOVERY_CODE
    assert shop.events(1) == [(E.PIN_WRONG, BOSS, str(NOBODY), "recovery code")]
    refused = refusal(lambda: recover(code, BOSS, NEW))
    assert (refused.code, refused.parameters) == (delay, {"seconds": 5})
    shop.clock._now -= timedelta(minutes=1)
    assert code_of(lambda: recover(code, BOSS, NEW)) is delay
    shop.clock.advance(seconds=4)
    assert code_of(lambda: recover(code, BOSS, NEW)) is delay
    for _ in range(LOCKED_AT + 5):
        shop.clock.advance(seconds=900)
        assert code_of(lambda: recover("ABCD", BOSS, NEW)) is ErrorCode.RECOVERY_CODE
    assert not shop.person(BOSS).tries, "the PIN has a count of its own"
    shop.clock.advance(seconds=900)
    assert code_of(lambda: recover(code, BOSS, "123456")) is ErrorCode.PIN_WEAK
    recover(code, BOSS, NEW)
    assert shop.directory._counter.get(UNKNOWN) == PinTries()


def test_there_is_no_recovery_code_before_there_is_staff(shop: Shop) -> None:
    renew = shop.directory.renew_recovery_code
    assert code_of(lambda: renew(Actor.person())) is ErrorCode.STAFF_FIRST_MANAGER


def test_the_list_says_when_somebody_signed_in_and_what_they_refunded(shop: Shop) -> None:
    shop.hire()
    before = {one.id: one for one in shop.directory.entries()}
    assert {one.signed_in_at for one in before.values()} == {None}
    at = shop.clock.now()
    shop.sign_in.sign_in(PARK, PARK_PIN)
    shop.clock.advance(seconds=60)
    code_of(lambda: shop.sign_in.sign_in(KIM, "440718"))
    after = {one.id: one for one in shop.directory.entries()}
    assert after[PARK].signed_in_at == at and after[BOSS].signed_in_at is None
    assert after[KIM].tries == 1 and after[KIM].refunded_today == 0


def test_an_interrupted_set_up_is_taken_up_only_before_the_first_sign_in(shop: Shop) -> None:
    assert shop.directory.set_up_again("점장", NEW) is None
    old = shop.directory.set_up(Actor.person(), "점장", BOSS_PIN)
    assert code_of(lambda: shop.directory.set_up_again("", NEW)) is ErrorCode.STAFF_NAME
    assert code_of(lambda: shop.directory.set_up_again("점장", "111111")) is ErrorCode.PIN_WEAK
    shop.ids.recovery_letters = lambda: "Y" * 24
    new = shop.directory.set_up_again("박점장", NEW)
    assert new is not None and new != old
    assert [one.name for one in shop.directory.entries()] == ["박점장"]
    assert code_of(lambda: shop.sign_in.sign_in(BOSS, BOSS_PIN)) is ErrorCode.PIN_WRONG
    shop.sign_in.sign_in(BOSS, NEW)
    assert shop.directory.set_up_again("도둑", "764205") is None
    assert shop.person(BOSS).name == "박점장"


def test_an_interrupted_set_up_is_not_taken_up_once_there_are_others(shop: Shop) -> None:
    shop.hire()
    shop.secrets.values.clear()
    assert shop.directory.set_up_again("도둑", NEW) is None
    assert shop.secrets.values == {}, "a secret of their own would end the staff's PINs"


def test_who_may_not_go_on_is_found(shop: Shop) -> None:
    """Also where another process changed the staff."""
    assert not shop.sign_in.must_lock(), "there is no staff"
    shop.directory.set_up(Actor.person(), "점장", BOSS_PIN)
    assert shop.sign_in.must_lock(), "nobody signed in"
    shop.enter_boss()
    assert not shop.sign_in.must_lock()
    shop.directory.add(shop.boss, "박지우", StaffRole.MANAGER, NEW)
    shop.directory.change(shop.boss, BOSS, "점장", StaffRole.CASHIER)
    assert shop.sign_in.must_lock(), "another role"
    shop.sign_in.sign_in(2, NEW)
    assert not shop.sign_in.must_lock()
    with shop.store.transaction() as uow:
        person = uow.staff.get(2)
        assert person is not None
        uow.staff.save(person.with_tries(PinTries(LOCKED_AT)))
        uow.commit()
    assert shop.sign_in.must_lock(), "locked out"


def test_the_first_manager_is_never_seen_without_a_session(shop: Shop) -> None:
    """The window looks at any moment, also between the two steps."""
    seen: list[bool] = []
    looking: list[Thread] = []

    def set_up(name: str, pin: str) -> str:
        code = shop.directory.set_up(Actor.person(), name, pin)
        looking.append(Thread(target=lambda: seen.append(shop.sign_in.must_lock())))
        looking[0].start()
        return code

    _, person = shop.sign_in.sign_in_first(set_up, "점장", BOSS_PIN)
    looking[0].join()
    assert (seen, person.id, shop.session.actor) == ([False], BOSS, shop.boss)
