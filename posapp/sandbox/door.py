"""Who may look into the books, cancel in the console and turn the dial.

This machine may have other users: being on it is not enough. Whoever started the sandbox holds its
secret and hands it on; the phone pages of buyers and the service itself stay open to all.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Request
from werkzeug.wrappers import Response

HEADER = "X-Sandbox-Secret"
COOKIE = "sandbox_door"
SECRET = "POSAPP_SANDBOX_SECRET"  # noqa: S105 - the name of a variable
"""The variable in which a starting process may hand over the secret."""
SHORTEST = 16
"""Characters that a secret of one's own has at least."""


def handed_over(environ: Mapping[str, str]) -> str | None:
    """The secret that the starting process chose; None: it left that to the sandbox."""
    return environ.get(SECRET) or None


class Door:
    """Compares what a request shows with the secret. Thread-safe: nothing here ever changes.

    Raises ValueError for a secret that is too short, or no visible ASCII: a header has to carry it.
    """

    def __init__(self, secret: str | None = None) -> None:
        if secret is not None and (
            len(secret) < SHORTEST or not all("!" <= each <= "~" for each in secret)
        ):
            raise ValueError(f"a secret has at least {SHORTEST} visible ASCII characters")
        self.secret = secret or secrets.token_urlsafe(32)
        # What a browser keeps is not the secret itself.
        self._pass = secrets.token_urlsafe(32)

    def lets_in(self, request: Request) -> bool:
        """Whether the request shows the secret (header), or was let in before (cookie)."""
        shown = request.headers.get(HEADER)
        if shown is not None:
            return self.fits(shown)
        kept = request.cookies.get(COOKIE, "")
        return secrets.compare_digest(kept.encode(), self._pass.encode())

    def fits(self, secret: str) -> bool:
        """Whether this is the secret; in time that tells nothing of it."""
        return secrets.compare_digest(secret.encode(), self.secret.encode())

    def admit(self, answer: Response) -> None:
        """Let the browser that gets this answer in from now on, until the sandbox ends."""
        answer.set_cookie(COOKIE, self._pass, path="/sandbox/", httponly=True, samesite="Strict")
