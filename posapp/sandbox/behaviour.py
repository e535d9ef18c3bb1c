"""Lasting settings of the fault dial: how PortOne and KakaoPay behave.

A fault (``fault_kinds.py``) spoils single HTTP exchanges. These settings change the service itself:
it refuses cancels, reports another status, or runs on a wrong clock. The last part selects the form
in which a fact is written (``forms.py``); each form is documented or was observed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

CHOICES: Mapping[str, tuple[str | int, ...]] = {
    "partial_status": ("paid", "cancelled"),
    "refuse_http": (200, 400, 403, 404, 409, 422),
    "paid_time": ("documented", "kept", "null"),
    "cancel_fields": ("documented", "kept"),
    "amounts": ("whole", "float"),
    "currency_case": ("as_is", "lower", "mixed"),
    "provider_case": ("as_is", "upper", "mixed"),
    "optional_texts": ("written", "null"),
    "reasons": ("kept", "cut", "dropped", "null", "mangled"),
    "empty_list": (200, 400, 404),
    "receipt_http": (200, 400, 403, 404, 500, 501),
    "cancelled_receipts": ("shown", "gone"),
    "channel_tax": ("mixed", "taxable", "exempt"),
}
"""Allowed values of the settings that have a fixed set of them."""


@dataclass(slots=True)
class Behaviour:
    """Lasting settings of the dial. Assign the fields, or :meth:`change` them by name."""

    refuse_cancel: str | None = None
    """KakaoPay's text of a refusal of every cancel; None accepts."""
    refuse_second_partial: str | None = None
    """KakaoPay's text of a refusal of a second partial cancel (VAT rounding); None accepts. A
    cancel of the whole remaining balance is still accepted."""
    refuse_text: str | None = None
    """Whole message of a refusal of every cancel over the API, whatever it says; the console is
    not affected. None accepts."""
    refuse_code: int = -1
    """Envelope code sent with :attr:`refuse_text`."""
    refuse_http: int = 200
    """HTTP status sent with :attr:`refuse_text`."""
    refused_lands: int | None = None
    """Seconds after which a cancel that one of the three texts above refused is carried out
    nevertheless; None: never."""
    partial_status: str = "paid"
    """``paid`` or ``cancelled``: the status after a partial cancel; both were observed."""
    sandbox: bool = True
    """Whether new payments come from a test channel."""
    clock_offset: int = 0
    """Seconds that the service's clock is ahead of the till's."""
    unseen_finds: int = 0
    """Number of find/findAll calls that still answer 404 after a payment was made, and again after
    it was paid (eventual visibility)."""
    other_merchant_uid: str | None = None
    """The merchant_uid that readings report instead of the true one; None: the true one."""
    currency: str | None = None
    """Currency that new payments report; None: the requested one."""
    channel_tax: str = "mixed"
    """Kind of the shop's contract with KakaoPay: ``mixed`` (복합과세) takes ``tax_free`` as it is
    sent and refuses a cancel of more of a kind than is left; ``taxable`` and ``exempt`` ignore it.
    """
    pg_provider: str = "kakaopay"
    """``pg_provider`` that new payments report."""
    keys_refused: bool = False
    """Whether getToken refuses the keys, as after the secret was revoked or replaced."""

    receipt_contract: bool = True
    """Whether the second channel has the contract for cash receipts; without it the payment company
    refuses each."""
    refuse_receipt: str | None = None
    """Text with which the payment company refuses every cash receipt; None accepts."""
    refuse_receipt_cancel: str | None = None
    """The same of every cancel of a cash receipt."""
    receipt_http: int = 500
    """HTTP status sent with a refusal by the payment company."""
    unseen_receipts: int = 0
    """Number of readings that still answer 404 after a cash receipt was issued."""
    cancelled_receipts: str = "shown"
    """A cash receipt that was cancelled: ``shown`` with the time of that, or ``gone`` (404); the
    schema leaves it open."""

    pays_with_receipt: bool = False
    """Whether captured payments report a cash receipt (``cash_receipt_issued``)."""

    paid_time: str = "documented"
    """``paid_at``: ``documented`` is 0 once the status is not paid, ``kept`` keeps it after a
    cancel (observed), ``null`` is always null."""
    cancel_fields: str = "documented"
    """``cancel_reason`` and ``cancelled_at``: ``documented`` is null and 0 unless the status is
    cancelled, ``kept`` keeps them after any cancel."""
    amounts: str = "whole"
    """``whole`` or ``float``: 5000 or 5000.0; the schema says number."""
    currency_case: str = "as_is"
    """``as_is``, ``lower`` (krw) or ``mixed`` (Krw)."""
    provider_case: str = "as_is"
    """``as_is``, ``upper`` (KAKAOPAY) or ``mixed`` (Kakaopay)."""
    optional_texts: str = "written"
    """``written``, or ``null``: every text that the schema does not require is null."""
    reasons: str = "kept"
    """Reasons of cancels: ``kept``, ``cut`` to :attr:`reason_limit` characters, ``dropped``
    (empty), ``null``, or ``mangled`` (punctuation lost, as by a narrower character set)."""
    reason_limit: int = 20
    """Characters left by ``cut`` in :attr:`reasons`."""
    zero_paid: bool = False
    """Whether a paid payment without a cancel is written with an amount of 0."""
    nameless: str | None = None
    """The imp_uid of a payment that lists show without its merchant_uid."""
    garbled: str | None = None
    """The imp_uid or merchant_uid of payments that are written with an invalid amount."""
    empty_list: int = 200
    """HTTP status of the list by status for a window without payments: 200 with an empty list, 400
    ("page out of the data") or 404."""

    def change(self, **values: Any) -> None:
        """Set fields by name. Raises ValueError for an unknown name or a wrong type, and then
        changes nothing."""
        for name, value in values.items():
            self._check(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def reset(self, *, sandbox: bool) -> None:
        """Restore the defaults; ``sandbox``: whether the shop has a test channel."""
        self.change(**asdict(Behaviour(sandbox=sandbox)))

    def to_plain(self) -> dict[str, Any]:
        """Return all settings, for the dial's page."""
        return asdict(self)

    @staticmethod
    def _check(name: str, value: object) -> None:
        kinds: dict[str, tuple[type, ...]] = {
            "str": (str,),
            "str | None": (str, type(None)),
            "bool": (bool,),
            "int": (int,),
            "int | None": (int, type(None)),
        }
        wanted = {each.name: kinds[str(each.type)] for each in fields(Behaviour)}
        if name not in wanted:
            raise ValueError(f"unknown conduct: {name}")
        if not isinstance(value, wanted[name]) or (
            isinstance(value, bool) and bool not in wanted[name]
        ):
            raise ValueError(f"wrong type for {name}")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} is one of {', '.join(map(str, CHOICES[name]))}")
        counts = ("reason_limit", "refused_lands", "unseen_receipts")
        if name in counts and isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is a whole number from 0")
