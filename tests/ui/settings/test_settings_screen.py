"""The settings page: search, groups, editors of each kind, defaults, keys, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import cast

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.actors import Actor
from posapp.domain.errors import (
    EnvironmentCode,
    EnvironmentProblem,
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.modes import Mode
from posapp.domain.roll import Draw, Roll
from posapp.domain.settings import BY_NAME, SettingGroup, Settings
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.ports.receipt_printer import PrinterProblem, PrinterState
from posapp.services.ports.setup import ChannelOffer
from posapp.services.ports.sound_player import NoSounds, Sound
from posapp.services.session import Session
from posapp.services.settings.setting_service import SettingService
from posapp.services.settings.shop_keys import ShopKeys
from posapp.services.settings.unsaved_settings import UnsavedSettings
from posapp.ui.core.i18n import LANGUAGES, Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.display.buyer_display import BuyerDisplay
from posapp.ui.printing.printer_choice import choose_printer, chosen_printer
from posapp.ui.printing.roll_printing import RollPrinting
from posapp.ui.settings import settings_screen
from posapp.ui.settings.editors import AnswerAddress, AnswerList
from posapp.ui.settings.ruler_dialog import RulerDialog, diagonal_mm
from posapp.ui.settings.setting_text import rule
from posapp.ui.settings.settings_screen import SettingsScreen
from posapp.ui.settings.setup_text import channel_text
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.roles import Label
from tests.fakes.setup_world import CHANNEL, World
from tests.fakes.world import FakeClock


class PlayedSounds(NoSounds):
    """Keeps what is heard, and at which volume."""

    def __init__(self) -> None:
        self.volume, self.played = -1, list[tuple[Sound, int]]()

    def set_volume(self, percent: int) -> None:
        self.volume = percent

    def play(self, sound: Sound) -> None:
        self.played.append((sound, self.volume))


class FakeDisplay:
    """A buyer's display with two screens to choose from."""

    def __init__(self) -> None:
        self.chosen: list[str] = []
        self.numbers = 0

    def choices(self) -> Sequence[tuple[str, str]]:
        return [("DELL|U24|1|HDMI-1|1920x1080", "2번 화면 · DELL U24 · 1920 × 1080")]

    def choose(self, identity: str) -> None:
        self.chosen.append(identity)

    def show_numbers(self) -> None:
        self.numbers += 1


class FakeReceiptPrinter:
    """Keeps what it prints at which address."""

    def __init__(self) -> None:
        self.printed: list[tuple[str, Roll]] = []
        self.problem: PrinterProblem | None = None
        self.found: tuple[str, ...] = ()
        self._address = ""

    def at(self, address: str) -> FakeReceiptPrinter:
        self._address = address
        return self

    def open_drawer(self) -> None:
        raise AssertionError("no drawer is opened here")

    def print(self, roll: Roll, draw: Draw) -> PrinterState:
        if self.problem is not None:
            raise self.problem
        self.printed.append((self._address, roll))
        return PrinterState.READY


class Shop:
    """Settings and keys of a test shop, in memory."""

    def __init__(self) -> None:
        self.values, self.world = UnsavedSettings(), World()
        self.sounds = PlayedSounds()
        self.policy: AllowEverything = AllowEverything()
        self.display = FakeDisplay()
        self.receipt_printer = FakeReceiptPrinter()
        keys = ShopKeys(self.world.keyring, self.world.account, FakeClock(), Mode.TEST)
        self.service = SettingService(
            *(self.values, self.values, AccessControl(self.policy), FakeClock(), Settings()),
            keys=keys,
        )


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def screen(
    qtbot: QtBot, texts: Translator, theme: Theme, instant: InlineTaskRunner, shop: Shop
) -> Iterator[SettingsScreen]:
    made = SettingsScreen(
        *(texts, theme, instant, shop.service, Session(), shop.sounds),
        display=cast(BuyerDisplay, shop.display),
        roll=RollPrinting(
            shop.receipt_printer.at, find=lambda: shop.receipt_printer.found, runner=instant
        ),
    )
    qtbot.addWidget(made)
    made.resize(1024, 500)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.enter()
    made.setFocus()
    yield made


def line(screen: SettingsScreen, name: str) -> QLineEdit:
    found = screen.rows[name].findChild(QLineEdit, name)
    assert found is not None
    return found


def store(screen: SettingsScreen, name: str, text: str) -> None:
    field = line(screen, name)
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def shown(screen: SettingsScreen) -> list[str]:
    return [name for name, row in screen.rows.items() if row.isVisible()]


def search(screen: SettingsScreen, text: str) -> None:
    screen.search.setText(text)
    screen.search.flush()


def test_each_group_shows_its_settings_in_order(screen: SettingsScreen) -> None:
    for group in SettingGroup:
        assert screen.groups.key == group
        assert shown(screen) == [one.name for one in BY_NAME.values() if one.group is group]
        QTest.keyClick(screen, Qt.Key.Key_F3)
    assert screen.groups.key is SettingGroup.SHOP


def test_search_finds_by_name_and_meaning_in_every_group(screen: SettingsScreen) -> None:
    search(screen, "qr 시간")
    assert shown(screen) == ["link_seconds"]
    QTest.keyClick(screen.search, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is line(screen, "link_seconds")
    search(screen, "없는 설정")
    assert shown(screen) == []
    assert "‘없는 설정’에 맞는 설정이 없습니다." in screen._none.message
    assert screen._facts.isHidden()  # it tells of a setting that is not there
    assert screen.focus_search() and screen.search.text() == ""
    assert shown(screen) and not screen._facts.isHidden()


def test_a_text_is_stored_by_enter_and_said(
    qtbot: QtBot, screen: SettingsScreen, shop: Shop
) -> None:
    screen.groups.choose(SettingGroup.PAYMENT)
    screen._show_group()
    with qtbot.waitSignal(screen.notified) as said:
        store(screen, "link_seconds", "180")
    assert said.args == ["설정을 바꿨습니다. QR 시간 180초"]
    assert shop.values.read().link_seconds == 180
    row = screen.rows["link_seconds"]
    assert "다시 시작하면" in row._note.text() and row.to_default.isVisible()
    assert "180초" in screen._facts.text()


def test_a_value_that_is_not_allowed_stays_in_its_field_and_the_old_one_counts(
    screen: SettingsScreen, shop: Shop
) -> None:
    search(screen, "QR 시간")
    store(screen, "link_seconds", "5")
    row = screen.rows["link_seconds"]
    assert row.editor is not None and row.text == "5"
    assert row.editor.message == "60부터 1,800까지의 정수로 입력해 주세요."
    assert shop.values.read().link_seconds == 300
    assert not screen.may_leave(), "Esc takes back what is typed first"
    assert row.text == "300" and row.editor.message == ""
    assert screen.may_leave()


def test_a_choice_is_stored_at_once_and_takes_effect(
    screen: SettingsScreen, shop: Shop, texts: Translator, theme: Theme
) -> None:
    screen.rows["language"].editor.control.segments[1].click()
    screen.rows["theme"].editor.control.segments[1].click()
    assert (shop.values.read().language, shop.values.read().theme) == ("en", "dark")
    assert (texts.language, theme.name) == ("en", "dark")
    assert screen.rows["link_seconds"]._name.text() == "Lifetime of a QR"


def test_f4_gives_the_default_of_the_row_with_the_focus(screen: SettingsScreen, shop: Shop) -> None:
    search(screen, "QR 시간")
    store(screen, "link_seconds", "180")
    QTest.keyClick(screen, Qt.Key.Key_F4)
    assert shop.values.read().link_seconds == 300
    row = screen.rows["link_seconds"]
    assert row.text == "300" and row.to_default.isHidden()


def test_f5_tests_the_connection(screen: SettingsScreen, shop: Shop) -> None:
    QTest.keyClick(screen, Qt.Key.Key_F5)
    assert "키를 입력해 주세요" in screen.banner.message  # no keys yet
    shop.world.keyring.kept = {"imp_key": "k", "imp_secret": "s"}
    QTest.keyClick(screen, Qt.Key.Key_F5)
    assert screen.banner.message == "PortOne에 연결되었습니다. 카카오페이 채널은 1개입니다."


def test_keys_are_tested_and_stored_as_a_pair(screen: SettingsScreen, shop: Shop) -> None:
    screen.groups.choose(SettingGroup.PAYMENT)
    screen._show_group()
    store(screen, "imp_key", "1234")
    secret = screen.rows["imp_secret"].editor
    assert secret is not None and secret.message == "두 키를 함께 입력해 주세요."
    assert shop.world.keyring.kept == {}
    store(screen, "imp_secret", "abcd")
    assert shop.world.keyring.kept == {"imp_key": "1234", "imp_secret": "abcd"}
    assert line(screen, "imp_key").text() == line(screen, "imp_secret").text() == ""
    rows = [(one.name, one.old, one.new) for one in shop.service.history()]
    assert rows == [("imp_secret", "", ""), ("imp_key", "", "")]
    assert line(screen, "imp_secret").echoMode() is QLineEdit.EchoMode.Password


def test_the_history_of_a_setting_names_who_changed_it(
    screen: SettingsScreen, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.service, "staff_names", lambda: {3: "김하나"})
    for actor, text in ((Actor.staff(3), "180"), (Actor.staff(4), "240"), (Actor.person(), "300")):
        shop.service.change(actor, "link_seconds", text)
    screen.groups.choose(SettingGroup.PAYMENT)
    screen._show_group()
    line(screen, "link_seconds").setFocus()
    said = [row.split(" · ")[1] for row in screen._facts.text().split("\n")[1:]]
    assert said == ["담당자", "직원 4", "직원 김하나"]


OFFLINE = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.OFFLINE)
REFUSED = GatewayError(GatewayOutcome.RETRY_SAFE, GatewayCause.UNAUTHORIZED)


@pytest.mark.parametrize(
    ("mode", "kept", "offer", "error", "found"),
    [
        ("test", True, CHANNEL, None, ""),
        ("test", True, CHANNEL, OFFLINE, ""),
        ("demo", False, CHANNEL, REFUSED, ""),
        ("test", True, CHANNEL, REFUSED, "portone_unauthorized"),
        ("test", False, CHANNEL, None, "secret_missing"),
        ("test", True, ChannelOffer("another", "", is_test=True), None, "setup404"),
        ("test", True, ChannelOffer(CHANNEL.key, "", is_test=False), None, "setup409_3"),
        ("live", True, CHANNEL, None, "setup409_2"),
    ],
)
def test_what_would_keep_the_shop_from_selling_is_found_at_its_start(
    mode: str,
    kept: bool,
    offer: ChannelOffer,
    error: GatewayError | None,
    found: str,
    texts: Translator,
) -> None:
    shop, given = Shop(), Mode(mode)
    keys = ShopKeys(shop.world.keyring, shop.world.account, FakeClock(), given)
    service = SettingService(
        *(shop.values, shop.values, AccessControl(AllowEverything()), FakeClock()),
        Settings(mode=given),
        keys=keys,
        channel=CHANNEL.key,
    )
    shop.world.keyring.kept = {"imp_key": "k", "imp_secret": "s"} if kept else {}
    shop.world.account.offers, shop.world.account.error = (offer,), error
    problem = service.find_problem()
    assert (texts.error_code(problem) if problem is not None else "") == found


def test_keys_of_an_account_without_the_chosen_channel_are_refused() -> None:
    shop = Shop()
    keys = ShopKeys(shop.world.keyring, shop.world.account, FakeClock(), Mode.TEST)
    service = SettingService(
        *(shop.values, shop.values, AccessControl(AllowEverything()), FakeClock()),
        Settings(),
        keys=keys,
        channel="channel-1",
    )
    shop.world.account.offers = (ChannelOffer("another", "", is_test=True),)
    with pytest.raises(UserError) as refused:
        service.change_keys(Session().actor, "1234", "abcd")
    assert refused.value.code is ErrorCode.SETUP_CHANNEL
    assert shop.world.keyring.kept == {}


def test_whoever_may_not_is_told(
    screen: SettingsScreen, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop.policy, "is_allowed", lambda uow, actor, permission: False)
    search(screen, "QR 시간")
    store(screen, "link_seconds", "180")
    assert "권한이 없습니다" in screen.banner.message
    assert screen.rows["link_seconds"].text == "300"
    assert shop.values.read().link_seconds == 300


def test_what_is_fixed_is_only_shown(screen: SettingsScreen) -> None:
    row = screen.rows["api_base"]
    assert row.editor is None and row.value.text() == "https://api.iamport.kr"
    assert isinstance(row, QWidget) and row.to_default.isHidden()


# What is chosen from a list

OTHER = ChannelOffer("channel-key-2", "둘째 채널", True)
REAL = ChannelOffer("channel-key-real", "실제 채널", False)


@pytest.fixture(autouse=True)
def _menus_stay_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform without windows cannot raise a menu."""
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)


def open_list(screen: SettingsScreen, name: str, group: SettingGroup) -> list[str]:
    """Press the list of a setting; return what it offers."""
    screen.groups.choose(group)
    screen._show_group()
    editor = screen.rows[name].editor
    assert isinstance(editor, AnswerList)
    editor.menu.setFocus()
    QTest.keyClick(editor.menu, Qt.Key.Key_Return)
    return [action.text() for action in editor.menu.menu_of_choices.actions()]


def test_the_channel_is_chosen_from_those_of_the_account(
    screen: SettingsScreen, shop: Shop, texts: Translator
) -> None:
    shop.world.keyring.put_all({"imp_key": "k", "imp_secret": "s"})
    shop.world.account.offers = (CHANNEL, OTHER, REAL)
    assert screen.rows["channel_key"].text == ""
    assert screen.rows["channel_key"].findChild(QLineEdit) is None, "nobody types a key"
    offered = open_list(screen, "channel_key", SettingGroup.PAYMENT)
    assert offered == ["선택 안 함", channel_text(texts, CHANNEL), channel_text(texts, OTHER)]
    editor = screen.rows["channel_key"].editor
    assert isinstance(editor, AnswerList)
    editor.menu.pick(OTHER.key)
    assert shop.values.read().channel_key == OTHER.key
    assert "둘째 채널" in editor.menu.text()
    assert open_list(screen, "channel_key", SettingGroup.PAYMENT) == offered[1:]


def test_the_channel_of_cash_receipts_is_chosen_from_those_that_issue_them(
    screen: SettingsScreen, shop: Shop, texts: Translator
) -> None:
    name = "receipt_channel_key"
    shop.world.keyring.put_all({"imp_key": "k", "imp_secret": "s"})
    shop.world.account.offers = (CHANNEL, OTHER)
    open_list(screen, name, SettingGroup.SALE)
    editor = screen.rows[name].editor
    assert isinstance(editor, AnswerList)
    assert "현금영수증을 발급하는 채널이 없습니다" in editor.message
    shop.world.account.receipt_offers = (OTHER, REAL)
    offered = open_list(screen, name, SettingGroup.SALE)
    assert offered == ["선택 안 함", channel_text(texts, OTHER)]
    editor.menu.pick(OTHER.key)
    assert shop.values.read().receipt_channel_key == OTHER.key


def test_a_list_that_cannot_be_read_says_why_and_changes_nothing(
    screen: SettingsScreen, shop: Shop
) -> None:
    open_list(screen, "channel_key", SettingGroup.PAYMENT)
    assert "키 보관함에 없습니다" in screen.banner.message
    screen.banner.clear()
    shop.world.keyring.put_all({"imp_key": "k", "imp_secret": "s"})
    shop.world.account.offers = (REAL,)
    open_list(screen, "channel_key", SettingGroup.PAYMENT)
    editor = screen.rows["channel_key"].editor
    assert isinstance(editor, AnswerList)
    assert "채널이 없습니다" in editor.message and not screen.banner.isVisible()
    assert shop.values.read().channel_key == ""


@pytest.fixture
def printers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Printers of the system; what is printed is the name of the printer."""
    printed: list[str] = []

    def test_page(texts: Translator, name: str, shop: str) -> None:
        if name == "고장":
            raise EnvironmentProblem(EnvironmentCode.PRINTER, name)
        printed.append(name)

    monkeypatch.setattr(settings_screen, "printer_names", lambda: ("영수증", "고장"))
    monkeypatch.setattr(settings_screen, "print_test_page", test_page)
    yield printed
    choose_printer("")


def test_the_printer_is_chosen_tested_and_used_at_once(
    screen: SettingsScreen, shop: Shop, printers: list[str]
) -> None:
    offered = open_list(screen, "printer", SettingGroup.SALE)
    assert offered == ["시스템 기본 프린터", "영수증", "고장"]
    editor = screen.rows["printer"].editor
    assert isinstance(editor, AnswerList)
    assert screen.test_button.text() == "테스트 인쇄"
    assert "목록에서 선택해 주세요." in screen._facts.text()
    editor.menu.pick("영수증")
    assert (shop.values.read().printer, chosen_printer()) == ("영수증", "영수증")
    QTest.keyClick(editor.menu, Qt.Key.Key_F5)
    assert printers == ["영수증"]
    assert "테스트 인쇄를 보냈습니다" in screen.banner.message
    screen.search.setFocus()
    assert screen.test_button.text() == "연결 테스트"
    editor.menu.setFocus()
    editor.menu.pick("고장")
    QTest.keyClick(editor.menu, Qt.Key.Key_F5)
    assert "인쇄를 마치지 못했습니다" in screen.banner.message
    QTest.keyClick(editor.menu, Qt.Key.Key_F4)
    assert (shop.values.read().printer, chosen_printer()) == ("", "")


def test_a_receipt_printer_is_tested_as_typed_and_stored(
    screen: SettingsScreen, shop: Shop
) -> None:
    screen.groups.choose(SettingGroup.SALE)
    screen._show_group()
    field = line(screen, "receipt_printer")
    field.setFocus()
    assert screen.test_button.text() == "테스트 인쇄"
    QTest.keyClicks(field, "tcp:192.168.0.20:9100")
    QTest.keyClick(field, Qt.Key.Key_F5)
    address, roll = shop.receipt_printer.printed.pop()
    assert (address, roll.columns) == ("tcp:192.168.0.20:9100", 42)
    assert screen.banner.message == "영수증 프린터로 인쇄했습니다."
    assert shop.values.read().receipt_printer == "", "a test stores nothing"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert shop.values.read().receipt_printer == "tcp:192.168.0.20:9100"
    assert screen._roll is not None and screen._roll.is_set


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_receipt_printer_is_picked_from_those_of_the_machine(
    screen: SettingsScreen, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_screen, "printer_names", lambda: ("POS80", "a/b"))
    screen.groups.choose(SettingGroup.SALE)
    screen._show_group()
    editor = screen.rows["receipt_printer"].editor
    assert isinstance(editor, AnswerAddress)
    shop.receipt_printer.found = ("serial:COM3@9600", "serial:COM3@19200", "serial:odd@1")
    editor.finder.click()
    offered = editor.menu.actions()
    assert [one.text() for one in offered] == [
        *("serial:COM3@9600", "serial:COM3@19200", "queue:POS80")
    ]
    offered[1].trigger()
    assert shop.values.read().receipt_printer == "serial:COM3@19200"
    assert editor.line.text() == "serial:COM3@19200"


def test_where_no_receipt_printer_is_found_its_address_is_typed(
    screen: SettingsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_screen, "printer_names", lambda: ())
    editor = screen.rows["receipt_printer"].editor
    assert isinstance(editor, AnswerAddress)
    editor.finder.click()
    assert editor.message == "찾은 프린터가 없습니다. 주소를 입력해 주세요."


def test_a_receipt_printer_that_is_away_is_said_and_a_wrong_address_not_tried(
    screen: SettingsScreen, shop: Shop
) -> None:
    screen.groups.choose(SettingGroup.SALE)
    screen._show_group()
    field = line(screen, "receipt_printer")
    field.setFocus()
    for typed in ("", "tcp:printer"):
        field.setText(typed)
        QTest.keyClick(field, Qt.Key.Key_F5)
        assert "usb:" in screen.rows["receipt_printer"].editor.message
    assert shop.receipt_printer.printed == []
    shop.receipt_printer.problem = PrinterProblem(EnvironmentCode.PRINTER_AWAY)
    field.setText("usb:/dev/usb/lp0")
    QTest.keyClick(field, Qt.Key.Key_F5)
    assert "연결하지 못했습니다" in screen.banner.message


def test_the_volume_of_sounds_is_played_at_once(screen: SettingsScreen, shop: Shop) -> None:
    screen.groups.choose(SettingGroup.SALE)
    screen._show_group()
    assert screen.rows["sound_volume"].text == "80"
    store(screen, "sound_volume", "40")
    assert shop.values.read().sound_volume == 40
    assert shop.sounds.played == [(Sound.NOTICE, 40)]


def test_without_a_printer_the_list_says_so(
    screen: SettingsScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings_screen, "printer_names", lambda: ())
    assert open_list(screen, "printer", SettingGroup.SALE) == ["시스템 기본 프린터"]
    editor = screen.rows["printer"].editor
    assert editor is not None
    editor.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F5)
    assert "인쇄를 마치지 못했습니다" in screen.banner.message


def test_the_buyers_display_is_chosen_from_the_screens_and_used_at_once(
    screen: SettingsScreen, shop: Shop
) -> None:
    offered = open_list(screen, "buyer_display", SettingGroup.DISPLAY)
    assert offered == ["사용 안 함", "2번 화면 · DELL U24 · 1920 × 1080"]
    editor = screen.rows["buyer_display"].editor
    assert isinstance(editor, AnswerList)
    assert screen.test_button.text() == "화면 번호 보기"
    QTest.keyClick(editor.menu, Qt.Key.Key_F5)
    assert shop.display.numbers == 1
    editor.menu.pick("DELL|U24|1|HDMI-1|1920x1080")
    assert shop.values.read().buyer_display == "DELL|U24|1|HDMI-1|1920x1080"
    assert shop.display.chosen == ["DELL|U24|1|HDMI-1|1920x1080"]
    assert "DELL U24" in editor.menu.text()
    QTest.keyClick(editor.menu, Qt.Key.Key_F4)
    assert shop.display.chosen[-1] == ""


# The screen of a kiosk


def test_a_screen_is_measured_by_a_bar_and_a_ruler(
    screen: SettingsScreen, shop: Shop, qtbot: QtBot
) -> None:
    screen.groups.choose(SettingGroup.KIOSK)
    screen._show_group()
    field = line(screen, "kiosk_screen_mm")
    field.setFocus()
    assert screen.test_button.text() == "막대 보기"
    QTest.keyClick(field, Qt.Key.Key_F5)
    dialog = screen.findChild(RulerDialog)
    assert isinstance(dialog, RulerDialog)
    for typed in ("", "0", "3", "9999"):
        dialog.field.show_value(typed)
        dialog.submit()
        assert dialog.isVisible(), typed
        assert shop.values.read().kiosk_screen_mm == 0
    wanted = diagonal_mm(160, dialog.screen().size())
    dialog.field.show_value("160")
    dialog.activateWindow()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is dialog.field.line)
    QTest.keyClick(dialog.field.line, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert shop.values.read().kiosk_screen_mm == wanted > 0


@pytest.mark.parametrize(
    ("bar_mm", "size", "mm"),
    [(166, (1080, 1920), 609), (152, (1366, 768), 397), (102, (1280, 800), 257)],
)
def test_the_length_of_the_bar_tells_the_diagonal(
    bar_mm: int, size: tuple[int, int], mm: int
) -> None:
    assert diagonal_mm(bar_mm, QSize(*size)) == mm


def test_what_a_value_has_to_be_follows_the_language(
    screen: SettingsScreen, texts: Translator
) -> None:
    store(screen, "link_seconds", "5")
    row = screen.rows["link_seconds"]
    said = row.editor.message
    assert said == rule(texts, row.setting)
    texts.set_language("en")
    assert row.editor.message == rule(texts, row.setting) != said
    QTest.keyClick(row.editor.line, Qt.Key.Key_9)
    texts.set_language("ko")
    assert row.editor.message == "", "it is being mended"
    store(screen, "link_seconds", "120")
    assert row.editor.message == ""
    texts.set_language("ko")
    assert row.editor.message == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_value_has_to_be_is_whole_below_its_field(
    screen: SettingsScreen, texts: Translator, language: str
) -> None:
    texts.set_language(language)
    cut = {}
    for name, row in screen.rows.items():
        if isinstance(row.editor, Field):
            search(screen, name)
            QApplication.processEvents()
            row.set_wrong(partial(rule, texts, row.setting))
            labels = row.editor.findChildren(Label)
            (slot,) = (one for one in labels if one.property("role") == "field-error")
            if slot.sizeHint().width() > slot.width():
                cut[name] = slot.text(), slot.sizeHint().width(), slot.width()
    assert cut == {}


def test_a_contract_that_does_not_fit_the_goods_is_always_said(screen, shop, monkeypatch) -> None:
    unfit = [True]
    monkeypatch.setattr(shop.service, "is_contract_unfit", lambda: unfit[0])
    screen.enter()
    assert screen.banner.message == screen._texts("settings.tax_misfit")
    unfit[0] = False
    screen.enter()
    assert screen.banner.message == ""
