"""Checks of ``posapp doctor``, as data: the texts are made where they are shown.

The checks receive their subjects as callables, so that this module imports no other package for
them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.domain.time_zone import SEOUL
from posapp.services.ports.system import Clock
from posapp.system.storage_place import StoragePlace

BACKUP_AGE = timedelta(days=1)
"""Largest age of the newest backup; an open shop makes one every hour."""

FREE_BYTES = 512 * 2**20
"""Lower limit of free space; with less, a day's backups of a large shop may fail."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""Tolerance; with a larger error, certificates and reports go wrong (docs/faults.md, row 24)."""


@dataclass(frozen=True, slots=True)
class Check:
    """Result of one check.

    Attributes:
        name: ``settings``, ``keyring``, ``database``, ``storage``, ``backups``, ``disk``,
            ``journal``, ``font``, ``portone``, ``clock``.
        detail: the facts found: a path, a name, seconds.
        advice: id of the advice; empty when it is fine. An environment code's value, or
            ``portone_`` and a gateway cause's, or ``backup_none``, ``backup_old``, ``disk_low``,
            ``journal_damaged``, ``storage_network``, ``storage_cloud``, ``font_missing``,
            ``clock_wrong``, ``clock_unknown``.
    """

    name: str
    ok: bool
    detail: str
    advice: str = ""


Probe = Callable[[], str]
"""Inspects one subject and returns its details; raises EnvironmentProblem or GatewayError."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """Subjects of the checks.

    Attributes:
        storage: where the shop's folder lies.
        newest_copy: when the newest regular copy was made (UTC); ``None``: there is none, though
            there is a database.
        free_bytes: of the disk that the shop's folder is on.
        journal: number of open and of unreadable lines in the refund journal.
        font: returns the family with Hangul, or an empty text.
        server_now: PortOne's clock, from a fresh answer.
    """

    settings: Probe
    keyring: Probe
    database: Probe
    storage: Callable[[], StoragePlace]
    newest_copy: Callable[[], datetime | None]
    free_bytes: Callable[[], int]
    journal: Callable[[], tuple[int, int]]
    font: Probe
    server_now: Callable[[], datetime]


def run_checks(subjects: Subjects, clock: Clock) -> tuple[Check, ...]:
    """Run all checks, in an order in which the first problem explains later ones."""
    return (
        _run_check("settings", subjects.settings),
        _run_check("keyring", subjects.keyring),
        _run_check("database", subjects.database),
        _storage(subjects.storage),
        _backups(subjects.newest_copy, clock),
        _disk(subjects.free_bytes),
        _journal(subjects.journal),
        _font(subjects.font),
        *_portone(subjects.server_now, clock),
    )


def _run_check(name: str, probe: Probe) -> Check:
    try:
        return Check(name, ok=True, detail=probe())
    except (EnvironmentProblem, GatewayError) as problem:
        return _trouble(name, problem)


def _storage(inspect: Callable[[], StoragePlace]) -> Check:
    place = inspect()
    if place.risk is None:
        return Check("storage", ok=True, detail=place.detail)
    return Check("storage", ok=False, detail=place.detail, advice=f"storage_{place.risk.value}")


def _backups(newest_copy: Callable[[], datetime | None], clock: Clock) -> Check:
    try:
        at = newest_copy()
    except EnvironmentProblem as problem:
        return _trouble("backups", problem)
    if at is None:
        return Check("backups", ok=False, detail="", advice="backup_none")
    fine = clock.now() - at <= BACKUP_AGE
    return Check("backups", ok=fine, detail=_shown(at), advice="" if fine else "backup_old")


def _disk(free_bytes: Callable[[], int]) -> Check:
    try:
        free = free_bytes()
    except EnvironmentProblem as problem:
        return _trouble("disk", problem)
    fine = free >= FREE_BYTES
    detail = f"{free // 2**20:,} MB"
    return Check("disk", ok=fine, detail=detail, advice="" if fine else "disk_low")


def _journal(probe: Callable[[], tuple[int, int]]) -> Check:
    try:
        waiting, unreadable = probe()
    except EnvironmentProblem as problem:
        return _trouble("journal", problem)
    if unreadable:
        return Check("journal", ok=False, detail=str(unreadable), advice="journal_damaged")
    return Check("journal", ok=True, detail=str(waiting))


def _font(probe: Probe) -> Check:
    found = _run_check("font", probe)
    if found.ok and not found.detail:
        return Check("font", ok=False, detail="", advice="font_missing")
    return found


def _portone(server_now: Callable[[], datetime], clock: Clock) -> tuple[Check, Check]:
    try:
        theirs = server_now()
    except (EnvironmentProblem, GatewayError) as problem:
        return (
            _trouble("portone", problem),
            Check("clock", ok=False, detail="", advice="clock_unknown"),
        )
    difference = clock.now() - theirs
    fine = abs(difference) <= CLOCK_TOLERANCE
    seconds = f"{int(difference.total_seconds()):+d}"
    return (
        Check("portone", ok=True, detail=_shown(theirs)),
        Check("clock", ok=fine, detail=seconds, advice="" if fine else "clock_wrong"),
    )


def _shown(at: datetime) -> str:
    """Return a time as the shop's clock shows it."""
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M:%S}"


def _trouble(name: str, problem: EnvironmentProblem | GatewayError) -> Check:
    if isinstance(problem, EnvironmentProblem):
        return Check(name, ok=False, detail=problem.detail, advice=problem.code.value)
    return Check(name, ok=False, detail=problem.text, advice=f"portone_{problem.cause.value}")
