"""Nothing of the last buyer is left once the kiosk is at its first screen again."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from tests.ui.kiosk.conftest import NAME, ORDER, PHONE_END, Kiosk
from tests.ui.printing.test_roll_printing import FakePrinter

PRIVATE = (NAME, "010-0000-0001", PHONE_END, str(ORDER), "15,400", "7,700", "상품")
"""What is known of the buyer: name, phone, order, amounts, products."""

NOT_IN_LOG = (NAME, "0000-0001", "15,400", "15400", "상품")


_READ = [one for one in QAccessible.Text if "User" not in one.name]


def texts_of(window: QWidget) -> Iterator[str]:
    """Every text of every widget, whether it is shown or not, and what a screen reader reads."""
    for widget in (window, *window.findChildren(QWidget)):
        meta = widget.metaObject()
        for at in range(meta.propertyCount()):
            if meta.property(at).typeName() == "QString":
                yield str(widget.property(meta.property(at).name()))
        for name in ("role", "tone", "current", "lies"):
            yield str(widget.property(name))
        interface = QAccessible.queryAccessibleInterface(widget)
        if interface is not None:
            yield from (
                interface.text(kind) for kind in QAccessible.Text if "User" not in kind.name
            )


def found(window: QWidget, strings: tuple[str, ...]) -> list[str]:
    whole = "\n".join(texts_of(window))
    return [one for one in strings if one in whole]


def picture(kiosk: Kiosk) -> QImage:
    QApplication.processEvents()
    return kiosk.window.grab().toImage()


@pytest.mark.parametrize("end", ["paid", "printed", "stopped", "idle", "wrong"])
def test_nothing_of_the_last_buyer_is_left(kiosk: Kiosk, end: str, caplog):
    caplog.set_level(logging.DEBUG)
    before = picture(kiosk)
    QGuiApplication.clipboard().setText(f"{NAME} {ORDER}")
    visit, printer = kiosk.controller.visit, FakePrinter()
    if end == "wrong":
        kiosk.tap("begin", *str(ORDER), "next", *"9999", "next", "back")
    else:
        kiosk.to_summary()
        assert found(kiosk.window, PRIVATE[4:]), "the scan sees what is shown"
        if end != "idle":
            kiosk.tap("pay")
        if end == "paid":
            kiosk.pay()
            kiosk.wait(16)
        elif end == "printed":
            kiosk.add_printer(printer.at)
            kiosk.pay()
            kiosk.tap("print")
            kiosk.wait(16)
            assert len(printer.papers) == 1
        elif end == "stopped":
            kiosk.tap("stop")
            kiosk.wait(31)
        else:
            kiosk.wait(81)
    assert kiosk.state == "start"
    assert found(kiosk.window, PRIVATE) == []
    assert picture(kiosk) == before
    assert QGuiApplication.clipboard().text() == ""
    assert sys.getrefcount(visit) == 2, "nobody keeps the visit but this test"
    payment = kiosk.controller.payment
    assert payment is not None
    assert (payment.order, payment.buyer, payment.progress, payment.matrix) == (None,) * 4
    assert [one for one in NOT_IN_LOG if one in caplog.text] == []


@pytest.mark.parametrize("state", ["order", "phone", "summary", "qr", "outcome"])
def test_no_screen_shows_who_the_buyer_is(kiosk: Kiosk, state: str):
    kiosk.tap("begin", *str(ORDER))
    for step in ("next", *PHONE_END, "next", "pay"):
        if kiosk.state == state:
            break
        kiosk.tap(step)
    if state == "outcome":
        kiosk.pay()
    assert kiosk.state == state
    assert found(kiosk.window, (NAME, "010-0000-0001")) == []
    if state == "phone":
        kiosk.tap(*PHONE_END)
        assert found(kiosk.window, (PHONE_END,)) == []
