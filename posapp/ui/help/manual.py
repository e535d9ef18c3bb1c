"""The manual: its pages in one language, their titles, and the search in them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from posapp.ui.core.resources import resource

INDEX = "index"
"""The page that lists all others."""

SUFFIX = ".md"

_EXCERPT = 90
"""Characters of a page that a result of the search shows at most."""

_MARK = re.compile(r"[*#|]+|^[-\s:]+$|^\s*(?:-|\d+\.)\s")
_LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]*)\)")
_LINKED_PAGE = re.compile(r"\]\((\w+)\.md\)")


@dataclass(frozen=True, slots=True)
class Topic:
    """One page of the manual.

    Attributes:
        id: the name of its file, without suffix; a page of the window has that of its route.
        text: Markdown, its first line the title.
    """

    id: str
    text: str

    @property
    def title(self) -> str:
        """Return the title."""
        return self.text.partition("\n")[0].lstrip("# ").strip()

    @property
    def plain_lines(self) -> list[str]:
        """Return the text below the title without its marks, for the search."""
        body = self.text.partition("\n")[2]
        without = _LINK.sub(lambda link: "" if link[0][0] == "!" else link[1], body)
        lines = (_MARK.sub(" ", line) for line in without.splitlines())
        return [" ".join(line.split()) for line in lines if line.strip(" -:")]


@dataclass(frozen=True, slots=True)
class Found:
    """A page that the search found, with the line that shows why."""

    topic: Topic
    excerpt: str


class Manual:
    """Reads the pages of one language at their first use.

    Args:
        language: ``"ko"`` or ``"en"``.
        folder: contains a folder a language; ``None`` is the program's own manual.
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        self.folder = (folder or manual_folder()) / language

    @cached_property
    def topics(self) -> dict[str, Topic]:
        """Return the pages by id, in the order of the index."""
        read = {
            path.stem: Topic(path.stem, path.read_text("utf-8"))
            for path in sorted(self.folder.glob(f"*{SUFFIX}"))
        }
        order = [INDEX, *_LINKED_PAGE.findall(read[INDEX].text if INDEX in read else "")]
        return {name: read[name] for name in (*order, *read) if name in read}

    def topic(self, name: str) -> Topic:
        """Return a page; the index if there is none of that name.

        Raises:
            KeyError: the manual has no index.
        """
        return self.topics.get(name) or self.topics[INDEX]

    def search(self, text: str) -> list[Found]:
        """Return the pages that contain every word of a text, those with it in the title first."""
        parts = [_folded(part) for part in text.split()]
        found = []
        for topic in self.topics.values():
            title, lines = _folded(topic.title), topic.plain_lines
            whole = f"{title} {_folded(' '.join(lines))}"
            if parts and topic.id != INDEX and all(part in whole for part in parts):
                in_title = any(part in title for part in parts)
                found.append((not in_title, Found(topic, _excerpt(lines, parts))))
        return [one for _, one in sorted(found, key=lambda pair: pair[0])]


def manual_folder() -> Path:
    """Return the folder of the manual: among the resources once installed, else in ``docs``."""
    inside = resource("manual")
    return inside if inside.is_dir() else resource().parent / "docs" / "manual"


def _excerpt(lines: list[str], parts: list[str]) -> str:
    """Return the first line with one of the parts, cut around it."""
    for line in lines:
        folded = _folded(line)
        at = min((folded.find(part) for part in parts if part in folded), default=-1)
        if at >= 0:
            start = max(0, min(at - _EXCERPT // 3, len(line) - _EXCERPT))
            cut = line[start : start + _EXCERPT]
            before = "…" if start else ""
            return before + cut + ("…" if start + _EXCERPT < len(line) else "")
    return lines[0][:_EXCERPT] if lines else ""


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
