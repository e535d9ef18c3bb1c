"""Widgets of the page of staff, and where they are."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from posapp.domain.refund_limits import RefundLimits
from posapp.services.staff.staff_directory import StaffEntry
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.core.theme import Theme
from posapp.ui.settings.step_scroll import StepScroll
from posapp.ui.staff.recovery_panel import RecoveryPanel
from posapp.ui.staff.staff_form import StaffForm
from posapp.ui.staff.staff_text import NAME, facts_of, row_text, state_of
from posapp.ui.widgets import boxes
from posapp.ui.widgets.badge import StatusBadge
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.card import Card
from posapp.ui.widgets.empty_state import EmptyState
from posapp.ui.widgets.entry_list import EntryList, EntryModel
from posapp.ui.widgets.fact_grid import FactGrid
from posapp.ui.widgets.message_bar import Banner
from posapp.ui.widgets.responsive_split import ResponsiveSplit
from posapp.ui.widgets.roles import Frame, Label

_NARROW, _GAP, _MARGIN = 900, 12, 24
_SHARES = (4, 5)
_LEAST_LIST = 280

_SLOT = 28
"""Height in pixels of the line of an error, and of a label."""

_BAR = 64
"""Height in pixels of the row of buttons: of the highest of them, so that nothing moves."""


class StaffView:
    """List of people at the left; at the right one person, a form, or the recovery code."""

    def __init__(
        self, texts: Translator, theme: Theme, limits: RefundLimits, page: QWidget
    ) -> None:
        self._texts, self._limits, self._page = texts, limits, page
        self.banner = Banner(texts, theme)
        self.model = EntryModel(lambda one: one.id, lambda one: row_text(texts, one), page)
        self.list = EntryList(theme, self.model)
        self.list.setObjectName("staffList")
        texts.bind("staff.title").show_in(self.list, QWidget.setAccessibleName)
        texts.changed.connect(self.model.write_again)
        self.add = Button("secondary", "F4", text=texts.bind("staff.add"))
        self.renew = Button("quiet", text=texts.bind("staff.renew"))
        self.first = Button("primary", "Enter", text=texts.bind("staff.add_first"))
        self.first.setObjectName("firstManager")
        self.empty = EmptyState(theme, action=self.first)
        self.empty.say(texts.bind("staff.empty"), texts.bind("staff.empty_why"))
        self.edit = Button("secondary", "Enter", text=texts.bind("staff.edit"))
        self.new_pin = Button("secondary", text=texts.bind("staff.set_pin"))
        self.unlock = Button("secondary", text=texts.bind("staff.unlock"))
        self.back = Button("secondary", text=texts.bind("staff.take_back"))
        self.remove = Button("danger", "F8", text=texts.bind("staff.remove"))
        self.store = Button("primary", "Enter", text=texts.bind("staff.store"))
        self.cancel = Button("secondary", text=texts.bind("words.close"))
        self.noted = Button("primary", "Enter", text=texts.bind("staff.noted"))
        self.form, self.recovery = StaffForm(texts, theme), RecoveryPanel(texts)
        self._name, self._badge = Label("heading", wraps=True), StatusBadge(theme)
        self._facts = FactGrid()
        self._entry: StaffEntry | None = None
        self.head = QWidget()
        self._lay_out()
        self._known = False
        self.show_list()
        self.show_entry(None)

    @property
    def has_form(self) -> bool:
        """Return whether a form is open."""
        return not self.form.isHidden()

    @property
    def current_key(self) -> int | None:
        """Return the number of the current person."""
        entry = self.list.currentIndex().data(EntryModel.EntryRole)
        return entry.id if isinstance(entry, StaffEntry) else None

    def show_entries(self, entries: Sequence[StaffEntry], key: int | None) -> None:
        """Show the staff, with one person current."""
        self._known = True
        before = self.list.currentIndex().row()
        self.model.set_entries(entries)
        row = self.model.row_of(key) if key is not None else -1
        row = row if row >= 0 else min(max(before, 0), len(entries) - 1)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))
        self._show_parts()

    def show_entry(self, entry: StaffEntry | None) -> None:
        """Show one person, and what can be done about them."""
        self._entry = entry
        if entry is not None:
            texts = self._texts
            tone, state = state_of(entry)
            self._name.setText(display_text(entry.name, NAME))
            self._badge.show_state(tone, texts(f"staff.state_{state}"))
            self._facts.set_rows(facts_of(texts, entry, self._limits))
        self._show_parts()

    def show_list(self) -> None:
        """Show the list with the current person."""
        self._show_right(self._detail)
        self._focus(self._page)

    def show_form(self) -> None:
        """Show the form in place of the person."""
        self._show_right(self.form)
        self._focus(self.form)

    def show_code(self) -> None:
        """Show the recovery code in place of the person."""
        self._show_right(self.recovery)
        self._focus(self.recovery)

    def _focus(self, part: QWidget) -> None:
        if self._page.isVisible():
            part.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_right(self, part: QWidget) -> None:
        for one in (self._detail, self.form, self.recovery):
            one.setVisible(one is part)
        self._show_parts()

    def _show_parts(self) -> None:
        """Show what belongs to the state: a person, a form, a code, or nobody yet."""
        entry, is_empty = self._entry, self._known and not self.model.entries
        with_form, with_code = self.has_form, not self.recovery.isHidden()
        is_free = not with_form and not with_code
        focused = QApplication.focusWidget()
        is_here = focused is not None and self._page.isAncestorOf(focused)
        self._page.setFocusProxy(self.first if is_empty else self.list)
        self.list.setEnabled(is_free)
        self.list.setVisible(not is_empty)
        self.empty.setVisible(is_empty)
        self.first.setVisible(is_empty and is_free)
        for button in (self.add, self.renew):
            button.setEnabled(is_free)
            button.setVisible(bool(self.model.entries))
        active = entry is not None and entry.active
        self._card.setVisible(not is_free or entry is not None)
        self._detail.setVisible(is_free and entry is not None)
        self.edit.setVisible(is_free and active)
        self.new_pin.setVisible(is_free and active)
        self.unlock.setVisible(is_free and active and entry is not None and entry.tries > 0)
        self.back.setVisible(is_free and entry is not None and not active)
        self.remove.setVisible(is_free and active)
        self.cancel.setVisible(with_form)
        self.store.setVisible(with_form)
        self.noted.setVisible(with_code)
        if is_here and focused is not None and not (focused.isVisible() and focused.isEnabled()):
            self._page.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_focused(self, focused: QWidget) -> None:
        """Scroll to a field that got the focus, with its label and the line of its error."""
        if self._inside.isAncestorOf(focused):
            self._scroll.ensureWidgetVisible(focused, 0, _SLOT)

    def _lay_out(self) -> None:
        listed = Card(padding=_GAP)
        listed.body.setContentsMargins(0, 0, 0, 0)
        listed.body.addWidget(self.list)
        listed.body.addWidget(self.empty)
        self.list.setMinimumWidth(_LEAST_LIST)
        self._detail = QWidget()
        head = boxes.row((self._name, 1), (self._badge, 0, Qt.AlignmentFlag.AlignTop))
        boxes.column(head, self._facts, on=self._detail, gap=_GAP)
        inside = Frame("panel")
        boxes.column(
            *(self._detail, self.form, self.recovery, 1), on=inside, margins=(4, 4, _GAP, 4)
        )
        self._card = Card(padding=_GAP)
        self._card.body.setContentsMargins(0, 0, 0, 0)
        self._inside, self._scroll = inside, StepScroll(inside)
        self._card.body.addWidget(self._scroll)
        split = ResponsiveSplit(narrow_below=_NARROW, gap=_GAP)
        split.add(listed, _SHARES[0])
        split.add(self._card, _SHARES[1])
        boxes.row(self.renew, self.add, on=self.head, gap=8)
        self._bar = QWidget()
        self._bar.setMinimumHeight(_BAR)
        boxes.row(
            *(self.edit, self.new_pin, self.unlock, self.back, 1),
            *(self.remove, self.cancel, self.store, self.noted),
            on=self._bar,
            gap=8,
        )
        boxes.column(
            *(self.banner, (split, 1), self._bar),
            on=self._page,
            gap=_GAP,
            margins=(_MARGIN, 0, _MARGIN, _GAP),
        )
