"""Whether the pay screen has to stay as it is: its order is being paid, or may be."""

from __future__ import annotations

from posapp.services.progress import OVER
from posapp.ui.screens.pay_parts.errands import Deed, Errands
from posapp.ui.screens.pay_parts.sighting import Sighting


class Staying:
    """Asked by whoever would open another order."""

    def __init__(self, sighting: Sighting, errands: Errands) -> None:
        self._sighting, self._errands = sighting, errands

    @property
    def why_stay(self) -> str:
        """A message id: from the press of 결제 to an outcome no other order is opened here."""
        progress = self._sighting.progress
        is_paying = progress is not None and progress.phase not in OVER
        return "scan.while_paying" if is_paying or self._is_at_work else ""

    @property
    def live_order_id(self) -> int:
        """The order whose QR may still be paid, or is being made; else 0."""
        progress = self._sighting.progress
        if progress is not None and self._sighting.is_live:
            return progress.attempt.order_id
        return self._errands.order_id if self._is_at_work else 0

    @property
    def _is_at_work(self) -> bool:
        return self._errands.deed in (Deed.START, Deed.STOP)
