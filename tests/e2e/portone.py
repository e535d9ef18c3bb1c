"""PortOne's stand-in in a separate process that outlives every till."""

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
    """``posapp sandbox``, used only by its line of JSON and over HTTP."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "posapp", "sandbox", "--port", "0"],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
        )
        assert self._process.stdout is not None
        self.reported: dict[str, str] = json.loads(self._process.stdout.readline())
        self._session = requests.Session()
        self._session.trust_env = False

    @property
    def keys(self) -> dict[str, str]:
        """Return the keys for a shop's keyring."""
        return {name: self.reported[name] for name in ("imp_key", "imp_secret")}

    def settings(self, through: Callable[[str], str] = lambda base: base) -> dict[str, str]:
        """Return the variables that direct a till here, directly or ``through`` a proxy."""
        return {
            "POSAPP_MODE": "test",
            "POSAPP_API_BASE": through(self.reported["api"]),
            "POSAPP_LINK_BASE": through(self.reported["link_api"]),
            "POSAPP_LINK_HOSTS": self.reported["api"],
            "POSAPP_USER_CODE": self.reported["user_code"],
            "POSAPP_CHANNEL_KEY": self.reported["channel_key"],
            "POSAPP_POLL_MS": "500",
        }

    def balance(self, merchant_uid: str) -> int:
        """Return the won captured for a merchant_uid, less refunds."""
        books: dict[str, Any] = self._session.get(
            f"{self.reported['api']}/sandbox/books.json",
            headers={"X-Sandbox-Secret": self.reported["dial_secret"]},
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
