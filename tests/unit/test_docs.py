"""docs/ fits the tree: links and paths lead somewhere, and what comments name is there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from posapp.services.importing.titles import NAMES
from tests.faults.table import ROWS, TABLE

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
FAULTS = DOCS / "faults.md"

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:posapp|tests|resources|docs)/[^`\s:]*)`")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
ROW = re.compile(r"^\| (\d+) \|", re.MULTILINE)

REFERENCE = re.compile(r"\bdocs/([\w./-]+\.md)")
NUMBERS = r"\d+(?:-\d+)?(?:(?:, | and | to )\d+(?:-\d+)?)*"
ROWS_OF_FAULTS = re.compile(rf"^,? (?:rows? )?({NUMBERS})")
FAULT_TEST = re.compile(r"\btest_fault_(\d{2,3})(?:_and_(\d{2,3}))?_")
ROWS_BEFORE = re.compile(rf"\b[Rr]ows ({NUMBERS}) of docs/faults\.md")
NUMBER = r"\d{1,2}(?:\.\d)?"
SECTIONS = re.compile(rf"^,? (?:section )?({NUMBER}(?:(?:, | and ){NUMBER})*)(?!\.?\w)")
QUOTED = re.compile(r'^,? "([^"]+)"')
OUTSIDE = re.compile(
    r"(?<![\w/.-])(?:\.\./)?(?:shared/|(?:spec|design|defects|screens|faults|portone|performance)\.md)"
    r"|\b[Ii]ssue \d"
)
"""Documents that lie elsewhere, or are named without their folder, and numbers of a tracker."""


def documents(root: Path) -> list[Path]:
    """The documents: README and docs/."""
    return [root / "README.md", *sorted(root.glob("docs/**/*.md"))]


def anchor(heading: str) -> str:
    """A heading as hosts of repositories link to it."""
    kept = re.sub(r"[^\w\s-]", "", heading.strip().lower())
    return re.sub(r"\s", "-", kept)


def headings(text: str) -> list[str]:
    return [found.strip() for found in HEADING.findall(text)]


def has_anchor(file: Path, place: str) -> bool:
    return file.suffix != ".md" or place in map(anchor, headings(file.read_text("utf-8")))


def broken_links(root: Path) -> list[str]:
    """Relative links of documents whose file or heading does not exist."""
    found = []
    for document in documents(root):
        for target in LINK.findall(document.read_text("utf-8")):
            if "://" in target or target.startswith("mailto:"):
                continue
            name, _, place = target.partition("#")
            file = (document.parent / name).resolve() if name else document
            if not file.exists():
                found.append(f"{document.relative_to(root)}: {target}")
            elif place and not has_anchor(file, place):
                found.append(f"{document.relative_to(root)}: no heading for {target}")
    return found


def missing_paths(root: Path) -> list[str]:
    """Paths in backticks that lead nowhere."""
    return [
        f"{document.relative_to(root)}: {path}"
        for document in documents(root)
        for path in PATH.findall(document.read_text("utf-8"))
        if not (root / path).exists()
    ]


def flowing(text: str) -> str:
    """Comments and docstrings without their line ends."""
    return re.sub(r"\n\s*(?:#:? )?", " ", text)


def numbers_in(text: str) -> set[int]:
    """The rows of "1-7, 10 and 13" and "15 to 27"."""
    found: set[int] = set()
    for first, last in re.findall(r"(\d+)(?:(?:-| to )(\d+))?", text):
        found.update(range(int(first), int(last or first) + 1))
    return found


def broken_references(name: str, text: str, docs: Path) -> list[str]:
    """References of a source to parts of docs/ that do not exist."""
    found = []
    flow = flowing(text)
    if OUTSIDE.search(flow):
        found.append(f"{name}: names a document that is not in the repository")
    for match in ROWS_BEFORE.finditer(flow):
        found += [f"{name}: no row {row}" for row in sorted(numbers_in(match[1]) - rows_in(docs))]
    tested = {int(row) for both in FAULT_TEST.findall(text) for row in both if row}
    found += [f"{name}: no row {row}" for row in sorted(tested - rows_in(docs))]
    for match in REFERENCE.finditer(flow):
        file, behind = docs / match[1], flow[match.end() : match.end() + 80]
        if not file.is_file():
            found.append(f"{name}: no docs/{match[1]}")
        elif file.name == "faults.md":
            if (rows := ROWS_OF_FAULTS.match(behind)) is not None:
                lost = sorted(numbers_in(rows[1]) - rows_in(docs))
                found += [f"{name}: no row {row}" for row in lost]
        else:
            found += [
                f"{name}: docs/{match[1]} has no {place}"
                for place in places_in(behind)
                if not has_place(file, place)
            ]
    return found


def places_in(behind: str) -> Iterable[str]:
    """The sections or the heading that follow the name of a document."""
    if (quoted := QUOTED.match(behind)) is not None:
        return [quoted[1]]
    sections = SECTIONS.match(behind)
    return re.findall(NUMBER, sections[1]) if sections is not None else []


def has_place(file: Path, place: str) -> bool:
    return any(
        heading == place or heading.startswith((f"{place} ", f"{place}. "))
        for heading in headings(file.read_text("utf-8"))
    )


@cache
def rows_in(docs: Path) -> frozenset[int]:
    return frozenset(map(int, ROW.findall((docs / "faults.md").read_text("utf-8"))))


def sources(root: Path) -> list[Path]:
    """Files that may refer to docs/. This file holds the patterns themselves."""
    texts = [*root.glob("posapp/**/*"), *root.glob("tests/**/*"), *root.glob("resources/**/*")]
    found = [path for path in texts if path.suffix in {".py", ".toml", ".sql", ".in"}]
    return sorted([*found, root / "Makefile", root / "pyproject.toml"])


# This repository


def test_every_relative_link_resolves():
    assert broken_links(ROOT) == []


def test_every_path_named_in_a_document_exists():
    assert missing_paths(ROOT) == []


def test_document_references_of_sources_exist():
    found = []
    for path in sources(ROOT):
        if path != Path(__file__).resolve():
            name = path.relative_to(ROOT).as_posix()
            found += broken_references(name, path.read_text("utf-8"), DOCS)
    assert found == []


def test_every_document_is_in_the_index():
    indices = {DOCS: DOCS / "README.md", DOCS / "adr": DOCS / "adr" / "README.md"}
    for folder, index in indices.items():
        linked = set(LINK.findall(index.read_text("utf-8")))
        assert {path.name for path in folder.glob("*.md")} - {"README.md"} <= linked


def test_the_document_of_faults_has_each_row_once_and_every_row_of_the_table():
    listed = [int(row) for row in ROW.findall(FAULTS.read_text("utf-8"))]
    assert len(listed) == len(set(listed))
    assert set(range(1, 113)) | set(ROWS) == set(listed)


def test_rows_that_are_not_built_are_those_without_a_test():
    """A reason that names a test describes a row that is tested in another file."""
    _, _, behind = FAULTS.read_text("utf-8").partition("## Not built")
    not_built = set(map(int, ROW.findall(behind)))
    no_test = {row for row, why in TABLE.items() if isinstance(why, str) and "tests/" not in why}
    assert not_built & set(TABLE) == no_test


# The twins


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("# docs/nowhere.md says so", "no docs/nowhere.md"),
        ('"""docs/specification.md 3.1"""', "has no 3.1"),
        ("# docs/specification.md 2.5,\n    # 3 and 17", "has no 17"),
        ('# docs/portone.md, "The\n# moon"', "has no The moon"),
        ("# docs/faults.md, rows 3, 11 and 906", "no row 906"),
        ("# docs/faults.md, rows 90-907", "no row 907"),
        ("# Rows 95 to 908 of docs/faults.md", "no row 908"),
        ("def test_fault_99_and_906_a_thing", "no row 906"),
        ("# see " + "spec" + ".md 4", "not in the repository"),
    ],
)
def test_unresolved_reference_is_found(text, problem):
    assert any(problem in line for line in broken_references("a.py", text, DOCS))


def test_resolved_reference_passes():
    text = (
        '# docs/specification.md 2.6, 3 and 5; docs/portone.md, "KakaoPay\n# channel";'
        " docs/faults.md, rows 4, 5 and 34, row 6 (docs/performance.md)"
    )
    assert broken_references("a.py", text, DOCS) == []


def test_unresolved_link_and_path_are_found(tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "README.md").write_text("[a](docs/a.md#the-end) [b](docs/b.md) `tests/no.py`")
    (tmp_path / "docs" / "a.md").write_text(
        "# Beginning\n[out](https://example.com) [up](../README.md)"
    )
    assert broken_links(tmp_path) == [
        "README.md: no heading for docs/a.md#the-end",
        "README.md: docs/b.md",
    ]
    assert missing_paths(tmp_path) == ["README.md: tests/no.py"]


def test_anchors_are_made_as_hosts_make_them():
    assert anchor("4. Refunding money") == "4-refunding-money"
    assert anchor("7.2 What is written") == "72-what-is-written"


MOST_FILES = {"결제 pressed → paid": 25, "승인 → refunded": 32}
"""Files that a newcomer opens at most to follow a journey."""


def test_the_journeys_name_as_many_files_as_their_table_says() -> None:
    text = (DOCS / "architecture.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (.+ → .+) \| (\d+) \| (\d+) \|$", text, re.MULTILINE)
    assert len(table) == 3
    for journey, files, below in table:
        section = re.search(rf"^### {re.escape(journey)}\n(.*?)^##", text, re.M | re.S | re.I)
        assert section is not None, journey
        named = set(re.findall(r"posapp/[\w/]+\.py", section[1]))
        lower = {one for one in named if not one.startswith(("posapp/ui/", "posapp/app/"))}
        assert (len(named), len(lower)) == (int(files), int(below)), journey
        assert len(named) <= MOST_FILES.get(journey, len(named)), journey
    assert set(MOST_FILES) <= {journey for journey, _, _ in table}


def test_readme_names_every_column_of_a_table_of_orders() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    section = text.partition("### Columns of a table of orders")[2].partition("\n#")[0]
    table = "\n".join(line for line in section.splitlines() if line.startswith("|"))
    words = set(re.findall(r"[\w]+", table))
    missing = [one for key, names in NAMES.items() for one in (key, names[0]) if one not in words]
    assert missing == []
