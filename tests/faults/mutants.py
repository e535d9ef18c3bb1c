"""A till without the guards, for the twins of the fault tests."""

from __future__ import annotations

import requests

from posapp.domain.money import Won
from tests.fakes.till import Till


class BlindSender:
    """Sends a cancel again whenever the answer was lost: no reading first, no checksum."""

    def __init__(self, till: Till) -> None:
        self._till = till
        keys = {"imp_key": till.sandbox.imp_key, "imp_secret": till.sandbox.imp_secret}
        answer = requests.post(f"{till.sandbox.api}/users/getToken", json=keys, timeout=5)
        self._token = answer.json()["response"]["access_token"]

    def cancel(self, imp_uid: str, amount: Won, tries: int = 3, timeout: float = 2.0) -> None:
        for _ in range(tries):
            try:
                answer = requests.post(
                    f"{self._till.sandbox.api}/payments/cancel",
                    json={"imp_uid": imp_uid, "amount": int(amount), "reason": "x"},
                    headers={"Authorization": f"Bearer {self._token}"},
                    timeout=timeout,
                )
                if answer.json()["code"] == 0:
                    return
            except (requests.RequestException, ValueError):
                continue
