"""A stand-in for PortOne V1 and its payment links over real HTTP, with books of its own.

It speaks the wire format of PortOne's documentation, so that the demo shop, the tests, training and
other developers' clients run without PortOne. Of the rest of posapp it imports
``posapp.domain.money`` only.

Main names: :class:`Sandbox` (the server), :class:`PaymentBook` (``sandbox.books``),
:class:`ReceiptBook` (``sandbox.receipts``), :class:`FaultInjector` (``sandbox.faults``),
:class:`Behaviour` (``sandbox.faults.conduct``) and :class:`PaymentNotAllowed` (raised when a buyer
may not pay).
"""

from .behaviour import Behaviour
from .book_keeping import PaymentBook
from .fault_dial import FaultInjector, UnknownFault
from .link_access import EntryRefusal, PaymentNotAllowed
from .receipt_book import ReceiptBook
from .records import Cancellation, CashReceipt, Link, Payment, Prepared, Status
from .server import Sandbox
from .storage import StorageFileError

__all__ = [
    "Behaviour",
    "Cancellation",
    "CashReceipt",
    "EntryRefusal",
    "FaultInjector",
    "Link",
    "Payment",
    "PaymentBook",
    "PaymentNotAllowed",
    "Prepared",
    "ReceiptBook",
    "Sandbox",
    "Status",
    "StorageFileError",
    "UnknownFault",
]
