"""The doctor: each check has advice, and no check prevents another."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import NoReturn

import pytest

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
)
from posapp.system.doctor import Check, Subjects, run_checks
from posapp.system.storage_place import StoragePlace, StorageRisk

NOW = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


class FakeClock:
    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> int:
        return 0


WELL = Subjects(
    settings=lambda: "/home/settings.toml",
    keyring=lambda: "SecretService",
    database=lambda: "12 orders",
    storage=lambda: StoragePlace(),
    newest_copy=lambda: NOW - timedelta(minutes=50),
    free_bytes=lambda: 10**10,
    journal=lambda: (2, 0),
    font=lambda: "Pretendard",
    server_now=lambda: NOW,
)


def raising(error: Exception) -> Callable[[], NoReturn]:
    def check() -> NoReturn:
        raise error

    return check


def found(subjects: Subjects) -> dict[str, Check]:
    return {check.name: check for check in run_checks(subjects, FakeClock())}


def test_all_is_well() -> None:
    checks = run_checks(WELL, FakeClock())
    assert [each.name for each in checks] == [
        "settings", "keyring", "database", "storage", "backups", "disk", "journal",
        "font", "portone", "clock",
    ]  # fmt: skip
    assert all(each.ok and not each.advice for each in checks)


@pytest.mark.parametrize("name", ["settings", "keyring", "database", "font"])
@pytest.mark.parametrize("code", list(EnvironmentCode))
def test_problem_is_reported_with_advice_and_other_checks_run(
    name: str, code: EnvironmentCode
) -> None:
    checks = found(replace(WELL, **{name: raising(EnvironmentProblem(code, "where"))}))
    assert checks[name] == Check(name, ok=False, detail="where", advice=code.value)
    assert sum(not each.ok for each in checks.values()) == 1


@pytest.mark.parametrize(
    ("name", "subject"),
    [("backups", "newest_copy"), ("disk", "free_bytes"), ("journal", "journal")],
)
@pytest.mark.parametrize("code", list(EnvironmentCode))
def test_unreadable_part_is_reported_as_its_check(
    name: str, subject: str, code: EnvironmentCode
) -> None:
    checks = found(replace(WELL, **{subject: raising(EnvironmentProblem(code, "where"))}))
    assert checks[name] == Check(name, ok=False, detail="where", advice=code.value)
    assert sum(not each.ok for each in checks.values()) == 1


@pytest.mark.parametrize(
    ("hours", "advice"), [(0, ""), (24, ""), (25, "backup_old"), (-5, ""), (None, "backup_none")]
)
def test_the_newest_copy_is_not_older_than_a_day(hours: int | None, advice: str) -> None:
    at = None if hours is None else NOW - timedelta(hours=hours)
    check = found(replace(WELL, newest_copy=lambda: at))["backups"]
    assert (check.ok, check.advice) == (not advice, advice)


@pytest.mark.parametrize(("free", "advice"), [(2**29, ""), (2**29 - 1, "disk_low")])
def test_there_is_room_on_the_disk(free: int, advice: str) -> None:
    check = found(replace(WELL, free_bytes=lambda: free))["disk"]
    assert (check.ok, check.advice) == (not advice, advice)


def test_unreadable_lines_of_the_journal_are_counted() -> None:
    check = found(replace(WELL, journal=lambda: (2, 3)))["journal"]
    assert (check.ok, check.detail, check.advice) == (False, "3", "journal_damaged")


def test_no_font_with_hangul() -> None:
    assert found(replace(WELL, font=lambda: ""))["font"].advice == "font_missing"


@pytest.mark.parametrize("cause", list(GatewayCause))
def test_portone_out_of_reach(cause: GatewayCause) -> None:
    checks = found(
        replace(WELL, server_now=raising(GatewayError(GatewayOutcome.RETRY_SAFE, cause)))
    )
    assert checks["portone"].advice == f"portone_{cause.value}"
    assert (checks["clock"].ok, checks["clock"].advice) == (False, "clock_unknown")


def test_a_silent_keyring_is_also_why_portone_was_not_called() -> None:
    silent = raising(EnvironmentProblem(EnvironmentCode.KEYRING_SILENT))
    assert found(replace(WELL, server_now=silent))["portone"].advice == "keyring_silent"


@pytest.mark.parametrize(
    ("seconds", "ok", "detail"),
    [(0, True, "+0"), (300, True, "+300"), (301, False, "+301"), (-86_400, False, "-86400")],
)
def test_fault_24_a_clock_that_is_off_by_more_than_five_minutes(
    seconds: int, ok: bool, detail: str
) -> None:
    theirs = NOW - timedelta(seconds=seconds)
    check = found(replace(WELL, server_now=lambda: theirs))["clock"]
    assert (check.ok, check.detail) == (ok, detail)
    assert check.advice == ("" if ok else "clock_wrong")


def test_a_bug_in_a_check_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run_checks(replace(WELL, font=raising(ZeroDivisionError())), FakeClock())


@pytest.mark.parametrize("risk", list(StorageRisk))
def test_a_folder_on_a_network_drive_or_in_a_cloud_is_named(risk: StorageRisk) -> None:
    check = found(replace(WELL, storage=lambda: StoragePlace(risk, "cifs")))["storage"]
    assert check == Check("storage", ok=False, detail="cifs", advice=f"storage_{risk.value}")
