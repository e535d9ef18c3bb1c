"""Staff in the database: the chain of their events with its seals, and the count beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentProblem, ErrorCode, UserError
from posapp.domain.ledger import ChainBreak
from posapp.domain.money import Won
from posapp.domain.permissions import StaffRole
from posapp.domain.pins import PinTries
from posapp.domain.refunds import RefundState
from posapp.domain.seals import SealKey, SealState
from posapp.domain.staff import Staff
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.store.files.ledger_check import verify_staff_events
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.ledger_seals import begin_sealing, check_staff_seals
from posapp.store.open_store import OUR_STEPS, MigrationPlan, open_store
from posapp.store.unit_of_work import SqlStore
from tests.store.records import NOW, later, paid, refund

KEY, OTHER_KEY = SealKey(b"k" * 32), SealKey(b"o" * 32)
BOSS = Staff(0, "점장", StaffRole.MANAGER, None, "h", 6)


def event(number: int) -> NewStaffEvent:
    return NewStaffEvent(
        StaffEventKind.SIGNED_IN, later(number), number, Actor.staff(number), "어제 \0 \ud800"
    )


def append(store: SqlStore, *numbers: int) -> None:
    with store.transaction() as uow:
        for number in numbers:
            uow.staff.append(event(number))
        uow.commit()


def tamper(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name LIKE 'staff_e%'"
        ).fetchall()
        for (name,) in triggers:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)


@pytest.fixture
def chain(store: SqlStore) -> Path:
    """A file with five sealed events."""
    store.seal_key = KEY
    append(store, 1, 2, 3, 4, 5)
    store.close()
    return store.path


def test_chain_and_seals_are_whole(chain: Path) -> None:
    assert verify_staff_events(chain) == 5
    found = check_staff_seals(chain, KEY)
    assert (found.state, found.seals) == (SealState.WHOLE, 5)
    assert check_staff_seals(chain, None).state is SealState.NO_KEY


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        ("UPDATE staff_events SET detail = 'x' WHERE seq = 3", ChainBreak(3, "changed")),
        ("UPDATE staff_events SET staff_id = NULL WHERE seq = 3", ChainBreak(3, "changed")),
        ("UPDATE staff_events SET actor = 'staff:9' WHERE seq = 3", ChainBreak(3, "changed")),
        ("UPDATE staff_events SET event = 'SIGNED_OUT' WHERE seq = 3", ChainBreak(3, "changed")),
        ("UPDATE staff_events SET at = at + 1 WHERE seq = 3", ChainBreak(3, "changed")),
        ("DELETE FROM staff_events WHERE seq = 3", ChainBreak(3, "missing")),
        ("DELETE FROM staff_events WHERE seq = 5", ChainBreak(5, "missing")),
        ("DELETE FROM staff_events", ChainBreak(1, "missing")),
        ("UPDATE staff_events_head SET seq = 4", ChainBreak(5, "head_changed")),
    ],
)
def test_change_is_found(chain: Path, statement: str, fault: ChainBreak) -> None:
    tamper(chain, statement)
    assert verify_staff_events(chain) == fault


def test_seal_of_another_row_and_missing_ones_are_found(chain: Path) -> None:
    tamper(chain, "UPDATE staff_events SET key_id = '', seal = '' WHERE seq = 5")
    found = check_staff_seals(chain, KEY)
    assert (found.state, found.row) == (SealState.OPEN, 5)
    tamper(chain, "UPDATE staff_events SET seal = (SELECT seal FROM staff_events WHERE seq = 1)")
    assert check_staff_seals(chain, KEY).state is SealState.BROKEN


def test_seal_of_the_ledger_is_none_of_an_event(chain: Path) -> None:
    with closing(sqlite3.connect(chain)) as connection:
        (digest,) = connection.execute("SELECT hash FROM staff_events WHERE seq = 5").fetchone()
    of_ledger = KEY.seal(5, digest)
    tamper(chain, f"UPDATE staff_events SET seal = '{of_ledger}' WHERE seq = 5")
    assert check_staff_seals(chain, KEY).state is SealState.BROKEN


def test_rows_without_a_seal_are_covered_from_the_next_start_on(store: SqlStore) -> None:
    append(store, 1, 2)
    assert check_staff_seals(store.path, KEY).state is SealState.OPEN
    begin_sealing(store, KEY, NOW)
    begin_sealing(store, KEY, NOW)
    begin_sealing(store, OTHER_KEY, NOW)
    with store.snapshot() as uow:
        rows = uow.staff.events(2, 9)
    assert [(row.entry.event, row.entry.detail) for row in rows] == [
        (StaffEventKind.SEAL_BEGUN, f"key - -> {KEY.id}"),
        (StaffEventKind.SEAL_BEGUN, f"key {KEY.id} -> {OTHER_KEY.id}"),
    ]
    assert check_staff_seals(store.path, OTHER_KEY).state is SealState.WHOLE


def test_file_of_an_older_schema_has_no_events(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    open_store(path, MigrationPlan(OUR_STEPS.folder, "0009")).close()
    assert verify_staff_events(path) == 0
    assert check_staff_seals(path, KEY).state is SealState.OLDER


def test_file_whose_events_were_dropped_is_not_whole(chain: Path) -> None:
    with closing(sqlite3.connect(chain)) as connection:
        connection.execute("DROP TABLE staff_events")
    with pytest.raises((EnvironmentProblem, sqlite3.OperationalError)):
        verify_staff_events(chain)


def test_first_and_last_managers(store: SqlStore) -> None:
    def code(act) -> ErrorCode:
        with pytest.raises(UserError) as refused, store.transaction() as uow:
            act(uow)
        return refused.value.code

    cashier = replace(BOSS, name="점원", role=StaffRole.CASHIER)
    assert code(lambda uow: uow.staff.add(cashier)) is ErrorCode.STAFF_FIRST_MANAGER
    with store.transaction() as uow:
        assert not uow.staff.exist()
        boss, clerk = uow.staff.add(BOSS), uow.staff.add(cashier)
        uow.commit()
    demoted, removed = replace(boss, role=StaffRole.CASHIER), replace(boss, active=False)
    for changed in (demoted, removed):
        assert code(lambda uow, to=changed: uow.staff.save(to)) is ErrorCode.STAFF_LAST_MANAGER
    assert code(lambda uow: uow.staff.add(cashier)) is ErrorCode.STAFF_NAME_TAKEN
    assert code(lambda uow: uow.staff.save(replace(clerk, name="점장"))) is (
        ErrorCode.STAFF_NAME_TAKEN
    )
    with pytest.raises(LookupError), store.transaction() as uow:
        uow.staff.save(replace(boss, id=9))
    with store.transaction() as uow:
        uow.staff.save(replace(clerk, role=StaffRole.MANAGER))
        uow.staff.save(removed)
        uow.commit()
        assert [one.active for one in uow.staff.all()] == [False, True]
        assert uow.staff.find("점장") is None
        assert uow.staff.add(BOSS).id == 3, "the name of who left is free"


def test_sum_of_a_person_counts_what_they_gave(store: SqlStore) -> None:
    paid(store)
    kim = Actor.parse("staff:3:seller:9")
    rows = [
        ("asked", kim, Actor.staff(5), Won(100), RefundState.CONFIRMED, 0),
        ("alone", Actor.staff(3), Actor.staff(3), Won(20), RefundState.APPROVED, 0),
        ("request", Actor.buyer(1), kim, Won(3), RefundState.CONFIRMED, 0),
        ("refused", kim, kim, Won(500), RefundState.REFUSED, 0),
        ("yesterday", kim, kim, Won(500), RefundState.CONFIRMED, -86_400),
        ("approved", Actor.staff(5), kim, Won(500), RefundState.CONFIRMED, 0),
        ("another", Actor.staff(33), Actor.staff(33), Won(500), RefundState.CONFIRMED, 0),
    ]
    with store.transaction() as uow:
        for number, (tag, requested_by, approved_by, amount, state, at) in enumerate(rows):
            uow.refunds.add(
                replace(
                    refund(f"[RF-{tag}]", item_id=100 + number, amount=amount),
                    requested_by=requested_by,
                    approved_by=approved_by,
                    state=state,
                    created_at=later(at),
                )
            )
        assert uow.staff.refunded_since(3, NOW - timedelta(hours=1)) == 123
        assert uow.staff.refunded_since(5, NOW - timedelta(hours=1)) == 500


# The count beside the database


def test_count_is_on_the_disk_and_private(tmp_path: Path) -> None:
    path = pin_counter_path(tmp_path / "shop.db")
    counter = FilePinCounter(path)
    tries = PinTries(3, NOW, 12_345)
    counter.set(7, tries)
    counter.set(8, PinTries(1, NOW, 1))
    again = FilePinCounter(path)
    assert (again.get(7), again.get(9)) == (tries, PinTries())
    assert path.name == "shop-pins.json"
    assert path.stat().st_mode & 0o777 == 0o600
    again.set(7, PinTries())
    assert FilePinCounter(path).get(7) == PinTries()
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"x": 1}', b'{"1": [1]}', b"\xff"])
def test_count_that_cannot_be_read_counts_nothing(tmp_path: Path, content: bytes, caplog) -> None:
    path = tmp_path / "pins.json"
    path.write_bytes(content)
    counter = FilePinCounter(path)
    assert counter.get(1) == PinTries()
    assert "cannot be read" in caplog.text
    counter.set(1, PinTries(2, NOW, 5))
    assert FilePinCounter(path).get(1).count == 2
