"""Automated tour: presses keys as a user does, and takes pictures."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTableView, QWidget

from posapp.services.payments.payment_progress import PaymentPhase
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.receipts.paper_view import PaperView
from posapp.ui.shell.routes import ORDERS, PAYING, RECEIPT

_TURN_MS = 20
_STEADY_TURNS = 40
"""Turns before a picture: the status line follows the records half a second later."""


class TourDriver:
    """Runs through a sale by keyboard; each step returns whether its result appeared in time.

    It runs the event loop itself, because no other loop is running.

    Args:
        patience_ms: timeout of one step in milliseconds.
        report: receives one line for each step.
    """

    def __init__(
        self,
        counter: CounterWindow,
        folder: Path,
        size: tuple[int, int],
        patience_ms: int,
        report: Callable[[str], None],
    ) -> None:
        self._counter, self._folder, self._report = counter, folder, report
        self._size, self._patience_ms = size, patience_ms
        self._pictures = 0
        self._is_ready = False

    def open_window(self) -> bool:
        """Show the window and wait until its services are ready."""
        self._counter.ready.connect(self._is_steady)
        self._counter.window.resize(*self._size)
        self._counter.window.show()
        return self._see("the till opens", lambda: self._is_ready, "home")

    def find_an_order(self) -> bool:
        """Open the list of open orders and pick the first one."""
        self._press(Qt.Key.Key_F5)
        if not self._see("the open orders are listed", lambda: self._orders_listed() > 0, "orders"):
            return False
        self._press(Qt.Key.Key_Return)
        return self._see("an order is picked", self._order_shown, "order")

    def show_the_code(self) -> str:
        """Press 결제 and wait for the QR; returns its merchant_uid, or empty."""
        self._press(Qt.Key.Key_Return)
        if not self._see("the QR is on screen", lambda: self._phase() is PaymentPhase.SCAN, "qr"):
            return ""
        progress = self._counter.screens.pay.progress
        return progress.attempt.merchant_uid if progress is not None else ""

    def see_the_buyer(self) -> bool:
        """Wait until the till has registered the buyer on the payment page."""
        return self._see(
            "the buyer has opened the link", lambda: self._phase() is PaymentPhase.PAYING, "paying"
        )

    def see_the_outcome(self) -> bool:
        """Wait until the till has verified the payment."""
        return self._see(
            "the payment is verified and recorded",
            lambda: self._phase() is PaymentPhase.DONE,
            "paid",
        )

    def see_the_receipt(self) -> bool:
        """Open the receipt."""
        screens = self._counter.screens
        if (progress := screens.pay.progress) is not None:
            screens.open(RECEIPT, {"order_id": progress.attempt.order_id})  # Ctrl+P would print it
        return self._see("the receipt is shown", self._receipt_shown, "receipt")

    def _is_steady(self) -> None:
        self._is_ready = True

    def _phase(self) -> PaymentPhase | None:
        progress = self._counter.screens.pay.progress
        return progress.phase if progress is not None else None

    def _orders_listed(self) -> int:
        if self._counter.window.current != ORDERS:
            return 0
        table = self._counter.screens.page(ORDERS).findChild(QTableView)
        if table is None:
            return 0
        return int(table.model().rowCount())

    def _order_shown(self) -> bool:
        strong = self._counter.screens.pay.view.primary
        return self._counter.window.current == PAYING and strong is not None and strong.isEnabled()

    def _receipt_shown(self) -> bool:
        if self._counter.window.current != RECEIPT:
            return False
        slip = self._counter.screens.page(RECEIPT).findChild(PaperView)
        return slip is not None and slip.isVisible()

    def _press(self, key: Qt.Key) -> None:
        window = self._counter.window
        focused: QWidget | None = QApplication.focusWidget()
        QTest.keyClick(focused if focused is not None else window, key)

    def _see(self, caption: str, seen: Callable[[], bool], picture: str) -> bool:
        end = time.monotonic() + self._patience_ms / 1000
        while not seen():
            if time.monotonic() > end:
                self._report(f"not seen: {caption}")
                self._take(f"{picture}-not-seen")
                return False
            self._turn()
        for _ in range(_STEADY_TURNS):
            self._turn()
        self._report(f"{caption}: {self._take(picture)}")
        return True

    def _turn(self) -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, _TURN_MS)
        time.sleep(_TURN_MS / 1000)

    def _take(self, name: str) -> str:
        self._pictures += 1
        file = f"{self._pictures:02d}-{name}.png"
        self._counter.window.grab().save(str(self._folder / file))
        return file
