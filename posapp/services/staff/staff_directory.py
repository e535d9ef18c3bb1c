"""Who is on the staff: set-up, adding, changing, PINs, and recovery."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from posapp.domain.actors import NOBODY, Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem, ErrorCode, UserError
from posapp.domain.money import Won
from posapp.domain.permissions import Permission, StaffRole
from posapp.domain.pins import PinTries, guard_pin
from posapp.domain.recovery_codes import digest_of, format_code, is_code
from posapp.domain.staff import Staff, least_digits, require_name
from posapp.domain.staff_events import NewStaffEvent, StaffEventKind
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.staff import PinHasher, TryCounter
from posapp.services.ports.system import Clock, IdGenerator
from posapp.services.ports.unit_of_work import Store, UnitOfWork
from posapp.services.staff.pin_check import PinCheck
from posapp.services.staff.staff_policy import shop_day_begins


@dataclass(frozen=True, slots=True)
class StaffEntry:
    """A member of staff as the list of staff shows them.

    Attributes:
        tries: wrong entries of the PIN since the last right one.
        has_pin: a PIN is set.
        signed_in_at: when they signed in last; ``None``: never.
        refunded_today: won of the refunds that they gave today.
    """

    id: int
    name: str
    role: StaffRole
    seller_id: int | None
    active: bool
    is_locked: bool
    has_pin: bool
    tries: int
    signed_in_at: datetime | None
    refunded_today: Won


class StaffDirectory:
    """Adds and changes staff. What hashes a PIN takes tenths of a second: never on the screen's
    thread.

    Args:
        is_confirmed: whether this person gave their PIN at this till a short time ago; whoever did
            not is refused with ``OWN_PIN_REQUIRED``.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        pins: PinCheck,
        hasher: PinHasher,
        counter: TryCounter,
        ids: IdGenerator,
        access: AccessControl,
        is_confirmed: Callable[[int], bool] = lambda staff_id: True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._pins = pins
        self._hasher = hasher
        self._counter = counter
        self._ids = ids
        self._access = access
        self._is_confirmed = is_confirmed

    def entries(self) -> tuple[StaffEntry, ...]:
        """Return all staff by number, the removed ones too."""
        today = shop_day_begins(self._clock.now())
        with self._store.snapshot() as uow:
            at = uow.staff.last_sign_ins()
            return tuple(
                _entry_of(one, at.get(one.id), uow.staff.refunded_since(one.id, today))
                for one in uow.staff.all()
            )

    def needs_pin(self, actor: Actor) -> bool:
        """Return whether the actor has to give their own PIN before they change the staff."""
        return actor.staff_id is not None and not self._is_confirmed(actor.staff_id)

    def set_up(self, actor: Actor, name: str, pin: str) -> str:
        """Add the first manager, from whom on everybody has to sign in.

        Returns:
            The recovery code, which is kept nowhere: it is to be written down.

        Raises:
            UserError: ``NOT_PERMITTED``: there is staff already; ``STAFF_NAME``, ``PIN_FORM``,
                ``PIN_WEAK``.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        person = _new(name, StaffRole.MANAGER, None, pin)
        self._hasher.make_secret()
        letters = self._ids.recovery_letters()
        with self._store.transaction() as uow:
            self._access.require(uow, actor, Permission.MANAGE_STAFF)
            if uow.staff.exist():
                raise UserError(ErrorCode.NOT_PERMITTED)
            self._add(uow, actor, person, pin)
            uow.staff.set_recovery_digest(digest_of(letters))
            uow.commit()
        return format_code(letters)

    def set_up_again(self, name: str, pin: str) -> str | None:
        """Give the first manager another name and PIN, whose set-up was interrupted before anybody
        signed in; for the set-up alone.

        Returns:
            A new recovery code; ``None``: there is no such manager.

        Raises:
            UserError, EnvironmentProblem: like ``set_up``.
        """
        with self._store.snapshot() as uow:
            if _unseen_manager(uow) is None:
                return None  # and no secret is made for staff that has one elsewhere
        self._hasher.make_secret()
        letters = self._ids.recovery_letters()
        with self._store.transaction() as uow:
            first = _unseen_manager(uow)
            if first is None:
                return None
            guard_pin(pin, least_digits(first.role))
            renamed = replace(first, name=require_name(name), old_pins="", pin_hash="")
            uow.staff.save(renamed.with_pin(self._hasher.hash(renamed.id, pin), len(pin)))
            self._record(uow, StaffEventKind.PIN_RESET, renamed.id, renamed.actor, "set-up again")
            uow.staff.set_recovery_digest(digest_of(letters))
            uow.commit()
        self._counter.set(renamed.id, PinTries())
        return format_code(letters)

    def add(
        self, actor: Actor, name: str, role: StaffRole, pin: str, seller_id: int | None = None
    ) -> int:
        """Add a member of staff, and return their number.

        Args:
            seller_id: the user for whose items a seller acts.

        Raises:
            UserError: ``NOT_PERMITTED``; ``OWN_PIN_REQUIRED``; ``STAFF_FIRST_MANAGER``: there is no
                staff yet, see ``set_up``; ``STAFF_NAME``, ``STAFF_NAME_TAKEN``, ``STAFF_SELLER``,
                ``PIN_FORM``, ``PIN_WEAK``.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        self._hasher.require_secret()
        with self._store.transaction() as uow:
            self._require(uow, actor)
            if not uow.staff.exist():
                raise UserError(ErrorCode.STAFF_FIRST_MANAGER)
            phone = _guard_seller(uow, role, seller_id)
            person = self._add(uow, actor, _new(name, role, seller_id, pin, phone), pin)
            uow.commit()
        return person.id

    def change(
        self,
        actor: Actor,
        staff_id: int,
        name: str,
        role: StaffRole,
        seller_id: int | None = None,
    ) -> None:
        """Change name and role. Whose PIN is too short for the new role needs a new one before
        they can sign in again.

        Raises:
            UserError: ``STAFF_UNKNOWN``; ``STAFF_LAST_MANAGER``; like ``add``.
        """
        with self._store.transaction() as uow:
            person = self._active(uow, actor, staff_id)
            _guard_seller(uow, role, seller_id)
            changed = replace(person, name=require_name(name), role=role, seller_id=seller_id)
            if changed.pin_digits < least_digits(role):
                changed = replace(changed, pin_hash="", pin_digits=least_digits(role))
            uow.staff.save(changed)
            detail = f"{person.name} {person.role} → {changed.name} {changed.role}"
            self._record(uow, StaffEventKind.STAFF_CHANGED, staff_id, actor, detail)
            uow.commit()

    def deactivate(self, actor: Actor, staff_id: int) -> None:
        """Remove a person from the staff: they have no right from now on; their records stay.

        Raises:
            UserError: ``NOT_PERMITTED``; ``OWN_PIN_REQUIRED``; ``STAFF_UNKNOWN``;
                ``STAFF_LAST_MANAGER``.
        """
        with self._store.transaction() as uow:
            person = self._active(uow, actor, staff_id)
            uow.staff.save(replace(person, active=False))
            self._record(uow, StaffEventKind.STAFF_REMOVED, staff_id, actor, person.name)
            uow.commit()

    def reactivate(self, actor: Actor, staff_id: int, pin: str) -> None:
        """Take a removed person on again, in their old role and with a new PIN.

        Raises:
            UserError: like ``reset_pin``; ``STAFF_UNKNOWN``: there is no such removed person;
                ``STAFF_NAME_TAKEN``; ``STAFF_SELLER``.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        self._hasher.require_secret()
        with self._store.transaction() as uow:
            self._require(uow, actor)
            person = uow.staff.get(staff_id)
            if person is None or person.active:
                raise UserError(ErrorCode.STAFF_UNKNOWN)
            _guard_seller(uow, person.role, person.seller_id)
            self._set_pin(uow, replace(person, active=True), pin)
            detail = f"{person.name} {person.role}"
            self._record(uow, StaffEventKind.STAFF_ADDED, staff_id, actor, detail)
            uow.commit()
        self._counter.set(staff_id, PinTries())

    def unlock(self, actor: Actor, staff_id: int) -> None:
        """Begin the count of a person's wrong entries anew; their PIN stays.

        Raises:
            UserError: ``NOT_PERMITTED``; ``OWN_PIN_REQUIRED``; ``STAFF_UNKNOWN``.
            EnvironmentProblem: a disk error.
        """
        with self._store.transaction() as uow:
            person = self._active(uow, actor, staff_id)
            uow.staff.save(person.with_tries(PinTries()))
            detail = f"{person.name} {person.tries} → 0"
            self._record(uow, StaffEventKind.STAFF_CHANGED, staff_id, actor, detail)
            uow.commit()
        self._counter.set(staff_id, PinTries())

    def renew_recovery_code(self, actor: Actor) -> str:
        """Return a new recovery code; the one before is worth nothing from now on.

        Raises:
            UserError: ``NOT_PERMITTED``; ``OWN_PIN_REQUIRED``; ``STAFF_FIRST_MANAGER``: there is no
                staff yet.
            EnvironmentProblem: a disk error.
        """
        letters = self._ids.recovery_letters()
        with self._store.transaction() as uow:
            self._require(uow, actor)
            if not uow.staff.exist():
                raise UserError(ErrorCode.STAFF_FIRST_MANAGER)
            uow.staff.set_recovery_digest(digest_of(letters))
            self._record(uow, StaffEventKind.STAFF_CHANGED, actor.staff_id, actor, "recovery code")
            uow.commit()
        return format_code(letters)

    def reset_pin(self, actor: Actor, staff_id: int, pin: str) -> None:
        """Set another person's PIN, and unlock them.

        Raises:
            UserError: ``NOT_PERMITTED``; ``OWN_PIN_REQUIRED``; ``STAFF_UNKNOWN``; ``PIN_FORM``,
                ``PIN_WEAK``; ``PIN_USED``: one of their last three.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        self._hasher.require_secret()
        with self._store.transaction() as uow:
            person = self._active(uow, actor, staff_id)
            self._set_pin(uow, person, pin)
            self._record(uow, StaffEventKind.PIN_RESET, staff_id, actor)
            uow.commit()
        self._counter.set(staff_id, PinTries())

    def change_own_pin(self, staff_id: int, old: str, new: str) -> None:
        """Set the own PIN by the old one.

        Raises:
            UserError: like ``PinCheck.check`` for the old one; like ``reset_pin`` for the new one.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        checked = self._pins.check(staff_id, old)
        with self._store.transaction() as uow:
            person = uow.staff.get(staff_id)
            if person is None or not person.active or person.pin_hash != checked.pin_hash:
                raise UserError(ErrorCode.STAFF_UNKNOWN)
            self._set_pin(uow, person, new)
            self._record(uow, StaffEventKind.PIN_RESET, staff_id, person.actor)
            uow.commit()

    def recover(self, code: str, staff_id: int, pin: str) -> str:
        """Set a manager's PIN by the recovery code, which is thereby used up. If the keyring lost
        the secret of the PINs, a new one is made; everybody else then needs a new PIN, too.

        Returns:
            The next recovery code.

        Raises:
            UserError: ``PIN_DELAY``: like ``PinCheck.begin_recovery``; ``RECOVERY_CODE``: it is not
                the code; ``STAFF_UNKNOWN``: no active manager; ``PIN_FORM``, ``PIN_WEAK``,
                ``PIN_USED``.
            EnvironmentProblem: no usable keyring, or a disk error.
        """
        letters = self._ids.recovery_letters()
        self._pins.begin_recovery()
        with self._store.transaction() as uow:
            person = uow.staff.get(staff_id)
            if not is_code(code, uow.staff.recovery_digest()):
                known = person.id if person is not None else None
                self._record(uow, StaffEventKind.PIN_WRONG, known, NOBODY, "recovery code")
                uow.commit()
                raise UserError(ErrorCode.RECOVERY_CODE)
            self._pins.end_recovery()
            if person is None or not person.active or person.role is not StaffRole.MANAGER:
                raise UserError(ErrorCode.STAFF_UNKNOWN)
            guard_pin(pin, least_digits(person.role))
            self._require_or_make_secret()
            self._set_pin(uow, person, pin)
            uow.staff.set_recovery_digest(digest_of(letters))
            self._record(uow, StaffEventKind.PIN_RECOVERED, staff_id, person.actor)
            uow.commit()
        self._counter.set(staff_id, PinTries())
        return format_code(letters)

    def _add(self, uow: UnitOfWork, actor: Actor, person: Staff, pin: str) -> Staff:
        added = uow.staff.add(person)
        added = added.with_pin(self._hasher.hash(added.id, pin), len(pin))
        uow.staff.save(added)
        self._record(uow, StaffEventKind.STAFF_ADDED, added.id, actor, f"{added.name} {added.role}")
        return added

    def _active(self, uow: UnitOfWork, actor: Actor, staff_id: int) -> Staff:
        self._require(uow, actor)
        person = uow.staff.get(staff_id)
        if person is None or not person.active:
            raise UserError(ErrorCode.STAFF_UNKNOWN)
        return person

    def _require(self, uow: UnitOfWork, actor: Actor) -> None:
        self._access.require(uow, actor, Permission.MANAGE_STAFF)
        if self.needs_pin(actor):
            raise UserError(ErrorCode.OWN_PIN_REQUIRED)

    def _set_pin(self, uow: UnitOfWork, person: Staff, pin: str) -> None:
        guard_pin(pin, least_digits(person.role), _phone_of(uow, person.seller_id))
        of_secret = [one for one in person.known_pins if self._hasher.is_current(one)]
        if any(self._hasher.matches(one, person.id, pin) for one in of_secret):
            raise UserError(ErrorCode.PIN_USED)
        uow.staff.save(person.with_pin(self._hasher.hash(person.id, pin), len(pin)))

    def _require_or_make_secret(self) -> None:
        try:
            self._hasher.require_secret()
        except EnvironmentProblem as problem:
            if problem.code is not EnvironmentCode.SECRET_MISSING:
                raise
            self._hasher.make_secret()

    def _record(
        self,
        uow: UnitOfWork,
        kind: StaffEventKind,
        staff_id: int | None,
        actor: Actor,
        detail: str = "",
    ) -> None:
        uow.staff.append(NewStaffEvent(kind, self._clock.now(), staff_id, actor, detail))


def _new(name: str, role: StaffRole, seller_id: int | None, pin: str, phone: str = "") -> Staff:
    guard_pin(pin, least_digits(role), phone)
    return Staff(0, require_name(name), role, seller_id, pin_hash="", pin_digits=len(pin))


def _guard_seller(uow: UnitOfWork, role: StaffRole, seller_id: int | None) -> str:
    """Check that a seller, and nobody else, has the number of a user who sells; return the digits
    of that user's phone.

    Raises:
        UserError: ``STAFF_SELLER``.
    """
    user = uow.people.get(seller_id) if seller_id is not None else None
    if (role is StaffRole.SELLER) != (user is not None and user.is_seller) or (
        role is not StaffRole.SELLER and seller_id is not None
    ):
        raise UserError(ErrorCode.STAFF_SELLER)
    return _phone_of(uow, seller_id)


def _unseen_manager(uow: UnitOfWork) -> Staff | None:
    """Return the only person on the staff, if nobody has signed in yet."""
    people = uow.staff.all()
    return people[0] if len(people) == 1 and not uow.staff.last_sign_ins() else None


def _phone_of(uow: UnitOfWork, seller_id: int | None) -> str:
    user = uow.people.get(seller_id) if seller_id is not None else None
    return "".join(c for c in user.phone if c.isascii() and c.isdigit()) if user else ""


def _entry_of(person: Staff, signed_in_at: datetime | None, refunded: Won) -> StaffEntry:
    return StaffEntry(
        person.id,
        person.name,
        person.role,
        person.seller_id,
        person.active,
        person.is_locked,
        bool(person.pin_hash),
        person.tries,
        signed_in_at,
        refunded,
    )
