"""The list fits the tree: every patch applies and every named test exists. A share of the mutants
is killed here; ``make mutants`` runs them all."""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

from tests.mutants.guards import ALL
from tests.mutants.mutant import Mutant, PatchDoesNotApply
from tests.mutants.running import run_mutants

ROOT = Path(__file__).resolve().parents[2]

SHARE = (
    "zero_is_sent",
    "verify_any_amount",
    "cancel_beside_a_live_qr",
    "a_timeout_is_safe_to_send_again",
)
"""One of each room, all quick."""


def test_each_mutant_has_a_name_of_its_own():
    assert [name for name, count in Counter(one.name for one in ALL).items() if count > 1] == []


def test_every_patch_applies_and_its_tests_are_there():
    """When a guard moves, its entry moves too; when a guard is removed on purpose, so is its
    entry."""
    assert [found for mutant in ALL if (found := problem_of(mutant))] == []


def problem_of(mutant: Mutant) -> str:
    """The error of an entry, or an empty text."""
    try:
        mutant.patched(ROOT)
    except PatchDoesNotApply as error:
        return f"{mutant.name}: {error}"
    if not mutant.tests:
        return f"{mutant.name}: no tests named"
    for test in mutant.tests:
        file, _, name = test.partition("::")
        if name.partition("[")[0] not in functions_of(ROOT / file):
            return f"{mutant.name}: {test} is not there"
    return ""


def test_a_share_of_them_is_killed():
    chosen = [one for one in ALL if one.name in SHARE]
    assert len(chosen) == len(SHARE)
    assert [str(result) for result in run_mutants(chosen, ROOT) if not result.is_good] == []


@cache
def functions_of(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    tree = ast.parse(path.read_text("utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_no_patch_of_a_migration_is_undone_by_a_later_one():
    """What a later migration creates again works as that one says."""
    assert [found for mutant in ALL if (found := replaced_part_of(mutant))] == []


def replaced_part_of(mutant: Mutant) -> str:
    """The trigger, index or table that a later migration drops, or an empty text."""
    file = ROOT / mutant.file
    if file.suffix != ".sql":
        return ""
    before = file.read_text(encoding="utf-8").split(mutant.old)[0] + mutant.old
    created = re.findall(r"CREATE (?:UNIQUE )?(\w+) (\w+)", before)
    if not created:
        return ""
    kind, name = created[-1]
    later = [each for each in file.parent.glob("*.sql") if each.name > file.name]
    dropped = any(f"DROP {kind} {name};" in each.read_text("utf-8") for each in later)
    return f"{mutant.name}: {name} is created again" if dropped else ""
