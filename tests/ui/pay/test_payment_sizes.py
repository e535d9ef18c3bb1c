"""The payment page at every size: the QR is whole, nothing is cut, and nothing moves."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.money import Won
from posapp.services.payments.payment_progress import FINAL_PHASES, PaymentPhase
from posapp.services.session import Session
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import THEMES, Theme
from posapp.ui.payment.payment_layout import shape_of
from posapp.ui.payment.payment_screen import PaymentScreen
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.routes import COUNTER_SIZES, HOME, PAYING
from posapp.ui.widgets.phase_icon import ICONS, TONE_COLOURS, PhaseIcon
from posapp.ui.widgets.qr import LEAST_FINE_MODULE, LEAST_MODULE, LEAST_PAPER
from tests.fakes.world import FakeClock
from tests.ui.cancel.shop_records import FakeHistories
from tests.ui.pay.payment_page import become, begin, codes, place, text
from tests.ui.pay.payment_scenarios import (
    BUYER,
    LINK,
    FakeCash,
    FakePaymentService,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    NoReceipts,
    item,
    usual_order,
    weird_order,
)

ROOT = Path(__file__).parents[3]
SCALES = (1.0, 1.25, 1.5, 2.0)
LONG_LINK = "https://impay.link/" + "x" * 130
"""Version 8 at error correction M, twice as fine as a link of PortOne's length."""


@pytest.fixture
def window(
    qtbot: QtBot,
    texts: Translator,
    theme: Theme,
    clock: FakeClock,
    payment_service: FakePaymentService,
) -> Iterator[MainWindow]:
    """The real window with the payment page, which is shown."""
    made = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(made)
    made.add_screen(HOME, QWidget())
    runner = InlineTaskRunner(made)
    page = PaymentScreen(
        *(texts, theme, runner, clock, payment_service, Session(), FakeHistories()),
        cash=FakeCash(payment_service),
        cash_receipts=NoReceipts(),
        shop="한빛상점",
    )
    made.add_screen(PAYING, page)
    with qtbot.waitExposed(made):
        made.show()
    made.show_screen(PAYING)
    yield made


@pytest.fixture
def page(window: MainWindow) -> PaymentScreen:
    shown = window.screen_named(PAYING)
    assert isinstance(shown, PaymentScreen)
    return shown


def settle() -> None:
    """Let layouts inside layouts follow."""
    for _ in range(3):
        QApplication.processEvents()


def resize(window: MainWindow, size: tuple[int, int]) -> None:
    window.resize(*size)
    settle()
    assert (window.width(), window.height()) == size


def show_at(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    size: tuple[int, int],
) -> None:
    """Resize the window, which shows no QR of an earlier size any more."""
    page.set_online(True)
    if page.is_live:
        become(page, payment_service, PaymentPhase.STOPPED)
    payment_service.link, payment_service.refusal = LINK, None
    resize(window, size)


State = Callable[[PaymentScreen, FakePaymentService, FakeClock], None]


def _phase(phase: PaymentPhase) -> State:
    return lambda page, service, clock: become(page, service, phase)


def _pass(seconds: int) -> State:
    def passed(page: PaymentScreen, service: FakePaymentService, clock: FakeClock) -> None:
        clock.advance(seconds=seconds)
        page._controller.countdown._tick()

    return passed


STATES: dict[str, State] = {
    "preparing": _phase(PaymentPhase.PREPARING),
    "scan": _phase(PaymentPhase.SCAN),
    "offline": lambda page, service, clock: page.set_online(False),
    "paying": _phase(PaymentPhase.PAYING),
    "under 30 seconds": _pass(280),
    "time over": _pass(30),
    "checking": _phase(PaymentPhase.CHECKING),
}
"""What follows the press of 결제, in order, while the QR keeps its place."""


@pytest.mark.parametrize("size", COUNTER_SIZES)
def test_what_follows_a_result_is_in_view_when_the_window_becomes_smaller(
    window: MainWindow, page: PaymentScreen, payment_service: FakePaymentService, size
):
    """The QR, hidden behind the result, asked for the room that it had before."""
    for phase in FINAL_PHASES:
        show_at(window, page, payment_service, (1920, 1080))
        begin(page)
        become(page, payment_service, phase)
        resize(window, size)
        assert page.view.verticalScrollBar().maximum() == 0, phase
        assert page.view.primary.visibleRegion().boundingRect() == page.view.primary.rect(), phase


def test_the_states_above_are_all_that_keep_the_place_of_the_qr():
    assert {name for name in PaymentPhase if name not in FINAL_PHASES} == {
        *(PaymentPhase.PREPARING, PaymentPhase.SCAN, PaymentPhase.PAYING),
        *(PaymentPhase.CHECKING, PaymentPhase.RETURNING),
    }


def places(window: MainWindow, page: PaymentScreen) -> dict[str, QRect]:
    """Where everything is that a text could move."""
    qr = page.view.qr
    button = qr.pay if qr.pay.isVisible() else qr.stop
    watched: dict[str, QWidget] = {
        "QR": qr.code,
        "mark": qr.mark,
        "sentence": qr.how,
        "amount": qr.amount,
        "notice": qr.notice,
        "button": button,
        "order": page.view.order,
    }
    found = {name: place(page, widget) for name, widget in watched.items()}
    found["amount"].setWidth(0)  # of its text
    found["back"] = QRect(window.head.back.pos(), window.head.back.size())
    found["title"] = QRect(window.head.title.pos(), window.head.title.size())
    return found


@pytest.mark.parametrize("size", COUNTER_SIZES, ids=str)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_nothing_moves_from_the_order_to_the_end_of_the_qr(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    clock: FakeClock,
    texts: Translator,
    size: tuple[int, int],
    language: str,
):
    """The QR jumped by 6 pixels when its sentence changed."""
    texts.set_language(language)
    resize(window, size)
    page.open(Actor.buyer(BUYER.id), 1024)
    settle()
    first = places(window, page)
    page.view.qr.pay.click()
    for name, enter in STATES.items():
        enter(page, payment_service, clock)
        settle()
        now = places(window, page)
        assert now == first, name
        assert_nothing_is_cut(page)
        assert page.view.panel is page.view.qr, name


def test_the_language_moves_nothing(
    window: MainWindow, page: PaymentScreen, texts: Translator, payment_service: FakePaymentService
):
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        begin(page)
        settle()
        qr = page.view.qr
        watched = (qr.code, qr.mark, qr.how, qr.notice, qr.stop, page.view.order)
        korean = [place(page, one) for one in watched]
        texts.set_language("en")
        settle()
        assert [place(page, one) for one in watched] == korean
        texts.set_language("ko")


@pytest.mark.parametrize("theme_name", THEMES)
def test_the_qr_is_whole_and_decodes_at_every_size(
    window: MainWindow,
    page: PaymentScreen,
    theme: Theme,
    theme_name: str,
    payment_service: FakePaymentService,
):
    theme.set_name(theme_name)
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        begin(page)
        settle()
        code = page.view.qr.code
        assert codes(page) == [LINK]
        assert code.module_size() >= LEAST_MODULE
        assert code.paper_rect.width() == code.paper_rect.height() >= LEAST_PAPER == 352
        assert page.rect().contains(place(page, code))
        assert_nothing_is_cut(page)


def test_a_finer_qr_has_the_same_place(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
):
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        begin(page)
        settle()
        where = place(page, page.view.qr.code)
        payment_service.link = LONG_LINK
        become(page, payment_service, PaymentPhase.PAYING)
        settle()
        assert codes(page) == [LONG_LINK]
        assert page.view.qr.code.module_size() >= LEAST_FINE_MODULE
        assert place(page, page.view.qr.code) == where


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("phase", sorted({*FINAL_PHASES, PaymentPhase.RETURNING}))
def test_every_outcome_is_shown_whole(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    texts: Translator,
    phase: PaymentPhase,
    language: str,
):
    texts.set_language(language)
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        begin(page)
        become(page, payment_service, phase)
        settle()
        assert page.view.panel is page.view.outcome
        assert codes(page) == []
        assert_nothing_is_cut(page)
        assert not page.view.outcome.text.verticalScrollBar().isVisible()
        primary = page.view.primary
        assert (primary is None) == (phase is PaymentPhase.RETURNING)
        if primary is not None:
            assert page.rect().contains(place(page, primary))


def test_the_buttons_of_an_outcome_have_one_place(
    window: MainWindow, page: PaymentScreen, payment_service: FakePaymentService
):
    for size in COUNTER_SIZES:
        resize(window, size)
        begin(page)
        found = set()
        for phase in FINAL_PHASES:
            become(page, payment_service, phase)
            settle()
            button = place(page, page.view.outcome.next)
            found.add((button.right(), button.bottom(), button.height()))
        assert len(found) == 1, size


def test_a_long_reason_scrolls_and_the_buttons_stay(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
):
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        begin(page)
        payment_service.become(PaymentPhase.FAILED, "잔액이 부족합니다. " * 40)
        page.attempt_changed(7)
        settle()
        assert page.rect().contains(place(page, page.view.outcome.next))
        assert page.view.verticalScrollBar().maximum() == 0


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_largest_amount_and_the_oddest_order_are_shown_whole(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    texts: Translator,
    language: str,
):
    texts.set_language(language)
    for size in COUNTER_SIZES:
        show_at(window, page, payment_service, size)
        odd = (*weird_order().items, *(item(20 + n, "단팥빵", 1, 1) for n in range(40)))
        rest = 2_000_000 - sum(one.total for one in odd)
        order = replace(usual_order(), items=(*odd, item(99, "쌀", rest, 1)))
        assert order.total == Won(2_000_000)
        payment_service.order = order
        payment_service.buyer = replace(BUYER, name="남궁" * 40)
        begin(page)
        settle()
        amount = page.view.qr.amount
        assert amount.text() in ("2,000,000원", "₩2,000,000")
        assert amount.property("role") == "money-large"
        assert codes(page) == [LINK]
        assert_nothing_is_cut(page)


@pytest.mark.parametrize("size", COUNTER_SIZES, ids=str)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_notice_has_its_place(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    texts: Translator,
    size: tuple[int, int],
    language: str,
):
    texts.set_language(language)
    resize(window, size)
    page.open(Actor.buyer(BUYER.id), 1024)
    page.set_behind(True)
    settle()
    first = places(window, page)
    assert_nothing_is_cut(page)
    page.set_behind(False)
    page.view.qr.pay.click()
    for cause in GatewayCause:
        payment_service.refusal = GatewayError(GatewayOutcome.UNKNOWN, cause)
        page.attempt_changed(7)
        settle()
        assert cause.value in page.view.qr.notice.text()
        assert_nothing_is_cut(page)
        assert places(window, page) == first


def test_at_600_pixels_the_order_is_one_line_above_the_qr(window: MainWindow, page: PaymentScreen):
    resize(window, (1024, 600))
    begin(page)
    settle()
    order = page.view.order
    line = order.line
    assert line.isVisible() and not order.items.isVisible()
    assert line.text() == "주문번호 1024 · \u2068김서연\u2069 님 · 상품 3개"
    assert "59,900원" in text(order)
    assert place(page, order).bottom() < place(page, page.view.qr.code).top()
    assert page.subtitle == ""
    resize(window, (1024, 768))
    assert order.items.isVisible() and not line.isVisible()
    assert place(page, order).right() < place(page, page.view.qr.code).left()


def test_in_a_window_below_the_smallest_the_head_shows_the_order(
    qtbot: QtBot, window: MainWindow, page: PaymentScreen
):
    """1920 × 1080 at scale 2: the QR was cut and could not be read."""
    window.setMinimumSize(0, 0)
    resize(window, (960, 540))
    begin(page)
    settle()
    assert page.subtitle == "주문번호 1024 · \u2068김서연\u2069 님"
    assert not page.view.order.isVisible()
    assert page.view.qr.code.paper_rect.width() >= LEAST_PAPER
    assert codes(page) == [LINK]
    assert_nothing_is_cut(page)
    resize(window, (1024, 768))
    assert page.subtitle == ""


@pytest.mark.parametrize("scale", SCALES)
def test_the_qr_decodes_at_every_scale(scale: float):
    """In a process of its own, because a device pixel ratio is chosen at the start of Qt."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "scaled_page.py")],
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "QT_QPA_PLATFORM": "offscreen",
            "QT_SCALE_FACTOR": str(scale),
            "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_qr_is_as_large_as_planned():
    """44 to 60 units of 8 pixels, by the body of the window alone."""
    bodies = {(1024, 430): 352, (1024, 598): 352, (1366, 598): 480, (1920, 910): 480}
    for body, least in bodies.items():
        assert least <= shape_of(*body).paper <= 480, body
    assert shape_of(1080, 1750).paper == 480


def grey(mark: str, tone: str, theme: Theme) -> QImage:
    icon = PhaseIcon(theme, 48)
    icon.show_mark(mark, tone)
    icon.resize(48, 48)
    return icon.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)


@pytest.mark.parametrize("theme_name", THEMES)
def test_icons_differ_in_grey(qapp: QApplication, theme: Theme, theme_name: str):
    theme.set_name(theme_name)
    pictures = {mark: grey(mark, "busy", theme) for mark in ICONS}
    for one, other in combinations(pictures, 2):
        pixels = sum(
            abs(
                pictures[one].pixelColor(x, y).lightness()
                - pictures[other].pixelColor(x, y).lightness()
            )
            > 64
            for x in range(48)
            for y in range(48)
        )
        assert pixels > 20, (one, other)
    assert set(TONE_COLOURS) == {"success", "error", "warning", "notice", "busy"}


def assert_nothing_is_cut(page: PaymentScreen) -> None:
    """Every visible label and button has the room that its words need, inside the page."""
    assert page.view.verticalScrollBar().maximum() == 0
    assert page.view.horizontalScrollBar().maximum() == 0
    for one in (*page.findChildren(QLabel), *page.findChildren(QAbstractButton)):
        if not one.isVisible() or not one.text() or not one.visibleRegion().boundingRect():
            continue
        assert page.rect().contains(place(page, one)), one.text()
        least = (
            one.heightForWidth(one.width()) if one.hasHeightForWidth() else one.sizeHint().height()
        )
        assert one.height() >= least, one.text()
        if not (isinstance(one, QLabel) and one.wordWrap()):
            assert one.width() >= one.sizeHint().width(), one.text()


@pytest.mark.parametrize("phase", sorted(PaymentPhase))
def test_language_and_theme_change_nothing_in_any_phase(
    window: MainWindow,
    page: PaymentScreen,
    payment_service: FakePaymentService,
    texts: Translator,
    theme: Theme,
    phase: PaymentPhase,
):
    """By the window's own keys: the same attempt, phase, code and focus."""
    begin(page)
    become(page, payment_service, phase)
    settle()
    assert page.progress is not None

    def state() -> tuple[object, ...]:
        shown = page.progress
        assert shown is not None
        return (
            *(shown.attempt.id, shown.phase, page.is_live, page.seconds_left),
            *(page.view.qr.code.is_scannable, QApplication.focusWidget(), codes(page)),
        )

    calls, before, korean = list(payment_service.calls), state(), text(page)
    window.show_language()
    settle()
    assert state() == before and text(page) != korean
    for _ in (*THEMES, "auto"):
        window.show_theme()
        settle()
        assert state() == before
    window.show_language()
    settle()
    assert state() == before and text(page) == korean
    assert payment_service.calls == calls, "nothing was asked or sent"
