"""Only the user who starts the demo can receive its dial's secret."""

import pytest
import requests

from posapp.app.demo import open_demo
from posapp.app.shop_config import load_shop
from posapp.domain.errors import EnvironmentCode, EnvironmentProblem
from posapp.sandbox.door import SECRET
from posapp.system.clock import SystemClock
from posapp.system.ids import RandomIds


@pytest.mark.parametrize("secret", [None, "handed-over-by-the-caller"])
def test_demo_dial_is_for_the_user_who_started_it(tmp_path, monkeypatch, secret):
    monkeypatch.delenv(SECRET, raising=False)
    if secret is not None:
        monkeypatch.setenv(SECRET, secret)
    demo = open_demo(
        load_shop(str(tmp_path), {}, {"mode": "demo"}), SystemClock(), RandomIds, lambda: None
    )
    try:
        assert secret in (None, demo.sandbox.dial_secret)
        dial = demo.sandbox.api + "/sandbox/faults"
        assert requests.get(dial, timeout=5).status_code == 401
        shown = {"X-Sandbox-Secret": demo.sandbox.dial_secret}
        assert requests.get(dial, headers=shown, timeout=5).status_code == 200
        for path in tmp_path.rglob("*"):
            if path.is_file():
                assert demo.sandbox.dial_secret.encode() not in path.read_bytes(), path
    finally:
        demo.close()


def test_a_secret_that_is_too_short_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv(SECRET, "short")
    with pytest.raises(EnvironmentProblem) as raised:
        open_demo(
            load_shop(str(tmp_path), {}, {"mode": "demo"}), SystemClock(), RandomIds, lambda: None
        )
    assert raised.value.code is EnvironmentCode.SETTINGS_BAD
    assert SECRET in str(raised.value)
