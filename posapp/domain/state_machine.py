"""State machine: one table of transitions and one method that applies it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Generic, TypeVar

from posapp.domain.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)
T = TypeVar("T", bound=StrEnum)


class StateMachine(Generic[S, T]):
    """A state machine: (state, trigger) → state.

    The table is complete: a transition that is not in it is refused. Tests walk every pair of
    states and triggers.
    """

    def __init__(self, name: str, table: Mapping[tuple[S, T], S]) -> None:
        self.name = name
        self.table = dict(table)

    def next_state(self, state: S, trigger: T) -> S:
        """Return the state that ``trigger`` leads to.

        Raises:
            IllegalTransition: the table has no such step.
        """
        try:
            return self.table[state, trigger]
        except KeyError:
            raise IllegalTransition(self.name, state, trigger) from None

    def allows(self, state: S, trigger: T) -> bool:
        """Return whether ``state`` has a transition for ``trigger``."""
        return (state, trigger) in self.table
