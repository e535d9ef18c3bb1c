"""Marks a window in which no money moves: a hatched strip on top, and the word of the mode."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.roles import Frame, Label

LIVE = "live"
"""Mode in which real money moves; the others are ``test`` and ``practice``."""


class ModeStrip(Frame):
    """The strip of a window without a top bar; without height where real money moves.

    Args:
        mode: ``LIVE``, ``test`` or ``practice``.
    """

    def __init__(self, theme: Theme, mode: str) -> None:
        super().__init__("test-strip")
        self.setFixedHeight(0 if mode == LIVE else theme.size("gap-small"))


class ModeBadge(Label):
    """The word of the mode; empty where real money moves.

    Args:
        mode: as of ``ModeStrip``.
    """

    def __init__(self, texts: Translator, mode: str) -> None:
        super().__init__("" if mode == LIVE else "badge")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if mode != LIVE:
            self.setProperty("mode", mode)
            self.say(texts.bind(f"window.mode_{mode}"))
