"""Commands about staff, for a terminal: list, add, reset a PIN, remove."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from posapp.app.commands import CommandResult
from posapp.app.opened_staff import opened_staff, pin_secrets
from posapp.app.shop_config import Shop
from posapp.app.terminal_actor import terminal_actor
from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.services.ports.system import Secrets
from posapp.services.staff.sign_in import SignIn
from posapp.services.staff.staff_directory import StaffDirectory, StaffEntry
from posapp.system.pin_hashing import HashCost
from posapp.ui.core.i18n import Translator

AskSecret = Callable[[str], str]
"""Asks a question in the terminal and returns what is typed, which is not shown."""


@dataclass(frozen=True, slots=True)
class StaffCommand:
    """The commands about one shop's staff. They need the shop closed, and a manager's PIN once
    there is staff. A PIN is asked for, and never an argument.

    Attributes:
        secrets: the keyring; ``None`` for the shop's own.
        cost: of hashes; ``None`` for the measured one.
    """

    shop: Shop
    ask_secret: AskSecret
    secrets: Secrets | None = None
    cost: HashCost | None = None

    def list(self) -> CommandResult:
        """Say who is on the staff."""
        texts = self._texts
        with self._opened() as (directory, _):
            lines = tuple(_line(texts, one) for one in directory.entries())
        return CommandResult(lines or (texts("commands.staff_none"),))

    def add(self, name: str, role: StaffRole, seller: int | None, by: str) -> CommandResult:
        """Add a person. The first one is a manager, and a recovery code is shown.

        Args:
            by: name of the manager who acts; empty for the only one.

        Raises:
            UserError, EnvironmentProblem: like ``StaffDirectory.add``.
        """
        with self._opened() as (directory, sign_in):
            is_first = not directory.entries()
            if is_first and role is not StaffRole.MANAGER:
                raise UserError(ErrorCode.STAFF_FIRST_MANAGER)
            actor = terminal_actor() if is_first else self._manager(directory, sign_in, by)
            if actor is None:
                return self._says("staff_by_needed")
            pin = self._new_pin(name)
            if pin is None:
                return self._says("staff_pins_differ")
            if is_first:
                return self._with_code("staff_added", name, directory.set_up(actor, name, pin))
            directory.add(actor, name, role, pin, seller)
        return CommandResult((self._texts("commands.staff_added", name=name),))

    def reset_pin(self, name: str, by: str, *, recovery: bool) -> CommandResult:
        """Set a person's PIN: by a manager, or a manager's by the recovery code.

        Raises:
            UserError, EnvironmentProblem: like ``StaffDirectory.reset_pin`` and ``recover``.
        """
        with self._opened() as (directory, sign_in):
            staff_id = sign_in.find(name)
            if recovery:
                code = self.ask_secret(self._texts("commands.staff_ask_code"))
                pin = self._new_pin(name)
                if pin is None:
                    return self._says("staff_pins_differ")
                code = directory.recover(code, staff_id, pin)
                return self._with_code("staff_pin_reset", name, code)
            actor = self._manager(directory, sign_in, by)
            if actor is None:
                return self._says("staff_by_needed")
            pin = self._new_pin(name)
            if pin is None:
                return self._says("staff_pins_differ")
            directory.reset_pin(actor, staff_id, pin)
        return CommandResult((self._texts("commands.staff_pin_reset", name=name),))

    def change_pin(self, name: str) -> CommandResult:
        """Set the own PIN by the old one.

        Raises:
            UserError, EnvironmentProblem: like ``StaffDirectory.change_own_pin``.
        """
        with self._opened() as (directory, sign_in):
            old = self.ask_secret(self._texts("commands.staff_ask_manager", name=name))
            pin = self._new_pin(name)
            if pin is None:
                return self._says("staff_pins_differ")
            directory.change_own_pin(sign_in.find(name), old, pin)
        return CommandResult((self._texts("commands.staff_pin_reset", name=name),))

    def deactivate(self, name: str, by: str) -> CommandResult:
        """Remove a person from the staff.

        Raises:
            UserError, EnvironmentProblem: like ``StaffDirectory.deactivate``.
        """
        with self._opened() as (directory, sign_in):
            actor = self._manager(directory, sign_in, by)
            if actor is None:
                return self._says("staff_by_needed")
            directory.deactivate(actor, sign_in.find(name))
        return CommandResult((self._texts("commands.staff_deactivated", name=name),))

    @property
    def _texts(self) -> Translator:
        return Translator(self.shop.settings.language)

    def _opened(self) -> AbstractContextManager[tuple[StaffDirectory, SignIn]]:
        mode = self.shop.settings.mode
        secrets = self.secrets or pin_secrets(mode, self.shop.settings.keyring_ms)
        return opened_staff(self.shop.home, mode, secrets, self.cost)

    def _manager(self, directory: StaffDirectory, sign_in: SignIn, by: str) -> Actor | None:
        """Return the manager who acts, by their PIN; ``None``: there are several, and ``by`` names
        none."""
        managers = [
            one for one in directory.entries() if one.active and one.role is StaffRole.MANAGER
        ]
        if not by and len(managers) > 1:
            return None
        name = by or (managers[0].name if managers else "")
        pin = self.ask_secret(self._texts("commands.staff_ask_manager", name=name))
        return Actor.staff(sign_in.sign_in(sign_in.find(name), pin).id)

    def _new_pin(self, name: str) -> str | None:
        """Ask twice for a new PIN; ``None`` if the two differ."""
        first = self.ask_secret(self._texts("commands.staff_ask_new", name=name)).strip()
        again = self.ask_secret(self._texts("commands.staff_ask_again")).strip()
        return first if first == again else None

    def _says(self, message: str) -> CommandResult:
        return CommandResult((self._texts(f"commands.{message}"),), 1)

    def _with_code(self, message: str, name: str, code: str) -> CommandResult:
        texts = self._texts
        return CommandResult(
            (
                texts(f"commands.{message}", name=name),
                texts("commands.staff_recovery", code=code),
                texts("commands.staff_recovery_note"),
            )
        )


def _line(texts: Translator, one: StaffEntry) -> str:
    state = "active" if one.active else "removed"
    if one.active and not one.has_pin:
        state = "no_pin"
    if one.active and one.is_locked:
        state = "locked"
    values = {
        "number": one.id,
        "name": one.name,
        "role": texts(f"commands.staff_role_{one.role.value}"),
        "state": texts(f"commands.staff_state_{state}"),
    }
    if one.seller_id is not None:
        return texts("commands.staff_line_seller", seller=one.seller_id, **values)
    return texts("commands.staff_line", **values)
