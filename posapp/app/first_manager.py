"""The first manager of a shop that is being set up."""

from __future__ import annotations

from collections.abc import Callable

from posapp.app.opened_staff import opened_staff
from posapp.app.terminal_actor import terminal_actor
from posapp.domain.actors import Actor
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.modes import Mode
from posapp.domain.permissions import StaffRole
from posapp.services.ports.system import Secrets
from posapp.system.paths import Home
from posapp.system.pin_hashing import HashCost


class ShopFirstManager:
    """Port ``FirstManager``.

    A shop whose staff have signed in before (its settings were lost, or it is set up once more)
    keeps them: the name and the PIN are then to be those of one of its managers.

    Args:
        home_of: returns the folder of the shop of a mode.
        secrets_of: returns where the secret of its PINs is.
        held: the folder whose lock this program holds, if any.
        cost: of hashes; ``None`` for the measured one.
    """

    def __init__(
        self,
        home_of: Callable[[Mode], Home],
        secrets_of: Callable[[Mode], Secrets],
        held: Home | None = None,
        cost: HashCost | None = None,
    ) -> None:
        self._home_of, self._secrets_of = home_of, secrets_of
        self._held, self._cost = held, cost

    def create(self, mode: Mode, name: str, pin: str) -> str:
        """See the port."""
        home = self._home_of(mode)
        home.make()
        secrets, is_held = self._secrets_of(mode), home == self._held
        with opened_staff(home, mode, secrets, self._cost, is_held=is_held) as opened:
            directory, sign_in = opened
            if not directory.entries():
                return directory.set_up(terminal_actor(), name, pin)
            code = directory.set_up_again(name, pin)
            if code is not None:
                return code
            person = sign_in.sign_in(sign_in.find(name), pin)
            if person.role is not StaffRole.MANAGER:
                raise UserError(ErrorCode.NOT_PERMITTED)
            return directory.renew_recovery_code(Actor.staff(person.id))
