"""How PortOne and KakaoPay behave as long as the dial says so.

A fault (``faults.py``) spoils single HTTP exchanges; conduct is what the service itself does:
refuse cancels, report another status, run on a clock that is off. The last part is the forms in
which the same facts may be written (``forms.py``): all of them are documented or were seen.
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
}
"""The values of settings that take only some."""


@dataclass(slots=True)
class Conduct:
    """The lasting settings of the dial. Assign the fields, or :meth:`change` them by name."""

    refuse_cancel: str | None = None
    """KakaoPay's text with which it refuses every cancel; None accepts."""
    refuse_second_partial: str | None = None
    """KakaoPay's text for a second partial cancel (VAT rounding); None accepts. The whole rest
    can still be cancelled."""
    refuse_text: str | None = None
    """The whole message with which every cancel over the API is refused, whatever its words mean;
    the console is not struck. None accepts."""
    refuse_code: int = -1
    """The envelope's code that goes with :attr:`refuse_text`."""
    refuse_http: int = 200
    """The HTTP status that goes with :attr:`refuse_text`."""
    refused_lands: int | None = None
    """Seconds after which a cancel that was refused by one of the three texts above is carried out
    all the same; None: never."""
    partial_status: str = "paid"
    """``paid`` or ``cancelled``: the status after a partial cancel; both were seen."""
    sandbox: bool = True
    """Whether new payments come from a test channel."""
    clock_offset: int = 0
    """Seconds added to every time that the service knows: its clock against the till's."""
    unseen_finds: int = 0
    """How many find/findAll calls still answer 404 after a payment was made, and again after it
    was paid (eventual visibility)."""
    other_merchant_uid: str | None = None
    """The merchant_uid that readings claim instead of the true one; None tells the truth."""
    currency: str | None = None
    """Currency that new payments claim; None: the one that was asked for."""
    pg_provider: str = "kakaopay"
    """Who new payments say they were made with."""
    keys_refused: bool = False
    """getToken refuses the keys: the secret was revoked or replaced."""

    paid_time: str = "documented"
    """``paid_at``: ``documented`` as 0 once the status is not paid, ``kept`` after a cancel (seen),
    or ``null`` always."""
    cancel_fields: str = "documented"
    """``cancel_reason`` and ``cancelled_at``: ``documented`` as null and 0 unless the status is
    cancelled, or ``kept`` after any cancel."""
    amounts: str = "whole"
    """``whole`` or ``float``: 5000 or 5000.0; the schema says number."""
    currency_case: str = "as_is"
    """``as_is``, ``lower`` (krw) or ``mixed`` (Krw)."""
    provider_case: str = "as_is"
    """``as_is``, ``upper`` (KAKAOPAY) or ``mixed`` (Kakaopay)."""
    optional_texts: str = "written"
    """``null``: every text that the schema does not require is null."""
    reasons: str = "kept"
    """Reasons of cancels: ``kept``, ``cut`` to :attr:`reason_limit` characters, ``dropped``
    (empty), ``null``, or ``mangled`` (punctuation lost, as by a narrower character set)."""
    reason_limit: int = 20
    """Characters that :attr:`reasons` ``cut`` leaves."""
    zero_paid: bool = False
    """A paid payment of which nothing was cancelled is written with an amount of 0."""
    nameless: str | None = None
    """The imp_uid of a payment that lists show without its merchant_uid."""
    garbled: str | None = None
    """The imp_uid or merchant_uid of payments that are written with an amount that is none."""
    empty_list: int = 200
    """How the list by status answers a window without payments: 200 and an empty list, or 400
    ("page out of the data") or 404."""

    def change(self, **values: Any) -> None:
        """Set fields by name. Raises ValueError for an unknown name or a wrong type; then nothing
        is changed."""
        for name, value in values.items():
            self._check(name, value)
        for name, value in values.items():
            setattr(self, name, value)

    def reset(self, *, sandbox: bool) -> None:
        """Back to good behaviour; ``sandbox`` says which kind of channel the shop has."""
        self.change(**asdict(Conduct(sandbox=sandbox)))

    def to_plain(self) -> dict[str, Any]:
        """All settings, for the dial's page."""
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
        wanted = {each.name: kinds[str(each.type)] for each in fields(Conduct)}
        if name not in wanted:
            raise ValueError(f"unknown conduct: {name}")
        if not isinstance(value, wanted[name]) or (
            isinstance(value, bool) and bool not in wanted[name]
        ):
            raise ValueError(f"wrong type for {name}")
        if name in CHOICES and value not in CHOICES[name]:
            raise ValueError(f"{name} is one of {', '.join(map(str, CHOICES[name]))}")
        if name in ("reason_limit", "refused_lands") and isinstance(value, int) and value < 0:
            raise ValueError(f"{name} is a whole number from 0")
