"""The buyer's window: whole at each size, its code readable, and nothing in it to press."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget

from posapp.domain.money import Won
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import THEMES
from posapp.ui.display.buyer_display import BuyerDisplay
from posapp.ui.display.buyer_view import NOTHING, BuyerLine, BuyerPhase, BuyerView
from posapp.ui.display.display_pages import MOST_LINES
from posapp.ui.display.display_window import FEW_LINES, DisplayWindow
from posapp.ui.display.screen_numbers import ScreenNumbers
from posapp.ui.widgets.qr import LEAST_MODULE
from posapp.ui.widgets.qr_matrix import encode
from tests.ui.contrast import faint
from tests.ui.geometry import problems
from tests.ui.pay.payment_scenarios import LINK
from tests.ui.pay.test_qr import read

SIZES = [(1024, 600), (1024, 768), (1366, 768), (1920, 1080), (1080, 1920)]
MATRIX = encode(LINK)
LINES = tuple(
    BuyerLine(f"{number}번 {'상품 이름' * 3}", number, Won(number * 1_234_000))
    for number in range(1, 10)
)
TOTAL = Won(sum(line.amount for line in LINES))
VIEWS = {
    BuyerPhase.IDLE: NOTHING,
    BuyerPhase.ORDER: BuyerView(BuyerPhase.ORDER, LINES, TOTAL),
    BuyerPhase.SCAN: BuyerView(BuyerPhase.SCAN, LINES, TOTAL, MATRIX, 285),
    BuyerPhase.PAYING: BuyerView(BuyerPhase.PAYING, LINES, TOTAL, MATRIX, 12),
    BuyerPhase.CHECKING: BuyerView(BuyerPhase.CHECKING, LINES, TOTAL),
    BuyerPhase.PAID: BuyerView(BuyerPhase.PAID, LINES, TOTAL),
}


def shown_text(window: QWidget) -> str:
    return "\n".join(one.text() for one in window.findChildren(QLabel) if one.isVisible())


def make(qtbot, texts, theme, size=(1366, 768), **more):
    window = DisplayWindow(texts, theme, shop="하나베이커리", **more)
    qtbot.addWidget(window)
    window.setFixedSize(*size)
    window.show()
    qtbot.waitExposed(window)
    return window


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("size", SIZES, ids=lambda size: "x".join(map(str, size)))
def test_every_state_is_whole_at_every_size(qtbot, theme, size, language):
    window = make(qtbot, Translator(language), theme, size, mode="practice")
    for name in THEMES:
        theme.set_name(name)
        for phase, view in VIEWS.items():
            window.show_view(view)
            qtbot.waitUntil(lambda: problems(window) == [])
            assert window.code.isVisible() is (view.matrix is not None), (name, phase)
            assert faint(window, name) == []
        window.show_view(VIEWS[BuyerPhase.SCAN])
        assert [text for text, _ in read(window.grab().toImage())] == [LINK], name
    window.show_view(VIEWS[BuyerPhase.SCAN])
    qtbot.waitUntil(lambda: window.code.isVisible())
    assert window.code.module_size() >= LEAST_MODULE
    assert window.code.paper_rect.height() * 3 >= size[1]


def test_the_window_takes_a_smaller_screen_after_a_larger_one(qtbot, texts, theme):
    window = DisplayWindow(texts, theme, shop="하나베이커리")
    qtbot.addWidget(window)
    window.resize(1080, 1920)
    window.show()
    qtbot.waitExposed(window)
    for size in ((1920, 1080), (1366, 768), (1024, 600)):
        for view in VIEWS.values():
            window.resize(*size)
            window.show_view(view)
            qtbot.waitUntil(lambda: problems(window) == [])
            assert window.size().toTuple() == size


def test_the_code_stays_in_its_place_while_the_buyer_pays(qtbot, texts, theme):
    window = make(qtbot, texts, theme)
    places = set()
    for view in (VIEWS[BuyerPhase.SCAN], VIEWS[BuyerPhase.PAYING]):
        window.show_view(view)
        qtbot.waitUntil(lambda: problems(window) == [])
        window.grab()
        places.add(window.code.mapTo(window, window.code.rect().topLeft()).toTuple())
    assert len(places) == 1


@pytest.mark.parametrize(("size", "count"), [((1024, 600), FEW_LINES), ((1366, 768), MOST_LINES)])
def test_the_last_lines_are_shown_and_the_others_counted(qtbot, texts, theme, size, count):
    window = make(qtbot, texts, theme, size)
    window.show_view(VIEWS[BuyerPhase.ORDER])
    said = shown_text(window)
    assert [line.name in said for line in LINES] == [False] * (9 - count) + [True] * count
    assert texts("display.more", count=9 - count) in said
    assert texts.won(TOTAL) in said


def test_foreign_text_is_shown_as_text(qtbot, texts, theme):
    window = make(qtbot, texts, theme)
    wild = BuyerLine("<img src=x>\u202e\n" + "긴" * 400, 1, Won(1))
    window.show_view(BuyerView(BuyerPhase.ORDER, (wild,), Won(1)))
    assert "<img src=x>" in shown_text(window)
    assert "\u202e" not in shown_text(window)
    qtbot.waitUntil(lambda: problems(window) == [])


def test_a_code_is_gone_with_its_state(qtbot, texts, theme):
    window = make(qtbot, texts, theme)
    for phase in BuyerPhase:
        window.show_view(VIEWS[BuyerPhase.SCAN])
        assert window.code.is_scannable
        window.show_view(VIEWS[phase])
        assert window.code.is_scannable == (VIEWS[phase].matrix is not None)


def test_it_takes_no_input_and_no_focus_and_cannot_be_closed(qtbot, texts, theme):
    window = make(qtbot, texts, theme)
    flags = window.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.FramelessWindowHint
    assert window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert window.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    assert not window.testAttribute(Qt.WidgetAttribute.WA_QuitOnClose)
    every = [window, *window.findChildren(QWidget)]
    assert {one.focusPolicy() for one in every} == {Qt.FocusPolicy.NoFocus}
    assert not window.close()
    assert window.isVisible()


@pytest.mark.parametrize(("mode", "is_marked"), [("live", False), ("test", True)])
def test_a_window_in_which_no_money_moves_says_so(qtbot, texts, theme, mode, is_marked):
    window = make(qtbot, texts, theme, mode=mode)
    assert (texts("window.mode_test") in shown_text(window)) is is_marked


def test_the_shops_picture_is_shown_and_a_broken_one_left_out(qtbot, texts, theme, tmp_path):
    good, bad = tmp_path / "buyer-display.png", tmp_path / "bad.png"
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    assert image.save(str(good))
    bad.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(40))
    for file, is_shown in ((good, True), (bad, False), (tmp_path / "none.png", False)):
        window = make(qtbot, texts, theme, picture=file)
        pictures = [one for one in window.findChildren(QLabel) if not one.pixmap().isNull()]
        assert bool(pictures) is is_shown


def test_it_follows_the_language(qtbot, texts, theme):
    window = make(qtbot, texts, theme)
    window.show_view(VIEWS[BuyerPhase.SCAN])
    assert "휴대폰으로 스캔해 주세요" in shown_text(window)
    texts.set_language("en")
    assert "Scan with your phone" in shown_text(window)


@pytest.fixture
def display(qtbot, texts, theme):
    seller = QWidget()
    qtbot.addWidget(seller)
    seller.show()
    qtbot.waitExposed(seller)
    return BuyerDisplay(texts, theme, seller, shop="하나베이커리", paid_ms=0)


def test_the_only_screen_is_never_the_buyers(display):
    reported = []
    display.missing_changed.connect(reported.append)
    assert display.choices() == []
    display.choose("|||screen|1366x768")
    assert display.window is None
    assert reported == [True]
    display.choose("")
    assert reported == [True, False]


def test_thanks_stay_though_the_seller_goes_on_and_end_by_themselves(qtbot, display):
    display._thanks.setInterval(60_000)
    display.take_view(VIEWS[BuyerPhase.PAID])
    display.take_view(NOTHING)
    assert display._view.phase is BuyerPhase.PAID
    display.take_view(VIEWS[BuyerPhase.ORDER])
    assert display._view.phase is BuyerPhase.ORDER
    assert not display._thanks.isActive()
    display._thanks.setInterval(0)
    display.take_view(VIEWS[BuyerPhase.PAID])
    qtbot.waitUntil(lambda: display._view is NOTHING)


def test_a_payment_that_is_read_again_is_not_said_to_the_next_buyer(qtbot, display):
    paid = VIEWS[BuyerPhase.PAID]
    display.take_view(paid)
    qtbot.waitUntil(lambda: display._view is NOTHING)
    for again in (paid, replace(paid, lines=paid.lines[1:])):  # an item may be refunded by then
        display.take_view(again)
        assert display._view is NOTHING
    display.take_view(VIEWS[BuyerPhase.SCAN])
    display.take_view(paid)
    assert display._view is paid


@pytest.mark.qt_log_ignore("This plugin does not support raise")
def test_each_screen_has_its_number_for_a_while(qtbot, theme):
    parent = QWidget()
    qtbot.addWidget(parent)
    numbers = ScreenNumbers(theme, parent)
    numbers._end.setInterval(0)
    numbers.show()
    assert [window.text() for window in numbers.windows] == ["1"]
    qtbot.waitUntil(lambda: numbers.windows == [])
