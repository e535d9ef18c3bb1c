"""Hashes of PINs: bound to person and secret, with a cost that fits the machine."""

from __future__ import annotations

import pytest

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.system.pin_hashing import (
    ENTRY,
    LEAST_COST,
    LEAST_MS,
    MOST_MS,
    USUAL_COST,
    ArgonPinHasher,
    HashCost,
    measure_cost,
)
from tests.fakes.till import CHEAP
from tests.fakes.world import FakeSecrets


def made(secrets: FakeSecrets | None = None) -> ArgonPinHasher:
    hasher = ArgonPinHasher(secrets or FakeSecrets(), CHEAP)
    hasher.make_secret()
    return hasher


def test_hash_is_of_one_person_and_one_pin() -> None:
    hasher = made()
    hashed = hasher.hash(3, "270936")
    assert hasher.matches(hashed, 3, "270936")
    assert not hasher.matches(hashed, 3, "270937")
    assert not hasher.matches(hashed, 4, "270936")
    assert hashed != hasher.hash(3, "270936"), "each has a salt of its own"
    assert "270936" not in hashed
    assert "$argon2id$v=19$m=8,t=1,p=1$" in hashed


def test_another_secret_verifies_nothing() -> None:
    hashed = made().hash(3, "270936")
    other = made()
    assert not other.is_current(hashed)
    assert not other.matches(hashed, 3, "270936")


@pytest.mark.parametrize("broken", ["", "x", "$", "abc$argon2id$x", "00000000$argon2id$v=19$m=8"])
def test_what_is_no_hash_matches_nothing(broken: str) -> None:
    hasher = made()
    assert not hasher.is_current(broken)
    assert not hasher.matches(broken, 3, "270936")


def test_secret_is_made_once_and_stays(caplog) -> None:
    secrets = FakeSecrets()
    hashed = made(secrets).hash(3, "270936")
    kept = secrets.values[ENTRY]
    again = made(secrets)
    assert secrets.values[ENTRY] == kept
    assert again.is_current(hashed)
    assert again.matches(hashed, 3, "270936")
    assert len(bytes.fromhex(kept)) == 32
    assert kept not in caplog.text


@pytest.mark.parametrize("values", [{}, {ENTRY: "zz"}, {ENTRY: "aa"}])
def test_without_a_secret_nothing_is_hashed(values: dict[str, str]) -> None:
    hasher = ArgonPinHasher(FakeSecrets(**values), CHEAP)
    for act in (
        hasher.require_secret,
        lambda: hasher.hash(3, "270936"),
        lambda: hasher.matches("x$y", 3, "270936"),
    ):
        with pytest.raises(EnvironmentProblem) as problem:
            act()
        assert problem.value.code is EnvironmentCode.SECRET_MISSING


def test_keyring_that_is_silent_makes_no_secret() -> None:
    class Silent:
        def get(self, name: str) -> str:
            raise EnvironmentProblem(EnvironmentCode.KEYRING_SILENT)

        def put(self, name: str, value: str) -> None:
            raise AssertionError

    with pytest.raises(EnvironmentProblem) as problem:
        ArgonPinHasher(Silent(), CHEAP).make_secret()
    assert problem.value.code is EnvironmentCode.KEYRING_SILENT


@pytest.mark.parametrize("nanoseconds_a_kib_round", [1, 20, 100, 400, 800, 1_000, 3_000, 100_000])
def test_cost_is_measured_within_its_bounds(nanoseconds_a_kib_round: int) -> None:
    """Whatever the machine's speed: 100 to 300 ms, except where the bounds of the cost rule."""

    def milliseconds(cost: HashCost) -> int:
        return cost.memory_kib * cost.rounds * nanoseconds_a_kib_round // 1_000_000

    cost = measure_cost(milliseconds)
    assert cost.memory_kib >= LEAST_COST.memory_kib
    assert cost.rounds >= LEAST_COST.rounds
    taken = milliseconds(cost)
    if taken > MOST_MS:
        assert cost == LEAST_COST
    if taken < LEAST_MS:
        assert cost.rounds == 20 or milliseconds(USUAL_COST) > MOST_MS
    if LEAST_MS <= milliseconds(USUAL_COST) <= MOST_MS:
        assert cost == USUAL_COST


def test_cost_of_new_hashes_is_measured_once(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = []

    def milliseconds(cost: HashCost) -> int:
        measured.append(cost)
        return 150

    monkeypatch.setattr("posapp.system.pin_hashing._time_of", milliseconds)
    hasher = ArgonPinHasher(FakeSecrets())
    hasher.make_secret()
    hasher.hash(1, "270936")
    hasher.hash(1, "270936")
    assert len(measured) == 1
