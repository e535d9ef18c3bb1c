"""Card with number fields and a button that starts one action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal

from posapp.ui.core.i18n import Translator
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.id_field import IdField


@dataclass(frozen=True, slots=True)
class FieldPlan:
    """A field of a card.

    Attributes:
        name: its object name, e.g. ``paymentUserId``.
        text_id: message id of its label; the placeholder is ``<text_id>_hint``.
    """

    name: str
    text_id: str


@dataclass(frozen=True, slots=True)
class CardPlan:
    """A card of the payment home.

    Attributes:
        name: identifies the card, e.g. ``pay``.
        text_id: prefix of its message ids: ``<text_id>_over``, ``<text_id>_title``,
            ``<text_id>_button``.
        fields: in the order of input.
        role: of the button; one card of a screen is primary.
    """

    name: str
    text_id: str
    fields: tuple[FieldPlan, ...]
    role: str = "primary"


class ActionCard(Card):
    """Number fields, and a button that is disabled until all of them are valid.

    Enter moves to the next invalid field, and after the last one it presses the button.
    """

    submitted = Signal(object)
    """Carries a tuple of the ids, in the order of the fields."""

    def __init__(self, plan: CardPlan, texts: Translator) -> None:
        super().__init__()
        text = plan.text_id
        self.say(texts.bind(f"{text}_title"), texts.bind(f"{text}_over"))
        self.fields = tuple(IdField(field.name) for field in plan.fields)
        self.button = Button(plan.role, "Enter", text=texts.bind(f"{text}_button"))
        self.button.setObjectName(f"{plan.name}Button")
        self.button.setAutoDefault(True)
        for field, texts_of in zip(self.fields, plan.fields, strict=True):
            label, hint = texts.bind(texts_of.text_id), texts.bind(f"{texts_of.text_id}_hint")
            field.say(label, hint, texts.bind("errors.id400"))
            field.changed.connect(self._update_enabled)
            field.submitted.connect(self._go_on)
            self.body.addWidget(field)
        self.body.setSpacing(0)  # a field ends with the place for its error
        self.body.addStretch(1)
        self.body.addWidget(self.button)
        self.button.clicked.connect(self._submit)
        self._fixed: dict[str, int] = {}
        self.setFocusProxy(self.fields[0])
        self._update_enabled()

    def fix(self, values: Mapping[str, int]) -> None:
        """Fill fields in by their object names, not to be changed; all others are free."""
        self._fixed = dict(values)
        for field in self.fields:
            field.line.setReadOnly(field.line.objectName() in self._fixed)
        free = (field for field in self.fields if not field.line.isReadOnly())
        self.setFocusProxy(next(free, self.fields[0]))
        self.clear()

    def clear(self) -> None:
        """Clear the fields for the next user."""
        for field in self.fields:
            field.set_value(self._fixed.get(field.line.objectName()))

    def take_typed(self, characters: str) -> None:
        """Add characters typed on the screen to the first invalid field."""
        waiting = next((field for field in self.fields if field.value() is None), self.fields[-1])
        waiting.add_typed(characters)

    def _ids(self) -> tuple[int | None, ...]:
        return tuple(field.value() for field in self.fields)

    def _update_enabled(self) -> None:
        self.button.setEnabled(None not in self._ids())

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
