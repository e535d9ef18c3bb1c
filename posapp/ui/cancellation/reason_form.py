"""Form with the cancel reason and the action's button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from posapp.domain.actors import ActorKind
from posapp.domain.cancellation import MAX_REASON_LENGTH, CancelAction, default_reason
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.check_chip import CheckChip
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label

CHOICES = {
    ActorKind.BUYER: ("mind", "mistake", "defect", "late"),
    ActorKind.SELLER: ("sold_out", "asked", "defect", "price"),
}
"""Predefined reasons of buyers and sellers: ``cancel.reason_<key>``."""

_COLUMNS = 2


class ReasonForm(Card):
    """Predefined reasons fill the one field, whose text is what is stored."""

    pressed = Signal()
    """The button was pressed, or Enter in the field."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = texts
        self._kind = ActorKind.BUYER
        self._action = CancelAction.CANCEL
        self._cut = self._behind = False
        self.choices = tuple(CheckChip(theme) for _ in range(4))
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
        KeyRepeatFilter(self.line, blanks=True, parent=self)
        self.body.addLayout(grid)
        self.body.addWidget(self.line)
        self.body.addWidget(self.hint)
        self.body.addStretch(1)
        self.body.addWidget(self.consequence)
        self.body.addWidget(self.button)
        self.setFocusProxy(self.line)
        texts.changed.connect(self.write)
        self.write()

    def set_up(self, kind: ActorKind, action: CancelAction, *, keep_reason: bool = False) -> None:
        """Reset the form for an item; ``keep_reason`` keeps the typed reason.

        Args:
            kind: whether a buyer or a seller cancels.
        """
        self._kind, self._action = kind, action
        if not keep_reason:
            self.line.clear()
            self._cut = False
        self.write()

    @property
    def reason(self) -> str:
        """Return the reason as typed; the service makes it one line and replaces a blank one."""
        return self.line.text()

    def write(self) -> None:
        """Set all texts."""
        texts, action = self._texts, self._action.value
        self.set_text(texts("cancel.reason"))
        for choice, key in zip(self.choices, CHOICES[self._kind], strict=True):
            choice.set_text(texts(f"cancel.reason_{key}"))
        self.line.setPlaceholderText(texts("cancel.reason_hint"))
        self.line.setAccessibleName(texts("cancel.reason"))
        self.consequence.setText(texts(f"cancel.{action}_consequence"))
        self.button.set_text(
            texts(f"cancel.{action}_button"), description=texts(f"cancel.{action}_consequence")
        )
        if self._behind:
            self.consequence.setText(texts("window.behind"))
            self.button.set_text(texts("requests.in_doubt"), description=texts("window.behind"))
        self.button.setEnabled(not self._behind)
        self._update_enabled()

    def set_behind(self, behind: bool) -> None:
        """Disable cancelling while the file is an older copy that is still being reconciled."""
        self._behind = behind
        self.write()

    def _enter(self) -> None:
        if not self._behind:
            self.pressed.emit()

    def _choose(self, chip: CheckChip) -> None:
        self.line.setText(chip.text() if chip.isChecked() else "")

    def _tidy(self, text: str) -> None:
        """Remove unprintable characters and cut the excess length while the user types."""
        tidy = "".join(sign if sign.isprintable() else " " for sign in text)
        cut = len(tidy) > MAX_REASON_LENGTH
        if cut:
            tidy = tidy[:MAX_REASON_LENGTH]
        if tidy != text:
            at = min(self.line.cursorPosition(), len(tidy))
            self.line.blockSignals(True)
            self.line.setText(tidy)
            self.line.blockSignals(False)
            self.line.setCursorPosition(at)
        if cut and not self._cut:
            announce(self.line, self._texts("cancel.reason_cut", limit=MAX_REASON_LENGTH))
        self._cut = cut or (self._cut and len(tidy) == MAX_REASON_LENGTH)
        self._update_enabled()

    def _update_enabled(self) -> None:
        texts, typed = self._texts, self.line.text().strip()
        for choice in self.choices:
            choice.setChecked(bool(typed) and choice.text() == typed)
        if self._cut:
            hint = texts("cancel.reason_cut", limit=MAX_REASON_LENGTH)
        else:
            hint = texts("cancel.reason_blank", reason=default_reason(self._kind))
        self.hint.setText(hint)
        self.line.setAccessibleDescription(hint)
