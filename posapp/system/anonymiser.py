"""Takes personal data out of text of the log, for a report that leaves the shop."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from urllib.parse import unquote

from posapp.system.logging import HIDDEN, Redactor

_WORD = re.compile(r"[A-Za-z0-9_]+")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_ESCAPES = re.compile(r"(?:%[0-9a-fA-F]{2})+|(?:\\u[0-9a-fA-F]{4})+")
_SHORTEST = 2
"""Letters and digits of a text that is hidden by its value."""

_AT_ONCE = 500
"""Texts in one regular expression."""

_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",  # mail
        # phone numbers of Korea, with or without dashes and the country's number
        r"(?<!\d)(?:\+?82[-\s.]?\(?0?\)?|0)1[016789][-\s.]?\d{3,4}[-\s.]?\d{4}(?!\d)",
        r"(?<!\d)(?:\+?82[-\s.]?\(?0?\)?|0)(?:2|[3-7]\d)[-\s.)]\d{3,4}[-\s.]\d{4}(?!\d)",
        # The program logs in English: any other letters are somebody's own, also as bytes.
        r"[^\x00-\x7f]+(?:[\x20-\x7e]{0,12}[^\x00-\x7f]+)*",
        r"(?:\\U[0-9a-fA-F]{8})+",
        r"(?:\\x[0-9a-fA-F]{2})+",
    )
)


_ANYBODY = frozenset({"root", "admin", "user", "runner", ""})
"""Names of users that name nobody."""


class Anonymiser:
    """Hides what is personal in a text: by its form, by what the database contains, and secrets.

    Args:
        redactor: hides secrets.
        folders: their paths are replaced by ``~1``, ``~2`` …, since they may name people.
        user: the name of the system's user.
    """

    def __init__(self, redactor: Redactor, folders: Sequence[Path], user: str) -> None:
        self._redactor = redactor
        self._folders = {str(path): f"~{number}" for number, path in enumerate(folders, 1)}
        self._user = None if user in _ANYBODY else re.compile(_whole([user]), re.IGNORECASE)
        self._values: tuple[re.Pattern[str], ...] = ()

    def learn(self, values: Iterable[str], texts: Iterable[str]) -> None:
        """Hide from now on those of many values that occur in the texts.

        The words of the texts are few: a value of which one word is not among them does not occur.
        """
        seen = {word for text in texts for word in _WORD.findall(_decoded(text).casefold())}
        found: dict[str, list[str]] = {}
        for value in values:
            for part in _FOREIGN.split(value):  # foreign letters are hidden anyway
                parts = _WORD.findall(part)
                if sum(map(len, parts)) >= _SHORTEST and seen.issuperset(map(str.casefold, parts)):
                    found[" ".join(parts)] = parts
        longest_first = [found[value] for value in sorted(found, key=len, reverse=True)]
        self._values = tuple(
            re.compile("|".join(map(_whole, longest_first[at : at + _AT_ONCE])), re.IGNORECASE)
            for at in range(0, len(longest_first), _AT_ONCE)
        )

    def clean(self, text: str) -> str:
        """Return the text without secrets and personal data."""
        text = self._redactor.clean(text)
        for folder, sign in self._folders.items():
            text = text.replace(folder, sign).replace(folder.replace("\\", "\\\\"), sign)
        text = self._redactor.clean(_decoded(text))
        for pattern in (*self._values, *_PATTERNS, *([self._user] if self._user else [])):
            text = pattern.sub(HIDDEN, text)
        return text


def _decoded(text: str) -> str:
    """Return the text without the escapes of URLs and JSON: what they hide has a form, too."""
    text = _ESCAPES.sub(_unescaped, text)
    return re.sub(r"\\[nrt]", " ", text)


def _unescaped(match: re.Match[str]) -> str:
    if match[0].startswith("%"):
        return unquote(match[0], errors="replace")
    units = bytes.fromhex(match[0].replace("\\u", ""))
    return units.decode("utf-16-be", errors="replace")


def _whole(parts: Sequence[str]) -> str:
    """Return a pattern of words with whatever is between them, not within longer words."""
    between = r"[^A-Za-z0-9_]{1,8}".join(map(re.escape, parts))
    return rf"(?<![A-Za-z0-9_]){between}(?![A-Za-z0-9_])"
