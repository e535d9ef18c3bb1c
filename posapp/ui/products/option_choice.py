"""Groups of options of a product, and the making of a new group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.product_options import OptionGroup
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.roles import Label

_SHORT = 16


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """A group of options as it is typed.

    Attributes:
        options: name and price in won of each; a price that is no number is -1.
    """

    name: str
    options: tuple[tuple[str, int], ...]
    least: int
    most: int


class OptionChoice(QWidget):
    """Chips of all groups, of which those of the product are ticked.

    A new group is one line, ``온도: 따뜻하게, 차갑게`` or ``추가: 샷 추가 +500, 연하게``, and how
    many of them are chosen.
    """

    group_wanted = Signal()
    """A new group is to be made of what is typed."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self._chips: dict[int, CheckChip] = {}
        self._order: list[int] = []
        self.groups: tuple[OptionGroup, ...] = ()
        self._flow = FlowPanel()
        self.line = Field("productGroup")
        self.line.say(texts.bind("products.group"), texts.bind("products.group_hint"))
        self.least = Field("productLeast")
        self.least.say(texts.bind("products.least"), texts.bind("products.least_hint"))
        self.most = Field("productMost")
        self.most.say(texts.bind("products.most"), texts.bind("products.most_hint"))
        self.make = Button("secondary", text=texts.bind("products.group_make"))
        for field in (self.least, self.most):
            field.line.setMaxLength(3)
            field.line.setProperty("scan", "number")
            field.setFixedWidth(104)
        boxes.column(
            *(Label("field", text=texts.bind("products.options")), self._flow),
            boxes.row((self.line, 1), self.least, self.most, self.make, gap=8),
            on=self,
            gap=4,
        )
        for field in (self.line, self.least, self.most):
            field.line.returnPressed.connect(self.group_wanted)
        self.make.clicked.connect(self.group_wanted)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Return the ids of the ticked groups, in the order in which they were ticked."""
        return tuple(number for number in self._order if self._chips[number].isChecked())

    def show_groups(self, groups: Sequence[OptionGroup], chosen: Sequence[int]) -> None:
        """Show all groups, with those of the product ticked."""
        for chip in self._chips.values():
            self._flow.remove(chip)
            chip.hide()
            chip.deleteLater()
        self._chips, self.groups = {}, tuple(groups)
        self._order = [one for one in chosen if any(one == group.id for group in groups)]
        for group in groups:
            chip = CheckChip(self._theme)
            names = ", ".join(one.name for one in group.options)
            name = display_text(group.name, _SHORT, run=_SHORT)
            chip.set_text(name, name=f"{group.name}: {names}")
            chip.setToolTip(display_text(f"{group.name}: {names}", 120))
            chip.setChecked(group.id in chosen)
            chip.toggled.connect(lambda is_on, one=group.id: self._toggled(one, is_on))
            self._flow.add(chip)
            self._chips[group.id] = chip

    def clear_draft(self) -> None:
        """Forget what is typed of a new group."""
        for field in (self.line, self.least, self.most):
            field.line.clear()
            field.set_wrong("")

    def draft(self) -> GroupDraft:
        """Return the group as it is typed."""
        name, _, rest = self.line.line.text().partition(":")
        options = tuple(_option_of(one) for one in rest.split(",") if one.strip())
        least = _number(self.least.line.text(), 0)
        return GroupDraft(name, options, least, _number(self.most.line.text(), max(1, least)))

    def _toggled(self, number: int, is_on: bool) -> None:
        self._order = [one for one in self._order if one != number] + ([number] if is_on else [])


def _option_of(text: str) -> tuple[str, int]:
    name, plus, price = text.strip().rpartition("+")
    if not plus:
        return text, 0
    digits = price.strip().removesuffix("원")
    return name, int(digits) if digits.isascii() and digits.isdigit() else -1


def _number(text: str, otherwise: int) -> int:
    digits = text.strip()
    if not digits:
        return otherwise
    return int(digits) if digits.isascii() and digits.isdigit() else -1
