"""The sellers of a shop, for a person who acts for one of them."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.ports.unit_of_work import Store

MOST_SELLERS = 500
"""Most sellers that are listed."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller to choose."""

    id: int
    name: str


class SellerListService:
    """Lists sellers. Needs no network."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self) -> tuple[Seller, ...]:
        """Return the sellers by their numbers, ``MOST_SELLERS`` at most.

        Raises:
            EnvironmentProblem: the database cannot be read.
        """
        with self._store.snapshot() as uow:
            return tuple(Seller(user.id, user.name) for user in uow.people.sellers(MOST_SELLERS))
