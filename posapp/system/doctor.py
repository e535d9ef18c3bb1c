"""What ``posapp doctor`` looks at, as data: the words are made where people read.

The checks get their subjects as callables, so that this room needs no other one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from posapp.domain.errors import EnvironmentProblem, GatewayError
from posapp.services.ports.machine import Clock

BACKUP_AGE = timedelta(days=1)
"""A shop that was open makes one every hour."""

FREE_BYTES = 512 * 2**20
"""Less than this and a day's copies of a large shop may not be made."""

CLOCK_TOLERANCE = timedelta(minutes=5)
"""More than this and certificates and reports go wrong (docs/faults.md, row 24)."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at.

    Attributes:
        name: ``settings``, ``keyring``, ``database``, ``backups``, ``disk``, ``journal``,
            ``font``, ``portone``, ``clock``.
        detail: what was found, in facts: a path, a name, seconds.
        advice: id of what to do; empty when it is fine. An environment code's value, or
            ``portone_`` and a gateway cause's, or ``backup_none``, ``backup_old``, ``disk_low``,
            ``journal_damaged``, ``font_missing``, ``clock_wrong``, ``clock_unknown``.
    """

    name: str
    ok: bool
    detail: str
    advice: str = ""


Look = Callable[[], str]
"""Looks at something and says what was found; raises EnvironmentProblem or GatewayError."""


@dataclass(frozen=True, slots=True)
class Subjects:
    """What there is to look at.

    Attributes:
        newest_copy: when the newest regular copy was made (UTC); ``None``: there is none, though
            there is a database.
        free_bytes: of the disk that the shop's folder is on.
        journal: how many lines of the journal of refunds are open, and how many are unreadable.
        font: returns the family with Hangul, or an empty text.
        server_now: PortOne's clock, from a fresh answer.
    """

    settings: Look
    keyring: Look
    database: Look
    newest_copy: Callable[[], datetime | None]
    free_bytes: Callable[[], int]
    journal: Callable[[], tuple[int, int]]
    font: Look
    server_now: Callable[[], datetime]


def examine(subjects: Subjects, clock: Clock) -> tuple[Check, ...]:
    """Look at everything, in an order in which the first trouble explains the later ones."""
    return (
        _look("settings", subjects.settings),
        _look("keyring", subjects.keyring),
        _look("database", subjects.database),
        _backups(subjects.newest_copy, clock),
        _disk(subjects.free_bytes),
        _journal(subjects.journal),
        _font(subjects.font),
        *_portone(subjects.server_now, clock),
    )


def _look(name: str, look: Look) -> Check:
    try:
        return Check(name, ok=True, detail=look())
    except (EnvironmentProblem, GatewayError) as problem:
        return _trouble(name, problem)


def _backups(newest_copy: Callable[[], datetime | None], clock: Clock) -> Check:
    try:
        at = newest_copy()
    except EnvironmentProblem as problem:
        return _trouble("backups", problem)
    if at is None:
        return Check("backups", ok=False, detail="", advice="backup_none")
    fine = clock.now() - at <= BACKUP_AGE
    return Check("backups", ok=fine, detail=at.isoformat(), advice="" if fine else "backup_old")


def _disk(free_bytes: Callable[[], int]) -> Check:
    try:
        free = free_bytes()
    except EnvironmentProblem as problem:
        return _trouble("disk", problem)
    fine = free >= FREE_BYTES
    detail = f"{free // 2**20:,} MB"
    return Check("disk", ok=fine, detail=detail, advice="" if fine else "disk_low")


def _journal(look: Callable[[], tuple[int, int]]) -> Check:
    try:
        waiting, unreadable = look()
    except EnvironmentProblem as problem:
        return _trouble("journal", problem)
    if unreadable:
        return Check("journal", ok=False, detail=str(unreadable), advice="journal_damaged")
    return Check("journal", ok=True, detail=str(waiting))


def _font(look: Look) -> Check:
    found = _look("font", look)
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
        Check("portone", ok=True, detail=theirs.isoformat()),
        Check("clock", ok=fine, detail=seconds, advice="" if fine else "clock_wrong"),
    )


def _trouble(name: str, problem: EnvironmentProblem | GatewayError) -> Check:
    if isinstance(problem, EnvironmentProblem):
        return Check(name, ok=False, detail=problem.detail, advice=problem.code.value)
    return Check(name, ok=False, detail=problem.text, advice=f"portone_{problem.cause.value}")
