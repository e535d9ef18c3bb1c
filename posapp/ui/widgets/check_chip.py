"""Boxes to tick: a check box, one of several, and a switch, with a text beside them."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets.box_icons import box_icon, box_size
from posapp.ui.widgets.choice_button import ChoiceButton
from posapp.ui.widgets.roles import set_role

_GAP = 6
"""Pixels between box and text, in addition to Qt's."""


class CheckChip(ChoiceButton):
    """A box with a text; without a text it is a box with a full-sized target.

    The ticked state differs by the shape in the box and not only by colour.

    Args:
        kind: ``"check"``, ``"radio"`` (one of several) or ``"switch"``.
        round_box: the same as ``kind="radio"``.
    """

    def __init__(
        self,
        theme: Theme,
        parent: QWidget | None = None,
        *,
        kind: str = "check",
        round_box: bool = False,
    ) -> None:
        super().__init__("choice", parent)
        self._theme = theme
        self._kind = "radio" if round_box else kind
        self.setProperty("bare", True)
        theme.changed.connect(self._draw)
        self._draw()

    def set_text(self, text: str, *, name: str = "") -> None:
        """Set the text; ``name`` is the text for screen readers if there is none."""
        super().set_text(text, name=name)
        set_role(self, "bare", not text)
        self._draw()

    def _draw(self) -> None:
        gap = _GAP if self.text() else 0
        self.setIconSize(box_size(self._theme, self._kind) + QSize(gap, 0))
        self.setIcon(box_icon(self._theme, self._kind, gap))
