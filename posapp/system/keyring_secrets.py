"""Secrets in the operating system's keyring, their only storage.

``keyring`` accepts every installed back end, including plain-text files; only those that keep
secrets encrypted by the system are used here. A keyring may also show a password prompt and wait
for ever: every call runs in a thread of its own with a time limit.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

import keyring
from keyring.backend import KeyringBackend
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.hosts import API_HOST

REAL_BACKENDS = frozenset(
    {
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.kwallet", "DBusKeyringKWallet4"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    }
)
"""Module and class of the trusted back ends; a subclass counts as another class."""

SERVICE = "posapp"
TIME_LIMIT_MS = 10_000

T = TypeVar("T")


class KeyringSecrets:
    """The ``Secrets`` of a running program. Thread-safe.

    Args:
        service: the service name of the keyring entries: one for each shop.
        host: the host that the secrets belong to. An entry is ``name@host``, so that no host gets
            keys that were entered for another one. Entries of earlier versions have no host: they
            are PortOne's. Empty for secrets that are sent to no host.
        time_limit_ms: the time limit of one call, including a password prompt.
        learned: called with each secret that was read or written, so that the log can hide it.
        find_backend: returns the back end; for tests.
    """

    def __init__(
        self,
        service: str = SERVICE,
        time_limit_ms: int = TIME_LIMIT_MS,
        *,
        host: str = API_HOST,
        learned: Callable[[str], None] = lambda secret: None,
        find_backend: Callable[[], KeyringBackend] = keyring.get_keyring,
    ) -> None:
        self._service = service
        self._host = host
        self._seconds = time_limit_ms / 1000
        self._learned = learned
        self._find_backend = find_backend
        self._one_at_a_time = threading.Lock()

    def get(self, name: str) -> str:
        """Return a secret.

        Raises:
            EnvironmentProblem: KEYRING_MISSING (none, or none that is trusted), KEYRING_SILENT
                (locked, or no answer in time), SECRET_MISSING.
        """
        value = self.find(name)
        if not value:
            raise EnvironmentProblem(EnvironmentCode.SECRET_MISSING, self._entry(name))
        return value

    def find(self, name: str) -> str:
        """Return a secret, empty if there is none; raises like ``get`` otherwise."""
        value = self._in_time(lambda: self._read(name)) or ""
        self._learned(value)
        return value

    def put(self, name: str, value: str) -> None:
        """Store a secret; raises like ``get``."""
        self._learned(value)
        entry = self._entry(name)
        self._in_time(lambda: self._backend().set_password(self._service, entry, value))

    def check(self) -> str:
        """Return the name of the back end in use; raises KEYRING_MISSING or KEYRING_SILENT."""
        return self._in_time(lambda: _name_of(self._backend()))

    def _entry(self, name: str) -> str:
        return f"{name}@{self._host}" if self._host else name

    def _read(self, name: str) -> str | None:
        backend = self._backend()
        value = backend.get_password(self._service, self._entry(name))
        if not value and self._host == API_HOST:
            value = backend.get_password(self._service, name)
        return value

    def _backend(self) -> KeyringBackend:
        found = self._find_backend()
        candidates = list(found.backends) if isinstance(found, ChainerBackend) else [found]
        for candidate in candidates:
            if (type(candidate).__module__, type(candidate).__name__) in REAL_BACKENDS:
                return candidate
        names = ", ".join(_name_of(candidate) for candidate in candidates)
        raise EnvironmentProblem(EnvironmentCode.KEYRING_MISSING, names)

    def _in_time(self, work: Callable[[], T]) -> T:
        """Run ``work`` in a thread and wait for it up to the time limit.

        A thread that does not answer keeps the lock: the next call waits for it and starts no
        second prompt beside the first.
        """
        answer: list[T | EnvironmentProblem] = []

        def run() -> None:
            try:
                answer.append(work())
            except EnvironmentProblem as problem:
                answer.append(problem)
            except Exception as error:  # noqa: BLE001 - decided: back ends raise anything
                answer.append(_problem_of(error))
            finally:
                self._one_at_a_time.release()

        end = time.monotonic() + self._seconds
        if not self._one_at_a_time.acquire(timeout=self._seconds):
            raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT, "an earlier question waits")
        thread = threading.Thread(target=run, name="posapp-keyring", daemon=True)
        try:
            thread.start()
        except RuntimeError:
            self._one_at_a_time.release()
            raise
        thread.join(max(0, end - time.monotonic()))
        if not answer:
            raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT, "no answer in time")
        if isinstance(answer[0], EnvironmentProblem):
            raise answer[0]
        return answer[0]


def _name_of(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__name__}"


def _problem_of(error: Exception) -> EnvironmentProblem:
    # The exception's class only: a back end's message may contain the secret.
    kind = type(error).__name__
    if isinstance(error, NoKeyringError):
        return EnvironmentProblem(EnvironmentCode.KEYRING_MISSING, kind)
    if isinstance(error, KeyringLocked | InitError):
        return EnvironmentProblem(EnvironmentCode.KEYRING_SILENT, kind)
    return EnvironmentProblem(EnvironmentCode.KEYRING_MISSING, kind)
