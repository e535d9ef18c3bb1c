"""Changing settings: permission, record, failure half-way, overridden values."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.permissions import Permission
from posapp.domain.staff_events import StaffEventKind
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.ports.settings import SettingChange
from posapp.services.ports.unit_of_work import UnitOfWork
from posapp.services.settings.setting_service import SettingService, SettingState
from posapp.store.open_store import open_store
from posapp.system.setting_changes import FileSettingChanges
from posapp.system.settings import load
from posapp.system.settings_file import TomlSettingsFile
from tests.fakes.world import FakeClock

KIM = Actor.person("Kim")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.fixture
def changes(tmp_path: Path) -> FileSettingChanges:
    return FileSettingChanges(tmp_path / "settings-changes.jsonl")


def service_of(path: Path, changes: FileSettingChanges, **variables: str) -> SettingService:
    access = AccessControl(AllowEverything())
    started_with = load(path, {f"POSAPP_{name.upper()}": one for name, one in variables.items()})
    return SettingService(TomlSettingsFile(path), changes, access, FakeClock(), started_with)


def state(service: SettingService, name: str) -> SettingState:
    (found,) = (one for one in service.states() if one.setting.name == name)
    return found


def test_a_change_is_written_and_recorded_with_who_and_when(
    path: Path, changes: FileSettingChanges
) -> None:
    service = service_of(path, changes)
    changed = service.change(KIM, "link_seconds", "180")
    assert (changed.value, changed.is_default, changed.waits_for_restart) == (180, False, True)
    assert load(path).link_seconds == 180
    service.change(KIM, "shop_name", "하나")
    reset = service.reset(KIM, "link_seconds")
    assert (reset.value, reset.is_default, reset.waits_for_restart) == (300, True, False)
    rows = [(one.actor, one.name, one.old, one.new) for one in service.history()]
    assert rows == [
        (KIM, "link_seconds", "180", "300"),
        (KIM, "shop_name", "우리 가게", "하나"),
        (KIM, "link_seconds", "300", "180"),
    ]
    assert service.history("shop_name")[0].at == FakeClock().now()


def test_patterns_of_labels_are_changed_as_a_list(path: Path, changes: FileSettingChanges) -> None:
    service = service_of(path, changes)
    service.change(KIM, "label_patterns", "21PPPPPVVVVVC, 22pppppwwwwwc")
    assert state(service, "label_patterns").value == ("21PPPPPVVVVVC", "22PPPPPWWWWWC")
    service.change(KIM, "label_patterns", "")
    assert state(service, "label_patterns").value == ()
    with pytest.raises(UserError) as refused:
        service.change(KIM, "label_patterns", "21PPPPPVVVVVC, 21PPPPPWWWWWC")
    assert refused.value.code is ErrorCode.SETTING_VALUE
    assert len(service.history("label_patterns")) == 2


def test_the_value_that_it_has_is_no_change(path: Path, changes: FileSettingChanges) -> None:
    service = service_of(path, changes)
    service.change(KIM, "link_seconds", "300")
    service.reset(KIM, "shop_name")
    assert service.history() == ()


def test_a_bad_value_changes_nothing(path: Path, changes: FileSettingChanges) -> None:
    service = service_of(path, changes)
    for name, text in (("link_seconds", "5"), ("link_seconds", "ㅁ"), ("business_number", "1")):
        with pytest.raises(UserError) as refused:
            service.change(KIM, name, text)
        assert refused.value.code is ErrorCode.SETTING_VALUE
    assert not path.exists() and service.history() == ()


@pytest.mark.parametrize("name", ["mode", "api_base", "imp_key", "imp_secret"])
def test_what_is_chosen_at_set_up_is_not_changed(
    path: Path, changes: FileSettingChanges, name: str
) -> None:
    service = service_of(path, changes)
    with pytest.raises(UserError) as refused:
        service.change(KIM, name, {"mode": "live", "api_base": "https://a.example"}.get(name, "x"))
    assert refused.value.code is ErrorCode.SETTING_FIXED
    assert not path.exists()


def test_a_variable_is_named_as_what_counts(path: Path, changes: FileSettingChanges) -> None:
    path.write_text("link_seconds = 180\n")
    service = service_of(path, changes, link_seconds="240")
    found = state(service, "link_seconds")
    assert (found.value, found.is_overridden, found.waits_for_restart) == (180, True, False)
    assert not state(service, "shop_name").is_overridden


def test_a_file_that_was_edited_into_nonsense_is_named_and_left_alone(
    path: Path, changes: FileSettingChanges
) -> None:
    service = service_of(path, changes)
    path.write_text("poll_ms = 'fast'\n")
    for act in (service.states, lambda: service.change(KIM, "link_seconds", "180")):
        with pytest.raises(EnvironmentProblem) as problem:
            act()
        assert "line 1: poll_ms" in problem.value.detail
    assert path.read_text() == "poll_ms = 'fast'\n"


class FullDisk(FileSettingChanges):
    def append(self, uow: UnitOfWork | None, changes: Sequence[SettingChange]) -> None:
        raise EnvironmentProblem(EnvironmentCode.DISK_FULL, "full")


def test_a_change_that_cannot_be_recorded_is_taken_back(path: Path) -> None:
    path.write_text("link_seconds = 180\n")
    service = service_of(path, FullDisk(path.with_name("none")))
    with pytest.raises(EnvironmentProblem):
        service.change(KIM, "link_seconds", "240")
    assert load(path).link_seconds == 180


class Nobody:
    """A policy that allows nothing, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[bool, Actor, Permission]] = []

    def is_allowed(self, uow: UnitOfWork | None, actor: Actor, permission: Permission) -> bool:
        self.asked.append((uow is not None, actor, permission))
        return False


@pytest.mark.parametrize("with_records", [False, True])
def test_whoever_may_not_changes_nothing(
    path: Path, changes: FileSettingChanges, with_records: bool
) -> None:
    policy = Nobody()
    store = open_store(path.with_name("shop.db")) if with_records else None
    service = SettingService(
        TomlSettingsFile(path), changes, AccessControl(policy), FakeClock(), load(path), store
    )
    for act in (
        lambda: service.change(KIM, "link_seconds", "180"),
        lambda: service.reset(KIM, "link_seconds"),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code is ErrorCode.NOT_PERMITTED
    assert policy.asked == [(with_records, KIM, Permission.CHANGE_SETTINGS)] * 2
    assert not path.exists() and service.history() == ()
    if store is not None:
        store.close()


def test_a_truncated_record_spoils_no_other(path: Path, changes: FileSettingChanges) -> None:
    service = service_of(path, changes)
    service.change(KIM, "link_seconds", "180")
    record = path.with_name("settings-changes.jsonl")
    record.write_bytes(record.read_bytes() + b'\n{"at": "2026-')
    service.change(KIM, "link_seconds", "240")
    assert [one.new for one in service.history()] == ["240", "180"]


def test_a_change_in_the_window_is_in_the_chain_of_staff_events(
    path: Path, changes: FileSettingChanges
) -> None:
    store = open_store(path.with_name("shop.db"))
    access = AccessControl(AllowEverything())
    file = TomlSettingsFile(path)
    service = SettingService(file, changes, access, FakeClock(), load(path), store)
    service.change(KIM, "link_seconds", "180")
    with store.snapshot() as uow:
        (event,) = (one.entry for one in uow.staff.events(0, 10))
    store.close()
    assert (event.event, event.actor) == (StaffEventKind.SETTING_CHANGED, KIM)
    assert event.detail == "link_seconds: 300 → 180"
    full = SettingService(file, FullDisk(path), access, FakeClock(), load(path))
    with pytest.raises(EnvironmentProblem):
        full.change(KIM, "link_seconds", "240")
    assert load(path).link_seconds == 180
