"""List of entries in two lines each: sign, state and amount; subject and a note."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from posapp.ui.core.safe_text import unbroken
from posapp.ui.core.theme import Theme
from posapp.ui.widgets.badge import TONES
from posapp.ui.widgets.icons import paint_sign
from posapp.ui.widgets.table import ROW_HEIGHT, paint_row_ground

_SIGN = 24
_PADDING = 16
_GAP = 12
_NO_PARENT = QModelIndex()
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class EntryText:
    """What a row says.

    Attributes:
        tone: success, error, warning, notice or busy.
        state: first line, never cut; ``amount``, or what counts in its place, is at its right end.
        subject: second line; begins with what identifies it, as only its end is cut.
        note: at the right end of the second line.
    """

    tone: str
    state: str
    amount: str
    subject: str
    note: str = ""

    @property
    def spoken(self) -> str:
        """The whole row, for screen readers."""
        parts = (self.state, self.amount, self.subject, self.note)
        return ", ".join(part for part in parts if part)


class EntryModel(QAbstractListModel):
    """One row an entry; the texts of visible rows only are made.

    ``EntryRole`` returns the entry, ``TextRole`` its ``EntryText``.

    Args:
        key_of: returns the identity of an entry across readings.
        describe: returns the text of an entry in the current language.
    """

    EntryRole = Qt.ItemDataRole.UserRole + 1
    TextRole = Qt.ItemDataRole.UserRole + 2

    def __init__(
        self,
        key_of: Callable[[Any], Hashable],
        describe: Callable[[Any], EntryText],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._key_of, self._describe = key_of, describe
        self._entries: tuple[Any, ...] = ()
        self._texts: dict[int, EntryText] = {}

    @property
    def entries(self) -> tuple[Any, ...]:
        """Return the entries."""
        return self._entries

    def set_entries(self, entries: Sequence[Any]) -> None:
        """Replace the entries. The same ones in the same order are updated where they are."""
        fresh = tuple(entries)
        if list(map(self._key_of, fresh)) == list(map(self._key_of, self._entries)):
            self._entries = fresh
            self.write_again()
            return
        self.beginResetModel()
        self._entries = fresh
        self._texts.clear()
        self.endResetModel()

    def write_again(self) -> None:
        """Make all texts again, after a change of time, network or language."""
        self._texts.clear()
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def row_of(self, key: Hashable) -> int:
        """Return the row of an entry, or -1."""
        keys = list(map(self._key_of, self._entries))
        return keys.index(key) if key in keys else -1

    def key_at(self, row: int) -> Hashable:
        """Return the identity of the entry in a row; ``None`` if there is no such row."""
        return self._key_of(self._entries[row]) if 0 <= row < len(self._entries) else None

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """Return the number of entries; rows have no children."""
        return 0 if parent.isValid() else len(self._entries)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of an entry, or the entry itself."""
        if not index.isValid():
            return None
        if role == self.EntryRole:
            return self._entries[index.row()]
        if role not in _TEXT_ROLES:
            return None
        text = self._texts.get(index.row())
        if text is None:
            text = self._texts[index.row()] = self._describe(self._entries[index.row()])
        if role == self.TextRole:
            return text
        return unbroken(text.subject) if role == _TOOL_TIP else text.spoken


_TOOL_TIP = Qt.ItemDataRole.ToolTipRole
_TEXT_ROLES = frozenset(
    {
        *(int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.AccessibleTextRole)),
        *(int(_TOOL_TIP), int(EntryModel.TextRole)),
    }
)


class EntryDelegate(QStyledItemDelegate):
    """Paints an ``EntryText`` as plain text in the colours of the theme."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Return the common height of rows."""
        return QSize(0, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint ground, sign and the two lines."""
        text = index.data(EntryModel.TextRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        has_focus = chosen and option.widget.hasFocus()
        paint_row_ground(painter, self._theme, area, is_chosen=chosen, has_focus=has_focus)
        inner = area.adjusted(_PADDING, 4, -_PADDING, -5)
        sign = QRectF(inner.left(), area.center().y() - _SIGN / 2, _SIGN, _SIGN)
        colour = self._theme.colour("on-selection" if chosen else TONES[text.tone])
        paint_sign(painter, text.tone, sign, colour)
        inner.setLeft(sign.right() + _GAP)
        upper, lower = QRectF(inner), QRectF(inner)
        upper.setBottom(area.center().y() + 2)
        lower.setTop(area.center().y() + 2)
        self._pen(painter, option, "font-body", "text", chosen=chosen, bold=True)
        _line(painter, upper, text.state, text.amount)
        self._pen(painter, option, "font-caption", "text-muted", chosen=chosen, bold=False)
        _line(painter, lower, text.subject, text.note)
        painter.restore()

    def _pen(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        size: str,
        colour: str,
        *,
        chosen: bool,
        bold: bool,
    ) -> None:
        font = option.font
        font.setBold(bold)
        font.setPixelSize(self._theme.size(size))
        painter.setFont(font)
        painter.setPen(self._theme.colour("on-selection" if chosen else colour))


def _line(painter: QPainter, area: QRectF, left: str, right: str) -> None:
    """Write two texts at both ends of a line; the left one gives way."""
    middle = Qt.AlignmentFlag.AlignVCenter
    metrics = painter.fontMetrics()
    painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, right)
    room = area.width() - (metrics.horizontalAdvance(right) + _GAP if right else 0)
    painter.drawText(area, middle, metrics.elidedText(left, Qt.TextElideMode.ElideRight, int(room)))


class EntryList(QListView):
    """Arrows move between entries, Enter or a double click opens one."""

    opened = Signal()
    """The current entry is to be opened; once, even if Enter is held."""

    def __init__(self, theme: Theme, model: EntryModel) -> None:
        super().__init__()
        self.setProperty("role", "lines")
        self.setModel(model)
        self.setItemDelegate(EntryDelegate(theme, self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        theme.changed.connect(self.viewport().update)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the current entry by Enter."""
        if event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)
        elif not event.isAutoRepeat() and self.currentIndex().isValid():
            self.opened.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the entry that was pressed twice."""
        super().mouseDoubleClickEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self.opened.emit()
