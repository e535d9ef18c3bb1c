"""Signing in, the list of staff, and recovery, over a real file and a real hash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.staff import Staff
from posapp.domain.staff_events import StaffEventKind
from posapp.sandbox.server import Sandbox
from posapp.services.staff.staff_policy import StaffPolicy
from posapp.system.pin_hashing import ENTRY, ArgonPinHasher
from tests.fakes.books_gateway import BooksGateway
from tests.fakes.till import CHEAP, SELLER, Till, an_order
from tests.fakes.world import FakeSecrets

BOSS, KIM, PARK = 1, 2, 3
BOSS_PIN, KIM_PIN, PARK_PIN, WRONG = "905182", "270936", "2580", "440718"
E = StaffEventKind


class CountingHasher(ArgonPinHasher):
    """Counts how often it compares."""

    compared = 0

    def matches(self, hashed: str, staff_id: int, pin: str) -> bool:
        self.compared += 1
        return super().matches(hashed, staff_id, pin)


class Shop(Till):
    """A till whose staff is a manager, a seller and a cashier."""

    def __init__(self, folder: Path, clock) -> None:
        sandbox = Sandbox(clock=clock.unix)
        self.secrets = FakeSecrets()
        self.hasher = CountingHasher(self.secrets, CHEAP)
        super().__init__(
            folder / "posapp.db",
            sandbox,
            clock,
            gateway=BooksGateway(sandbox),
            access=StaffPolicy(),
            pin_hasher=self.hasher,
        )
        self.stock_shop(an_order(10))
        self.directory, self.sign_in = self.staff.directory, self.staff.sign_in
        self.boss = Actor.staff(BOSS)

    def hire(self) -> str:
        code = self.directory.set_up(Actor.person("김"), "점장", BOSS_PIN)
        self.enter_boss()
        self.directory.add(self.boss, "김하나", StaffRole.SELLER, KIM_PIN, SELLER)
        self.directory.add(self.boss, "박지우", StaffRole.CASHIER, PARK_PIN)
        return code

    def enter_boss(self) -> None:
        """The manager has just given the PIN, as every change of the staff needs."""
        self.session.begin(self.boss, self.clock.monotonic(), role=StaffRole.MANAGER)

    def person(self, staff_id: int) -> Staff:
        with self.store.snapshot() as uow:
            found = uow.staff.get(staff_id)
        assert found is not None
        return found

    def events(self, last: int) -> list[tuple[StaffEventKind, int | None, str, str]]:
        with self.store.snapshot() as uow:
            rows = [row.entry for row in uow.staff.events(0, 9_999)][-last:]
        return [(one.event, one.staff_id, str(one.actor), one.detail) for one in rows]


@pytest.fixture
def shop(tmp_path: Path, clock) -> Iterator[Shop]:
    made = Shop(tmp_path, clock)
    yield made
    made.close()


def refusal(act) -> UserError:
    with pytest.raises(UserError) as refused:
        act()
    return refused.value


def code_of(act) -> ErrorCode:
    return refusal(act).code


def test_set_up_makes_the_first_manager_once(shop: Shop) -> None:
    assert not shop.sign_in.is_needed()
    code = shop.hire()
    assert code == "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"
    assert shop.sign_in.is_needed()
    assert [(one.name, one.role) for one in shop.sign_in.tiles()] == [
        ("점장", StaffRole.MANAGER), ("김하나", StaffRole.SELLER), ("박지우", StaffRole.CASHIER),
    ]  # fmt: skip
    for actor in (Actor.person(), shop.boss):
        again = code_of(lambda who=actor: shop.directory.set_up(who, "둘째", "581903"))
        assert again is ErrorCode.NOT_PERMITTED
    assert shop.events(3)[0] == (E.STAFF_ADDED, 1, "person:김", "점장 MANAGER")


def test_nobody_is_added_before_the_set_up(shop: Shop) -> None:
    shop.hasher.make_secret()
    act = shop.directory.add
    for role in (StaffRole.CASHIER, StaffRole.MANAGER):
        code = code_of(lambda of=role: act(Actor.person(), "김", of, BOSS_PIN))
        assert code is ErrorCode.STAFF_FIRST_MANAGER


def test_set_up_without_a_keyring_leaves_nothing(shop: Shop) -> None:
    def silent(name: str) -> str:
        raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)

    shop.secrets.get = silent
    with pytest.raises(EnvironmentProblem):
        shop.directory.set_up(Actor.person(), "점장", BOSS_PIN)
    assert not shop.sign_in.is_needed()


def test_right_pin_begins_a_session_and_sign_out_ends_it(shop: Shop) -> None:
    shop.hire()
    shop.sign_in.sign_in(KIM, KIM_PIN)
    assert (shop.session.actor, shop.session.seller_id) == (Actor.staff(KIM), SELLER)
    shop.sign_in.sign_in(BOSS, BOSS_PIN)
    assert (shop.session.actor, shop.session.seller_id) == (shop.boss, None)
    shop.sign_in.record_end(shop.sign_in.end())
    assert shop.session.actor == Actor.person()
    shop.sign_in.record_end(shop.sign_in.end())
    assert shop.events(3) == [
        (E.SIGNED_IN, KIM, "staff:2", ""),
        (E.SIGNED_IN, BOSS, "staff:1", ""),
        (E.SIGNED_OUT, BOSS, "staff:1", ""),
    ]


def test_wrong_pin_changes_no_session(shop: Shop) -> None:
    shop.hire()
    shop.sign_in.sign_in(BOSS, BOSS_PIN)
    assert code_of(lambda: shop.sign_in.sign_in(KIM, WRONG)) is ErrorCode.PIN_WRONG
    assert shop.session.actor == shop.boss
    assert shop.events(1) == [(E.PIN_WRONG, KIM, "staff:2", "1")]
    shop.sign_in.sign_in(KIM, KIM_PIN)
    assert shop.person(KIM).tries == 0


def test_pin_of_another_person_is_wrong(shop: Shop) -> None:
    shop.hire()
    assert code_of(lambda: shop.sign_in.sign_in(KIM, BOSS_PIN)) is ErrorCode.PIN_WRONG


@pytest.mark.parametrize("who", ["unknown", "removed", "known"])
def test_unknown_person_takes_the_work_of_a_wrong_pin(shop: Shop, who: str) -> None:
    shop.hire()
    number = KIM if who != "unknown" else shop.sign_in.find("아무개")
    if who == "removed":
        shop.directory.deactivate(shop.boss, KIM)
    pin = KIM_PIN if who == "removed" else WRONG
    before = shop.hasher.compared
    error = refusal(lambda: shop.sign_in.sign_in(number, pin))
    assert (error.code, error.parameters) == (ErrorCode.PIN_WRONG, {})
    assert shop.hasher.compared == before + 1
    assert shop.events(1)[0][0] is E.PIN_WRONG


def test_person_is_found_by_a_name_as_it_is_pasted(shop: Shop) -> None:
    shop.hire()
    assert shop.sign_in.find(" 김\u200b하나\ufeff\n") == KIM


def test_delays_warning_and_lock(shop: Shop) -> None:
    shop.hire()
    seen: list[tuple[ErrorCode, dict[str, str | int]]] = []
    for _ in range(20):
        shop.clock.advance(seconds=900)
        error = refusal(lambda: shop.sign_in.sign_in(KIM, WRONG))
        seen.append((error.code, error.parameters))
    assert seen[13] == (ErrorCode.PIN_WRONG, {})
    assert seen[14] == (ErrorCode.PIN_WRONG_LEFT, {"left": 5})
    assert seen[18] == (ErrorCode.PIN_WRONG_LEFT, {"left": 1})
    assert seen[19] == (ErrorCode.PIN_LOCKED, {"name": "김하나"})
    assert [one[0] for one in shop.events(2)] == [E.PIN_WRONG, E.PIN_LOCKED]
    shop.clock.advance(days=30)
    before = shop.hasher.compared
    assert code_of(lambda: shop.sign_in.sign_in(KIM, KIM_PIN)) is ErrorCode.PIN_LOCKED
    assert shop.hasher.compared == before
    shop.sign_in.sign_in(PARK, PARK_PIN)
    shop.enter_boss()
    shop.directory.reset_pin(shop.boss, KIM, "581903")
    shop.sign_in.sign_in(KIM, "581903")


def test_early_entry_is_refused_without_being_counted(shop: Shop) -> None:
    shop.hire()
    for _ in range(4):
        shop.clock.advance(seconds=5)
        refusal(lambda: shop.sign_in.sign_in(KIM, WRONG))
    shop.clock.advance(milliseconds=14_001)
    error = refusal(lambda: shop.sign_in.sign_in(KIM, KIM_PIN))
    assert (error.code, error.parameters) == (ErrorCode.PIN_DELAY, {"seconds": 1})
    assert shop.person(KIM).tries == 4
    shop.clock.advance(milliseconds=999)
    shop.sign_in.sign_in(KIM, KIM_PIN)


def test_missing_secret_counts_nothing(shop: Shop) -> None:
    shop.hire()
    shop.secrets.values.clear()
    shop.hasher._pepper = None
    with pytest.raises(EnvironmentProblem) as problem:
        shop.sign_in.sign_in(KIM, KIM_PIN)
    assert problem.value.code is EnvironmentCode.SECRET_MISSING
    assert shop.person(KIM).tries == 0


def test_try_is_committed_before_the_hash_runs(shop: Shop) -> None:
    """What another connection sees, and what is beside the file, while the hash runs."""
    shop.hire()
    seen: list[tuple[int, int]] = []
    real = shop.hasher.matches

    def look(hashed: str, staff_id: int, pin: str) -> bool:
        beside = shop.staff.sign_in._pins._counter.get(KIM).count
        seen.append((shop.person(KIM).tries, beside))
        return real(hashed, staff_id, pin)

    shop.hasher.matches = look
    shop.sign_in.sign_in(KIM, KIM_PIN)
    assert seen == [(1, 1)]
    assert shop.person(KIM).tries == 0


def test_pin_that_is_reset_while_it_is_compared_lets_nobody_in(shop: Shop) -> None:
    shop.hire()
    real = shop.hasher.matches

    def reset(hashed: str, staff_id: int, pin: str) -> bool:
        shop.hasher.matches = real
        shop.directory.reset_pin(shop.boss, KIM, "581903")
        return real(hashed, staff_id, pin)

    shop.hasher.matches = reset
    assert code_of(lambda: shop.sign_in.sign_in(KIM, KIM_PIN)) is ErrorCode.PIN_WRONG


# The list of staff


def test_pins_of_new_staff_fit_their_role(shop: Shop) -> None:
    shop.hire()
    add = shop.directory.add
    tries = [
        (StaffRole.SELLER, "2580", SELLER, ErrorCode.PIN_FORM),
        (StaffRole.MANAGER, "2580", None, ErrorCode.PIN_FORM),
        (StaffRole.CASHIER, "1234", None, ErrorCode.PIN_WEAK),
        (StaffRole.SELLER, "581903", None, ErrorCode.STAFF_SELLER),
        (StaffRole.SELLER, "581903", 1, ErrorCode.STAFF_SELLER),
        (StaffRole.SELLER, "581903", 99, ErrorCode.STAFF_SELLER),
        (StaffRole.CASHIER, "581903", SELLER, ErrorCode.STAFF_SELLER),
        (StaffRole.CASHIER, "581903", 99, ErrorCode.STAFF_SELLER),
    ]
    for role, pin, seller, code in tries:
        act = lambda r=role, p=pin, s=seller: add(shop.boss, "새 직원", r, p, s)  # noqa: E731
        assert code_of(act) is code, (role, pin, seller)
    assert code_of(lambda: add(shop.boss, "김하나", StaffRole.CASHIER, "2581")) is (
        ErrorCode.STAFF_NAME_TAKEN
    )
    assert len(shop.directory.entries()) == 3


def test_last_three_pins_are_refused(shop: Shop) -> None:
    shop.hire()
    reset = shop.directory.reset_pin
    for pin in ("581903", "764205"):
        reset(shop.boss, KIM, pin)
    for old in (KIM_PIN, "581903", "764205"):
        assert code_of(lambda pin=old: reset(shop.boss, KIM, pin)) is ErrorCode.PIN_USED
    reset(shop.boss, KIM, "390572")
    reset(shop.boss, KIM, KIM_PIN)


def test_last_manager_is_neither_removed_nor_demoted(shop: Shop) -> None:
    shop.hire()
    for act in (
        lambda: shop.directory.deactivate(shop.boss, BOSS),
        lambda: shop.directory.change(shop.boss, BOSS, "점장", StaffRole.CASHIER),
    ):
        assert code_of(act) is ErrorCode.STAFF_LAST_MANAGER
    shop.directory.add(shop.boss, "둘째", StaffRole.MANAGER, "581903")
    shop.directory.deactivate(shop.boss, BOSS)
    assert code_of(lambda: shop.directory.deactivate(shop.boss, 4)) is ErrorCode.NOT_PERMITTED


def test_higher_role_needs_a_longer_pin(shop: Shop) -> None:
    shop.hire()
    shop.directory.change(shop.boss, PARK, "박지우", StaffRole.SELLER, SELLER)
    assert code_of(lambda: shop.sign_in.sign_in(PARK, PARK_PIN)) is ErrorCode.PIN_UNSET
    assert not next(one for one in shop.directory.entries() if one.id == PARK).has_pin
    shop.directory.reset_pin(shop.boss, PARK, "581903")
    shop.sign_in.sign_in(PARK, "581903")
    assert shop.events(3)[0] == (
        E.STAFF_CHANGED, PARK, "staff:1", "박지우 CASHIER → 박지우 SELLER",
    )  # fmt: skip


def test_unknown_and_removed_people_are_not_changed(shop: Shop) -> None:
    shop.hire()
    shop.directory.deactivate(shop.boss, KIM)
    for number in (KIM, 99):
        for act in (
            lambda n=number: shop.directory.deactivate(shop.boss, n),
            lambda n=number: shop.directory.reset_pin(shop.boss, n, "581903"),
            lambda n=number: shop.directory.change(shop.boss, n, "x", StaffRole.CASHIER),
        ):
            assert code_of(act) is ErrorCode.STAFF_UNKNOWN


def test_own_pin_is_changed_by_the_old_one(shop: Shop) -> None:
    shop.hire()
    change = shop.directory.change_own_pin
    assert code_of(lambda: change(KIM, WRONG, "581903")) is ErrorCode.PIN_WRONG
    assert code_of(lambda: change(KIM, KIM_PIN, "123456")) is ErrorCode.PIN_WEAK
    change(KIM, KIM_PIN, "581903")
    shop.sign_in.sign_in(KIM, "581903")
    assert shop.events(2)[0] == (E.PIN_RESET, KIM, "staff:2", "")


# Recovery


def test_recovery_code_resets_a_manager_and_is_used_up(shop: Shop) -> None:
    code = shop.hire()
    recover = shop.directory.recover
    shop.ids.recovery_letters = lambda: "Z" * 24
    assert code_of(lambda: recover("ABCD", BOSS, "581903")) is ErrorCode.RECOVERY_CODE
    assert code_of(lambda: recover("", BOSS, "581903")) is ErrorCode.RECOVERY_CODE
    assert code_of(lambda: recover(code, KIM, "581903")) is ErrorCode.STAFF_UNKNOWN
    assert code_of(lambda: recover(code, BOSS, "123456")) is ErrorCode.PIN_WEAK
    assert recover(code.lower().replace("-", " "), BOSS, "581903") == "-".join(["ZZZZ"] * 6)
    shop.sign_in.sign_in(BOSS, "581903")
    assert code_of(lambda: recover(code, BOSS, "764205")) is ErrorCode.RECOVERY_CODE
    recover("Z" * 24, BOSS, "764205")
    shop.sign_in.sign_in(KIM, KIM_PIN)


def test_recovery_after_the_keyring_was_lost(shop: Shop) -> None:
    """Nobody's PIN works then; with a new secret everybody but that manager needs a new PIN."""
    code = shop.hire()
    shop.secrets.values.clear()
    shop.hasher._pepper = None
    shop.directory.recover(code, BOSS, BOSS_PIN)
    assert ENTRY in shop.secrets.values
    shop.sign_in.sign_in(BOSS, BOSS_PIN)
    assert code_of(lambda: shop.sign_in.sign_in(KIM, KIM_PIN)) is ErrorCode.PIN_UNSET
    assert shop.person(KIM).tries == 0
    shop.directory.reset_pin(shop.boss, KIM, KIM_PIN)
    shop.sign_in.sign_in(KIM, KIM_PIN)


def test_locked_manager_is_recovered(shop: Shop) -> None:
    code = shop.hire()
    for _ in range(20):
        shop.clock.advance(seconds=900)
        refusal(lambda: shop.sign_in.sign_in(BOSS, WRONG))
    shop.directory.recover(code, BOSS, "581903")
    shop.sign_in.sign_in(BOSS, "581903")


def test_without_a_set_up_no_code_is_right(shop: Shop) -> None:
    for code in ("", "ABCD-EFGH-IJKL-MNOP-QRST-UVWX"):
        assert code_of(lambda c=code: shop.directory.recover(c, 1, BOSS_PIN)) is (
            ErrorCode.RECOVERY_CODE
        )
