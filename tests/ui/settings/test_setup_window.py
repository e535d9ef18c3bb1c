"""The window of the set-up: by keys alone, step by step, with what goes wrong said in its place."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
)
from posapp.domain.modes import Mode
from posapp.services.ports.setup import ChannelOffer
from posapp.services.settings.setup_steps import Step
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_display import BuyerDisplay
from posapp.ui.settings import setup_pages, setup_window
from posapp.ui.settings.ruler_dialog import RulerDialog, diagonal_mm
from posapp.ui.settings.setup_pages import CodePage, FieldPage, PrinterPage
from posapp.ui.settings.setup_window import SetupWindow
from posapp.ui.shell.routes import COUNTER_SIZES
from posapp.ui.widgets.choice_menu import ChoiceMenu
from tests.fakes.setup_world import CHANNEL, CODE, World
from tests.ui.geometry import problems

KEYS = {"imp_key": "1234567890", "imp_secret": "abcdef", "user_code": "imp12345678"}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def window(
    qtbot: QtBot, texts: Translator, theme: Theme, instant: InlineTaskRunner, world: World
) -> SetupWindow:
    made = SetupWindow(texts, theme, instant, world.again())
    qtbot.addWidget(made)
    made.resize(1024, 600)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def press(window: QWidget, key: Qt.Key) -> None:
    QTest.keyClick(QApplication.focusWidget() or window, key)


def fill(window: SetupWindow, **answers: str) -> None:
    page = window.page
    assert isinstance(page, (FieldPage, PrinterPage))
    for name, text in answers.items():
        line = page.findChild(QLineEdit, name)
        assert line is not None
        line.clear()
        QTest.keyClicks(line, text)


def go_to(window: SetupWindow, world: World, step: Step) -> None:
    for _ in range(2 * len(Step)):
        if window._setup.step is step:
            return
        match window._setup.step:
            case Step.START:
                press(window, Qt.Key.Key_Down)
            case Step.SHOP:
                fill(window, shop_name="Hana Bakery")
            case Step.KEYS:
                fill(window, **KEYS)
            case Step.MANAGER:
                fill(window, manager_name="Kim Hana", manager_pin="284613",
                     manager_pin_again="284613")  # fmt: skip
            case Step.RECOVERY:
                fill(window, recovery_group_2="BBBB", recovery_group_5="EEEE")
        press(window, Qt.Key.Key_Return)
    raise AssertionError(f"still at {window._setup.step}: {window.banner.message}")


def test_practice_takes_two_presses(qtbot: QtBot, window: SetupWindow, world: World) -> None:
    press(window, Qt.Key.Key_Return)
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    assert world.folder.finished == [Mode.DEMO]


def test_a_test_shop_is_made_by_keys_alone(qtbot: QtBot, window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.RECOVERY)
    assert world.managers.made == [(Mode.TEST, "Kim Hana", "284613")]
    assert isinstance(window.page, CodePage) and window.page.code.text() == CODE
    fill(window, recovery_group_2="BBBB", recovery_group_5="EEEE")
    press(window, Qt.Key.Key_Return)
    assert window._setup.step is Step.PRINTER
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    written = world.folder.written[Mode.TEST]
    assert (written["shop_name"], written["channel_key"]) == ("Hana Bakery", CHANNEL.key)
    assert world.keyring.kept == {"imp_key": "1234567890", "imp_secret": "abcdef"}


def test_keys_are_shown_as_dots_and_never_again(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.KEYS)
    fill(window, **KEYS)
    for name in ("imp_key", "imp_secret"):
        line = window.findChild(QLineEdit, name)
        assert line is not None and line.echoMode() is QLineEdit.EchoMode.Password
    press(window, Qt.Key.Key_Return)
    press(window, Qt.Key.Key_Escape)
    assert window._setup.step is Step.KEYS
    page = window.page
    assert page is not None and page.answers() == {**KEYS, "imp_key": "", "imp_secret": ""}


def test_what_is_wrong_stands_below_its_field(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.SHOP)
    fill(window, shop_name="Hana", business_number="124-81-00999")
    press(window, Qt.Key.Key_Return)
    page = window.page
    assert isinstance(page, FieldPage) and window._setup.step is Step.SHOP
    assert "숫자 10자리를 확인" in page.editors["business_number"].message
    assert QApplication.focusWidget() is page.findChild(QLineEdit, "business_number")
    fill(window, business_number="1248100998")
    assert page.editors["business_number"].message == ""
    press(window, Qt.Key.Key_Return)
    assert window._setup.step is Step.KEYS


def test_refused_keys_are_said_and_can_be_typed_again(window: SetupWindow, world: World) -> None:
    go_to(window, world, Step.KEYS)
    fill(window, **KEYS)
    world.account.error = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.UNAUTHORIZED)
    press(window, Qt.Key.Key_Return)
    assert "키가 맞지 않습니다" in window.banner.message
    assert world.keyring.kept == {}
    world.account.error = None
    press(window, Qt.Key.Key_Return)
    assert window._setup.step is Step.CHANNEL and not window.banner.isVisible()


def test_channels_can_be_read_again_and_the_wrong_kind_is_refused(
    window: SetupWindow, world: World
) -> None:
    go_to(window, world, Step.KEYS)
    world.account.offers = ()
    go_to(window, world, Step.CHANNEL)
    world.account.offers = (ChannelOffer("live-channel", "실제", is_test=False), CHANNEL)
    press(window, Qt.Key.Key_F5)
    press(window, Qt.Key.Key_Return)
    assert "실제 결제용입니다" in window.banner.message
    assert window._setup.step is Step.CHANNEL
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert window._setup.step is Step.MANAGER


def test_language_and_theme_follow_choices_and_keys(
    window: SetupWindow, texts: Translator, theme: Theme, world: World
) -> None:
    page = window.page
    assert isinstance(page, FieldPage)
    press(window, Qt.Key.Key_F9)
    press(window, Qt.Key.Key_F10)
    assert page.answers() == {
        **{"language": texts.language, "theme": theme.name},
        "text_size": "100",
    }
    assert texts.language == "en" and window.next.text() == "Next"
    press(window, Qt.Key.Key_Return)
    assert world.folder.state is not None
    assert world.folder.state.answers["language"] == "en"


@pytest.fixture
def printers(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Printers of the system; what is printed is the name of the printer and of the shop."""
    printed: list[str] = []

    def test_page(texts: Translator, name: str, shop: str) -> None:
        if name == "고장":
            raise EnvironmentProblem(EnvironmentCode.PRINTER, name)
        printed.append(f"{name}: {shop}")

    monkeypatch.setattr(setup_window, "printer_names", lambda: ("영수증", "고장"))
    monkeypatch.setattr(setup_pages, "print_test_page", test_page)
    return printed


def test_a_printer_is_tested_and_chosen_by_keys(
    qtbot: QtBot, window: SetupWindow, world: World, printers: list[str]
) -> None:
    go_to(window, world, Step.PRINTER)
    press(window, Qt.Key.Key_F5)
    assert printers == ["영수증: Hana Bakery"]
    assert "테스트 인쇄를 보냈습니다" in window.banner.message
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_F5)
    assert "인쇄를 마치지 못했습니다" in window.banner.message
    press(window, Qt.Key.Key_Up)
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    assert world.folder.written[Mode.TEST]["printer"] == "영수증"


def test_without_a_printer_that_is_said_and_the_shop_is_ready(
    qtbot: QtBot, window: SetupWindow, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup_window, "printer_names", lambda: ())
    go_to(window, world, Step.PRINTER)
    page = window.page
    assert page is not None
    QApplication.processEvents()
    said = [one.text() for one in page.findChildren(QLabel) if one.isVisible()]
    assert any("연결된 프린터가 없습니다" in text for text in said)
    assert not window.test.isVisible()
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    assert world.folder.written[Mode.TEST]["printer"] == ""


def test_a_kiosk_s_screen_is_measured_by_its_bar_and_enter_goes_on(
    qtbot: QtBot, window: SetupWindow, world: World, printers: list[str]
) -> None:
    go_to(window, world, Step.PRINTER)
    page = window.page
    assert isinstance(page, PrinterPage)
    press(window, Qt.Key.Key_Down)
    page.measure.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, RulerDialog)
    dialog.field.show_value("170")
    dialog.submit()
    size = window.screen().size()
    assert page.editors["kiosk_screen_mm"].text == str(diagonal_mm(170, size))
    fill(window, kiosk_floor_mm="12")
    page.editors["kiosk_floor_mm"].setFocus()
    press(window, Qt.Key.Key_Return)
    assert "100" in page.editors["kiosk_floor_mm"].message
    fill(window, kiosk_floor_mm="800", locate_every_s="60")
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    written = world.folder.written[Mode.TEST]
    assert written["printer"] == "고장", "the one that was reached last"
    assert (written["kiosk_floor_mm"], written["locate_every_s"]) == (800, 60)
    assert written["kiosk_screen_mm"] == diagonal_mm(170, size)


def test_a_label_is_tried_and_its_pattern_stored(
    qtbot: QtBot, window: SetupWindow, world: World, printers: list[str]
) -> None:
    go_to(window, world, Step.PRINTER)
    page = window.page
    assert isinstance(page, PrinterPage)
    labels = page.labels
    labels.sample.line.setFocus()
    fill(window, labelSample="2112345012988")
    press(window, Qt.Key.Key_Return)  # a scanner's: no step ends by it
    assert window._setup.step is Step.PRINTER and not world.folder.finished
    assert labels.reading.text() == "이 바코드는 위의 모양과 맞지 않습니다."
    labels.usual["price"].click()
    labels.usual["weight"].click()
    assert labels.text == "21PPPPPVVVVVC, 22PPPPPWWWWWC"
    assert labels.reading.text() == "상품 번호 12345, 1,298원"
    fill(window, labelSample="2212345005321")
    assert labels.reading.text() == "상품 번호 12345, 532g"
    labels.usual["weight"].click()
    fill(window, label_patterns=labels.text + "7")
    page.editors["kiosk_floor_mm"].setFocus()
    press(window, Qt.Key.Key_Return)
    assert "21PPPPPVVVVVC처럼" in labels.message
    fill(window, label_patterns="21PPPPPVVVVVC")
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    assert world.folder.written[Mode.TEST]["label_patterns"] == ("21PPPPPVVVVVC",)


def test_the_buyer_s_screen_is_chosen_where_there_are_two(
    qtbot: QtBot,
    window: SetupWindow,
    world: World,
    printers: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shown: list[str] = []
    identity = "Maker|Model|7|HDMI-1|1280x800"
    monkeypatch.setattr(BuyerDisplay, "choices", lambda _: [(identity, "2번 화면")])
    monkeypatch.setattr(BuyerDisplay, "show_numbers", lambda _: shown.append("numbers"))
    monkeypatch.setattr(ChoiceMenu, "open", lambda _: shown.append("list"))
    go_to(window, world, Step.PRINTER)
    page = window.page
    assert isinstance(page, PrinterPage)
    assert page.display.isHidden(), "there is one screen"
    page.display.show_value(identity)  # as chosen before, and unplugged now
    page._show_display()
    assert not page.display.isHidden()
    page.display.show_value("")
    page.display.wanted.emit()
    assert shown == ["numbers", "list"]
    page.display.menu.pick(identity)
    page.rows["영수증"].setFocus()
    with qtbot.waitSignal(window.ready):
        press(window, Qt.Key.Key_Return)
    assert world.folder.written[Mode.TEST]["buyer_display"] == identity


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("step", list(Step))
def test_every_step_fits_every_size(
    window: SetupWindow,
    world: World,
    texts: Translator,
    printers: list[str],
    step: Step,
    language: str,
) -> None:
    go_to(window, world, step)
    texts.set_language(language)
    for size in COUNTER_SIZES:
        window.resize(*size)
        for _ in range(3):  # a scroll bar that appears arranges the texts again
            QApplication.processEvents()
        assert problems(window) == []
        for button in (window.next, window.back, window.again, window.test):
            assert button.isHidden() or button.height() >= 48


def test_what_is_wrong_follows_the_language(
    window: SetupWindow, texts: Translator, world: World
) -> None:
    go_to(window, world, Step.SHOP)
    fill(window, shop_name="Hana", business_number="124-81-00999")
    press(window, Qt.Key.Key_Return)
    page = window.page
    assert isinstance(page, FieldPage)
    editor = page.editors["business_number"]
    press(window, Qt.Key.Key_F9)
    assert editor.message and not any("가" <= sign <= "힣" for sign in editor.message)
    fill(window, business_number="1")
    press(window, Qt.Key.Key_F9)
    assert editor.message == "", "it is being corrected"
