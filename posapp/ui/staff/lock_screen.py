"""Lock screen: who is at the till, by a tile and a PIN (docs/specification.md 8, "Staff")."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QGridLayout, QLayout, QScrollArea, QSizePolicy, QWidget

from posapp.domain.errors import ErrorCode, UserError
from posapp.services.staff.sign_in import StaffTile
from posapp.ui.core.i18n import Translator
from posapp.ui.core.safe_text import display_text
from posapp.ui.widgets import boxes
from posapp.ui.widgets.announce import announce
from posapp.ui.widgets.buttons import Button
from posapp.ui.widgets.choice_button import ChoiceButton
from posapp.ui.widgets.keypad import Keypad
from posapp.ui.widgets.pin_line import PinLine
from posapp.ui.widgets.roles import Frame, Label, set_role

TILE_WIDTH, MOST_COLUMNS = 192, 3
PAD_WIDTH, NARROW_PAD = 352, 312
"""Sizes in pixels of a tile, and of the part with the PIN (beside a live QR); tiles in a row."""

_GAP, _MARGIN = 8, 12
_NO_BREAK = "\u00a0\u00a0"
"""Between digit and name."""

_NAME, _BESIDE_TEXT = 60, 44
"""Letters of a name, and pixels of a tile that its lines leave free."""

_MESSAGE_HEIGHT = 44
"""Height in pixels that is kept for two lines of a message."""

_SECOND_MS = 1_000
_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class Tile(ChoiceButton):
    """A member of staff: the digit that chooses them, name and role.

    A long name has more lines, and a higher tile. Arrows move to the next tile, Enter and Space
    choose it.
    """

    moved = Signal(object)
    """An arrow was pressed. Carries (rows, columns)."""

    def __init__(self, person: StaffTile, number: int) -> None:
        super().__init__("choice")
        self.person, self.number = person, number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.MinimumExpanding)
        self.set_flat(False)
        self.setToolTip(display_text(person.name, _NAME))

    def sizeHint(self) -> QSize:
        """Return the height of the lines: the width is fixed."""
        return QSize(self.maximumWidth(), super().sizeHint().height())

    def set_flat(self, flat: bool) -> None:
        """Have name and role in one line of the width beside a live QR, or in two of a tile."""
        self._is_flat = flat
        set_role(self, "lies", "" if flat else "tall")
        self.setFixedWidth(NARROW_PAD - _SCROLL_BAR if flat else TILE_WIDTH)

    def write(self, texts: Translator) -> None:
        """Set the text."""
        digit = f"{self.number}{_NO_BREAK}" if self.number <= 9 else ""
        role = texts(f"staff.role_{self.person.role.value}")
        name = f"{digit}{display_text(self.person.name, _NAME)}"
        parts = [f"{name} · {role}"] if self._is_flat else [name, role]
        lines = [line for part in parts for line in self._lines(part)]
        spoken = f"{digit}{self.person.name}, {role}".replace(_NO_BREAK, "  ")
        self.set_text("\n".join(lines), name=spoken)

    def _lines(self, text: str) -> list[str]:
        """Return a text in lines that fit on the tile."""
        self.ensurePolished()
        bold = self.font()
        bold.setBold(True)  # the chosen one's
        laid = QTextLayout(text, bold)
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        laid.setTextOption(option)
        laid.beginLayout()
        lines = []
        while (line := laid.createLine()).isValid():
            line.setLineWidth(self.maximumWidth() - _BESIDE_TEXT)
            lines.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
        laid.endLayout()
        return lines

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Report an arrow, and choose by Enter."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)


class LockScreen(Frame):
    """Tiles beside the keypad; beside a live QR it is narrow, and shows one or the other.

    A digit chooses a tile, further digits are the PIN, and the last one signs in.
    """

    entered = Signal(object, str)
    """A PIN was given: (number of the member of staff, PIN)."""

    recovery_wanted = Signal()
    """Somebody wants to enter the recovery code."""

    def __init__(self, texts: Translator) -> None:
        super().__init__("page")
        self._texts = texts
        self._make: Callable[[], str] = str
        self._is_narrow = False
        self._columns = 0
        self._seconds = 0
        self.tiles: tuple[Tile, ...] = ()
        self._chosen: Tile | None = None
        self.heading = Label("heading", text=texts.bind("staff.choose"))
        self.note = Label("muted", wraps=True)
        self.recover = Button("quiet", text=texts.bind("setup.recovery_code"))
        self.recover.setObjectName("recover")
        self.recover.clicked.connect(self.recovery_wanted)
        self.person = Label("heading")
        self.pin = PinLine("pin")
        texts.bind("staff.pin").show_in(self.pin, QWidget.setAccessibleName)
        self.message = Label("error", wraps=True)
        self.message.setFixedHeight(_MESSAGE_HEIGHT)
        self.keypad = Keypad(self.pin, texts.bind("staff.delete"), texts.bind("staff.sign_in"))
        self._second = QTimer(self, interval=_SECOND_MS)
        self._second.timeout.connect(self._count_down)
        self._grid = QGridLayout()
        self._people, self._pad = QWidget(), QWidget()
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.pin.complete.connect(self._enter)
        self.pin.returnPressed.connect(self._enter)
        self.pin.textEdited.connect(lambda _: self._say(str))
        self.keypad.pressed.connect(self._enter)
        texts.changed.connect(self._write)
        self._choose(None)

    @property
    def chosen(self) -> int | None:
        """Return the number of the chosen person, or ``None``."""
        return self._chosen.person.id if self._chosen is not None else None

    def show_people(self, people: Sequence[StaffTile], chosen: int | None) -> None:
        """Show who can sign in, with one person chosen or none."""
        for old in self.tiles:
            old.hide()
            old.deleteLater()
        self.tiles = tuple(Tile(one, at) for at, one in enumerate(people, 1))
        for tile in self.tiles:
            tile.set_flat(self._is_narrow)
            tile.clicked.connect(lambda _=False, tile=tile: self._choose(tile))
            tile.moved.connect(lambda step, tile=tile: self._move(tile, *step))
        self._columns = 0
        self._arrange()
        self._choose(next((tile for tile in self.tiles if tile.person.id == chosen), None))
        self._write()

    def set_narrow(self, narrow: bool) -> None:
        """Take the width beside a live QR, or all of it."""
        self._is_narrow = narrow
        self.setFixedWidth(NARROW_PAD + 2 * _MARGIN) if narrow else self.setMaximumWidth(_ANY)
        if not narrow:
            self.setMinimumWidth(0)
        self._pad.setFixedWidth(NARROW_PAD if narrow else PAD_WIDTH)
        for tile in self.tiles:
            tile.set_flat(narrow)
            tile.write(self._texts)
        self._columns = 0
        self._show_parts()
        self._arrange()

    def set_busy(self, busy: bool) -> None:
        """Take no digit while a PIN is checked."""
        self.pin.setReadOnly(busy)

    def show_error(self, error: Exception) -> None:
        """Say why nobody was signed in; a pause is counted down."""
        self.set_busy(False)
        self.pin.clear()
        if isinstance(error, UserError) and error.code is ErrorCode.PIN_DELAY:
            self._seconds = int(str(error.parameters["seconds"]))
            self._second.start()
            texts = self._texts
            self._say(lambda: texts("errors.pin429", seconds=self._seconds))
            self.pin.setReadOnly(True)
        else:
            self._say(lambda: self._texts.error(error))
        announce(self.message, self.message.text(), urgent=True)
        self.focus()

    def clear(self) -> None:
        """Forget the PIN and what was said."""
        self._end_pause()
        self.set_busy(False)
        self.pin.clear()

    def focus(self) -> None:
        """Focus the PIN of the chosen person, or the tiles."""
        if self._chosen is not None:
            self.pin.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.tiles:
            self.tiles[0].setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a person by a digit or an arrow; Esc leads back to the tiles."""
        step = _STEPS.get(Qt.Key(event.key()))
        if event.key() == Qt.Key.Key_Escape:
            self._choose(None)
        elif step is not None and self._chosen is not None:
            self._choose(self._beside(self._chosen, *step))
        elif event.text().isdigit() and self._chosen is None and not event.isAutoRepeat():
            number = int(event.text())
            if 1 <= number <= len(self.tiles):
                self._choose(self.tiles[number - 1])
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the focus on, where there is somebody to choose."""
        super().focusInEvent(event)
        if self.tiles:
            self.focus()

    def minimumSizeHint(self) -> QSize:
        """Ask for one column of tiles, as high as the keypad: rows and columns follow the size,
        and must not set it."""
        least = super().minimumSizeHint()
        if self._people.isHidden():
            return least
        more = self._people.minimumWidth() - (NARROW_PAD if self._is_narrow else _width_of(1))
        higher = self._people.minimumHeight() - self._pad.sizeHint().height()
        return least - QSize(max(0, more), max(0, higher))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put as many tiles in a row as there is room for."""
        super().resizeEvent(event)
        self._arrange()

    def _choose(self, tile: Tile | None) -> None:
        self._end_pause()
        self._chosen = tile
        self.pin.clear()
        if tile is not None:
            self.pin.set_digits(tile.person.pin_digits)
        for one in self.tiles:
            one.setChecked(one is tile)
        self.pin.setEnabled(tile is not None)
        self.keypad.setEnabled(tile is not None)
        self._show_parts()
        self._write()
        self.focus()

    def _move(self, tile: Tile, rows: int, columns: int) -> None:
        self._beside(tile, rows, columns).setFocus(Qt.FocusReason.TabFocusReason)

    def _beside(self, tile: Tile, rows: int, columns: int) -> Tile:
        at = self.tiles.index(tile) + rows * max(self._columns, 1) + columns
        return self.tiles[min(max(at, 0), len(self.tiles) - 1)]

    def _enter(self) -> None:
        if self._chosen is not None and self.pin.is_complete and not self.pin.isReadOnly():
            self._say(str)
            self.entered.emit(self._chosen.person.id, self.pin.text())

    def _count_down(self) -> None:
        self._seconds -= 1
        if self._seconds > 0:
            self.message.setText(self._make())
        else:
            self._end_pause()

    def _end_pause(self) -> None:
        self._second.stop()
        self.pin.setReadOnly(False)
        self._say(str)

    def _say(self, make: Callable[[], str]) -> None:
        self._make = make
        self.message.setText(make())

    def _write(self) -> None:
        texts, tile = self._texts, self._chosen
        self.setAccessibleName(texts("staff.locked"))
        self.note.setText(texts("staff.locked_why"))
        for one in self.tiles:
            one.write(texts)
        if tile is None:
            self.person.setText(texts("staff.pin"))
        else:
            role = texts(f"staff.role_{tile.person.role.value}")
            self.person.setText(f"{display_text(tile.person.name, _NAME)} · {role}")
        self.message.setText(self._make())

    def _show_parts(self) -> None:
        self._people.setVisible(not self._is_narrow or self._chosen is None)
        self._pad.setVisible(not self._is_narrow or self._chosen is not None)

    def _arrange(self) -> None:
        """Put the tiles in rows."""
        self._fit_height()
        beside = 0 if self._is_narrow else PAD_WIDTH + 2 * _MARGIN
        room = self.width() - beside - 2 * _MARGIN - _SCROLL_BAR
        fitting = min(MOST_COLUMNS, max(1, (room + _GAP) // (TILE_WIDTH + _GAP)))
        columns = 1 if self._is_narrow else fitting
        if columns == self._columns:
            return
        self._columns = columns
        self._people.setFixedWidth(NARROW_PAD if self._is_narrow else _width_of(columns))
        for at, tile in enumerate(self.tiles):
            self._grid.addWidget(tile, at // columns, at % columns)

    def _fit_height(self) -> None:
        """Be as high as the keypad, which is not there beside a live QR: then higher if needed."""
        height, column = self._pad.sizeHint().height(), self._people.layout()
        if self._is_narrow and column is not None:
            wanted = column.totalHeightForWidth(NARROW_PAD)
            height = max(height, min(wanted, self.height() - 2 * _MARGIN))
        self._people.setFixedHeight(height)

    def _lay_out(self) -> None:
        self._grid.setSpacing(_GAP)
        ground = Frame("surface")
        tiles = boxes.row(self._grid, on=ground)
        tiles.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)  # a higher tile stays so
        scroll = _TileScroll()
        scroll.filled.connect(self._fit_height)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(ground)
        below = boxes.row(self.recover, 1)
        boxes.column(self.heading, (scroll, 1), self.note, below, on=self._people, gap=_GAP)
        self._pad.setFixedWidth(PAD_WIDTH)
        parts = (self.person, self.pin, self.message, self.keypad)
        boxes.column(*parts, 1, on=self._pad, gap=4)
        both = boxes.row(1, self._people, self._pad, 1, gap=2 * _MARGIN)
        boxes.column(1, both, 2, on=self, gap=0, margins=_MARGIN)


class _TileScroll(QScrollArea):
    """Would be as high as all tiles: Qt's asks for the height of 24 lines at most."""

    filled = Signal()
    """The tiles have another size."""

    def sizeHint(self) -> QSize:
        inside = self.widget()
        return inside.sizeHint() if inside is not None else super().sizeHint()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.widget():
            self.updateGeometry()
            self.filled.emit()
        return super().eventFilter(watched, event)


def _width_of(columns: int) -> int:
    """Return the width in pixels of so many columns of tiles, with a scroll bar."""
    return columns * (TILE_WIDTH + _GAP) - _GAP + _SCROLL_BAR


_SCROLL_BAR = 16
_ANY = 16_777_215
"""``QWIDGETSIZE_MAX``: no limit."""
