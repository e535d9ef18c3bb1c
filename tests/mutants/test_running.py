"""The runner itself, on a small tree: only a guard that a test misses counts as killed."""

from __future__ import annotations

import pytest

from posapp.domain import errors
from tests.mutants import __main__ as command
from tests.mutants.mutant import Mutant
from tests.mutants.running import BELIEVED, Verdict, run_mutants

SHOP = '''
class PosappError(Exception):
    """What the program raises on purpose."""


class InvalidAmount(PosappError):
    """No amount."""


def positive(amount):
    if amount <= 0:
        raise InvalidAmount(amount)
    return amount


def lookup(amount):
    return {"amount": amount}["amount"]
'''

TESTS = """
import pytest
from posapp.shop import InvalidAmount, lookup, positive


@pytest.mark.parametrize("amount", [0, -1])
def test_only_positive_amounts(amount):
    with pytest.raises(InvalidAmount):
        positive(amount)


def test_an_amount_stays():
    assert positive(3) == 3


def test_any_amount_is_found():
    assert lookup(3)


def test_that_fails_anyhow():
    assert positive(3) == 4


@pytest.mark.skip(reason="not here")
def test_that_is_skipped():
    raise AssertionError
"""

POSITIVE = "tests/test_shop.py::test_only_positive_amounts"
STAYS = "tests/test_shop.py::test_an_amount_stays"


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("tree")
    (root / "posapp").mkdir()
    (root / "tests").mkdir()
    (root / "posapp" / "__init__.py").write_text("")
    (root / "posapp" / "shop.py").write_text(SHOP)
    (root / "tests" / "test_shop.py").write_text(TESTS)
    (root / "tests" / "test_broken.py").write_text("import nowhere_to_be_found\n")
    (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    return root


@pytest.fixture(scope="module")
def results(tree):
    guard = "if amount <= 0:"
    mutants = [
        Mutant("zero", "posapp/shop.py", guard, "if amount < 0:", (POSITIVE,)),
        Mutant("refuses_all", "posapp/shop.py", guard, "if amount <= 3:", (STAYS,)),
        Mutant("weaker", "posapp/shop.py", guard, "if amount <= -0.5:", (POSITIVE, STAYS)),
        Mutant("not_missed", "posapp/shop.py", guard, "if amount <= 0.5:", (POSITIVE,)),
        Mutant("moved", "posapp/shop.py", "if amount <= 1:", "if False:", (POSITIVE,)),
        Mutant("twice", "posapp/shop.py", "return", "return not", (POSITIVE,)),
        Mutant("no_python", "posapp/shop.py", guard, "if amount <= :", (POSITIVE,)),
        Mutant(
            "bad_import", "posapp/shop.py", "\nclass PosappError", "import gone\nclass PosappError",
               (POSITIVE,)),
        Mutant("bad_name", "posapp/shop.py", guard, "if amuont <= 0:", (STAYS,)),
        Mutant("bad_key", "posapp/shop.py", '}["amount"]', '}["amonut"]',
               ("tests/test_shop.py::test_any_amount_is_found",)),
        Mutant("known_key", "posapp/shop.py", '}["amount"]', '}["amonut"]',
               ("tests/test_shop.py::test_any_amount_is_found",), errors=("KeyError",)),
        Mutant("no_such_test", "posapp/shop.py", guard, "if False:",
               ("tests/test_shop.py::test_of_nothing",)),
        Mutant("no_such_file", "posapp/shop.py", guard, "if False:", ("tests/test_x.py::test_y",)),
        Mutant("broken_tests", "posapp/shop.py", guard, "if False:",
               ("tests/test_broken.py::test_x",)),
        Mutant("fails_anyhow", "posapp/shop.py", guard, "if False:",
               ("tests/test_shop.py::test_that_fails_anyhow",)),
        Mutant("skipped", "posapp/shop.py", guard, "if False:",
               ("tests/test_shop.py::test_that_is_skipped",)),
        Mutant("no_tests", "posapp/shop.py", guard, "if False:", ()),
    ]  # fmt: skip
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    found = run_mutants(mutants, tree, jobs=2)
    after = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    assert before == after, "the checkout is never written"
    return {result.mutant.name: result for result in found}


def test_a_guard_that_a_test_misses_is_killed(results):
    killed = {name for name, result in results.items() if result.verdict is Verdict.KILLED}
    assert killed == {"zero", "refuses_all", "known_key"}
    assert str(results["zero"]) == f"zero: killed by {POSITIVE}"


def test_a_guard_that_nothing_misses_survives(results):
    assert results["not_missed"].verdict is Verdict.SURVIVED


def test_every_named_test_must_fail(results):
    assert results["weaker"].verdict is Verdict.SURVIVED
    assert results["weaker"].why == f"{STAYS} passes"


@pytest.mark.parametrize("name", ["moved", "twice", "no_python"])
def test_a_patch_that_does_not_fit_is_red(results, name):
    assert results[name].verdict is Verdict.NOT_APPLIED


@pytest.mark.parametrize("name", ["bad_import", "bad_name", "bad_key"])
def test_broken_code_is_no_weakened_guard(results, name):
    assert results[name].verdict is Verdict.NOT_RUN


@pytest.mark.parametrize(
    "name",
    ["no_such_test", "no_such_file", "broken_tests", "fails_anyhow", "skipped", "no_tests"],
)
def test_tests_that_do_not_pass_before_prove_nothing(results, name):
    assert results[name].verdict is Verdict.NOT_RUN
    assert "not passing without the patch" in results[name].why


def test_the_closing_line_counts(results):
    line = command.closing_line(tuple(results.values()), 7.4)
    assert line == ("17 mutants: 3 killed, 2 survived, 3 does not apply, 9 tests did not run (7 s)")


def test_command_fails_when_a_mutant_survives(tree, monkeypatch, capsys):
    guard = "if amount <= 0:"
    gone = Mutant("gone", "posapp/shop.py", guard, "if False:", (POSITIVE,))
    kept = Mutant("kept", "posapp/shop.py", guard, "if amount <= 0.5:", (POSITIVE,))
    monkeypatch.setattr(command, "ROOT", tree)
    monkeypatch.setattr(command, "ALL", (gone, kept))
    assert command.main([]) == 1
    said = capsys.readouterr().out
    assert f"gone: killed by {POSITIVE}" in said
    assert "kept: SURVIVED" in said
    assert command.main(["--only", "gone"]) == 0
    assert "1 mutants: 1 killed" in capsys.readouterr().out


def test_accepted_failures_include_the_products_own_error():
    """By name only: after a renaming, every such failure would count as an unforeseen one."""
    assert {errors.PosappError.__name__, "AssertionError", "Failed"} <= BELIEVED
