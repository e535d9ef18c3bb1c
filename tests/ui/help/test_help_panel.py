"""Help beside a page: F1 opens it, Esc closes it, and the page stays usable."""

from __future__ import annotations

import re
from html import unescape

import pytest
from PySide6.QtCore import QObject, QPoint, QRect, Qt, QUrl, Slot
from PySide6.QtGui import QColor, QDesktopServices, QTextDocument
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout

from posapp.app.manual_html import to_html
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import THEMES
from posapp.ui.help.manual import INDEX, Manual
from posapp.ui.shell.key_list import KeyList
from posapp.ui.shell.main_window import MainWindow
from posapp.ui.shell.screen import Screen
from posapp.ui.widgets.side_panel import WIDTH
from tests.ui.geometry import problems

QT_KEYS = Qt.Key


class Page(Screen):
    """A page with a field at the left, a button at the right, and a search."""

    def __init__(self, texts, theme) -> None:
        super().__init__(texts, theme, InlineTaskRunner())
        self.field, self.button = QLineEdit(), QPushButton("x")
        for one in (self.field, self.button):
            one.setMinimumHeight(48)
        column = QVBoxLayout(self)
        column.addWidget(self.field)
        column.addWidget(self.button)
        self.setFocusProxy(self.field)

    def focus_search(self) -> bool:
        self.field.setFocus()
        return True


class AnySize(Page):
    fits_any_size = True


@pytest.fixture
def window(qtbot, texts, theme) -> MainWindow:
    made = MainWindow(texts, theme, shop="한빛상점", live=False)
    qtbot.addWidget(made)
    for name in ("home", "orders", "sync"):
        made.add_screen(name, Page(texts, theme))
    made.add_screen("pay", AnySize(texts, theme))
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    return made


def press(qtbot, key, modifier=Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifier)


def shown(window) -> str:
    return window.help.panel.text.toPlainText()


def test_f1_opens_the_help_of_the_page_and_esc_returns_the_focus(qtbot, window):
    for name, title in (("home", "홈"), ("orders", "주문"), ("sync", "전송 현황")):
        window.show_screen(name)
        before = QApplication.focusWidget()
        for leave in (QT_KEYS.Key_Escape, QT_KEYS.Key_F1):
            press(qtbot, QT_KEYS.Key_F1)
            assert window.help.is_open and shown(window).startswith(title)
            assert QApplication.focusWidget() is window.help.panel.text
            press(qtbot, leave)
            assert not window.help.is_open and window.current == name
            assert QApplication.focusWidget() is before


def test_the_button_of_the_top_bar_and_close_do_the_same(qtbot, window):
    window.top_bar.help.click()
    assert window.help.is_open
    window.help.panel.close_button.click()
    assert not window.help.is_open


def test_esc_closes_the_help_first_and_then_leads_back(qtbot, window):
    window.show_screen("orders")
    window.show_screen("sync")
    press(qtbot, QT_KEYS.Key_F1)
    press(qtbot, QT_KEYS.Key_Escape)
    assert window.current == "sync"
    press(qtbot, QT_KEYS.Key_Escape)
    assert window.current == "orders"


def test_the_button_back_of_the_page_leads_back_beside_the_help(window):
    window.show_screen("orders")
    window.show_screen("sync")
    window.help.open()
    window.head.back.click()
    assert window.current == "orders" and window.help.is_open


def test_arrows_scroll_and_it_begins_at_the_top(qtbot, window):
    window.resize(1024, 600)
    window.help.open()
    QApplication.processEvents()
    bar = window.help.panel.text.verticalScrollBar()
    assert bar.value() == 0 and bar.maximum() > 0
    press(qtbot, QT_KEYS.Key_Down)
    assert bar.value() > 0
    press(qtbot, QT_KEYS.Key_PageDown)
    far = bar.value()
    window.help.panel.show_topic("refunds")
    assert far > 0 and bar.value() == 0


def test_the_page_stays_usable(qtbot, window):
    window.resize(1366, 768)
    window.help.open()
    page = window.screen_named("home")
    qtbot.mouseClick(page.field, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(QApplication.focusWidget(), "1200")
    assert page.field.text() == "1200" and window.help.is_open
    press(qtbot, QT_KEYS.Key_Escape)
    assert not window.help.is_open and QApplication.focusWidget() is page.field


@pytest.mark.parametrize("width", [1024, 1366, 1504, 1920])
def test_a_page_gives_way_where_it_stays_as_wide_as_it_needs(window, width):
    window.resize(width, 700)
    window.help.open()
    QApplication.processEvents()
    panel, page = window.help.panel, window.screen_named("home")
    assert panel.width() == WIDTH
    left = panel.mapTo(window, QPoint(0, 0)).x()
    assert left + panel.width() == window.width()
    right = page.mapTo(window, page.rect().topRight()).x()
    assert (right < left) == (width - WIDTH >= 1024)
    window.help.close()
    QApplication.processEvents()
    assert page.width() == width


def test_a_qr_is_never_below_the_help(window):
    """The payment page fits any width: it gives way in every window."""
    window.resize(1024, 600)
    window.help.open()
    window.show_screen("pay")
    QApplication.processEvents()
    page, panel = window.screen_named("pay"), window.help.panel
    area = QRect(page.mapTo(window, QPoint(0, 0)), page.size())
    assert not area.intersects(QRect(panel.mapTo(window, QPoint(0, 0)), panel.size()))
    window.show_screen("home")
    QApplication.processEvents()
    assert window.screen_named("home").width() == 1024


def test_the_help_follows_the_page_unless_the_reader_went_on(window):
    window.help.open()
    window.show_screen("orders")
    assert window.help.panel.topic == "orders"
    window.help.panel.show_topic("refunds")
    window.show_screen("sync")
    assert window.help.panel.topic == "refunds"


def follow(window, where: str) -> None:
    window.help.panel.text.anchorClicked.emit(QUrl(where))


class Browser(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def open(self, url: QUrl) -> None:
        self.opened.append(url.toString())


def test_links_lead_to_pages_and_never_outside(window):
    browser = Browser()
    for scheme in ("https", "http", "file"):
        QDesktopServices.setUrlHandler(scheme, browser, "open")
    window.help.open()
    panel = window.help.panel
    assert not panel.back.isVisible()
    follow(window, "refunds.md")
    assert panel.topic == "refunds" and panel.back.isVisible()
    for outside in ("https://example.com/a.md", "file:///etc/passwd", "mailto:a@b", "../x.png"):
        follow(window, outside)
        assert panel.topic == "refunds"
    assert not panel.text.openExternalLinks() and not panel.text.openLinks()
    panel.back.click()
    assert panel.topic == "home"
    panel.contents.click()
    assert panel.topic == INDEX
    for scheme in ("https", "http", "file"):
        QDesktopServices.unsetUrlHandler(scheme)
    assert browser.opened == []


def test_pictures_are_as_wide_as_the_panel_and_no_wider(window):
    window.help.open()
    text = window.help.panel.text
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = text.document().resource(kind, QUrl("../pictures/ko-home.png"))
    assert 380 < picture.deviceIndependentSize().width() <= text.viewport().width()
    QApplication.processEvents()
    block = text.document().findBlockByNumber(2)
    height = text.document().documentLayout().blockBoundingRect(block).height()
    assert picture.deviceIndependentSize().height() <= height < 300, "no gap below it"


def test_tab_and_enter_follow_a_link_by_keys(qtbot, window):
    window.help.open()
    press(qtbot, QT_KEYS.Key_Tab)
    press(qtbot, QT_KEYS.Key_Return)
    assert window.help.panel.topic != "home"


def test_f2_searches_the_help_while_it_has_the_focus(qtbot, window):
    window.help.open()
    panel = window.help.panel
    press(qtbot, QT_KEYS.Key_F2)
    assert QApplication.focusWidget() is panel.search
    panel.search.setText("인터넷")
    panel.search.flush()
    assert "인터넷이 끊겼을 때" in shown(window)
    press(qtbot, QT_KEYS.Key_Return)
    assert panel.topic == "offline" and panel.search.text() == ""
    qtbot.mouseClick(window.screen_named("home").field, Qt.MouseButton.LeftButton)
    press(qtbot, QT_KEYS.Key_F2)
    assert QApplication.focusWidget() is window.screen_named("home").field


def test_esc_leaves_the_results_before_the_help(qtbot, window):
    window.help.open()
    panel = window.help.panel
    panel.search.setFocus()
    for text in ("환불", "없는말씀"):
        panel.search.setText(text)
        panel.search.flush()
        assert not shown(window).startswith("홈")
        press(qtbot, QT_KEYS.Key_Escape)
        panel.search.flush()
        assert window.help.is_open and shown(window).startswith("홈"), text
    press(qtbot, QT_KEYS.Key_Escape)
    assert not window.help.is_open


def test_marks_in_a_search_are_text(qtbot, window):
    window.help.open()
    panel = window.help.panel
    for text in ("*", "[", "](", "<b>", "\\", "x" * 5_000):
        panel.search.setText(text)
        panel.search.flush()
        assert "](" not in shown(window)


def test_shift_f1_shows_the_keys_with_the_help_open_or_not(qtbot, window):
    press(qtbot, QT_KEYS.Key_F1, Qt.KeyboardModifier.ShiftModifier)
    assert isinstance(QApplication.activeModalWidget(), KeyList)
    assert not window.help.is_open
    QApplication.activeModalWidget().reject()
    window.help.open()
    window.help.panel.keys.click()
    assert isinstance(QApplication.activeModalWidget(), KeyList)
    QApplication.activeModalWidget().reject()


def test_language_and_colours_change_on_the_open_page(window, texts, theme):
    window.help.open()
    window.help.panel.show_topic("refunds")
    for language, title in (("en", "How to cancel and refund"), ("ko", "취소와 환불 순서")):
        texts.set_language(language)
        assert shown(window).startswith(title)
    for name in THEMES:
        theme.set_name(name)
        document = window.help.panel.text.document()
        colours = set()
        block = document.begin()
        while block.isValid():
            at = block.begin()
            while not at.atEnd():
                style = at.fragment().charFormat()
                if not style.isImageFormat():
                    colours.add(QColor(style.foreground().color()).name())
                at += 1
            block = block.next()
        assert colours == {theme.colour("text").name(), theme.colour("on-accent-soft").name()}


@pytest.mark.parametrize("size", [(1024, 600), (1366, 768), (1920, 1080), (1080, 1920)])
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_manual_fits_the_panel(window, texts, language, size):
    texts.set_language(language)
    window.resize(*size)
    window.help.open()
    panel = window.help.panel
    for name in Manual(language).topics:
        panel.show_topic(name)
        QApplication.processEvents()
        assert panel.text.horizontalScrollBar().maximum() == 0, name
    panel.show_topic("refunds")
    QApplication.processEvents()
    assert [what for what in problems(panel) if "LinkLabel" not in what] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_web_pages_say_what_the_panel_says(qapp, language):
    """Two readers of the same marks: Qt's, and the one of the web pages."""
    for topic in Manual(language).topics.values():
        document = QTextDocument()
        document.setMarkdown(topic.text)
        of_qt = document.toPlainText().replace("\ufffc", "")
        of_web = unescape(re.sub(r"<[^>]+>", " ", to_html(topic.text)))
        assert "".join(of_web.split()) == "".join(of_qt.split()), topic.id


def test_screen_readers_get_names(window):
    window.help.open()
    panel = window.help.panel
    for widget in (panel, panel.text, panel.search, panel.contents, panel.close_button, panel.keys):
        assert widget.accessibleName()
