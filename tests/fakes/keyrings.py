"""Keyrings of tests: in memory, in a file, or broken in each way that a keyring can be."""

from __future__ import annotations

import json
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

TRUSTED = "keyring.backends.SecretService"
"""Module of a back end that the product trusts; it does so by module and name."""


class MemoryKeyring(KeyringBackend):
    """Keeps entries in memory."""

    priority = -1

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[str, str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.entries[username] = password


class FileKeyring(KeyringBackend):
    """Keeps entries in a file, so that they outlive a killed process."""

    priority = -1

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    @property
    def entries(self) -> dict[str, str]:
        text = self.path.read_text("utf-8") if self.path.exists() else "{}"
        found: dict[str, str] = json.loads(text)
        return found

    def get_password(self, service: str, username: str) -> str | None:
        return self.entries.get(username)

    def set_password(self, service: str, username: str, password: str) -> None:
        self.path.write_text(json.dumps(self.entries | {username: password}), "utf-8")


class LockedKeyring(MemoryKeyring):
    """Nobody unlocks it."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked

    def set_password(self, service: str, username: str, password: str) -> None:
        raise KeyringLocked


class HangingKeyring(MemoryKeyring):
    """Waits for a password that nobody types, until it is released."""

    def __init__(self) -> None:
        super().__init__()
        self.released = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.released.wait()
        return None


def trusted(keyring: KeyringBackend) -> KeyringBackend:
    """Return the keyring as one that the product trusts."""
    keyring.__class__ = type("Keyring", (type(keyring),), {"__module__": TRUSTED})
    return keyring
