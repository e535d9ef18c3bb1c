"""``posapp demo`` as a newcomer starts it: nothing beside it but a screen and a phone."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.deadline import PATIENCE, eventually
from tests.e2e.phone import Phone
from tests.e2e.program import ROOT, Program, environment
from tests.e2e.screen import VirtualScreen
from tests.e2e.secrets import artefacts, sees, token_of
from tests.e2e.shop import merchant_uids, open_order, read_books

SANDBOX_BOOKS = "sandbox.json"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def demo(home: Path, tmp_path: Path) -> Iterator[Program]:
    with VirtualScreen() as screen:
        at_home = {"POSAPP_START_SCREEN": "home"}
        program = Program(("demo", "--home", str(home)), screen, tmp_path, at_home)
        yield program
        program.end()


def test_the_demo_shop_takes_a_payment(demo: Program, home: Path, phone: Phone) -> None:
    """The command alone, seen by its pictures and its files only."""
    demo.wait_for_window()
    _, order = eventually(lambda: open_order(home), "no open order in the demo shop")
    # Its imported payments are shown once the till has asked PortOne for them.
    eventually(lambda: read_books(home, order).money, "the demo shop has no past")
    before = read_books(home, order)
    demo.type_order(order)

    def code_after_enter() -> tuple[str, ...]:
        # Enter presses 결제 as soon as the order is there; before that and beside a QR, nothing.
        demo.type("Return")
        return demo.screen.picture().codes()

    eventually(code_after_enter, lambda: demo.reported("no QR on the screen"))
    phone.open(demo.wait_for_code())
    phone.press("pay")
    phone.wait_to_read("결제가 완료되었습니다")
    demo.wait_for_no_code()

    after = read_books(home, order)
    (merchant_uid,) = merchant_uids(home, order)
    (paid,) = after.payments
    waiting = before.items.count("WAITING_FOR_PAYMENT")
    assert waiting > 0
    assert after.items.count("COMPLETE_PAYMENT") == waiting
    assert "WAITING_FOR_PAYMENT" not in after.items
    assert paid[0] == "ACCEPTED"
    assert paid[1] > 0
    assert after.money == before.money + paid[1]
    in_the_sandbox = json.loads((home / SANDBOX_BOOKS).read_text(encoding="utf-8"))
    keys = in_the_sandbox["secrets"]
    # The sandbox's own books hold its keys, and so does their next version while it is written
    # beside them. They are the sandbox's data and no file of the till.
    reported = artefacts(demo, home, without=(SANDBOX_BOOKS,))
    assert sees(merchant_uid, reported), "the search itself finds nothing"
    secrets = (keys["imp_key"], keys["imp_secret"], token_of(sandbox_at(home), keys))
    assert [place for secret in secrets for place in sees(secret, reported)] == []

    assert demo.close() == 0
    verified = subprocess.run(
        [sys.executable, "-m", "posapp", "ledger", "verify", "--home", str(home)],
        cwd=ROOT,
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert verified.returncode == 0


def sandbox_at(home: Path) -> str:
    """Where the sandbox inside the demo listens."""
    return f"http://127.0.0.1:{(home / 'sandbox.port').read_text(encoding='ascii')}"
