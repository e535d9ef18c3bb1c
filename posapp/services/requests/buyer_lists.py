"""What one buyer may ask back now, and has asked back: for the page on which requests are made."""

from __future__ import annotations

from posapp.domain.actors import Actor
from posapp.domain.guards import guard_buyer
from posapp.services.bookkeeping.acting_user import find_user
from posapp.services.ports.buyer_search import BuyerSearch, RequestableCursor, RequestablePage
from posapp.services.ports.requests import Cursor, RequestPage
from posapp.services.ports.unit_of_work import Store


class BuyerLists:
    """Lists a buyer's own items and requests. Needs no network."""

    def __init__(self, store: Store, search: BuyerSearch) -> None:
        self._store = store
        self._search = search

    def requestable_items(
        self, actor: Actor, size: int, after: RequestableCursor | None = None
    ) -> RequestablePage:
        """Return a page of the items for which the buyer can make a request now, those of the
        newest order first.

        Args:
            after: the cursor of the last row of the page before.

        Raises:
            UserError: user404.
        """
        return self._search.requestable_items(self._buyer(actor), size, after)

    def requests(self, actor: Actor, size: int, after: Cursor | None = None) -> RequestPage:
        """Return a page of the buyer's requests in every state, newest first.

        Args:
            after: (created_at, id) of the last row of the page before.

        Raises:
            UserError: user404.
        """
        return self._search.requests(self._buyer(actor), size, after)

    def _buyer(self, actor: Actor) -> int:
        with self._store.snapshot() as uow:
            return guard_buyer(actor, find_user(uow, actor)).id
