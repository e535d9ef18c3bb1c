"""Numbers in a path that hold a slash, written ``%2F`` by whoever asks.

A server decodes a path before it is matched, and the slash is then one between parts. Calls of the
REST API are therefore matched as they were written, and each part is decoded alone.
"""

from __future__ import annotations

from urllib.parse import quote, unquote
from wsgiref.types import WSGIEnvironment

from werkzeug.routing import BaseConverter

WRITTEN = "/payments"
"""Where paths are matched as they were written."""


class Number(BaseConverter):
    """One part of a path, decoded alone."""

    def to_python(self, value: str) -> str:
        """The number that was meant."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """The part as it is written."""
        return quote(value, safe="")


def as_written(environ: WSGIEnvironment) -> WSGIEnvironment:
    """The request with its path as it was written, if it is one of the REST API."""
    path = str(environ.get("PATH_INFO", ""))
    if not path.startswith(WRITTEN):
        return environ
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "").partition("?")[0]
    if not raw.startswith(WRITTEN):
        # Written in another way ("//", a whole address, an encoded letter): as the server read it.
        raw = quote(path.encode("latin-1"), safe="/")
    return {**environ, "PATH_INFO": raw}
