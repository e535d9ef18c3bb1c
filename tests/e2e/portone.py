"""PortOne's stand-in in a process of its own: it outlives every till."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import requests

from tests.e2e.deadline import PATIENCE
from tests.e2e.program import ROOT, environment


class PortOne:
    """``posapp sandbox``, known only by what it says of itself and by HTTP."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "posapp", "sandbox", "--port", "0"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.told: dict[str, str] = json.loads(self._process.stdout.readline())
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def keys(self) -> dict[str, str]:
        """What a shop keeps in its keyring."""
        return {name: self.told[name] for name in ("imp_key", "imp_secret")}

    def settings(self, through: Callable[[str], str] = lambda base: base) -> dict[str, str]:
        """The variables that lead a till here, straight or through something on the way."""
        return {
            "POSAPP_MODE": "test",
            "POSAPP_API_BASE": through(self.told["api"]),
            "POSAPP_LINK_BASE": through(self.told["link_api"]),
            "POSAPP_LINK_HOSTS": self.told["api"],
            "POSAPP_USER_CODE": self.told["user_code"],
            "POSAPP_CHANNEL_KEY": self.told["channel_key"],
            "POSAPP_POLL_MS": "500",
        }

    def balance(self, merchant_uid: str) -> int:
        """Won that it took for a number, less what it gave back."""
        books: dict[str, Any] = self._session.get(
            f"{self.told['api']}/sandbox/books.json",
            headers={"X-Sandbox-Secret": self.told["dial_secret"]},
            timeout=PATIENCE,
        ).json()
        mine = (one for one in books["payments"] if one["merchant_uid"] == merchant_uid)
        return sum(int(one["balance"]) for one in mine)

    def stop(self) -> None:
        self._session.close()
        self._process.terminate()
        self._process.wait(PATIENCE)
        assert self._process.stdout is not None
        self._process.stdout.close()
