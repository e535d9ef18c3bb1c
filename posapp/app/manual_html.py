"""The manual as web pages: ``posapp help --html DIR``.

Made of the few marks that the manual uses: headings, paragraphs, lists of one level, tables,
pictures, links, bold text and text to type. ``tests/ui/help/test_help_panel.py`` compares the text
with what Qt reads.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path

from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.help.manual import INDEX, Manual, Topic, manual_folder

_NAMES = {"ko": "도움말", "en": "Help"}
_NUMBERED = re.compile(r"\d+\. ")
_CSS = """body { font: 16px/1.6 Pretendard, "Noto Sans KR", sans-serif; margin: 0; }
body { color: #191f28; background: #f2f4f6; }
main, nav { max-width: 720px; margin: 0 auto; padding: 16px 24px; }
main { background: #fff; min-height: 100vh; }
h1 { font-size: 28px; }
h2 { font-size: 20px; margin-top: 32px; }
a { color: #1650b8; }
img { max-width: 100%; border: 1px solid #e5e8eb; }
code { font-size: 15px; background: #f2f4f6; padding: 0 4px; }
table { border-collapse: collapse; width: 100%; }
th, td { border: 1px solid #7d8794; padding: 8px; text-align: left; vertical-align: top; }
"""


def write_html(folder: Path) -> list[Path]:
    """Write the whole manual, an index for all languages, and the pictures; return the pages.

    Args:
        folder: is made if it is missing; pages of an earlier manual are replaced.

    Raises:
        OSError: it cannot be written.
    """
    written = []
    for language in LANGUAGES:
        manual = Manual(language)
        (folder / language).mkdir(parents=True, exist_ok=True)
        for topic in manual.topics.values():
            path = folder / language / f"{topic.id}.html"
            path.write_text(_page(topic, language), "utf-8")
            written.append(path)
    (folder / "style.css").write_text(_CSS, "utf-8")
    links = "".join(
        f'<li><a href="{language}/{INDEX}.html" lang="{language}">{_NAMES[language]}</a></li>'
        for language in LANGUAGES
    )
    first = folder / f"{INDEX}.html"
    first.write_text(_frame("posapp", "", "style.css", f"<h1>posapp</h1><ul>{links}</ul>"), "utf-8")
    pictures = manual_folder() / "pictures"
    shutil.copytree(pictures, folder / "pictures", dirs_exist_ok=True)
    return [first, *written]


def to_html(markdown: str) -> str:
    """Return the body of a page."""
    return "\n".join(_blocks(markdown.splitlines()))


def _page(topic: Topic, language: str) -> str:
    ways = f'<a href="{INDEX}.html">{_NAMES[language]}</a>'
    others = (
        f' · <a href="../{other}/{topic.id}.html" lang="{other}">{_NAMES[other]}</a>'
        for other in LANGUAGES
        if other != language
    )
    nav = f"<nav>{ways}{''.join(others)}</nav>"
    return _frame(topic.title, language, "../style.css", nav, to_html(topic.text))


def _frame(title: str, language: str, style: str, nav: str, body: str = "") -> str:
    return (
        f'<!doctype html>\n<html lang="{language or "ko"}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)}</title><link rel="stylesheet" href="{style}"></head>\n'
        f"<body>{nav}<main>\n{body}\n</main></body></html>\n"
    )


def _blocks(lines: list[str]) -> Iterator[str]:
    for kind, block in groupby(lines, _kind):
        parts = list(block)
        if kind == "heading":
            yield from (_heading(line) for line in parts)
        elif kind == "ol":
            yield _list("ol", [_NUMBERED.sub("", line, count=1) for line in parts])
        elif kind == "ul":
            yield _list("ul", [line[2:] for line in parts])
        elif kind == "table":
            yield _table(parts)
        elif kind == "text":
            yield f"<p>{_inline(' '.join(parts))}</p>"


def _kind(line: str) -> str:
    if line.startswith("#"):
        return "heading"
    if line.startswith("- "):
        return "ul"
    if line.startswith("|"):
        return "table"
    if _NUMBERED.match(line):
        return "ol"
    return "text" if line.strip() else ""


def _heading(line: str) -> str:
    marks, _, text = line.partition(" ")
    return f"<h{len(marks)}>{_inline(text)}</h{len(marks)}>"


def _list(tag: str, items: list[str]) -> str:
    return f"<{tag}>" + "".join(f"<li>{_inline(item)}</li>" for item in items) + f"</{tag}>"


def _table(lines: list[str]) -> str:
    head, _, *rows = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    titles = "".join(f"<th>{_inline(cell)}</th>" for cell in head)
    cells = (
        "<tr>" + "".join(f"<td>{_inline(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{titles}</tr>{''.join(cells)}</table>"


def _inline(text: str) -> str:
    text = escape(text, quote=False)
    text = re.sub(r"!\[([^\]]*)\]\(([^)]*)\)", r'<img src="\2" alt="\1">', text)
    text = re.sub(r"\[([^\]]*)\]\((\w+)\.md\)", r'<a href="\2.html">\1</a>', text)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
