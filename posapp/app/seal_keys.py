"""Key that seals the ledger: in the keyring, beside PortOne's keys."""

from __future__ import annotations

import logging
import secrets as random
from pathlib import Path

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.domain.seals import DEMO_KEY, SEAL_KEY_BYTES, SealKey
from posapp.services.ports.system import Secrets
from posapp.store.shop_mode import mode_of

log = logging.getLogger(__name__)

ENTRY = "ledger_seal"


def seal_key(secrets: Secrets) -> SealKey | None:
    """Return the shop's key, created if the keyring has none; ``None`` without a usable keyring.
    The shop can sell without it, and its rows are sealed once there is a keyring."""
    try:
        kept = _kept(secrets)
        if kept is None:
            text = random.token_hex(SEAL_KEY_BYTES)
            secrets.put(ENTRY, text)
            kept = SealKey(bytes.fromhex(text))
    except EnvironmentProblem as problem:
        log.warning("the ledger is not sealed: %s", problem.code)
        return None
    return kept


def known_key(secrets: Secrets, database: Path) -> SealKey | None:
    """Return the key to check a file with, and create none; ``None`` if the key is not available.

    Raises:
        EnvironmentProblem: the file cannot be read.
    """
    if database.exists() and mode_of(database) is Mode.DEMO:
        return DEMO_KEY
    try:
        return _kept(secrets)
    except EnvironmentProblem:
        return None


def _kept(secrets: Secrets) -> SealKey | None:
    try:
        return SealKey(bytes.fromhex(secrets.get(ENTRY)))
    except EnvironmentProblem as problem:
        if problem.code is not EnvironmentCode.SECRET_MISSING:
            raise
    except ValueError:
        log.error("the keyring's %s is no key", ENTRY)
    return None
