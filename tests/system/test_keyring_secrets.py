"""The keyring: only real ones, only for so long, and nothing of it in words
(docs/faults.md, row 62)."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend
from keyring.errors import InitError, KeyringLocked, NoKeyringError

from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.services.ports.system import Secrets
from posapp.system.keyring_secrets import REAL_BACKENDS, KeyringSecrets
from tests.bounds import FOR_EVER_S, bounded


class Memory(KeyringBackend):
    """A stand-in for a real keyring, under a real one's name."""

    priority = -1  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.before: Callable[[], object] = lambda: None

    def get_password(self, service: str, username: str) -> str | None:
        self.before()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.before()
        self.kept[service, username] = password


def real() -> Memory:
    kind = type("Keyring", (Memory,), {"__module__": "keyring.backends.SecretService"})
    backend: Memory = kind()
    return backend


def using(backend: KeyringBackend, time_limit_ms: int = 2000) -> KeyringSecrets:
    return KeyringSecrets("posapp-test", time_limit_ms, find_backend=lambda: backend)


def problem(work: Callable[[], object]) -> EnvironmentProblem:
    with pytest.raises(EnvironmentProblem) as caught:
        work()
    return caught.value


def test_stored_secret_is_read_back_and_hidden_from_the_log() -> None:
    learned: list[str] = []
    backend = real()
    secrets: Secrets = KeyringSecrets(
        "posapp-test", learned=learned.append, find_backend=lambda: backend
    )
    secrets.put("imp_key", "4711")
    assert backend.kept == {("posapp-test", "imp_key@api.iamport.kr"): "4711"}
    assert secrets.get("imp_key") == "4711"
    assert learned == ["4711", "4711"]


def test_a_missing_secret_is_named() -> None:
    reported = problem(lambda: using(real()).get("imp_secret"))
    assert (reported.code, reported.detail) == (
        EnvironmentCode.SECRET_MISSING,
        "imp_secret@api.iamport.kr",
    )


class PlaintextKeyring(Memory):
    """A keyring as keyrings.alt has it."""


PlaintextKeyring.__module__ = "keyrings.alt.file"
Subclass = type("Keyring", (Memory,), {"__module__": "keyring.backends.SecretService.evil"})


@pytest.mark.parametrize("kind", [PlaintextKeyring, null.Keyring, fail.Keyring, Memory, Subclass])
def test_fault_62_a_keyring_that_keeps_nothing_safe_is_refused(kind: type[KeyringBackend]) -> None:
    backend = kind()
    secrets = using(backend)
    for work in (
        lambda: secrets.get("imp_key"),
        lambda: secrets.put("imp_key", "4711"),
        secrets.check,
    ):
        assert problem(work).code is EnvironmentCode.KEYRING_MISSING
    assert getattr(backend, "kept", {}) == {}


def test_fault_62_of_several_keyrings_only_the_real_one_is_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain, safe = PlaintextKeyring(), real()
    monkeypatch.setattr(ChainerBackend, "backends", [plain, safe])
    secrets = using(ChainerBackend())
    secrets.put("imp_key", "4711")
    assert (len(plain.kept), len(safe.kept)) == (0, 1)
    assert secrets.check() == "keyring.backends.SecretService.Keyring"
    monkeypatch.setattr(ChainerBackend, "backends", [plain])
    assert problem(lambda: secrets.get("imp_key")).code is EnvironmentCode.KEYRING_MISSING


def test_the_allow_list_names_classes_that_exist() -> None:
    """Those whose module can be imported here; a new release may move them."""
    import importlib

    found = 0
    for module, name in REAL_BACKENDS:
        try:
            assert hasattr(importlib.import_module(module), name)
        except ImportError:
            continue
        found += 1
    assert found >= 3


def test_fault_62_hanging_prompt_times_out_and_starts_no_second_one() -> None:
    backend, go = real(), threading.Event()
    backend.kept["posapp-test", "imp_key"] = "4711"
    prompts: list[int] = []

    def prompt() -> None:
        prompts.append(1)
        go.wait(FOR_EVER_S)

    backend.before = prompt
    secrets = using(backend, time_limit_ms=100)
    with bounded(0.3):
        for _ in range(3):
            reported = problem(lambda: secrets.get("imp_key"))
            assert reported.code is EnvironmentCode.KEYRING_SILENT
    assert len(prompts) == 1
    # The person answers at last: the next call finds an open keyring.
    go.set()
    backend.before = lambda: None
    assert secrets.get("imp_key") == "4711"


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoKeyringError("4711"), EnvironmentCode.KEYRING_MISSING),
        (KeyringLocked("4711"), EnvironmentCode.KEYRING_SILENT),
        (InitError("4711"), EnvironmentCode.KEYRING_SILENT),
        (RuntimeError("DBus said 4711"), EnvironmentCode.KEYRING_MISSING),
    ],
)
def test_any_keyring_error_is_a_problem_without_its_text(
    error: Exception, code: EnvironmentCode
) -> None:
    backend = real()

    def fail_so() -> None:
        raise error

    backend.before = fail_so
    secrets = using(backend)
    for _ in range(2):  # the second call is not kept waiting by the first
        reported = problem(lambda: secrets.get("imp_key"))
        assert reported.code is code
        assert "4711" not in reported.detail


def test_threads_ask_one_after_the_other() -> None:
    backend = real()
    backend.kept["posapp-test", "imp_key@api.iamport.kr"] = "4711"
    inside, most = SimpleNamespace(now=0), []

    def enter() -> None:
        inside.now += 1
        most.append(inside.now)
        inside.now -= 1

    backend.before = enter
    secrets = using(backend)
    threads = [threading.Thread(target=secrets.get, args=("imp_key",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert max(most) == 1
    assert len(most) == 8


def test_the_keyring_of_this_machine_is_real_or_refused() -> None:
    """Any installed keyring: a name of the list, or a clear problem, and soon."""
    try:
        name = KeyringSecrets("posapp-test", 5000).check()
    except EnvironmentProblem as reported:
        assert reported.code in (EnvironmentCode.KEYRING_MISSING, EnvironmentCode.KEYRING_SILENT)
    else:
        assert tuple(name.rsplit(".", 1)) in REAL_BACKENDS
    assert "keyring" in sys.modules
