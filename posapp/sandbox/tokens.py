"""Access tokens of the V1 API.

The documented rule: a token lives 30 minutes. A further call returns the same token with the same
end; a call in its last minute adds 5 minutes; a call after its end makes a new one.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .behaviour import Behaviour
from .envelopes import ApiRefusal, unauthorized

LIFETIME = 30 * 60
"""Lifetime of a token in seconds."""
LAST_MINUTE = 60
"""Seconds before its end in which a further call extends it."""
EXTENSION = 5 * 60
"""Seconds added in the last minute."""


@dataclass(frozen=True, slots=True)
class Token:
    """An answer of getToken; times in unix seconds."""

    access_token: str
    expired_at: int
    now: int


class TokenDesk:
    """Issues and checks tokens. Thread-safe."""

    def __init__(
        self, imp_key: str, imp_secret: str, clock: Callable[[], float], conduct: Behaviour
    ) -> None:
        self._imp_key = imp_key
        self._imp_secret = imp_secret
        self._clock = clock
        self._conduct = conduct
        self._lock = threading.Lock()
        self._current: str | None = None
        self._ends: dict[str, int] = {}

    def issue(self, imp_key: str, imp_secret: str) -> Token:
        """Return the token for these keys; :class:`ApiRefusal` (401) for missing or wrong keys."""
        if not imp_key or not imp_secret:
            raise ApiRefusal(401, -1, "imp_key, imp_secret 파라메터가 누락되었습니다.")
        right = secrets.compare_digest(imp_key.encode(), self._imp_key.encode())
        right &= secrets.compare_digest(imp_secret.encode(), self._imp_secret.encode())
        if not right or self._conduct.keys_refused:
            raise ApiRefusal(401, -1, "인증에 실패하였습니다. API키와 secret을 확인하세요.")
        now = int(self._clock())
        with self._lock:
            token = self._current
            if token is None or self._ends[token] <= now:
                token = self._current = secrets.token_hex(20)
                self._ends[token] = now + LIFETIME
            elif self._ends[token] - now <= LAST_MINUTE:
                self._ends[token] += EXTENSION
            return Token(token, self._ends[token], now)

    def check(self, authorization: str, at: float | None = None) -> None:
        """Raise :class:`ApiRefusal` (401) unless the header's token is valid ``at`` a time (now).

        Both ``Bearer <token>`` and the bare token are accepted, as by the real service. A call with
        a delayed effect is checked at the time of its arrival.
        """
        token = authorization.strip()
        if token.lower().startswith("bearer "):
            token = token[len("bearer ") :].strip()
        moment = self._clock() if at is None else at
        with self._lock:
            if self._ends.get(token, 0) <= moment:
                raise unauthorized()

    def revoke(self) -> None:
        """Expire all tokens now."""
        with self._lock:
            self._current = None
            self._ends.clear()
