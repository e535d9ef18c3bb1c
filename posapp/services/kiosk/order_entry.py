"""The order that a buyer names at a kiosk, and what they show that it is theirs."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.domain.actors import Actor
from posapp.domain.codes import is_order_code, order_number
from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.phones import phone_digits
from posapp.services.ports.unit_of_work import Store

PHONE_DIGITS = 4
"""Last digits of the phone number that are asked for."""


@dataclass(frozen=True, slots=True)
class EnteredOrder:
    """An order that was found by its number.

    Attributes:
        asks_phone: it is shown only to who knows the end of its buyer's phone number.
    """

    order_id: int
    buyer: Actor
    asks_phone: bool


class OrderEntry:
    """Finds the order of a buyer. Reads the local records only.

    Args:
        asks_phone: the shop wants the end of the phone number of an order that has one.
    """

    def __init__(self, store: Store, *, asks_phone: bool) -> None:
        self._store = store
        self._asks_phone = asks_phone

    def find(self, text: str) -> EnteredOrder:
        """Return the order of typed digits or of a scanned ``PO`` code.

        Raises:
            UserError: ``ORDER_UNKNOWN``, whatever the reason is.
        """
        number = order_number(text) if text.isdigit() or is_order_code(text) else None
        with self._store.snapshot() as uow:
            order = uow.orders.get(number) if number is not None else None
            buyer = uow.people.get(order.buyer_id) if order is not None else None
        if order is None or buyer is None:
            raise UserError(ErrorCode.ORDER_UNKNOWN)
        asks = self._asks_phone and bool(_last_digits(buyer.phone))
        return EnteredOrder(order.id, Actor.buyer(buyer.id), asks)

    def confirm(self, entered: EnteredOrder, digits: str) -> None:
        """Return if these are the last digits of the buyer's phone number.

        Raises:
            UserError: ``ORDER_UNKNOWN``: the same as for a number that does not exist.
        """
        with self._store.snapshot() as uow:
            buyer = uow.people.get(entered.buyer.user_id)
        if buyer is None or _last_digits(buyer.phone) != digits:
            raise UserError(ErrorCode.ORDER_UNKNOWN)


def _last_digits(phone: str | None) -> str:
    digits = phone_digits(phone or "")
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""
