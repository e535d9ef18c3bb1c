"""``posapp setup``: practice in one step, a test shop step by step, and all that goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoKeyring

from posapp.app.first_manager import ShopFirstManager
from posapp.app.opened_staff import opened_staff
from posapp.app.setup_command import run_setup
from posapp.app.shop_config import load_shop
from posapp.cli import main
from posapp.domain.actors import Actor
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.domain.modes import Mode
from posapp.domain.permissions import StaffRole
from posapp.sandbox import Sandbox
from posapp.services.settings.setup_steps import KIOSK, LABELS
from posapp.system.keyring_secrets import KeyringSecrets
from posapp.system.paths import Home
from posapp.system.pin_hashing import ENTRY, PEPPER_BYTES
from posapp.system.shop_folders import CURRENT, ShopFolders
from posapp.system.shop_keyring import NUMBERS
from posapp.system.single_instance import SingleInstance
from tests.fakes.keyrings import HangingKeyring, LockedKeyring, MemoryKeyring, trusted
from tests.fakes.setup_person import MANAGER, Person
from tests.fakes.till import CHEAP

SECRETS = ("4711-key", "4711-secret")
LAST = ("printer", LABELS, *KIOSK)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    running = Sandbox().start()
    yield running
    running.stop()


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[MemoryKeyring]:
    made = MemoryKeyring()
    with installed(made):
        yield made


class installed:  # noqa: N801 - read as a sentence
    """The keyring of the machine for a while."""

    def __init__(self, backend: KeyringBackend, *, is_trusted: bool = True) -> None:
        self._backend = trusted(backend) if is_trusted else backend

    def __enter__(self) -> None:
        self._before = keyring.get_keyring()
        keyring.set_keyring(self._backend)

    def __exit__(self, *_: object) -> None:
        keyring.set_keyring(self._before)


def variables(sandbox: Sandbox, **more: str) -> dict[str, str]:
    return {
        "POSAPP_API_BASE": sandbox.api,
        "POSAPP_LINK_BASE": sandbox.link_api,
        "POSAPP_LINK_HOSTS": sandbox.api,
        **more,
    }


def right_answers(sandbox: Sandbox) -> dict[str, str | list[str]]:
    return {
        "start": "2",
        "shop_name": "하나 베이커리",
        "business_number": "124-81-00998",
        "owner_name": "",
        "shop_address": "",
        "shop_phone": "",
        "tax_type": "2",
        "imp_key": sandbox.imp_key,
        "imp_secret": sandbox.imp_secret,
        "user_code": sandbox.user_code,
        "channel_key": "1",
        "language": "1",
        "theme": "2",
        **MANAGER,
        "printer": "영수증",
        "kiosk_screen_mm": "610",
        "kiosk_floor_mm": "",
        "locate_every_s": "",
    }


def run(root: Path, person: Person, environ: dict[str, str], **options: str) -> int:
    return run_setup(str(root), environ, options, person.ask, person.ask, person.say)


def test_practice_is_ready_after_two_steps_and_asks_for_no_key(tmp_path: Path) -> None:
    person = Person({"language": "", "theme": "", "start": "1"})
    assert run(tmp_path, person, {}) == 0
    assert person.asked == ["language", "theme", "text_size", "start"]
    shop = load_shop(str(tmp_path), {})
    assert (shop.home.root, shop.mode) == (tmp_path / "demo", Mode.DEMO)
    assert not (tmp_path / "setup.json").exists()


def test_a_test_shop_is_made_step_by_step(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    person = Person(right_answers(sandbox))
    assert run(tmp_path, person, variables(sandbox)) == 0
    shop = load_shop(str(tmp_path), {})
    assert shop.home.root == tmp_path / "test"
    assert len(kept.entries.pop(ENTRY)) == 2 * PEPPER_BYTES
    host, number = (tmp_path / "test" / NUMBERS).read_text("utf-8").split()
    assert host == sandbox.api.removeprefix("http://")
    assert kept.entries == {
        f"imp_key@{host}/{number}": sandbox.imp_key,
        f"imp_secret@{host}/{number}": sandbox.imp_secret,
    }
    settings = shop.settings
    assert (settings.mode, settings.shop_name, settings.theme) == ("test", "하나 베이커리", "dark")
    assert (settings.printer, settings.kiosk_screen_mm) == ("영수증", 610)
    assert (settings.user_code, settings.channel_key) == (sandbox.user_code, sandbox.channel_key)
    assert (settings.business_number, settings.tax_type) == ("124-81-00998", "simplified")
    assert settings.api_base == "https://api.iamport.kr", "a variable is no choice of the shop"
    written = b"".join(one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()).decode(
        "utf-8", "replace"
    )
    assert sandbox.imp_secret not in written + "\n".join(person.heard)
    assert person.code not in written and person.code.replace("-", "") not in written


def test_options_are_kept_by_the_new_shop(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    addresses = {
        "api_base": sandbox.api,
        "link_base": sandbox.link_api,
        "link_hosts": sandbox.api,
    }
    assert run(tmp_path, Person(right_answers(sandbox)), {}, **addresses) == 0
    settings = load_shop(str(tmp_path), {}).settings
    assert (settings.api_base, settings.link_hosts) == (sandbox.api, (sandbox.api,))


@pytest.mark.parametrize("way", ["wrong", "swapped"])
def test_keys_that_portone_refuses_are_not_stored(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring, way: str
) -> None:
    right = (sandbox.imp_key, sandbox.imp_secret)
    first, second = (right[1], right[0]) if way == "swapped" else SECRETS
    answers = right_answers(sandbox) | {
        "imp_key": [first, right[0]],
        "imp_secret": [second, right[1]],
    }
    person = Person(answers | {"channel_key": "^C"})
    assert run(tmp_path, person, variables(sandbox)) == 1
    (refusal,) = [line for line in person.heard if line.startswith("✗")]
    assert "키가 맞지 않습니다" in refusal and first not in refusal
    assert sorted(kept.entries.values()) == sorted(right)


@pytest.mark.parametrize(
    ("backend", "is_trusted", "said"),
    [
        (NoKeyring, False, "키 보관함이 없습니다"),
        (MemoryKeyring, False, "키 보관함이 없습니다"),  # as a plain-text file: not trusted
        (LockedKeyring, True, "키 보관함이 응답하지 않습니다"),
        (HangingKeyring, True, "키 보관함이 응답하지 않습니다"),
    ],
)
def test_without_a_usable_keyring_nothing_is_stored(
    tmp_path: Path, sandbox: Sandbox, backend: type[KeyringBackend], is_trusted: bool, said: str
) -> None:
    made = backend()
    answers = right_answers(sandbox) | {"imp_key": [sandbox.imp_key, "^C"]}
    person = Person(answers)
    environ = variables(sandbox, POSAPP_KEYRING_MS="100")
    with installed(made, is_trusted=is_trusted):
        assert run(tmp_path, person, environ) == 1
    if isinstance(made, HangingKeyring):
        made.released.set()
    assert said in next(line for line in person.heard if line.startswith("✗"))
    assert getattr(made, "entries", {}) == {}
    assert "user_code" not in (tmp_path / "test/settings.toml").read_text("utf-8")
    with pytest.raises(EnvironmentProblem) as problem:
        _ = load_shop(str(tmp_path), {}).mode
    assert problem.value.code is EnvironmentCode.SHOP_NOT_SET_UP


def test_a_test_channel_is_refused_where_payments_are_real(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sandbox stands in for PortOne's published host, which real keys go to only."""
    monkeypatch.setattr("posapp.portone.settings.is_published", lambda name, base: True)
    monkeypatch.setattr("posapp.domain.settings.is_published", lambda name, base: True)
    answers = right_answers(sandbox) | {"start": "3", "channel_key": ["1", "^C"]}
    person = Person(answers)
    environ = variables(sandbox, POSAPP_LINK_HOSTS="impay.link")
    assert run(tmp_path, person, environ) == 1
    assert [line for line in person.heard if line.startswith("✗")] == [
        "✗ 이 채널은 테스트용입니다. 실제 결제 채널을 선택해 주세요."
    ]


def test_real_keys_go_to_no_other_host(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    person = Person(right_answers(sandbox) | {"start": "3", "imp_key": [sandbox.imp_key, "^C"]})
    assert run(tmp_path, person, variables(sandbox)) == 1
    assert kept.entries == {}
    assert any("only when live" in line for line in person.heard)


def test_setup_repeats_the_question_of_a_refused_answer(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    answers = right_answers(sandbox) | {
        "start": ["9", "x", "2"],
        "business_number": ["124-81-00999", "124-81-00998"],
        "user_code": ["", sandbox.user_code],
        "channel_key": ["7", "1"],
    }
    person = Person(answers)
    assert run(tmp_path, person, variables(sandbox)) == 0
    assert [line for line in person.heard if line.startswith("✗")] == [
        "✗ 시작 방법을 선택해 주세요.",
        "✗ 시작 방법을 선택해 주세요.",
        "✗ 숫자 10자리를 확인하거나 비워 주세요.",
        "✗ imp로 시작하는 코드를 입력해 주세요.",
        "✗ 이 계정에는 선택한 카카오페이 채널이 없습니다. 채널을 다시 선택해 주세요.",
    ]


def test_back_leads_to_the_step_before_with_its_answers(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    answers = right_answers(sandbox)
    answers["shop_name"] = ["하나", "<", "둘"]
    answers["imp_key"] = ["<", sandbox.imp_key]
    answers["start"] = ["2", ""]
    person = Person(answers)
    assert run(tmp_path, person, variables(sandbox)) == 0
    assert load_shop(str(tmp_path), {}).settings.shop_name == "둘"
    assert person.asked.count("start") == 2


def test_a_stopped_set_up_goes_on_where_it_was(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    person = Person(right_answers(sandbox) | {"imp_secret": "^C"})
    assert run(tmp_path, person, variables(sandbox)) == 1
    assert "posapp setup" in person.heard[-1]
    again = Person(right_answers(sandbox))
    assert run(tmp_path, again, variables(sandbox)) == 0
    assert again.asked == ["imp_key", "imp_secret", "user_code", "channel_key", *MANAGER, *LAST]
    assert load_shop(str(tmp_path), {}).settings.shop_name == "하나 베이커리"


def staff_of(root: Path, kept: MemoryKeyring) -> list[tuple[str, StaffRole]]:
    shop = load_shop(str(root), {})
    with opened_staff(shop.home, shop.mode, KeyringSecrets()) as (directory, _):
        return [(one.name, one.role) for one in directory.entries()]


def test_the_first_manager_signs_in_and_the_code_sets_a_pin(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    person = Person(right_answers(sandbox))
    assert run(tmp_path, person, variables(sandbox)) == 0
    assert staff_of(tmp_path, kept) == [("이서준", StaffRole.MANAGER)]
    shop = load_shop(str(tmp_path), {})
    with opened_staff(shop.home, shop.mode, KeyringSecrets()) as (directory, sign_in):
        assert sign_in.sign_in(1, "284613").name == "이서준"
        directory.recover(person.code, 1, "764205")
        assert sign_in.sign_in(1, "764205").id == 1


def test_a_code_that_was_not_written_down_is_made_anew(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    """The manager of the set-up that was left is renamed, not joined by another one."""
    left = Person(right_answers(sandbox) | {"recovery_group_5": ["WXYZ", "^C"]})
    assert run(tmp_path, left, variables(sandbox)) == 1
    assert any("코드" in line for line in left.heard if line.startswith("✗"))
    again = Person(right_answers(sandbox) | {"manager_name": "박지우"})
    assert run(tmp_path, again, variables(sandbox)) == 0
    assert again.asked == [*MANAGER, *LAST]
    assert staff_of(tmp_path, kept) == [("박지우", StaffRole.MANAGER)]
    assert again.code != left.code


def test_a_pin_that_is_too_easy_is_named_and_entered_again(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    twice = {name: ["123456", "2846", "284613"] for name in ("manager_pin", "manager_pin_again")}
    person = Person(right_answers(sandbox) | twice)
    assert run(tmp_path, person, variables(sandbox)) == 0
    assert [line for line in person.heard if line.startswith("✗")] == [
        "✗ 쉬운 PIN입니다. 다른 번호로 정해 주세요.",
        "✗ PIN은 숫자 4자리나 6자리로 정해 주세요. 환불할 수 있는 직원의 PIN은 6자리입니다.",
    ]


def test_a_shop_that_has_staff_is_set_up_again_by_one_of_its_managers(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    assert run(tmp_path, Person(right_answers(sandbox)), variables(sandbox)) == 0
    shop = load_shop(str(tmp_path), {})
    with opened_staff(shop.home, shop.mode, KeyringSecrets()) as (directory, sign_in):
        boss = Actor.staff(sign_in.sign_in(1, "284613").id)
        directory.add(boss, "박점원", StaffRole.CASHIER, "7412")
    for name, pin in (("도둑", "284613"), ("이서준", "764205"), ("박점원", "7412")):
        asked = {"manager_name": name, "manager_pin": pin, "manager_pin_again": [pin, "^C"]}
        stranger = Person(right_answers(sandbox) | asked)
        assert run(tmp_path, stranger, variables(sandbox)) == 1
        assert any(line.startswith("✗") for line in stranger.heard)
    again = Person(right_answers(sandbox))
    assert run(tmp_path, again, variables(sandbox)) == 0
    assert len(staff_of(tmp_path, kept)) == 2
    with opened_staff(shop.home, shop.mode, KeyringSecrets()) as (directory, _):
        directory.recover(again.code, 1, "764205")


def test_the_window_of_the_set_up_holds_the_folder_that_the_manager_is_added_to(
    tmp_path: Path, kept: MemoryKeyring
) -> None:
    """A shop that is in the user's folder itself: its lock is this program's own."""
    home = Home(tmp_path)
    with SingleInstance(home.lock, home.database):
        for held, is_refused in ((None, True), (home, False)):
            manager = ShopFirstManager(lambda _: home, lambda _: KeyringSecrets(), held, CHEAP)
            if is_refused:
                with pytest.raises(EnvironmentProblem) as problem:
                    manager.create(Mode.TEST, "이서준", "284613")
                assert problem.value.code is EnvironmentCode.DATABASE_IN_USE
            else:
                assert manager.create(Mode.TEST, "이서준", "284613").count("-") == 5


@pytest.mark.parametrize("note", ["", "{", "[]", '{"step": "moon", "answers": {}}', "7"])
def test_a_damaged_note_begins_anew(tmp_path: Path, note: str) -> None:
    (tmp_path / "setup.json").write_text(note)
    person = Person({"language": "", "theme": "", "start": "1"})
    assert run(tmp_path, person, {}) == 0
    assert person.asked == ["language", "theme", "text_size", "start"]


def test_practice_and_test_share_no_folder_and_the_last_one_made_is_opened(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    run(tmp_path, Person({"language": "", "theme": "", "start": "1"}), {})
    run(tmp_path, Person(right_answers(sandbox)), variables(sandbox))
    assert load_shop(str(tmp_path), {}).mode is Mode.TEST
    assert load_shop(str(tmp_path / "demo"), {}).mode is Mode.DEMO
    run(tmp_path, Person({"language": "", "theme": "", "start": "1"}), {})
    assert load_shop(str(tmp_path), {}).mode is Mode.DEMO


def test_orders_imported_before_set_up_stay_with_the_shop(
    tmp_path: Path, sandbox: Sandbox, kept: MemoryKeyring
) -> None:
    lines = Path(__file__).parents[2] / "resources/demo/order_lines.csv"
    main(["import", "orders", str(lines), "--home", str(tmp_path), "--sellers"])
    assert (tmp_path / "posapp.db").exists()
    assert run(tmp_path, Person(right_answers(sandbox)), variables(sandbox)) == 0
    shop = load_shop(str(tmp_path), {})
    assert (shop.home.root, shop.mode) == (tmp_path, Mode.TEST)
    run(tmp_path, Person({"language": "", "theme": "", "start": "1"}), {})
    assert load_shop(str(tmp_path), {}).home.root == tmp_path / "demo"


@pytest.mark.parametrize("name", ["..", "/etc", "demo/..", "DEMO", "\x00"])
def test_a_damaged_name_of_the_shop_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / CURRENT).write_text(name)
    with pytest.raises(EnvironmentProblem) as problem:
        load_shop(str(tmp_path), {})
    assert problem.value.code is EnvironmentCode.SETTINGS_BAD
    assert CURRENT in problem.value.detail


def test_a_folder_without_shops_is_one_itself(tmp_path: Path) -> None:
    assert ShopFolders(tmp_path).current().root == tmp_path
