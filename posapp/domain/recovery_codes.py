"""Recovery code: printed once at set-up, resets a manager's PIN when nothing else can."""

from __future__ import annotations

import hashlib
import hmac

GROUP = 4
"""Letters of each group of a code. A code has 24 letters of base 32: 120 random bits."""

_READ_AS = str.maketrans("018", "OIB")
"""Digits that base 32 lacks, and the letters that people take for them."""


def format_code(letters: str) -> str:
    """Return a code in groups, as it is printed."""
    return "-".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def is_group(code: str, number: int, typed: str) -> bool:
    """Return whether this is the code's group of that number, from 1; case, blanks and the digits
    that are taken for letters do not count."""
    groups = code.split("-")
    return number <= len(groups) and _letters(typed) == groups[number - 1]


def digest_of(code: str) -> str:
    """Return the digest of a typed or printed code; case, blanks and dashes do not count. A code
    has 120 random bits, so a plain digest tells nothing about it."""
    letters = _letters(code).encode("utf-8")
    return hashlib.sha256(b"posapp recovery code\0" + letters).hexdigest()


def is_code(code: str, digest: str) -> bool:
    """Return whether this code has the digest."""
    return bool(digest) and hmac.compare_digest(digest_of(code), digest)


def _letters(typed: str) -> str:
    return "".join(c for c in typed.upper().translate(_READ_AS) if c.isalnum())
