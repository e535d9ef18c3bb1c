"""Keeps the numbers of buyers for cash receipts that are not issued yet: encrypted by AES-GCM, with
a key in the keyring. A database, a copy of it or a support bundle alone gives no number away.

Without a keyring a number is held in memory only, and a program that ends forgets it.
"""

from __future__ import annotations

import secrets as random
import threading

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.receipt_identity import IdentityKind, ReceiptIdentity
from posapp.services.ports.system import Secrets

ENTRY = "receipt_key"
KEY_BYTES = 32
NONCE_BYTES = 12


class KeyringVault:
    """Port ``IdentityVault``. Thread-safe. A sealed number is a nonce and the ciphertext, which is
    bound to the receipt's own number.

    Args:
        secrets: the keyring.
    """

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets
        self._lock = threading.Lock()
        self._key: bytes | None = None
        self._held: dict[str, ReceiptIdentity] = {}

    def load_key(self) -> bool:
        """Read the key, or make it, and return whether there is one."""
        return self._find_key(make=True) is not None

    def seal(self, identity: ReceiptIdentity, own_no: str) -> bytes | None:
        """Return the number, encrypted; ``None`` if no key was read: it is held in memory."""
        # Imported here: the first window does not need it.
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        with self._lock:
            key = self._key
            if key is None:
                self._held[own_no] = identity
                return None
        nonce = random.token_bytes(NONCE_BYTES)
        text = f"{identity.kind.value}:{identity.digits}".encode("ascii")
        return nonce + AESGCM(key).encrypt(nonce, text, own_no.encode("ascii"))

    def open(self, sealed: bytes | None, own_no: str) -> ReceiptIdentity | None:
        """Return the number; ``None`` if it is lost: no key, another key, or damaged."""
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        if sealed is None:
            with self._lock:
                return self._held.get(own_no)
        key = self._find_key(make=False)
        if key is None:
            return None
        nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            text = AESGCM(key).decrypt(nonce, content, own_no.encode("ascii")).decode("ascii")
        except (InvalidTag, ValueError):
            return None
        kind, _, digits = text.partition(":")
        return ReceiptIdentity(IdentityKind(kind), digits)

    def forget(self, own_no: str) -> None:
        """Drop a number that is held in memory."""
        with self._lock:
            self._held.pop(own_no, None)

    def _find_key(self, *, make: bool) -> bytes | None:
        """Return the key; ``None`` if the keyring has none, or gives none now."""
        with self._lock:
            if self._key is not None:
                return self._key
            try:
                self._key = bytes.fromhex(self._secrets.get(ENTRY))
            except EnvironmentProblem as problem:
                if problem.code is not EnvironmentCode.SECRET_MISSING or not make:
                    return None
                key = random.token_bytes(KEY_BYTES)
                try:
                    self._secrets.put(ENTRY, key.hex())
                except EnvironmentProblem:
                    return None
                self._key = key
            return self._key
