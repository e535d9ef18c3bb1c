"""Going through the screens without a person: presses what a person presses, and takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from posapp.services.progress import Phase
from posapp.ui.counter import Counter
from posapp.ui.screen_set import ORDERS, PAYING, RECEIPT

_TURN_MS = 20


class Sightseer:
    """Walks through a sale by keyboard; each step returns whether it was seen in time.

    It runs the event loop itself, turn by turn: there is nobody else to do it.

    Args:
        patience_ms: how long one step may take.
        tell: told a line for each step.
    """

    def __init__(
        self,
        counter: Counter,
        folder: Path,
        size: tuple[int, int],
        patience_ms: int,
        tell: Callable[[str], None],
    ) -> None:
        self._counter, self._folder, self._tell = counter, folder, tell
        self._size, self._patience_ms = size, patience_ms
        self._pictures = 0
        self._is_ready = False

    def open_window(self) -> bool:
        """Show the window and wait until its services stand."""
        self._counter.ready.connect(self._stands)
        self._counter.window.resize(*self._size)
        self._counter.window.show()
        return self._see("the till opens", lambda: self._is_ready, "home")

    def find_an_order(self) -> bool:
        """Open the list of open orders and pick the first one."""
        self._press(Qt.Key.Key_F2)
        if not self._see("the open orders are listed", lambda: self._orders_listed() > 0, "orders"):
            return False
        self._press(Qt.Key.Key_Return)
        return self._see("an order is picked", self._order_shown, "order")

    def show_the_code(self) -> str:
        """Press 결제 and wait for the QR; returns its merchant_uid, or empty."""
        self._press(Qt.Key.Key_Return)
        if not self._see("the QR is on screen", lambda: self._phase() is Phase.SCAN, "qr"):
            return ""
        progress = self._counter.screens.pay.progress
        return progress.attempt.merchant_uid if progress is not None else ""

    def see_the_buyer(self) -> bool:
        """Wait until the till has seen the buyer on the payment page."""
        return self._see(
            "the buyer has opened the link", lambda: self._phase() is Phase.PAYING, "paying"
        )

    def see_the_outcome(self) -> bool:
        """Wait until the till has verified the payment."""
        return self._see(
            "the payment is verified and recorded", lambda: self._phase() is Phase.DONE, "paid"
        )

    def see_the_receipt(self) -> bool:
        """Go on to the receipt."""
        self._press(Qt.Key.Key_Return)
        return self._see("the receipt is shown", self._receipt_shown, "receipt")

    def _stands(self) -> None:
        self._is_ready = True

    def _phase(self) -> Phase | None:
        progress = self._counter.screens.pay.progress
        return progress.phase if progress is not None else None

    def _orders_listed(self) -> int:
        table = self._counter.screens.orders.findChild(QTableView)
        if self._counter.window.current != ORDERS or table is None:
            return 0
        return int(table.model().rowCount())

    def _order_shown(self) -> bool:
        strong = self._counter.screens.pay.stage.strong_button
        return self._counter.window.current == PAYING and strong is not None and strong.isEnabled()

    def _receipt_shown(self) -> bool:
        receipt = self._counter.screens.receipt
        return self._counter.window.current == RECEIPT and receipt.slip.isVisible()

    def _press(self, key: Qt.Key) -> None:
        window = self._counter.window
        focused: QWidget | None = QApplication.focusWidget()
        QTest.keyClick(focused if focused is not None else window, key)

    def _see(self, words: str, seen: Callable[[], bool], picture: str) -> bool:
        end = time.monotonic() + self._patience_ms / 1000
        while not seen():
            if time.monotonic() > end:
                self._tell(f"not seen: {words}")
                self._take(f"{picture}-not-seen")
                return False
            self._turn()
        for _ in range(5):
            self._turn()
        self._tell(f"{words}: {self._take(picture)}")
        return True

    def _turn(self) -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)
        time.sleep(_TURN_MS / 1000)

    def _take(self, name: str) -> str:
        self._pictures += 1
        file = f"{self._pictures:02d}-{name}.png"
        self._counter.window.grab().save(str(self._folder / file))
        return file
