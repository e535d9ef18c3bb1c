"""A counter of a demo shop with staff: a manager, a seller, a cashier and a second seller."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from posapp.domain.actors import Actor
from posapp.domain.permissions import StaffRole

SELLER, OTHER_SELLER = 1, 2
MANAGER, CASHIER, OWN_SELLER, SECOND_SELLER = 1, 2, 3, 4
PINS = {MANAGER: "270936", CASHIER: "2709", OWN_SELLER: "449719", SECOND_SELLER: "847617"}
NAMES = {MANAGER: "이서준", CASHIER: "박지우", OWN_SELLER: "김하나", SECOND_SELLER: "최다온"}


def add_staff(counter) -> None:
    """Write the staff, as a command in a terminal does; nobody is signed in."""
    directory = counter.demo.container.staff.directory
    directory.set_up(Actor.person(), NAMES[MANAGER], PINS[MANAGER])
    with boss_at(counter) as boss:
        directory.add(boss, NAMES[CASHIER], StaffRole.CASHIER, PINS[CASHIER])
        for number in (OWN_SELLER, SECOND_SELLER):
            directory.add(boss, NAMES[number], StaffRole.SELLER, PINS[number], SELLER)


@contextmanager
def boss_at(counter) -> Iterator[Actor]:
    """The manager as whoever changes the staff elsewhere, the PIN just given; nobody is signed in
    at the till after that."""
    session, boss = counter.demo.container.session, Actor.staff(MANAGER)
    session.begin(boss, counter._clock.monotonic(), role=StaffRole.MANAGER)
    yield boss
    session.end()


def settle(qtbot, counter) -> None:
    qtbot.waitUntil(lambda: counter.runner.busy == 0)
    QApplication.processEvents()


def press(counter, key, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key as a person does: long after the one before."""
    counter._pace.__self__.now += 400
    QTest.keyClick(QApplication.focusWidget() or counter.window, key, modifiers)
    counter._scans.flush()
    QApplication.processEvents()


def type_keys(counter, text: str) -> None:
    for digit in text:
        press(counter, Qt.Key(ord(digit)))


def sign_in(qtbot, counter, who: int) -> None:
    """Sign in by the digit of the tile and the PIN."""
    counter.lock.lock()
    counter.window.activateWindow()  # there is no window manager that would
    qtbot.waitUntil(counter.window.isActiveWindow)
    settle(qtbot, counter)
    press(counter, Qt.Key.Key_Escape)
    type_keys(counter, str(who) + PINS[who])
    settle(qtbot, counter)
    assert not counter.window.locking.is_locked
