"""A monkey at the till: random keys, clicks, pastes, syllables, scans and sizes on every page.

Each action draws from a source of its own, made of the seed and the action's number: what one
action finds on the screen changes none of the later ones, and a seed plays the same again.
"""

from __future__ import annotations

import logging
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random

from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from posapp.sandbox.link_access import PaymentNotAllowed
from posapp.ui.core.i18n import LANGUAGES
from posapp.ui.core.theme import THEMES
from posapp.ui.navigation.counter_window import CounterWindow
from posapp.ui.shell.routes import COUNTER_SIZES, ROUTE
from tests.pictures.visits import LOCKS, VISITS, unpaid

FREEZE_MS = 200
"""Milliseconds of the GUI thread's own time, in which nothing else can happen."""

SHARED_FREEZE_MS = 400
"""The same beside other tests on the same cores, whose caches Qt's painting then shares: by a
quarter more was seen. ``make monkey`` alone holds to ``FREEZE_MS``."""

FIRST_USE_MS = 500
"""The same for an action that imports modules, once in a run, opens a dialog of files (Qt's own
here, the system's on a desktop), saves a PDF, for which Qt makes its part of the typeface, or
visits a state, which presses, waits and reads several times."""

FIRST_PDF_MS = 1_500
"""The same for the first PDF of a run: on a machine that was just set up the system looks through
its typefaces then."""

_LOOP, _LOOP_MS = 300_000, 3.0
"""A loop, and the milliseconds that it takes while nothing else uses the core. Where it takes more
just after a long action, that action is counted as shorter by as much."""

HUGE = 1_000_000
"""Characters of the largest paste."""

_KEYS = (
    *(Qt.Key(Qt.Key.Key_F1 + at) for at in range(12)),
    *(Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape, Qt.Key.Key_Space, Qt.Key.Key_Tab),
    *(Qt.Key.Key_Backtab, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down),
    *(Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown),
    *(Qt.Key.Key_Delete, Qt.Key.Key_Backspace, Qt.Key.Key_Insert, Qt.Key.Key_Menu),
)
_WITH_CTRL = "1234567ACEGLOPSVXZ"
_TYPED = "0123456789가나다라김이박결제 abcXYZ.,-%_'\"\\|*#@!?()[]{}<>=+;:~^$&\u200b\u00a0😀ﬁ①"
_SYLLABLES = "ㅎ하한ㄱ그글ㅇ으은"
_A_PAGE = 25
"""Actions after which the next page is shown."""

_SIZES = (*COUNTER_SIZES, (800, 480), (900, 700), (1280, 1024))


@dataclass
class Findings:
    """What went wrong, and what was done."""

    freezes: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    visits: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    longest_ms: float = 0.0


class Monkey(logging.Handler):
    """Does actions until enough events were sent.

    Args:
        seed: the same one plays the same.
        freeze_ms: an action that takes longer is a freeze.
    """

    _has_saved = False

    def __init__(self, counter: CounterWindow, seed: int, freeze_ms: float = FREEZE_MS) -> None:
        super().__init__(logging.ERROR)
        self._freeze_ms = freeze_ms
        self._counter, self._seed = counter, seed
        self._window = counter.window
        self._now = ""
        self.sent = 0
        self.found = Findings()

    def play(self, events: int) -> Findings:
        """Send this many events, and let the program act on each action."""
        logging.getLogger().addHandler(self)
        number = 0
        try:
            while self.sent < events:
                if number % _A_PAGE == 0:
                    self._turn_to(number // _A_PAGE)
                chance = Random(f"{self._seed}:{number}")
                name, act = _chosen(chance)
                self._now = f"action {number} ({name}) on {self._window.current}"
                self.found.actions[name] += 1
                self.found.visits[self._window.current] += 1
                most = FIRST_USE_MS if act is Monkey.visit else self._freeze_ms
                self._timed(lambda act=act, chance=chance: act(self, chance), most)
                self._timed(self._let_act, self._freeze_ms)
                self._keep_open()
                number += 1
        finally:
            logging.getLogger().removeHandler(self)
        return self.found

    def _turn_to(self, number: int) -> None:
        """Show one page after the other, so that none is left out by chance."""
        if QApplication.activeModalWidget() is None:
            self._window.show_screen(tuple(ROUTE)[number % len(ROUTE)])

    def emit(self, record: logging.LogRecord) -> None:
        """Note what the program logs as an error."""
        trace = f"\n{record.exc_text}" if record.exc_text else ""
        self.found.errors.append(f"{self._now}: {record.getMessage()}{trace}")

    def _timed(self, work: Callable[[], object], most: float) -> None:
        modules, files = len(sys.modules), self._saved()
        taken = _milliseconds(work)
        if taken > FREEZE_MS:
            taken /= max(1.0, _milliseconds(lambda: sum(range(_LOOP))) / _LOOP_MS)
        self.found.longest_ms = max(self.found.longest_ms, taken)
        is_saved = self._saved() != files
        is_first = is_saved or len(sys.modules) != modules
        is_first |= isinstance(QApplication.activeModalWidget(), QFileDialog)
        most = max(most, FIRST_USE_MS) if is_first else most
        if is_saved and not self._has_saved:
            Monkey._has_saved, most = True, FIRST_PDF_MS
        if taken > most:
            self.found.freezes.append(f"{self._now}: {taken:.0f} ms")

    def _saved(self) -> int:
        folder = self._counter._exports
        return sum(1 for _ in folder.glob("*.pdf")) if folder is not None else 0

    def _let_act(self) -> None:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents)

    def _keep_open(self) -> None:
        """Open the window again that an action closed, as a person starts the program again."""
        if not self._window.isVisible():
            self._window.guard_closing(self._counter._may_close)
            self._window.show()
        if QApplication.activeWindow() is None:
            self._window.activateWindow()

    # Where input goes

    def _keyboard(self) -> QWidget:
        focused = QApplication.focusWidget()
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if over is not None and (focused is None or focused.window() is not over):
            return over.focusWidget() or over
        return focused or self._window

    def _under(self, chance: Random) -> tuple[QWidget, QPoint]:
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self._window
        across, down = chance.random(), chance.random()
        at = QPoint(int(across * over.width()), int(down * over.height()))
        target = over.childAt(at) or over
        self._over = over  # a popup of Qt's own: without its wrapper that of its child is invalid
        return target, target.mapFrom(over, at)

    def _send(self, target: QWidget, event: QEvent) -> None:
        self.sent += 1
        QApplication.sendEvent(target, event)

    def _key(self, key: int, text: str = "", modifiers=Qt.KeyboardModifier.NoModifier) -> None:
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self._send(self._keyboard(), QKeyEvent(kind, key, modifiers, text))

    # What it does

    def type_text(self, chance: Random) -> None:
        """Type some characters."""
        for character in chance.choices(_TYPED, k=chance.randint(1, 12)):
            self._key(ord(character.upper()[0]) if character.isascii() else 0, character)

    def press(self, chance: Random) -> None:
        """Press a key with a meaning, sometimes with a modifier."""
        key, kind = chance.choice(_KEYS), chance.random()
        if kind < 0.2:
            self._key(
                Qt.Key(ord(chance.choice(_WITH_CTRL))), "", Qt.KeyboardModifier.ControlModifier
            )
        elif kind < 0.3:
            self._key(key, "", Qt.KeyboardModifier.ShiftModifier)
        else:
            for _ in range(1 if kind < 0.8 else 3):
                self._key(key, "\r" if key == Qt.Key.Key_Return else "")

    def quit(self, chance: Random) -> None:
        """Try to close the program."""
        self._key(Qt.Key.Key_Q, "", Qt.KeyboardModifier.ControlModifier)

    def click(self, chance: Random) -> None:
        """Click somewhere, sometimes twice or with another button."""
        target, at = self._under(chance)
        self._now += (
            f", at {type(target).__name__} {target.accessibleName() or target.objectName()}"
        )
        button = Qt.MouseButton.RightButton if chance.random() < 0.1 else Qt.MouseButton.LeftButton
        if target.focusPolicy() & Qt.FocusPolicy.ClickFocus:
            target.setFocus(Qt.FocusReason.MouseFocusReason)
        kinds = [QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease]
        if chance.random() < 0.2:
            kinds += [QEvent.Type.MouseButtonDblClick, QEvent.Type.MouseButtonRelease]
        for kind in kinds:
            held = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseButtonRelease else button
            self._mouse(target, kind, at, button, held)

    def hover(self, chance: Random) -> None:
        """Move the pointer."""
        for _ in range(3):
            target, at = self._under(chance)
            none = Qt.MouseButton.NoButton
            self._mouse(target, QEvent.Type.MouseMove, at, none, none)

    def _mouse(self, target: QWidget, kind: QEvent.Type, at: QPoint, button, held) -> None:
        place = QPointF(target.mapToGlobal(at))
        plain = Qt.KeyboardModifier.NoModifier
        self._send(target, QMouseEvent(kind, QPointF(at), place, button, held, plain))

    def wheel(self, chance: Random) -> None:
        """Turn the wheel."""
        target, at = self._under(chance)
        turn = QPoint(0, chance.choice((-120, 120, -1200, 1200)))
        self._send(
            target,
            QWheelEvent(
                *(QPointF(at), QPointF(target.mapToGlobal(at)), QPoint(), turn),
                *(Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier),
                *(Qt.ScrollPhase.NoScrollPhase, False),
            ),
        )

    def scan(self, chance: Random) -> None:
        """Scan an order, a product or nonsense."""
        order = str(chance.randint(1000, 1205))
        code = chance.choice((order, f"PO{order}", "8801234567890", "x" * 60, order + "\t" + order))
        for character in code:
            self._key(ord(character.upper()), character)
        self._key(Qt.Key.Key_Return, "\r")

    def compose(self, chance: Random) -> None:
        """Compose syllables, and commit them or not."""
        for syllable in chance.choices(_SYLLABLES, k=chance.randint(1, 6)):
            event = QInputMethodEvent(syllable, [])
            if chance.random() < 0.3:
                event.setCommitString(syllable)
            self._send(self._keyboard(), event)
        if chance.random() < 0.7:
            self._send(self._keyboard(), QInputMethodEvent("", []))

    def paste(self, chance: Random) -> None:
        """Paste something small."""
        text = "".join(chance.choices(_TYPED + "\n\t\0", k=chance.randint(0, 300)))
        self._paste(text)

    def paste_huge(self, chance: Random) -> None:
        """Paste a megabyte."""
        self._paste(chance.choice(("1", "가", "a b\n", "\u202e")) * HUGE)

    def _paste(self, text: str) -> None:
        QApplication.clipboard().setText(text[:HUGE])
        self._key(Qt.Key.Key_V, "", Qt.KeyboardModifier.ControlModifier)

    def resize(self, chance: Random) -> None:
        """Give the window another size."""
        self.sent += 1
        self._window.resize(*chance.choice(_SIZES))

    def appear(self, chance: Random) -> None:
        """Change the language or the colours."""
        self.sent += 1
        if chance.random() < 0.7:
            self._counter.texts.set_language(chance.choice(LANGUAGES))  # type: ignore[attr-defined]
        else:
            self._counter.theme.set_name(chance.choice(THEMES))  # type: ignore[attr-defined]

    def visit(self, chance: Random) -> None:
        """Open a state of a page, as a card or a link does, or lock; whoever finds the lock signs
        in first."""
        self.sent += 1
        name = chance.choice((*QUICK_VISITS, *LOCKS, "pay"))
        if QApplication.activeModalWidget() is not None:
            return
        self._window.locking.unlock()
        if name != "pay":
            {**VISITS, **LOCKS}[name].open(self._counter)
        elif (order := unpaid(self._counter)) is not None:
            self._counter.screens.open_order(order.buyer_id, order.id)

    def pay(self, chance: Random) -> None:
        """Let the buyer pay, fail or leave, if a QR is live."""
        self.sent += 1
        pay = self._window.made("pay")
        if pay is None or not pay.is_live or pay.progress is None:  # type: ignore[attr-defined]
            return
        books = self._counter.demo.sandbox.books  # type: ignore[attr-defined]
        number = pay.progress.attempt.merchant_uid  # type: ignore[attr-defined]
        if number and chance.random() < 0.7:
            with suppress(PaymentNotAllowed):  # paid already, and the page does not know it yet
                books.pay(number)

    def dismiss(self, chance: Random) -> None:
        """Close what is open over the page: a person would not stay in a dialog for ever."""
        over = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if isinstance(over, QFileDialog):
            over.reject()
        elif over is not None:
            self._key(Qt.Key.Key_Escape)


def _milliseconds(work: Callable[[], object]) -> float:
    """Return the thread's own time of some work, whatever else the machine does."""
    begun = time.thread_time_ns()
    work()
    return (time.thread_time_ns() - begun) / 1_000_000


QUICK_VISITS = tuple(
    name for name in VISITS if not name.startswith(("pay", "open_money_cash", "shift_"))
)
"""States that are reached without waiting."""

ACTIONS: tuple[tuple[Callable[[Monkey, Random], None], int], ...] = (
    (Monkey.type_text, 20),
    (Monkey.press, 28),
    (Monkey.click, 16),
    (Monkey.hover, 4),
    (Monkey.wheel, 4),
    (Monkey.scan, 5),
    (Monkey.compose, 8),
    (Monkey.paste, 3),
    (Monkey.paste_huge, 1),
    (Monkey.resize, 1),
    (Monkey.appear, 1),
    (Monkey.visit, 3),
    (Monkey.pay, 2),
    (Monkey.dismiss, 4),
    (Monkey.quit, 1),
)
"""What the monkey does, and how often."""


def _chosen(chance: Random) -> tuple[str, Callable[[Monkey, Random], None]]:
    (act,) = chance.choices([one for one, _ in ACTIONS], weights=[share for _, share in ACTIONS])
    return act.__name__, act
