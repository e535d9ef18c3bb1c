"""Numbers of buyers: sealed for one receipt, with a key of the keyring alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.receipt_identity import IdentityKind, ReceiptIdentity
from posapp.system.identity_vault import ENTRY, KEY_BYTES, KeyringVault
from tests.fakes.world import FakeSecrets

PHONE = ReceiptIdentity(IdentityKind.PHONE, "01012345678")


class Refusing(FakeSecrets):
    """A keyring that gives nothing, or takes nothing."""

    def __init__(self, *, reads: bool) -> None:
        super().__init__()
        self.reads = reads

    def get(self, name: str) -> str:
        if not self.reads:
            raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)
        return super().get(name)

    def put(self, name: str, value: str) -> None:
        raise EnvironmentProblem(EnvironmentCode.KEYRING_MISSING)


@given(st.sampled_from(list(IdentityKind)), st.from_regex(r"[0-9]{10,19}", fullmatch=True))
def test_a_number_comes_back_as_it_was(kind: IdentityKind, digits: str) -> None:
    vault = KeyringVault(FakeSecrets())
    assert vault.load_key()
    sealed = vault.seal(ReceiptIdentity(kind, digits), "CR1")
    assert sealed is not None and digits.encode() not in sealed
    assert vault.open(sealed, "CR1") == ReceiptIdentity(kind, digits)


def test_a_sealed_number_opens_for_its_own_receipt_only() -> None:
    vault = KeyringVault(FakeSecrets())
    vault.load_key()
    sealed = vault.seal(PHONE, "CR1")
    assert sealed is not None
    assert vault.open(sealed, "CR1") == PHONE
    assert vault.open(sealed, "CR2") is None
    assert vault.open(sealed[:-1] + bytes([sealed[-1] ^ 1]), "CR1") is None
    assert vault.open(b"", "CR1") is None
    assert vault.seal(PHONE, "CR1") != sealed, "a fresh nonce each time"


def test_the_key_is_made_once_and_only_in_the_keyring() -> None:
    secrets = FakeSecrets()
    first = KeyringVault(secrets)
    assert first.load_key()
    sealed = first.seal(PHONE, "CR1")
    assert len(bytes.fromhex(secrets.values[ENTRY])) == KEY_BYTES
    assert KeyringVault(secrets).open(sealed, "CR1") == PHONE
    assert KeyringVault(FakeSecrets()).open(sealed, "CR1") is None


@pytest.mark.parametrize("reads", [True, False])
def test_without_a_keyring_a_number_is_held_in_memory(reads: bool) -> None:
    vault = KeyringVault(Refusing(reads=reads))
    assert not vault.load_key()
    assert vault.seal(PHONE, "CR1") is None
    assert vault.open(None, "CR1") == PHONE
    vault.forget("CR1")
    assert vault.open(None, "CR1") is None
    assert vault.open(b"x" * 40, "CR1") is None
