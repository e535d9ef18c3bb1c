"""The list, by the rooms of the guards."""

from __future__ import annotations

from tests.mutants.guards import domain, portone, services, store, wire_forms
from tests.mutants.mutant import Mutant

ALL: tuple[Mutant, ...] = (
    *domain.MUTANTS,
    *services.MUTANTS,
    *store.MUTANTS,
    *portone.MUTANTS,
    *wire_forms.MUTANTS,
)
