"""Discount of a line or of the whole sale, in the place of the tiles."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from posapp.domain.sale_amounts import MAX_DISCOUNT_REASON, Discount, DiscountKind
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.sale.cart_table import is_count_key
from posapp.ui.widgets import boxes
from posapp.ui.widgets.approval_fields import ApprovalFields
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.field import Field
from posapp.ui.widgets.flow_layout import FlowPanel
from posapp.ui.widgets.focus_scroll_area import FocusScrollArea
from posapp.ui.widgets.id_field import IdField
from posapp.ui.widgets.keypad import Keypad
from posapp.ui.widgets.roles import ElidedLabel, Frame, Label
from posapp.ui.widgets.segmented_control import SegmentedControl

_GAP = 8
_ROOM_FOR_KEYPAD, _ROOM_FOR_TITLE = 560, 320
"""Heights in pixels from which the keypad is there (on a lower page, the keyboard's digits), and
the title and the name of the line."""


class DiscountPanel(QWidget):
    """Kind, what it is of, one number and a reason. Enter gives it; Esc is the page's.

    Digits that are typed beside the fields are the number's.
    """

    agreed = Signal()
    """Give the discount."""

    taken_away = Signal()
    """Take the discount away that the line or the sale has."""

    closed = Signal()
    """Change nothing."""

    scope_changed = Signal()
    """``is_of_sale`` changed."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        bind = texts.bind
        self.title = Label("heading", text=bind("sale.discount"))
        self.kind = SegmentedControl(theme, tuple(DiscountKind))
        self.kind.say(
            bind("sale.discount_kind"),
            [bind("sale.discount_amount"), bind("sale.discount_percent")],
        )
        self.scope = SegmentedControl(theme, (False, True))
        self.scope.say(
            bind("sale.discount_scope"), [bind("sale.discount_line"), bind("sale.discount_sale")]
        )
        self.line_name = ElidedLabel("caption")
        self.value = IdField("saleDiscount")
        self.value.disable_input_method()
        self.reason = Field("saleDiscountReason")
        self.reason.line.setMaxLength(MAX_DISCOUNT_REASON)
        self.reason.say(bind("sale.discount_reason"), bind("sale.discount_reason_hint"))
        self.approval = ApprovalFields(texts, theme)
        self.said = Label("error", wraps=True)
        self.close_button = Button("quiet", text=bind("words.close"))
        self.away_button = Button("secondary", text=bind("sale.discount_away"))
        self.give_button = Button("secondary", text=bind("sale.discount_give"))
        self.keypad = Keypad(self.value.line, bind("sale.dismiss"), bind("sale.discount_give"))
        chosen = FlowPanel()
        chosen.add(self.kind)
        chosen.add(self.scope)
        inside = Frame("panel")
        boxes.column(
            *(chosen, self.line_name),
            boxes.row((self.value, 1), (self.reason, 1), gap=_GAP),
            *(self.approval, self.keypad, 1),
            on=inside,
            gap=_GAP,
        )
        self._area = FocusScrollArea(theme)
        self._area.setWidget(inside)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        bind("sale.discount").show_in(self._area, QWidget.setAccessibleName)
        boxes.column(
            *(self.title, (self._area, 1), self.said),
            boxes.row(self.away_button, 1, self.close_button, self.give_button, gap=_GAP),
            on=self,
            gap=_GAP,
            margins=8,
        )
        self.kind.chosen.connect(self._write)
        self.scope.chosen.connect(self.scope_changed)
        self.value.submitted.connect(self.agreed)
        self.reason.line.returnPressed.connect(self.agreed)
        self.approval.entered.connect(self.agreed)
        self.keypad.pressed.connect(self.agreed)
        self.give_button.clicked.connect(self.agreed)
        self.away_button.clicked.connect(self.taken_away)
        self.close_button.clicked.connect(self.closed)
        texts.changed.connect(self._write)
        self._write()

    @property
    def is_of_sale(self) -> bool:
        """Return whether it is a discount of the whole sale."""
        return bool(self.scope.key)

    def discount(self) -> Discount:
        """Return the discount as it is typed.

        Raises:
            UserError: ``DISCOUNT_VALUE``.
        """
        kind = self.kind.key
        assert isinstance(kind, DiscountKind)  # noqa: S101 - the keys of the control
        return Discount.given(kind, self.value.value() or 0, self.reason.line.text())

    def show_line(self, name: str, *, of_sale: bool) -> None:
        """Begin with a line, or without one with the whole sale.

        Args:
            name: of the line; empty: there is none that a discount can be given to.
        """
        self.kind.choose(DiscountKind.AMOUNT)
        self.scope.segments[0].setEnabled(bool(name))
        self.scope.choose(of_sale or not name)
        self.line_name.set_whole(name)

    def show_given(self, given: Discount | None) -> None:
        """Show the discount that there is, in the fields."""
        self.approval.clear()
        self.say("")
        if given is not None:
            self.kind.choose(given.kind)
        self.value.set_value(given.value if given is not None else None)
        self.reason.line.setText(given.reason if given is not None else "")
        self.away_button.setEnabled(given is not None)
        self._write()
        self.value.line.setFocus()
        self.value.line.selectAll()

    def say(self, text: str) -> None:
        """Say why the discount was not given."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Give it by Enter, once; digits are the number's."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not event.isAutoRepeat():
                self.agreed.emit()
        elif event.text().isdigit():
            self.value.add_typed(event.text())
        elif not is_count_key(event):
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out what gives way to the fields on a low page."""
        super().resizeEvent(event)
        self.keypad.setVisible(self.height() >= _ROOM_FOR_KEYPAD)
        for label in (self.title, self.line_name):
            label.setVisible(self.height() >= _ROOM_FOR_TITLE)

    @Slot()
    def _write(self) -> None:
        is_percent = self.kind.key is DiscountKind.PERCENT
        name = "sale.discount_percent_value" if is_percent else "sale.discount_amount_value"
        self.value.set_text(self._texts(name), self._texts(f"{name}_hint"))
