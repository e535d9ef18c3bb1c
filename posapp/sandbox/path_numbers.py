"""Numbers in a path that hold a slash, which clients write as ``%2F``.

A server decodes a path before it is matched, and the slash then separates parts. Calls of the REST
API are therefore matched undecoded, and each part is decoded alone.
"""

from __future__ import annotations

from urllib.parse import quote, unquote
from wsgiref.types import WSGIEnvironment

from werkzeug.routing import BaseConverter

WRITTEN = ("/payments", "/receipts/")
"""Prefixes of the paths that are matched undecoded."""


class Number(BaseConverter):
    """One part of a path, decoded alone."""

    def to_python(self, value: str) -> str:
        """Decode the number."""
        return unquote(value)

    def to_url(self, value: str) -> str:
        """Encode the number."""
        return quote(value, safe="")


def as_written(environ: WSGIEnvironment) -> WSGIEnvironment:
    """Return the request with its path undecoded, if it is one of the REST API."""
    path = str(environ.get("PATH_INFO", ""))
    if not path.startswith(WRITTEN):
        return environ
    raw = str(environ.get("RAW_URI") or environ.get("REQUEST_URI") or "").partition("?")[0]
    if not raw.startswith(WRITTEN):
        # Another form ("//", a whole address, an encoded letter): take the server's decoding.
        raw = quote(path.encode("latin-1"), safe="/")
    return {**environ, "PATH_INFO": raw}
