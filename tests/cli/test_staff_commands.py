"""`posapp staff` in a terminal: PINs are asked for and never arguments."""

from __future__ import annotations

import getpass
from pathlib import Path

import pytest

from posapp import cli
from posapp.app.shop_config import load_shop
from posapp.app.staff_commands import StaffCommand
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from tests.fakes.till import CHEAP
from tests.fakes.world import FakeSecrets

BOSS, KIM = "905182", "2580"


class Terminal:
    """Answers questions in their order."""

    def __init__(self) -> None:
        self.answers: list[str] = []
        self.questions: list[str] = []

    def ask(self, question: str) -> str:
        self.questions.append(question)
        return self.answers.pop(0)


@pytest.fixture
def terminal() -> Terminal:
    return Terminal()


@pytest.fixture
def staff(tmp_path: Path, terminal: Terminal) -> StaffCommand:
    return StaffCommand(load_shop(str(tmp_path), {}), terminal.ask, FakeSecrets(), CHEAP)


def set_up(staff: StaffCommand, terminal: Terminal) -> str:
    terminal.answers = [BOSS, BOSS]
    return staff.add("점장", StaffRole.MANAGER, None, "").lines[1].removeprefix("복구 코드: ")


def test_first_person_is_a_manager_and_gets_a_recovery_code(
    staff: StaffCommand, terminal: Terminal
) -> None:
    assert staff.list().lines == ("등록된 직원이 없습니다. 누구나 점장으로 작업할 수 있습니다.",)
    with pytest.raises(UserError) as refused:
        staff.add("김하나", StaffRole.CASHIER, None, "")
    assert refused.value.code is ErrorCode.STAFF_FIRST_MANAGER
    code = set_up(staff, terminal)
    assert len(code.replace("-", "")) == 24
    assert staff.list().lines == ("1 점장 · 점장 · 사용",)


def test_manager_adds_resets_and_removes(staff: StaffCommand, terminal: Terminal) -> None:
    set_up(staff, terminal)
    terminal.answers = [BOSS, KIM, KIM]
    assert staff.add("김하나", StaffRole.CASHIER, None, "").lines == ("김하나 님을 등록했습니다.",)
    assert terminal.questions[-3:] == [
        "점장 님의 PIN: ", "김하나 님의 새 PIN: ", "새 PIN 다시 입력: "
    ]  # fmt: skip
    terminal.answers = [BOSS, "4680", "4680"]
    assert staff.reset_pin("김하나", "", recovery=False).code == 0
    terminal.answers = [BOSS]
    assert staff.deactivate("김하나", "점장").code == 0
    assert staff.list().lines[1] == "2 김하나 · 점원 · 사용 중지"


def test_own_pin_is_changed_by_the_old_one(staff: StaffCommand, terminal: Terminal) -> None:
    set_up(staff, terminal)
    terminal.answers = [BOSS, "581903", "581903"]
    assert staff.change_pin("점장").code == 0
    terminal.answers = [BOSS, "764205", "764205"]
    with pytest.raises(UserError) as refused:
        staff.change_pin("점장")
    assert refused.value.code is ErrorCode.PIN_WRONG
    terminal.answers = ["581903", "764205", "764206"]
    assert staff.change_pin("점장").code == 1


def test_two_different_pins_change_nothing(staff: StaffCommand, terminal: Terminal) -> None:
    terminal.answers = [BOSS, "905183"]
    assert staff.add("점장", StaffRole.MANAGER, None, "").code == 1
    assert "등록된 직원이 없습니다" in staff.list().lines[0]


@pytest.mark.parametrize(("by", "pin"), [("", "440718"), ("아무개", BOSS), ("김하나", KIM)])
def test_nobody_but_a_manager_changes_staff(
    staff: StaffCommand, terminal: Terminal, by: str, pin: str
) -> None:
    set_up(staff, terminal)
    terminal.answers = [BOSS, KIM, KIM]
    staff.add("김하나", StaffRole.CASHIER, None, "")
    terminal.answers = [pin, "4680", "4680"]
    with pytest.raises(UserError) as refused:
        staff.reset_pin("김하나", by, recovery=False)
    assert refused.value.code in (ErrorCode.PIN_WRONG, ErrorCode.NOT_PERMITTED)


def test_with_several_managers_one_is_named(staff: StaffCommand, terminal: Terminal) -> None:
    set_up(staff, terminal)
    terminal.answers = [BOSS, "581903", "581903"]
    staff.add("둘째", StaffRole.MANAGER, None, "")
    assert staff.deactivate("둘째", "").code == 1
    terminal.answers = ["581903"]
    assert staff.deactivate("점장", "둘째").code == 0


def test_recovery_in_a_terminal(staff: StaffCommand, terminal: Terminal) -> None:
    code = set_up(staff, terminal)
    terminal.answers = [code, "581903", "581903"]
    result = staff.reset_pin("점장", "", recovery=True)
    assert result.code == 0
    assert result.lines[1].startswith("복구 코드: ")
    assert code not in result.lines[1]


def test_command_asks_with_getpass_and_prints_no_pin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "settings.toml").write_text('mode = "demo"\n', "utf-8")
    monkeypatch.setattr(getpass, "getpass", lambda prompt: BOSS)
    monkeypatch.setattr(
        "posapp.system.pin_hashing.measure_cost", lambda milliseconds, start=CHEAP: CHEAP
    )
    home = ["--home", str(tmp_path)]
    assert cli.main(["staff", "add", "점장", "--role", "manager", *home]) == 0
    assert cli.main(["staff", *home, "list"]) == 0
    assert cli.main(["ledger", *home, "verify"]) == 0
    out = capsys.readouterr().out
    assert "1 점장 · 점장 · 사용" in out
    assert "직원 기록에 이상이 없습니다. 1행을 확인했습니다." in out
    assert "직원 기록의 봉인에도 이상이 없습니다." in out
    assert BOSS not in out
    with pytest.raises(SystemExit):
        cli.main(["staff", *home, "add", "김", "--pin", "2580"])
