"""Bar that offers to take the last steps of deliveries back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.domain.requests import UNDO
from posapp.services.ports.fulfilment_search import FulfilmentRow
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.message_bar import MessageBar

_TICK_MS = 200
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class _Step:
    before: FulfilmentRow
    make: Callable[[], str]
    until: datetime


class StepUndo(MessageBar):
    """Offers the newest step first, as long as the service takes it back.

    The time is measured by the clock of the service, so that both agree on it.
    """

    pressed = Signal()
    """되돌리기 was pressed, or its key."""

    def __init__(
        self, texts: Translator, theme: Theme, clock: Clock, parent: QWidget | None = None
    ) -> None:
        super().__init__(texts, theme, parent)
        self._clock = clock
        self._steps: list[_Step] = []
        self.button = Button("quiet", "Ctrl+Z", text=texts.bind("deliveries.undo", seconds=0))
        self.button.clicked.connect(self.pressed)
        self.button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.row.addWidget(self.button)
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)

    @property
    def seconds(self) -> int:
        """Return the seconds that are left for the newest step, rounded up; 0 if there is none."""
        if not self._steps:
            return 0
        return max(0, -(-(self._steps[-1].until - self._clock.now()) // _SECOND))

    def offer(self, before: FulfilmentRow, make: Callable[[], str]) -> None:
        """Offer to take a step back.

        Args:
            before: the row as it was.
            make: returns what was done.
        """
        self._steps.append(_Step(before, make, self._clock.now() + UNDO))
        self._timer.start()
        self._show_newest()

    def take(self) -> FulfilmentRow | None:
        """Return the row of the newest step as it was, which is not offered any more."""
        self.tick()
        taken = self._steps.pop().before if self._steps else None
        self._show_newest()
        return taken

    def tick(self) -> None:
        """Withdraw what is too late, and count down."""
        now = self._clock.now()
        left = [step for step in self._steps if step.until > now]
        if len(left) == len(self._steps):
            self.button.set_values(seconds=self.seconds)
            return
        self._steps = left
        self._show_newest()

    def _show_newest(self) -> None:
        if not self._steps:
            self._timer.stop()
            self.clear()
            return
        self.button.set_values(seconds=self.seconds)
        self.show_message("success", self._steps[-1].make)
