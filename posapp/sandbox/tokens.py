"""Access tokens of the V1 API.

The documented rule: a token lives 30 minutes; asked again it is the same one with the same end;
asked in its last minute, 5 minutes are added; after its end a new one is made.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass

from .answers import Refusal, unauthorized
from .conduct import Conduct

LIFETIME = 30 * 60
"""Seconds that a token lives."""
LAST_MINUTE = 60
"""Seconds before its end in which asking again extends it."""
EXTENSION = 5 * 60
"""Seconds added in the last minute."""


@dataclass(frozen=True, slots=True)
class Token:
    """An answer of getToken; times in unix seconds."""

    access_token: str
    expired_at: int
    now: int


class TokenDesk:
    """Gives out tokens and checks them. Thread-safe."""

    def __init__(
        self, imp_key: str, imp_secret: str, clock: Callable[[], float], conduct: Conduct
    ) -> None:
        self._imp_key = imp_key
        self._imp_secret = imp_secret
        self._clock = clock
        self._conduct = conduct
        self._lock = threading.Lock()
        self._current: str | None = None
        self._ends: dict[str, int] = {}

    def issue(self, imp_key: str, imp_secret: str) -> Token:
        """The token for these keys; :class:`Refusal` (401) for missing or wrong keys."""
        if not imp_key or not imp_secret:
            raise Refusal(401, -1, "imp_key, imp_secret 파라메터가 누락되었습니다.")
        right = secrets.compare_digest(imp_key.encode(), self._imp_key.encode())
        right &= secrets.compare_digest(imp_secret.encode(), self._imp_secret.encode())
        if not right or self._conduct.keys_refused:
            raise Refusal(401, -1, "인증에 실패하였습니다. API키와 secret을 확인하세요.")
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
        """:class:`Refusal` (401) unless the header's token was good ``at`` that time (now).

        Both ``Bearer <token>`` and the bare token are taken, as the real service does. A call
        whose effect is dialled to land late is judged by the time it arrived.
        """
        token = authorization.strip()
        if token.lower().startswith("bearer "):
            token = token[len("bearer ") :].strip()
        moment = self._clock() if at is None else at
        with self._lock:
            if self._ends.get(token, 0) <= moment:
                raise unauthorized()

    def revoke(self) -> None:
        """All tokens are over from now on, before their time."""
        with self._lock:
            self._current = None
            self._ends.clear()
