"""Fields of a dialog for what a refund above a limit needs: a PIN, or another person and theirs."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from posapp.domain.pins import SELL_DIGITS
from posapp.domain.refund_limits import Proof
from posapp.services.staff.refund_approvals import NeededProof
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.widgets import boxes
from posapp.ui.widgets.choice_button import CheckChip
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.pin_line import PinLine
from posapp.ui.widgets.roles import Label

_GAP = 8
_NAME = 16
_SAID = {
    Proof.NONE: "errors.approval401",
    Proof.OWN_PIN: "errors.approval401",
    Proof.SECOND_PERSON: "errors.approval403_1",
    Proof.MANAGER: "errors.approval403_2",
}


@dataclass(frozen=True, slots=True)
class GivenProof:
    """What was typed.

    Attributes:
        approver_id: the second person; ``None``: the own PIN once more.
    """

    pin: str = ""
    approver_id: int | None = None

    def suffices(self, proof: Proof) -> bool:
        """Return whether it is of the kind that is needed; whether it is right is not known."""
        return bool(self.pin) and (proof is Proof.OWN_PIN) == (self.approver_id is None)


class ApprovalFields(QWidget):
    """Hidden until something is needed. The PIN is emptied when the approver changes."""

    shown = Signal()
    """The fields came, went, or changed their height."""

    entered = Signal()
    """Enter was pressed in the PIN."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts, self._theme = texts, theme
        self._needed = NeededProof()
        self._note = Label("field", wraps=True)
        self._who = Label("caption", text=texts.bind("staff.approver"))
        self._group = QButtonGroup(self)
        self._group.idToggled.connect(self._approver_changed)
        self._flow = FlowPanel()
        self._people = QWidget()
        boxes.column(self._who, self._flow, on=self._people, gap=4)
        self.chips: tuple[CheckChip, ...] = ()
        self.pin = PinLine("approvalPin")
        texts.bind("staff.pin").show_in(self.pin, QWidget.setAccessibleName)
        texts.bind("staff.pin").show_in(self.pin, PinLine.setPlaceholderText)
        self.pin.returnPressed.connect(self._enter)
        boxes.column(self._note, self._people, self.pin, on=self, gap=_GAP)
        texts.changed.connect(self._write)
        self.hide()

    @property
    def is_needed(self) -> bool:
        """Return whether anything has to be given."""
        return self._needed.proof is not Proof.NONE

    @property
    def given(self) -> GivenProof:
        """Return what is typed now."""
        if not self.is_needed:
            return GivenProof()
        at = self._group.checkedId()
        people = self._needed.approvers
        return GivenProof(self.pin.text(), people[at].id if 0 <= at < len(people) else None)

    def show_needed(self, needed: NeededProof) -> None:
        """Show the fields for it; nothing needed hides them. A typed PIN is forgotten."""
        self.pin.clear()
        if needed != self._needed:
            self._needed = needed
            self._show_people()
        self.setVisible(self.is_needed)
        self._write()
        self.shown.emit()

    def clear(self) -> None:
        """Hide the fields, and forget what was typed."""
        self.show_needed(NeededProof())

    def focus(self) -> None:
        """Focus the PIN, or the people while none is chosen."""
        is_chosen = not self.chips or self._group.checkedId() >= 0
        place: QWidget = self.pin if is_chosen else self.chips[0]
        place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_people(self) -> None:
        for chip in self.chips:
            self._group.removeButton(chip)
            self._flow.remove(chip)
            chip.hide()
            chip.deleteLater()
        people = self._needed.approvers
        self.chips = tuple(CheckChip(self._theme, self, round_box=True) for _ in people)
        for at, chip in enumerate(self.chips):
            self._group.addButton(chip, at)
            self._flow.add(chip)
        if len(self.chips) == 1:
            self.chips[0].setChecked(True)
        by_another = self._needed.proof in (Proof.SECOND_PERSON, Proof.MANAGER)
        self._people.setVisible(by_another)

    def _approver_changed(self, _: int, chosen: bool) -> None:
        if chosen:
            self.pin.clear()

    def _enter(self) -> None:
        if len(self.pin.text()) >= SELL_DIGITS:
            self.entered.emit()

    def _write(self) -> None:
        texts, needed = self._texts, self._needed
        by_another = needed.proof in (Proof.SECOND_PERSON, Proof.MANAGER)
        nobody = by_another and not needed.approvers
        said = texts(_SAID[needed.proof])
        self._note.setText(f"{said} {texts('staff.no_approver')}" if nobody else said)
        for chip, one in zip(self.chips, needed.approvers, strict=True):
            role = texts(f"staff.role_{one.role.value}")
            chip.set_text(f"{display_text(one.name, _NAME)} · {role}", name=f"{one.name} {role}")
