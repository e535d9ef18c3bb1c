"""Reason of an action: predefined ones by click or digit, and a text of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.key_repeat_filter import KeyRepeatFilter
from posapp.ui.widgets.roles import Label

_GAP = 8


class ReasonField(QWidget):
    """Predefined reasons fill the one field, whose text is the reason.

    Each predefined reason shows the digit that chooses it; see ``choose``. Digits typed in the
    field are text.

    Args:
        name: object name of the field.
        limit: characters that are kept; the rest is cut while the user types.
    """

    changed = Signal()
    """The text changed."""

    entered = Signal()
    """Enter was pressed in the field."""

    def __init__(self, theme: Theme, name: str, limit: int) -> None:
        super().__init__()
        self._theme, self._limit = theme, limit
        self._reasons: tuple[str, ...] = ()
        self._hint_text = self._cut_text = ""
        self._is_cut = False
        self.chips: tuple[CheckChip, ...] = ()
        self._label = Label("field")
        self._flow = FlowPanel()
        self.line = QLineEdit()
        self.line.setObjectName(name)
        self.line.textChanged.connect(self._tidy)
        self.line.installEventFilter(self)
        self._label.setBuddy(self.line)
        self.hint = Label("caption", wraps=True)
        KeyRepeatFilter(self.line, blanks=True, parent=self)
        boxes.column(self._label, self._flow, self.line, self.hint, on=self, gap=_GAP)
        self.setFocusProxy(self.line)

    @property
    def text(self) -> str:
        """Return the reason as typed."""
        return self.line.text()

    def clear(self) -> None:
        """Clear the reason."""
        self.line.clear()
        self._is_cut = False
        self._update()

    def set_reasons(self, reasons: Sequence[str]) -> None:
        """Set the predefined reasons, at most nine."""
        while len(self.chips) < len(reasons):
            chip = CheckChip(self._theme, self, round_box=True)
            chip.setProperty("lies", "tight")  # four of them are beside each other in a dialog
            chip.clicked.connect(partial(self._pick, len(self.chips)))
            self._flow.add(chip)
            self.chips = (*self.chips, chip)
        self._reasons = tuple(reasons)
        for at, chip in enumerate(self.chips):
            chip.setVisible(at < len(reasons))
            if at < len(reasons):
                chip.set_text(f"{at + 1} {reasons[at]}", name=reasons[at])
        self._update()

    def set_text(self, label: str, placeholder: str, *, hint: str = "", cut: str = "") -> None:
        """Set the label and the text of the empty field.

        Args:
            hint: shown below the field.
            cut: shown instead once characters were cut.
        """
        self._label.setText(label)
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(label)
        self._hint_text, self._cut_text = hint, cut
        self._update()

    def choose(self, key: int) -> bool:
        """Choose the predefined reason of a digit key; ``False``: there is none."""
        at = key - Qt.Key.Key_1
        if not self.isEnabled() or not 0 <= at < len(self._reasons):
            return False
        self.line.setText(self._reasons[at])
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Emit ``entered`` for Enter in the field, which presses nothing else."""
        if event.type() is not QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        if not event.isAutoRepeat():
            self.entered.emit()
        return True

    def _pick(self, at: int) -> None:
        self.line.setText(self._reasons[at] if self.chips[at].isChecked() else "")

    def _tidy(self, text: str) -> None:
        """Remove unprintable characters and cut the excess length."""
        tidy = "".join(sign if sign.isprintable() else " " for sign in text)
        is_cut = len(tidy) > self._limit
        tidy = tidy[: self._limit]
        if tidy != text:
            at = min(self.line.cursorPosition(), len(tidy))
            self.line.blockSignals(True)
            self.line.setText(tidy)
            self.line.blockSignals(False)
            self.line.setCursorPosition(at)
        if is_cut and not self._is_cut:
            announce(self.line, self._cut_text)
        self._is_cut = is_cut or (self._is_cut and len(tidy) == self._limit)
        self._update()
        self.changed.emit()

    def _update(self) -> None:
        typed = self.line.text().strip()
        for chip, reason in zip(self.chips, self._reasons, strict=False):
            chip.setChecked(bool(typed) and reason == typed)
        hint = self._cut_text if self._is_cut else self._hint_text
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))
        self.line.setAccessibleDescription(hint)
