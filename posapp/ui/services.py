"""What the screens are given once the background has put it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling
    from posapp.services.open_money import OpenMoney
    from posapp.services.order_history import OrderHistories
    from posapp.services.paying import Paying
    from posapp.services.ports.reading import OrderSearch
    from posapp.services.receipts import Receipts
    from posapp.services.synchronising import Step


@dataclass(frozen=True, slots=True)
class Services:
    """What the screens need, once the background has put it together."""

    paying: Paying
    receipts: Receipts
    search: OrderSearch
    cancelling: Cancelling
    histories: OrderHistories
    open_money: OpenMoney
    step: Callable[[], Step]
