"""Name of an order in the language of the window."""

from __future__ import annotations

from posapp.domain.orders import payment_name
from posapp.ui.core.i18n import Translator


def order_name(texts: Translator, name: str, count: int) -> str:
    """Return the first product and how many more there are.

    Args:
        name: as the records have it, in Korean: it is also the name for PortOne.
        count: of the items that it names.
    """
    tail = payment_name("", count)
    if not tail or not name.endswith(tail):
        return name
    return texts("orders.products", first=name.removesuffix(tail), more=count - 1)
