"""Cash that leaves the drawer for a buyer: the drawer, what is said, and the refund slip."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from posapp.domain.money import Won
    from posapp.ui.navigation.arrivals import Arrivals
    from posapp.ui.navigation.screen_router import ScreenRouter
    from posapp.ui.printing.paper_printing import PaperPrinting
    from posapp.ui.shell.main_window import MainWindow
    from posapp.ui.shell.screen import ScreenContext


class HandOuts(QObject):
    """Follows the pages that hand out cash, whichever is on screen by the time it is printed."""

    def __init__(
        self,
        context: ScreenContext,
        window: MainWindow,
        screens: ScreenRouter,
        arrivals: Arrivals,
    ) -> None:
        super().__init__(window)
        self._context, self._texts, self._roll = context, context.texts, context.roll
        self._window, self._arrivals = window, arrivals
        self._printing: PaperPrinting | None = None
        screens.cash_due.connect(self._ask_for_cash)
        screens.cash_handed_out.connect(self._print_slips)

    @Slot(object, object)
    def _ask_for_cash(self, order_id: int, won: Won) -> None:
        """Open the drawer, and say what is to be handed out until somebody has seen it."""
        if self._roll is not None:
            self._roll.open_drawer()
        make = partial(self._texts, "cash.hand_out_now", amount=self._texts.won(won))
        self._arrivals.notify(order_id, make, "warning")

    @Slot(object, object)
    def _print_slips(self, order_id: int, item_ids: tuple[int, ...]) -> None:
        """Print the refund slips of these items, where the shop wants its papers unasked."""
        if self._roll is None or not self._roll.prints_sales:
            return
        # Papers are loaded by the first slip, not at every start.
        from posapp.ui.orders.order_report import cash_slips_of

        if self._printing is None:
            self._printing = self._make_printing()
        shop = self._context.shop
        papers_of = partial(cash_slips_of, self._texts, shop=shop, items=item_ids)
        self._printing.print_papers(order_id, papers_of)

    def _make_printing(self) -> PaperPrinting:
        from posapp.ui.printing.paper_printing import PaperPrinting

        context, services = self._context, self._context.services
        made = PaperPrinting(
            *(context.texts, context.runner, services.order_history_service, services.session),
            *(context.clock, self._window),
            shop=context.shop,
            exports=context.exports,
            printed=context.printed,
            roll=context.roll,
        )
        made.said.connect(self._window.toast.say)
        made.failed.connect(self._not_printed)
        return made

    def _not_printed(self, order_id: int, text: Callable[[], str]) -> None:
        self._arrivals.notify(order_id, text, "warning")
