"""The fault dial: rules that inject faults into requests, and the lasting settings.

A rule names a kind of fault, the requests that it matches (method and path, with ``*`` and ``?``)
and when it applies: at the nth matching call, a number of times, or with a probability from seeded
random numbers. ``fault_routes.py`` serves the same object over HTTP.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .behaviour import CHOICES, Behaviour
from .delayed_effects import DelayedRequests
from .fault_kinds import KINDS, Kind
from .parameters import Parameters, plain_defaults


class UnknownFault(ValueError):
    """No kind of fault has this name."""


@dataclass(slots=True)
class Rule:
    """One rule of the dial with its counters; the dial's lock guards them."""

    rule_id: int
    kind: Kind
    method: str
    path: str
    nth: int | None
    uses: int | None
    probability: float
    parameters: Mapping[str, Any]
    chance: random.Random
    seen: int = 0
    fired: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Count the request; return whether the rule applies to it."""
        if self.method not in ("*", method) or not fnmatchcase(path, self.path):
            return False
        self.seen += 1
        if self.nth is not None and self.seen != self.nth:
            return False
        if self.uses is not None and self.fired >= self.uses:
            return False
        if self.probability < 1 and self.chance.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def to_plain(self) -> dict[str, Any]:
        """Return the rule for the dial's page."""
        return {
            "id": self.rule_id,
            "kind": self.kind.name,
            "method": self.method,
            "path": self.path,
            "nth": self.nth,
            "uses": self.uses,
            "probability": self.probability,
            "seen": self.seen,
            "fired": self.fired,
            "parameters": dict(self.parameters),
        }


class FaultInjector:
    """All faults of one sandbox. Thread-safe."""

    def __init__(
        self, clock: Callable[[], float], seed: int | None = 0, *, live: bool = False
    ) -> None:
        """``seed`` seeds the random numbers of rules without a seed of their own; None takes a seed
        from the system, a different one each run."""
        self._live = live
        self.conduct = Behaviour(sandbox=not live)
        self.late = DelayedRequests(clock)
        self._seed = seed
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._ids = itertools.count(1)

    def add(
        self,
        kind: str,
        *,
        method: str = "*",
        path: str = "*",
        nth: int | None = None,
        uses: int | None = None,
        probability: float = 1.0,
        seed: int | None = None,
        **parameters: Any,
    ) -> int:
        """Add a rule and return its id.

        ``nth`` (from 1) selects one matching call; ``uses`` limits how often the rule applies.
        Raises :class:`UnknownFault` or ValueError (parameter, type, range).
        """
        if kind not in KINDS:
            raise UnknownFault(f"unknown kind: {kind}")
        _check_text("method", method)
        _check_text("path", path)
        _check_range("nth", nth, 1)
        _check_range("uses", uses, 0)
        if isinstance(probability, bool) or not 0 <= probability <= 1:
            raise ValueError("probability lies between 0 and 1")
        checked = Parameters(KINDS[kind].defaults, parameters)
        start = self._seed if seed is None else seed
        with self._lock:
            rule = Rule(
                rule_id=next(self._ids),
                kind=KINDS[kind],
                method=method.upper(),
                path=path,
                nth=nth,
                uses=uses,
                probability=probability,
                parameters=checked,
                chance=random.Random(start),  # noqa: S311 - chance, no secret
            )
            self._rules.append(rule)
        return rule.rule_id

    def remove(self, rule_id: int) -> bool:
        """Remove a rule; False when there is none with this id."""
        with self._lock:
            before = len(self._rules)
            self._rules = [each for each in self._rules if each.rule_id != rule_id]
            return len(self._rules) < before

    def clear(self) -> None:
        """Remove all rules, discard the delayed effects and restore the default behaviour."""
        with self._lock:
            self._rules.clear()
        self.late.drop_all()
        self.conduct.reset(sandbox=not self._live)

    def pick(self, method: str, path: str) -> list[Rule]:
        """Return the rules that apply to this request, in the order in which they were added."""
        with self._lock:
            return [each for each in self._rules if each.strikes(method, path)]

    def to_plain(self) -> dict[str, Any]:
        """Return all rules and settings, the allowed values of settings, and every kind."""
        with self._lock:
            rules = [each.to_plain() for each in self._rules]
        late = [{"id": each.request_id, "due_at": each.due_at} for each in self.late.waiting()]
        kinds = {
            each.name: {"summary": each.summary, "parameters": plain_defaults(each.defaults)}
            for each in KINDS.values()
        }
        return {
            "rules": rules,
            "late": late,
            "conduct": self.conduct.to_plain(),
            "choices": CHOICES,
            "kinds": kinds,
        }

    def release(self, request_id: int | None = None) -> int:
        """Carry out one delayed effect, or all in order of arrival; return the number."""
        return self.late.release(request_id)


def _check_text(name: str, value: object) -> None:
    # The types promise a str, but the dial's routes pass on any JSON value.
    if not isinstance(value, str):
        raise ValueError(f"{name} is a text")


def _check_range(name: str, value: object, least: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} is a whole number from {least}")
