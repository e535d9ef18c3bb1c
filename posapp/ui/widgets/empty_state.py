"""Placeholder of an empty list: reason, advice, and at most one action."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Frame, Label

_SIGN = 48
_SIDE, _AROUND, _GAP = 48, 16, 12


class EmptyState(Frame):
    """An icon and two sentences in the middle of an empty panel.

    Args:
        tone: success, error, warning, notice or busy; empty is a slip of paper.
        action: the button below the sentences.
    """

    def __init__(
        self,
        theme: Theme,
        *,
        tone: str = "",
        action: Button | None = None,
    ) -> None:
        super().__init__("panel")
        self.action = action
        self._sign = sign = Sign(theme, _SIGN)
        if tone:
            sign.set_tone(tone)
        else:
            sign.set_sign("receipt", "text-muted")
        policy = sign.sizePolicy()
        policy.setRetainSizeWhenHidden(True)  # hiding it must not ask for another size
        sign.setSizePolicy(policy)
        self._what = Label("heading", wraps=True)
        self._why = Label("muted", wraps=True)
        column = boxes.column(
            *(2, (sign, 0, Qt.AlignmentFlag.AlignHCenter)),
            on=self,
            gap=_GAP,
            margins=(_SIDE, _AROUND, _SIDE, _AROUND),
        )
        for label in (self._what, self._why):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        if action is not None:
            column.addSpacing(4)
            column.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the icon out where it would cover the sentences."""
        super().resizeEvent(event)
        inner = self.width() - 2 * _SIDE
        parts = [one.heightForWidth(inner) for one in (self._what, self._why) if one.text()]
        if self.action is not None and not self.action.isHidden():
            parts.append(self.action.sizeHint().height())
        needed = _SIGN + sum(_GAP + part for part in parts) + 2 * _AROUND
        self._sign.setVisible(self.height() >= needed)

    @property
    def message(self) -> str:
        """Return the first sentence."""
        return self._what.text()

    def say(self, what: BoundText, why: BoundText) -> None:
        """Show sentences that follow the language."""
        self._what.say(what)
        self._why.say(why)
        what.show_in(self, QWidget.setAccessibleName)
        why.show_in(self, QWidget.setAccessibleDescription)

    def set_text(self, what: str, why: str) -> None:
        """Set both sentences: what is missing, and why."""
        self._what.setText(what)
        self._why.setText(why)
        self.setAccessibleName(f"{what} {why}")
