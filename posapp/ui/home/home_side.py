"""What stands beside the work on the first page: today's figures, and the newest orders."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from posapp.services.orders.today_figures import TodayFigures
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.home.recent_orders import RecentOrders
from posapp.ui.home.today_card import TodayCard
from posapp.ui.widgets import boxes

LOW = 520
"""Height in pixels of a page below which there is no room for either."""

_OTHERS, _WORK, _TODAY = 200, 320, 130
"""Heights in pixels: what is above and below the cards, the card of the work that waits, and
today's figures with the gap below them."""

_GAP = 16


class HomeSide(QWidget):
    """Both give way where a page is low."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self.today = TodayCard(texts)
        self.recent = RecentOrders(texts, theme)
        self._height, self._is_wide = 0, True
        boxes.column(self.today, self.recent, 1, on=self, gap=_GAP)

    def show_figures(self, figures: TodayFigures | None) -> None:
        """Show today's figures; ``None`` hides them."""
        self.today.show_figures(figures)
        self._fit()

    def fit(self, height: int, *, is_wide: bool) -> None:
        """Show what there is room for.

        Args:
            height: of the page, in pixels.
            is_wide: it stands beside the work, not below it.
        """
        self._height, self._is_wide = height, is_wide
        self._fit()

    def _fit(self) -> None:
        has_room = self._height >= LOW
        self.setVisible(has_room)
        self.today.give_room(has_room)
        others = _OTHERS + (0 if self._is_wide else _WORK)
        if self.today.isVisibleTo(self):
            others += _TODAY
        self.recent.fit(self._height - others if has_room else 0)
