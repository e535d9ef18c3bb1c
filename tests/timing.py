"""Finds tests that depend on how fast the machine is; a rule of ``tests/test_architecture.py``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

CLOCKS = frozenset("time monotonic perf_counter process_time thread_time".split())
CLOCKS |= frozenset(f"{name}_ns" for name in CLOCKS)
SHORTEST_WAIT_S = 20
"""Least limit of a loop or a wait in a test, which no loaded machine reaches."""

_OF_TIME = re.compile(rf"\b({'|'.join(sorted(CLOCKS))}|deadline|suppress_health_check|timeout)\b")

_ANY_PACE = re.compile(r"too_slow|list\(HealthCheck\)")

MEASURING = ("tests/benchmarks/", "tests/bounds.py")


def timed_tests(root: Path) -> list[str]:
    """`make bench` measures speed. In all other tests no assertion depends on a clock of the
    machine, no loop gives up, no example of Hypothesis fails and no wait of Qt ends within a time
    that a loaded machine reaches: `tests/bounds.py` has bounds beyond that."""
    found = []
    for path in sorted(root.glob("tests/**/*.py")):
        name = path.relative_to(root).as_posix()
        text = path.read_text(encoding="utf-8")
        if not name.startswith(MEASURING) and _OF_TIME.search(text):
            syntax = ast.parse(text, filename=name)
            found += [f"{name}:{line}: {what}" for line, what in sorted(set(timed(syntax)))]
    return found


def timed(syntax: ast.Module) -> Iterator[tuple[int, str]]:
    """Each place of a test module that depends on how fast the machine is."""
    clocks = frozenset(
        alias.asname or alias.name
        for node in ast.walk(syntax)
        if isinstance(node, ast.ImportFrom) and node.module == "time"
        for alias in node.names
        if alias.name in CLOCKS
    )
    for scope in ast.walk(syntax):
        if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Module):
            if not reads_a_clock(scope, clocks):
                continue
            reported = names_of_times(scope, clocks)
            for node in own_nodes(scope):
                if isinstance(node, ast.Assert) and reads_a_clock(node.test, reported):
                    yield node.lineno, "asserts on a time that was measured"
    for node in ast.walk(syntax):
        match node:
            case ast.BinOp(left=left, op=ast.Add(), right=ast.Constant(value=int() | float() as s)):
                if reads_a_clock(left, clocks) and s < SHORTEST_WAIT_S:
                    yield node.lineno, f"gives up after {s} s"
            case ast.Call(func=ast.Name(id="settings"), keywords=keywords):
                for each in keywords:
                    if each.arg == "deadline" and not is_constant(each.value, None):
                        yield node.lineno, "an example with a deadline"
                    passed_over = ast.unparse(each.value)
                    if each.arg == "suppress_health_check" and not _ANY_PACE.search(passed_over):
                        yield node.lineno, "examples that have to be made quickly"
    waits_in_vain = {
        id(inner)
        for node in ast.walk(syntax)
        if isinstance(node, ast.With)
        if any("raises" in ast.unparse(item.context_expr) for item in node.items)
        for inner in ast.walk(node)
    }
    for node in ast.walk(syntax):
        match node:
            case ast.Call(
                func=ast.Attribute(attr="waitUntil" | "waitSignal" | "waitExposed" | "waitActive"),
                keywords=keywords,
            ) if id(node) not in waits_in_vain:
                for each in keywords:
                    match each:
                        case ast.keyword(arg="timeout", value=ast.Constant(value=int() as ms)):
                            if ms < SHORTEST_WAIT_S * 1000:
                                yield node.lineno, f"waits for Qt {ms} ms only"


def own_nodes(scope: ast.AST) -> Iterator[ast.AST]:
    """All nodes of a scope, without those of functions inside it."""
    for child in ast.iter_child_nodes(scope):
        yield child
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from own_nodes(child)


def names_of_times(scope: ast.AST, clocks: frozenset[str]) -> frozenset[str]:
    """The names in a scope and inside it that hold a value read from a clock, also after
    assignment, addition or collection in a list."""
    reported = clocks
    while True:
        more = set(reported)
        for node in ast.walk(scope):
            match node:
                case ast.Assign(targets=targets, value=value) if reads_a_clock(value, reported):
                    more |= {name for each in targets for name in names_in(each)}
                case (
                    ast.AnnAssign(target=target, value=ast.expr() as value)
                    | ast.AugAssign(target=target, value=value)
                    | ast.NamedExpr(target=target, value=value)
                ) if reads_a_clock(value, reported):
                    more |= names_in(target)
                case ast.Call(
                    func=ast.Attribute(
                        value=ast.Name(id=held), attr="append" | "add" | "extend" | "insert" | "put"
                    ),
                    args=args,
                ) if any(reads_a_clock(each, reported) for each in args):
                    more.add(held)
        if more == reported:
            return reported
        reported = frozenset(more)


def reads_a_clock(node: ast.AST, reported: frozenset[str]) -> bool:
    for each in ast.walk(node):
        match each:
            case ast.Attribute(value=ast.Name(id="time"), attr=name) if name in CLOCKS:
                return True
            case ast.Name(id=name) if name in reported:
                return True
    return False


def names_in(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def is_constant(node: ast.AST, value: object) -> bool:
    return isinstance(node, ast.Constant) and node.value is value
