"""List of what is checked before a shift is closed, and what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from posapp.domain.z_reports import Blocker, OpenMatter
from posapp.services.sale.cart_view import CartView
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.printing.report_paper import matter_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label
from posapp.ui.widgets.rows_model import Cell, Column, RowsModel
from posapp.ui.widgets.two_line_table import TwoLineTable

_LONG = 60


@dataclass(frozen=True, slots=True)
class Check:
    """One row: nothing of a kind is open, or one thing that is.

    Attributes:
        key: its identity: ``OpenMatter.key``, or the kind.
        cart: a sale on hold since before the shift.
        held: all sales on hold; for the row about them.
        compared_at: when PortOne was compared last; for the row about that.
    """

    key: str
    matter: OpenMatter | None = None
    cart: CartView | None = None
    held: tuple[CartView, ...] = ()
    compared_at: datetime | None = None


HELD = "held"
"""Key of the row that is no ``Blocker``."""


def checks_of(
    matters: Sequence[OpenMatter],
    held: Sequence[CartView],
    begun: datetime,
    compared_at: datetime | None,
) -> tuple[Check, ...]:
    """Return the rows: what is open first, then what is in order.

    Args:
        begun: when the shift was opened: sales on hold from before that have a row each.
    """
    found = [Check(one.key, matter=one) for one in matters]
    if held:
        found.append(Check(HELD, held=tuple(held)))
        old = (one for one in held if one.cart.opened_at < begun)
        found += [Check(f"{HELD}:{one.cart.id}", cart=one) for one in old]
    there = {one.kind for one in matters}
    found += [
        Check(kind.value, compared_at=compared_at if kind is Blocker.NOT_COMPARED else None)
        for kind in Blocker
        if kind not in there
    ]
    return tuple(found) if held else (*found, Check(HELD))


class CheckList(QWidget):
    """Arrows walk the rows; the buttons below are about the current one."""

    show_pressed = Signal(object)
    """Lead to what is open. Carries the ``OpenMatter``."""

    held_pressed = Signal()
    """Lead to the sales on hold."""

    name_pressed = Signal(object)
    """Give a reason to close it all the same. Carries the ``OpenMatter``."""

    drop_pressed = Signal(object)
    """Drop a sale on hold. Carries its ``CartView``."""

    def __init__(self, texts: Translator, theme: Theme) -> None:
        super().__init__()
        self._texts = texts
        self._names: Mapping[str, str] = {}
        bind = texts.bind
        columns = (
            Column(bind("shift.check_what"), stretches=True),
            Column(bind("shift.sum"), is_right=True),
        )
        self.rows = RowsModel(texts, columns, lambda one: one.key, self._cells, lambda: None, self)
        self.table = TwoLineTable(theme, self.rows)
        self.table.setObjectName("shiftChecks")
        bind("shift.checks").show_in(self.table, QWidget.setAccessibleName)
        self.state = Label("muted", wraps=True)
        self.show_button = Button("secondary", text=bind("shift.show"))
        self.show_button.setObjectName("showMatter")
        self.name_button = Button("secondary", text=bind("shift.name"))
        self.name_button.setObjectName("nameMatter")
        self.drop_button = Button("secondary", text=bind("shift.drop_held"))
        self.drop_button.setObjectName("dropHeld")
        boxes.column(
            *(self.state, (self.table, 1)),
            boxes.row(self.show_button, self.name_button, self.drop_button, 1, gap=8),
            on=self,
            gap=8,
        )
        self.table.chosen.connect(self._offer)
        self.table.opened.connect(self._open)
        self.show_button.clicked.connect(self._open)
        self.name_button.clicked.connect(self._name)
        self.drop_button.clicked.connect(self._drop)
        texts.changed.connect(self._offer)
        self._offer()

    @property
    def left(self) -> tuple[OpenMatter, ...]:
        """Return what is open and not named."""
        found = (one.matter for one in self.rows.rows if one.matter is not None)
        return tuple(one for one in found if not self._names.get(one.key))

    def show_checks(self, checks: Sequence[Check], names: Mapping[str, str]) -> None:
        """Show rows, with the reasons that were given."""
        self._names = dict(names)
        self.rows.show(checks, has_more=False)
        self._offer()

    def select_first_left(self) -> None:
        """Make the first row current that is open and not named."""
        left = self.left
        if left:
            self.table.select(self.rows.place_of(left[0].key))

    @property
    def _current(self) -> Check | None:
        row = self.table.current
        return row if isinstance(row, Check) else None

    @Slot()
    def _offer(self) -> None:
        one, texts = self._current, self._texts
        is_open = one is not None and one.matter is not None
        is_held = one is not None and (bool(one.held) or one.cart is not None)
        self.show_button.setVisible(is_open or is_held)
        self.name_button.setVisible(is_open)
        self.drop_button.setVisible(one is not None and one.cart is not None)
        if self.left:
            self.state.setText(f"{texts('shift.blocked')} {texts('shift.blocked_why')}")
        else:
            self.state.setText(texts("shift.nothing_open"))

    @Slot()
    def _open(self) -> None:
        one = self._current
        if one is not None and one.matter is not None:
            self.show_pressed.emit(one.matter)
        elif one is not None and (one.held or one.cart is not None):
            self.held_pressed.emit()

    @Slot()
    def _name(self) -> None:
        one = self._current
        if one is not None and one.matter is not None:
            self.name_pressed.emit(one.matter)

    @Slot()
    def _drop(self) -> None:
        one = self._current
        if one is not None and one.cart is not None:
            self.drop_pressed.emit(one.cart)

    def _cells(self, one: Check) -> tuple[Cell, Cell]:
        texts = self._texts
        if one.matter is not None:
            why = self._names.get(one.key, "")
            order = one.matter.order_id
            below = texts("shift.matter_order", order=order) if order else ""
            if one.matter.kind is Blocker.NOT_COMPARED:
                below = texts("shift.not_compared_why")
            if why:
                below = texts("shift.named", why=display_text(why, _LONG))
            tone = "notice" if why else "error"
            amount = Cell(texts.won(one.matter.amount))
            return Cell(matter_text(texts, one.key), below, tone), amount
        if one.held:
            won = sum(int(held.amounts.payable) for held in one.held)
            said = texts("shift.held_count", count=len(one.held))
            return Cell(said, texts("shift.held_why"), "notice"), Cell(texts.won(won))
        if one.cart is not None:
            said = texts("shift.held_cart", product=goods_of(texts, one.cart))
            when = texts.when(one.cart.cart.opened_at)
            return Cell(said, when, "warning"), Cell(texts.won(one.cart.amounts.payable))
        if one.compared_at is not None:
            said = texts("shift.compared", time=texts.when(one.compared_at))
            return Cell(said, "", "success"), Cell("")
        return Cell(texts(f"shift.clear_{one.key}"), "", "success"), Cell("")


def goods_of(texts: Translator, cart: CartView) -> str:
    """Return in short what is in a cart."""
    lines = cart.lines
    name = display_text(lines[0].name, _LONG, run=_LONG) if lines else ""
    return name if len(lines) < 2 else texts("sale.and_more", text=name, count=len(lines) - 1)
