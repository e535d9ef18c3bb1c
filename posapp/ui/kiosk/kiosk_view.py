"""What the kiosk shows in a state, as data: texts in the current language, and actions."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from posapp.domain.kiosk import KioskState
from posapp.ui.kiosk.spoken import ItemRole, SpokenItem, SpokenScreen


class Action(StrEnum):
    """What a press does. Digits are actions of their own: ``0`` to ``9``."""

    BEGIN = "begin"
    LANGUAGE = "language"
    LARGE = "large"
    CONTRAST = "contrast"
    LOW = "low"
    VOICE = "voice"
    CALL = "call"
    CALL_END = "call_end"
    BACK = "back"
    DELETE = "delete"
    NEXT = "next"
    UP = "up"
    DOWN = "down"
    PAY = "pay"
    STOP = "stop"
    RETRY = "retry"
    PRINT = "print"
    DONE = "done"
    CONTINUE = "continue"
    TO_START = "to_start"
    LEAVE = "leave"
    STAY = "stay"
    OTHER_MANAGER = "other_manager"


@dataclass(frozen=True, slots=True)
class ActionView:
    """A button.

    Attributes:
        is_on: of a switch; ``None``: it is none.
    """

    action: str
    text: str
    enabled: bool = True
    is_on: bool | None = None

    @property
    def spoken(self) -> SpokenItem:
        """Return the button as a voice says it."""
        state = "" if self.is_on is None else "on" if self.is_on else "off"
        role = ItemRole.KEY if self.action.isdigit() else ItemRole.BUTTON
        return SpokenItem(self.text, role, state if self.enabled else "unavailable")


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of an order: name, count and amount."""

    name: str
    count: str
    amount: str


@dataclass(frozen=True, slots=True)
class KioskView:
    """One screen.

    Attributes:
        layout: which arrangement shows it: ``start``, ``entry``, ``summary``, ``qr``, ``outcome``,
            ``idle`` or ``notice``.
        state: the state of the visit, or EXIT.
        title: the sentence of the screen.
        messages: what else is said, below.
        tone: of the message or the outcome: success, error, warning, notice, busy or empty.
        mark: name of the icon of an outcome.
        entry: typed digits; hidden ones as dots.
        amount: won to be paid, or empty.
        time_left: of a QR, or empty.
        has_code: the QR is to be shown, or its place kept.
        lines: lines of the order: this part of them.
        keys: digits can be typed.
        body: buttons of the body, in their order.
        turns: turn over what is read, where that has too little room.
        chunks: how many parts of its lines the order has; one is shown.
        main, extra, back, call: the action below, another one above it, the way back, calling
            staff.
        banner: what a call says, or empty.
        call_end: ends the call.
        is_outcome: the title says what became of the money.
    """

    layout: str
    state: KioskState
    title: str
    messages: tuple[str, ...] = ()
    tone: str = ""
    mark: str = ""
    entry: str = ""
    amount: str = ""
    time_left: str = ""
    has_code: bool = False
    lines: tuple[LineView, ...] = ()
    keys: bool = False
    body: tuple[ActionView, ...] = ()
    turns: tuple[ActionView, ...] = ()
    chunks: int = 1
    main: ActionView | None = None
    extra: ActionView | None = None
    back: ActionView | None = None
    call: ActionView | None = None
    banner: str = ""
    call_end: ActionView | None = None
    is_outcome: bool = False

    @property
    def items(self) -> tuple[ActionView, ...]:
        """Return every action in the one order in which keys reach them: what the screen is for,
        then its actions, then staff, then the way back."""
        digits = tuple(ActionView(str(one % 10), str(one % 10)) for one in range(1, 10))
        keys = (*digits, *self.body[:1], ActionView("0", "0"), *self.body[1:]) if self.keys else ()
        rest = (*self.turns, self.main, self.extra, self.call_end, self.call, self.back)
        return (*(keys or self.body), *(one for one in rest if one is not None))

    @property
    def names_screen(self) -> tuple[str, str, bool]:
        """Return what makes it another screen, whose first item gets the focus."""
        return self.layout, self.state.value, self.is_outcome

    def has_news_since(self, before: KioskView) -> bool:
        """Return whether there is something to be spoken: another screen, or a sentence that was
        not there, whatever its numbers are, as a countdown is no news."""
        is_other = self.names_screen != before.names_screen
        return is_other or bool(self._sentences() - before._sentences())

    def _sentences(self) -> set[str]:
        said = (self.title, *self.messages, self.banner, *(one.name for one in self.lines))
        return {_NUMBERS.sub("", one) for one in said}


_NUMBERS = re.compile(r"[0-9]+")


def spoken_screen(view: KioskView) -> SpokenScreen:
    """Return what a voice says of a screen: title, amount, messages, and the items in order."""
    lines = tuple(f"{one.name}, {one.count}, {one.amount}" for one in view.lines)
    messages = (view.amount, *lines, *view.messages, view.time_left, view.banner)
    return SpokenScreen(
        view.state.value,
        view.title,
        view.title if view.is_outcome else "",
        tuple(one for one in messages if one),
        view.entry if view.state is KioskState.ORDER else "",
        tuple(one.spoken for one in view.items),
    )
