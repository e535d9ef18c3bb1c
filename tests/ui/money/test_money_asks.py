"""Whatever sends money from a window names the amount, asks, and says how it ended."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

import posapp
from posapp.services.refunds.cancel_item import CancellationService
from posapp.services.refunds.cancel_remainder import RemainderCancellationService
from posapp.services.refunds.unresolved_money import UnresolvedMoneyService
from posapp.services.requests.decide_request import RequestDecisionService
from posapp.services.sync.sync_status import SyncService
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from tests.ui.money.money_cases import SENDING, WITHOUT_MONEY, Maker, MoneyCase

ROOT = Path(posapp.__file__).parent
KEYS = {"F7": Qt.Key.Key_F7, "F8": Qt.Key.Key_F8}

SENDERS = {
    "refund": CancellationService,
    "cancel": RemainderCancellationService,
    "decide": RequestDecisionService,
    "decide_many": RequestDecisionService,
    "try_now": SyncService,
    "try_all": SyncService,
    "requeue": SyncService,
    "retry": UnresolvedMoneyService,
    "assign_cancellation": UnresolvedMoneyService,
}
"""Methods that create or release a refund, by name, and the service that has them."""


def methods_of(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (receiver, method) of every method of a name or an attribute, called or handed on."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Attribute):
            owner = node.value
            if isinstance(owner, ast.Name):
                yield owner.id, node.attr
            elif isinstance(owner, ast.Attribute):
                yield owner.attr.strip("_"), node.attr


def test_every_use_of_what_sends_money_has_a_case():
    found = {
        (path.relative_to(ROOT / "ui").as_posix(), f"{owner}.{method}")
        for path in sorted((ROOT / "ui").rglob("*.py"))
        for owner, method in methods_of(path)
        if method in SENDERS and owner.split("_")[-1] in ("service", "desk")
    }
    assert found == set(SENDING) | WITHOUT_MONEY


def test_the_services_that_send_money_are_these():
    """A refund is created in these modules of use cases, and nowhere else: a new one has to be
    added to the cases."""
    assert all(callable(getattr(owner, name)) for name, owner in SENDERS.items())
    creating = {
        path.relative_to(ROOT / "services").as_posix()
        for path in sorted((ROOT / "services").rglob("*.py"))
        if "def create_refund(" not in path.read_text("utf-8")
        and "create_refund(" in path.read_text("utf-8")
    }
    assert creating == {
        "payments/record_payment.py",  # a payment that is not the shop's, by the till itself
        "refunds/cancel_item.py",
        "refunds/cancel_remainder.py",
        "requests/decide_request.py",
    }


@pytest.fixture(params=[case for cases in SENDING.values() for case in cases])
def case(request, qtbot: QtBot, texts: Translator, theme, instant) -> MoneyCase:
    def show(screen: QWidget) -> None:
        qtbot.addWidget(screen)
        screen.resize(1366, 700)
        screen.show()
        with qtbot.waitActive(screen):
            screen.activateWindow()

    made: MoneyCase = request.param(Maker(texts, theme, instant, show))
    return made


def press(qtbot: QtBot, asked: QWidget, key: Qt.Key) -> None:
    focused = asked.focusWidget() or asked.window().focusWidget() or asked
    QTest.keyClick(focused, key)


def action_of(asked: QWidget):
    return asked.yes if isinstance(asked, ConfirmDialog) else asked.button


def test_it_asks_with_the_amount_and_no_is_the_default(qtbot: QtBot, case: MoneyCase):
    case.start()
    asked = case.asked()
    action = action_of(asked)
    assert case.amount in action.text(), "the action repeats the amount"
    assert f"{asked.accessibleName()} {asked.accessibleDescription()}".count(case.amount)
    assert case.amount in case.shown()
    assert asked.no.text() == "닫기" and action.key in KEYS
    assert case.sent() == []
    qtbot.waitUntil(asked.can_agree)
    focused = asked.window().focusWidget()
    assert focused is asked.no
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert case.sent() == []
    assert not asked.isVisible() or not isinstance(asked, ConfirmDialog)


def test_the_key_on_it_sends_once_and_the_outcome_is_said(qtbot: QtBot, case: MoneyCase):
    case.start()
    before = case.shown()
    asked = case.asked()
    qtbot.waitUntil(asked.can_agree)
    key = KEYS[action_of(asked).key]
    press(qtbot, asked, key)
    sent = list(case.sent())
    assert sent, "it was sent"
    assert not asked.isVisible()
    assert set(case.shown().splitlines()) - set(before.splitlines()), "something is said of it"
    assert case.sent() == sent


@pytest.mark.parametrize("way", ["double click", "click in a repaint", "held key"])
def test_pressed_again_before_the_outcome_is_painted_it_sends_once(
    qtbot: QtBot, case: MoneyCase, way: str
):
    case.start()
    asked = case.asked()
    action = action_of(asked)
    qtbot.waitUntil(asked.can_agree)
    if way == "held key":
        key = KEYS[action.key]
        QTest.keyPress(asked.focusWidget() or asked.window().focusWidget() or asked, key)
    else:
        qtbot.mouseClick(action, Qt.MouseButton.LeftButton)
    sent = list(case.sent())
    assert sent, "it was sent"
    if way == "double click":
        QTest.mouseDClick(action, Qt.MouseButton.LeftButton)
    elif way == "click in a repaint":
        case.screen.window().repaint()
        QTest.mouseClick(action, Qt.MouseButton.LeftButton)
    else:
        for _ in range(20):
            target = QApplication.focusWidget() or case.screen.window()
            again = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
            QApplication.sendEvent(target, again)
        QTest.keyRelease(QApplication.focusWidget() or case.screen.window(), key)
    QApplication.processEvents()
    assert case.sent() == sent


def test_a_double_click_on_what_starts_it_asks_once_and_answers_nothing(
    qtbot: QtBot, case: MoneyCase
):
    """The second press falls on whatever is there by then."""
    case.start()
    case.start()
    asked = case.asked()  # one
    QTest.mouseDClick(action_of(asked), Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert case.sent() == []


def test_a_refusal_keeps_the_question_with_the_reason(qtbot: QtBot, case: MoneyCase):
    case.start()
    case.refuse()
    asked = case.asked()
    qtbot.waitUntil(asked.can_agree)
    press(qtbot, asked, KEYS[action_of(asked).key])
    QApplication.processEvents()
    assert asked.isVisible() and case.sent()
    why = asked.notice if isinstance(asked, ConfirmDialog) else asked.failure
    assert "차이" in why.text() or "금액" in why.text()
    bottom = why.mapTo(asked, why.rect().bottomLeft()).y()
    assert bottom < action_of(asked).mapTo(asked, action_of(asked).rect().topLeft()).y()
    assert asked.window().focusWidget() is asked.no
    assert asked.can_agree(), "it can be chosen again"
