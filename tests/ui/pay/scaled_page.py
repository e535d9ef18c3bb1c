"""The payment page on screens of every size at one scale factor; started by test_payment_sizes.

A screen of 1920 × 1080 pixels at scale 2 is a window of 960 × 540.
"""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication, QWidget

from posapp.services.session import Session
from posapp.ui.core.fonts import application_font, load_fonts
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import STYLE_ARGUMENTS, Theme
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import COUNTER_SIZES, HOME, PAYING
from posapp.ui.widgets.qr import LEAST_MODULE, LEAST_PAPER
from tests.fakes.world import FakeClock
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import begin, codes, place
from tests.ui.pay.payment_scenarios import LINK, FakeCash, FakePaymentService, NoReceipts

SCALE = float(os.environ["QT_SCALE_FACTOR"])

BARS = 720, 170
"""Width that tabs and status line need, and height of all bars of the window, in pixels."""

LEAST_PAGE = 180
"""Height in pixels of a page below which a QR of 8 device pixels a module is not whole: the bars
leave 130 of a screen of 1024 × 600 at scale 2."""


def main() -> None:
    app = QApplication([sys.argv[0], *STYLE_ARGUMENTS])
    load_fonts()
    app.setFont(application_font(16))
    theme, texts, clock = Theme("light"), Translator("ko"), FakeClock()
    theme.apply(app)
    window = MainWindow(texts, theme, shop="한빛상점", live=False)
    window.setMinimumSize(0, 0)
    window.add_screen(HOME, QWidget())
    page = PaymentScreen(
        *(texts, theme, InlineTaskRunner(window), clock, FakePaymentService(clock)),
        *(Session(), FakeHistories()),
        cash=FakeCash(FakePaymentService(clock)),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
    )
    window.add_screen(PAYING, page)
    window.show()
    window.show_screen(PAYING)
    begin(page)
    for width, height in COUNTER_SIZES:
        size = round(width / SCALE), round(height / SCALE)
        window.resize(*size)
        app.processEvents()
        code = page.view.qr.code
        seen = f"{width} × {height}: {size}, page {page.size()}, QR {place(page, code)}"
        assert page.devicePixelRatioF() == SCALE, seen
        assert code.module_size() >= LEAST_MODULE, seen
        if page.height() < LEAST_PAGE:
            assert (width, height, SCALE) == (1024, 600, 2.0), seen
            continue
        assert codes(page) == [LINK], seen
        if size[0] < BARS[0]:
            continue  # the window is wider than a screen of 1024 pixels at scale 1.5
        assert (window.width(), window.height()) == size, seen
        assert page.rect().contains(place(page, code)), seen
        if size[1] >= BARS[1] + LEAST_PAPER / SCALE + 28:
            assert code.paper_rect.width() * SCALE >= LEAST_PAPER - 1, seen


main()
