"""Today's figures on the first page, for those who may see them."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from posapp.services.orders.today_figures import TodayFigures
from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets import boxes
from posapp.ui.widgets.roles import Frame, Label

_PAID, _REFUNDED, _NET = "today_paid", "today_refunded", "today_net"
_GAP = 24


class TodayCard(Frame):
    """What was paid today, what was refunded, and what is left of it."""

    def __init__(self, texts: Translator) -> None:
        super().__init__("card")
        self._texts = texts
        self._figures: TodayFigures | None = None
        self._has_room = True
        self._amounts = {name: Label("money") for name in (_PAID, _REFUNDED, _NET)}
        self._names = {name: Label("muted") for name in self._amounts}
        heading = Label("heading", text=texts.bind("home.today"))
        facts = []
        for name, amount in self._amounts.items():
            fact = QWidget()
            boxes.column(self._names[name], amount, on=fact, gap=2)
            facts.append((fact, 1))
        boxes.column(heading, boxes.row(*facts, gap=_GAP), on=self, gap=8, margins=(24, 16, 12, 16))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        texts.changed.connect(self._write)
        self.hide()

    def show_figures(self, figures: TodayFigures | None) -> None:
        """Show the figures; ``None`` hides the card."""
        self._figures = figures
        self._write()
        self._fit()

    def give_room(self, has_room: bool) -> None:
        """Say whether there is room for the card."""
        self._has_room = has_room
        self._fit()

    def _fit(self) -> None:
        self.setVisible(self._has_room and self._figures is not None)

    def _write(self) -> None:
        texts, figures = self._texts, self._figures
        if figures is None:
            return
        paid, refunded = figures.paid, figures.refunded
        for name, count, amount in (
            (_PAID, paid.count, texts.won(paid.amount)),
            (_REFUNDED, refunded.count, texts.won(-refunded.amount)),
            (_NET, None, texts.won(figures.net)),
        ):
            label = texts(f"home.{name}", count=grouped(count) if count is not None else "")
            self._names[name].setText(label)
            self._amounts[name].setText(amount)
            self._amounts[name].setAccessibleName(f"{label}: {amount}")
