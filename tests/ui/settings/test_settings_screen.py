"""The settings page: search, groups, editors of each kind, defaults, keys, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from posapp.domain.errors import (
    ErrorCode,
    GatewayCause,
    GatewayError,
    GatewayOutcome,
    UserError,
)
from posapp.domain.modes import Mode
from posapp.domain.settings import BY_NAME, SettingGroup, Settings
from posapp.services.bookkeeping.access_control import AccessControl, AllowEverything
from posapp.services.ports.setup import ChannelOffer
from posapp.services.session import Session
from posapp.services.settings.setting_service import SettingService
from posapp.services.settings.shop_keys import ShopKeys
from posapp.services.settings.unsaved_settings import UnsavedSettings
from posapp.ui.core.i18n import Translator
from posapp.ui.core.task_runner import InlineTaskRunner
from posapp.ui.core.theme import Theme
from posapp.ui.settings.settings_screen import SettingsScreen
from tests.fakes.setup_world import CHANNEL, World
from tests.fakes.world import FakeClock


class Shop:
    """Settings and keys of a test shop, in memory."""

    def __init__(self) -> None:
        self.values, self.world = UnsavedSettings(), World()
        self.policy: AllowEverything = AllowEverything()
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
    made = SettingsScreen(texts, theme, instant, shop.service, Session())
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
    assert "‘없는 설정’에 맞는 설정이 없습니다." in screen._none.text()
    assert screen.focus_search() and screen.search.text() == ""
    assert shown(screen)


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
