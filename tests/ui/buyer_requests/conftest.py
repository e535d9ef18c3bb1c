"""The shop and the window of the page of items to ship."""

from tests.ui.fulfilment.conftest import clock, session, shop, window

__all__ = ["clock", "session", "shop", "window"]
