"""How PortOne and KakaoPay behave as long as the dial says so.

A fault (``faults.py``) spoils single HTTP exchanges; conduct is what the service itself does:
refuse cancels, report another status, run on a clock that is off.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(slots=True)
class Conduct:
    """The lasting settings of the dial. Assign the fields, or :meth:`change` them by name."""

    refuse_cancel: str | None = None
    """KakaoPay's text with which it refuses every cancel; None accepts."""
    refuse_second_partial: str | None = None
    """KakaoPay's text for a second partial cancel (VAT rounding); None accepts. The whole rest
    can still be cancelled."""
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
        }
        wanted = {each.name: kinds[str(each.type)] for each in fields(Conduct)}
        if name not in wanted:
            raise ValueError(f"unknown conduct: {name}")
        if not isinstance(value, wanted[name]) or (
            isinstance(value, bool) and bool not in wanted[name]
        ):
            raise ValueError(f"wrong type for {name}")
        if name == "partial_status" and value not in ("paid", "cancelled"):
            raise ValueError("partial_status is paid or cancelled")
