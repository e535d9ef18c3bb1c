"""Signing in and out at the till."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.staff import Staff
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.domain.text import clean_name
from posapp.services.ports.system import Clock
from posapp.services.ports.unit_of_work import Store
from posapp.services.session import Session
from posapp.services.staff.pin_check import PinCheck


@dataclass(frozen=True, slots=True)
class StaffTile:
    """A member of staff as the lock screen shows them."""

    id: int
    name: str
    role: StaffRole
    pin_digits: int


class SignIn:
    """Signs staff in at this till; ``Session`` then says who acts."""

    def __init__(self, store: Store, clock: Clock, pins: PinCheck, session: Session) -> None:
        self._store = store
        self._clock = clock
        self._pins = pins
        self._session = session
        self._beginning = Lock()

    def is_needed(self) -> bool:
        """Return whether somebody has to sign in: there is staff."""
        with self._store.snapshot() as uow:
            return uow.staff.exist()

    def tiles(self) -> tuple[StaffTile, ...]:
        """Return who can sign in, by number."""
        with self._store.snapshot() as uow:
            people = uow.staff.all()
        return tuple(tile_of(one) for one in people if one.active)

    def sign_in(self, staff_id: int, pin: str) -> StaffTile:
        """Sign a person in, in the place of whoever is signed in; a wrong PIN changes nothing.

        Raises:
            UserError, EnvironmentProblem: like ``PinCheck.check``.
        """
        person = self._pins.check(staff_id, pin, StaffEventKind.SIGNED_IN)
        now = self._clock.monotonic()
        self._session.begin(person.actor, now, role=person.role, seller_id=person.seller_id)
        return tile_of(person)

    def sign_in_first(
        self, set_up: Callable[[str, str], str], name: str, pin: str
    ) -> tuple[str, StaffTile]:
        """Add the first manager, and sign them in; ``must_lock`` sees neither without the other.

        Args:
            set_up: adds them by name and PIN, and returns the recovery code.

        Raises:
            UserError, EnvironmentProblem: like ``StaffDirectory.set_up``.
        """
        with self._beginning:
            code = set_up(name, pin)
            return code, self.sign_in(self.find(name), pin)

    def confirm(self, pin: str) -> None:
        """Check the PIN of whoever is signed in, before they change the staff.

        Raises:
            UserError: ``NOT_PERMITTED``: nobody is signed in; or like ``PinCheck.check``.
            EnvironmentProblem: like ``PinCheck.check``.
        """
        staff_id = self._session.actor.staff_id
        if staff_id is None:
            raise UserError(ErrorCode.NOT_PERMITTED)
        self._pins.check(staff_id, pin)
        self._session.confirm(staff_id, self._clock.monotonic())

    def must_lock(self) -> bool:
        """Return whether whoever is at the till may not go on: nobody signed in although there is
        staff, or the one who did has another role by now, was removed, or is locked out."""
        with self._beginning:
            return self._must_lock()

    def _must_lock(self) -> bool:
        actor, role = self._session.actor, self._session.role
        with self._store.snapshot() as uow:
            if not uow.staff.exist():
                return False
            person = uow.staff.get(actor.staff_id) if actor.staff_id is not None else None
        if self._session.actor != actor:  # signed in or out meanwhile
            return False
        return person is None or not person.active or person.is_locked or person.role is not role

    def find(self, name: str) -> int:
        """Return the number of a person by name; ``UNKNOWN`` for none, whom ``sign_in`` refuses
        like a wrong PIN."""
        with self._store.snapshot() as uow:
            person = uow.staff.find(clean_name(name))
        return person.id if person is not None else 0

    def end(self) -> Actor:
        """Sign out whoever is signed in, and return who it was; ``record_end`` is to follow. Nobody
        is at the till then, and only a PIN leads on."""
        actor = self._session.actor
        self._session.end()
        return actor

    def record_end(self, actor: Actor) -> None:
        """Record that somebody was signed out; nothing if it is no staff."""
        if actor.staff_id is not None:
            event = NewStaffEvent(
                StaffEventKind.SIGNED_OUT, self._clock.now(), actor.staff_id, actor
            )
            with self._store.transaction() as uow:
                uow.staff.append(event)
                uow.commit()


def tile_of(person: Staff) -> StaffTile:
    """Return what the lock screen shows of a person."""
    return StaffTile(person.id, person.name, person.role, person.pin_digits)
