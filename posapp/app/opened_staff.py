"""The staff of a shop that no window has open: for commands and for the set-up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from posapp.app.demo_sandbox import DEMO_PEPPER, EmbeddedSecrets
from posapp.app.seal_keys import known_key
from posapp.domain.modes import Mode
from posapp.services.bookkeeping.access_control import AccessControl
from posapp.services.ports.system import Secrets
from posapp.services.session import Session
from posapp.services.staff.pin_check import PinCheck
from posapp.services.staff.sign_in import SignIn
from posapp.services.staff.staff_directory import StaffDirectory
from posapp.services.staff.staff_policy import StaffPolicy
from posapp.store.files.pin_counter import FilePinCounter, pin_counter_path
from posapp.store.ledger_seals import begin_sealing
from posapp.store.open_store import open_store
from posapp.store.shop_mode import hold_mode
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds
from posapp.system.keyring_secrets import KeyringSecrets
from posapp.system.paths import Home
from posapp.system.pin_hashing import ArgonPinHasher, HashCost
from posapp.system.single_instance import SingleInstance


@contextmanager
def opened_staff(
    home: Home,
    mode: Mode | None,
    secrets: Secrets,
    cost: HashCost | None = None,
    *,
    is_held: bool = False,
) -> Iterator[tuple[StaffDirectory, SignIn]]:
    """Open a shop for as long as its staff is read or changed; a shop without a database gets one.

    Nobody is asked twice for their own PIN: whoever changes something has just given it.

    Args:
        mode: of the database; ``None``: whatever it is.
        cost: of hashes; ``None`` for the measured one.
        is_held: this program holds the lock of the folder already.

    Raises:
        EnvironmentProblem: another program has the shop open, or the database cannot be opened.
    """
    clock = SystemClock()
    with nullcontext() if is_held else SingleInstance(home.lock, home.database):
        store = open_store(home.database)
        try:
            if mode is not None:
                hold_mode(store, mode)
            key = known_key(secrets, home.database)
            if key is not None:
                begin_sealing(store, key, clock.now())
            with store.snapshot() as uow:
                ids = RandomIds(uow.checkpoints.till_code())
            hasher = ArgonPinHasher(secrets, cost)
            counter = FilePinCounter(pin_counter_path(home.database))
            pins = PinCheck(store, clock, hasher, counter)
            access = AccessControl(StaffPolicy())
            yield (
                StaffDirectory(store, clock, pins, hasher, counter, ids, access),
                SignIn(store, clock, pins, Session()),
            )
        finally:
            store.close()


def pin_secrets(mode: Mode | None, keyring_ms: int) -> Secrets:
    """Return where the secret of a shop's PINs is: a demo shop's is built in.

    Args:
        keyring_ms: how long the keyring may take.
    """
    if mode is Mode.DEMO:
        return EmbeddedSecrets(pin_pepper=DEMO_PEPPER)
    return KeyringSecrets(time_limit_ms=keyring_ms, host="")
