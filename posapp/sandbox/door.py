"""Access control of the books, the console and the dial.

Other users of this machine have no access: a request must show the secret, which the process that
started the sandbox holds and hands on. The phone pages of buyers and the service itself are open.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Request
from werkzeug.wrappers import Response

HEADER = "X-Sandbox-Secret"
COOKIE = "sandbox_door"
SECRET = "POSAPP_SANDBOX_SECRET"  # noqa: S105 - the name of a variable
"""Environment variable in which the starting process may hand over the secret."""
SHORTEST = 16
"""Least number of characters of a given secret."""


def handed_over(environ: Mapping[str, str]) -> str | None:
    """Return the secret that the starting process chose; None: the sandbox makes one."""
    return environ.get(SECRET) or None


class Door:
    """Compares requests with the secret. Immutable, hence thread-safe.

    Raises ValueError for a secret that is too short or not visible ASCII: a header carries it.
    """

    def __init__(self, secret: str | None = None) -> None:
        if secret is not None and (
            len(secret) < SHORTEST or not all("!" <= each <= "~" for each in secret)
        ):
            raise ValueError(f"a secret has at least {SHORTEST} visible ASCII characters")
        self.secret = secret or secrets.token_urlsafe(32)
        # A browser keeps this value in place of the secret.
        self._pass = secrets.token_urlsafe(32)

    def lets_in(self, request: Request) -> bool:
        """Whether the request shows the secret (header) or was admitted before (cookie)."""
        shown = request.headers.get(HEADER)
        if shown is not None:
            return self.fits(shown)
        kept = request.cookies.get(COOKIE, "")
        return secrets.compare_digest(kept.encode(), self._pass.encode())

    def fits(self, secret: str) -> bool:
        """Whether this is the secret; a comparison in constant time."""
        return secrets.compare_digest(secret.encode(), self.secret.encode())

    def admit(self, answer: Response) -> None:
        """Set the cookie that admits this browser until the sandbox ends."""
        answer.set_cookie(COOKIE, self._pass, path="/sandbox/", httponly=True, samesite="Strict")
