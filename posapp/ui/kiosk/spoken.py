"""What a voice says of a screen of the kiosk: plain data, without Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ItemRole(StrEnum):
    """What an item is."""

    BUTTON = "button"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class SpokenItem:
    """One item that can be reached and pressed.

    Attributes:
        state: ``unavailable``, ``on``, ``off``, or empty.
    """

    name: str
    role: ItemRole
    state: str = ""


@dataclass(frozen=True, slots=True)
class SpokenScreen:
    """A screen as it is spoken.

    Attributes:
        state: name of the screen (``KioskState``).
        title: said first.
        outcome: said at once, before anything else that is being said: what became of the money.
        messages: said after the title.
        digits: what was typed, as far as it may be heard.
        items: in the one order in which keys reach them.
    """

    state: str
    title: str
    outcome: str = ""
    messages: tuple[str, ...] = ()
    digits: str = ""
    items: tuple[SpokenItem, ...] = ()
