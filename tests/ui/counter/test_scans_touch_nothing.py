"""A scan on every screen, on every widget that takes the focus, and in every dialog."""

from __future__ import annotations

import importlib
import pkgutil
import random

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QDialog,
    QFileDialog,
    QLineEdit,
    QWidget,
)

import posapp.ui
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.framed_dialog import FramedDialog
from posapp.ui.widgets.toast import Toast
from tests.ui.counter.conftest import MODES
from tests.ui.counter.scan_places import (
    DIALOGS,
    KEYS,
    SCREENS,
    fill,
    lacks_an_answer,
    places,
    sample,
    unmoved,
    untouched,
)

NUMBERS = {
    *("paymentUserId", "orderId", "cancelPaymentUserId", "orderItemId", "sellerId"),
    *("cancelPaymentSellerId", "orderItemIdForSeller", "actorUserId", "requestItemId"),
    *("requestUserId", "requestOrderItemId", "deliveryItemId", "deliverySellerId"),
    *("deliveryOrderItemId", "requestPage", "openingFloat", "receiptTaskNumber"),
    "explained_won",
    *("ownPin", "approvalPin", "pin", "staffPin", "staffPinAgain"),
    *("recoveryEntry", "recoveryGroup2", "recoveryGroup5"),
}


@pytest.fixture
def is_whole(request) -> bool:
    """Every place gets a hostile burst, and not only those of the sample."""
    return request.config.getoption("--every-place")


@pytest.fixture
def screens(any_mode, is_whole) -> tuple[str, ...]:
    """Every page by option; else each page in one mode of the keyboard, and the next in another."""
    if is_whole:
        return SCREENS
    modes = list(MODES.values())
    return SCREENS[modes.index((any_mode.method.hangul, any_mode.is_apart)) :: len(modes)]


def visit(qtbot, counter, name: str) -> QWidget:
    counter.window.show_screen(name)
    screen = counter.window.screen_named(name)
    if name == "requests":
        screen.view.filters.open_panel()
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()
    return screen


def test_a_scan_touches_nothing_on_any_screen(
    qtbot, counter, any_mode, scanned, unpaid, paid, screens
):
    """Every screen that the window has, and everything on it that takes the focus."""
    fill(counter, unpaid, paid)
    for name in screens:
        chance = random.Random(name)
        for place in places(visit(qtbot, counter, name)):
            untouched(counter, any_mode, scanned, place, chance)


def test_five_thousand_keys_touch_nothing_on_any_screen(
    qtbot, counter, any_mode, scanned, unpaid, paid, screens, is_whole
):
    """Characters, control characters and function keys, at places of every screen."""
    fill(counter, unpaid, paid)
    for name in screens:
        chance = random.Random(f"{name} {any_mode.method.hangul} {any_mode.is_apart}")
        screen, count = visit(qtbot, counter, name), 1 if any_mode.method.hangul else 2
        for place in sample(screen, chance, count, is_whole=is_whole):
            unmoved(counter, any_mode, scanned, place, chance, KEYS)


def test_no_input_method_takes_the_keys_of_what_is_no_text(qtbot, counter, unpaid, paid):
    fill(counter, unpaid, paid)
    for name in SCREENS:
        counter.window.show_screen(name)
        qtbot.waitUntil(lambda: counter.runner.busy == 0)
        QApplication.processEvents()
        for place in places(counter.window.screen_named(name)):
            is_text = isinstance(place, QLineEdit) and place.objectName() not in NUMBERS
            composes = place.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
            assert composes == is_text, (name, place)


def opened(qtbot, counter, paid, dialog) -> QDialog:
    dialog(qtbot, counter, paid)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    modal = QApplication.activeModalWidget()
    assert isinstance(modal, QDialog)
    if isinstance(modal, ConfirmDialog) and not lacks_an_answer(modal):
        qtbot.waitUntil(modal.can_agree)
    return modal


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_a_scan_in_a_dialog_answers_nothing(
    qtbot, counter, any_mode, scanned, paid, dialog, is_whole
):
    modal = opened(qtbot, counter, paid, dialog)
    chance = random.Random(dialog.__name__)
    for place in places(modal):
        untouched(counter, any_mode, scanned, place, chance)
        assert modal.isVisible()
    for place in sample(modal, chance, 1, is_whole=is_whole):
        unmoved(counter, any_mode, scanned, place, chance, KEYS)
        assert modal.isVisible()


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_no_input_method_takes_the_keys_of_what_is_no_text_in_a_dialog(
    qtbot, counter, paid, dialog
):
    for place in places(opened(qtbot, counter, paid, dialog)):
        is_text = isinstance(place, QLineEdit) and place.objectName() not in NUMBERS
        composes = place.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        assert composes == is_text, place


@pytest.mark.parametrize("dialog", DIALOGS, ids=lambda one: one.__name__)
def test_a_scan_in_a_dialog_is_answered_inside(qtbot, counter, keyboard, paid, dialog):
    dialog(qtbot, counter, paid)
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is not None)
    modal, current = QApplication.activeModalWidget(), counter.window.current
    keyboard.scan("1200")
    qtbot.waitUntil(lambda: "이 창을 닫고 다시" in reported_in(modal))
    assert "1200" in reported_in(modal)
    assert counter.window.current == current and modal.isVisible()
    for toast in modal.findChildren(Toast):
        covered = [
            one
            for one in modal.findChildren(QAbstractButton)
            if one.isVisible() and toast.geometry().intersects(rectangle_of(one, modal))
        ]
        assert not covered or isinstance(modal, QFileDialog)


def rectangle_of(one: QWidget, root: QWidget) -> QRect:
    return QRect(one.mapTo(root, QPoint(0, 0)), one.size())


def test_every_dialog_of_the_program_is_scanned_in():
    for module in pkgutil.walk_packages(posapp.ui.__path__, "posapp.ui."):
        importlib.import_module(module.name)
    own = {one for one in subclasses(QDialog) if one.__module__.startswith("posapp.")}
    bases = {FramedDialog, *(one for one in own if one.__name__.startswith("_"))}
    assert own - bases == {one for one in DIALOGS.values() if one.__module__.startswith("posapp.")}


def subclasses(kind: type) -> set[type]:
    return {kind}.union(*map(subclasses, kind.__subclasses__()))


def reported_in(modal: QDialog) -> str:
    if isinstance(modal, ConfirmDialog):
        return modal.notice.text()
    toast = modal.findChild(Toast)
    return toast.message if toast is not None and toast.isVisible() else ""
