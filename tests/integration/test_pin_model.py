"""PINs as a model: whatever is killed, started anew, set or copied back, no entry is checked before
its pause is over, every one is counted, and nobody is shut out by a clock."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.pins import LOCKED_AT, PinTries, delay_after
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.session import Session
from posapp.services.staff.pin_check import PinCheck
from posapp.services.staff.sign_in import SignIn
from posapp.services.staff.staff_directory import StaffDirectory
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.open_store import open_store
from posapp.system import pin_hashing
from posapp.system.pin_hashing import ArgonPinHasher
from tests.fakes.till import CHEAP
from tests.fakes.world import START, FakeIds, FakeSecrets

PINS = ("270936", "581903", "764205", "390572", "815064")
WRONG = "440718"
MANAGER, CASHIER = 1, 2


class Killed(BaseException):
    """The program ends here."""


class TwoClocks:
    """A wall clock that anybody sets, and one since the machine's start; ``true_ms`` is known to
    the test alone."""

    def __init__(self) -> None:
        self.true_ms = 0
        self.wall = START
        self.boot_ms = 3_600_000

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> int:
        return self.boot_ms

    def advance(self, seconds: int) -> None:
        self.true_ms += seconds * 1000
        self.boot_ms += seconds * 1000
        self.wall += timedelta(seconds=seconds)


class KillableHasher(ArgonPinHasher):
    """Counts what it compares, and ends the program before it does."""

    compared = 0
    kills = False

    def matches(self, hashed: str, staff_id: int, pin: str) -> bool:
        if self.kills:
            raise Killed
        self.compared += 1
        return super().matches(hashed, staff_id, pin)


class KillableCounter(FilePinCounter):
    """Ends the program in the place of beginning the count anew."""

    kills = False

    def set(self, staff_id, tries) -> None:
        if self.kills and not tries.count:
            raise Killed
        super().set(staff_id, tries)


@pytest.fixture(scope="module", autouse=True)
def template(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A shop with a manager and a cashier, made once."""
    make_template(tmp_path_factory.mktemp("pins") / "shop.db")


def make_template(path: Path) -> None:
    """Make the shop that every walk begins with a copy of."""
    PinModel.secrets = FakeSecrets()
    program = Program(path, TwoClocks(), PinModel.secrets)
    program.directory.set_up(Actor.person(), "점장", "905182")
    program.directory.add(Actor.staff(MANAGER), "김하나", StaffRole.CASHIER, PINS[0])
    program.close()
    PinModel.template = path


class Entry(NamedTuple):
    """What a record of the model holds: entries since the last right one, and the last one's true
    time and wall time."""

    count: int = 0
    at_ms: int = 0
    wall: datetime = START


class Program:
    """The services of one start of the program."""

    def __init__(self, path: Path, clock: TwoClocks, secrets: FakeSecrets) -> None:
        self.store = open_store(path)
        self.hasher = KillableHasher(secrets, CHEAP)
        self.counter = KillableCounter(pin_counter_path(path))
        pins = PinCheck(self.store, clock, self.hasher, self.counter)
        self.sign_in = SignIn(self.store, clock, pins, Session())
        access = AccessControl(AllowEverything())
        self.directory = StaffDirectory(
            self.store, clock, pins, self.hasher, self.counter, FakeIds(), access
        )

    def close(self) -> None:
        self.store.close()


class PinModel(RuleBasedStateMachine):
    """The model keeps two records, as the program does: in the database, which may be copied back,
    and beside it."""

    template: Path
    secrets: FakeSecrets

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = Path(shutil.copy(self.template, self.folder / "shop.db"))
        self.clock = TwoClocks()
        self.program = Program(self.path, self.clock, self.secrets)
        self.pin = PINS[0]
        self.inside = Entry()
        self.beside = Entry()
        self.copy: tuple[Path, Entry, str] | None = None

    def teardown(self) -> None:
        if hasattr(self, "program"):
            self.program.close()
            shutil.rmtree(self.folder)

    @property
    def count(self) -> int:
        return max(self.inside.count, self.beside.count)

    def one_more(self) -> Entry:
        """Return a record with one more entry, now."""
        return Entry(self.count + 1, self.clock.true_ms, self.clock.wall)

    def refused(self) -> None:
        """Follow what a refusal writes. The record with more entries goes into both where it is
        locked, and where the wall clock shows less than at its last one: its pause begins now."""
        more = max(self.inside, self.beside, key=lambda one: one.count)
        if more.count >= LOCKED_AT:
            self.inside = self.beside = more
        elif self.clock.wall < more.wall:
            self.inside = self.beside = Entry(more.count, self.clock.true_ms, self.clock.wall)

    def may_be_checked(self) -> bool:
        return self.count < LOCKED_AT and all(
            self.clock.true_ms - one.at_ms >= delay_after(one.count) * 1000
            for one in (self.inside, self.beside)
        )

    def enter(self, pin: str) -> ErrorCode | None:
        """Enter a PIN, hold what must hold in any case, and follow in the model."""
        before, allowed = self.program.hasher.compared, self.may_be_checked()
        code: ErrorCode | None = None
        seconds = 0
        try:
            self.program.sign_in.sign_in(CASHIER, pin)
        except UserError as refused:
            code = refused.code
            seconds = int(refused.parameters.get("seconds", 0))
        was_checked = self.program.hasher.compared > before
        assert not was_checked or allowed, "checked before its pause was over, or locked"
        if self.count >= LOCKED_AT:
            assert code is ErrorCode.PIN_LOCKED
            self.refused()
        elif was_checked:
            self.inside = self.beside = Entry() if code is None else self.one_more()
            assert (code is None) == (pin == self.pin)
        else:
            assert code is ErrorCode.PIN_DELAY
            self.waits = seconds
            self.refused()
        return code

    @rule(times=st.integers(1, 4))
    def wrong(self, times: int) -> None:
        for _ in range(times):
            self.enter(WRONG)

    @rule()
    def guess_as_long_as_it_is_checked(self) -> None:
        while self.enter(WRONG) not in (ErrorCode.PIN_LOCKED,):
            self.clock.advance(900)

    @rule()
    def right(self) -> None:
        self.enter(self.pin)

    @rule()
    def right_after_the_pause_that_was_said(self) -> None:
        """No clock shuts anybody out: what the refusal said is enough."""
        code = self.enter(self.pin)
        if code is ErrorCode.PIN_DELAY:
            assert self.waits <= 900
            self.clock.advance(self.waits)
            code = self.enter(self.pin)
        assert code in (None, ErrorCode.PIN_LOCKED)

    @rule()
    def killed_before_the_hash(self) -> None:
        allowed = self.may_be_checked()
        self.program.hasher.kills = True
        try:
            self.program.sign_in.sign_in(CASHIER, self.pin)
        except Killed:
            assert allowed
            self.inside = self.beside = self.one_more()
        except UserError:
            self.refused()
        self.start_anew()

    @rule()
    def killed_after_the_commit_of_a_right_one(self) -> None:
        self.program.counter.kills = True
        allowed = self.may_be_checked()
        try:
            self.program.sign_in.sign_in(CASHIER, self.pin)
        except Killed:
            assert allowed
            self.beside, self.inside = self.one_more(), Entry()
        except UserError:
            self.refused()
        self.start_anew()

    @rule(seconds=st.sampled_from([1, 4, 5, 14, 29, 31, 100, 899, 900, 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds)

    @rule(days=st.sampled_from([-366, -1, 1, 366]))
    def clock_is_set(self, days: int) -> None:
        self.clock.wall += timedelta(days=days)

    @rule()
    def start_anew(self) -> None:
        self.program.close()
        self.program = Program(self.path, self.clock, self.secrets)

    @rule(uptime=st.sampled_from([0, 3, 20, 1_000]))
    def machine_starts_anew(self, uptime: int) -> None:
        self.program.close()
        self.clock.true_ms += uptime * 1000
        self.clock.wall += timedelta(seconds=uptime)
        self.clock.boot_ms = uptime * 1000
        self.program = Program(self.path, self.clock, self.secrets)

    @rule()
    def copied(self) -> None:
        self.program.close()
        self.copy = (self.folder / "copy.db", self.inside, self.pin)
        shutil.copy(self.path, self.copy[0])
        self.program = Program(self.path, self.clock, self.secrets)

    @precondition(lambda self: self.copy is not None)
    @rule()
    def copied_back(self) -> None:
        self.program.close()
        assert self.copy is not None
        path, self.inside, self.pin = self.copy
        shutil.copy(path, self.path)
        self.program = Program(self.path, self.clock, self.secrets)

    @rule()
    def manager_resets(self) -> None:
        new = PINS[(PINS.index(self.pin) + 1) % len(PINS)]
        try:
            self.program.directory.reset_pin(Actor.staff(MANAGER), CASHIER, new)
        except UserError as refused:
            assert refused.code is ErrorCode.PIN_USED  # one of the last three
            return
        self.pin = new
        self.inside = self.beside = Entry()

    @rule()
    def file_is_forged_for_another_keyring(self) -> None:
        """Whoever has the file alone, and writes the id of their own secret before each hash, gets
        in with no PIN, not even with the right one."""
        self.program.close()
        own, pin = FakeSecrets(), self.pin
        ArgonPinHasher(own, CHEAP).make_secret()
        stolen = Program(self.path, self.clock, own)
        before = self.hash_of(stolen)
        self.program, self.pin = stolen, "the one of nobody"
        self.write_hash(stolen.hasher.hash(CASHIER, WRONG).partition("$")[0], before)
        self.enter(pin)
        self.write_hash(before.partition("$")[0], before)
        stolen.close()
        self.program, self.pin = Program(self.path, self.clock, self.secrets), pin

    def hash_of(self, program: Program) -> str:
        with program.store.snapshot() as uow:
            person = uow.staff.get(CASHIER)
        assert person is not None
        return person.pin_hash

    def write_hash(self, secret_id: str, hashed: str) -> None:
        with self.program.store.transaction() as uow:
            person = uow.staff.get(CASHIER)
            assert person is not None
            forged = f"{secret_id}${hashed.partition('$')[2]}"
            uow.staff.save(replace(person, pin_hash=forged))
            uow.commit()

    @invariant()
    def records_are_those_of_the_model(self) -> None:
        if not hasattr(self, "program"):
            return
        with self.program.store.snapshot() as uow:
            person = uow.staff.get(CASHIER)
        assert person is not None
        assert person.tries == self.inside.count
        assert self.program.counter.get(CASHIER).count == self.beside.count


def test_no_entry_is_checked_early_and_every_one_is_counted() -> None:
    run_state_machine_as_test(
        PinModel, settings=settings(max_examples=15, stateful_step_count=25, deadline=None)
    )


Walk = Callable[[PinModel], object]


def killed(model: PinModel) -> None:
    for _ in range(LOCKED_AT):
        model.killed_before_the_hash()
        model.records_are_those_of_the_model()
        model.clock.advance(900)
    assert model.enter(model.pin) is ErrorCode.PIN_LOCKED


def killed_after_a_right_one(model: PinModel) -> None:
    model.wrong(1)
    model.killed_after_the_commit_of_a_right_one()
    model.records_are_those_of_the_model()
    model.right()


def clock_is_set_back_and_forth(model: PinModel) -> None:
    model.wrong(4)
    for days in (366, -366, -1, 1):
        model.clock_is_set(days)
        model.right()
    model.records_are_those_of_the_model()


def clock_is_set_back_for_good(model: PinModel) -> None:
    model.wrong(4)
    model.clock_is_set(-366)
    model.right_after_the_pause_that_was_said()


def refused_while_the_clock_is_behind(model: PinModel) -> None:
    """The count beside the database is the higher one, and a refusal writes it into both."""
    model.wrong(2)
    model.killed_after_the_commit_of_a_right_one()
    model.clock_is_set(-366)
    assert model.enter(WRONG) is ErrorCode.PIN_DELAY
    model.records_are_those_of_the_model()
    assert model.inside.count == model.beside.count == 3


def machine_starts_anew_within_the_pause(model: PinModel) -> None:
    model.wrong(4)
    model.machine_starts_anew(3)
    model.right()


def copy_is_restored(model: PinModel) -> None:
    model.copied()
    model.wrong(4)
    model.copied_back()
    model.records_are_those_of_the_model()
    model.right()


def file_is_forged(model: PinModel) -> None:
    model.file_is_forged_for_another_keyring()


@contextmanager
def begun() -> Iterator[PinModel]:
    model = PinModel()
    model.begin()
    try:
        yield model
    finally:
        model.teardown()


WALKS: tuple[Walk, ...] = (
    *(killed, killed_after_a_right_one, clock_is_set_back_and_forth, clock_is_set_back_for_good),
    *(refused_while_the_clock_is_behind, machine_starts_anew_within_the_pause),
    *(copy_is_restored, file_is_forged),
)


@pytest.mark.parametrize("walk", WALKS)
def test_walk(walk: Walk) -> None:
    """Walks of the model that chance does not always take."""
    with begun() as model:
        walk(model)


def count_after_the_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    def begin(check: PinCheck, staff_id: int) -> object:
        before = PinCheck._keep
        monkeypatch.setattr(PinCheck, "_keep", lambda *_: None)
        try:
            return real(check, staff_id)
        finally:
            monkeypatch.setattr(PinCheck, "_keep", before)

    real = PinCheck._begin
    monkeypatch.setattr(PinCheck, "_begin", begin)


def forget_the_file_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FilePinCounter, "get", lambda *_: PinTries())


def trust_the_wall_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    def wait_ms(tries: PinTries, now: datetime, boot_ms: int) -> int:
        if tries.at is None:
            return 0
        passed = abs(now - tries.at) // timedelta(milliseconds=1)
        return max(delay_after(tries.count) * 1000 - passed, 0)

    monkeypatch.setattr(PinTries, "wait_ms", wait_ms)


def never_begin_the_pause_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PinTries, "restarted", lambda tries, now, boot_ms: tries)


def count_a_start_as_the_end_of_the_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    real = PinTries.wait_ms

    def wait_ms(tries: PinTries, now: datetime, boot_ms: int) -> int:
        is_new = tries.boot_ms is not None and boot_ms < tries.boot_ms
        return 0 if is_new else real(tries, now, boot_ms)

    monkeypatch.setattr(PinTries, "wait_ms", wait_ms)


def compare_without_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    real = pin_hashing._input
    monkeypatch.setattr(pin_hashing, "_input", lambda _, *what: real(b"", *what))


@pytest.mark.parametrize(
    ("break_it", "walk"),
    [
        (count_after_the_hash, killed),
        (forget_the_file_beside, copy_is_restored),
        (trust_the_wall_clock, clock_is_set_back_and_forth),
        (never_begin_the_pause_anew, clock_is_set_back_for_good),
        (count_a_start_as_the_end_of_the_pause, machine_starts_anew_within_the_pause),
    ],
)
def test_the_twin_without_the_guard_fails(
    break_it: Callable[[pytest.MonkeyPatch], None], walk: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_it(monkeypatch)
    with begun() as model, pytest.raises(AssertionError):
        walk(model)


def test_the_twin_that_compares_without_the_secret_fails(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its shop is made without the secret, too."""
    compare_without_the_secret(monkeypatch)
    monkeypatch.setattr(PinModel, "template", PinModel.template)
    monkeypatch.setattr(PinModel, "secrets", PinModel.secrets)
    make_template(tmp_path / "shop.db")
    with begun() as model, pytest.raises(AssertionError):
        file_is_forged(model)
