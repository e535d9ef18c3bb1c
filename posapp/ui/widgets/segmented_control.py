"""Segmented control: one choice of a few, side by side."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QWidget

from posapp.ui.core.bound_text import BoundText
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_button import ChoiceButton


class SegmentedControl(QWidget):
    """A row of choices of which exactly one is chosen.

    It is one tab stop; arrows choose the next one. The chosen one has an edge, a ground and bold
    text.

    Args:
        keys: the values of the choices, in their order; the first is chosen at the start.
    """

    chosen = Signal(object)
    """The user chose another one. Carries its key."""

    def __init__(
        self, _theme: Theme, keys: Sequence[object], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.keys = tuple(keys)
        self._choices: tuple[BoundText, ...] = ()
        self._group = QButtonGroup(self)
        self.segments = tuple(ChoiceButton("segment", self) for _ in keys)
        row = boxes.row(on=self, gap=0)
        for segment in self.segments:
            segment.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            self._group.addButton(segment)
            row.addWidget(segment)
        self.segments[0].setChecked(True)
        self._stop_at(self.segments[0])
        self._group.buttonToggled.connect(self._toggled)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        self._silent = False

    @property
    def chosen_segment(self) -> ChoiceButton:
        """Return the button of the chosen one, at which Tab enters the control."""
        return next(one for one in self.segments if one.isChecked())

    @property
    def key(self) -> object:
        """Return the key of the chosen one."""
        at = next(at for at, one in enumerate(self.segments) if one.isChecked())
        return self.keys[at]

    def choose(self, key: object) -> None:
        """Choose a key without a signal.

        Raises:
            ValueError: the key does not exist.
        """
        self._silent = True
        self.segments[self.keys.index(key)].setChecked(True)
        self._silent = False

    def say(self, name: BoundText, choices: Sequence[BoundText]) -> None:
        """Show texts that follow the language; not together with ``set_text``."""
        self._choices = tuple(choices)
        name.show_in(self, SegmentedControl._show_texts)

    def reserve(self, text: Sequence[str]) -> None:
        """Have room for these texts at least, so that a number that comes moves nothing."""
        for segment, widest in zip(self.segments, text, strict=True):
            shown, name = segment.text(), segment.accessibleName()
            segment.set_text(widest)
            segment.setMinimumWidth(0)
            segment.setMinimumWidth(segment.sizeHint().width())
            segment.setText(shown)
            segment.setAccessibleName(name)

    def set_text(self, name: str, text: Sequence[str]) -> None:
        """Set the name of the control, and the text of each choice."""
        self.setAccessibleName(name)
        for segment, label in zip(self.segments, text, strict=True):
            segment.set_text(label, name=f"{name}: {label}")

    def _show_texts(self, name: str) -> None:
        self.set_text(name, [choice() for choice in self._choices])

    def _toggled(self, button: QAbstractButton, checked: bool) -> None:
        if not checked:
            return
        self._stop_at(button)
        if not self._silent:
            self.chosen.emit(self.key)

    def _stop_at(self, button: QAbstractButton) -> None:
        """Let Tab stop at the chosen one. Qt does so from the first focus on only."""
        for segment in self.segments:
            policy = Qt.FocusPolicy
            segment.setFocusPolicy(policy.StrongFocus if segment is button else policy.ClickFocus)
