"""Band above a page that says how something is: a sign, the state, and what it means."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy

from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import Sign
from posapp.ui.widgets.roles import Frame, Label, set_role

_SIGN = 28


class StatusStrip(Frame):
    """Band in the tone of a state."""

    def __init__(self, theme: Theme) -> None:
        super().__init__("banner")
        self._sign = Sign(theme, _SIGN)
        self.status_label = Label("heading")
        self.safe = Label("body", wraps=True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        boxes.row(
            self._sign, self.status_label, (self.safe, 1), on=self, gap=16, margins=(20, 8, 20, 8)
        )

    def show_state(self, tone: str, sign: tuple[str, str], label: str, detail: str) -> None:
        """Show a state.

        Args:
            tone: of the background: success, error, warning, notice or busy.
            sign: name of the icon, and its colour in the theme.
            detail: what it means; may be empty.
        """
        set_role(self, "tone", tone)
        self._sign.set_sign(*sign)
        self.status_label.setText(label)
        self.safe.setText(detail)
        self.safe.setVisible(bool(detail))
        self.setAccessibleName(f"{label}. {detail}".strip())
