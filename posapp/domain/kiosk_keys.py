"""Keys of a kiosk's keypad: what each does, by Qt's names of keys.

A keypad is a keyboard; which keys it sends for help and volume differs from maker to maker. The
setting ``kiosk_keys`` adds keys to the standard ones: ``repeat=F13, louder=VolumeUp``.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from string import ascii_uppercase

MOST_KEYS = 20
"""Keys that the setting may add."""


class KeyAct(StrEnum):
    """What a key does. Digits type themselves, and are no part of the map."""

    PREVIOUS = "previous"
    NEXT = "next"
    PRESS = "press"
    BACK = "back"
    REPEAT = "repeat"
    LOUDER = "louder"
    SOFTER = "softer"
    FASTER = "faster"
    SLOWER = "slower"


STANDARD_KEYS: Mapping[str, KeyAct] = {
    "Up": KeyAct.PREVIOUS,
    "Asterisk": KeyAct.PREVIOUS,
    "Down": KeyAct.NEXT,
    "NumberSign": KeyAct.NEXT,
    "Return": KeyAct.PRESS,
    "Enter": KeyAct.PRESS,
    "Escape": KeyAct.BACK,
    "F1": KeyAct.REPEAT,
    "Plus": KeyAct.LOUDER,
    "Minus": KeyAct.SOFTER,
    "Right": KeyAct.FASTER,
    "Left": KeyAct.SLOWER,
}
"""Keys of every kiosk."""

KEY_NAMES = frozenset(
    {
        *STANDARD_KEYS,
        *(f"F{number}" for number in range(1, 25)),
        *ascii_uppercase,
        *("PageUp", "PageDown", "Home", "End", "Insert", "Delete", "Backspace", "Tab", "Space"),
        *("Slash", "Period", "Help", "VolumeUp", "VolumeDown"),
    }
)
"""Keys that the setting may name."""


def read_keys(text: str) -> dict[str, KeyAct]:
    """Return what each key does: the standard ones, and those that a text adds or changes.

    Args:
        text: ``act=Key`` pairs, separated by commas; empty for the standard keys.

    Raises:
        ValueError: what was expected.
    """
    pairs = [part.strip() for part in text.split(",")] if text.strip() else []
    added: dict[str, KeyAct] = {}
    for pair in pairs:
        act, is_pair, key = (part.strip() for part in pair.partition("="))
        if not is_pair or act not in set(KeyAct) or key not in KEY_NAMES or key in added:
            raise ValueError("pairs like repeat=F13, louder=VolumeUp; each key once")
        added[key] = KeyAct(act)
    keys = dict(STANDARD_KEYS) | added
    if len(pairs) > MOST_KEYS or set(keys.values()) != set(KeyAct):
        raise ValueError(f"at most {MOST_KEYS} keys, and a key for each act")
    return keys
