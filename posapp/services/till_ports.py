"""External dependencies of a till's services."""

from __future__ import annotations

from dataclasses import dataclass

from posapp.services.importing.layouts import NO_LAYOUTS, Layouts
from posapp.services.payment_ports import PaymentPorts
from posapp.services.ports.buyer_search import BuyerSearch
from posapp.services.ports.cash_receipts import IdentityVault, ReceiptIssuer
from posapp.services.ports.fulfilment_search import FulfilmentSearch
from posapp.services.ports.journal import RefundJournal
from posapp.services.ports.order_search import OrderSearch
from posapp.services.ports.requests import RequestSearch
from posapp.services.ports.settings import SettingPorts


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports(PaymentPorts):
    """External dependencies of a till: those of taking payments, and all others.

    Attributes:
        receipt_issuer, vault: of cash receipts, and of buyers' numbers until they are issued.
        journal: where each send is recorded before it goes out; ``None`` for none.
        layouts: files of other systems that an import recognises.
        settings: the settings of the till; ``None``: a program without a settings file.
    """

    order_search: OrderSearch
    request_search: RequestSearch
    fulfilment_search: FulfilmentSearch
    buyer_search: BuyerSearch
    receipt_issuer: ReceiptIssuer
    vault: IdentityVault
    journal: RefundJournal | None = None
    layouts: Layouts = NO_LAYOUTS
    settings: SettingPorts | None = None
