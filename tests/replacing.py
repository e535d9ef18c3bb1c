"""A stand-in for a function of posapp accepts every call that the function accepts.

A stand-in of an older signature raises TypeError at each call, which the code around it may treat
as a failure of the network: the test goes on and proves nothing. The fixture ``monkeypatch``
(``tests/conftest.py``) checks each replacement; ``tests/test_architecture.py`` checks assignments.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable, Iterator
from inspect import Parameter
from pkgutil import resolve_name
from typing import Any

import pytest


class FittingPatch(pytest.MonkeyPatch):
    """pytest's own, which refuses a stand-in that cannot take the calls of its original."""

    def setattr(self, target: Any, name: Any, *given: Any, **how: Any) -> None:
        before = _found(target, name)
        after = name if isinstance(target, str) else [*given, how.get("value")][0]
        if is_of_posapp(before) and not inspect.isclass(before) and callable(after):
            assert fits(after, before), (
                f"{before.__qualname__}{inspect.signature(before)} is replaced by "
                f"a function of {inspect.signature(after)}"
            )
        super().setattr(target, name, *given, **how)


def is_of_posapp(thing: Any) -> bool:
    return callable(thing) and str(getattr(thing, "__module__", "")).partition(".")[0] == "posapp"


def fits(stand_in: Callable[..., Any], original: Callable[..., Any]) -> bool:
    """Whether a stand-in accepts the fewest and the most arguments of the original."""
    known = [
        one
        for one in inspect.signature(original).parameters.values()
        if one.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]
    needed = [one for one in known if one.default is Parameter.empty]
    return all(_takes(stand_in, given) for given in (needed, known))


def _takes(function: Callable[..., Any], given: list[Parameter]) -> bool:
    named = {one.name: None for one in given if one.kind is Parameter.KEYWORD_ONLY}
    placed = [None for one in given if one.kind is not Parameter.KEYWORD_ONLY]
    try:
        inspect.signature(function).bind(*placed, **named)
    except TypeError:
        return False
    except ValueError:  # a C function without a signature
        return True
    return True


def _found(target: Any, name: Any) -> Any:
    """Return the present value of a place, given as for ``setattr``; None if there is none."""
    if isinstance(target, str):
        owner, _, attribute = target.rpartition(".")
        target, name = resolve_name(owner), attribute
    return getattr(target, name, None)


def replaced_by_hand(syntax: ast.Module) -> Iterator[tuple[int, str]]:
    """Find each assignment in a module that replaces a function of posapp by one of other
    parameters: a stand-in has to pass on all arguments by ``*`` and ``**``."""
    ours = {
        alias.asname or alias.name
        for node in ast.walk(syntax)
        if isinstance(node, ast.ImportFrom) and str(node.module).partition(".")[0] == "posapp"
        for alias in node.names
    }
    functions = {
        node.name: node.args for node in ast.walk(syntax) if isinstance(node, ast.FunctionDef)
    }
    for node in ast.walk(syntax):
        match node:
            case ast.Assign(
                targets=[ast.Attribute(value=ast.Name(id=owner), attr=attribute)], value=value
            ) if owner in ours:
                match value:
                    case ast.Lambda(args=args):
                        pass
                    case ast.Name(id=name) if name in functions:
                        args = functions[name]
                    case _:
                        continue
                if args.vararg is None or args.kwarg is None:
                    yield node.lineno, f"{owner}.{attribute} is replaced by other parameters"
