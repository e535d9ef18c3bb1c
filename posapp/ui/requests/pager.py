"""Page buttons and the navigation between pages: by button, key, number and size."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from posapp.ui.core.formats import grouped
from posapp.ui.core.i18n import Translator
from posapp.ui.core.theme import Theme
from posapp.ui.requests.desk_messages import DeskBanner
from posapp.ui.requests.page_address import FIT, LARGEST_SIZE, SIZES, PageReading
from posapp.ui.requests.request_pager import COUNT_CAP, RequestPager
from posapp.ui.requests.request_table_view import RequestTableView
from posapp.ui.requests.table_layout import UNIT
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.roles import Label, set_role
from posapp.ui.widgets.segmented_control import SegmentedControl

_FIELD_WIDTH = 64
_TARGET = 48
_TURNS = ("first", "previous", "next", "last")


class Pager(QWidget):
    """Displays pages counted from 1. Ctrl+G focuses the field, Enter in it shows the page."""

    turned = Signal(str)
    """Carries first, previous, next or last."""

    page_wanted = Signal(object)
    """Carries a page number from 0; negative, or ``None`` if no number was typed."""

    size_wanted = Signal(object)
    """Carries the new number of rows for each page; ``FIT`` for as many as fit the height."""

    def __init__(self, texts: Translator, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts, self._theme = texts, theme
        self._pages: RequestPager | None = None
        self.count = Label("caption")
        self.sizes = SegmentedControl(theme, (*SIZES, FIT))
        self.sizes.chosen.connect(self.size_wanted)
        self.buttons = {name: Button("quiet") for name in _TURNS}
        for name, button in self.buttons.items():
            button.clicked.connect(lambda _=False, turn=name: self.turned.emit(turn))
        self.field = QLineEdit()
        self.field.setObjectName("requestPage")
        self.field.setMaxLength(20)
        self.field.setProperty("scan", "number")
        self.field.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.field.setFixedWidth(_FIELD_WIDTH)
        self.field.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.field.returnPressed.connect(self._go)
        self.of = Label("caption")
        jump = QShortcut("Ctrl+G", self)
        jump.activated.connect(self._to_the_field)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(UNIT // 2)
        row.addWidget(self.count)
        row.addSpacing(UNIT)
        row.addWidget(self.buttons["first"])
        row.addWidget(self.buttons["previous"])
        row.addWidget(self.field)
        row.addWidget(self.of)
        row.addWidget(self.buttons["next"])
        row.addWidget(self.buttons["last"])
        row.addSpacing(UNIT)
        texts.changed.connect(self._retranslate)
        theme.changed.connect(self._draw)
        self._retranslate()
        self._draw()

    def set_narrow(self, narrow: bool) -> None:
        """Leave the first and the last page to their keys."""
        self.buttons["first"].setHidden(narrow)
        self.buttons["last"].setHidden(narrow)

    def take_sizes(self, sizes: QWidget) -> None:
        """Add the choice of the page size at the end."""
        self._row.addWidget(sizes)

    def show_pages(self, pages: RequestPager, size: int | None) -> None:
        """Show the current page, the chosen page size and the counts."""
        self._pages = pages
        if size in self.sizes.keys:
            self.sizes.choose(size)
        for name, able in (("previous", pages.has_previous), ("next", pages.has_next)):
            self.buttons[name].setEnabled(able)
        self.buttons["first"].setEnabled(pages.has_previous)
        self.buttons["last"].setEnabled(pages.has_next)
        if not self.field.hasFocus():
            self._fill()
        self._write_counts()

    def _fill(self) -> None:
        number = self._pages.number if self._pages is not None else None
        self.field.setText("" if number is None else str(number + 1))
        set_role(self.field, "wrong", False)

    def _go(self) -> None:
        typed = self.field.text().strip().replace(",", "")
        number = int(typed) - 1 if typed.isascii() and typed.isdigit() and typed else None
        set_role(self.field, "wrong", number is None or number < 0)
        self.page_wanted.emit(number)

    def _to_the_field(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _write_counts(self) -> None:
        texts, pages = self._texts, self._pages
        if pages is None:
            return
        total, last = pages.total, pages.last_number
        if total is None:
            self.count.setText(texts("requests.counting"))
        elif total > COUNT_CAP:
            self.count.setText(texts("requests.count_more", count=grouped(COUNT_CAP)))
        else:
            self.count.setText(texts("requests.count", count=grouped(total)))
        self.of.setText("" if last is None else texts("requests.of_pages", count=grouped(last + 1)))

    def _retranslate(self) -> None:
        texts = self._texts
        for name, button in self.buttons.items():
            button.set_text("", name=texts(f"requests.turn_{name}"))
            button.setToolTip(texts(f"requests.turn_{name}_key"))
            button.setFixedWidth(_TARGET)
        self.field.setAccessibleName(texts("requests.page"))
        self.field.setToolTip(texts("requests.page_key"))
        self.sizes.set_text(texts("requests.size"), [*map(str, SIZES), texts("requests.size_fit")])
        self._write_counts()

    def _draw(self) -> None:
        colour = self._theme.colour("text")
        for name, button in self.buttons.items():
            button.set_sign({"previous": "back", "next": "forward"}.get(name, name), colour)


def page_text(texts: Translator, pages: RequestPager) -> str:
    """Return which page is shown, for screen readers."""
    rows, number = len(pages.rows), pages.number
    if number is None:
        return texts("requests.page_rows_last", rows=rows)
    return texts("requests.page_rows", page=grouped(number + 1), rows=rows)


class PageNavigation(QObject):
    """Connects keys, buttons and the page field to the pages.

    Invalid pages and sizes show a message and the nearest valid one.
    """

    def __init__(
        self,
        pages: RequestPager,
        table: RequestTableView,
        pager: Pager,
        banner: DeskBanner,
        texts: Translator,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._pages, self._table, self._banner, self._texts = pages, table, banner, texts
        self._fits = False
        pages.changed.connect(self._reading_changed)
        pages.beyond.connect(self._beyond)
        table.turned.connect(self.go)
        table.fitting_changed.connect(self._fit)
        pager.turned.connect(self.go)
        pager.page_wanted.connect(self.show_page)
        pager.size_wanted.connect(self.set_size)

    @property
    def size(self) -> int | None:
        """Return the chosen page size; ``FIT`` if it follows the height."""
        return FIT if self._fits else self._pages.size

    def show_page(self, number: int | None) -> None:
        """Show a page, counted from 0; an invalid number shows a message."""
        if number is None or number < 0:
            self._banner.mention(lambda: self._texts("requests.wrong_page"))
            return
        self._banner.clear()
        self._pages.go_to(number)
        self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    def rows_of(self, size: int | None) -> int:
        """Choose a page size without reading a page; return its number of rows."""
        self._fits = size is FIT
        self._table.set_fills(self._fits)
        if size is None:
            return min(self._table.fitting_rows, LARGEST_SIZE)
        if 1 <= size <= LARGEST_SIZE:
            return size
        typed = grouped(size)
        self._banner.mention(
            lambda: self._texts("requests.wrong_size", most=LARGEST_SIZE, size=typed)
        )
        return SIZES[0] if size < 1 else LARGEST_SIZE

    def set_size(self, size: int | None) -> None:
        """Set the rows for each page and show the first page; an invalid size shows a message."""
        self._pages.set_size(self.rows_of(size))

    def go(self, turn: str) -> None:
        """Show the first, previous, next or last page."""
        {
            "first": self._pages.first,
            "previous": self._pages.previous,
            "next": self._pages.next,
            "last": self._pages.last,
        }[turn]()

    def _fit(self) -> None:
        """Follow a changed height."""
        if self._fits and self._pages.size != self._table.fitting_rows:
            self.set_size(FIT)

    def move(self, by: int) -> None:
        """Move the current row, or turn a page if that is further than a row."""
        if abs(by) > 1:
            self.go("next" if by > 0 else "previous")
        else:
            self._table.select(max(0, self._table.row + by))

    def _reading_changed(self) -> None:
        reading, error = self._pages.reading, self._pages.error
        if reading is PageReading.FAILED and error is not None:
            self._banner.trouble(error, "words.retry", self._retry)

    def _retry(self) -> None:
        self._banner.clear()
        self._pages.reload()

    def _beyond(self, number: int) -> None:
        page = grouped(number + 1)
        self._banner.mention(lambda: self._texts("requests.beyond", page=page))
