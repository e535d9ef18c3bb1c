"""The doctor: each check with what to do, and none that keeps another from being made."""

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
    Outcome,
)
from posapp.system.doctor import Check, Subjects, examine

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
    font=lambda: "Pretendard",
    server_now=lambda: NOW,
)


def raising(error: Exception) -> Callable[[], NoReturn]:
    def look() -> NoReturn:
        raise error

    return look


def found(subjects: Subjects) -> dict[str, Check]:
    return {check.name: check for check in examine(subjects, FakeClock())}


def test_all_is_well() -> None:
    checks = examine(WELL, FakeClock())
    assert [each.name for each in checks] == [
        "settings", "keyring", "database", "font", "portone", "clock",
    ]  # fmt: skip
    assert all(each.ok and not each.advice for each in checks)


@pytest.mark.parametrize("name", ["settings", "keyring", "database", "font"])
@pytest.mark.parametrize("code", list(EnvironmentCode))
def test_a_problem_is_told_with_its_advice_and_the_rest_goes_on(
    name: str, code: EnvironmentCode
) -> None:
    checks = found(replace(WELL, **{name: raising(EnvironmentProblem(code, "where"))}))
    assert checks[name] == Check(name, ok=False, detail="where", advice=code.value)
    assert sum(not each.ok for each in checks.values()) == 1


def test_no_font_with_hangul() -> None:
    assert found(replace(WELL, font=lambda: ""))["font"].advice == "font_missing"


@pytest.mark.parametrize("cause", list(GatewayCause))
def test_portone_out_of_reach(cause: GatewayCause) -> None:
    checks = found(replace(WELL, server_now=raising(GatewayError(Outcome.RETRY_SAFE, cause))))
    assert checks["portone"].advice == f"portone_{cause.value}"
    assert (checks["clock"].ok, checks["clock"].advice) == (False, "clock_unknown")


def test_a_silent_keyring_is_also_why_portone_was_not_asked() -> None:
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
        examine(replace(WELL, font=raising(ZeroDivisionError())), FakeClock())
