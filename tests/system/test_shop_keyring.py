"""Keys of several shops in one keyring: none overwrites another's (docs/SECURITY.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from keyring.errors import KeyringLocked

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.system import AccountSecrets
from posapp.system.shop_keyring import NUMBERS, ShopKeyring
from tests.fakes.keyrings import MemoryKeyring, trusted

HOST = "api.iamport.kr"
FIRST = {"imp_key": "1", "imp_secret": "one"}
SECOND = {"imp_key": "2", "imp_secret": "two"}


@pytest.fixture
def backend() -> MemoryKeyring:
    made = trusted(MemoryKeyring())
    assert isinstance(made, MemoryKeyring)
    return made


def shop(folder: Path, backend: MemoryKeyring, host: str = HOST) -> AccountSecrets:
    return ShopKeyring(folder, host, find_backend=lambda: backend)


def keys_of(secrets: AccountSecrets) -> dict[str, str]:
    return {name: secrets.get(name) for name in FIRST}


def missing(secrets: AccountSecrets) -> str:
    with pytest.raises(EnvironmentProblem) as caught:
        secrets.get("imp_key")
    assert caught.value.code is EnvironmentCode.SECRET_MISSING
    return str(caught.value.detail)


def test_two_shops_keep_their_keys_apart(tmp_path: Path, backend: MemoryKeyring) -> None:
    test, live = shop(tmp_path / "test", backend), shop(tmp_path / "live", backend)
    test.put_all(FIRST)
    live.put_all(SECOND)
    assert (keys_of(test), keys_of(live)) == (FIRST, SECOND)
    assert len(backend.entries) == 4
    live.put_all(FIRST)
    assert keys_of(live) == FIRST
    assert len(backend.entries) == 4, "the number stays"


def test_a_folder_that_was_moved_finds_its_keys(tmp_path: Path, backend: MemoryKeyring) -> None:
    shop(tmp_path / "shop", backend).put_all(FIRST)
    (tmp_path / "shop").rename(tmp_path / "elsewhere")
    assert keys_of(shop(tmp_path / "elsewhere", backend)) == FIRST
    shop(tmp_path / "shop", backend).put_all(SECOND)
    assert keys_of(shop(tmp_path / "elsewhere", backend)) == FIRST


def test_an_earlier_shop_reads_its_entries_and_never_writes_them(
    tmp_path: Path, backend: MemoryKeyring
) -> None:
    """Another earlier shop of this machine may use them too."""
    backend.entries = {f"{name}@{HOST}": value for name, value in FIRST.items()}
    old, other = shop(tmp_path / "old", backend), shop(tmp_path / "other", backend)
    assert keys_of(old) == keys_of(other) == FIRST
    old.put_all(SECOND)
    assert (keys_of(old), keys_of(other)) == (SECOND, FIRST)


def test_entries_without_a_host_are_portones(tmp_path: Path, backend: MemoryKeyring) -> None:
    backend.entries = dict(FIRST)
    assert keys_of(shop(tmp_path, backend)) == FIRST
    assert missing(shop(tmp_path, backend, "127.0.0.1:8080")) == "imp_key@127.0.0.1:8080"


def test_each_host_has_its_keys(tmp_path: Path, backend: MemoryKeyring) -> None:
    backend.entries = {f"{name}@{HOST}": value for name, value in FIRST.items()}
    sandbox = shop(tmp_path, backend, "127.0.0.1:8080")
    sandbox.put_all(SECOND)
    assert keys_of(shop(tmp_path, backend)) == FIRST
    shop(tmp_path, backend).put_all(FIRST)
    assert keys_of(sandbox) == SECOND
    assert [line.split()[0] for line in (tmp_path / NUMBERS).read_text().splitlines()] == [
        "127.0.0.1:8080",
        HOST,
    ]


class Refusing(MemoryKeyring):
    """Refuses one write, counted from 1."""

    refused = 0

    def set_password(self, service: str, username: str, password: str) -> None:
        self.refused -= 1
        if self.refused == 0:
            raise KeyringLocked
        super().set_password(service, username, password)


def test_the_first_keys_count_once_both_are_stored(tmp_path: Path) -> None:
    backend = Refusing()
    trusted(backend)
    backend.entries = {f"{name}@{HOST}": value for name, value in FIRST.items()}
    secrets = shop(tmp_path, backend)
    backend.refused = 2
    with pytest.raises(EnvironmentProblem):
        secrets.put_all(SECOND)
    assert keys_of(shop(tmp_path, backend)) == FIRST
    secrets.put_all(SECOND)
    assert keys_of(shop(tmp_path, backend)) == SECOND
    assert len(backend.entries) == 4, "one number only"


def test_later_keys_are_stored_together_or_not_at_all(tmp_path: Path) -> None:
    backend = Refusing()
    trusted(backend)
    secrets = shop(tmp_path, backend)
    secrets.put_all(FIRST)
    backend.refused = 2
    with pytest.raises(EnvironmentProblem):
        secrets.put_all(SECOND)
    assert keys_of(secrets) == FIRST


def test_a_missing_key_is_named_by_its_entry(tmp_path: Path, backend: MemoryKeyring) -> None:
    assert missing(shop(tmp_path, backend)) == f"imp_key@{HOST}"
    shop(tmp_path, backend).put_all(FIRST)
    number = (tmp_path / NUMBERS).read_text().split()[1]
    backend.entries.clear()
    assert missing(shop(tmp_path, backend)) == f"imp_key@{HOST}/{number}"


def test_the_file_of_numbers_holds_no_secret_and_survives_nonsense(
    tmp_path: Path, backend: MemoryKeyring
) -> None:
    path = tmp_path / NUMBERS
    path.write_text(f"\n  \nnonsense\n{HOST}\n", "utf-8")
    assert missing(shop(tmp_path, backend)) == f"imp_key@{HOST}"
    shop(tmp_path, backend).put_all({"imp_key": "hush-4711", "imp_secret": "hush-4712"})
    assert keys_of(shop(tmp_path, backend)) == {"imp_key": "hush-4711", "imp_secret": "hush-4712"}
    assert "hush" not in path.read_text("utf-8")
