"""PortOne V1 and its payment links over real HTTP, with books of their own.

The stand-in speaks the wire format of PortOne's documentation, so that the demo shop, the tests,
people in training and other developers' clients run without PortOne. It knows nothing of the rest
of posapp.

Public names: :class:`Sandbox` (the server), :class:`Books` (``sandbox.books``),
:class:`FaultDial` (``sandbox.faults``), :class:`Conduct` (``sandbox.faults.conduct``) and
:class:`CannotPay` (what the phone page says when a buyer may not pay).
"""

from .books import Books
from .conduct import Conduct
from .entering import CannotPay, Hindrance
from .faults import FaultDial, UnknownFault
from .records import Cancellation, Link, Payment, Prepared, Status
from .server import Sandbox
from .shelves import KeepFileBroken

__all__ = [
    "Books",
    "Cancellation",
    "CannotPay",
    "Conduct",
    "FaultDial",
    "Hindrance",
    "KeepFileBroken",
    "Link",
    "Payment",
    "Prepared",
    "Sandbox",
    "Status",
    "UnknownFault",
]
