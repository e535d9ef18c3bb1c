"""The check of a PIN: counted before it is hashed, delayed, and locked after too many."""

from __future__ import annotations

from datetime import datetime

from posapp.domain.actors import NOBODY
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.pins import LOCKED_AT, WARNED_FROM, PinTries
from posapp.domain.staff import Staff
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.services.ports.staff import PinHasher, TryCounter
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store, UnitOfWork

UNKNOWN = 0
"""Number under which entries for nobody are hashed, and those of the recovery code counted; no
member of staff has it."""


class PinCheck:
    """Checks PINs. Takes tenths of a second: never on the screen's thread.

    A try is committed, and counted beside the database, before the hash runs. A kill in between
    leaves it counted as a wrong one. The count of an older copy of the database is raised to the
    one beside it.
    """

    def __init__(self, store: Store, clock: Clock, hasher: PinHasher, counter: TryCounter) -> None:
        self._store = store
        self._clock = clock
        self._hasher = hasher
        self._counter = counter

    def check(self, staff_id: int, pin: str, event: StaffEventKind | None = None) -> Staff:
        """Return the person if this is their PIN; the count begins anew.

        An unknown or removed person takes the same work as a wrong PIN, and the same answer.

        Args:
            event: recorded when the PIN is right.

        Raises:
            UserError: ``PIN_WRONG``, or ``PIN_WRONG_LEFT`` with the tries ``left``; ``PIN_DELAY``
                with ``seconds``; ``PIN_LOCKED`` with ``name``; ``PIN_UNSET`` with ``name``: no PIN
                is valid until a manager sets one.
            EnvironmentProblem: no usable keyring, or a disk error; nothing was counted.
        """
        self._hasher.require_secret()
        person, hashed = self._begin(staff_id)
        number = person.id if person is not None else UNKNOWN
        right = self._hasher.matches(hashed, number, pin) and person is not None
        return self._end(staff_id, person, event, right=right)

    def begin_recovery(self) -> None:
        """Count one more entry of the recovery code before it is compared, with the pauses of a
        PIN. It is never locked: nothing would be left to unlock it.

        Raises:
            UserError: ``PIN_DELAY`` with ``seconds``.
            EnvironmentProblem: a disk error; nothing was counted.
        """
        now, boot_ms = self._clock.now(), self._clock.monotonic()
        with self._store.transaction():  # one entry at a time
            tries = self._counter.get(UNKNOWN)
            pause_ms = tries.wait_ms(now, boot_ms)
            if pause_ms and tries.is_clock_behind(now):
                self._counter.set(UNKNOWN, tries.restarted(now, boot_ms))
            if pause_ms:
                raise UserError(ErrorCode.PIN_DELAY, seconds=-(-pause_ms // 1000))
            self._counter.set(UNKNOWN, tries.begun(now, boot_ms))

    def end_recovery(self) -> None:
        """Begin the count of the recovery code anew: it was right."""
        self._counter.set(UNKNOWN, PinTries())

    def _begin(self, staff_id: int) -> tuple[Staff | None, str]:
        """Commit one more try; return the person, and the hash to compare with."""
        now, boot_ms = self._clock.now(), self._clock.monotonic()
        with self._store.transaction() as uow:
            person = uow.staff.get(staff_id)
            if person is None or not person.active:
                return None, _any_hash(uow)
            beside = self._counter.get(person.id)
            tries = max(person.pin_tries, beside, key=_count)
            if tries.count >= LOCKED_AT:
                self._keep(uow, person, tries)
                raise UserError(ErrorCode.PIN_LOCKED, name=person.name)
            wait = max(one.wait_ms(now, boot_ms) for one in (person.pin_tries, beside))
            if wait and (tries.is_clock_behind(now) or tries.at is None):
                # Else the pause would last until the clock shows that time again.
                self._keep(uow, person, tries.restarted(now, boot_ms))
            if wait:
                raise UserError(ErrorCode.PIN_DELAY, seconds=-(-wait // 1000))
            if not self._hasher.is_current(person.pin_hash):
                raise UserError(ErrorCode.PIN_UNSET, name=person.name)
            begun = tries.begun(now, boot_ms)
            self._keep(uow, person, begun)
            return person.with_tries(begun), person.pin_hash

    def _keep(self, uow: UnitOfWork, person: Staff, tries: PinTries) -> None:
        if self._counter.get(person.id) != tries:
            self._counter.set(person.id, tries)
        if person.pin_tries != tries:
            uow.staff.save(person.with_tries(tries))
            uow.commit()

    def _end(
        self, staff_id: int, person: Staff | None, event: StaffEventKind | None, *, right: bool
    ) -> Staff:
        now = self._clock.now()
        with self._store.transaction() as uow:
            known = uow.staff.get(staff_id) if person is not None else None
            # A PIN that a manager reset meanwhile is no longer this one.
            is_same = known is not None and person is not None and _pin_of(known) == _pin_of(person)
            if known is None or person is None or not right or not is_same:
                self._record_wrong(uow, person, now)
            else:
                uow.staff.save(known.with_tries(PinTries()))
                if event is not None:
                    uow.staff.append(NewStaffEvent(event, now, known.id, known.actor))
                uow.commit()
                self._counter.set(known.id, PinTries())
                return known.with_tries(PinTries())
        if person is None:
            raise UserError(ErrorCode.PIN_WRONG)
        left = person.pin_tries.left
        if not left:
            raise UserError(ErrorCode.PIN_LOCKED, name=person.name)
        if person.tries >= WARNED_FROM:
            raise UserError(ErrorCode.PIN_WRONG_LEFT, left=left)
        raise UserError(ErrorCode.PIN_WRONG)

    @staticmethod
    def _record_wrong(uow: UnitOfWork, person: Staff | None, now: datetime) -> None:
        actor = person.actor if person is not None else NOBODY
        number = person.id if person is not None else None
        tries = str(person.tries) if person is not None else ""
        uow.staff.append(NewStaffEvent(StaffEventKind.PIN_WRONG, now, number, actor, tries))
        if person is not None and person.is_locked:
            uow.staff.append(NewStaffEvent(StaffEventKind.PIN_LOCKED, now, number, actor))
        uow.commit()


def _count(tries: PinTries) -> int:
    return tries.count


def _pin_of(person: Staff) -> tuple[bool, str]:
    return person.active, person.pin_hash


def _any_hash(uow: UnitOfWork) -> str:
    """Return the hash of somebody's PIN, which takes as long to compare as the person's own."""
    return next((one.pin_hash for one in uow.staff.all() if one.pin_hash), "")
