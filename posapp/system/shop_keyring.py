"""The keys of one shop's account in the system's keyring, apart from those of every other shop.

Two shops of one machine may send keys to the same host: test and live, or two owners. Each has a
number of its own for a host, in its folder; its entries are ``name@host/number``. A shop of an
earlier version has none and reads ``name@host`` until it stores keys: those entries may be another
shop's, so they are never written.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import keyring
from keyring.backend import KeyringBackend

from posapp.system.atomic_file import replace_text
from posapp.system.disk import disk_problem_of
from posapp.system.keyring_secrets import SERVICE, TIME_LIMIT_MS, KeyringSecrets
from posapp.system.settings import read_text

NUMBERS = "keyring-numbers"
"""File of a shop's folder: a line for each host, ``host number``, and ``new`` while the entries of
the number are not complete."""

_NEW = "new"
_DIGITS = 4
"""Random bytes of a number."""


class ShopKeyring:
    """The ``Secrets`` of a shop that are sent to a host. Thread-safe.

    Args:
        folder: of the shop.
        host, time_limit_ms, learned, find_backend: see ``KeyringSecrets``.
    """

    def __init__(
        self,
        folder: Path,
        host: str,
        time_limit_ms: int = TIME_LIMIT_MS,
        *,
        learned: Callable[[str], None] = lambda secret: None,
        find_backend: Callable[[], KeyringBackend] = keyring.get_keyring,
    ) -> None:
        self._path = folder / NUMBERS
        self._host = host
        self._time_limit_ms = time_limit_ms
        self._learned = learned
        self._find_backend = find_backend
        self._shared = self._entries("")
        self._lock = threading.Lock()

    def get(self, name: str) -> str:
        """Return a key; raises like ``KeyringSecrets.get``, and for a file that cannot be read."""
        number, is_complete = self._number()
        return (self._entries(number) if is_complete else self._shared).get(name)

    def put(self, name: str, value: str) -> None:
        """Store a key; raises like ``put_all``."""
        self.put_all({name: value})

    def put_all(self, values: Mapping[str, str]) -> None:
        """Store the keys of an account together. The first ones count once all are stored.

        Raises:
            EnvironmentProblem: the keyring or the disk does not allow it; the keys before stay.
        """
        with self._lock:
            number, is_complete = self._number()
            if not number:
                number = secrets.token_hex(_DIGITS)
                self._write(f"{number} {_NEW}")
            entries = self._entries(number)
            before = {name: entries.find(name) for name in values} if is_complete else {}
            try:
                for name, value in values.items():
                    entries.put(name, value)
            except BaseException:
                for name, old in before.items():
                    if old:
                        entries.put(name, old)
                raise
            if not is_complete:
                self._write(number)

    def check(self) -> str:
        """Return the name of the back end in use; raises like ``KeyringSecrets.check``."""
        return self._shared.check()

    def _entries(self, number: str) -> KeyringSecrets:
        host = f"{self._host}/{number}" if number else self._host
        return KeyringSecrets(
            SERVICE,
            self._time_limit_ms,
            host=host,
            learned=self._learned,
            find_backend=self._find_backend,
        )

    def _number(self) -> tuple[str, bool]:
        """Return this shop's number for the host, empty if there is none, and whether its entries
        are complete."""
        for line in read_text(self._path).splitlines():
            host, number, *rest = [*line.split(), "", ""]
            if host == self._host:
                return number, bool(number) and _NEW not in rest
        return "", False

    def _write(self, number: str) -> None:
        others = [
            line
            for line in read_text(self._path).splitlines()
            if line.split() and line.split()[0] != self._host
        ]
        lines = [*others, f"{self._host} {number}"]
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            replace_text(self._path, "".join(f"{line}\n" for line in lines))
        except OSError as error:
            raise disk_problem_of(error, self._path) from error
