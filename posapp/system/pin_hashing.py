"""Hashes of PINs: Argon2id over an HMAC with a secret of the keyring.

A PIN has at most a million values. Who has the file alone cannot try them without the secret; who
has both needs the time of one hash for each.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets as random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type, hash_secret, verify_secret

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.system import Secrets

ENTRY = "pin_pepper"
PEPPER_BYTES = 32
SALT_BYTES = HASH_BYTES = 16


@dataclass(frozen=True, slots=True)
class HashCost:
    """Cost of one hash.

    Attributes:
        memory_kib: memory in KiB.
        rounds: passes over that memory.
    """

    memory_kib: int
    rounds: int


LEAST_COST = HashCost(19 * 1024, 2)
"""OWASP's least for Argon2id (cheat sheet "Password Storage"): no measurement goes below it."""

USUAL_COST = HashCost(64 * 1024, 3)
LEAST_MS, MOST_MS = 100, 300
MOST_ROUNDS = 20


def measure_cost(milliseconds: Callable[[HashCost], int], start: HashCost = USUAL_COST) -> HashCost:
    """Return a cost of ``LEAST_MS`` to ``MOST_MS`` on this machine, from a few measurements. On a
    machine where even the least cost takes longer, it is that one.

    Args:
        milliseconds: returns how long a hash of a cost takes.
    """
    cost = start
    taken = max(milliseconds(cost), 1)
    while taken < LEAST_MS and cost.rounds < MOST_ROUNDS:
        rounds = min(max(cost.rounds * LEAST_MS // taken, cost.rounds + 1), MOST_ROUNDS)
        cost = HashCost(cost.memory_kib, rounds)
        taken = max(milliseconds(cost), 1)
    while taken > MOST_MS and cost != LEAST_COST:
        less = HashCost(
            max(cost.memory_kib // 2, LEAST_COST.memory_kib),
            max(cost.rounds - 1, LEAST_COST.rounds),
        )
        cost, taken = less, max(milliseconds(less), 1)
    return cost


class ArgonPinHasher:
    """Port ``PinHasher``. Thread-safe.

    A hash is stored as ``id$argon2id…``: the first eight hexadecimal digits identify the secret
    and reveal nothing about it.

    Args:
        secrets: the keyring.
        cost: of new hashes; ``None``: measured before the first one.
    """

    def __init__(self, secrets: Secrets, cost: HashCost | None = None) -> None:
        self._secrets = secrets
        self._cost = cost
        self._pepper: bytes | None = None
        self._lock = threading.Lock()

    def require_secret(self) -> None:
        """Return if the keyring has the secret.

        Raises:
            EnvironmentProblem: no usable keyring, or ``SECRET_MISSING``.
        """
        self._known()

    def make_secret(self) -> None:
        """Make the secret if the keyring has none; raises like ``require_secret``."""
        with self._lock:
            try:
                self._pepper = self._read()
            except EnvironmentProblem as problem:
                if problem.code is not EnvironmentCode.SECRET_MISSING:
                    raise
                pepper = random.token_bytes(PEPPER_BYTES)
                self._secrets.put(ENTRY, pepper.hex())
                self._pepper = pepper

    def hash(self, staff_id: int, pin: str) -> str:
        """Return the hash of a person's PIN; raises like ``require_secret``."""
        pepper = self._known()
        with self._lock:
            if self._cost is None:
                self._cost = measure_cost(_time_of)
            cost = self._cost
        encoded = _argon(_input(pepper, staff_id, pin), random.token_bytes(SALT_BYTES), cost)
        return f"{_id_of(pepper)}{encoded}"

    def is_current(self, hashed: str) -> bool:
        """Return whether a hash was made with the present secret; raises like
        ``require_secret``."""
        return hashed.partition("$")[0] == _id_of(self._known())

    def matches(self, hashed: str, staff_id: int, pin: str) -> bool:
        """Return whether the hash is of this person's PIN; raises like ``require_secret``."""
        _, dollar, encoded = hashed.partition("$")
        given = _input(self._known(), staff_id, pin)
        try:
            return verify_secret(f"{dollar}{encoded}".encode(), given, Type.ID)
        except (VerificationError, InvalidHashError):
            return False

    def _known(self) -> bytes:
        with self._lock:
            if self._pepper is None:
                self._pepper = self._read()
            return self._pepper

    def _read(self) -> bytes:
        try:
            pepper = bytes.fromhex(self._secrets.get(ENTRY))
        except ValueError:
            pepper = b""
        if len(pepper) != PEPPER_BYTES:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, ENTRY)
        return pepper


def _input(pepper: bytes, staff_id: int, pin: str) -> bytes:
    """Return what is hashed. The library's API takes no secret, so an HMAC takes it."""
    return hmac.new(pepper, f"{staff_id}|{pin}".encode(), hashlib.sha256).digest()


def _id_of(pepper: bytes) -> str:
    return hashlib.sha256(b"posapp pin pepper\0" + pepper).hexdigest()[:8]


def _argon(given: bytes, salt: bytes, cost: HashCost) -> str:
    made = hash_secret(given, salt, cost.rounds, cost.memory_kib, 1, HASH_BYTES, Type.ID)
    return made.decode("ascii")


def _time_of(cost: HashCost) -> int:
    start = time.perf_counter_ns()
    _argon(b"0" * 32, b"0" * SALT_BYTES, cost)
    return (time.perf_counter_ns() - start) // 1_000_000
