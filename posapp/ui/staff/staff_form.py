"""Form about one person of the staff: a new one, name and role, or a new PIN."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from posapp.domain.errors import ErrorCode, UserError
from posapp.domain.permissions import StaffRole
from posapp.domain.staff import MAX_NAME, least_digits, require_name
from posapp.services.staff.staff_directory import StaffEntry
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.staff.new_pin import NEW_PIN_ERRORS, NewPinFields, Rule, follow_rules, refusal_of
from posapp.ui.widgets import boxes
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.pin_field import PinField
from posapp.ui.widgets.pin_line import PinLine
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.segmented_control import SegmentedControl

_NAME = 24
"""Letters of a name in the heading."""

_SELLER_DIGITS = 12


class FormKind(StrEnum):
    """What a form is for: the first manager, another person, name and role of one, a new PIN, and
    taking somebody on again."""

    FIRST = "first"
    NEW = "new"
    EDIT = "edit"
    PIN = "pin"
    BACK = "back"


_WITH_ROLE = (FormKind.NEW, FormKind.EDIT)
_WITH_NAME = (FormKind.FIRST, *_WITH_ROLE)
_WITH_PIN = (FormKind.FIRST, FormKind.NEW, FormKind.PIN, FormKind.BACK)
OWN_PIN_ERRORS = frozenset(
    {
        *(ErrorCode.PIN_WRONG, ErrorCode.PIN_WRONG_LEFT, ErrorCode.PIN_DELAY),
        *(ErrorCode.PIN_LOCKED, ErrorCode.PIN_UNSET, ErrorCode.OWN_PIN_REQUIRED),
    }
)
"""Refusals about the PIN of whoever is signed in."""

_NAME_ERRORS = (ErrorCode.STAFF_NAME, ErrorCode.STAFF_NAME_TAKEN)


@dataclass(frozen=True, slots=True)
class GivenStaff:
    """What a form was filled in with.

    Attributes:
        seller_id: ``None`` in another role than a seller's.
        own_pin: of whoever is signed in; empty where it was not asked for.
    """

    name: str
    role: StaffRole
    seller_id: int | None
    pin: str
    own_pin: str


class StaffForm(QWidget):
    """Fields of one form at a time. Enter in any of them submits; what is wrong stands below its
    field, which then has the focus."""

    submitted = Signal()
    """Enter was pressed in a field."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self.kind = FormKind.NEW
        self.entry: StaffEntry | None = None
        self._heading = Label("heading", wraps=True)
        self._note = Label("muted", wraps=True)
        self.name = Field("staffName")
        self.name.line.setMaxLength(MAX_NAME)
        self.name.say(texts.bind("staff.name"), texts.bind("staff.name_hint"))
        self.role = SegmentedControl(theme, tuple(StaffRole))
        self.role.setObjectName("staffRole")
        self.role.say(
            texts.bind("staff.role"), [texts.bind(f"staff.role_{one.value}") for one in StaffRole]
        )
        self.role.chosen.connect(lambda _: self._follow_role())
        above = Label("field", text=texts.bind("staff.role"))
        self._about = Label("caption", wraps=True)
        self.seller = Field("staffSeller")
        self.seller.line.setMaxLength(_SELLER_DIGITS)
        self.seller.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        self.seller.line.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.seller.line.setProperty("scan", "number")
        self.seller.say(texts.bind("staff.seller"), texts.bind("staff.seller_hint"))
        self._new = NewPinFields(texts)
        self.pin, self.again = self._new.pin, self._new.again
        self.own = PinField("ownPin", texts.bind("staff.own_pin"))
        self._roles = QWidget()
        role = boxes.column(above, self.role, 1, gap=2)
        beside = boxes.row(role, (self.seller, 1), 0, gap=12)
        boxes.column(beside, self._about, on=self._roles, gap=0)
        boxes.column(
            *(self._heading, self._note, self.name, self._roles, self._new, self.own),
            on=self,
            gap=8,
        )
        for line in (self.name.line, self.seller.line, *self._pin_lines):
            line.returnPressed.connect(self.submitted)
        for field in (self.name, self.seller):
            field.line.textEdited.connect(lambda _, field=field: field.set_wrong(""))
        texts.changed.connect(self._write)

    @property
    def given(self) -> GivenStaff:
        """Return what is filled in."""
        role = self._role
        seller = self.seller.line.text().strip() if role is StaffRole.SELLER else ""
        return GivenStaff(
            self.name.line.text(),
            role,
            int(seller) if seller.isascii() and seller.isdigit() else None,
            self.pin.text,
            self.own.text if not self.own.isHidden() else "",
        )

    def begin(self, kind: FormKind, entry: StaffEntry | None, *, needs_own_pin: bool) -> None:
        """Show the fields of a form, empty or with what is known of a person."""
        self.kind, self.entry = kind, entry
        self.forget_pins()
        self.name.line.setText(entry.name if entry is not None else "")
        self.role.choose(self._first_role(entry))
        seller = entry.seller_id if entry is not None else None
        self.seller.line.setText(str(seller) if seller is not None else "")
        for field in (self.name, self.seller):
            field.set_wrong("")
        self.name.setVisible(kind in _WITH_NAME)
        self._roles.setVisible(kind in _WITH_ROLE)
        self._new.setVisible(kind in _WITH_PIN)
        self.own.setVisible(needs_own_pin)
        self._write()
        self._follow_role()
        self.setFocusProxy(self.name if kind in _WITH_NAME else self.pin)

    def forget_pins(self) -> None:
        """Forget what is typed of PINs."""
        for field in (self.pin, self.again, self.own):
            field.clear()

    def check(self) -> bool:
        """Return whether all is filled in that the form needs; if not, say what is missing beside
        the first field that lacks it, and focus that."""
        return follow_rules(self._rules())

    def show_refusal(self, error: Exception) -> bool:
        """Say beside its field why the service refused; ``False`` if it is about none of them."""
        field = self._field_of(error.code) if isinstance(error, UserError) else None
        if field is None:
            return False
        if field is self.own:
            self.own.clear()
            self.own.show()
        field.set_wrong(self._said_of(field, error))
        field.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def _said_of(self, field: Field | PinField, error: Exception) -> str:
        """Return why the service refused, in the words of the form where it has some."""
        if field is self.seller:
            return self._texts("staff.seller_unknown")
        return self._new.said_of(error, self._role)

    @property
    def _pin_lines(self) -> tuple[PinLine, ...]:
        return self.pin.line, self.again.line, self.own.line

    @property
    def _role(self) -> StaffRole:
        if self.kind in _WITH_ROLE:
            return StaffRole(str(self.role.key))
        return self.entry.role if self.entry is not None else StaffRole.MANAGER

    @staticmethod
    def _first_role(entry: StaffEntry | None) -> StaffRole:
        return entry.role if entry is not None else StaffRole.CASHIER

    def _rules(self) -> list[Rule]:
        """Return each field that is shown, whether it is right, and what it has to be."""
        texts, given = self._texts, self.given
        rules: list[Rule] = []
        if self.kind in _WITH_NAME:
            fits = refusal_of(lambda: require_name(given.name))
            rules.append((self.name, fits is None, texts("errors.staff400_1")))
        if self.kind in _WITH_ROLE and given.role is StaffRole.SELLER:
            has_seller = given.seller_id is not None
            rules.append((self.seller, has_seller, texts("staff.seller_needed")))
        if self.kind in _WITH_PIN:
            rules += self._new.rules(given.role)
        if not self.own.isHidden():
            rules.append((self.own, bool(given.own_pin), texts("errors.staff401_1")))
        return rules

    def _field_of(self, code: ErrorCode) -> Field | PinField | None:
        if code in _NAME_ERRORS:
            return self.name
        if code is ErrorCode.STAFF_SELLER and self.kind in _WITH_ROLE:
            return self.seller
        if code in NEW_PIN_ERRORS:
            return self.pin
        return self.own if code in OWN_PIN_ERRORS else None

    def _follow_role(self) -> None:
        is_seller = self._role is StaffRole.SELLER
        self.seller.setVisible(is_seller and self.kind in _WITH_ROLE)
        self._write()

    def _write(self) -> None:
        texts, entry = self._texts, self.entry
        name = display_text(entry.name, _NAME) if entry is not None else ""
        self._heading.setText(texts(f"staff.form_{self.kind.value}", name=name))
        digits = least_digits(self._role)
        note = texts(f"staff.digits_{digits}") if self.kind in _WITH_PIN else ""
        if self.kind is FormKind.FIRST:
            note = f"{texts('staff.first_about')} {note}"
        self._note.setText(note)
        self._note.setVisible(bool(note))
        self._about.setText(texts(f"staff.about_{self._role.value}"))
