"""The fault dial: which faults strike which requests, and the lasting conduct.

A rule names a kind, the requests it is meant for (method and path, with ``*`` and ``?``) and when
it strikes: at the nth matching call, so many times, or with a probability from a seeded row of
random numbers. The same object is served over HTTP by ``dial_routes.py``.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from .conduct import CHOICES, Conduct
from .fault_kinds import KINDS, Kind
from .late import LateEffects
from .parameters import Parameters, plain_defaults


class UnknownFault(ValueError):
    """No kind of fault has this name."""


@dataclass(slots=True)
class Rule:
    """One setting of the dial, with its counters; the dial's lock guards them."""

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
        """Whether the rule strikes this request; counts it."""
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
        """The rule for the dial's page."""
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


class FaultDial:
    """All faults of one sandbox. Thread-safe."""

    def __init__(
        self, clock: Callable[[], float], seed: int | None = 0, *, live: bool = False
    ) -> None:
        """``seed`` begins the random numbers of rules without a seed of their own; None takes
        the system's, so that no run is like another."""
        self._live = live
        self.conduct = Conduct(sandbox=not live)
        self.late = LateEffects(clock)
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
        """Set a rule and return its id.

        ``nth`` (from 1) strikes only that matching call; ``uses`` limits how often it strikes.
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
        """Take one rule away; False when there is none with this id."""
        with self._lock:
            before = len(self._rules)
            self._rules = [each for each in self._rules if each.rule_id != rule_id]
            return len(self._rules) < before

    def clear(self) -> None:
        """No rules, no waiting late effects (they never land), good conduct."""
        with self._lock:
            self._rules.clear()
        self.late.drop_all()
        self.conduct.reset(sandbox=not self._live)

    def pick(self, method: str, path: str) -> list[Rule]:
        """The rules that strike this request, in the order they were set."""
        with self._lock:
            return [each for each in self._rules if each.strikes(method, path)]

    def to_plain(self) -> dict[str, Any]:
        """Everything that is set, what settings take only some values, and every kind there is."""
        with self._lock:
            rules = [each.to_plain() for each in self._rules]
        late = [{"id": each.deed_id, "due_at": each.due_at} for each in self.late.waiting()]
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

    def release(self, deed_id: int | None = None) -> int:
        """Let one late effect land, or all, in the order they came; how many did."""
        return self.late.release(deed_id)


def _check_text(name: str, value: object) -> None:
    # The types promise it, but the dial's HTTP side passes on what it got.
    if not isinstance(value, str):
        raise ValueError(f"{name} is a text")


def _check_range(name: str, value: object, least: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{name} is a whole number from {least}")
