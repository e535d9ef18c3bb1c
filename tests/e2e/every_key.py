"""Every key of a keyboard with every combination of its modifiers, and which the kiosk knows."""

from __future__ import annotations

from itertools import chain, combinations

from tests.e2e.x_wire import KEYS

MODIFIERS = ("Shift", "Ctrl", "Alt", "Super", "AltGr")
EVERY = tuple(chain.from_iterable(combinations(MODIFIERS, n) for n in range(len(MODIFIERS) + 1)))
OWN = frozenset(
    {
        *(KEYS[one] for one in ("Return", "Escape", "Up", "Down", "F1")),
        *(0xFF51, 0xFF53),  # Left and Right
        *(0xFF8D, *range(0xFF96, 0xFF9A), *range(0xFFB0, 0xFFBA)),  # the same, digits of the pad
        *(0xFFAB, 0xFFAD),  # + and - of the pad
        *(ord(one) for one in "0123456789*#+-"),
    }
)
"""Symbols of the kiosk's own keys (tests/ui/kiosk/test_kiosk_keypad.py), and of the pad's, which
are digits or arrows by Num Lock."""

PLAIN = frozenset({"Shift", "AltGr"})
"""Modifiers that leave a key its meaning, or give it another sign."""

SHARE = 9
"""One of so many combinations is pressed by default; those of the window manager always are."""

MANAGER_KEYS = (
    *("Alt+F4", "Alt+space", "Alt+Escape", "Alt+Tab", "Alt+Shift+Tab", "Ctrl+Alt+Tab"),
    *("Super+F1", "Super+F2", "Super+F3", "Super+F4", "Super+d", "Super+e", "Print", "Alt+Print"),
    *("Ctrl+Alt+Right", "Ctrl+Alt+Down", "Shift+Alt+Right", "Shift+Alt+Down"),
    *("Super+Shift+Right", "Super+Shift+Down"),
)
"""What openbox does by keys as Debian sets it up: close, menu, lower, desktops, pictures."""


def is_own(symbols: frozenset[int], held: tuple[str, ...]) -> bool:
    """Return whether the kiosk has a use for it: a key of its own, or the one that asks for the
    PIN."""
    if {"Ctrl", "Alt"} <= set(held) and not {"Shift", "Super"} & set(held):
        return ord("k") in symbols
    return bool(symbols & OWN) and PLAIN.issuperset(held)
