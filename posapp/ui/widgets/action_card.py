"""A card that asks for numbers and starts one deed with them."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.ui.i18n import Texts
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.id_field import IdField


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field of a card.

    Attributes:
        name: its object name, e.g. ``paymentUserId``.
        words: message id of its label; the hint inside is ``<words>_hint``.
    """

    name: str
    words: str


@dataclass(frozen=True, slots=True)
class CardPlan:
    """A card of the payment home.

    Attributes:
        name: how the home tells the cards apart, e.g. ``pay``.
        words: message ids begin with it: ``<words>_over``, ``<words>_title``, ``<words>_button``.
        fields: in the order in which they are typed.
        role: of the button; one card of a screen is primary.
    """

    name: str
    words: str
    fields: tuple[FieldPlan, ...]
    role: str = "primary"


class ActionCard(Card):
    """Fields that take whole numbers only, and a button that is off until all of them hold one.

    Enter goes on to the next field that is not right yet, and from the last one it presses the
    button.
    """

    submitted = Signal(object)
    """A tuple of the ids, in the order of the fields."""

    def __init__(self, plan: CardPlan, texts: Texts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan = plan
        self._texts = texts
        self.fields = tuple(IdField(field.name) for field in plan.fields)
        self.button = Button(plan.role, "Enter")
        self.button.setObjectName(f"{plan.name}Button")
        self.button.setAutoDefault(True)
        for field in self.fields:
            field.changed.connect(self._weigh)
            field.submitted.connect(self._go_on)
            self.body.addWidget(field)
        self.body.addSpacing(8)
        self.body.addStretch(1)
        self.body.addWidget(self.button)
        self.button.clicked.connect(self._submit)
        texts.changed.connect(self._write)
        self.setFocusProxy(self.fields[0])
        self._write()
        self._weigh()

    def clear(self) -> None:
        """Empty the fields for the next person."""
        for field in self.fields:
            field.set_value(None)

    def take_typed(self, characters: str) -> None:
        """Put characters that were typed elsewhere into the first field that is not right yet."""
        waiting = next((field for field in self.fields if field.value() is None), self.fields[-1])
        waiting.add_typed(characters)

    def set_enabled(self, enabled: bool) -> None:
        """Let its fields and its button be used or not; what was typed stays."""
        for field in self.fields:
            field.line.setReadOnly(not enabled)
        self._weigh() if enabled else self.button.setEnabled(False)

    def _ids(self) -> tuple[int | None, ...]:
        return tuple(field.value() for field in self.fields)

    def _weigh(self) -> None:
        writable = not self.fields[0].line.isReadOnly()
        self.button.setEnabled(writable and None not in self._ids())

    def _go_on(self) -> None:
        for field in self.fields:
            if field.value() is None:
                field.setFocus()
                return
        self._submit()

    def _submit(self) -> None:
        ids = self._ids()
        if None not in ids and self.button.isEnabled():
            self.submitted.emit(ids)

    def _write(self) -> None:
        texts, words = self._texts, self._plan.words
        self.set_words(texts(f"{words}_title"), texts(f"{words}_over"))
        self.button.set_words(texts(f"{words}_button"))
        for field, plan in zip(self.fields, self._plan.fields, strict=True):
            field.set_words(
                texts(plan.words), texts(f"{plan.words}_hint"), lambda: texts("errors.id400")
            )
