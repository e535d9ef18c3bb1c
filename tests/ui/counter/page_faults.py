"""What is wrong with each page of a counter in some cases: cut, covered, too small, unreadable."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from PySide6.QtWidgets import QApplication, QScrollArea

from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell.main_window import BODY
from posapp.ui.shell.screen_fit import WHOLE
from tests.pictures.visits import LOCKS, VISITS, leave, until
from tests.ui.counter.geometry_cases import Case
from tests.ui.geometry import problems, scrolls
from tests.ui.pay.test_qr import read

_TURNS = 20
"""Turns of the event loop after which every layout has settled; most have after two."""

READABLE = (640, 360)
"""The smallest window in pixels that has room for a QR."""


def faults(counter: CounterWindow, state: str, cases: Sequence[Case]) -> list[str]:
    """Return what is wrong with a state of a page, one line each; the window is left at home.

    The theme of the cases is chosen already.
    """
    {**VISITS, **LOCKS}[state].open(counter)
    found = []
    for case in sorted(cases, key=lambda one: one.language):
        counter.texts.set_language(case.language)
        counter.window.resize(*case.size)
        until(lambda: counter.runner.busy == 0)
        where = f"{state} {case.theme} {case.language} {case.size[0]}×{case.size[1]}"
        found += [f"{where} {what}" for what in _settled(counter, state, case)]
    counter.texts.set_language("ko")
    leave(counter)
    return found


def _settled(counter: CounterWindow, state: str, case: Case) -> list[str]:
    here: list[str] = []
    for turn in range(_TURNS):
        QApplication.processEvents()
        if turn > 1:
            here = [*problems(counter.window), *_wrong_whole(counter, state, case)]
            if not here:
                break
    return here


def _wrong_whole(counter: CounterWindow, state: str, case: Case) -> Iterator[str]:
    window = counter.window
    if window.size().toTuple() != case.size:
        yield f"is {window.size().toTuple()} large"
    if not case.is_small:
        for name in (BODY, WHOLE):
            area = window.findChild(QScrollArea, name)
            if area is not None and area.isVisible() and scrolls(area):
                yield f"{name} {scrolls(area)}"
    if state == "pay_qr" and counter.screens.pay.is_live and case.size >= READABLE:
        codes = read(window.grab().toImage())
        if len(codes) != 1 or not codes[0][0].startswith("http"):
            yield f"the QR cannot be read: {codes}"
