"""Table model of one page of requests."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from posapp.domain.requests import RequestState
from posapp.services.ports.requests import RequestRow
from posapp.services.ports.system import Clock
from posapp.ui.core.i18n import Translator
from posapp.ui.requests.request_row_text import (
    COLUMNS,
    TICK,
    RowAction,
    RowMessage,
    RowText,
    row_text,
    spoken_line,
    tip_of,
    undo_left,
)

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_CHECK = int(Qt.ItemDataRole.CheckStateRole)
_SPOKEN = int(Qt.ItemDataRole.AccessibleTextRole)
_TIP = int(Qt.ItemDataRole.ToolTipRole)
_TICKED, _CLEAR = Qt.CheckState.Checked, Qt.CheckState.Unchecked
_PLAIN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
_TICKABLE = _PLAIN | Qt.ItemFlag.ItemIsUserCheckable

_Index = QModelIndex | QPersistentModelIndex


class RequestTableModel(QAbstractTableModel):
    """Holds one page and builds a row's texts on first access: of fifty rows a window shows seven.

    Rows can be ticked while they can be decided; ticks belong to the page.

    A page that is read again is merged row by row, so that the current row stays current. A row
    that was just decided stays until it can no longer be undone, even if the filter excludes it by
    now.
    """

    ticked = Signal()
    """The ticked rows changed."""

    def __init__(self, texts: Translator, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts, self._clock = texts, clock
        self._rows: list[RequestRow] = []
        self._lines: list[RowText | None] = []
        self._ticked: set[int] = set()
        self._messages: dict[int, RowMessage] = {}
        self._headings: tuple[str, ...] = ()
        self._online, self._behind = True, False
        texts.changed.connect(self._translate)
        self._translate()

    def show_page(self, rows: Sequence[RequestRow]) -> None:
        """Show another page, with nothing ticked."""
        had_ticks = bool(self._ticked)
        self.beginResetModel()
        self._ticked.clear()
        self._messages.clear()
        self._rows = list(rows)
        self._lines = [None] * len(self._rows)
        self.endResetModel()
        if had_ticks:
            self.ticked.emit()

    def merge_page(self, rows: Sequence[RequestRow]) -> None:
        """Update the same page with newly read rows."""
        now = self._clock.now()
        fresh = {row.id for row in rows}
        for at in reversed(range(len(self._rows))):
            row = self._rows[at]
            if row.id not in fresh and not undo_left(row, now):
                self._remove(at)
        for wanted in rows:
            here = self.row_of(wanted.id)
            if here < 0:
                self._insert(self._place_for(wanted, rows), wanted)
            else:
                self._replace(here, wanted)
        self._drop_ticks()

    def update_row(self, row: RequestRow) -> None:
        """Update a row, if it is on the page."""
        here = self.row_of(row.id)
        if here >= 0:
            self._replace(here, row)
            self._drop_ticks()

    def set_message(self, request_id: int, message: RowMessage | None) -> None:
        """Show the result of an action in a row; ``None`` removes it."""
        if message is None:
            self._messages.pop(request_id, None)
        else:
            self._messages[request_id] = message
        here = self.row_of(request_id)
        if here >= 0:
            self._rewrite(here)

    def set_online(self, online: bool) -> None:
        """Set whether PortOne is reachable."""
        self._online, before = online, self._online
        if online != before:
            self._rewrite_all()

    def set_behind(self, behind: bool) -> None:
        """Mark all rows as undecidable while the file is an older copy still being reconciled."""
        self._behind, before = behind, self._behind
        if behind != before:
            self._rewrite_all()

    def update_countdowns(self) -> bool:
        """Update the seconds left for undo; return ``True`` while any are left."""
        now, any_left = self._clock.now(), False
        for at, (row, line) in enumerate(zip(self._rows, self._lines, strict=True)):
            left = undo_left(row, now)
            any_left = any_left or left > 0
            if left or (line is not None and line.act is RowAction.UNDO):
                self._rewrite(at)
        return any_left

    def row_at(self, at: int) -> RequestRow | None:
        """Return the request of a row, or ``None``."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def line_at(self, at: int) -> RowText | None:
        """Return the texts of a row, or ``None``."""
        return self._written(at) if 0 <= at < len(self._lines) else None

    def spoken_at(self, at: int) -> str:
        """Return a row's text for screen readers, or empty."""
        line = self.line_at(at)
        return "" if line is None else spoken_line(self._texts, self._rows[at], line)

    def row_of(self, request_id: int) -> int:
        """Return the row of a request, or -1."""
        return next((at for at, row in enumerate(self._rows) if row.id == request_id), -1)

    @property
    def rows(self) -> tuple[RequestRow, ...]:
        """Return all rows of the page."""
        return tuple(self._rows)

    @property
    def ticked_rows(self) -> tuple[RequestRow, ...]:
        """Return the ticked rows in table order."""
        return tuple(row for row in self._rows if row.id in self._ticked)

    def can_be_ticked(self, at: int) -> bool:
        """Return whether a row can be decided."""
        return 0 <= at < len(self._rows) and _waits(self._rows[at])

    def next_decidable(self, at: int) -> int:
        """Return the first row from ``at`` on that can be decided, else the first of the page; -1
        if there is none."""
        rows = [*range(max(0, at), len(self._rows)), *range(max(0, at))]
        return next(filter(self.can_be_ticked, rows), -1)

    def is_ticked(self, at: int) -> bool:
        """Return whether a row is ticked."""
        return self._rows[at].id in self._ticked

    def set_checked(self, at: int, ticked: bool) -> None:
        """Tick a row that can be decided, or clear its tick."""
        row = self._rows[at]
        if not _waits(row) or ticked == (row.id in self._ticked):
            return
        (self._ticked.add if ticked else self._ticked.discard)(row.id)
        self.dataChanged.emit(self.index(at, TICK), self.index(at, TICK), [_CHECK])
        self.ticked.emit()

    def tick_all(self, ticked: bool) -> None:
        """Tick all rows that can be decided, or clear all ticks."""
        for at in range(len(self._rows)):
            self.set_checked(at, ticked)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of rows of the page."""
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the number of ``COLUMNS``."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: _Index, role: int = _DISPLAY) -> object:
        """Return text, tick, spoken text and tool tip; ``None`` for other roles."""
        if role == _DISPLAY:
            return self._written(index.row()).primary[index.column()] if index.isValid() else None
        if role == _CHECK:
            return self._tick_state(index) if index.column() == TICK else None
        if role == _SPOKEN:
            return self._spoken(index) if index.isValid() else None
        if role == _TIP:
            return tip_of(self._written(index.row()), index.column()) if index.isValid() else None
        return None

    def setData(self, index: _Index, value: object, role: int = _DISPLAY) -> bool:
        """Set a tick from an assistive tool."""
        is_box = role == _CHECK and index.isValid() and index.column() == TICK
        if not is_box or not self.can_be_ticked(index.row()):
            return False
        self.set_checked(index.row(), Qt.CheckState(value) is _TICKED)
        return True

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Return which cells can be ticked: those of rows that can be decided."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        able = self.can_be_ticked(index.row())
        return _TICKABLE if able and index.column() == TICK else _PLAIN

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _DISPLAY) -> object:
        """Return the headings of the columns."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(COLUMNS):
            return None
        return self._headings[section] if role == _DISPLAY else None

    def _tick_state(self, index: _Index) -> Qt.CheckState | None:
        if not self.can_be_ticked(index.row()):
            return None
        return _TICKED if self.is_ticked(index.row()) else _CLEAR

    def _spoken(self, index: _Index) -> str:
        line, column = self._written(index.row()), index.column()
        if column == TICK:
            return self.spoken_at(index.row())
        return " ".join(filter(None, (line.primary[column], line.secondary[column])))

    def _written(self, at: int) -> RowText:
        line = self._lines[at]
        if line is None:
            line = self._lines[at] = self._line(self._rows[at])
        return line

    def _line(self, row: RequestRow) -> RowText:
        message = self._messages.get(row.id)
        now, doubt = self._clock.now(), self._behind or row.in_doubt
        return row_text(self._texts, row, now, online=self._online, message=message, in_doubt=doubt)

    def _place_for(self, wanted: RequestRow, rows: Sequence[RequestRow]) -> int:
        """Return the row after its nearest predecessor in ``rows`` that is already here."""
        before = [row.id for row in rows[: rows.index(wanted)]]
        return next((at + 1 for at in map(self.row_of, reversed(before)) if at >= 0), 0)

    def _insert(self, at: int, row: RequestRow) -> None:
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self._lines.insert(at, None)
        self.endInsertRows()

    def _remove(self, at: int) -> None:
        self.beginRemoveRows(QModelIndex(), at, at)
        self._messages.pop(self._rows[at].id, None)
        del self._rows[at], self._lines[at]
        self.endRemoveRows()

    def _replace(self, at: int, row: RequestRow) -> None:
        unseen = self._lines[at] is None and row != self._rows[at]
        self._rows[at] = row
        if unseen:
            self._emit_changed(at)
        else:
            self._rewrite(at)

    def _rewrite(self, at: int) -> None:
        before = self._lines[at]
        if before is None:
            return  # not built yet
        line = self._lines[at] = self._line(self._rows[at])
        if line != before:
            self._emit_changed(at)

    def _rewrite_all(self) -> None:
        for at in range(len(self._rows)):
            self._rewrite(at)

    def _emit_changed(self, at: int) -> None:
        self.dataChanged.emit(self.index(at, 0), self.index(at, len(COLUMNS) - 1))

    def _drop_ticks(self) -> None:
        able = {row.id for row in self._rows if _waits(row)}
        if not self._ticked <= able:
            self._ticked &= able
            self.ticked.emit()

    def _translate(self) -> None:
        self._headings = tuple(self._texts(f"requests.column_{name}") for name in COLUMNS)
        self._lines = [None] * len(self._rows)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._lines:
            last = self.index(len(self._lines) - 1, len(COLUMNS) - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _waits(row: RequestRow) -> bool:
    return row.state is RequestState.WAIT and not row.in_doubt
