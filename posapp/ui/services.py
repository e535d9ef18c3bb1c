"""What the screens are given once the background has put it together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posapp.services.cancelling import Cancelling
    from posapp.services.cancelling_rest import CancellingRest
    from posapp.services.delivering import Delivering
    from posapp.services.open_money import OpenMoney
    from posapp.services.order_history import OrderHistories
    from posapp.services.paying import Paying
    from posapp.services.ports.reading import OrderSearch
    from posapp.services.ports.requests import RequestSearch
    from posapp.services.receipts import Receipts
    from posapp.services.request_desk import RequestDesk
    from posapp.services.requesting import Requesting
    from posapp.services.sync_desk import SyncDesk
    from posapp.services.synchronising import Step
    from posapp.ui.models.requests_saved import FilterShelf
    from posapp.ui.screens.request_parts.export_errand import ExportRequests


@dataclass(frozen=True, slots=True)
class Services:
    """What the screens need, once the background has put it together.

    Attributes:
        on_change: takes a listener that is called after every change of the records, whoever made
            it and in that thread.
    """

    paying: Paying
    receipts: Receipts
    search: OrderSearch
    cancelling: Cancelling
    cancelling_rest: CancellingRest
    histories: OrderHistories
    open_money: OpenMoney
    desk: RequestDesk
    requests: RequestSearch
    requesting: Requesting
    delivering: Delivering
    shelf: FilterShelf
    export: ExportRequests
    sync: SyncDesk
    step: Callable[[], Step]
    on_change: Callable[[Callable[[], None]], None] = lambda listener: None
