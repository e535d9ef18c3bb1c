"""Question before an act about the staff, with the own PIN where it is due."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.pins import SELL_DIGITS
from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.confirm_dialog import ConfirmDialog
from posapp.ui.widgets.pin_field import PinField

_DANGER = ("remove",)
_AT_ONCE = ("forget_code",)
"""Questions whose action cannot fail."""


class StaffQuestion(ConfirmDialog):
    """Asks about one act: ``staff.ask_ABOUT`` and its sentences.

    Args:
        name: of the person whom it is about.
        needs_own_pin: the PIN of whoever is signed in is asked for.
    """

    shown_pin = Signal()
    entered_pin = Signal()

    def __init__(
        self,
        texts: Translator,
        about: str,
        page: QWidget,
        *,
        name: str = "",
        needs_own_pin: bool = False,
    ) -> None:
        super().__init__(parent=page.window(), danger=about in _DANGER, waits=about not in _AT_ONCE)
        self._own = PinField("ownPin", texts.bind("staff.own_pin"))
        self._own.setVisible(needs_own_pin)
        self._own.line.textChanged.connect(lambda _: self.update_enabled())
        self._own.line.returnPressed.connect(self.entered_pin)
        self.fields.addWidget(self._own)
        self.follow_fields(self.shown_pin, self.entered_pin)

        def write() -> None:
            self.say(texts(f"staff.ask_{about}", name=name), texts(f"staff.why_{about}"))
            self.set_answers(texts(f"staff.yes_{about}"), texts("words.close"))

        self.follow(texts, write)
        self.update_enabled()
        if needs_own_pin:
            self._own.line.setFocus()

    @property
    def own_pin(self) -> str:
        """Return the own PIN, if it was asked for."""
        return "" if self._own.isHidden() else self._own.text

    @property
    def is_complete(self) -> bool:
        """Return whether the PIN is there, if it is asked for."""
        return self._own.isHidden() or len(self._own.text) >= SELL_DIGITS

    def ask_for_pin(self) -> None:
        """Ask for the own PIN after all: it was given too long ago."""
        self._own.show()
        self.shown_pin.emit()

    def focus_pin(self) -> None:
        """Empty the PIN and go there, after a refusal."""
        if shiboken6.isValid(self) and not self._own.isHidden():
            self._own.clear()
            self._own.focus()
            self.update_enabled()
