"""Why something is cancelled, and the one button that does it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.domain.cancelling import LONGEST_REASON, Deed, Side
from posapp.ui.i18n import Texts
from posapp.ui.screens.cancel_parts.held_keys import HeldKeys
from posapp.ui.screens.order_parts.choice import Choice
from posapp.ui.theme import Theme
from posapp.ui.widgets.announcing import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.roles import Label

CHOICES = {
    Side.BUYER: ("mind", "mistake", "defect", "late"),
    Side.SELLER: ("sold_out", "asked", "defect", "price"),
}
"""Ready-made reasons of each side: ``cancel.reason_<key>``."""

_COLUMNS = 2


class ReasonForm(Card):
    """Ready-made reasons write into the one field, so that what is read there is what is kept."""

    pressed = Signal()
    """The button, or Enter in the field."""

    def __init__(self, texts: Texts, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._side = Side.BUYER
        self._deed = Deed.CANCEL
        self._cut = self._behind = False
        self.choices = tuple(Choice(theme) for _ in range(4))
        grid = QGridLayout()
        grid.setSpacing(8)
        for at, choice in enumerate(self.choices):
            choice.fill_width()
            choice.clicked.connect(lambda _=False, chip=choice: self._choose(chip))
            grid.addWidget(choice, at // _COLUMNS, at % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.line = QLineEdit()
        self.line.setObjectName("cancelReason")
        self.line.textChanged.connect(self._tidy)
        self.line.returnPressed.connect(self._enter)
        self.hint = Label("caption", wraps=True)
        self.consequence = Label("body", wraps=True)
        self.button = Button("danger", "F8")
        self.button.setObjectName("cancelButton")
        self.button.clicked.connect(self.pressed)
        HeldKeys(self.line, blanks=True, parent=self)
        HeldKeys(self.button, parent=self)
        self.body.addLayout(grid)
        self.body.addWidget(self.line)
        self.body.addWidget(self.hint)
        self.body.addStretch(1)
        self.body.addWidget(self.consequence)
        self.body.addWidget(self.button)
        self.setFocusProxy(self.line)
        texts.changed.connect(self.write)
        self.write()

    def set_up(self, side: Side, deed: Deed, *, keep_reason: bool = False) -> None:
        """Be ready for an item; ``keep_reason`` leaves what was typed."""
        self._side, self._deed = side, deed
        if not keep_reason:
            self.line.clear()
            self._cut = False
        self.write()

    @property
    def reason(self) -> str:
        """As it is typed; the service makes one line of it and fills in a blank one."""
        return self.line.text()

    def write(self) -> None:
        """Set all words anew."""
        texts, deed = self._texts, self._deed.value
        self.set_words(texts("cancel.reason"))
        for choice, key in zip(self.choices, CHOICES[self._side], strict=True):
            choice.set_words(texts(f"cancel.reason_{key}"))
        self.line.setPlaceholderText(texts("cancel.reason_hint"))
        self.line.setAccessibleName(texts("cancel.reason"))
        self.consequence.setText(texts(f"cancel.{deed}_consequence"))
        self.button.set_words(
            texts(f"cancel.{deed}_button"), description=texts(f"cancel.{deed}_consequence")
        )
        if self._behind:
            self.consequence.setText(texts("window.behind"))
            self.button.set_words(texts("requests.in_doubt"), description=texts("window.behind"))
        self.button.setEnabled(not self._behind)
        self._weigh()

    def set_behind(self, behind: bool) -> None:
        """The file is an older copy that is still being compared: nothing is cancelled."""
        self._behind = behind
        self.write()

    def _enter(self) -> None:
        if not self._behind:
            self.pressed.emit()

    def _choose(self, chip: Choice) -> None:
        self.line.setText(chip.text() if chip.isChecked() else "")

    def _tidy(self, text: str) -> None:
        """Take out what cannot be read, and cut what would not be kept, before one's eyes."""
        tidy = "".join(sign if sign.isprintable() else " " for sign in text)
        cut = len(tidy) > LONGEST_REASON
        if cut:
            tidy = tidy[:LONGEST_REASON]
        if tidy != text:
            at = min(self.line.cursorPosition(), len(tidy))
            self.line.blockSignals(True)
            self.line.setText(tidy)
            self.line.blockSignals(False)
            self.line.setCursorPosition(at)
        if cut and not self._cut:
            announce(self.line, self._texts("cancel.reason_cut", limit=LONGEST_REASON))
        self._cut = cut or (self._cut and len(tidy) == LONGEST_REASON)
        self._weigh()

    def _weigh(self) -> None:
        texts, typed = self._texts, self.line.text().strip()
        for choice in self.choices:
            choice.setChecked(bool(typed) and choice.text() == typed)
        if self._cut:
            hint = texts("cancel.reason_cut", limit=LONGEST_REASON)
        else:
            hint = texts("cancel.reason_blank", reason=self._side.default_reason)
        self.hint.setText(hint)
        self.line.setAccessibleDescription(hint)
